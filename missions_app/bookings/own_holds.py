"""Time that the waitlist holds for whoever searches: nobody else can have it, and a request of theirs takes it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from missions_app import clock
from missions_app.bookings import waitlist_queries
from missions_app.bookings.bookables import Taken
from missions_app.bookings.grid import Span
from missions_app.bookings.merits import Choice, Reason
from missions_app.bookings.suggestions import Suggestion


@dataclass(frozen=True, slots=True)
class Held:
    """A unit that is held for somebody during a span, until a moment."""

    unit: int
    span: Span
    until: datetime


def held_for(user_id: int | None) -> list[Held]:
    """What open offers hold for somebody: one statement, none for strangers."""
    if user_id is None:
        return []
    return [
        Held(row.unit_id, (int(row.starts_at.timestamp()), int(row.ends_at.timestamp())), row.expires_at)
        for row in waitlist_queries.holds_for(user_id, clock.now())
    ]


def without(taken: Taken, own: Sequence[Held]) -> Taken:
    """What is taken by others. Nothing overlaps on a unit, so its spans tell themselves apart."""
    if not own:
        return taken
    mine = {(one.unit, one.span) for one in own}
    return {unit: [span for span in spans if (unit, span) not in mine] for unit, spans in taken.items()}


def marked(one: Suggestion, taken: Taken, own: Sequence[Held]) -> Suggestion:
    """A suggestion that says when it can be had only because it is held. taken: by others."""
    until = [held.until for choice in one.choices for held in _needed(choice, one, taken, own)]
    if not until:
        return one
    return replace(one, reasons=(Reason("held_for_you", values={"until": min(until)}), *one.reasons))


def _needed(choice: Choice, one: Suggestion, taken: Taken, own: Sequence[Held]) -> Iterator[Held]:
    """What is held without which a part could not be had: of a pool others may be free."""
    bookable = choice.bookable
    occupied = one.use.widened(bookable.terms.setup, bookable.terms.cleanup)
    start, end = int(occupied.start.timestamp()), int(occupied.end.timestamp())
    met = [held for held in own if held.unit in bookable.units and held.span[0] < end and start < held.span[1]]
    everything = {unit: list(taken.get(unit, ())) for unit in bookable.units}
    for held in met:
        everything[held.unit].append(held.span)
    if any(begins < end and start < ends for begins, ends in bookable.taken(everything, choice.need.units)):
        yield from met
