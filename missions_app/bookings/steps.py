"""Which step of the method a line may take, and the refusal when it may not."""

from missions_app import clock
from missions_app.bookings import states
from missions_app.bookings.errors import NeedsNewDay, NoSuchStep, UseIsOver
from missions_app.bookings.models import Booking, Line, LineState
from missions_app.errors import Conflict
from missions_app.workflow.method import Method
from missions_app.workflow.method_service import method_in_force, method_of


def method_for(booking: Booking) -> Method:
    """The method a booking follows: its experiment's, or the one in force."""
    return method_of(booking.experiment.journey.method_version) if booking.experiment else method_in_force()


def no_step(line: Line) -> NoSuchStep:
    """The refusal that names the state a line is in."""
    return NoSuchStep(state=method_for(line.booking).term("booking_state", line.state.value).label)


def require_step(line: Line, to: LineState, *roles: str) -> None:
    """Refuse unless the method lets one of the roles take the line there."""
    if not any(states.declared(method_for(line.booking), line.state, to, role) for role in roles):
        raise no_step(line)


def no_answer(line: Line) -> Conflict:
    """Why a line cannot be answered as its owner wants to: its state, or that it rests without a day."""
    return NeedsNewDay() if line.state is LineState.POSTPONED else no_step(line)


def require_answer(line: Line, to: LineState) -> None:
    """Refuse unless its owner may answer a line with that."""
    if to not in states.answers_to(method_for(line.booking), line.state):
        raise no_answer(line)


def is_over(line: Line) -> bool:
    """Whether what was confirmed has been, and nobody has said how it was used."""
    return line.state is LineState.APPROVED and line.ends_at <= clock.now()


def why_kept(line: Line) -> Conflict:
    """Why a time cannot be given back now: it has been, or its state."""
    return UseIsOver() if is_over(line) else no_step(line)
