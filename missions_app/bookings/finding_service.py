"""Finding time in the database: everything bookable is read at once, searched in memory, and what is not found is
remembered. Four statements, five when nothing fits; the number does not depend on how much there is."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from missions_app import clock
from missions_app.accounts.actor import Actor
from missions_app.bookings import bookables, demand_service, permits
from missions_app.bookings.bookables import Bookable
from missions_app.bookings.demand_models import DemandKind
from missions_app.bookings.finding import EVERY_DAY, Finder, Search, Suggestion
from missions_app.bookings.intervals import Interval
from missions_app.bookings.merits import Choice, Reason, offered
from missions_app.bookings.permits import Earliest
from missions_app.bookings.relaxing import Relaxed, relaxations
from missions_app.bookings.waiting import first_fit
from missions_app.sites.models import Resource, Site
from missions_app.workflow.method import Method

NEXT_FREE, LEAST_USE = timedelta(days=92), timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Found:
    """The answer to a search. `earliest` is for the best suggestion's place, or as if no permit were held anywhere;
    `unanswered` are the places of needs that nothing at all answers to; `waitable` is what one could wait for;
    `taken` is by unit, in seconds."""

    suggestions: Sequence[Suggestion]
    has_more: bool
    earliest: Earliest
    relaxed: Sequence[Relaxed]
    unanswered: Sequence[int]
    waitable: Sequence[Choice]
    taken: Mapping[int, Sequence[tuple[int, int]]]


def find(
    search: Search, answers: Mapping[str, bool], method: Method, *, most: int = 4, reader: Actor | None = None
) -> Found:  # fmt: skip
    """The best times for what is needed.

    Args:
        answers: to the method's permit questions; they decide from which day each place can be used.
        reader: who searches; what none of their organisations may book is left out.
    """
    is_known = reader is not None and reader.is_signed_in
    everything = bookables.load(*([bookables.open_to(reader.organisations())] if reader and is_known else []))
    offers = [offered(one) for one in everything]
    now, zone, today = clock.now(), clock.zone(), clock.today()
    waits = _waits(everything, answers, method, today)
    days = {site: earliest.day for site, earliest in waits.items() if earliest.decides}
    finder = Finder(search, everything, {}, now=now, zone=zone, earliest=days, offers=offers)
    needed = {one.bookable.resource.id: one.bookable for choices in finder.choices for one in choices}
    if all(finder.choices):
        finder.taken = bookables.taken_between(needed.values(), finder.window())
        suggestions = finder.suggestions(most + 1)
    else:
        suggestions = []
    relaxed: Sequence[Relaxed] = []
    if not suggestions:
        finder.taken = bookables.taken_between(everything, finder.window())
        relaxed = relaxations(finder)
        demand_service.note(DemandKind.SEARCH, described(search))
    best = [_with_permits(one, waits, answers, method) for one in suggestions[:most]]
    place = best[0].choices[0].bookable.resource.site_id if best else None
    earliest = waits[place] if place is not None else permits.earliest(answers, method, today=today)
    unanswered = [number for number, choices in enumerate(finder.choices) if not choices]
    waitable = best[0].choices if best else () if unanswered else [choices[0] for choices in finder.choices]
    return Found(best, len(suggestions) > most, earliest, relaxed, unanswered, waitable, finder.taken)


def next_free(site: Site) -> dict[int, Interval]:
    """The first time within three months at which each resource of a site can be had for the shortest time that it is
    let, by day where it never closes; those that are full are left out. Four statements."""
    there, now = bookables.load(Resource.site_id == site.id), clock.now()
    within = Interval(now, now + NEXT_FREE)
    taken = bookables.taken_between(there, within) if there else {}
    found = {}
    for one in there:
        length = max(one.terms.shortest, LEAST_USE)
        use = first_fit(
            [(one, 1)], taken, within, length=length, shortest=length, weekdays=(), now=now, zone=clock.zone()
        )
        if use is not None:
            found[one.resource.id] = use
    return found


def _waits(
    everything: Sequence[Bookable], answers: Mapping[str, bool], method: Method, today: date
) -> dict[int, Earliest]:
    """The earliest realistic date at each site, by the permits it holds."""
    known: dict[tuple[str, ...], Earliest] = {}
    found: dict[int, Earliest] = {}
    for site in {one.resource.site_id: one.resource.site for one in everything}.values():
        held = tuple(sorted(permits.held_on(site.permits_held, today)))
        if held not in known:
            known[held] = permits.earliest(answers, method, today=today, held=held)
        found[site.id] = known[held]
    return found


def _with_permits(
    one: Suggestion, waits: Mapping[int, Earliest], answers: Mapping[str, bool], method: Method
) -> Suggestion:
    """Say which of the needed permits the place holds on the day."""
    site: Site = one.choices[0].bookable.resource.site
    day = clock.day_of(one.use.end)
    held = permits.held_on(site.permits_held, day)
    have = [permit.label for permit in permits.needed(answers, method) if permit.id in held]
    more = (Reason("permits_held", values={"permits": have}),) if have else ()
    return Suggestion(one.use, one.choices, (*one.reasons, *more), one.price_ore, one.rank)


def described(search: Search) -> dict[str, Any]:
    """A search as it is remembered: what was wished for, nothing about who."""
    wish: dict[str, Any] = {
        "needs": [one.text or one.exactly for one in search.needs],
        "minutes": int(search.length.total_seconds() // 60), "from": search.first.isoformat(),
    }  # fmt: skip
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
