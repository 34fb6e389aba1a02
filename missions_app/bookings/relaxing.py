"""When nothing is found: which single wish to give up. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from missions_app.bookings.finding import DAYTIME, EVERY_DAY, Finder, Search
from missions_app.bookings.needs import Need
from missions_app.bookings.suggestions import Suggestion

HOUR, HALF_HOUR = timedelta(hours=1), timedelta(minutes=30)


@dataclass(frozen=True, slots=True)
class Relaxed:
    """A wish that stands in the way: what happens without it. `wish` names it; `value` is what was asked for."""

    wish: str
    value: object
    search: Search
    found: int
    first: Suggestion


def relaxations(finder: Finder) -> list[Relaxed]:
    """Which single wish to give up, when nothing is found: the one that leads soonest to a time comes first."""
    found = []
    for wish, value, search in _weaker(finder.search):
        weaker = Finder(
            search, finder.bookables, finder.taken, now=finder.now, zone=finder.zone, usable=finder.usable,
            offers=finder.offers, reader=finder.reader,
        )  # fmt: skip
        if suggestions := weaker.suggestions(20):
            places = {one.choices[0].bookable.resource.site_id for one in suggestions}
            found.append(Relaxed(wish, value, search, len(places), min(suggestions, key=lambda one: one.use.start)))
    return sorted(found, key=lambda one: one.first.use.start)


def _weaker(search: Search) -> Iterator[tuple[str, object, Search]]:
    everything: tuple[tuple[str, Any], ...] = (
        ("municipalities", frozenset()), ("kind", ""), ("theme", ""), ("trl", None), ("weekdays", EVERY_DAY),
        ("hours", DAYTIME),
    )  # fmt: skip
    for name, anything in everything:
        if (value := getattr(search, name)) != anything:
            yield name, value, replace(search, **{name: anything})
    for number, need in enumerate(search.needs):
        yield from _weaker_need(search, number, need)
    if search.length > HOUR:
        half = max(HOUR, search.length / 2 // HALF_HOUR * HALF_HOUR)
        yield "length", half, replace(search, length=half)


def _weaker_need(search: Search, number: int, need: Need) -> Iterator[tuple[str, object, Search]]:
    before, after = search.needs[:number], search.needs[number + 1 :]
    anything: tuple[tuple[str, Any], ...] = (("people", None), ("depth", None), ("power", None), ("units", 1))
    for name, nothing in anything:
        if (value := getattr(need, name)) != nothing:
            yield name, value, replace(search, needs=(*before, replace(need, **{name: nothing}), *after))
    if before or after:
        yield "need", need.text or need.exactly, replace(search, needs=(*before, *after))
