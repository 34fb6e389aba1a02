"""The catalogue of sites, what can be booked there, and when it is taken."""

from datetime import UTC, time, timedelta
from typing import Any

import marshmallow as ma
from marshmallow import fields, validate

from missions_app import clock
from missions_app.api.base import ApiBlueprint, Filters, Input, Output, created, existing, scope
from missions_app.api.schemas import Day, LocalTime, Moment
from missions_app.api.shapes import input_of, output_of
from missions_app.bookings import reservations
from missions_app.bookings.intervals import Interval
from missions_app.bookings.local_days import local_days
from missions_app.edge.access import actor, authorise, public, signed_in
from missions_app.errors import InvalidInput, NotFound, Problem
from missions_app.i18n import N_, current_locale
from missions_app.organisations import queries as organisations
from missions_app.sites import catalogue_service, entry_fields, photo_service, policy, queries, resource_service
from missions_app.sites.catalogue_service import ResourceEntry, SiteEntry
from missions_app.sites.classification import classify, unanswered
from missions_app.sites.models import OpeningPeriod, Resource, Site, SiteStatus
from missions_app.workflow.method_service import method_in_force

bp = ApiBlueprint("sites", "Testbeds and demonstration environments, and their calendars")
SITE = "/sites/<slug>"
RESOURCE = f"{SITE}/resources/<resource>"
MOST_DAYS = 62
DAY = timedelta(days=1)
ResourceFields = output_of(
    Resource, "slug", "name_sv", "name_en", "description_sv", "description_en", "kind", "most_people",
    "shortest_minutes", "longest_minutes", "step_minutes", "setup_minutes", "cleanup_minutes", "notice_minutes",
    "horizon_days", "approval", "approvals_needed", "bookers", "requests_hold", "hold_hours", "cancel_minutes",
    "price_ore", "market_price_ore", "limits", "version", name="ResourceFields",
)  # fmt: skip
SiteFields = output_of(
    Site, "kind_reason", "answers", "overlays", "operator", "latitude", "longitude", "description_sv",
    "description_en", "themes", "area", "is_outdoor", "trl_from", "trl_to", "srl_from", "srl_to",
    "price_model", "contact_function", "contact_email", "permits_held", "provenance", "reviewed_on",
    "review_due_on", name="SiteFields",
)  # fmt: skip


def units_field() -> fields.Integer:
    """How many units of a pool are wanted."""
    return fields.Integer(
        load_default=1, validate=validate.OneOf(range(1, 61), error=N_("Use a number of units from 1 to 60."))
    )


class SiteRow(
    output_of(Site, "slug", "name_sv", "name_en", "kind", "municipality", "status", "version", name="SiteShort")
):
    """A site in a list."""

    owner = fields.String(attribute="owner.slug")


class OpeningOut(output_of(OpeningPeriod, "weekday", "on_date")):
    """When something is open: on a weekday (0 is Monday), or on one date instead. Local times; none means closed."""

    opens = fields.Time(allow_none=True)
    closes = fields.Time(allow_none=True)


class ResourceRow(ResourceFields):
    """Something that can be booked. It occupies its units, which others may share, or some of a pool."""

    units = fields.Function(lambda one: [unit.name for unit in one.units])
    is_pool = fields.Function(lambda one: one.pool_id is not None)


class ResourceOut(ResourceRow):
    """Something that can be booked, with its opening hours and how many units there are to choose among."""

    unit_count = fields.Function(lambda one: len(reservations.unit_ids_of(one)))
    opening = fields.Function(lambda one: OpeningOut(many=True).dump(queries.opening_of(one)))


class SiteOut(SiteFields, SiteRow):
    """A whole entry."""

    details = fields.Function(lambda one: details_for_reader(one))
    chosen_kind = fields.Function(lambda one: catalogue_service.entry_of(one).chosen_kind)
    resources = fields.Function(lambda one: ResourceRow(many=True).dump(queries.resources_of(one)))
    photos = fields.Function(lambda one: [each.id for each in photo_service.photos_of(one, shown=True)])


class HeldPermitIn(Input):
    """A permit that the site has already, and which days it holds."""

    permit = fields.String(required=True, metadata={"description": "the method's id"})
    valid_from = Day(required=True)
    valid_until = Day(required=True)
    number = fields.String(load_default="")


class EntryIn(input_of(SiteEntry)):
    """An entry as it is to be; what is left out becomes empty. The answers to the method's questions say its kind."""

    permits_held = fields.List(fields.Nested(HeldPermitIn), load_default=list)
    status = fields.Enum(enum=SiteStatus, by_value=True, required=True)

    @ma.post_load
    def as_entry(self, data: dict[str, Any], **_options: Any) -> dict[str, Any]:
        """Permits as they are kept."""
        held = [
            one | {"valid_from": str(one["valid_from"]), "valid_until": str(one["valid_until"])}
            for one in data["permits_held"]
        ]
        return {**data, "permits_held": held}


class SiteIn(EntryIn):
    """An entry and whose it is."""

    owner = fields.String(required=True, metadata={"description": "slug of the organisation"})


class AnswersIn(Input):
    """Answers by the ids of the questions."""

    answers = fields.Dict(keys=fields.String(), values=fields.String(), required=True)


class ClassificationOut(Output):
    """The kind that follows from the answers, which answers decided it, and which are still missing."""

    kind = fields.String(allow_none=True)
    label = fields.String(allow_none=True)
    because = fields.List(fields.String())
    unanswered = fields.List(fields.String())


class ChoiceOut(Output):
    """One of the alternatives."""

    id = fields.String()
    label = fields.Function(lambda one: one.label.in_(current_locale()))


class QuestionOut(ChoiceOut):
    """A question that tells what kind of site a place is."""

    values = fields.List(fields.Nested(ChoiceOut))


class PeriodIn(Input):
    """A weekday (0 is Monday) and local times. An end at 00:00 is midnight."""

    weekday = fields.Integer(
        required=True, validate=validate.OneOf(range(7), error=N_("Choose one of the alternatives."))
    )
    opens = LocalTime(required=True)
    closes = LocalTime(required=True)


class OpeningIn(Input):
    """The weekly hours; without any it is always open."""

    periods = fields.List(fields.Nested(PeriodIn), required=True)


class SiteFilters(Filters):
    """Words, a kind, a municipality."""

    q = fields.String(load_default="")
    kind = fields.String(load_default="")
    municipality = fields.String(load_default="")


class WindowFilters(Filters):
    """From one day until another, both included."""

    since = Day(load_default=None, data_key="from")
    until = Day(load_default=None)


class UseFilters(Filters):
    """A wanted time of use."""

    starts_at = Moment(required=True)
    ends_at = Moment(required=True)
    units = units_field()


class StretchOut(Output):
    """A stretch of time; its end is not part of it."""

    starts_at = fields.DateTime(attribute="start")
    ends_at = fields.DateTime(attribute="end")


def details_for_reader(site: Site) -> dict[str, Any]:
    """An entry's further fields; how to get in is told only to those who look after it."""
    whole = policy.can_edit_site(actor(), site)
    private = {one.name for one in entry_fields.FIELDS if one.private}
    return {name: value for name, value in site.details.items() if whole or name not in private}


def readable_site(slug: str) -> Site:
    """The site, as far as the caller may know that it is there."""
    site = queries.get_site(slug)
    if not policy.can_read_site(actor(), site):
        raise NotFound()
    return site


def interval_of(values: dict[str, Any]) -> Interval:
    """The time of use that somebody wrote, taken out of what they sent."""
    start, end = values.pop("starts_at"), values.pop("ends_at")
    if start >= end:
        raise InvalidInput.of([Problem("ends_first", N_("The time must end after it begins."), "ends_at")])
    return Interval(start.astimezone(UTC), end.astimezone(UTC))


@bp.get("/sites")
@public
@bp.paged(SiteRow, SiteFilters)
def list_sites(filters: dict[str, Any]) -> Any:
    """The catalogue, in Swedish order."""
    return queries.catalogue(text=filters["q"].strip(), kind=filters["kind"], municipality=filters["municipality"])


@bp.get("/site-questions")
@public
@bp.response(200, QuestionOut(many=True))
def list_questions() -> Any:
    """The method's questions about a place, with their alternatives."""
    return list(method_in_force().site_question)


@bp.post("/site-classification")
@public
@scope("sites:read")
@bp.arguments(AnswersIn)
@bp.response(200, ClassificationOut)
def classify_site(body: dict[str, Any]) -> dict[str, Any]:
    """What kind of site answers make, and why. Nothing is kept."""
    method, answers = method_in_force(), body["answers"]
    found = classify(answers, method)
    return {
        "kind": found.type.id if found else None, "label": found.type.label.in_(current_locale()) if found else None,
        "because": [one.id for one in found.because] if found else [],
        "unanswered": [one.id for one in unanswered(answers, method)],
    }  # fmt: skip


@bp.get("/permit-questions")
@public
@bp.response(200, ChoiceOut(many=True))
def list_permit_questions() -> Any:
    """The method's questions that decide which permits a test needs."""
    return list(method_in_force().permit_question)


@bp.post("/sites")
@signed_in
@bp.arguments(SiteIn)
@bp.response(201, SiteOut)
def add_site(body: dict[str, Any]) -> Any:
    """Enter a site; the answers to the method's questions say what kind it is."""
    owner = existing("owner", organisations.get_active, body.pop("owner"))
    site = catalogue_service.add_site(SiteEntry(**body), owner=owner, by=actor())
    return created(site, "sites.show_site", slug=site.slug)


@bp.get(SITE)
@public
@bp.response(200, SiteOut)
def show_site(slug: str) -> Site:
    """One site with its resources."""
    return readable_site(slug)


@bp.put(SITE)
@signed_in
@bp.versioned
@bp.arguments(EntryIn)
@bp.response(200, SiteOut)
def edit_site(body: dict[str, Any], slug: str, expected_version: int) -> Site:
    """Change an entry; changed answers may change its kind."""
    site = readable_site(slug)
    authorise(policy.can_edit_site, site)
    catalogue_service.edit_site(site, SiteEntry(**body), by=actor(), expected_version=expected_version)
    return site


@bp.get(f"{SITE}/resources")
@public
@bp.response(200, ResourceRow(many=True))
def list_resources(slug: str) -> Any:
    """What can be booked there."""
    return queries.resources_of(readable_site(slug))


@bp.post(f"{SITE}/resources")
@signed_in
@bp.arguments(input_of(ResourceEntry))
@bp.response(201, ResourceOut)
def add_resource(body: dict[str, Any], slug: str) -> Any:
    """Make something bookable. Resources of a site that name the same units cannot be used at the same time."""
    resource = catalogue_service.add_resource(readable_site(slug), ResourceEntry(**body), by=actor())
    return created(resource, "sites.show_resource", slug=slug, resource=resource.slug)


@bp.get(RESOURCE)
@public
@bp.response(200, ResourceOut)
def show_resource(slug: str, resource: str) -> Resource:
    """Something that can be booked, its rules and its opening hours."""
    return queries.get_resource(readable_site(slug), resource)


@bp.put(f"{RESOURCE}/opening")
@signed_in
@bp.versioned
@bp.arguments(OpeningIn)
@bp.response(200, ResourceOut)
def set_opening(body: dict[str, Any], slug: str, resource: str, expected_version: int) -> Resource:
    """Set the weekly opening hours. Dated exceptions stay."""
    found = queries.get_resource(readable_site(slug), resource)
    weekly: dict[int, list[tuple[time, time]]] = {}
    for one in body["periods"]:
        weekly.setdefault(one["weekday"], []).append((one["opens"], one["closes"]))
    resource_service.set_opening(found, weekly, by=actor(), expected_version=expected_version)
    return found


@bp.get(f"{RESOURCE}/taken")
@public
@bp.arguments(WindowFilters, location="query")
@bp.response(200, StretchOut(many=True))
def list_taken(window: dict[str, Any], slug: str, resource: str) -> Any:
    """When it is taken, for two months at most; a week unless more is asked for. By whom is not said."""
    found = queries.get_resource(readable_site(slug), resource)
    first = window["since"] or clock.today()
    last = min(window["until"] or first + 6 * DAY, first + MOST_DAYS * DAY)
    return reservations.taken_on(found, local_days(first, last)) if first <= last else []


@bp.get(f"{RESOURCE}/free-times")
@public
@bp.arguments(UseFilters, location="query")
@bp.response(200, StretchOut(many=True))
def list_free_times(wanted: dict[str, Any], slug: str, resource: str) -> Any:
    """The free times of the same length that start nearest to the wanted one, best first."""
    found = queries.get_resource(readable_site(slug), resource)
    use = interval_of(wanted)
    return reservations.nearest(reservations.Wish(found, use, wanted["units"]))
