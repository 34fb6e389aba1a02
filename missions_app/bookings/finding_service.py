"""Finding time in the database: everything bookable is read at once, searched in memory, and what is not found is
remembered. Four statements, up to nine for somebody signed in, one more when nothing fits; the number does not depend
on how much there is."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cache
from typing import Any

from missions_app import clock
from missions_app.accounts.actor import Actor
from missions_app.bookings import bookables, checking, demand_service, own_holds, permits
from missions_app.bookings.askers import Asker
from missions_app.bookings.bookables import Bookable, sites_of
from missions_app.bookings.demand_models import DemandKind
from missions_app.bookings.finding import EVERY_DAY, Finder, Search
from missions_app.bookings.intervals import Interval
from missions_app.bookings.merits import Choice, Reason, collides, offers_of
from missions_app.bookings.needs import need_from
from missions_app.bookings.permits import Earliest
from missions_app.bookings.readers import Reader
from missions_app.bookings.relaxing import Relaxed, relaxations, window_of
from missions_app.bookings.rules import Terms, days_of, midnight
from missions_app.bookings.starts import opened
from missions_app.bookings.suggestions import Barred, Suggestion
from missions_app.bookings.waiting import first_fit
from missions_app.sites.models import Resource, Site
from missions_app.workflow.method import Method

MOST_BARRED = 2
# What a reader can do nothing about soon is told only where nothing else is found.
OTHERS_ONLY = "not_among_bookers"
NEXT_FREE, LEAST_USE = timedelta(days=92), timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Found:
    """The answer to a search. `barred` is free, but not for the reader; `earliest` is for the best suggestion's place,
    or as if no permit were held anywhere; `unanswered` are the places of needs that nothing at all answers to;
    `waitable` is what one could wait for; `taken` is by unit, in seconds."""

    suggestions: Sequence[Suggestion]
    has_more: bool
    barred: Sequence[Barred]
    earliest: Earliest
    relaxed: Sequence[Relaxed]
    unanswered: Sequence[int]
    waitable: Sequence[Choice]
    taken: Mapping[int, Sequence[tuple[int, int]]]


def find(
    search: Search, answers: Mapping[str, bool], method: Method, *, most: int = 4, reader: Actor | None = None,
    organisation_id: int | None = None, is_counted: bool = True,
) -> Found:  # fmt: skip
    """The best times for what is needed.

    Args:
        answers: to the method's permit questions; they decide from which day each place can be used.
        reader: who searches; what a request of theirs would be refused for is not among the suggestions.
        organisation_id: for which of their organisations, where they belong to several.
        is_counted: whether a search without hits is remembered.
    """
    everything, zone, today = bookables.load(), clock.zone(), clock.today()
    waits = _waits(everything, answers, method, today)
    usable = {
        site.id: permits.usable_days(answers, method, today=today, permits_held=site.permits_held)
        for site in sites_of(everything)
    } if permits.needed(answers, method) else {}  # fmt: skip
    finder = Finder(
        search, everything, {}, now=clock.now(), zone=zone, usable=usable, offers=offers_of(everything),
        reader=_reader(everything, search, reader, organisation_id),
    )  # fmt: skip
    own = own_holds.held_for(reader.user_id if reader else None)
    needed = {one.bookable.resource.id: one.bookable for choices in finder.choices for one in choices}
    suggestions: Sequence[Suggestion] = []
    barred: Sequence[Barred] = []
    if all(finder.choices):
        finder.taken = own_holds.without(bookables.taken_between(needed.values(), finder.window()), own)
        suggestions = finder.suggestions(most + 1)
        barred = _worth_telling(finder, suggestions)
    relaxed: Sequence[Relaxed] = []
    if not suggestions:
        finder.taken = own_holds.without(bookables.taken_between(everything, window_of(finder)), own)
        relaxed = relaxations(finder)
        rules = sorted({code for one in barred for code in one.codes})
        if is_counted:
            demand_service.note(DemandKind.SEARCH, described(search) | ({"rules": rules} if rules else {}))
    best = [
        own_holds.marked(_with_permits(one, waits, answers, method), finder.taken, own) for one in suggestions[:most]
    ]
    first = best[0] if best else barred[0].suggestion if barred else None
    earliest = waits[first.site_id] if first else permits.earliest(answers, method, today=today)
    unanswered = [number for number, choices in enumerate(finder.choices) if not choices]
    return Found(
        best,
        len(suggestions) > most,
        barred,
        earliest,
        relaxed,
        unanswered,
        _waitable(finder, best, barred),
        finder.taken,
    )


def _reader(
    everything: Sequence[Bookable], search: Search, reader: Actor | None, organisation_id: int | None
) -> Reader | None:
    """What everything that can be booked asks of whoever is signed in."""
    if reader is None or not reader.is_signed_in:
        return None
    organisation = organisation_id or min(reader.organisations(), default=0)
    window = Interval(midnight(search.first, clock.zone()), midnight(search.last, clock.zone()) + search.length)
    asker = Asker(organisation, reader.user_id, for_experiment=True, is_booking=False)
    return Reader(organisation, checking.rules_of_all(everything, window, asker))


def _worth_telling(finder: Finder, suggestions: Sequence[Suggestion]) -> Sequence[Barred]:
    """What is free but not for the reader: all that there is when nothing else is found, else what would be better."""
    if not suggestions:
        return finder.barred(MOST_BARRED)
    return finder.barred(MOST_BARRED, OTHERS_ONLY, below=suggestions[0].rank)


def _waitable(finder: Finder, suggestions: Sequence[Suggestion], barred: Sequence[Barred]) -> Sequence[Choice]:
    """What one could wait for: the best that was found, or the best that answers and may be booked. Where a rule
    stands in the way there is nothing to wait for: the time is free."""
    if suggestions:
        # Only what comes on a day before what is free is waited for.
        first = midnight(clock.day_of(min(one.use.start for one in suggestions)), clock.zone())
        return suggestions[0].choices if finder.may_come(suggestions[0].choices, before=first) else ()
    if barred:
        return ()
    best: list[Choice] = []
    for choices in finder.choices:
        fitting = (one for one in choices if not finder.is_closed(one) and not collides(one, best))
        if (one := next(fitting, None)) is None:
            return ()
        best.append(one)
    return best if finder.may_come(best) else ()


def next_free(site: Site) -> dict[int, Interval]:
    """The first time within three months at which each resource of a site can be had for the shortest time that it is
    let, by day where it never closes; those that are full are left out. It is what the calendar says, the same for
    everybody: quotas and qualifications of a reader are weighed where times are found. Four statements."""
    there, now = bookables.load(Resource.site_id == site.id), clock.now()
    within = Interval(now, now + NEXT_FREE)
    taken = bookables.taken_between(there, within) if there else {}
    found, opens = {}, cache(opened)  # most resources of a site open alike
    for one in there:
        length = _shortest_let(one.terms)
        use = first_fit(
            [(one, 1)], taken, within, length=length, shortest=length, weekdays=(), now=now, zone=clock.zone(),
            opens=opens,
        )  # fmt: skip
        if use is not None:
            found[one.resource.id] = use
    return found


def _shortest_let(terms: Terms) -> timedelta:
    """The shortest time that something is let: whole steps, an hour or more where it may be so long."""
    length = -(-min(max(terms.shortest, LEAST_USE), terms.longest) // terms.step) * terms.step
    return length if length <= terms.longest else -(-terms.shortest // terms.step) * terms.step


def _waits(
    everything: Sequence[Bookable], answers: Mapping[str, bool], method: Method, today: date
) -> dict[int, Earliest]:
    """The earliest realistic date at each site, by the permits it holds."""
    known: dict[str, Earliest] = {}
    found: dict[int, Earliest] = {}
    for site in sites_of(everything):
        held = repr(site.permits_held)
        if held not in known:
            known[held] = permits.earliest_at(answers, method, today=today, permits_held=site.permits_held)
        found[site.id] = known[held]
    return found


def _with_permits(
    one: Suggestion, waits: Mapping[int, Earliest], answers: Mapping[str, bool], method: Method
) -> Suggestion:
    """Say which of the needed permits the place holds on the day."""
    site: Site = one.choices[0].bookable.resource.site
    held = permits.held_through(site.permits_held, *days_of(one.use, clock.zone()))
    have = [permit.label for permit in permits.needed(answers, method) if permit.id in held]
    more = (Reason("permits_held", values={"permits": have}),) if have else ()
    return replace(one, reasons=(*one.reasons, *more))


def described(search: Search) -> dict[str, Any]:
    """A search as it is remembered: what was wished for, nothing about who."""
    wish: dict[str, Any] = {
        "needs": [one.text or one.exactly for one in search.needs],
        "minutes": int(search.length.total_seconds() // 60), "from": search.first.isoformat(),
    }  # fmt: skip
    place = search.needs[0]
    written = need_from(place.text)
    for name in ("people", "power", "depth"):
        value = getattr(place, name)
        if value is not None and value != getattr(written, name):
            wish[name] = value[0] if name == "depth" else value
    if search.weekdays != EVERY_DAY:
        wish["weekdays"] = sorted(search.weekdays)
    for name in ("kind", "theme", "trl"):
        if value := getattr(search, name):
            wish[name] = value
    if search.municipalities:
        wish["municipalities"] = sorted(search.municipalities)
    return wish


def tell_what_lacks(search: Search, text: str) -> None:
    """Somebody says in their own words what is missing. Raises nothing; empty texts are not kept."""
    if text.strip():
        demand_service.note(DemandKind.SEARCH, {**described(search), "text": text.strip()[:1000]})
