"""The states of a booking's line and which changes the method declares. Pure."""

from collections.abc import Sequence

from missions_app.bookings.models import Line, LineState
from missions_app.workflow.method import Method

LEAD, MANAGER, SYSTEM = "experiment_lead", "site_manager", "system"
ORDER = (
    LineState.ONGOING, LineState.POSTPONED, LineState.NEEDS_INFO, LineState.SUBMITTED, LineState.CONDITIONAL,
    LineState.APPROVED, LineState.DRAFT, LineState.COMPLETED, LineState.CLOSED, LineState.NO_SHOW, LineState.DECLINED,
    LineState.EXPIRED, LineState.CANCELLED,
)  # fmt: skip
# What an owner answers a request with.
ANSWERS = (LineState.APPROVED, LineState.CONDITIONAL, LineState.NEEDS_INFO, LineState.DECLINED)
OVER = (LineState.DECLINED, LineState.CANCELLED, LineState.EXPIRED, LineState.NO_SHOW)


def declared(method: Method, before: LineState, after: LineState, by: str) -> bool:
    """Whether the method lets this role take a line from one state to another."""
    return any(
        step.from_state == before.value and step.to == after.value and step.by == by
        for step in method.booking_transition
    )


def answers_to(method: Method, before: LineState) -> list[LineState]:
    """What an owner may answer a line in some state with, one date of a series as any other line. What rests waits for
    another day and not for a yes: its old time is others'."""
    if before is LineState.POSTPONED:
        return []
    return [to for to in ANSWERS if declared(method, before, to, MANAGER)]


def booking_state(lines: Sequence[LineState]) -> LineState:
    """The booking's state: that of the line that most needs somebody's attention; lines that are over count last."""
    return min(lines, key=ORDER.index) if lines else LineState.DRAFT


def is_cancelled(lines: Sequence[LineState]) -> bool:
    """Whether nothing is left of a booking."""
    return bool(lines) and all(one in OVER for one in lines)


def can_grow(lines: Sequence[LineState]) -> bool:
    """Whether something may be added: nothing is in use yet, and something is left."""
    used = (LineState.ONGOING, LineState.COMPLETED, LineState.CLOSED, LineState.NO_SHOW)
    return not any(one in used for one in lines) and not all(one is LineState.CANCELLED for one in lines)


def standing(lines: Sequence[Line]) -> list[Line]:
    """Lines that are not over: whose owners have to do with what becomes of the rest."""
    return [line for line in lines if line.state not in OVER]


def gaps(lines: Sequence[Line]) -> list[Line]:
    """Lines that were refused or not answered in time, that nothing stands in for and nobody has gone on without."""
    filled = {line.replaces_id for line in lines if line.state not in OVER}
    refused = [line for line in lines if line.state in (LineState.DECLINED, LineState.EXPIRED)]
    return [line for line in refused if line.gone_without_at is None and line.id not in filled]
