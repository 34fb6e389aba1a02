"""Bookings: asked for, answered, with their permits and risks, and the day of use."""

from dataclasses import fields as fields_of
from typing import Any

import marshmallow as ma
from flask import jsonify
from marshmallow import fields

from missions_app import clock, db
from missions_app.accounts import queries as accounts
from missions_app.api.base import ApiBlueprint, Input, Moment, created
from missions_app.api.shapes import ReasonIn, input_of, output_of
from missions_app.api.sites import interval_of, local_days, readable_site, units_field
from missions_app.bookings import (
    approval_service,
    booking_service,
    cancel_service,
    change_service,
    coverage,
    day_service,
    policy,
    queries,
    safety_service,
    states,
)
from missions_app.bookings.booking_service import BookingContent
from missions_app.bookings.models import Booking, BookingPermit, Deviation, Line, LineState, Risk
from missions_app.bookings.safety_service import PermitAnswer
from missions_app.edge.access import actor, authorise, signed_in
from missions_app.errors import NotFound
from missions_app.experiments import queries as experiments
from missions_app.organisations import queries as organisations
from missions_app.sites import policy as site_policy
from missions_app.sites import queries as sites

bp = ApiBlueprint("bookings", "The right to use a resource for a while; nobody can be given what somebody has")
BOOKING = "/bookings/<reference>"
LINE = f"{BOOKING}/lines/<int:line_id>"
CONTENT = tuple(one.name for one in fields_of(BookingContent))
LineRow = output_of(
    Line, "id", "starts_at", "ends_at", "units_wanted", "state", "decided_at", "decision_reason", "price_ore",
    "checked_in_at", "checked_out_at", "people_present", "version", name="LineRow",
)  # fmt: skip
PermitOut = output_of(
    BookingPermit, "permit", "state", "applied_on", "valid_from", "valid_until", "number", "reason", "version"
)
RiskOut = output_of(Risk, "id", "text", "level", "mitigation", "accepted_at", "version")
DeviationOut = output_of(Deviation, "id", "text", "is_incident", "noted_at")


class LineOut(LineRow):
    """One resource for one time of use. It has a version of its own."""

    site = fields.String(attribute="resource.site.slug")
    resource = fields.String(attribute="resource.slug")


class LineAtOut(LineOut):
    """A line, and the booking it is part of."""

    booking = fields.String(attribute="booking.reference")
    organisation = fields.String(attribute="booking.organisation.slug")


class BookingOut(
    output_of(Booking, "reference", "purpose", "submitted_at", "held_until", "version", name="BookingRow")
):
    """A booking with its lines. Its state is that of the line that most needs somebody's attention."""

    state = fields.Function(lambda one: states.booking_state([line.state for line in one.lines]).value)
    organisation = fields.String(attribute="organisation.slug")
    experiment = fields.Function(lambda one: one.experiment.reference if one.experiment else None)
    lines = fields.List(fields.Nested(LineOut))


class WholeOut(output_of(Booking, *CONTENT, name="BookingContentOut"), BookingOut):
    """A booking with what it says, its permits, risks and deviations."""

    permits = fields.Function(lambda one: PermitOut(many=True).dump(queries.permits_of(one)))
    uncovered_permits = fields.Function(coverage.uncovered_permits)
    risks = fields.Function(lambda one: RiskOut(many=True).dump(queries.risks_of(one)))
    deviations = fields.Function(lambda one: DeviationOut(many=True).dump(queries.deviations_of(one)))


class FreshOut(WholeOut):
    """A booking that has just been made and needs no permit: there is nothing more to look up."""

    permits = uncovered_permits = risks = deviations = fields.Function(lambda _one: [])


class ContentIn(input_of(BookingContent)):
    """What a request says besides its time. What it must say depends on where it is and what it does; everything
    missing is named when it is sent."""

    reserve_dates = fields.List(fields.Date(), load_default=list)

    @ma.post_load
    def as_kept(self, data: dict[str, Any], **_options: Any) -> dict[str, Any]:
        """Reserve dates as they are kept."""
        return {**data, "reserve_dates": tuple(one.isoformat() for one in data["reserve_dates"])}


class BookingIn(ContentIn):
    """What is asked for, when, for whom. Times are instants with their offset; the end is not part of the use."""

    site = fields.String(required=True)
    resource = fields.String(required=True)
    starts_at = Moment(required=True)
    ends_at = Moment(required=True)
    organisation = fields.String(required=True)
    experiment = fields.String(load_default="")
    units = units_field()
    submit = fields.Boolean(load_default=True, metadata={"description": "false begins a draft, which holds nothing"})


class ChangeIn(ContentIn):
    """What the request is to say; without times it keeps those it has."""

    starts_at = Moment(load_default=None, allow_none=True)
    ends_at = Moment(load_default=None, allow_none=True)


class DecideIn(ReasonIn):
    """The owner's answer: approved, conditional, needs_info or declined."""

    state = fields.Enum(enum=LineState, by_value=True, required=True)


class MoveIn(ReasonIn):
    """Another time of use."""

    starts_at = Moment(required=True)
    ends_at = Moment(required=True)


class CheckInIn(Input):
    """How many came."""

    people = fields.Integer(load_default=None, allow_none=True)


class RiskIn(Input):
    """Something that may go wrong."""

    text = fields.String(required=True)
    level = fields.String(required=True)
    mitigation = fields.String(load_default="")


class DeviationIn(Input):
    """Something that went otherwise."""

    text = fields.String(required=True)
    is_incident = fields.Boolean(load_default=False)


def readable_booking(reference: str) -> Booking:
    booking = queries.get_booking(reference)
    if not policy.can_read(actor(), booking):
        raise NotFound()
    return booking


def _line(reference: str, line_id: int) -> Line:
    return queries.get_line(readable_booking(reference), line_id)


@bp.get("/bookings")
@signed_in
@bp.paged(BookingOut)
def list_bookings() -> Any:
    """The caller's bookings and those of their organisations, newest first."""
    return queries.bookings_for(actor())


@bp.get("/bookings/waiting")
@signed_in
@bp.response(200, LineAtOut(many=True))
def list_waiting() -> Any:
    """Lines at the sites one manages that wait for an answer, by start."""
    return queries.lines_waiting([int(key) for key in actor().scopes_of("site_manager", "site")])


@bp.get("/sites/<slug>/today")
@signed_in
@bp.response(200, LineAtOut(many=True))
def list_today(slug: str) -> Any:
    """Who comes to a site today, for those who manage it."""
    site = readable_site(slug)
    authorise(site_policy.manages, site)
    return queries.lines_at(site.id, local_days(clock.today(), clock.today()))


@bp.post("/bookings")
@signed_in
@bp.arguments(BookingIn)
@bp.response(201, WholeOut)
def request_booking(body: dict[str, Any]) -> Any:
    """Ask for a time. A refusal `taken` names the nearest free times of use as `alternatives`."""
    whole = _requested(body)
    response = jsonify(whole)
    response.headers["ETag"] = f'"{whole["version"]}"'
    return created(response, "bookings.show_booking", reference=whole["reference"])


@db.retried
def _requested(asked: dict[str, Any]) -> Any:
    """What was made, as it is answered. All is read in the transaction that writes it, so that nothing is read twice:
    half of what a booking costs would be that."""
    body = dict(asked)
    with db.transaction():
        resource = sites.get_resource_at(body.pop("site"), body.pop("resource"))
        if not site_policy.can_read_site(actor(), resource.site):
            raise NotFound()
        use, experiment = interval_of(body), body.pop("experiment")
        act = booking_service.request_booking if body.pop("submit") else booking_service.draft_booking
        booking = act(
            resource=resource, use=use, organisation=organisations.get_organisation(body.pop("organisation")),
            by=actor(), requested_by=accounts.get_user(actor().user_id or 0), units=body.pop("units"),
            content=BookingContent(**body),
            experiment=experiments.get_experiment(experiment) if experiment else None,
        )  # fmt: skip
        db.session.flush()
        return (WholeOut() if any(booking.answers.values()) else FreshOut()).dump(booking)


@bp.get(BOOKING)
@signed_in
@bp.response(200, WholeOut)
def show_booking(reference: str) -> Booking:
    """One booking."""
    return readable_booking(reference)


@bp.put(BOOKING)
@signed_in
@bp.versioned
@bp.arguments(ChangeIn)
@bp.response(200, WholeOut)
def save_booking(body: dict[str, Any], reference: str, expected_version: int) -> Booking:
    """Change a request that has not been sent, or about which the owner asks for more."""
    booking = readable_booking(reference)
    times = {name: body.pop(name) for name in ("starts_at", "ends_at")}
    use = None
    if any(times.values()):
        use = interval_of({name: value or getattr(booking.lines[0], name) for name, value in times.items()})
    booking_service.save_booking(
        booking, BookingContent(**body), by=actor(), expected_version=expected_version, use=use
    )
    return booking


@bp.post(f"{BOOKING}/submit")
@signed_in
@bp.versioned
@bp.response(200, WholeOut)
def submit_booking(reference: str, expected_version: int) -> Booking:
    """Send the request: its time is held while the owner answers. A refusal `taken` names `alternatives`."""
    booking = readable_booking(reference)
    booking_service.submit_booking(booking, by=actor(), expected_version=expected_version)
    return booking


@bp.post(f"{BOOKING}/cancel")
@signed_in
@bp.versioned
@bp.arguments(ReasonIn)
@bp.response(200, WholeOut)
def cancel_booking(body: dict[str, Any], reference: str, expected_version: int) -> Booking:
    """Cancel it; the time is free for others."""
    booking = readable_booking(reference)
    cancel_service.cancel_booking(booking, reason=body["reason"], by=actor(), expected_version=expected_version)
    return booking


@bp.get(LINE)
@signed_in
@bp.response(200, LineOut)
def show_line(reference: str, line_id: int) -> Line:
    """One line; its ETag is what an answer to it needs."""
    return _line(reference, line_id)


@bp.post(f"{LINE}/decision")
@signed_in
@bp.versioned
@bp.arguments(DecideIn)
@bp.response(200, LineOut)
def decide_line(body: dict[str, Any], reference: str, line_id: int, expected_version: int) -> Line:
    """The owner's answer."""
    line = _line(reference, line_id)
    approval_service.decide_line(
        line, body["state"], reason=body["reason"], by=actor(), expected_version=expected_version
    )
    return line


@bp.post(f"{LINE}/move")
@signed_in
@bp.versioned
@bp.arguments(MoveIn)
@bp.response(200, LineOut)
def move_line(body: dict[str, Any], reference: str, line_id: int, expected_version: int) -> Line:
    """Postpone an approved time; the time before is given back only if the new one can be had."""
    line, use = _line(reference, line_id), interval_of(body)
    change_service.move_line(line, use, reason=body["reason"], by=actor(), expected_version=expected_version)
    return line


@bp.post(f"{LINE}/check-in")
@signed_in
@bp.versioned
@bp.arguments(CheckInIn)
@bp.response(200, LineOut)
def check_in(body: dict[str, Any], reference: str, line_id: int, expected_version: int) -> Line:
    """The use begins."""
    line = _line(reference, line_id)
    day_service.check_in(line, people=body["people"], by=actor(), expected_version=expected_version)
    return line


@bp.post(f"{LINE}/check-out")
@signed_in
@bp.versioned
@bp.response(200, LineOut)
def check_out(reference: str, line_id: int, expected_version: int) -> Line:
    """The use ends."""
    line = _line(reference, line_id)
    day_service.check_out(line, by=actor(), expected_version=expected_version)
    return line


@bp.post(f"{LINE}/close")
@signed_in
@bp.versioned
@bp.response(200, LineOut)
def close(reference: str, line_id: int, expected_version: int) -> Line:
    """The owner finds everything in order."""
    line = _line(reference, line_id)
    day_service.close(line, by=actor(), expected_version=expected_version)
    return line


@bp.post(f"{LINE}/no-show")
@signed_in
@bp.versioned
@bp.response(200, LineOut)
def no_show(reference: str, line_id: int, expected_version: int) -> Line:
    """Nobody came."""
    line = _line(reference, line_id)
    day_service.no_show(line, by=actor(), expected_version=expected_version)
    return line


@bp.put(f"{BOOKING}/permits/<permit>")
@signed_in
@bp.versioned
@bp.arguments(input_of(PermitAnswer))
@bp.response(200, PermitOut)
def set_permit(body: dict[str, Any], reference: str, permit: str, expected_version: int) -> BookingPermit:
    """Where a permit stands."""
    row = queries.get_permit(readable_booking(reference), permit)
    safety_service.set_permit(row, PermitAnswer(**body), by=actor(), expected_version=expected_version)
    return row


@bp.post(f"{BOOKING}/risks")
@signed_in
@bp.arguments(RiskIn)
@bp.response(201, RiskOut)
def add_risk(body: dict[str, Any], reference: str) -> Any:
    """Something that may go wrong, and what is done about it."""
    risk = safety_service.add_risk(readable_booking(reference), by=actor(), **body)
    return created(risk, "bookings.show_booking", reference=reference)


@bp.post(f"{BOOKING}/risks/<int:risk_id>/accept")
@signed_in
@bp.versioned
@bp.response(200, RiskOut)
def accept_risk(reference: str, risk_id: int, expected_version: int) -> Risk:
    """The site accepts what is left of it."""
    risk = next((one for one in queries.risks_of(readable_booking(reference)) if one.id == risk_id), None)
    if risk is None:
        raise NotFound()
    safety_service.accept_risk(risk, by=actor(), expected_version=expected_version)
    return risk


@bp.post(f"{BOOKING}/deviations")
@signed_in
@bp.arguments(DeviationIn)
@bp.response(201, DeviationOut)
def note_deviation(body: dict[str, Any], reference: str) -> Any:
    """Something that went otherwise on site."""
    deviation = day_service.note_deviation(readable_booking(reference), by=actor(), **body)
    return created(deviation, "bookings.show_booking", reference=reference)
