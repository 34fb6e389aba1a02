"""Bookings, further: lines of a draft, other times, reserve dates, conditions, messages, copies, what it costs, and
what others may see. The routes are the bookings' own."""

from datetime import date
from typing import Any

import marshmallow as ma
from marshmallow import fields

from missions_app import clock
from missions_app.api import booking_safety
from missions_app.api.base import Filters, Input, Moment, Output, created
from missions_app.api.bookings import BOOKING, LINE, LineIn, LineOut, WholeOut, bp, readable_booking, wish_of
from missions_app.api.schemas import Day
from missions_app.api.shapes import ReasonIn, output_of
from missions_app.api.sites import interval_of, readable_site
from missions_app.bookings import (
    approval_service,
    booking_service,
    cancel_service,
    change_service,
    policy,
    queries,
    statements,
    thread_service,
    visibility,
)
from missions_app.bookings.local_days import local_days
from missions_app.bookings.models import Booking, Condition, Line
from missions_app.bookings.statements import StatementRow
from missions_app.comments import queries as comments
from missions_app.comments.models import Comment, Visibility
from missions_app.edge.access import actor, authorise, public, signed_in
from missions_app.errors import NotFound
from missions_app.i18n import N_
from missions_app.sites import policy as site_policy

ConditionOut = output_of(Condition, "id", "text", "due", "ticked_at", "version")
MessageOut = output_of(Comment, "id", "text", "written_at", name="BookingMessageOut")


class AddedLineIn(LineIn):
    """A further line, or one in place of a line that was refused."""

    replaces = fields.Integer(load_default=None, allow_none=True, metadata={"description": "id of a refused line"})


class TimeIn(Input):
    """Another time of use."""

    starts_at = Moment(required=True)
    ends_at = Moment(required=True)


class ReserveIn(ReasonIn):
    """One of the booking's reserve dates, and why."""

    day = Day(required=True)


class MessageIn(Input):
    """Something to say."""

    text = fields.String(required=True)


class CopyIn(Input):
    """The local day on which the copy begins."""

    day = Day(required=True)


class PeriodFilters(Filters):
    """Local days; both belong to it."""

    first = Day(required=True, data_key="from")
    last = Day(required=True, data_key="until")

    @ma.validates_schema(skip_on_field_errors=True)
    def in_order(self, sent: dict[str, Any], **_more: Any) -> None:
        """The last day comes after the first, or is the same."""
        if sent["last"] < sent["first"]:
            raise ma.ValidationError(N_("The first day comes after the last. Change one of them."), "until")


class StatementOut(Output):
    """A line that costs something, and its basis; öre without value added tax."""

    reference = fields.String()
    organisation = fields.String()
    organisation_number = fields.String()
    site = fields.String()
    resource = fields.String()
    starts_at = fields.DateTime()
    ends_at = fields.DateTime()
    state = fields.String(attribute="state.value")
    hours = fields.Integer()
    per_hour_ore = fields.Integer()
    units = fields.Integer()
    price_ore = fields.Integer()
    fee_ore = fields.Integer()
    to_pay_ore = fields.Integer()
    market_ore = fields.Integer()
    benefit_ore = fields.Integer()


class ShownOut(Output):
    """What occupies a site, as the caller may see it; what may not be seen is null."""

    resource_id = fields.Integer()
    starts_at = fields.DateTime()
    ends_at = fields.DateTime()
    state = fields.String(attribute="state.value")
    purpose = fields.String(allow_none=True)
    organisation = fields.String(allow_none=True)
    booking = fields.String(attribute="reference", allow_none=True)
    people = fields.Integer(allow_none=True)


def _line(reference: str, line_id: int) -> Line:
    return queries.get_line(readable_booking(reference), line_id)


@bp.post(f"{BOOKING}/lines")
@signed_in
@bp.versioned
@bp.arguments(AddedLineIn)
@bp.response(201, LineOut)
def add_line(body: dict[str, Any], reference: str, expected_version: int) -> Any:
    """A further line; it holds nothing until the request is sent. The version is the booking's."""
    booking, replaced = readable_booking(reference), body.pop("replaces")
    line = booking_service.add_line(
        booking, wish_of(body), by=actor(), expected_version=expected_version,
        replaces=queries.get_line(booking, replaced) if replaced is not None else None,
    )  # fmt: skip
    return created(line, "bookings.show_line", reference=reference, line_id=line.id)


@bp.delete(LINE)
@signed_in
@bp.versioned
@bp.response(204)
def remove_line(reference: str, line_id: int, expected_version: int) -> None:
    """Take away a line that has not been sent."""
    booking_service.remove_line(_line(reference, line_id), by=actor(), expected_version=expected_version)


@bp.put(f"{LINE}/time")
@signed_in
@bp.versioned
@bp.arguments(TimeIn)
@bp.response(200, LineOut)
def change_time(body: dict[str, Any], reference: str, line_id: int, expected_version: int) -> Line:
    """Another time, for those who book: shorter keeps the approval, longer or another day asks again."""
    line = _line(reference, line_id)
    change_service.change_time(line, interval_of(body), by=actor(), expected_version=expected_version)
    return line


@bp.post(f"{LINE}/cancel")
@signed_in
@bp.versioned
@bp.arguments(ReasonIn)
@bp.response(200, LineOut)
def cancel_line(body: dict[str, Any], reference: str, line_id: int, expected_version: int) -> Line:
    """Give one line's time back; the owner says why."""
    line = _line(reference, line_id)
    cancel_service.cancel_line(line, reason=body["reason"], by=actor(), expected_version=expected_version)
    return line


@bp.post(f"{LINE}/go-on-without")
@signed_in
@bp.versioned
@bp.response(200, LineOut)
def go_on_without(reference: str, line_id: int, expected_version: int) -> Line:
    """What was refused is neither replaced nor waited for."""
    line = _line(reference, line_id)
    booking_service.go_on_without(line, by=actor(), expected_version=expected_version)
    return line


@bp.post(f"{BOOKING}/postpone")
@signed_in
@bp.versioned
@bp.arguments(ReserveIn)
@bp.response(200, WholeOut)
def postpone_booking(body: dict[str, Any], reference: str, expected_version: int) -> Booking:
    """Move all of it to a reserve date in one step: the owners to any of them, those who booked to one that is still
    held, until the time to decide."""
    booking = readable_booking(reference)
    change_service.postpone_to_reserve(
        booking, body["day"], reason=body["reason"], by=actor(), expected_version=expected_version
    )
    return booking


@bp.post(f"{BOOKING}/put-off")
@signed_in
@bp.versioned
@bp.arguments(ReasonIn)
@bp.response(200, WholeOut)
def put_off_booking(body: dict[str, Any], reference: str, expected_version: int) -> Booking:
    """Postpone without a new day: what is approved at your sites gives its time back and waits for another."""
    booking = readable_booking(reference)
    change_service.postpone_without_day(booking, reason=body["reason"], by=actor(), expected_version=expected_version)
    return booking


@bp.post(f"{BOOKING}/go")
@signed_in
@bp.response(200, WholeOut)
def decide_go(reference: str) -> Booking:
    """It goes ahead; the reserve dates are given back."""
    booking = readable_booking(reference)
    change_service.decide_go(booking, by=actor())
    return booking


@bp.get(f"{LINE}/conditions")
@signed_in
@bp.response(200, ConditionOut(many=True))
def list_conditions(reference: str, line_id: int) -> Any:
    """What the owner asks for in return for a yes."""
    return queries.conditions_of(_line(reference, line_id))


@bp.post(f"{BOOKING}/conditions/<int:condition_id>/tick")
@signed_in
@bp.versioned
@bp.response(200, ConditionOut)
def tick_condition(reference: str, condition_id: int, expected_version: int) -> Condition:
    """It is met."""
    condition = queries.get_condition(readable_booking(reference), condition_id)
    approval_service.tick_condition(condition, by=actor(), expected_version=expected_version)
    return condition


@bp.post(f"{BOOKING}/conditions/<int:condition_id>/untick")
@signed_in
@bp.versioned
@bp.response(200, ConditionOut)
def untick_condition(reference: str, condition_id: int, expected_version: int) -> Condition:
    """It was not met after all."""
    condition = queries.get_condition(readable_booking(reference), condition_id)
    approval_service.untick_condition(condition, by=actor(), expected_version=expected_version)
    return condition


@bp.get(f"{BOOKING}/messages")
@signed_in
@bp.response(200, MessageOut(many=True))
def list_messages(reference: str) -> Any:
    """What those who book and the owners have said to each other, oldest first."""
    booking = readable_booking(reference)
    if not policy.takes_part_in(actor(), booking):
        raise NotFound()
    return comments.comments_on(booking, [Visibility.AUTHORS])


@bp.post(f"{BOOKING}/messages")
@signed_in
@bp.arguments(MessageIn)
@bp.response(201, MessageOut)
def write_message(body: dict[str, Any], reference: str) -> Any:
    """Say something to everybody who takes part."""
    message = thread_service.write_message(readable_booking(reference), text=body["text"], by=actor())
    return created(message, "bookings.list_messages", reference=reference)


@bp.post(f"{BOOKING}/copy")
@signed_in
@bp.arguments(CopyIn)
@bp.response(201, WholeOut)
def copy_booking(body: dict[str, Any], reference: str) -> Any:
    """A new draft like this one that begins on another day."""
    booking = readable_booking(reference)
    copy = booking_service.copy_booking(booking, first_start_day_shift=_days_until(booking, body["day"]), by=actor())
    return created(copy, "bookings.show_booking", reference=copy.reference)


def _days_until(booking: Booking, day: date) -> int:
    return (day - clock.day_of(min(line.starts_at for line in booking.lines))).days


@bp.get(f"{BOOKING}/statement")
@signed_in
@bp.response(200, StatementOut(many=True))
def show_statement(reference: str) -> list[StatementRow]:
    """What a booking costs and why."""
    booking = readable_booking(reference)
    if not policy.can_read_whole(actor(), booking):
        raise NotFound()
    return statements.of_booking(booking)


@bp.get("/sites/<slug>/statement")
@signed_in
@bp.arguments(PeriodFilters, location="query")
@bp.response(200, StatementOut(many=True))
def show_site_statement(filters: dict[str, Any], slug: str) -> list[StatementRow]:
    """What was used at a site during some days, for those who manage it."""
    site = readable_site(slug)
    authorise(site_policy.manages, site)
    return statements.of_site(site.id, local_days(filters["first"], filters["last"]))


@bp.get("/sites/<slug>/bookings")
@public
@bp.arguments(PeriodFilters, location="query")
@bp.response(200, ShownOut(many=True))
def list_shown(filters: dict[str, Any], slug: str) -> Any:
    """What occupies a site during some days: as much of each booking as the caller may see."""
    site = readable_site(slug)
    return visibility.lines_shown(actor(), local_days(filters["first"], filters["last"]), site_ids=[site.id])


__all__ = ["booking_safety", "bp"]
