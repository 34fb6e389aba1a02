"""Asking for time: a draft with lines over the resources of many owners, saved as it goes, sent as a whole."""

from collections.abc import Sequence
from dataclasses import fields
from datetime import timedelta
from typing import Any

from sqlalchemy.orm.attributes import flag_modified

from missions_app import clock, db
from missions_app.accounts.actor import Actor
from missions_app.accounts.models import User
from missions_app.accounts.policy import permit
from missions_app.audit import trail
from missions_app.bookings import checking, letters, policy, prices, reservations, reserve_days, sending, states
from missions_app.bookings.content import (
    BookingContent,
    LineWish,
    Parties,
    content_problems,
    wish_problems,
    wishes_of,
)
from missions_app.bookings.errors import Incomplete, LastLine, NoSuchStep, NothingBookable, NotRequester
from missions_app.bookings.intervals import Interval
from missions_app.bookings.models import Booking, Line, LineState
from missions_app.bookings.steps import no_step
from missions_app.errors import InvalidInput, Problem
from missions_app.experiments.models import Experiment
from missions_app.experiments.policy import can_edit_plan
from missions_app.i18n import N_
from missions_app.organisations.models import Organisation
from missions_app.sites.models import Resource

MOST_LINES = 20
UNSENT = (LineState.DRAFT, LineState.NEEDS_INFO)


def draft_booking(
    *,
    organisation: Organisation,
    content: BookingContent,
    by: Actor,
    requested_by: User | None = None,
    resource: Resource | None = None,
    use: Interval | None = None,
    units: int = 1,
    lines: Sequence[LineWish] = (),
    experiment: Experiment | None = None,
    booked_for: User | None = None,
    copied_from: Booking | None = None,
) -> Booking:
    """Begin a request for one resource and time, or for several lines. A draft holds nothing.

    Args:
        requested_by: whoever asks, when that is not whoever acts.
        booked_for: the colleague it is for; a member of the same organisation.

    Raises:
        NotAllowed, NothingBookable, Incomplete (no line, too many).
    """
    with db.transaction() as session:
        booking = _begun(
            organisation, content, wishes_of(resource, use, units, lines), by=by, requested_by=requested_by,
            experiment=experiment, booked_for=booked_for,
        )  # fmt: skip
        booking.copied_from = copied_from
        session.add(booking)
        trail.record("booking.drafted", booking, by=by)
        return booking


@db.retried
def request_booking(
    *,
    organisation: Organisation,
    content: BookingContent,
    by: Actor,
    requested_by: User | None = None,
    resource: Resource | None = None,
    use: Interval | None = None,
    units: int = 1,
    lines: Sequence[LineWish] = (),
    experiment: Experiment | None = None,
    booked_for: User | None = None,
) -> Booking:
    """Begin and send a request in one step, all of it or nothing. Raises as draft_booking and submit_booking."""
    with db.transaction():
        booking = _begun(
            organisation, content, wishes_of(resource, use, units, lines), by=by, requested_by=requested_by,
            experiment=experiment, booked_for=booked_for,
        )  # fmt: skip
        # It is no part of the session until its time is held: who loses has written nothing, who wins writes once.
        _send(booking, booking.lines, by=by)
        return booking


def _begun(
    organisation: Organisation, content: BookingContent, wishes: Sequence[LineWish], *, by: Actor,
    requested_by: User | None, experiment: Experiment | None, booked_for: User | None,
) -> Booking:  # fmt: skip
    """A request that is not in the database yet."""
    permit(policy.can_book_for, by, organisation.id)
    if experiment is not None:
        permit(can_edit_plan, by, experiment)
    if not 0 < len(wishes) <= MOST_LINES:
        text = N_("Choose at least one thing to book, and at most %(most)d.")
        raise Incomplete.of([Problem("lines_out_of_range", text, "lines", {"most": MOST_LINES})])
    booking = Booking(
        experiment=experiment, mission_id=experiment.mission_id if experiment else None, organisation=organisation,
        organisation_id=organisation.id, requested_by_id=requested_by.id if requested_by else by.user_id,
        booked_for=booked_for, booked_for_id=booked_for.id if booked_for else None, created_at=clock.now(),
    )  # fmt: skip
    _fill(booking, content)
    booking.lines = [_line(wish, booking) for wish in wishes]
    booking.is_outdoor = _is_outdoor(booking)
    return booking


def save_booking(
    booking: Booking, content: BookingContent, *, by: Actor, expected_version: int, use: Interval | None = None,
    parties: Parties | None = None,
) -> None:  # fmt: skip
    """Change a request that has not been sent, or that was sent back for more.

    Args:
        use: a new time of use for every line that has not been sent.
        parties: what it is part of and whom it is for; None leaves both as they are.

    Saving what it says already is no conflict, whatever the version: a page that was left has sent the same before.

    Raises:
        NotAllowed, StaleVersion, NoSuchStep, Incomplete (what was sent becomes own use by somebody who may not).
    """
    permit(policy.can_change, by, booking)
    with db.transaction():
        if use is not None or not _says(booking, content, parties):
            db.expect_version(booking, expected_version)
        if not any(line.state in UNSENT for line in booking.lines):
            raise no_step(booking.lines[0])
        fixed = reserve_days.asked_of_others(booking, UNSENT)
        if fixed and (problems := reserve_days.added_problems(booking, content.reserve_dates)):
            raise Incomplete.of(problems)
        was_own_use = booking.is_own_use
        _fill(booking, content)
        # Own use costs nothing: what was sent with a price would lose it at its next change, before it is sent again.
        if not was_own_use and booking.submitted_at and (problems := sending.own_use_problems(booking, by)):
            raise Incomplete.of(problems)
        if parties is not None:
            _set_parties(booking, parties, by)
        for line in booking.lines:
            if line.state is LineState.DRAFT:
                if use is not None:
                    line.starts_at, line.ends_at = use.start, use.end
                prices.agree(line)
        trail.record("booking.saved", booking, by=by)


def add_line(
    booking: Booking, wish: LineWish, *, by: Actor, expected_version: int, replaces: Line | None = None
) -> Line:
    """Add something to a request. It holds nothing until it is sent; `replaces` is a line that was refused.

    Raises:
        NotAllowed, StaleVersion, NoSuchStep (the booking is under way or over), NothingBookable, Incomplete.
    """
    permit(policy.can_change, by, booking)
    with db.transaction() as session:
        db.expect_version(booking, expected_version)
        if not states.can_grow([line.state for line in booking.lines]):
            raise no_step(booking.lines[0])
        if len(booking.lines) >= MOST_LINES:
            text = N_("Choose at least one thing to book, and at most %(most)d.")
            raise Incomplete.of([Problem("lines_out_of_range", text, "lines", {"most": MOST_LINES})])
        if replaces is not None and (replaces.booking_id != booking.id or replaces not in states.gaps(booking.lines)):
            raise no_step(replaces)
        line = _line(wish, booking)
        line.replaces_id = replaces.id if replaces else None
        booking.lines.append(line)
        session.flush()
        booking.is_outdoor = _is_outdoor(booking)
        flag_modified(booking, "purpose")  # a new version, although only its lines changed
        trail.record("booking.line_added", booking, by=by, line=line.id, resource=wish.resource.slug)
        return line


def change_draft_line(line: Line, wish: LineWish, *, by: Actor, expected_version: int) -> None:
    """Change the time (or the number of units) of a line that has not been sent."""
    permit(policy.can_change, by, line.booking)
    with db.transaction():
        db.expect_version(line, expected_version)
        if line.state is not LineState.DRAFT:
            raise no_step(line)
        _set(line, wish)
        trail.record("booking.line_changed", line.booking, by=by, line=line.id)


def remove_line(line: Line, *, by: Actor, expected_version: int) -> None:
    """Take away a line that has not been sent. The last one stays: a booking without lines is cancelled instead.

    Raises:
        NotAllowed, StaleVersion, NoSuchStep, LastLine.
    """
    booking = line.booking
    permit(policy.can_change, by, booking)
    with db.transaction() as session:
        db.expect_version(line, expected_version)
        if line.state is not LineState.DRAFT:
            raise no_step(line)
        if len(booking.lines) == 1:
            raise LastLine()
        trail.record("booking.line_removed", booking, by=by, line=line.id, resource=line.resource.slug)
        booking.lines.remove(line)
        session.delete(line)
        session.flush()
        booking.is_outdoor = _is_outdoor(booking)
        flag_modified(booking, "purpose")  # a new version, although only its lines changed


@db.retried
def submit_booking(booking: Booking, *, by: Actor, expected_version: int, override_reason: str = "") -> None:
    """Send what has not been sent: all of its time is held for the method's hold hours, or nothing is.

    A line whose resource needs no answer is confirmed at once, and so is the owner's own use.

    Args:
        override_reason: why a site's manager sets the resource's rules aside; kept with who and when.

    Raises:
        NotRequester, StaleVersion, NoSuchStep, Incomplete (every rule broken and answer missing), Taken.
    """
    if not by.is_system and not policy.can_change(by, booking):
        raise NotRequester()
    with db.transaction():
        if booking.moving:
            reservations.lock_lines(booking.lines)
        db.expect_version(booking, expected_version)
        lines = [line for line in booking.lines if line.state in UNSENT]
        if not lines:
            raise no_step(booking.lines[0])
        _send(booking, lines, by=by, override_reason=override_reason)


@db.retried
def go_on_without(line: Line, *, by: Actor, expected_version: int) -> None:
    """What was refused, or not answered in time, is neither replaced nor waited for.

    Raises:
        NotAllowed, StaleVersion, NoSuchStep (it was not refused, something stands in for it, or it is done already).
    """
    permit(policy.can_change, by, line.booking)
    with db.transaction():
        db.lock_row(line)
        db.expect_version(line, expected_version)
        if line not in states.gaps(line.booking.lines):
            raise no_step(line)
        line.gone_without_at = clock.now()
        trail.record("booking.gone_without", line.booking, by=by, line=line.id)


def _send(booking: Booking, lines: Sequence[Line], *, by: Actor, override_reason: str = "") -> None:
    for line in lines:
        _bookable(line.resource)
    sending.require_complete(
        booking, lines, by=by, override_reason=override_reason,
        has_reserve_dates=reserve_days.is_any_to_choose(booking, UNSENT),
    )  # fmt: skip
    is_first, is_more = booking.submitted_at is None, reserve_days.asked_of_others(booking, UNSENT)
    sending.hold(booking, lines)
    if is_more:
        reserve_days.give_back_unnamed(booking)
    sending.derive_permits(booking)
    trail.record("booking.submitted", booking, by=by)
    letters.tell_managers(booking, lines)
    if all(line.state is LineState.APPROVED for line in booking.lines):
        letters.tell_confirmed(booking)
    elif is_first:
        letters.tell_colleague(booking, lines, by_id=by.user_id, name=by.name)


def copy_booking(booking: Booking, *, first_start_day_shift: int, by: Actor) -> Booking:
    """Begin a new draft like an earlier booking, so many days later: what it says and every line that can still be
    booked. Go/no-go and reserve dates are asked for anew, and by those who do not take part also whom to reach.

    Raises:
        NotAllowed, NothingBookable (nothing of it can be booked any more), InvalidInput (the day has passed).
    """
    permit(policy.can_copy, by, booking)
    shift = timedelta(days=first_start_day_shift)
    if min(clock.day_of(line.starts_at) for line in booking.lines) + shift < clock.today():
        raise InvalidInput.of([Problem("in_the_past", N_("The day has passed. Choose a later one."), "day")])
    wishes = [
        LineWish(
            line.resource, sending.days_later(Interval(line.starts_at, line.ends_at), first_start_day_shift),
            line.units_wanted, line.extra_setup_minutes, line.extra_cleanup_minutes,
        )
        for line in booking.lines
        if checking.is_bookable(line.resource)
        and (line.state not in states.OVER or states.is_cancelled([one.state for one in booking.lines]))
    ]  # fmt: skip
    if not wishes:
        raise NothingBookable()
    kept = {one.name: getattr(booking, one.name) for one in fields(BookingContent)}
    kept |= {"go_no_go_at": None, "reserve_dates": (), "is_own_use": False}
    if policy.withheld(by, booking):
        kept |= dict.fromkeys(policy.CONTACTS, "")
    experiment = booking.experiment if booking.experiment and can_edit_plan(by, booking.experiment) else None
    return draft_booking(
        lines=wishes, organisation=booking.organisation, content=BookingContent(**kept), by=by,
        experiment=experiment, copied_from=booking,
    )  # fmt: skip


def _bookable(resource: Resource) -> None:
    if not checking.is_bookable(resource):
        raise NothingBookable()


def _line(wish: LineWish, booking: Booking) -> Line:
    _bookable(wish.resource)
    line = Line(resource=wish.resource, state=LineState.DRAFT, booking=booking)
    _set(line, wish)
    return line


def _set(line: Line, wish: LineWish) -> None:
    if problems := wish_problems(wish):
        raise InvalidInput.of(problems)
    line.starts_at, line.ends_at = wish.use.start, wish.use.end
    line.units_wanted = wish.units if line.resource.pool_id is not None else 1  # what is taken whole has no number
    line.extra_setup_minutes, line.extra_cleanup_minutes = wish.extra_setup_minutes, wish.extra_cleanup_minutes
    prices.agree(line)


def _set_parties(booking: Booking, parties: Parties, by: Actor) -> None:
    experiment = parties.experiment
    if experiment is not None and experiment != booking.experiment:
        permit(can_edit_plan, by, experiment)
    booking.experiment, booking.booked_for = experiment, parties.booked_for
    booking.mission_id = experiment.mission_id if experiment else None


def _is_outdoor(booking: Booking) -> bool:
    return any(line.resource.site.is_outdoor for line in booking.lines)


def _fill(booking: Booking, content: BookingContent) -> None:
    if problems := content_problems(content):
        raise InvalidInput.of(problems)
    for one in fields(content):
        setattr(booking, one.name, _kept(getattr(content, one.name)))


def _kept(value: Any) -> Any:
    return list(value) if isinstance(value, tuple) else dict(value) if isinstance(value, dict) else value


def _says(booking: Booking, content: BookingContent, parties: Parties | None) -> bool:
    if parties is not None and (booking.experiment, booking.booked_for) != (parties.experiment, parties.booked_for):
        return False
    return all(getattr(booking, one.name) == _kept(getattr(content, one.name)) for one in fields(content))


__all__ = [
    "BookingContent", "LineWish", "NoSuchStep", "add_line", "change_draft_line", "copy_booking", "draft_booking",
    "go_on_without", "remove_line", "request_booking", "save_booking", "submit_booking",
]  # fmt: skip
