"""Bookings: asked for, answered, with their permits and risks, and the day of use."""

from dataclasses import fields as fields_of
from typing import Any

import marshmallow as ma
from flask import jsonify
from marshmallow import fields

from missions_app import clock, db
from missions_app.accounts.models import User
from missions_app.api.base import ApiBlueprint, Input, Moment, created, existing
from missions_app.api.booking_content import ContentIn, content_of
from missions_app.api.shapes import ReasonIn, output_of
from missions_app.api.sites import interval_of, readable_site, units_field
from missions_app.bookings import (
    approval_service,
    booking_service,
    cancel_service,
    change_service,
    coverage,
    day_queries,
    policy,
    queries,
    states,
)
from missions_app.bookings.approval_service import Asked
from missions_app.bookings.as_one import as_one
from missions_app.bookings.content import MOST_EXTRA_MINUTES, BookingContent, LineWish
from missions_app.bookings.local_days import local_days
from missions_app.bookings.models import Booking, BookingPermit, ConditionDue, Deviation, Line, LineState, Risk
from missions_app.bookings.steps import method_for
from missions_app.edge.access import actor, authorise, signed_in
from missions_app.errors import InvalidInput, NotFound, Problem
from missions_app.experiments import queries as experiments
from missions_app.i18n import N_
from missions_app.organisations import queries as organisations
from missions_app.organisations.models import Organisation
from missions_app.sites import policy as site_policy
from missions_app.sites import queries as sites
from missions_app.sites.models import Resource
from missions_app.workflow.method_service import method_in_force, method_of

bp = ApiBlueprint("bookings", "The right to use a resource for a while; nobody can be given what somebody has")
BOOKING = "/bookings/<reference>"
LINE = f"{BOOKING}/lines/<int:line_id>"
CONTENT = tuple(one.name for one in fields_of(BookingContent))
LineRow = output_of(
    Line, "id", "starts_at", "ends_at", "units_wanted", "state", "decided_at", "decision_reason", "price_ore",
    "checked_in_at", "checked_out_at", "people_present", "fee_ore", "replaces_id", "ended_reason", "gone_without_at",
    "version", name="LineRow",
)  # fmt: skip
PermitOut = output_of(
    BookingPermit, "permit", "state", "applied_on", "valid_from", "valid_until", "number", "reason", "version"
)
RiskOut = output_of(Risk, "id", "text", "level", "mitigation", "accepted_at", "version")
DeviationOut = output_of(Deviation, "id", "text", "is_incident", "noted_at", "photo_text")


def _as_told(data: dict[str, Any], booking: Booking) -> dict[str, Any]:
    """What is answered, with nothing in what the reader is not told."""
    return data | {name: None for name in policy.withheld(actor(), booking) if name in data}


class LineOut(LineRow):
    """One resource for one time of use. It has a version of its own. Who came when is null for those who do not take
    part."""

    site = fields.String(attribute="resource.site.slug")
    resource = fields.String(attribute="resource.slug")

    @ma.post_dump(pass_original=True)
    def as_told(self, data: dict[str, Any], line: Line, **_options: Any) -> dict[str, Any]:
        """What the reader is told; a line that nobody has come to says nothing more to anybody."""
        return data if line.checked_in_at is None else _as_told(data, line.booking)


class LineAtOut(LineOut):
    """A line, and the booking it is part of."""

    booking = fields.String(attribute="booking.reference")
    organisation = fields.String(attribute="booking.organisation.slug")


class BookingOut(
    output_of(
        Booking, "reference", "purpose", "submitted_at", "held_until", "decided_go_at", "version", name="BookingRow"
    )
):  # fmt: skip
    """A booking with its lines. Its state is that of the line that most needs somebody's attention."""

    state = fields.Function(lambda one: states.booking_state([line.state for line in one.lines]).value)
    organisation = fields.String(attribute="organisation.slug")
    experiment = fields.Function(lambda one: one.experiment.reference if one.experiment else None)
    lines = fields.List(fields.Nested(LineOut))


class WholeOut(
    output_of(Booking, *CONTENT, name="BookingContentOut", withheld=(*policy.CONTACTS, *policy.WEIGHED)), BookingOut
):
    """A booking with what it says, its permits, risks and deviations. Whom to reach and what is written for the owners
    to weigh is null for those who do not take part."""

    permits = fields.Function(lambda one: PermitOut(many=True).dump(queries.permits_of(one)))
    uncovered_permits = fields.Function(coverage.uncovered_permits)
    risks = fields.Function(lambda one: RiskOut(many=True).dump(queries.risks_of(one)))
    deviations = fields.Function(lambda one: DeviationOut(many=True).dump(queries.deviations_of(one)))
    units = fields.Function(
        lambda one: {} if policy.withheld(actor(), one) else day_queries.units_told(one.lines),
        metadata={"description": "Which units of a pool are used, by line, once that is certain."},
    )

    @ma.post_dump(pass_original=True)
    def as_told(self, data: dict[str, Any], booking: Booking, **_options: Any) -> dict[str, Any]:
        """What the reader is told."""
        return _as_told(data, booking)


class FreshOut(WholeOut):
    """A booking that has just been made and needs no permit: there is nothing more to look up."""

    permits = uncovered_permits = risks = deviations = fields.Function(lambda _one: [])
    units = fields.Function(lambda _one: {})


# Making a schema takes longer than using it.
WHOLE, FRESH = WholeOut(), FreshOut()


class LineIn(Input):
    """One resource for one time of use; extra minutes lengthen what the resource itself adds around it."""

    site = fields.String(required=True)
    resource = fields.String(required=True)
    starts_at = Moment(required=True)
    ends_at = Moment(required=True)
    units = units_field()
    extra_setup_minutes = fields.Integer(load_default=0, validate=ma.validate.Range(0, MOST_EXTRA_MINUTES))
    extra_cleanup_minutes = fields.Integer(load_default=0, validate=ma.validate.Range(0, MOST_EXTRA_MINUTES))


class BookingIn(ContentIn):
    """What is asked for, when, for whom: one resource and time, or several as `lines`, held all or none. Times are
    instants with their offset; the end is not part of the use."""

    site = fields.String(load_default="")
    resource = fields.String(load_default="")
    starts_at = Moment(load_default=None, allow_none=True)
    ends_at = Moment(load_default=None, allow_none=True)
    lines = fields.List(fields.Nested(LineIn), load_default=list)
    organisation = fields.String(required=True)
    experiment = fields.String(load_default="")
    booked_for = fields.Email(load_default=None, allow_none=True)
    units = units_field()
    submit = fields.Boolean(load_default=True, metadata={"description": "false begins a draft, which holds nothing"})


class ChangeIn(ContentIn):
    """What the request is to say; without times it keeps those it has."""

    starts_at = Moment(load_default=None, allow_none=True)
    ends_at = Moment(load_default=None, allow_none=True)


class AskedIn(Input):
    """A condition, and whether it is to be met before the owner confirms or on site."""

    text = fields.String(required=True)
    due = fields.Enum(enum=ConditionDue, by_value=True, load_default=ConditionDue.BEFORE)


class DecideIn(ReasonIn):
    """The owner's answer: approved, conditional, needs_info or declined; and what is asked for in return for a yes."""

    state = fields.Enum(enum=LineState, by_value=True, required=True)
    conditions = fields.List(fields.Nested(AskedIn), load_default=list)


class SubmitIn(Input):
    """Why a site's manager sets the resource's rules aside, if one does."""

    override_reason = fields.String(load_default="")


class MoveIn(ReasonIn):
    """Another time of use; and why rules of the resource are set aside for it, if they are."""

    starts_at = Moment(required=True)
    ends_at = Moment(required=True)
    override_reason = fields.String(load_default="")


def readable_booking(reference: str) -> Booking:
    booking = queries.get_booking(reference)
    if not policy.can_read(actor(), booking):
        raise NotFound()
    return booking


def line_of(reference: str, line_id: int) -> Line:
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
    waiting = queries.lines_waiting([int(key) for key in actor().scopes_of("site_manager", "site")])
    return [line for line, _number in as_one(waiting)]


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
    """Ask for time. A refusal `taken` names the nearest `alternatives`."""
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
        wishes = _wishes(body)
        experiment, submit, colleague = body.pop("experiment"), body.pop("submit"), body.pop("booked_for")
        organisation = existing("organisation", organisations.get_organisation, body.pop("organisation"))
        found = existing("experiment", experiments.get_experiment, experiment) if experiment else None
        method = method_of(found.journey.method_version) if found else method_in_force()
        act = booking_service.request_booking if submit else booking_service.draft_booking
        booking = act(
            lines=wishes, organisation=organisation, by=actor(), booked_for=_colleague(organisation, colleague),
            content=content_of(body, method.ids("permit_question")), experiment=found,
        )  # fmt: skip
        db.session.flush()
        return (WHOLE if any(booking.answers.values()) else FRESH).dump(booking)


def _readable_resource(site: str, resource: str) -> Resource:
    found = sites.get_resource_at(site, resource)
    if not site_policy.can_read_site(actor(), found.site):
        raise NotFound()
    return found


def wish_of(body: dict[str, Any], at: str = "") -> LineWish:
    """The line that somebody wrote, and where in the body it stands."""
    resource = existing(f"{at}resource", _readable_resource, body["site"], body["resource"])
    extra = body.get("extra_setup_minutes", 0), body.get("extra_cleanup_minutes", 0)
    return LineWish(resource, interval_of(body), body["units"], *extra)


def _wishes(body: dict[str, Any]) -> list[LineWish]:
    single = {name: body.pop(name) for name in ("site", "resource", "starts_at", "ends_at", "units")}
    lines = body.pop("lines")
    if not lines:
        lacking = [name for name in ("site", "resource", "starts_at", "ends_at") if not single[name]]
        if lacking:
            raise InvalidInput.of(
                [Problem("required", N_("Send this field too, it is required."), one) for one in lacking]
            )
        return [wish_of(single)]
    return [wish_of(one, f"lines.{number}.") for number, one in enumerate(lines)]


def _colleague(organisation: Organisation, email: str | None) -> User | None:
    if email is None:
        return None
    found = next((user for user, _role in organisations.members_of(organisation) if user.email == email), None)
    if found is None:
        raise InvalidInput.of([Problem("unknown_choice", N_("Choose one of the alternatives."), "booked_for")])
    return found


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
    content = content_of(body, {*method_for(booking).ids("permit_question"), *booking.answers})
    booking_service.save_booking(booking, content, by=actor(), expected_version=expected_version, use=use)
    return booking


@bp.post(f"{BOOKING}/submit")
@signed_in
@bp.versioned
@bp.arguments(SubmitIn)
@bp.response(200, WholeOut)
def submit_booking(body: dict[str, Any], reference: str, expected_version: int) -> Booking:
    """Send the request: its time is held while the owner answers. A refusal `taken` names `alternatives`."""
    booking = readable_booking(reference)
    booking_service.submit_booking(
        booking, by=actor(), expected_version=expected_version, override_reason=body["override_reason"]
    )
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
    return line_of(reference, line_id)


@bp.post(f"{LINE}/decision")
@signed_in
@bp.versioned
@bp.arguments(DecideIn)
@bp.response(200, LineOut)
def decide_line(body: dict[str, Any], reference: str, line_id: int, expected_version: int) -> Line:
    """The owner's answer."""
    line = line_of(reference, line_id)
    approval_service.decide_line(
        line, body["state"], reason=body["reason"], by=actor(), expected_version=expected_version,
        conditions=[Asked(**one) for one in body["conditions"]], override_reason=body["reason"],
    )  # fmt: skip
    return line


@bp.post(f"{LINE}/move")
@signed_in
@bp.versioned
@bp.arguments(MoveIn)
@bp.response(200, LineOut)
def move_line(body: dict[str, Any], reference: str, line_id: int, expected_version: int) -> Line:
    """Postpone an approved time; the time before is given back only if the new one can be had."""
    line, use = line_of(reference, line_id), interval_of(body)
    change_service.move_line(
        line, use, reason=body["reason"], by=actor(), expected_version=expected_version,
        override_reason=body["override_reason"],
    )  # fmt: skip
    return line
