"""When nothing is found: which single wish to give up. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from missions_app.bookings.finding import DAYTIME, EVERY_DAY, Finder, Search
from missions_app.bookings.intervals import Interval
from missions_app.bookings.needs import Need
from missions_app.bookings.suggestions import Suggestion

HOUR = timedelta(hours=1)
# The lengths, in hours, and how many days ahead one usually asks for.
LENGTHS = (1, 2, 3, 4, 6, 8, 10, 24, 48, 72, 120, 168)
AHEAD = (30, 90, 180)


@dataclass(frozen=True, slots=True)
class Relaxed:
    """A wish that stands in the way: what happens without it. `wish` names it; `value` is what was asked for."""

    wish: str
    value: object
    search: Search
    found: int
    first: Suggestion


def window_of(finder: Finder) -> Interval:
    """What has to be known about to say which wish to give up: further ahead than what was asked for."""
    window = finder.window()
    return Interval(window.start, window.end + timedelta(days=max(0, AHEAD[-1] - finder.search.days)))


def relaxations(finder: Finder) -> list[Relaxed]:
    """Which single wish to give up, when nothing is found: the one that leads soonest to a time comes first."""
    found: list[Relaxed] = []
    for wish, value, search in _weaker(finder.search):
        if wish == "length" and any(one.wish == wish for one in found):
            continue  # the longest that can be had says it
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
    half = search.length
    while half > HOUR:
        half = max([HOUR, *(one * HOUR for one in LENGTHS if 2 * one * HOUR <= half)])
        yield "length", half, replace(search, length=half)
    if search.days < AHEAD[-1]:
        yield "days", search.days, replace(search, days=AHEAD[-1])


def _weaker_need(search: Search, number: int, need: Need) -> Iterator[tuple[str, object, Search]]:
    before, after = search.needs[:number], search.needs[number + 1 :]
    anything: tuple[tuple[str, Any], ...] = (("people", None), ("depth", None), ("power", None), ("units", 1))
    for name, nothing in anything:
        if (value := getattr(need, name)) != nothing:
            yield name, value, replace(search, needs=(*before, replace(need, **{name: nothing}), *after))
    if before or after:
        yield "need", need.text or need.exactly, replace(search, needs=(*before, *after))
