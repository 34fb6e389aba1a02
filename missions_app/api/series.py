"""Series: a draft's line comes back in local time; one date, this and the following, or all are changed together."""

from datetime import datetime
from typing import Any

import marshmallow as ma
from marshmallow import fields

from missions_app.api.base import ApiBlueprint, Input, Moment, Output, created, scope
from missions_app.api.bookings import LineOut, readable_booking
from missions_app.api.schemas import LocalTime
from missions_app.api.shapes import ReasonIn, input_of, output_of
from missions_app.bookings import queries, series_queries, series_service
from missions_app.bookings.intervals import Interval
from missions_app.bookings.models import Line, LineState, Series
from missions_app.bookings.recurrence import Answer, Clocks, Pattern
from missions_app.bookings.series_check import Choice, DateCheck, OnConflict
from missions_app.bookings.series_service import Scope
from missions_app.edge.access import actor, signed_in
from missions_app.edge.words import sentence
from missions_app.i18n import N_

bp = ApiBlueprint("series", "Bookings that come back: every date is tried by the same rules, and none is guessed")
DRAFT = "/bookings/<reference>/lines/<int:line_id>/series"
SERIES = "/bookings/<reference>/series/<int:series_id>"
PatternIn = input_of(Pattern, "starts", "ends", name="PatternFields")


class HoursIn(Input):
    """From when until when, in the site's local time; an end at or before the start is the day after."""

    starts = LocalTime(required=True)
    ends = LocalTime(required=True)


class ChoiceIn(Input):
    """What is chosen for one date: to leave it out, which of two times the clocks mean, or another time of use."""

    date = fields.String(required=True, metadata={"description": "the date's key, such as 2026-10-25T02:30"})
    answer = fields.Enum(enum=Answer, by_value=True, load_default=None, allow_none=True)
    starts_at = Moment(load_default=None, allow_none=True)
    ends_at = Moment(load_default=None, allow_none=True)

    @ma.validates_schema(skip_on_field_errors=True)
    def is_a_time(self, sent: dict[str, Any], **_more: Any) -> None:
        """Another time has a beginning and an end after it."""
        start, end = sent["starts_at"], sent["ends_at"]
        if (start is None) != (end is None):
            raise ma.ValidationError(N_("Send this field too, it is required."), "ends_at" if start else "starts_at")
        if start is not None and start >= end:
            raise ma.ValidationError(N_("The time must end after it begins."), "ends_at")


class TryIn(Input):
    """What to do about dates that cannot be had, and what is chosen for some of them."""

    on_conflict = fields.Enum(enum=OnConflict, by_value=True, load_default=OnConflict.REFUSE)
    choices = fields.List(fields.Nested(ChoiceIn), load_default=list)


class SeriesIn(PatternIn, HoursIn, TryIn):
    """How it comes back. Give a count or a last day. `weekdays`: 0 is Monday."""

    weekdays = fields.List(fields.Integer(validate=ma.validate.Range(0, 6)), load_default=list)


class ScopeIn(Input):
    """Which dates: this, this and the following, or all that have not begun. `date` is the key of "this"."""

    scope = fields.Enum(enum=Scope, by_value=True, required=True)
    date = fields.String(load_default="")


class ChangeIn(HoursIn, TryIn, ScopeIn):
    """Other hours for some dates."""


class CancelIn(ScopeIn, ReasonIn):
    """Which dates are given back, and why."""


class DecideIn(ReasonIn):
    """The owner's answer to every date that waits for one."""

    state = fields.Enum(enum=LineState, by_value=True, required=True)


class UseOut(Output):
    """A time of use."""

    starts_at = fields.DateTime(attribute="start")
    ends_at = fields.DateTime(attribute="end")


class CheckOut(Output):
    """One date tried. `clocks` says whether the clocks skip its time or let it come twice that night."""

    date = fields.String(attribute="key")
    clocks = fields.Enum(enum=Clocks, by_value=True, attribute="occurrence.clocks")
    use = fields.Nested(UseOut, allow_none=True)
    is_taken = fields.Boolean()
    is_question = fields.Boolean()
    is_left_out = fields.Boolean()
    is_blocked = fields.Boolean()
    problems = fields.Function(lambda one: [{"code": p.code, "detail": sentence(p)} for p in one.problems])
    free = fields.List(fields.Nested(UseOut))


class DateOut(LineOut):
    """A date of a series: a line of its booking."""

    date = fields.String(attribute="occurs_on")


class SeriesOut(
    output_of(
        Series, "id", "first_day", "every", "interval", "weekdays", "by_weekday", "count", "until", name="SeriesRow",
    )
):  # fmt: skip
    """A series with its dates. Its version grows with theirs, whoever changes which of them."""

    version = fields.Integer()
    starts = fields.Time()
    ends = fields.Time()
    booking = fields.String(attribute="booking.reference")
    dates = fields.Function(lambda one: DateOut(many=True).dump(series_queries.lines_of(one)))


def _pattern(body: dict[str, Any]) -> Pattern:
    names = ("first_day", "starts", "ends", "every", "interval", "weekdays", "by_weekday", "count", "until")
    values = {name: body[name] for name in names}
    return Pattern(**{**values, "weekdays": tuple(values["weekdays"])})


def _choices(body: dict[str, Any]) -> dict[str, Choice]:
    return {
        one["date"]: Choice(one["answer"], _use(one["starts_at"], one["ends_at"])) for one in body["choices"]
    }  # fmt: skip


def _use(start: datetime | None, end: datetime | None) -> Interval | None:
    return Interval(start, end) if start and end else None


def _line(reference: str, line_id: int) -> Line:
    return queries.get_line(readable_booking(reference), line_id)


def _series(reference: str, series_id: int) -> Series:
    return series_queries.get_series(readable_booking(reference), series_id)


@bp.post(f"{DRAFT}/preview")
@scope("bookings:read")
@signed_in
@bp.arguments(SeriesIn)
@bp.response(200, CheckOut(many=True))
def preview_series(body: dict[str, Any], reference: str, line_id: int) -> list[DateCheck]:
    """Every date that a draft's line would get, each with its conflicts and the nearest free times. Nothing is held."""
    return series_service.preview(
        _line(reference, line_id), _pattern(body), choices=_choices(body), on_conflict=body["on_conflict"]
    )


@bp.post(DRAFT)
@scope("bookings:write")
@signed_in
@bp.versioned
@bp.arguments(SeriesIn)
@bp.response(201, SeriesOut)
def book_series(body: dict[str, Any], reference: str, line_id: int, expected_version: int) -> Any:
    """Let a draft's line come back, and send the request. The version is the booking's. A refusal names each date that
    cannot be had, by its key."""
    series = series_service.book_series(
        _line(reference, line_id), _pattern(body), by=actor(), expected_version=expected_version,
        choices=_choices(body), on_conflict=body["on_conflict"],
    )  # fmt: skip
    return created(series, "series.show_series", reference=reference, series_id=series.id)


@bp.get("/bookings/<reference>/series")
@scope("bookings:read")
@signed_in
@bp.response(200, SeriesOut(many=True))
def list_series(reference: str) -> Any:
    """The series of a booking."""
    return series_queries.series_of(readable_booking(reference))


@bp.get(SERIES)
@scope("bookings:read")
@signed_in
@bp.response(200, SeriesOut)
def show_series(reference: str, series_id: int) -> Series:
    """One series."""
    return _series(reference, series_id)


@bp.post(f"{SERIES}/change")
@scope("bookings:write")
@signed_in
@bp.versioned
@bp.arguments(ChangeIn)
@bp.response(200, SeriesOut)
def change_series(body: dict[str, Any], reference: str, series_id: int, expected_version: int) -> Series:
    """Other hours for one date, this and the following, or all that have not begun. Answers with the series that holds
    the changed dates."""
    return series_service.change_series(
        _series(reference, series_id), body["date"], body["scope"], starts=body["starts"], ends=body["ends"],
        by=actor(), expected_version=expected_version, choices=_choices(body), on_conflict=body["on_conflict"],
    )  # fmt: skip


@bp.post(f"{SERIES}/cancel")
@scope("bookings:write")
@signed_in
@bp.versioned
@bp.arguments(CancelIn)
@bp.response(200, SeriesOut)
def cancel_dates(body: dict[str, Any], reference: str, series_id: int, expected_version: int) -> Series:
    """Give back one date, this and the following, or all that have not begun."""
    series = _series(reference, series_id)
    series_service.cancel_dates(
        series, body["date"], body["scope"], reason=body["reason"], by=actor(), expected_version=expected_version
    )
    return series


@bp.post(f"{SERIES}/decision")
@scope("bookings:write")
@signed_in
@bp.versioned
@bp.arguments(DecideIn)
@bp.response(200, SeriesOut)
def decide_series(body: dict[str, Any], reference: str, series_id: int, expected_version: int) -> Series:
    """The owner's answer to every date that waits for one."""
    series = _series(reference, series_id)
    series_service.decide_series(
        series, body["state"], reason=body["reason"], by=actor(), expected_version=expected_version
    )
    return series
