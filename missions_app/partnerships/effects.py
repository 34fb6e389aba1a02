"""What decisions set in motion in partnerships."""

from missions_app.accounts.actor import Actor, organisation_scope
from missions_app.accounts.queries import users_with
from missions_app.audit import trail
from missions_app.missions.models import Mission
from missions_app.outbox.mail import queue_mail
from missions_app.partnerships import queries
from missions_app.partnerships.models import PartnerState
from missions_app.workflow.gate_queries import outcome_of
from missions_app.workflow.method_service import method_of
from missions_app.workflow.models import GateDecision

FUNDER = "funder"


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
