"""What waits for site managers and for those who have booked."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date, datetime

from missions_app import clock
from missions_app.accounts.actor import Actor
from missions_app.accounts.tasks import Task
from missions_app.bookings import awaiting, collision_service, coverage, day_queries, occupancy, queries, sweep_service
from missions_app.bookings.as_one import as_one, dates_of
from missions_app.bookings.models import Booking, BookingPermit, Line, LineState, PermitState
from missions_app.i18n import N_


def tasks_for(actor: Actor) -> list[Task]:
    """Requests to answer at one's sites; of one's own, points to answer, refusals to make good, conditions to tick off,
    permits to get and visits to finish."""
    if actor.user_id is None:
        return []
    sites = [int(key) for key in actor.scopes_of("site_manager", "site")]
    return [
        *_to_answer(sites, actor.user_id),
        *_collisions(sites),
        *_to_close(sites),
        *_unaccounted(actor.user_id, sites),
        *_to_complete(actor.user_id),
        *_lacking(actor.user_id),
        *_conditions(actor.user_id),
        *_permits(actor.user_id),
        *_undermined(actor.user_id, sites),
        *_weather(actor.user_id, sites),
    ]


def _line(line: Line, number: int, title: str, reason: str, *, due: datetime | None = None) -> Task:
    """What waits for a line, or for so many dates of its series."""
    return Task(
        title=title, title_params={"resource": dates_of(line, number), "reference": line.booking.reference},
        reason=reason, endpoint="bookings.show_booking",
        values={"reference": line.booking.reference, "_anchor": f"line-{line.id}"},
        due=clock.day_of(due or line.starts_at), reference=line.booking.reference,
    )  # fmt: skip


def _to_answer(site_ids: list[int], user_id: int) -> Iterable[Task]:
    waiting = queries.lines_waiting(site_ids)
    held = occupancy.held_until(waiting)
    for line, number in as_one(waiting):
        is_own = user_id in (line.booking.requested_by_id, line.booking.booked_for_id)
        if is_own and line.state is not LineState.POSTPONED:
            continue  # a colleague answers
        match line.state:
            case LineState.POSTPONED:
                yield _line(
                    line, number, N_("Give %(resource)s (%(reference)s) a new day"),
                    N_("It was postponed without one."),
                )  # fmt: skip
            case LineState.CONDITIONAL:
                task = _line(
                    line, number, N_("Confirm %(resource)s (%(reference)s)"), N_("Every condition is ticked off.")
                )
                yield _of_series(task, line)
            case _:
                task = _line(
                    line, number, N_("Answer the request for %(resource)s (%(reference)s)"),
                    N_("The time is held until then.") if line.resource.requests_hold else N_("Nothing is held."),
                    due=_latest(line, held),
                )  # fmt: skip
                yield _of_series(task, line)


def _of_series(task: Task, line: Line) -> Task:
    """The same on the page where the dates of a series are answered in one step."""
    if line.series_id is None:
        return task
    values = {"reference": line.booking.reference, "series_id": str(line.series_id)}
    return replace(task, endpoint="bookings.show_series", values=values)


def _latest(line: Line, held: Mapping[int, datetime]) -> datetime:
    """When an answer comes too late: the hold has ended, or the use has begun."""
    return min(held.get(line.id, line.starts_at), line.starts_at)


def _collisions(site_ids: list[int]) -> Iterable[Task]:
    for case in collision_service.open_cases(site_ids):
        line = case.line
        yield Task(
            title=N_("Decide about %(resource)s (%(reference)s): an outside calendar has the same time"),
            title_params={"resource": line.resource.name, "reference": line.booking.reference},
            reason=N_("%(calendar)s, %(day)s. The booking stays until you decide."),
            reason_params={"calendar": case.event.calendar.name, "day": case.event.starts_at},
            endpoint="bookings.settle_case",
            values={"case_id": str(case.id)}, due=clock.day_of(min(line.starts_at, case.event.starts_at)),
            reference=line.booking.reference,
        )  # fmt: skip


def _to_close(site_ids: list[int]) -> Iterable[Task]:
    for line, number in as_one(day_queries.lines_to_close(site_ids)):
        yield _line(
            line,
            number,
            N_("Close the use of %(resource)s (%(reference)s)"),
            N_("The users have checked out. Is all in order?"),
        )


def _unaccounted(user_id: int, site_ids: list[int]) -> Iterable[Task]:
    for line, number in as_one(day_queries.lines_unaccounted(user_id, site_ids, clock.now())):
        came = line.state is LineState.ONGOING
        yield _line(
            line,
            number,
            N_("Enter how %(resource)s (%(reference)s) was used"),
            N_("The time is over and nobody has checked out.")
            if came
            else N_("The time is over and nobody has checked in."),
            due=line.ends_at,
        )


def _to_complete(user_id: int) -> Iterable[Task]:
    asked = queries.lines_asked_about(user_id)
    held = occupancy.held_until(asked)
    for line, number in as_one(asked):
        yield _line(line, number, N_("Complete the request for %(resource)s (%(reference)s)"),
                    N_("The owner asks for more."), due=_latest(line, held))  # fmt: skip


def _lacking(user_id: int) -> Iterable[Task]:
    now = clock.now()
    for booking in awaiting.open_bookings(user_id, now):
        first = min(line.starts_at for line in booking.lines if line.state in awaiting.KEPT and line.starts_at > now)
        if refused := awaiting.refused(booking, now):
            yield _line(
                refused, 1, N_("Choose in place of %(resource)s (%(reference)s), or go on without it"),
                N_("The answer was no. The rest is still held for you.")
                if refused.state is LineState.DECLINED
                else N_("No answer came in time. The rest is still held for you."),
                due=first,
            )  # fmt: skip
        if added := awaiting.unsent(booking):
            yield _line(
                added, 1, N_("Send what you have added to %(reference)s: %(resource)s"),
                N_("It holds no time until you send it."), due=min(first, added.starts_at),
            )  # fmt: skip


def _conditions(user_id: int) -> Iterable[Task]:
    for line, number in as_one(awaiting.lines_with_conditions(user_id, clock.now())):
        yield _line(
            line, number, N_("Tick off the owner's conditions for %(resource)s (%(reference)s)"),
            N_("The owner confirms when every one is ticked off."),
        )  # fmt: skip


def _permits(user_id: int) -> Iterable[Task]:
    for permit, line in queries.open_permits(user_id, clock.now()):
        yield Task(
            title=N_("See to the permits of %(reference)s"), title_params={"reference": permit.booking.reference},
            reason=N_("Check-in opens only when each is valid or judged not needed."), endpoint="bookings.show_booking",
            values={"reference": permit.booking.reference}, due=_permit_due(permit, line),
            reference=permit.booking.reference,
        )  # fmt: skip


def _permit_due(permit: BookingPermit, line: Line) -> date:
    """The last day to apply for it; when that is done, the first day of use."""
    last = sweep_service.apply_by(permit) if permit.state is PermitState.NEEDED else None
    return last or clock.day_of(line.starts_at)


def _undermined(user_id: int, site_ids: list[int]) -> Iterable[Task]:
    bookings = queries.bookings_confirmed(user_id, site_ids, clock.now())
    there, lacking = queries.permits_by_booking([one.id for one in bookings]), coverage.unqualified(bookings)
    for booking in bookings:
        if sweep_service.undermined(booking, there[booking.id], lacking.get(booking.id, [])):
            yield _booking(
                booking,
                N_("Permits, insurance or qualifications of %(reference)s no longer cover it"),
                N_("Check-in stays closed until they do."),
                min(line.starts_at for line in booking.moving),
            )


def _weather(user_id: int, site_ids: list[int]) -> Iterable[Task]:
    now = clock.now()
    for booking in queries.bookings_to_decide(now, now + sweep_service.BEFORE_GO, with_late=True):
        mine = user_id in (booking.requested_by_id, booking.booked_for_id)
        if booking.go_no_go_at and (mine or any(line.resource.site_id in site_ids for line in booking.lines)):
            yield _booking(
                booking,
                N_("Decide whether %(reference)s goes ahead"),
                N_("The weather decides, and others wait for the reserve dates.")
                if booking.reserve_dates
                else N_("The weather decides, and both sides wait to be told."),
                booking.go_no_go_at,
                part="weather",
            )


def _booking(booking: Booking, title: str, reason: str, due: datetime, *, part: str = "turn") -> Task:
    return Task(
        title=title, title_params={"reference": booking.reference}, reason=reason, endpoint="bookings.show_booking",
        values={"reference": booking.reference, "_anchor": part}, due=clock.day_of(due), reference=booking.reference,
    )  # fmt: skip
