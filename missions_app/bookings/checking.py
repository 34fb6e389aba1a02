"""Whether wanted times keep to the rules of their resources: the one question that every path asks.

Form, API, series, move, import, waitlist and approval all call `problems_of` (a line) or `problems` (a wish that is no
line yet), and get the same list of problems. One statement, and one each where a pool, chosen bookers, quotas or
qualifications are at stake. Finding time reads the same for everything at once: `rules_of_all`.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import time, timedelta
from typing import Any

from sqlalchemy import (
    BigInteger,
    CompoundSelect,
    Date,
    Integer,
    Select,
    Time,
    bindparam,
    cast,
    func,
    literal,
    select,
    union_all,
)

from missions_app import clock, db
from missions_app.bookings import reservations, rules
from missions_app.bookings.askers import Asker, asker_of
from missions_app.bookings.availability import Opening
from missions_app.bookings.bookables import Bookable
from missions_app.bookings.intervals import Interval
from missions_app.bookings.models import Booking, Line, LineState
from missions_app.bookings.occupancy import Wish, opening_from, terms_of
from missions_app.bookings.rules import Allowance, Ask, Needed, Rules
from missions_app.errors import Problem
from missions_app.sites.models import Bookers, OpeningPeriod, Resource, SiteStatus, Unit
from missions_app.sites.rule_models import (
    HeldQualification,
    Qualification,
    Quota,
    QuotaResource,
    ResourceBooker,
    ResourceQualification,
)
from missions_app.workflow.method_parts import Text

UNCOUNTED = (LineState.DRAFT, LineState.POSTPONED, LineState.DECLINED, LineState.CANCELLED, LineState.EXPIRED)
YEAR = timedelta(days=367)
FEW = 100


def problems_of(line: Line, use: Interval | None = None) -> list[Problem]:
    """Every rule that a booking's line breaks, at its own time of use or another."""
    others = [one for one in line.booking.lines if one is not line and one.state is LineState.DRAFT]
    asker = asker_of(line.booking, also=others, but=[line])
    wanted = use or Interval(line.starts_at, line.ends_at)
    return problems(Wish(line.resource, wanted, line.units_wanted, line), asker)


def problems_of_lines(lines: Sequence[Line]) -> list[list[Problem]]:
    """The same for many lines of one booking, each as one of them. The number of statements depends on how many
    resources there are, not on how many lines: a series has hundreds."""
    read: dict[int, Rules] = {}
    others = [one for one in lines[0].booking.lines if one.state is LineState.DRAFT and one not in lines]
    asker = asker_of(lines[0].booking, also=[*lines, *others], but=lines)
    whole = Interval(min(one.starts_at for one in lines), max(one.ends_at for one in lines))
    found = []
    for line in lines:
        if line.resource.id not in read:
            read[line.resource.id] = rules_of(line.resource, whole, asker)
        own = (Interval(line.starts_at, line.ends_at), line.units_wanted)
        ask = Ask(own[0], asker.organisation_id, asker.for_experiment, line.units_wanted, asker.people)
        asked = _without(read[line.resource.id], own)
        found.append(rules.problems(ask, asked, now=clock.now(), zone=clock.zone()))
    return found


def _without(asked: Rules, own: tuple[Interval, int]) -> Rules:
    """The rules as a line meets them that was counted among the others."""
    if not asked.quotas:
        return asked
    quotas = []
    for quota in asked.quotas:
        uses = list(quota.uses)
        uses.remove(own)
        quotas.append(replace(quota, uses=uses))
    return replace(asked, quotas=quotas)


def problems(wish: Wish, asker: Asker) -> list[Problem]:
    """Every rule that a wish breaks; [] does not say that the time is free. Inside a transaction the quotas at stake
    stay locked until its end, after the units, so that two requests cannot both take what is left."""
    ask = Ask(wish.use, asker.organisation_id, asker.for_experiment, wish.units, asker.people)
    return rules.problems(ask, rules_of(wish.resource, wish.use, asker), now=clock.now(), zone=clock.zone())


def is_bookable(resource: Resource) -> bool:
    """Whether the resource and its site take bookings."""
    return resource.retired_at is None and resource.site.status in (SiteStatus.OPEN, SiteStatus.LIMITED)


def rules_of(resource: Resource, use: Interval, asker: Asker) -> Rules:
    """What a resource asks of somebody, as values."""
    opening, quotas, qualifications = _applying(resource, asker)
    return Rules(
        terms=terms_of(resource), opening=opening, owner_id=resource.site.owner_id,
        is_bookable=is_bookable(resource), bookers=resource.bookers, chosen=_chosen(resource),
        pool_size=_pool_size(resource), quotas=_allowances(resource, quotas, use, asker),
        qualifications=tuple(_needed(qualifications, asker).values()),
    )  # fmt: skip


def rules_of_all(there: Sequence[Bookable], window: Interval, asker: Asker) -> dict[int, Rules]:
    """What each of many resources asks of somebody during a window, by resource id: one statement, and one each where
    quotas, what counts towards them, or qualifications are at stake anywhere. Resources that ask the same share one
    value, and so do the quotas that they count towards."""
    at_stake: defaultdict[int, list[tuple[str, int]]] = defaultdict(list)
    ids: dict[str, set[int]] = {"booker": set(), "quota": set(), "qualification": set()}
    for place, kind, key in db.session.execute(_at_stake(there, asker)).all():
        at_stake[place].append((kind, key))
        ids[kind].add(key)
    rows = db.session.scalars(select(Quota).where(Quota.id.in_(ids["quota"]))) if ids["quota"] else ()
    used = _counted(ids["quota"], window, asker) if ids["quota"] else {}
    quotas = {one.id: Allowance(one.name, one.period, timedelta(hours=one.hours), used.get(one.id, [])) for one in rows}
    needed = _needed(ids["qualification"], asker)
    known: dict[tuple[Any, ...], Rules] = {}
    asked: dict[int, Rules] = {}
    for one in there:
        resource, pool_size = one.resource, len(one.units) if one.is_pool else None
        owner, bookers, stake = resource.site.owner_id, resource.bookers, tuple(sorted(at_stake[resource.id]))
        same = (id(one.terms), id(one.opening), owner, bookers, pool_size, stake)
        if same not in known:
            known[same] = Rules(
                terms=one.terms, opening=one.opening, owner_id=owner, bookers=bookers,
                chosen=frozenset(key for kind, key in stake if kind == "booker"), pool_size=pool_size,
                quotas=[quotas[key] for kind, key in stake if kind == "quota"],
                qualifications=[value for key, value in needed.items() if ("qualification", key) in stake],
            )  # fmt: skip
        asked[resource.id] = known[same]
    return asked


def _chosen(resource: Resource) -> frozenset[int]:
    if resource.bookers is not Bookers.CHOSEN:
        return frozenset()
    query = select(ResourceBooker.organisation_id).where(ResourceBooker.resource_id == resource.id)
    return frozenset(db.session.scalars(query))


def _pool_size(resource: Resource) -> int | None:
    if resource.pool_id is None:
        return None
    return db.session.scalar(select(func.count(Unit.id)).where(Unit.pool_id == resource.pool_id))


# Built once: every booking asks it.
_APPLYING: CompoundSelect[Any] = union_all(
    select(
        literal("opening").label("kind"), cast(None, BigInteger), OpeningPeriod.weekday, OpeningPeriod.on_date,
        OpeningPeriod.opens, OpeningPeriod.closes,
    ).where(OpeningPeriod.resource_id == bindparam("resource")),
    select(literal("quota"), Quota.id, cast(None, Integer), cast(None, Date), cast(None, Time), cast(None, Time))
    .join(QuotaResource, QuotaResource.quota_id == Quota.id)
    .where(
        QuotaResource.resource_id == bindparam("resource"), Quota.ended_at.is_(None),
        Quota.organisation_id.is_(None) | (Quota.organisation_id == bindparam("organisation")),
    ),
    select(
        literal("qualification"), ResourceQualification.qualification_id, cast(None, Integer), cast(None, Date),
        cast(None, Time), cast(None, Time),
    ).where(ResourceQualification.resource_id == bindparam("resource")),
)  # fmt: skip


def _at_stake(there: Sequence[Bookable], asker: Asker) -> CompoundSelect[Any]:
    """(resource id, kind, key) of what limits who may book; of chosen bookers only whether the organisation is one."""

    def of(kind: str, resource: Any, key: Any) -> Select[Any]:
        query = select(resource, literal(kind).label("kind"), key)
        # For all that there is no list of ids is needed.
        return query.where(resource.in_([one.resource.id for one in there])) if len(there) <= FEW else query

    return union_all(
        of("booker", ResourceBooker.resource_id, ResourceBooker.organisation_id).where(
            ResourceBooker.organisation_id == asker.organisation_id
        ),
        of("quota", QuotaResource.resource_id, QuotaResource.quota_id)
        .join(Quota, Quota.id == QuotaResource.quota_id)
        .where(
            Quota.ended_at.is_(None),
            Quota.organisation_id.is_(None) | (Quota.organisation_id == asker.organisation_id),
        ),
        of("qualification", ResourceQualification.resource_id, ResourceQualification.qualification_id),
    )


def _applying(resource: Resource, asker: Asker) -> tuple[Opening, list[int], list[int]]:
    """Opening hours, and the ids of the quotas and of the qualifications at stake: one statement."""
    periods: list[tuple[Any, Any, Any, Any]] = []
    found: dict[str, list[int]] = {"quota": [], "qualification": []}
    at_stake = {"resource": resource.id, "organisation": asker.organisation_id}
    for kind, key, *period in db.session.execute(_APPLYING, at_stake):
        if kind == "opening":
            periods.append(tuple(period))
        else:
            found[kind].append(key)
    periods.sort(key=lambda period: period[2] or time())
    return opening_from(periods), sorted(found["quota"]), sorted(found["qualification"])


def _allowances(resource: Resource, ids: Sequence[int], use: Interval, asker: Asker) -> list[Allowance]:
    if not ids:
        return []
    query = select(Quota).where(Quota.id.in_(ids)).order_by(Quota.id)
    if asker.is_booking and db.in_transaction():
        reservations.lock_units([resource, *(one.resource for one in asker.also)])
        with db.session.no_autoflush:
            quotas = db.session.scalars(query.with_for_update(of=Quota)).all()
    else:
        quotas = db.session.scalars(query).all()
    used = _counted(ids, use, asker)
    return [
        Allowance(one.name, one.period, timedelta(hours=one.hours), used.get(one.id, []) + _also(one, asker))
        for one in quotas
    ]


def _counted(ids: Collection[int], use: Interval, asker: Asker) -> Mapping[int, list[tuple[Interval, int]]]:
    """What the organisation has booked already, by quota: one statement."""
    query: Any = (
        select(QuotaResource.quota_id, Line.starts_at, Line.ends_at, Line.units_wanted)
        .join(Line, Line.resource_id == QuotaResource.resource_id)
        .join(Booking, Booking.id == Line.booking_id)
        .where(
            QuotaResource.quota_id.in_(ids), Booking.organisation_id == asker.organisation_id,
            Line.state.not_in(UNCOUNTED), Line.starts_at < use.end + YEAR, Line.ends_at > use.start - YEAR,
        )
    )  # fmt: skip
    if asker.but:
        query = query.where(Line.id.not_in(asker.but))
    found: dict[int, list[tuple[Interval, int]]] = {}
    for quota, start, end, units in db.session.execute(query):
        found.setdefault(quota, []).append((Interval(start, end), units))
    return found


def _also(quota: Quota, asker: Asker) -> list[tuple[Interval, int]]:
    if not asker.also:
        return []
    counted = {one.id for one in quota.resources}
    return [(one.use, one.units) for one in asker.also if one.resource.id in counted]


def _needed(ids: Collection[int], asker: Asker) -> dict[int, Needed]:
    """Some qualifications by id, in the order of their names, with the days on which the asker holds them."""
    if not ids:
        return {}
    rows = db.session.execute(
        select(
            Qualification.id, Qualification.name_sv, Qualification.name_en, HeldQualification.valid_from,
            HeldQualification.valid_until,
        )
        .outerjoin(
            HeldQualification,
            (HeldQualification.qualification_id == Qualification.id)
            & (HeldQualification.user_id == asker.user_id)
            & HeldQualification.withdrawn_at.is_(None),
        )
        .where(Qualification.id.in_(ids))
        .order_by(Qualification.name_sv, Qualification.id)
    )  # fmt: skip
    names: dict[int, Text] = {}
    held: dict[int, list[Any]] = {}
    for key, name_sv, name_en, first, last in rows:
        names[key] = Text(sv=name_sv, en=name_en or name_sv)
        held.setdefault(key, [])
        if first is not None:
            held[key].append((first, last))
    return {key: Needed(name, tuple(held[key])) for key, name in names.items()}
