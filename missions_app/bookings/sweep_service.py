"""What the worker does for bookings by itself: permits that run out, decisions about the weather, reserve dates that
nobody needs any more. Each letter goes out once, however often the work is done."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any, cast

from missions_app import clock, db
from missions_app.accounts.actor import SYSTEM
from missions_app.accounts.models import User
from missions_app.audit import trail
from missions_app.bookings import coverage, letters, queries, reservations, reserve_days, states
from missions_app.bookings.models import Booking, BookingPermit, PermitState
from missions_app.bookings.steps import method_for
from missions_app.outbox.mail import queue_mail
from missions_app.workflow.method_parts import Text
from missions_app.workflow.method_service import method_in_force

AHEAD = timedelta(days=120)
# How long before the last day to apply the reminder goes out.
BEFORE_APPLYING = timedelta(days=7)
BEFORE_GO = timedelta(hours=24)
NO_PERMITS = ("insurance", "qualification")  # what undermined() names besides the method's permits


def sweep(_payload: Mapping[str, Any]) -> None:
    """Once a day: tell whose permits, insurance or qualifications no longer cover their booking, and who has to apply
    for a permit."""
    now = clock.now()
    for booking in queries.bookings_to_come(now, now + AHEAD):
        with db.transaction():
            _tell_undermined(booking)
            _remind_of_permits(booking)


def tend_weather(_payload: Mapping[str, Any]) -> None:
    """Once an hour: ask for decisions about the weather, and give back reserve dates of use that is over."""
    now = clock.now()
    with db.transaction():
        for booking in queries.bookings_to_decide(now, now + BEFORE_GO):
            for user in _both_sides(booking):
                queue_mail(
                    user.email, "booking_weather", locale=user.locale, reference=booking.reference,
                    decide_at=_iso(booking.go_no_go_at), starts_at=_iso(_start(booking)),
                    days=reserve_days.held_days(booking),
                    dedupe_key=f"booking_weather:{booking.id}:{_iso(booking.go_no_go_at)}:{user.id}",
                )  # fmt: skip
    _free_past_reserves(now)


def _free_past_reserves(now: datetime) -> None:
    with db.transaction():
        lines = queries.lines_over_with_reserves(now)
        if lines:
            reservations.lock_lines(lines)
            for line in lines:
                reservations.release_reserves(line)
            for booking in {line.booking_id: line.booking for line in lines}.values():
                trail.record("booking.reserves_freed", booking, by=SYSTEM)


def undermined(
    booking: Booking, there: Sequence[BookingPermit] | None = None, lacking: Sequence[object] | None = None
) -> list[str]:
    """What was in order and no longer covers the booking's time: the method's keys of permits, "insurance" and
    "qualification".

    Args:
        there, lacking: its permits and what coverage.unqualified says of it, where somebody has read them already.
    """
    there = queries.permits_of(booking) if there is None else there
    granted = {one.permit for one in there if one.state is PermitState.GRANTED}
    lost = [key for key in coverage.uncovered_permits(booking, there) if key in granted]
    lost += [] if coverage.is_insured(booking) else ["insurance"]
    lacking = coverage.unqualified([booking]).get(booking.id, []) if lacking is None else lacking
    return [*lost, "qualification"] if lacking else lost


def _tell_undermined(booking: Booking) -> None:
    lacking = coverage.unqualified([booking]).get(booking.id, [])
    lost = undermined(booking, lacking=lacking)
    if not lost:
        return
    names: dict[str, Text] = {str(one.params["name"]): cast(Text, one.params["name"]) for _line, one in lacking}
    told = [*(key for key in lost if key != "qualification"), *(one.sv for one in names.values())]
    method = method_in_force()
    for user in _both_sides(booking):
        queue_mail(
            user.email, "booking_undermined", locale=user.locale, reference=booking.reference,
            permits=[method.term("permit", key).label.in_(user.locale) for key in lost if key not in NO_PERMITS],
            qualifications=[one.in_(user.locale) for one in names.values()],
            insurance_until=booking.insurance_valid_to.isoformat()
            if "insurance" in lost and booking.insurance_valid_to
            else "",
            starts_at=_iso(_start(booking)),
            dedupe_key=f"booking_undermined:{booking.id}:{user.id}:{_iso(_start(booking))}:{','.join(told)}"[:200],
        )  # fmt: skip


def apply_by(row: BookingPermit) -> date | None:
    """The last day to apply for a permit if it is to come before the booking; None when nothing is left of it."""
    period = coverage.period_of(row.booking)
    declared = method_for(row.booking).term("permit", row.permit)
    return period[0] - timedelta(days=declared.lead_days) if period else None  # type: ignore[attr-defined]


def _remind_of_permits(booking: Booking) -> None:
    for row in queries.permits_of(booking):
        last = apply_by(row)
        if row.state is not PermitState.NEEDED or last is None or clock.today() < last - BEFORE_APPLYING:
            continue
        for user in letters.askers(booking):
            declared = method_for(booking).term("permit", row.permit)
            queue_mail(
                user.email, "booking_permit_due", locale=user.locale, reference=booking.reference,
                permit=declared.label.in_(user.locale), last_day=last.isoformat(), is_late=last < clock.today(),
                dedupe_key=f"booking_permit_due:{row.id}:{last}:{last < clock.today()}:{user.id}",
            )  # fmt: skip


def _both_sides(booking: Booking) -> Iterable[User]:
    people = (*letters.askers(booking), *letters.managers(states.standing(booking.lines)))
    return {user.id: user for user in people}.values()


def _start(booking: Booking) -> datetime:
    """When it begins, as a letter says it: what is given back, or waits for another day, has no time."""
    return min(line.starts_at for line in booking.moving or booking.lines)


def _iso(moment: datetime | None) -> str:
    return moment.isoformat() if moment else ""
