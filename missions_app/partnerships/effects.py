"""What decisions set in motion in partnerships, and which missions rest on an organisation."""

from sqlalchemy import or_, select

from missions_app import db
from missions_app.accounts.actor import Actor, organisation_scope
from missions_app.accounts.queries import users_with
from missions_app.audit import trail
from missions_app.audit.trail import Recorded
from missions_app.missions.models import Mission
from missions_app.organisations.models import Organisation
from missions_app.outbox.mail import queue_mail
from missions_app.partnerships import queries
from missions_app.partnerships.models import Partner, PartnerState
from missions_app.workflow.gate_queries import outcome_of
from missions_app.workflow.method_service import method_of
from missions_app.workflow.models import GateDecision, Journey

FUNDER = "funder"
TELLING = frozenset({"organisation.edited", "organisation.owner_set", "organisation.merged", "organisation.closed"})


def notify_partners(mission: Mission, decision: GateDecision, _by: Actor) -> None:
    """Tell every committed partner's administrators what was decided, once it is public."""
    _notify(mission, decision, only_role=None)


def notify_funders(mission: Mission, decision: GateDecision, _by: Actor) -> None:
    """Tell the partners that fund the mission, once it is public."""
    _notify(mission, decision, only_role=FUNDER)


def keep_partners(mission: Mission, _decision: GateDecision, by: Actor) -> None:
    """The partnership goes on as it is; the record says so."""
    kept = [one.organisation.slug for one in queries.partners_of(mission) if one.state is PartnerState.COMMITTED]
    trail.record("partnership.kept", mission, by=by, organisations=kept)


def reopen_partnership(mission: Mission, _decision: GateDecision, by: Actor) -> None:
    """A new round begins; partners stay, the checkpoint is tried anew."""
    mission.journey.round += 1
    trail.record("partnership.reopened", mission, by=by, round=mission.journey.round)


def _notify(mission: Mission, decision: GateDecision, *, only_role: str | None) -> None:
    gate = method_of(mission.journey.method_version).gate(decision.gate)
    outcome = outcome_of(gate, decision.outcome).label
    for partner in queries.partners_of(mission):
        if partner.state is not PartnerState.COMMITTED or (only_role and only_role not in partner.roles):
            continue
        for user in users_with("org_admin", organisation_scope(partner.organisation_id)):
            queue_mail(
                user.email, "mission_decided", locale=user.locale, mission=mission.reference, title_sv=mission.title_sv,
                title_en=mission.title_en, outcome_sv=outcome.sv, outcome_en=outcome.en, reasons=decision.reasons,
                dedupe_key=f"decided:{decision.id}:{user.id}",
            )  # fmt: skip


def missions_resting_on(event: Recorded) -> list[Journey]:
    """The missions to be looked at again when an organisation has changed sector, owner or name, ended or become
    another's: those in which it, or one of its group, takes part."""
    organisation = event.subject
    if not isinstance(organisation, Organisation) or event.action not in TELLING:
        return []
    return list(
        db.session.scalars(
            select(Journey)
            .join(Mission, Mission.journey_id == Journey.id)
            .join(Partner, Partner.mission_id == Mission.id)
            .join(Organisation, Organisation.id == Partner.organisation_id)
            .where(
                Partner.state != PartnerState.LEFT,
                or_(Organisation.id == organisation.id, Organisation.group_id == organisation.group),
            )
            .distinct()
        )
    )  # fmt: skip
