"""Giving time back: by those who asked, by the owner, with a mission that stops, and when nobody answered."""

from collections.abc import Sequence
from typing import Any

from missions_app import clock, db
from missions_app.accounts.actor import Actor
from missions_app.accounts.policy import permit
from missions_app.audit import trail
from missions_app.bookings import late_fees, letters, policy, queries, reservations, sending, states
from missions_app.bookings.errors import Incomplete
from missions_app.bookings.models import Booking, Line, LineState
from missions_app.bookings.steps import is_over, method_for, why_kept
from missions_app.missions.models import Mission
from missions_app.workflow.models import GateDecision

# One may check in some hours early: that time has begun, whatever its start says.
BEGUN = (LineState.ONGOING, LineState.COMPLETED, LineState.CLOSED)


def stops_cancelling(booking: Booking) -> Line | None:
    """The line that keeps those who booked from cancelling a whole booking: one that has begun, or any when nothing is
    left; None when all that is left may be cancelled."""
    live = [line for line in booking.lines if line.state not in states.OVER]
    held = [line for line in live if not can_cancel_line(line, states.LEAD)]
    return next(iter(held if live else booking.lines), None)


def can_cancel_line(line: Line, role: str) -> bool:
    """Whether a line is in a state that the role may cancel it from; a draft is its writers' own to give up."""
    if line.state is LineState.DRAFT:
        return role == states.LEAD
    return not is_over(line) and states.declared(method_for(line.booking), line.state, LineState.CANCELLED, role)


@db.retried
def cancel_booking(booking: Booking, *, reason: str, by: Actor, expected_version: int) -> None:
    """Give all of the time back.

    Raises:
        NotAllowed, StaleVersion, NoSuchStep (nothing is left to cancel, or it has begun), UseIsOver.
    """
    permit(policy.can_change, by, booking)
    with db.transaction():
        reservations.lock_lines(booking.lines)
        db.expect_version(booking, expected_version)
        if (stopping := stops_cancelling(booking)) is not None:
            raise why_kept(stopping)
        _cancel([line for line in booking.lines if line.state not in states.OVER], reason, by, states.LEAD)


def cancel_lines(lines: Sequence[Line], *, reason: str, by: Actor) -> None:
    """Give back some lines of one booking; the owner of their site may too, with a reason. Joins the open
    transaction; the lines' units are locked by the caller.

    Raises:
        NotAllowed, NoSuchStep, UseIsOver, Incomplete (an owner gives no reason).
    """
    permit(policy.takes_part, by, lines[0])
    by_owner = not policy.can_change(by, lines[0].booking)
    if by_owner and (problems := sending.reason_problems(reason)):
        raise Incomplete.of(problems)
    _cancel(lines, reason, by, states.MANAGER if by_owner else states.LEAD)


@db.retried
def cancel_line(line: Line, *, reason: str, by: Actor, expected_version: int) -> None:
    """Give one line's time back; the owner may too, with a reason.

    Raises:
        NotAllowed, StaleVersion, NoSuchStep, UseIsOver, Incomplete (an owner gives no reason).
    """
    with db.transaction():
        reservations.lock_lines([line])
        db.expect_version(line, expected_version)
        cancel_lines([line], reason=reason, by=by)


def _cancel(lines: Sequence[Line], reason: str, by: Actor, role: str) -> None:
    sent = [line for line in lines if line.state is not LineState.DRAFT]
    fee = 0
    for line in lines:
        if line in sent and not can_cancel_line(line, role):
            raise why_kept(line)
        if role == states.LEAD:
            fee += late_fees.charge(line, None)
        line.state, line.ended_reason = LineState.CANCELLED, reason.strip()
    reservations.release(*lines)
    trail.record("booking.cancelled", lines[0].booking, by=by, role=role, reason=reason.strip(),
                 lines=[line.id for line in lines], fee_ore=fee)  # fmt: skip
    if sent:
        letters.tell_cancelled(
            sent, reason=reason.strip(), by_id=by.user_id, by_owner=role == states.MANAGER, fee_ore=fee
        )


def release_bookings(mission: Mission, decision: GateDecision, by: Actor) -> None:
    """After a mission has stopped or rests: time that has not begun is given back, and those who booked and the owners
    of what had been sent to them are told what and why. An effect of the decision."""
    released = []
    bookings = queries.bookings_of_mission(mission.id)
    reservations.lock_lines([line for booking in bookings for line in booking.lines])
    for booking in bookings:
        gone = (*states.OVER, *BEGUN)
        left = [line for line in booking.lines if line.state not in gone]
        live = [line for line in left if line.starts_at > clock.now() or line.state is LineState.POSTPONED]
        sent = [line for line in live if line.state is not LineState.DRAFT]
        for line in live:
            line.state, line.ended_reason = LineState.CANCELLED, f"{mission.reference}: {decision.reasons}"
        if live:
            reservations.release(*live)
            released.append(booking.reference)
        if sent:
            letters.tell_released(sent, mission, decision, by_id=by.user_id)
    trail.record("bookings.released", mission, by=by, bookings=sorted(set(released)))


@db.retried
def expire_holds(_payload: Any) -> None:
    """Free every hold whose deadline has passed. Whoever meets one does the same; this only does it sooner. What holds
    no time is over with its time."""
    with db.transaction():
        units = queries.units_with_expired_holds(clock.now())
        if units:
            reservations.release_all_expired(units)
        reservations.expire_unheld()
