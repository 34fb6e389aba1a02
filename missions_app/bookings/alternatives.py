"""What can be had instead of a time that is taken: the same place at another time or for a shorter one, and other
places at the very time that was wanted. Nothing is told that the rules would refuse whoever asked."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import islice

from sqlalchemy import or_, select

from missions_app import clock, db
from missions_app.bookings import bookables, checking, own_holds
from missions_app.bookings.askers import Asker
from missions_app.bookings.availability import nearest_free, open_intervals
from missions_app.bookings.bookables import Bookable, Taken
from missions_app.bookings.errors import Alternative, Way
from missions_app.bookings.events import TimeRefused
from missions_app.bookings.intervals import Interval, gaps
from missions_app.bookings.rules import Ask, problems, time_problems
from missions_app.sites.models import Resource, Site

WINDOW = timedelta(days=15)
MOST_OF_A_KIND = 3
MOST_LOOKED_AT = 40
# Those of four weeks, every half hour.
MOST_STARTS = 28 * 48


def tell_alternatives(event: TimeRefused) -> None:
    """Put the nearest alternatives into a refusal."""
    event.error.tell(alternatives_to(event))


def alternatives_to(event: TimeRefused) -> list[Alternative]:
    """The nearest alternatives, the same place first: at most three of each kind; six statements, up to eleven where
    it is known who asks."""
    resource_id, use, units, asker = event.resource_id, event.use, event.units, event.asker
    wanted = db.session.get(Resource, resource_id)
    if wanted is None:
        return []
    there = [_with_more_around(one, event.before, event.after) for one in _candidates(wanted)]
    window = use.widened(WINDOW, WINDOW)
    held = own_holds.held_for(asker.user_id if asker else None)
    taken = own_holds.without(bookables.taken_between(there, window), held)
    found: dict[Way, Iterable[Alternative]] = {}
    for own in (one for one in there if one.resource.id == resource_id):
        found[Way.SHIFTED] = (_made(Way.SHIFTED, own, one) for one in _shifted(own, use, taken, units))
        found[Way.SHORTER] = (_made(Way.SHORTER, own, one) for one in _shorter(own, use, taken, units))
    found |= _elsewhere(wanted, there, use, taken, units)
    fits = _granted_to(asker, there, window, units)
    by_way = {way: filter(fits, found.get(way, ())) for way in Way if way is not Way.SHIFTED}
    shifted = _told_apart(use, found.get(Way.SHIFTED, ()), fits)
    return [one for way in Way for one in (shifted if way is Way.SHIFTED else islice(by_way[way], MOST_OF_A_KIND))]


def _with_more_around(one: Bookable, before: timedelta, after: timedelta) -> Bookable:
    if not before and not after:
        return one
    return replace(one, terms=replace(one.terms, setup=one.terms.setup + before, cleanup=one.terms.cleanup + after))


def _told_apart(
    use: Interval, nearest: Iterable[Alternative], fits: Callable[[Alternative], bool]
) -> list[Alternative]:
    """The nearest times that do not overlap each other, the last of them at the wanted hours on another day where there
    is one: half an hour later says nothing new, and the middle of the night suits few."""
    told: list[Alternative] = []
    third: Alternative | None = None
    for one in nearest:
        if any(one.start < each.end and each.start < one.end for each in told):
            continue
        if len(told) < MOST_OF_A_KIND - 1:
            told += [one] if fits(one) else []
        elif _at_same_hours(one, use) or any(_at_same_hours(each, use) for each in told):
            if fits(one):
                return [*told, one]
        elif third is None and fits(one):
            third = one
    return [*told, third] if third else told


def _at_same_hours(one: Alternative, use: Interval) -> bool:
    zone = clock.zone()
    return one.start.astimezone(zone).time() == use.start.astimezone(zone).time()


def _granted_to(
    asker: Asker | None, there: Sequence[Bookable], window: Interval, units: int
) -> Callable[[Alternative], bool]:
    """Whether the rules would grant an alternative; all of them where it is not known who asks."""
    if asker is None:
        return lambda _one: True
    asked = checking.rules_of_all(there, window, asker)

    def is_granted(one: Alternative) -> bool:
        ask = Ask(Interval(one.start, one.end), asker.organisation_id, asker.for_experiment, units, asker.people)
        return not problems(ask, asked[one.resource.id], now=clock.now(), zone=clock.zone())

    return is_granted


def _candidates(wanted: Resource) -> list[Bookable]:
    """The resource, and those of its make that take as many people: at its site, and at sites of the same kind."""
    same_kind = select(Site.id).where(Site.kind == wanted.site.kind)
    near = (
        select(Resource.id)
        .where(
            Resource.kind == wanted.kind,
            or_(Resource.most_people.is_(None), Resource.most_people >= (wanted.most_people or 0)),
            or_(Resource.site_id == wanted.site_id, Resource.site_id.in_(same_kind)),
        )
        .order_by((Resource.site_id == wanted.site_id).desc(), Resource.id)
        .limit(MOST_LOOKED_AT)
    )
    itself = Resource.id == wanted.id
    return bookables.load(or_(itself, Resource.id.in_(near.scalar_subquery())) if wanted.kind else itself)


def _made(way: Way, one: Bookable, use: Interval) -> Alternative:
    return Alternative(way, one.resource, use.start, use.end)


def _intervals(one: Bookable, taken: Taken, units: int) -> list[Interval]:
    return [
        Interval(datetime.fromtimestamp(start, UTC), datetime.fromtimestamp(end, UTC))
        for start, end in one.taken(taken, units)
    ]


def _shifted(one: Bookable, use: Interval, taken: Taken, units: int) -> Iterator[Interval]:
    nearest = nearest_free(
        use, taken=_intervals(one, taken, units), opening=one.opening, zone=clock.zone(), setup=one.terms.setup,
        cleanup=one.terms.cleanup, step=one.terms.step, earliest=clock.now() + one.terms.notice,
    )  # fmt: skip
    return islice(nearest, MOST_STARTS)


def _shorter(one: Bookable, use: Interval, taken: Taken, units: int) -> Iterator[Interval]:
    """The longest free part of the very time that was wanted, in whole steps and not below the shortest."""
    terms, zone = one.terms, clock.zone()
    first, last = use.start.astimezone(zone).date(), use.end.astimezone(zone).date()
    parts = [
        Interval(max(part.start + terms.setup, use.start), min(part.end - terms.cleanup, use.end))
        for stretch in open_intervals(one.opening, first, last, zone)
        for part in gaps(stretch.widened(terms.setup, terms.cleanup), _intervals(one, taken, units))
        if max(part.start + terms.setup, use.start) < min(part.end - terms.cleanup, use.end)
    ]
    for part in sorted(parts, key=lambda each: (-each.length, each.start)):
        length = part.length - part.length % terms.step
        if terms.shortest <= length < use.length:
            shorter = Interval(part.start, part.start + length)
            if _fits(one, shorter):
                yield shorter
                return


def _elsewhere(
    wanted: Resource, there: Sequence[Bookable], use: Interval, taken: Taken, units: int
) -> dict[Way, list[Alternative]]:
    """Others that are free at the very time, at the site and at other sites."""
    found: dict[Way, list[Alternative]] = {Way.OTHER_RESOURCE: [], Way.OTHER_SITE: []}
    for one in there:
        resource = one.resource
        if resource.id == wanted.id or (one.is_pool and len(one.units) < units) or not one.units:
            continue
        occupied = use.widened(one.terms.setup, one.terms.cleanup)
        if _fits(one, use) and not any(each.overlaps(occupied) for each in _intervals(one, taken, units)):
            way = Way.OTHER_RESOURCE if resource.site_id == wanted.site_id else Way.OTHER_SITE
            found[way].append(_made(way, one, use))
    return found


def _fits(one: Bookable, use: Interval) -> bool:
    return not time_problems(use, one.terms, one.opening, now=clock.now(), zone=clock.zone())
