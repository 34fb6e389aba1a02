"""Asking for time, answering, changing and cancelling."""

from dataclasses import dataclass, field, fields
from datetime import date, timedelta
from typing import Any

from missions_app import clock, db
from missions_app.accounts.actor import Actor, site_scope
from missions_app.accounts.models import User
from missions_app.accounts.policy import permit
from missions_app.accounts.queries import users_with
from missions_app.audit import trail
from missions_app.bookings import permits, policy, queries, reservations, rules, states
from missions_app.bookings.errors import Incomplete, NoSuchStep, NothingBookable, NotRequester, OwnRequest
from missions_app.bookings.intervals import Interval
from missions_app.bookings.models import (
    Booking,
    BookingPermit,
    Line,
    LineState,
    PermitState,
    ReservationKind,
)
from missions_app.bookings.reservations import Wish
from missions_app.experiments.models import Experiment
from missions_app.experiments.policy import can_edit_plan
from missions_app.organisations.models import Organisation
from missions_app.outbox.mail import queue_mail
from missions_app.references.numbering import next_reference
from missions_app.sites.models import Approval, Resource, SiteStatus
from missions_app.workflow.method import Method
from missions_app.workflow.method_service import method_in_force, method_of

LEAST_REASON = 10


@dataclass(frozen=True, slots=True)
class BookingContent:
    """What a request says besides its time. answers: permit question -> yes or no; details: further answers by name."""

    purpose: str = ""
    reason: str = ""
    on_site_responsible: str = ""
    emergency_contact: str = ""
    people_on_site: int | None = None
    insurance_reference: str = ""
    insurance_valid_to: date | None = None
    personal_data_assessment: str = ""
    camera_assessment: str = ""
    ethics_assessment: str = ""
    hazardous_items: str = ""
    public_cannot_opt_out: bool = False
    weather_limits: str = ""
    reserve_dates: tuple[str, ...] = ()
    answers: dict[str, bool] = field(default_factory=dict)
    details: dict[str, Any] = field(default_factory=dict)


def draft_booking(
    *,
    resource: Resource,
    use: Interval,
    organisation: Organisation,
    content: BookingContent,
    by: Actor,
    requested_by: User,
    experiment: Experiment | None = None,
    units: int = 1,
) -> Booking:
    """Begin a request. A draft holds nothing.

    Raises:
        NotAllowed, NothingBookable.
    """
    permit(policy.can_book_for, by, organisation.id)
    if experiment is not None:
        permit(can_edit_plan, by, experiment)
    with db.transaction() as session:
        _bookable(resource)
        booking = Booking(
            experiment=experiment, mission_id=experiment.mission_id if experiment else None, organisation=organisation,
            requested_by=requested_by, created_at=clock.now(), is_outdoor=resource.site.is_outdoor,
        )  # fmt: skip
        _fill(booking, content)
        booking.lines = [
            Line(
                resource=resource, starts_at=use.start, ends_at=use.end, units_wanted=units, state=LineState.DRAFT,
                price_ore=rules.price_ore(use, resource.price_ore, units),
            )
        ]  # fmt: skip
        booking.reference = next_reference("B", digits=4)
        session.add(booking)
        trail.record("booking.drafted", booking, by=by)
        return booking


@db.retried
def request_booking(
    *,
    resource: Resource,
    use: Interval,
    organisation: Organisation,
    content: BookingContent,
    by: Actor,
    requested_by: User,
    experiment: Experiment | None = None,
    units: int = 1,
) -> Booking:
    """Begin and send a request in one step, all of it or nothing. Raises as draft_booking and submit_booking."""
    with db.transaction() as session:
        booking = draft_booking(
            resource=resource, use=use, organisation=organisation, content=content, by=by, requested_by=requested_by,
            experiment=experiment, units=units,
        )  # fmt: skip
        session.flush()
        submit_booking(booking, by=by, expected_version=booking.version)
        return booking


def save_booking(
    booking: Booking, content: BookingContent, *, by: Actor, expected_version: int, use: Interval | None = None
) -> None:
    """Change a request that has not been sent, or that was sent back for more."""
    permit(policy.can_change, by, booking)
    with db.transaction():
        db.expect_version(booking, expected_version)
        if any(line.state not in (LineState.DRAFT, LineState.NEEDS_INFO) for line in booking.lines):
            raise _no_step(booking.lines[0])
        _fill(booking, content)
        if use is not None:
            for line in booking.lines:
                if line.state is LineState.DRAFT:
                    line.starts_at, line.ends_at = use.start, use.end
                    line.price_ore = rules.price_ore(use, line.resource.price_ore, line.units_wanted)
        trail.record("booking.saved", booking, by=by)


@db.retried
def submit_booking(booking: Booking, *, by: Actor, expected_version: int) -> None:
    """Send the request: its time is held for the method's hold hours, or confirmed at once where no answer is needed.

    Raises:
        NotRequester, StaleVersion, NoSuchStep, Incomplete (every rule broken and answer missing), Taken.
    """
    if not by.is_system and not policy.can_change(by, booking):
        raise NotRequester()
    with db.transaction() as session:
        method = _method(booking)
        db.expect_version(booking, expected_version)
        lines = [line for line in booking.lines if line.state in (LineState.DRAFT, LineState.NEEDS_INFO)]
        if not lines:
            raise _no_step(booking.lines[0])
        _require_complete(booking, lines, method)
        now = clock.now()
        booking.submitted_at = booking.submitted_at or now
        booking.held_until = now + timedelta(hours=method.limits.hold_hours)
        fresh = [line for line in lines if line.state is LineState.DRAFT]
        for line in lines:
            line.state = LineState.SUBMITTED
            if line.resource.approval is Approval.NONE:
                line.state = LineState.APPROVED
        holding = [line for line in fresh if line.resource.requests_hold or line.state is LineState.APPROVED]
        if holding:
            expires = None if all(line.state is LineState.APPROVED for line in holding) else booking.held_until
            reservations.occupy([_wish(line) for line in holding], ReservationKind.REQUEST, expires_at=expires)
        _derive_permits(booking, method)
        trail.record("booking.submitted", booking, by=by)
        session.flush()
        for line in lines:
            _tell_managers(booking, line)


@db.retried
def decide_line(line: Line, to: LineState, *, reason: str, by: Actor, expected_version: int) -> None:
    """The owner's answer to one line: approved, conditional, needs_info or declined.

    Raises:
        NotAllowed, OwnRequest, NoSuchStep, StaleVersion, Incomplete (reason missing), Taken.
    """
    permit(policy.manages_line, by, line)
    with db.transaction():
        reservations.lock_lines([line])
        booking = line.booking
        db.expect_version(line, expected_version)
        if by.user_id == booking.requested_by_id and to in (LineState.APPROVED, LineState.CONDITIONAL):
            raise OwnRequest()
        _require_step(line, to, states.MANAGER)
        if to is not LineState.APPROVED and len(reason.strip()) < LEAST_REASON:
            raise Incomplete.of(rules.missing_answers({}, ["reason"]))
        line.state, line.decision_reason = to, reason.strip()
        line.decided_at, line.decided_by_id = clock.now(), by.user_id
        if to is LineState.DECLINED:
            reservations.release(line)
        elif to is LineState.APPROVED:
            if not queries.has_active_reservation(line):
                reservations.occupy([_wish(line)], ReservationKind.REQUEST)
            reservations.keep(line)
        trail.record("booking.decided", booking, by=by, role=states.MANAGER, line=line.id, to_state=to.value)
        user = booking.requested_by
        words = method_in_force().term("booking_state", to.value).label.in_(user.locale)
        queue_mail(user.email, "booking_decided", locale=user.locale, reference=booking.reference, state=words,
                   reason=line.decision_reason, resource=line.resource.name_sv)  # fmt: skip


@db.retried
def cancel_booking(booking: Booking, *, reason: str, by: Actor, expected_version: int) -> None:
    """Give the time back, with a reason."""
    permit(policy.can_change, by, booking)
    with db.transaction():
        reservations.lock_lines(booking.lines)
        db.expect_version(booking, expected_version)
        live = [line for line in booking.lines if line.state not in states.OVER]
        for line in live:
            if line.state is not LineState.DRAFT:
                _require_step(line, LineState.CANCELLED, states.LEAD)
            line.state = LineState.CANCELLED
            reservations.release(line)
        trail.record("booking.cancelled", booking, by=by, reason=reason.strip())


@db.retried
def move_line(line: Line, use: Interval, *, reason: str, by: Actor, expected_version: int) -> None:
    """Postpone an approved line in one step; the site's manager does it, permits are tried anew at check-in.

    Raises:
        NotAllowed, NoSuchStep, StaleVersion, Incomplete, Taken (then nothing has changed).
    """
    permit(policy.manages_line, by, line)
    with db.transaction():
        reservations.lock_lines([line])
        db.expect_version(line, expected_version)
        _require_step(line, LineState.POSTPONED, states.MANAGER)
        before = Interval(line.starts_at, line.ends_at)
        reservations.release(line)
        line.starts_at, line.ends_at = use.start, use.end
        reservations.occupy([_wish(line)], ReservationKind.REQUEST)
        trail.record("booking.postponed", line.booking, by=by, role=states.MANAGER, from_start=before.start.isoformat(),
                     to_start=use.start.isoformat(), reason=reason.strip())  # fmt: skip
        user = line.booking.requested_by
        queue_mail(
            user.email,
            "booking_postponed",
            locale=user.locale,
            reference=line.booking.reference,
            reason=reason.strip(),
            starts_at=use.start.isoformat(),
        )


def release_bookings(mission: Any, _decision: object, by: Actor) -> None:
    """After a mission has stopped or rests: time that has not begun is given back. An effect of the decision."""
    released = []
    bookings = queries.bookings_of_mission(mission.id)
    reservations.lock_lines([line for booking in bookings for line in booking.lines])
    for booking in bookings:
        for line in booking.lines:
            if line.state not in states.OVER and line.starts_at > clock.now():
                line.state = LineState.CANCELLED
                reservations.release(line)
                released.append(booking.reference)
    trail.record("bookings.released", mission, by=by, bookings=sorted(set(released)))


def expire_holds(_payload: Any) -> None:
    """Free every hold whose deadline has passed. Whoever meets one does the same; this only does it sooner."""
    with db.transaction():
        units = queries.units_with_expired_holds(clock.now())
        if units:
            reservations.release_expired(units)


def _bookable(resource: Resource) -> None:
    if resource.retired_at is not None or resource.site.status not in (SiteStatus.OPEN, SiteStatus.LIMITED):
        raise NothingBookable()


def _fill(booking: Booking, content: BookingContent) -> None:
    for one in fields(content):
        value = getattr(content, one.name)
        setattr(
            booking,
            one.name,
            list(value) if isinstance(value, tuple) else dict(value) if isinstance(value, dict) else value,
        )


def _wish(line: Line) -> Wish:
    return Wish(line.resource, Interval(line.starts_at, line.ends_at), line.units_wanted, line)


def _method(booking: Booking) -> Method:
    return method_of(booking.experiment.journey.method_version) if booking.experiment else method_in_force()


def _no_step(line: Line) -> NoSuchStep:
    return NoSuchStep(state=_method(line.booking).term("booking_state", line.state.value).label)


def _require_step(line: Line, to: LineState, role: str) -> None:
    if not states.declared(_method(line.booking), line.state, to, role):
        raise _no_step(line)


def _require_complete(booking: Booking, lines: list[Line], method: Method) -> None:
    problems = []
    for line in lines:
        terms, use = reservations.terms_of(line.resource), Interval(line.starts_at, line.ends_at)
        opening = reservations.opening_of(line.resource)
        problems += rules.time_problems(use, terms, opening, now=clock.now(), zone=clock.zone())
        problems += rules.people_problems(booking.people_on_site, terms)
    whole = Interval(min(line.starts_at for line in lines), max(line.ends_at for line in lines))
    levels = [risk.level for risk in queries.risks_of(booking)]
    small = booking.experiment is None and rules.is_small_test(
        whole, booking.people_on_site, levels, method.booking.low_threshold
    )
    given = {**booking.details, **{c.key: getattr(booking, c.key) for c in Booking.__table__.columns}}
    needed = rules.needed_answers(method.booking, outdoor=booking.is_outdoor, answers=booking.answers, small=small)
    problems += rules.missing_answers(given, needed)
    if booking.experiment is None:
        problems += rules.missing_answers(given, ["reason"])
    if problems:
        raise Incomplete.of(problems)


def _derive_permits(booking: Booking, method: Method) -> None:
    kept = {one.permit for one in queries.permits_of(booking)}
    held = {str(one.get("permit")) for line in booking.lines for one in line.resource.site.permits_held}
    for one in permits.needed(booking.answers, method):
        if one.id in kept:
            continue
        state = PermitState.GRANTED if one.id in held else PermitState.NEEDED
        row = BookingPermit(booking=booking, permit=one.id, state=state)
        for line in booking.lines:
            for site_permit in line.resource.site.permits_held:
                if site_permit.get("permit") == one.id:
                    row.valid_from = date.fromisoformat(str(site_permit["valid_from"]))
                    row.valid_until = date.fromisoformat(str(site_permit["valid_until"]))
                    row.number = str(site_permit.get("number", ""))
        db.session.add(row)


def _tell_managers(booking: Booking, line: Line) -> None:
    for user in users_with("site_manager", site_scope(line.resource.site_id)):
        queue_mail(user.email, "booking_submitted", locale=user.locale, reference=booking.reference,
                   resource=line.resource.name_sv, starts_at=line.starts_at.isoformat(),
                   held_until=booking.held_until.isoformat() if booking.held_until else "")  # fmt: skip
