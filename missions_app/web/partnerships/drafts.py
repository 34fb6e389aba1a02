"""What is known of a partnership, as first wordings of its agreements, in the reader's language."""

from collections.abc import Iterable

from missions_app.i18n import both
from missions_app.missions.models import Mission
from missions_app.organisations.models import Organisation
from missions_app.partnerships import clauses, queries
from missions_app.partnerships.clauses import CaseFacts, PartyFacts, Promised
from missions_app.partnerships.models import Commitment, CommitmentState, Partner, PartnerState
from missions_app.workflow.method import Method
from missions_app.workflow.method_parts import CommitmentType, PartnerRole
from missions_app.workflow.method_service import method_of


def intent_drafts(mission: Mission, organisation: Organisation) -> dict[str, str]:
    """First wordings of an organisation's letter of intent."""
    partner = queries.find_partner(mission, organisation)
    return clauses.intent_drafts(_party(mission, organisation, partner), _case(mission))


def agreement_drafts(mission: Mission) -> dict[str, str]:
    """First wordings of an agreement between the committed partners."""
    parties = [
        _party(mission, one.organisation, one)
        for one in queries.partners_of(mission)
        if one.state is PartnerState.COMMITTED
    ]
    return clauses.agreement_drafts(parties, _case(mission))


def _case(mission: Mission) -> CaseFacts:
    method = method_of(mission.journey.method_version)
    return CaseFacts(
        purpose=both(mission.target_sv, mission.target_en), target_on=mission.target_on,
        ip_model=method.find_term("ip_model", mission.ip_model), data_terms=mission.data_terms,
    )  # fmt: skip


def _party(mission: Mission, organisation: Organisation, partner: Partner | None) -> PartyFacts:
    method = method_of(mission.journey.method_version)
    given = [
        one for one in queries.commitments_of(mission)
        if partner is not None and one.partner_id == partner.id and one.state is not CommitmentState.WITHDRAWN
    ]  # fmt: skip
    days = (
        [one.period_from for one in given if one.period_from],
        [one.period_until for one in given if one.period_until],
    )
    roles = [method.find_term("partner_role", key) for key in (partner.roles if partner else [])]
    return PartyFacts(
        name=organisation.name, number=organisation.number or "", promises=list(_promises(method, given)),
        roles=[role for role in roles if isinstance(role, PartnerRole)],
        period=(min(days[0], default=None), max(days[1], default=None)),
    )  # fmt: skip


def _promises(method: Method, given: Iterable[Commitment]) -> Iterable[Promised]:
    for one in given:
        kind = method.find_term("commitment_type", one.kind)
        if isinstance(kind, CommitmentType):
            yield Promised(kind, one.quantity, one.value_ore)
