"""The day of use: checking in and out, what went otherwise, and closing the booking."""

from datetime import timedelta

from missions_app import clock, db
from missions_app.accounts.actor import Actor
from missions_app.accounts.policy import permit
from missions_app.audit import trail
from missions_app.bookings import permits, policy, queries, reservations, states
from missions_app.bookings.errors import Incomplete, NoSuchStep, PermitsMissing, TooEarly
from missions_app.bookings.models import Booking, Deviation, Line, LineState
from missions_app.bookings.rules import missing_answers
from missions_app.workflow.method_service import method_in_force, method_of

EARLY = timedelta(hours=2)


def uncovered_permits(booking: Booking) -> list[str]:
    """The permits of a booking that do not cover the whole of its time, by the method's keys."""
    live = [line for line in booking.lines if line.state not in states.OVER]
    if not live:
        return []
    first = min(line.starts_at for line in live).astimezone(clock.zone()).date()
    last = max(line.ends_at for line in live).astimezone(clock.zone()).date()
    return [
        one.permit
        for one in queries.permits_of(booking)
        if not permits.covers(one.state.value, one.valid_from, one.valid_until, one.reason, first, last)
    ]


def check_in(line: Line, *, people: int | None, by: Actor, expected_version: int) -> None:
    """Begin the use: open from two hours before, and only when every permit covers the whole time.

    Raises:
        NotAllowed, NoSuchStep, TooEarly, PermitsMissing, StaleVersion.
    """
    permit(_may_use, by, line)
    with db.transaction():
        db.expect_version(line, expected_version)
        _step(line, LineState.ONGOING)
        if clock.now() < line.starts_at - EARLY:
            raise TooEarly(at=line.starts_at - EARLY)
        if uncovered_permits(line.booking):
            raise PermitsMissing()
        line.state, line.checked_in_at, line.people_present = LineState.ONGOING, clock.now(), people
        trail.record("booking.checked_in", line.booking, by=by, line=line.id)


@db.retried
def check_out(line: Line, *, by: Actor, expected_version: int) -> None:
    """End the use; what is left of the time is free for others at once."""
    permit(_may_use, by, line)
    with db.transaction():
        reservations.lock_lines([line])
        db.expect_version(line, expected_version)
        _step(line, LineState.COMPLETED)
        now = clock.now()
        line.state, line.checked_out_at = LineState.COMPLETED, now
        end = now + timedelta(minutes=line.resource.cleanup_minutes)
        if now < line.ends_at:
            reservations.shorten(line, end)
        trail.record("booking.checked_out", line.booking, by=by, line=line.id)


def close(line: Line, *, by: Actor, expected_version: int) -> None:
    """The site's manager confirms that everything is in order."""
    permit(policy.manages_line, by, line)
    with db.transaction():
        db.expect_version(line, expected_version)
        _step(line, LineState.CLOSED)
        line.state = LineState.CLOSED
        trail.record("booking.closed", line.booking, by=by, role=states.MANAGER, line=line.id)


@db.retried
def no_show(line: Line, *, by: Actor, expected_version: int) -> None:
    """Nobody came within the method's grace: the time is given back."""
    permit(policy.manages_line, by, line)
    with db.transaction():
        reservations.lock_lines([line])
        db.expect_version(line, expected_version)
        _step(line, LineState.NO_SHOW)
        grace = timedelta(minutes=method_in_force().limits.no_show_grace_minutes)
        if clock.now() < line.starts_at + grace:
            raise TooEarly(at=line.starts_at + grace)
        line.state = LineState.NO_SHOW
        reservations.release(line)
        trail.record("booking.no_show", line.booking, by=by, role=states.MANAGER, line=line.id)


def note_deviation(booking: Booking, *, text: str, is_incident: bool, by: Actor) -> Deviation:
    """Write down something that went otherwise than planned."""
    permit(policy.can_read, by, booking)
    with db.transaction() as session:
        if not text.strip():
            raise Incomplete.of(missing_answers({}, ["text"]))
        deviation = Deviation(
            booking=booking, text=text.strip(), is_incident=is_incident, noted_at=clock.now(), noted_by_id=by.user_id
        )
        session.add(deviation)
        trail.record("booking.deviation_noted", booking, by=by, incident=is_incident)
        return deviation


def _may_use(actor: Actor, line: Line) -> bool:
    return policy.can_change(actor, line.booking) or policy.manages_line(actor, line)


def _step(line: Line, to: LineState) -> None:
    experiment = line.booking.experiment
    method = method_of(experiment.journey.method_version) if experiment else method_in_force()
    if not any(states.declared(method, line.state, to, role) for role in (states.LEAD, states.MANAGER)):
        raise NoSuchStep(state=method.term("booking_state", line.state.value).label)
