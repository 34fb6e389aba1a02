"""What is known of a partnership, as first wordings of its agreements, in the reader's language."""

from collections.abc import Iterable, Sequence

from missions_app import clock
from missions_app.bookings import queries as bookings
from missions_app.bookings.models import Line, LineState
from missions_app.experiments import queries as experiments
from missions_app.experiments.models import Experiment
from missions_app.i18n import both
from missions_app.missions.models import Mission
from missions_app.organisations.models import Organisation
from missions_app.partnerships import clauses, queries
from missions_app.partnerships.clauses import Aid, CaseFacts, PartyFacts, Place, Promised
from missions_app.partnerships.models import Commitment, CommitmentState, Partner, PartnerState
from missions_app.sites.models import Site
from missions_app.workflow.method import Method
from missions_app.workflow.method_parts import Agreement, CommitmentType, PartnerRole
from missions_app.workflow.method_service import method_of

GIVEN_BACK = (LineState.DRAFT, LineState.DECLINED, LineState.CANCELLED, LineState.EXPIRED)


def intent_drafts(mission: Mission, organisation: Organisation) -> dict[str, str]:
    """First wordings of an organisation's letter of intent."""
    partner = queries.find_partner(mission, organisation)
    return clauses.intent_drafts(_party(mission, organisation, partner), _case(mission))


def agreement_drafts(mission: Mission, declared: Agreement, experiment: Experiment | None = None) -> dict[str, str]:
    """First wordings of an agreement: of the committed partners, or of the sites that are booked, for one experiment
    where it is named."""
    case = _case(mission, experiment)
    parties = [
        _party(mission, one.organisation, one)
        for one in queries.partners_of(mission)
        if one.state is PartnerState.COMMITTED
    ]
    drafts = clauses.personal_data_drafts(case) | clauses.agreement_drafts(parties, case)
    return drafts | clauses.site_drafts(case) if is_about_sites(declared) else drafts


def is_about_sites(declared: Agreement) -> bool:
    """Whether an agreement is between those who use sites and those who own them."""
    return "site" in declared.must_hold


def lines_used(mission: Mission, experiment: Experiment | None = None) -> list[Line]:
    """What the mission's experiments, or one of them, have booked and not given back."""
    found = bookings.bookings_of_mission(mission.id)
    mine = [one for one in found if experiment is None or one.experiment_id == experiment.id]
    return [line for one in mine for line in one.lines if line.state not in GIVEN_BACK]


def _case(mission: Mission, experiment: Experiment | None = None) -> CaseFacts:
    method = method_of(mission.journey.method_version)
    lines = lines_used(mission, experiment)
    first, last = min((one.starts_at for one in lines), default=None), max((one.ends_at for one in lines), default=None)
    tests = [experiment] if experiment else experiments.experiments_of(mission.id)
    return CaseFacts(
        purpose=both(mission.target_sv, mission.target_en), target_on=mission.target_on,
        ip_model=method.find_term("ip_model", mission.ip_model), data_terms=mission.data_terms,
        rights_holders_agreed=mission.rights_holders_agreed, aid=_aid(mission, method), places=_places(lines),
        used=(clock.day_of(first) if first else None, clock.day_of(last) if last else None),
        personal_data=[one.personal_data_assessment for one in tests if one.personal_data_assessment],
    )  # fmt: skip


def _aid(mission: Mission, method: Method) -> list[Aid]:
    """Who carries on economic activity and gets something of value, as it was judged last."""
    judged = {one.partner_id: one for one in queries.state_aid_of(mission)}
    found = []
    for one in queries.partners_of(mission):
        if one.state is PartnerState.COMMITTED and one.is_undertaking and one.receives_benefit:
            last = judged.get(one.id)
            ground = method.find_term("state_aid_ground", last.ground) if last else None
            found.append(
                Aid(one.organisation.name, ground, last.value_ore if last else 0, last.assessed_on if last else None)
            )
    return found


def _places(lines: Sequence[Line]) -> list[Place]:
    by_site: dict[int, list[Line]] = {}
    for one in lines:
        by_site.setdefault(one.resource.site_id, []).append(one)
    return [_place(own[0].resource.site, own) for own in by_site.values()]


def _place(site: Site, lines: Sequence[Line]) -> Place:
    least = str(site.details.get("insurance_minimum_sek", ""))
    return Place(
        name=both(site.name_sv, site.name_en), owner=site.owner.name,
        prices={both(one.resource.name_sv, one.resource.name_en): one.resource.price_ore for one in lines},
        sum_ore=sum(one.price_ore for one in lines), safety=_said(site, "safety_rules"),
        responsible=", ".join(part for part in (site.contact_function, site.contact_email) if part),
        least_insurance=int(least) if least.isdecimal() else None, restoration=_said(site, "restoration_duty"),
    )  # fmt: skip


def _said(site: Site, name: str) -> str:
    """What a site's entry says under a name, in the reader's language where it is written in two."""
    told = site.details.get(name, "")
    return both(told.get("sv", ""), told.get("en", "")) if isinstance(told, dict) else str(told)


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
