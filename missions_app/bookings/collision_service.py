"""Collisions of outside calendars with bookings: the site's manager keeps, moves or cancels the booking, or
lets its reserve date go."""

from collections.abc import Callable, Sequence

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import joinedload

from missions_app import clock, db
from missions_app.accounts.actor import Actor
from missions_app.accounts.policy import permit
from missions_app.audit import trail
from missions_app.bookings import (
    approval_service,
    cancel_service,
    change_service,
    letters,
    policy,
    reservations,
    reserve_days,
    sending,
    states,
)
from missions_app.bookings.intervals import Interval
from missions_app.bookings.models import Booking, Line, LineState
from missions_app.bookings.outside_models import (
    ConflictState,
    OutsideConflict,
    OutsideEvent,
)
from missions_app.bookings.steps import method_for
from missions_app.errors import Conflict, InvalidInput, NotFound, Problem
from missions_app.i18n import N_
from missions_app.sites.models import Resource

LEAST_REASON = 10


class AlreadySettled(Conflict):
    """Somebody has decided about the collision."""

    code = "already_settled"
    message = "Somebody has decided about this already."


def open_cases(site_ids: Sequence[int]) -> Sequence[OutsideConflict]:
    """Collisions at some sites that nobody has decided about, by the booking's start."""
    return db.session.scalars(_open().where(Resource.site_id.in_(site_ids))).all()


def open_cases_of(booking: Booking) -> Sequence[OutsideConflict]:
    """Collisions of one booking that nobody has decided about, by its lines' start."""
    return db.session.scalars(_open().where(Line.booking_id == booking.id)).all()


def _open() -> Select[OutsideConflict]:
    """What is still to be decided; what has passed is not."""
    return (
        select(OutsideConflict)
        .join(Line, Line.id == OutsideConflict.line_id)
        .join(Resource, Resource.id == Line.resource_id)
        .join(OutsideEvent, OutsideEvent.id == OutsideConflict.event_id)
        .where(
            OutsideConflict.state == ConflictState.OPEN,
            OutsideEvent.ends_at > clock.now(),
            or_(Line.ends_at > clock.now(), OutsideEvent.starts_at > clock.now()),
        )
        .options(
            joinedload(OutsideConflict.event).joinedload(OutsideEvent.calendar),
            joinedload(OutsideConflict.line).joinedload(Line.booking).joinedload(Booking.organisation),
            joinedload(OutsideConflict.line).joinedload(Line.resource).joinedload(Resource.site),
        )
        .order_by(Line.starts_at, OutsideConflict.id)
    )


def get_case(case_id: int) -> OutsideConflict:
    """A collision, or NotFound."""
    found = db.session.get(OutsideConflict, case_id)
    if found is None:
        raise NotFound()
    return found


def ways_out(case: OutsideConflict) -> list[ConflictState]:
    """What a manager can do about a collision: a time that is only asked for or depends on conditions cannot be moved
    by the owner."""
    line = case.line
    if reserve_day_of(case):
        return [ConflictState.KEPT, ConflictState.MOVED]
    method = method_for(line.booking)
    may = {to: states.declared(method, line.state, to, states.MANAGER) for to in LineState}
    found = [ConflictState.KEPT]
    found += [ConflictState.MOVED] if may[LineState.POSTPONED] else []
    found += [ConflictState.CANCELLED] if may[LineState.CANCELLED] or is_request(line) else []
    return found


def is_request(line: Line) -> bool:
    """Whether a line waits for the owner's answer, and therefore is declined and not cancelled."""
    return line.state in (LineState.SUBMITTED, LineState.NEEDS_INFO)


def _no_way_out() -> InvalidInput:
    return InvalidInput.of([Problem("unknown_choice", N_("Choose one of the alternatives."), "to")])


def keep_booking(case: OutsideConflict, *, reason: str, by: Actor, expected_version: int) -> None:
    """The booking stays; the outside event has to give way."""
    _settle(case, ConflictState.KEPT, reason, by, expected_version, lambda: None)


def move_booking(case: OutsideConflict, use: Interval, *, reason: str, by: Actor, expected_version: int) -> None:
    """The booking gets another time, and the outside event takes the old one.

    Raises:
        NotAllowed, StaleVersion, AlreadySettled, InvalidInput (no way out of this collision: only the reserve date has
        been met), and as change_service.move_line.
    """
    line = case.line

    def act() -> None:
        if reserve_day_of(case) is not None:
            raise _no_way_out()
        change_service.move_line(line, use, reason=reason, by=by, expected_version=line.version)

    _settle(case, ConflictState.MOVED, reason, by, expected_version, act)


def reserve_day_of(case: OutsideConflict) -> str | None:
    """The reserve date that an outside event has met, when the booking's own time is elsewhere."""
    event = Interval(case.event.starts_at, case.event.ends_at)
    if sending.wish_of(case.line).occupied.overlaps(event):
        return None
    met = (
        day
        for day in case.line.booking.reserve_dates
        if (use := reserve_days.use_on(case.line, day)) and sending.wish_of(case.line, use).occupied.overlaps(event)
    )
    return next(met, None)


def give_up_reserve_date(case: OutsideConflict, *, reason: str, by: Actor, expected_version: int) -> None:
    """The booking keeps its own time and lets the reserve date go, for all of its lines; those who booked are told."""
    booking, day = case.line.booking, reserve_day_of(case)
    if day is None:
        raise NotFound()

    def act() -> None:
        change_service.give_up_reserve_date(booking, day)
        letters.tell_reserve_given_up(booking, day, reason=reason.strip(), by_id=by.user_id)

    _settle(case, ConflictState.MOVED, reason, by, expected_version, act)


def cancel_booking(case: OutsideConflict, *, reason: str, by: Actor, expected_version: int) -> None:
    """The booking is cancelled by the owner, or declined when it waits for an answer, and the outside event takes its
    time."""
    line = case.line

    def act() -> None:
        if is_request(line):
            approval_service.decide_line(line, LineState.DECLINED, reason=reason, by=by, expected_version=line.version)
            return
        cancel_service.cancel_line(line, reason=reason, by=by, expected_version=line.version)

    _settle(case, ConflictState.CANCELLED, reason, by, expected_version, act)


@db.retried
def _settle(
    case: OutsideConflict, to: ConflictState, reason: str, by: Actor, expected_version: int, act: Callable[[], None]
) -> None:
    permit(policy.manages_line, by, case.line)
    with db.transaction():
        reservations.lock_lines(case.line.booking.lines)
        if case.state is not ConflictState.OPEN:
            raise AlreadySettled()
        db.expect_version(case, expected_version)
        if len(reason.strip()) < LEAST_REASON:
            text = N_("Write why, in at least %(least)d characters.")
            raise InvalidInput.of([Problem("reason_missing", text, "reason", {"least": LEAST_REASON})])
        if to not in ways_out(case):
            raise _no_way_out()
        act()
        case.state, case.reason = to, reason.strip()
        case.settled_at, case.settled_by_id = clock.now(), by.user_id
        trail.record("outside_conflict.settled", case.line.booking, by=by, role="site_manager", case=case.id,
                     to_state=to.value, reason=reason.strip())  # fmt: skip
