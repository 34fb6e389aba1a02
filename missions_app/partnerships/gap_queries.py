"""What partnerships lack, who could fill it, and which needs fit an organisation: a constant number of statements."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import Select, and_, false, not_, or_, select
from sqlalchemy.orm import joinedload

from missions_app import clock, db
from missions_app.challenges.models import Challenge
from missions_app.missions.models import Mission, MissionChallenge
from missions_app.missions.queries import has_ended
from missions_app.organisations.models import Capability, Offer, Organisation, OrganisationState
from missions_app.partnerships import queries, rules
from missions_app.partnerships.matching import (
    Candidate,
    Match,
    Offered,
    Wanted,
    match_of,
    matches,
    pairs_within,
    shortlist,
    words_of,
)
from missions_app.partnerships.models import Need, Partner, PartnerState
from missions_app.partnerships.network import Place
from missions_app.secrecy.masking import Visibility
from missions_app.workflow.method import Method
from missions_app.workflow.method_parts import PartnerRole
from missions_app.workflow.method_service import method_of
from missions_app.workflow.models import Journey, MethodStatus, MethodVersion

PRESSING = ("must", "should", "could")
TAKING_PART = (PartnerState.COMMITTED, PartnerState.LEFT)


@dataclass(frozen=True, slots=True)
class Gap:
    """Something missing: a need that nobody covers, or a required role that nobody holds; with those who could."""

    need: Need | None
    role: PartnerRole | None
    matches: Sequence[Match] = ()

    @property
    def must(self) -> bool:
        """Whether the partnership is not ready without it."""
        return self.need is None or self.need.priority == PRESSING[0]


@dataclass(frozen=True, slots=True)
class Fit:
    """A need that fits an organisation, with the reasons."""

    need: Need
    match: Match


@dataclass(frozen=True, slots=True)
class _Context:
    """What a mission looks like to matching."""

    missing_sectors: tuple[str, ...]
    municipalities: tuple[str, ...]
    present: tuple[str, ...]
    partners: frozenset[int]


def gaps_of(mission: Mission, *, with_matches: bool) -> list[Gap]:
    """Everything that a partnership lacks, most pressing first. Nobody who is in it already is proposed.

    Args:
        with_matches: also say who could fill each gap; for those who take part, since organisations are never ranked
            in public.
    """
    method = method_of(mission.journey.method_version)
    covered = queries.covered_needs(mission)
    open_needs = [one for one in queries.needs_of(mission) if one.id not in covered]
    open_needs.sort(key=lambda one: (PRESSING.index(one.priority) if one.priority in PRESSING else 9, one.id))
    named = {one.role for one in open_needs if one.priority == PRESSING[0]}
    partners = [one for one in queries.partners_of(mission) if one.state is PartnerState.COMMITTED]
    roles = [one for one in rules.unfilled(method.partner_role, [one.roles for one in partners]) if one.id not in named]
    gaps = [Gap(one, method.find_term("partner_role", one.role) if one.role else None) for one in open_needs]  # type: ignore[arg-type]
    gaps = [one for one in gaps if one.must] + [Gap(None, one) for one in roles] + [g for g in gaps if not g.must]
    return _with_matches(mission, method, gaps) if with_matches and gaps else gaps


def _with_matches(mission: Mission, method: Method, gaps: Sequence[Gap]) -> list[Gap]:
    known = candidates()
    context = _contexts([mission], method, known)[mission.id]
    tried = tried_pairs(known)
    free = [one for one in known if one.organisation_id not in context.partners]
    return [
        Gap(gap.need, gap.role, shortlist(matches(_wanted(gap.need, gap.role, context, tried), free))) for gap in gaps
    ]


def fits_of(organisation: Organisation) -> list[Fit]:
    """Uncovered needs of running missions that fit an organisation, best first, with the reasons. Missions that it
    takes part in or has left are not among them."""
    known = candidates()
    me = next((one for one in known if one.organisation_id == organisation.id), None)
    if me is None:
        return []
    needs = open_needs()
    tried, found = tried_pairs(known), []
    missions = list({one.mission_id: one.mission for one in needs}.values())
    contexts: dict[int, _Context] = {}
    if missions:
        contexts = _contexts(missions, method_of(missions[0].journey.method_version), known)
    for need in needs:
        context = contexts[need.mission_id]
        if organisation.id in context.partners:
            continue
        match = match_of(_wanted(need, None, context, tried), me)
        if any(reason.points for reason in match.reasons):
            found.append(Fit(need, match))
    return sorted(found, key=lambda one: (-one.match.points, PRESSING.index(one.need.priority), one.need.id))


def open_needs() -> list[Need]:
    """Every uncovered need of missions that have not ended, with their missions."""
    found = db.session.scalars(
        queries.open_needs().options(
            joinedload(Need.mission).joinedload(Mission.journey).joinedload(Journey.method_version),
            joinedload(Need.mission).joinedload(Mission.problem_owner),
        )
    ).all()
    return [one for one in found if not has_ended(one.mission)]


def needs_under_way() -> Select[Need]:
    """Uncovered needs of missions that have not ended, newest first, for a paged list."""
    adopted = db.session.scalars(select(MethodVersion).where(MethodVersion.status != MethodStatus.DRAFT)).all()
    ended = [
        and_(Journey.method_version_id == version.id, Journey.state == state.id)
        for version in adopted
        for state in method_of(version).journey("mission").state
        if state.kind == "ended"
    ]
    return queries.open_needs().join(Need.mission).join(Mission.journey).where(not_(or_(*ended, false())))


def candidates() -> list[Candidate]:
    """Every active organisation as matching sees it, by what everybody may read: four statements in all."""
    session = db.session
    levels: dict[int, list[tuple[str, int]]] = {}
    evidence: dict[int, list[str]] = {}
    for one in session.scalars(select(Capability).order_by(Capability.peak)):
        levels.setdefault(one.organisation_id, []).append((one.peak, one.level))
        if one.visibility == Visibility.PUBLIC:
            evidence.setdefault(one.organisation_id, []).append(one.evidence)
    offers: dict[int, list[Offered]] = {}
    public = select(Offer).where(Offer.withdrawn_at.is_(None), Offer.visibility == Visibility.PUBLIC.value)
    for made in session.scalars(public.order_by(Offer.id)):
        words = words_of(f"{made.text_sv} {made.text_en}")
        lent = Offered(made.kind.value, made.peak, words, made.available_from, made.available_until)
        offers.setdefault(made.organisation_id, []).append(lent)
    took_part: dict[int, list[list[str]]] = {}
    for key, roles in session.execute(
        select(Partner.organisation_id, Partner.roles).where(Partner.state.in_(TAKING_PART))
    ):
        took_part.setdefault(key, []).append(roles)
    rows = session.scalars(
        select(Organisation).where(Organisation.state == OrganisationState.ACTIVE).order_by(Organisation.id)
    )
    return [
        Candidate(
            organisation_id=one.id, name=one.name, slug=one.slug, sector=one.sector, municipality=one.municipality,
            capabilities=tuple(levels.get(one.id, [])), missions=len(took_part.get(one.id, [])),
            offers=tuple(offers.get(one.id, [])),
            words=words_of(" ".join([one.description_sv, one.description_en, *evidence.get(one.id, [])])),
            roles=frozenset(role for roles in took_part.get(one.id, []) for role in roles),
        )
        for one in rows
    ]  # fmt: skip


def tried_pairs(known: Collection[Candidate]) -> frozenset[tuple[str, str]]:
    """The pairs of peaks that have met in a partnership: of each, what its partners are best at."""
    homes = {one.organisation_id: one.home for one in known}
    met: dict[int, set[str]] = {}
    rows = db.session.execute(select(Partner.mission_id, Partner.organisation_id).where(Partner.state.in_(TAKING_PART)))
    for mission_id, organisation_id in rows:
        met.setdefault(mission_id, set()).add(homes.get(organisation_id, ""))
    return frozenset(pair for one in met.values() for pair in pairs_within(one))


def _contexts(missions: Sequence[Mission], method: Method, known: Collection[Candidate]) -> dict[int, _Context]:
    ids = [one.id for one in missions]
    homes = {one.organisation_id: one.home for one in known}
    places: dict[int, list[str]] = {}
    for mission_id, codes in db.session.execute(
        select(MissionChallenge.mission_id, Challenge.municipalities)
        .join(Challenge, Challenge.id == MissionChallenge.challenge_id)
        .where(MissionChallenge.mission_id.in_(ids))
        .order_by(MissionChallenge.id)
    ):
        places.setdefault(mission_id, []).extend(codes or [])
    partners: dict[int, list[tuple[int, str, PartnerState]]] = {}
    for mission_id, organisation_id, sector, state in db.session.execute(
        select(Partner.mission_id, Partner.organisation_id, Organisation.sector, Partner.state)
        .join(Organisation, Organisation.id == Partner.organisation_id)
        .where(Partner.mission_id.in_(ids))
    ):
        partners.setdefault(mission_id, []).append((organisation_id, sector, state))
    return {key: _context(method, partners.get(key, []), places.get(key, []), homes) for key in ids}


def _context(
    method: Method, partners: Sequence[tuple[int, str, PartnerState]], places: Sequence[str], homes: dict[int, str]
) -> _Context:
    joined = [(key, sector) for key, sector, state in partners if state is PartnerState.COMMITTED]
    present = {sector for _key, sector in joined}
    return _Context(
        missing_sectors=tuple(one.id for one in method.sector if one.id not in present),
        municipalities=tuple(dict.fromkeys(places)),
        present=tuple(sorted({homes.get(key, "") for key, _sector in joined} - {""})),
        partners=frozenset(key for key, _sector, _state in partners),
    )


def _wanted(
    need: Need | None, role: PartnerRole | None, context: _Context, tried: frozenset[tuple[str, str]]
) -> Wanted:
    return Wanted(
        peak=need.peak if need else "", kind=need.kind if need else "",
        role=(need.role if need else "") or (role.id if role else ""),
        words=words_of(need.text) if need else {}, words_en=words_of(need.text_en) if need else {},
        needed_from=need.needed_from if need else None, needed_until=need.needed_until if need else None,
        missing_sectors=context.missing_sectors, municipalities=context.municipalities, present=context.present,
        tried=tried,
    )  # fmt: skip


def places() -> list[Place]:
    """Every organisation that has joined a mission, those that have left included."""
    rows = db.session.execute(
        select(Partner.mission_id, Organisation.id, Organisation.name, Organisation.sector, Partner.since)
        .join(Organisation, Organisation.id == Partner.organisation_id)
        .where(Partner.state.in_(TAKING_PART))
        .order_by(Organisation.sort_key, Partner.id)
    )
    return [
        Place(mission, key, name, sector, since.astimezone(clock.zone()).year)
        for mission, key, name, sector, since in rows
    ]


def uncovered_by_peak() -> list[tuple[str, int]]:
    """(peak, how many uncovered needs of running missions name it), the most first; "" is those that name none."""
    counts: dict[str, int] = {}
    for one in open_needs():
        counts[one.peak] = counts.get(one.peak, 0) + 1
    return sorted(counts.items(), key=lambda row: (-row[1], row[0]))


def places_of(organisation: Organisation) -> Sequence[Partner]:
    """Where an organisation takes part now, for everybody to read: only places it has committed itself to, newest
    first."""
    return db.session.scalars(
        select(Partner)
        .where(Partner.organisation_id == organisation.id, Partner.state == PartnerState.COMMITTED)
        .options(joinedload(Partner.mission).joinedload(Mission.journey))
        .order_by(Partner.id.desc())
    ).all()
