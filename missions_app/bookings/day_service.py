"""The day of use: checking in and out, what went otherwise, and closing the booking."""

from datetime import datetime, timedelta

from missions_app import clock, db
from missions_app.accounts.actor import SYSTEM, Actor
from missions_app.accounts.policy import permit
from missions_app.audit import trail
from missions_app.bookings import change_service, coverage, letters, policy, reservations, sending, states
from missions_app.bookings.errors import Incomplete, PermitsMissing, TooEarly, WithinGrace
from missions_app.bookings.models import Booking, Deviation, Line, LineState
from missions_app.bookings.occupancy import terms_of
from missions_app.bookings.rules import OF_USE, missing_answers, people_problems
from missions_app.bookings.steps import method_for, require_step
from missions_app.documents import picture_service
from missions_app.errors import Problem
from missions_app.i18n import N_
from missions_app.sites.models import Site
from missions_app.workflow.method_service import method_in_force

EARLY = timedelta(hours=2)
ON_THE_DAY = (
    LineState.SUBMITTED, LineState.CONDITIONAL, LineState.APPROVED, LineState.ONGOING, LineState.COMPLETED,
    LineState.CLOSED,
)  # fmt: skip
TO_COME = (LineState.SUBMITTED, LineState.NEEDS_INFO, LineState.CONDITIONAL, LineState.APPROVED, LineState.POSTPONED)


def grace_of(site: Site) -> timedelta:
    """How long after the start a site waits before it may say that nobody came: its own, or the method's."""
    own = site.details.get("no_show_grace_minutes")
    minutes = own if isinstance(own, int) else method_in_force().limits.no_show_grace_minutes
    return timedelta(minutes=minutes)


@db.retried
def check_in(line: Line, *, people: int | None, by: Actor, expected_version: int, at: datetime | None = None) -> None:
    """Begin the use: open from two hours before, and only when every permit covers the whole time and whoever uses it
    holds what the owner asks for. When the last line begins, the reserve dates are no longer needed and are given back.

    Args:
        people: how many came; as many as were booked unless it says otherwise.
        at: when they came, where it is entered afterwards; else it is now.

    Raises:
        NotAllowed, NoSuchStep, TooEarly, PermitsMissing, StaleVersion, Incomplete (not qualified, too many people, the
        time is over, or `at` has not been).
    """
    permit(policy.takes_part, by, line)
    with db.transaction():
        reservations.lock_lines(line.booking.lines)
        db.expect_version(line, expected_version)
        require_step(line, LineState.ONGOING, states.LEAD, states.MANAGER)
        came = _moment(at, "came")
        if came < line.starts_at - EARLY:
            raise TooEarly(at=line.starts_at - EARLY)
        if came >= line.ends_at:
            text = N_("The time is over. Write when they came and left.")
            if at is not None:
                text = N_("The booked time was over %(at)s. Write when they came, before that.")
            raise Incomplete.of([Problem("use_is_over", text, "came", {"at": line.ends_at})])
        if coverage.uncovered_permits(line.booking):
            raise PermitsMissing()
        people = line.booking.people_on_site if people is None else people
        _require_users(line, people)
        line.state, line.checked_in_at, line.people_present = LineState.ONGOING, came, people
        if not any(one.state in TO_COME for one in line.booking.lines):
            change_service.free_reserve_dates(line.booking)
        trail.record("booking.checked_in", line.booking, by=by, line=line.id)


def _moment(at: datetime | None, field: str) -> datetime:
    """Now, or a moment that has been."""
    if at is not None and at > clock.now():
        raise Incomplete.of([Problem("in_the_future", N_("That has not been yet. Write when it was."), field)])
    return at or clock.now()


def _require_users(line: Line, people: int | None) -> None:
    """Whoever uses it is qualified today, and there is room for all who have come."""
    problems = sending.set_aside(line, sending.rule_problems(line), by=SYSTEM, reason="")
    left = [one for one in problems if one.code in OF_USE]
    left += [one for one in people_problems(people, terms_of(line.resource)) if one not in left]
    if left:
        raise Incomplete.of(left)


@db.retried
def check_out(line: Line, *, by: Actor, expected_version: int, at: datetime | None = None) -> None:
    """End the use; what is left of its time and reserve dates is free for others at once. at: when they left, where it
    is entered afterwards; else it is now.

    Raises:
        NotAllowed, NoSuchStep, StaleVersion, Incomplete (`at` has not been, or is before they came).
    """
    permit(policy.takes_part, by, line)
    with db.transaction():
        reservations.lock_lines([line])
        db.expect_version(line, expected_version)
        require_step(line, LineState.COMPLETED, states.LEAD, states.MANAGER)
        left = _moment(at, "left")
        if line.checked_in_at is None or left < line.checked_in_at:
            raise Incomplete.of([Problem("period_reversed", N_("The time must end after it begins."), "left")])
        line.state, line.checked_out_at = LineState.COMPLETED, left
        end = left + timedelta(minutes=line.resource.cleanup_minutes + line.extra_cleanup_minutes)
        if left < line.ends_at:
            reservations.shorten(line, end)
        reservations.release_reserves(line)
        trail.record("booking.checked_out", line.booking, by=by, line=line.id)


@db.retried
def enter_afterwards(
    line: Line, *, came: datetime | None, left: datetime, people: int | None, by: Actor, expected_version: int
) -> None:
    """What was written on paper: when they came, where nobody has checked in, and when they left. The same rules hold
    as on the spot.

    Raises:
        As check_in and check_out; then nothing has changed.
    """
    with db.transaction() as session:
        if line.state is not LineState.ONGOING:
            check_in(line, people=people, by=by, expected_version=expected_version, at=came)
            session.flush()
            expected_version = line.version
        check_out(line, by=by, expected_version=expected_version, at=left)


def can_enter_afterwards(line: Line) -> bool:
    """Whether when they came, or left, is still to be noted."""
    method = method_for(line.booking)
    return line.state is LineState.ONGOING or any(
        states.declared(method, line.state, LineState.ONGOING, role) for role in (states.LEAD, states.MANAGER)
    )


def close(line: Line, *, by: Actor, expected_version: int) -> None:
    """The site's manager confirms that everything is in order."""
    permit(policy.manages_line, by, line)
    with db.transaction():
        db.expect_version(line, expected_version)
        require_step(line, LineState.CLOSED, states.MANAGER)
        line.state = LineState.CLOSED
        trail.record("booking.closed", line.booking, by=by, role=states.MANAGER, line=line.id)


@db.retried
def no_show(line: Line, *, by: Actor, expected_version: int) -> None:
    """Nobody came within the site's grace: the time is given back, and whoever booked it is told.

    Raises:
        NotAllowed, NoSuchStep, StaleVersion, WithinGrace.
    """
    permit(policy.manages_line, by, line)
    with db.transaction():
        reservations.lock_lines([line])
        db.expect_version(line, expected_version)
        require_step(line, LineState.NO_SHOW, states.MANAGER)
        grace = grace_of(line.resource.site)
        if clock.now() < line.starts_at + grace:
            raise WithinGrace(at=line.starts_at + grace)
        line.state = LineState.NO_SHOW
        reservations.release(line)
        trail.record("booking.no_show", line.booking, by=by, role=states.MANAGER, line=line.id)
        letters.tell_no_show(line, by_id=by.user_id)


def remove_photo(deviation: Deviation, *, by: Actor) -> None:
    """Take the picture of a deviation away, for those who take part; what was written stays. The file itself is thrown
    away in a day, unless something else has the same. Doing it twice is the same as once."""
    permit(policy.takes_part_in, by, deviation.booking)
    with db.transaction():
        db.lock_row(deviation)
        if deviation.photo is None:
            return
        picture_service.let_go(deviation.photo)
        deviation.photo = None
        trail.record("booking.deviation_photo_removed", deviation.booking, by=by, deviation=deviation.id)


def note_deviation(
    booking: Booking, *, text: str, is_incident: bool, by: Actor, photo: bytes | None = None, photo_text: str = ""
) -> Deviation:
    """Write down something that went otherwise than planned, with a picture and what it shows.

    Raises:
        NotAllowed, Incomplete (nothing written, a picture without words), TooLarge, WrongContent, BrokenPicture.
    """
    permit(policy.takes_part_in, by, booking)
    with db.transaction() as session:
        missing = [name for name, value in (("text", text), ("photo_text", photo_text)) if not value.strip()]
        if photo is None:
            missing = [name for name in missing if name != "photo_text"]
        if missing:
            raise Incomplete.of(missing_answers({}, missing))
        deviation = Deviation(
            booking=booking, text=text.strip(), is_incident=is_incident, noted_at=clock.now(), noted_by_id=by.user_id,
            photo=picture_service.take_in(photo)[0] if photo is not None else None, photo_text=photo_text.strip(),
        )  # fmt: skip
        session.add(deviation)
        trail.record("booking.deviation_noted", booking, by=by, incident=is_incident)
        return deviation
