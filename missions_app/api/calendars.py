"""The calendar, the secret links under which calendar apps read it, and calendars kept elsewhere."""

from datetime import date
from typing import Any

from marshmallow import fields, validate

from missions_app import clock
from missions_app.api.base import ApiBlueprint, Filters, Input, Moment, Output, created, existing, scope
from missions_app.api.schemas import Day
from missions_app.api.shapes import output_of
from missions_app.api.sites import interval_of, readable_site
from missions_app.bookings import collision_service, link_service, outside_service, policy, schedule
from missions_app.bookings.link_models import CalendarLink, FeedKind
from missions_app.bookings.link_service import Target
from missions_app.bookings.local_days import local_days
from missions_app.bookings.models import LineState, ReservationKind
from missions_app.bookings.outside_models import ConflictState, OutsideCalendar, OutsideConflict
from missions_app.bookings.schedule import Look
from missions_app.edge.access import actor, authorise, public, signed_in
from missions_app.errors import InvalidInput, NotFound, Problem
from missions_app.i18n import N_
from missions_app.missions import queries as missions
from missions_app.sites import policy as site_policy
from missions_app.sites import queries as sites
from missions_app.sites.models import Resource

bp = ApiBlueprint("calendars", "What is taken, feeds for calendar apps, and calendars kept elsewhere")
OUTSIDE = "/sites/<slug>/resources/<resource>/outside-calendars"
MOST_DAYS = 62


class CalendarFilters(Filters):
    """Which days and which resources."""

    first = Day(load_default=None, allow_none=True, metadata={"description": "first day; today if left out"})
    days = fields.Integer(load_default=7, validate=validate.Range(1, MOST_DAYS))
    site = fields.String(load_default="")
    theme = fields.String(load_default="")
    owner = fields.String(load_default="")
    kind = fields.String(load_default="")
    mine = fields.Boolean(load_default=False)
    page = fields.Integer(load_default=1, validate=validate.Range(1, 100_000))


class EntryOut(Output):
    """Time that is taken, set-up and clean-up included. What the caller may not see is null."""

    starts_at = fields.DateTime(attribute="occupied.start")
    ends_at = fields.DateTime(attribute="occupied.end")
    look = fields.Enum(enum=Look, by_value=True)
    kind = fields.Enum(enum=ReservationKind, by_value=True)
    units = fields.Integer()
    purpose = fields.String(allow_none=True)
    organisation = fields.String(allow_none=True)
    booking = fields.String(attribute="reference", allow_none=True)
    state = fields.Enum(enum=LineState, by_value=True, allow_none=True)
    reason = fields.String()
    offer = fields.Integer(
        attribute="offer_id", allow_none=True,
        metadata={"description": "the offer by which it is held for the caller, who waited for it"},
    )  # fmt: skip


class RowOut(Output):
    """A resource and what takes it, by start."""

    site = fields.String(attribute="bookable.resource.site.slug")
    resource = fields.String(attribute="bookable.resource.slug")
    units = fields.Function(lambda one: len(one.bookable.units))
    entries = fields.List(fields.Nested(EntryOut))


class CalendarOut(Output):
    """A page of resources."""

    rows = fields.List(fields.Nested(RowOut))
    page = fields.Integer(attribute="number")
    pages = fields.Integer()


class LinkOut(output_of(CalendarLink, "id", "kind", "name", "created_at", "last_read_at")):
    """A link that holds. Its secret is told only when it is made."""


class NewLinkOut(LinkOut):
    """A new link with its secret: read /calendar/feeds/<secret>.ics."""

    path = fields.String()


class LinkIn(Input):
    """What to follow: `site` for a site, with `resource` for one of its resources, `mission` for a mission."""

    kind = fields.Enum(enum=FeedKind, by_value=True, required=True)
    site = fields.String(load_default="")
    resource = fields.String(load_default="")
    mission = fields.String(load_default="")


class UnreadOut(Output):
    """An event that could not be read: what it is called and its beginning, as the file has them, and why: no_start,
    bad_time, bad_repetition, other."""

    name = fields.String()
    start = fields.String()
    why = fields.String()


class OutsideOut(
    output_of(OutsideCalendar, "id", "name", "url", "added_at", "tried_at", "fetched_at", "failure", "version")
):
    """A calendar kept elsewhere. `fetched_at` says how old what is shown is. What could not be read keeps its time."""

    unread = fields.List(fields.Nested(UnreadOut))


class OutsideIn(Input):
    """A calendar to follow, by its address on the public internet."""

    name = fields.String(required=True)
    url = fields.String(required=True)


class ConflictOut(output_of(OutsideConflict, "id", "state", "opened_at", "settled_at", "reason", "version")):
    """An outside event where somebody has a booking. The booking stays until somebody decides."""

    booking = fields.String(attribute="line.booking.reference")
    line_id = fields.Integer()
    calendar = fields.String(attribute="event.calendar.name")
    starts_at = fields.DateTime(attribute="event.starts_at")
    ends_at = fields.DateTime(attribute="event.ends_at")


class SettleIn(Input):
    """What becomes of the booking: kept, moved (to the times) or cancelled, and why."""

    to = fields.Enum(enum=ConflictState, by_value=True, required=True)
    reason = fields.String(required=True)
    starts_at = Moment(load_default=None, allow_none=True)
    ends_at = Moment(load_default=None, allow_none=True)


@bp.get("/calendar")
@public
@scope("bookings:read")
@bp.arguments(CalendarFilters, location="query")
@bp.response(200, CalendarOut)
def show_calendar(asked: dict[str, Any]) -> Any:
    """What is taken, by resource; as much of it as the caller may see."""
    first: date = asked.pop("first") or clock.today()
    window = local_days(first, date.fromordinal(first.toordinal() + asked.pop("days") - 1))
    number = asked.pop("page")
    return schedule.schedule(actor(), window, schedule.Filters(**asked), number=number)


@bp.get("/calendar/links")
@signed_in
@scope("bookings:read")
@bp.response(200, LinkOut(many=True))
def list_links() -> Any:
    """One's own links that hold."""
    return link_service.links_of(actor().user_id or 0)


@bp.post("/calendar/links")
@signed_in
@scope("bookings:write")
@bp.arguments(LinkIn)
@bp.response(201, NewLinkOut)
def make_link(body: dict[str, Any]) -> Any:
    """A new link. Its secret is told only now."""
    link, secret = link_service.make_link(_target(body), by=actor())
    shown = {name: getattr(link, name) for name in ("id", "kind", "name", "created_at", "last_read_at")}
    return created({**shown, "path": f"/calendar/feeds/{secret}.ics"}, "calendars.list_links")


def _target(body: dict[str, Any]) -> Target:
    kind: FeedKind = body["kind"]
    if kind is FeedKind.MINE:
        return Target(kind, None, "Missions")
    if kind is FeedKind.MISSION:
        mission = existing("mission", missions.get_mission, body["mission"])
        return Target(kind, mission.id, f"{mission.title} {mission.reference}")
    site = existing("site", readable_site, body["site"])
    if kind is FeedKind.SITE:
        return Target(kind, site.id, site.name_sv)
    resource = existing("resource", sites.get_resource, site, body["resource"])
    return Target(kind, resource.id, f"{site.name_sv}, {resource.name_sv}")


@bp.delete("/calendar/links/<int:link_id>")
@signed_in
@scope("bookings:write")
@bp.response(204)
def revoke_link(link_id: int) -> None:
    """Take a link back at once."""
    link_service.revoke_link(link_service.get_link(link_id, by=actor()), by=actor())


def _editable(slug: str, resource: str) -> Resource:
    found = sites.get_resource(readable_site(slug), resource)
    authorise(site_policy.can_edit_site, found.site)
    return found


@bp.get(OUTSIDE)
@signed_in
@scope("bookings:read")
@bp.response(200, OutsideOut(many=True))
def list_outside(slug: str, resource: str) -> Any:
    """The calendars that occupy a resource, and how old what they say is."""
    return outside_service.calendars_of(_editable(slug, resource))


@bp.post(OUTSIDE)
@signed_in
@scope("bookings:write")
@bp.arguments(OutsideIn)
@bp.response(201, OutsideOut)
def follow_calendar(body: dict[str, Any], slug: str, resource: str) -> Any:
    """Let a calendar kept elsewhere occupy a resource."""
    made = outside_service.follow(_editable(slug, resource), name=body["name"], url=body["url"], by=actor())
    return created(made, "calendars.list_outside", slug=slug, resource=resource)


@bp.delete(f"{OUTSIDE}/<int:calendar_id>")
@signed_in
@scope("bookings:write")
@bp.versioned
@bp.response(204)
def stop_calendar(slug: str, resource: str, calendar_id: int, expected_version: int) -> None:
    """Follow it no more; what it has taken is free."""
    followed = outside_service.get_calendar(_editable(slug, resource), calendar_id)
    outside_service.stop(followed, by=actor(), expected_version=expected_version)


@bp.get("/calendar/collisions")
@signed_in
@scope("bookings:read")
@bp.response(200, ConflictOut(many=True))
def list_collisions() -> Any:
    """Collisions at the sites one manages that nobody has decided about."""
    return collision_service.open_cases([int(key) for key in actor().scopes_of("site_manager", "site")])


@bp.post("/calendar/collisions/<int:case_id>/settle")
@signed_in
@scope("bookings:write")
@bp.versioned
@bp.arguments(SettleIn)
@bp.response(200, ConflictOut)
def settle_collision(body: dict[str, Any], case_id: int, expected_version: int) -> OutsideConflict:
    """Keep the booking, move it or cancel it."""
    case = collision_service.get_case(case_id)
    if not policy.manages_line(actor(), case.line):
        raise NotFound()
    more = {"reason": body["reason"], "by": actor(), "expected_version": expected_version}
    if body["to"] is ConflictState.KEPT:
        collision_service.keep_booking(case, **more)
    elif body["to"] is ConflictState.CANCELLED:
        collision_service.cancel_booking(case, **more)
    elif body["to"] is ConflictState.MOVED and collision_service.reserve_day_of(case):
        collision_service.give_up_reserve_date(case, **more)
    elif body["to"] is ConflictState.MOVED and not (body["starts_at"] and body["ends_at"]):
        lacking = [name for name in ("starts_at", "ends_at") if not body[name]]
        raise InvalidInput.of(Problem("missing", N_("Fill this in."), name) for name in lacking)
    elif body["to"] is ConflictState.MOVED:
        collision_service.move_booking(case, interval_of(body), **more)
    else:
        raise InvalidInput.of([Problem("unknown_choice", N_("Choose one of the alternatives."), "to")])
    return case
