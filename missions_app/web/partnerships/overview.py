"""The partnership page: what is missing and who could fill it, the picture, the table; and each partner's own page."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from flask import render_template
from flask.typing import ResponseReturnValue

from missions_app.edge.access import actor, authorise, public, signed_in
from missions_app.i18n import _, current_locale, money, ngettext, number
from missions_app.missions import queries as missions
from missions_app.missions.models import Mission
from missions_app.organisations import queries as organisations
from missions_app.partnerships import (
    call_service,
    coordination_service,
    funding_rules,
    gap_queries,
    policy,
    queries,
    rules,
    statements,
)
from missions_app.partnerships.books import LIVE, books_of
from missions_app.partnerships.coordination_models import CoordinationOffer
from missions_app.partnerships.gap_queries import Gap
from missions_app.partnerships.models import Commitment, CommitmentState, Partner, PartnerState
from missions_app.partnerships.units import amount_words, unit_words
from missions_app.web.partnerships.blueprint import bp
from missions_app.web.partnerships.partners import partnership_crumbs
from missions_app.web.partnerships.picture import picture_of
from missions_app.workflow.method import Method
from missions_app.workflow.method_service import method_of

# What the checkpoint that judges partnerships reads.
JUDGED = "partner_roles"


@dataclass(frozen=True, slots=True)
class Row:
    """A partner in the table: what it brings in words, öre promised and kept (None where nothing has a value), and
    what is to be looked at in its promises, as (kind of mark, words)."""

    partner: Partner
    brings: str
    promised_ore: int | None
    delivered_ore: int | None
    counts_with: str
    marks: Sequence[tuple[str, str]]


@bp.get("/missions/<reference>/partnership")
@public
def show_partnership(reference: str) -> ResponseReturnValue:
    """What is missing, who could fill it, and who brings what."""
    mission = missions.get_mission(reference)
    method = method_of(mission.journey.method_version)
    part = policy.can_read_partnership(actor(), mission)
    everybody = queries.partners_of(mission)
    committed = [one for one in everybody if one.state is PartnerState.COMMITTED]
    present = [one for one in everybody if one.state is not PartnerState.LEFT] if part else committed
    commitments = queries.commitments_of(mission) if part else []
    gaps = gap_queries.gaps_of(mission, with_matches=part)
    twice = _promised_twice(commitments)
    rows = [_row(one, commitments, committed, method, twice) for one in present]
    needs = queries.needs_of(mission)
    return render_template(
        "partnerships/show_partnership.html",
        mission=mission,
        method=method,
        rows=rows,
        gone=_gone(everybody) if part else [],
        needs=needs,
        gaps=[one for one in gaps if one.must],
        wished=[one for one in gaps if not one.must],
        missing=_missing_sectors(committed, method),
        committed=rules.independent(one.organisation for one in committed),
        shares=_shares(committed, commitments),
        sectors=len({one.organisation.sector for one in committed}),
        covered={one.id for one in needs} - {one.need.id for one in gaps if one.need},
        call=call_service.find_call(mission),
        asked=_asked(mission),
        papers=_papers(mission) if part else {},
        invitations=queries.invitations_of(mission) if policy.can_coordinate(actor(), mission) else [],
        picture=picture_of(present, method, {one.partner.id: _value(one) for one in rows}),
        has_part=part,
        can_coordinate=policy.can_coordinate(actor(), mission),
        is_part=policy.can_read_partnership(actor(), mission),
        can_hand_over=policy.can_hand_over(actor(), mission),
        may_answer=lambda offer: policy.can_speak_for(actor(), offer.organisation_id),
        mine=[one for one in present if policy.can_speak_for(actor(), one.organisation_id)],
        gate=next((one for one in method.gates_of("mission") if _judges(one)), None),
    )


def _papers(mission: Mission) -> dict[str, str]:
    """Where the terms, the money and the state aid stand, each in a few words."""
    books = books_of(mission)
    total = sum(one.amount_ore for one in books.funding)
    secured = (funding_rules.share(books.funding, "is_secured") or 0.0) * 100
    waiting = [
        one for one in books.partners
        if one.state is PartnerState.COMMITTED and one.is_undertaking and one.receives_benefit
        and one.id not in books.assessed
    ]  # fmt: skip
    aid = ngettext("%(num)d benefit to assess", "%(num)d benefits to assess", len(waiting))
    return {
        "terms": _("Settled") if mission.ip_model and mission.data_terms else _("Not settled yet"),
        "funding": _("%(sum)s, %(share)s %% secured", sum=money(total), share=number(secured, 0))
        if total
        else _("No lines yet"),
        "state_aid": aid if waiting else _("Nothing waits"),
    }


def _asked(mission: Mission) -> CoordinationOffer | None:
    """The organisation that is asked to coordinate, for those who may know."""
    offer = coordination_service.find_offer(mission)
    return offer if offer is not None and policy.can_read_offer(actor(), offer) else None


def _gone(everybody: Sequence[Partner]) -> list[tuple[str, Partner]]:
    """Those who have left, under the name they had on that day."""
    gone = [one for one in everybody if one.state is PartnerState.LEFT]
    names = organisations.names_at({one.organisation_id: one.left_at for one in gone if one.left_at})
    return [(names.get(one.organisation_id, one.organisation.name), one) for one in gone]


@dataclass(frozen=True, slots=True)
class GateHelp:
    """What the checkpoint that judges a partnership tells beside its requirements. affiliated: (name, owner)."""

    independent: int
    sectors: list[Any]
    missing: list[Any]
    affiliated: list[tuple[str, str]]
    gaps: list[Gap]
    can_coordinate: bool


@bp.app_template_global("partnership_help")
def partnership_help(subject: object, gate: Any) -> GateHelp | None:
    """Who has joined and who could fill the gaps, for the checkpoint that judges it; None elsewhere."""
    if not isinstance(subject, Mission) or not _judges(gate):
        return None
    method = method_of(subject.journey.method_version)
    committed = [one for one in queries.partners_of(subject) if one.state is PartnerState.COMMITTED]
    missing = _missing_sectors(committed, method)
    return GateHelp(
        independent=rules.independent(one.organisation for one in committed),
        sectors=[one for one in method.sector if one not in missing],
        missing=missing,
        affiliated=[
            (one.organisation.name, owner) for one in committed if (owner := _counts_with(one, committed))
        ],
        gaps=[one for one in gap_queries.gaps_of(subject, with_matches=True) if one.must],
        can_coordinate=policy.can_coordinate(actor(), subject),
    )  # fmt: skip


def _counts_with(one: Partner, committed: Sequence[Partner]) -> str:
    """The partner whose group it belongs to, where that is in the partnership too."""
    return next(
        (other.organisation.name for other in committed
         if other.organisation_id != one.organisation_id and other.organisation.group == one.organisation.group
         and one.organisation.owner_id is not None),
        "",
    )  # fmt: skip


def _shares(committed: Sequence[Partner], commitments: Sequence[Commitment]) -> list[tuple[str, float]]:
    """What share of all that is promised each independent group stands for, as (name, 0.0 to 1.0), biggest first."""
    living = [one for one in commitments if one.state in LIVE]
    names = {one.organisation.group: one.organisation.name for one in reversed(committed)}
    names |= {one.organisation.group: one.organisation.name for one in committed if one.organisation.owner_id is None}
    found = rules.shares((one.partner.organisation.group, one.value_ore) for one in living)
    rows = [(names.get(group, ""), share) for group, share in found.items() if share]
    return sorted(rows, key=lambda row: (-row[1], row[0]))


def _judges(gate: Any) -> bool:
    return any(JUDGED in criterion.reads for criterion in gate.criteria)


def _missing_sectors(committed: Sequence[Partner], method: Method) -> list[Any]:
    present = {one.organisation.sector for one in committed}
    return [one for one in method.sector if one.id not in present]


def _row(
    one: Partner, commitments: Sequence[Commitment], committed: Sequence[Partner], method: Method,
    twice: Collection[int],
) -> Row:  # fmt: skip
    own = [one_of for one_of in commitments if one_of.partner_id == one.id]
    living = [made for made in own if made.state is not CommitmentState.WITHDRAWN]
    promised = [made for made in living if made.state in LIVE]
    return Row(
        partner=one,
        brings=brings_in_words(living, method),
        promised_ore=sum(made.value_ore for made in promised) if promised else None,
        delivered_ore=sum(rules.delivered(made.deliveries).value_ore for made in promised) if promised else None,
        counts_with=_counts_with(one, committed),
        marks=_marks(living, twice),
    )


def _marks(promises: Sequence[Commitment], twice: Collection[int]) -> list[tuple[str, str]]:
    """What is to be looked at in a partner's promises."""
    told = [statements.row_of(one) for one in promises]
    offered = sum(one.value_ore for one in promises if one.state is CommitmentState.OFFERED)
    marks = [("wait", _("Offered, not promised: %(sum)s", sum=money(offered)))] if offered else []
    marks += [("late", _("Late"))] if any(one.is_late for one in told) else []
    if any(one.is_unconfirmed for one in told):
        marks.append(("stale", _("Not confirmed for a year")))
    if any(one.id in twice for one in promises):
        marks.append(("missing", _("The same hours seem to be promised twice")))
    if any(one.extra_ore or one.extra for one in told):
        marks.append(("done", _("More than promised")))
    return marks


def brings_in_words(promises: Iterable[Commitment], method: Method) -> str:
    """ "Arbetstid 120 h, Data": the kinds of promises with their quantities added up; never their own words."""
    sums: dict[str, float] = {}
    for one in promises:
        sums[one.kind] = sums.get(one.kind, 0.0) + (one.quantity or 0.0)
    words = []
    for kind, quantity in sums.items():
        term: Any = method.term("commitment_type", kind)
        label = term.label.in_(current_locale())
        words.append(f"{label} {amount_words(quantity, term.unit)}" if quantity and not term.monetary else label)
    return ", ".join(words)


def _value(row: Row) -> str:
    return money(row.promised_ore) if row.promised_ore else row.brings


@bp.get("/missions/<reference>/partners/<int:partner_id>")
@signed_in
def show_partner(reference: str, partner_id: int) -> ResponseReturnValue:
    """One partner: what it promises and has kept, what it signs, and what can be done."""
    mission = missions.get_mission(reference)
    partner = queries.get_partner(mission, partner_id)
    authorise(policy.can_read_partner, partner)
    return render_template(
        "partnerships/show_partner.html",
        amount_words=amount_words,
        unit_words=unit_words,
        **_partner_page(mission, partner),
    )


def _partner_page(mission: Mission, partner: Partner) -> dict[str, Any]:
    commitments = [one for one in queries.commitments_of(mission) if one.partner_id == partner.id]
    agreements = [
        one for one in queries.agreements_of(mission)
        if any(party.organisation_id == partner.organisation_id for party in one.parties)
    ]  # fmt: skip
    return {
        "mission": mission, "partner": partner, "method": method_of(mission.journey.method_version),
        "crumbs": partnership_crumbs(mission), "commitments": commitments, "agreements": agreements,
        "held": {one.id for one in agreements if queries.is_held(one)},
        "reads": lambda one: policy.can_read_words(actor(), one),
        "speaks": policy.can_speak_for(actor(), partner.organisation_id),
        "can_coordinate": policy.can_coordinate(actor(), mission),
        "rows": {one.id: row for one, row in zip(commitments, statements.rows_of(partner), strict=True)},
        "twice": _promised_twice(commitments),
        "hours": queries.hours_of(partner) if policy.can_read_statement(actor(), partner) else [],
        "statement_key": statements.key_of(partner) if policy.can_read_statement(actor(), partner) else "",
        "is_owner": partner.organisation_id == mission.problem_owner_id,
    }  # fmt: skip


def _promised_twice(commitments: Sequence[Commitment]) -> dict[int, list[Mission]]:
    """Promise id -> the missions to which the same hours seem to be promised."""
    if not commitments:
        return {}
    known = queries.hours_promised()
    by_id = {one.id: one for one in known}
    found = {one.id: rules.promised_twice(by_id[one.id], known) for one in commitments if one.id in by_id}
    named = {key: missions.get_by_id(key) for key in {key for keys in found.values() for key in keys}}
    return {key: [named[mission_id] for mission_id in keys] for key, keys in found.items() if keys}
