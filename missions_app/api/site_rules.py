"""What limits bookings at a site: rules, dates that are otherwise, blackouts, bookers and qualifications."""

from datetime import date, time
from typing import Any

from marshmallow import fields

from missions_app.accounts import queries as accounts
from missions_app.api.base import ApiBlueprint, Input, existing, scope
from missions_app.api.schemas import Day, LocalTime, Moment
from missions_app.api.shapes import input_of, output_of
from missions_app.api.sites import RESOURCE, SITE, ResourceOut, interval_of, readable_site
from missions_app.audit.models import AuditEvent
from missions_app.bookings import blackout_service, unit_service
from missions_app.bookings.block_models import Blackout
from missions_app.edge.access import actor, authorise, signed_in
from missions_app.organisations import queries as organisations
from missions_app.sites import (
    policy,
    queries,
    resource_history,
    resource_service,
    rule_queries,
    rule_service,
)
from missions_app.sites.catalogue_service import UNIT_FIELDS, ResourceEntry
from missions_app.sites.models import Resource, Site
from missions_app.sites.rule_models import HeldQualification, Qualification
from missions_app.sites.rule_service import QualificationEntry

bp = ApiBlueprint("site_rules", "What limits bookings at a site, for those who look after it")


class RulesIn(input_of(ResourceEntry, *UNIT_FIELDS, name="RulesShort")):
    """The rules as they are to be; what is left out is as for something new. Units are another matter."""


class PeriodIn(Input):
    """Local times. An end at 00:00 is midnight."""

    opens = LocalTime(required=True)
    closes = LocalTime(required=True)


class ExceptionIn(Input):
    """Dates that are otherwise than their weekday; without periods they are closed."""

    first = Day(required=True)
    last = Day(required=True)
    periods = fields.List(fields.Nested(PeriodIn), load_default=list)


class DatesIn(Input):
    """From one day until another, both included."""

    first = Day(required=True)
    last = Day(required=True)


class BlackoutIn(Input):
    """When something is blocked, and why."""

    starts_at = Moment(required=True)
    ends_at = Moment(required=True)
    reason = fields.String(required=True)


class BlackoutOut(output_of(Blackout, "id", "starts_at", "ends_at", "reason", "version", name="BlackoutFields")):
    """A blocked time, and the bookings that still stand in it."""

    bookings = fields.Function(lambda one: _standing(one))


def _standing(one: Blackout) -> list[str]:
    found = blackout_service.lines_within(one.resource, blackout_service.window_of(one))
    return sorted({line.booking.reference for line in found})


class SlugsIn(Input):
    """Names in addresses."""

    slugs = fields.List(fields.String(), required=True)


class QualificationOut(
    output_of(
        Qualification, "slug", "name_sv", "name_en", "how_sv", "how_en", "valid_months", "version",
        name="QualificationFields",
    )
):  # fmt: skip
    """Something people must have shown to the owner of a site."""


class GrantIn(Input):
    """Who holds it, by e-mail address, from which day until which; without a last day as long as it usually holds."""

    email = fields.String(required=True)
    valid_from = Day(required=True)
    valid_until = Day(load_default=None, allow_none=True)
    note = fields.String(load_default="")


class HeldOut(
    output_of(HeldQualification, "id", "valid_from", "valid_until", "note", "version", name="HeldQualificationFields")
):
    """A qualification that somebody holds."""

    qualification = fields.String(attribute="qualification.slug")
    person = fields.String(attribute="user.name")


def own_site(slug: str) -> Site:
    """The site, for those who may change it."""
    site = readable_site(slug)
    authorise(policy.can_edit_site, site)
    return site


def own_resource(slug: str, resource: str) -> Resource:
    """A resource, for those who may change it."""
    return queries.get_resource(own_site(slug), resource)


class UnitsIn(Input):
    """What a resource takes: the names of its units, or how many there are of a pool."""

    units = fields.List(fields.String(), load_default=list)
    pool_size = fields.Integer(load_default=0)


@bp.put(f"{RESOURCE}/units")
@signed_in
@scope("sites:write")
@bp.versioned
@bp.arguments(UnitsIn)
@bp.response(200, ResourceOut)
def set_units(body: dict[str, Any], slug: str, resource: str, expected_version: int) -> Resource:
    """Change the units of a resource, or the size of its pool; never below what is booked."""
    found = own_resource(slug, resource)
    if found.pool_id is not None:
        unit_service.set_pool_size(found, body["pool_size"], by=actor(), expected_version=expected_version)
    else:
        unit_service.set_units(found, body["units"], by=actor(), expected_version=expected_version)
    return found


@bp.put(RESOURCE)
@signed_in
@scope("sites:write")
@bp.versioned
@bp.arguments(RulesIn)
@bp.response(200, ResourceOut)
def edit_resource(body: dict[str, Any], slug: str, resource: str, expected_version: int) -> Resource:
    """Change the rules of something that can be booked. What is booked stays as it was."""
    found = own_resource(slug, resource)
    resource_service.edit_resource(found, ResourceEntry(**body), by=actor(), expected_version=expected_version)
    return found


@bp.post(f"{RESOURCE}/retire")
@signed_in
@scope("sites:write")
@bp.versioned
@bp.response(204)
def retire_resource(slug: str, resource: str, expected_version: int) -> None:
    """Take no more bookings."""
    resource_service.retire_resource(own_resource(slug, resource), by=actor(), expected_version=expected_version)


@bp.post(f"{RESOURCE}/restore")
@signed_in
@scope("sites:write")
@bp.versioned
@bp.response(200, ResourceOut)
def restore_resource(slug: str, resource: str, expected_version: int) -> Resource:
    """Take bookings again of what was retired."""
    found = queries.get_resource(own_site(slug), resource, in_use=False)
    resource_service.restore_resource(found, by=actor(), expected_version=expected_version)
    return found


class ResourceEventOut(output_of(AuditEvent, "at", "action", name="ResourceEventFields")):
    """What was done to something that can be booked, or to a quota to which it counts. What `data` holds says what it
    was and is: of rules `changed`, of all else `before` and what is so now."""

    data = fields.Dict()


@bp.get(f"{RESOURCE}/history")
@signed_in
@scope("sites:read")
@bp.paged(ResourceEventOut)
def list_resource_events(slug: str, resource: str) -> Any:
    """How its rules, hours, blocked times, bookers, qualifications, units and quotas have been, newest first; also of
    what is out of use."""
    return resource_history.history_of(queries.get_resource(own_site(slug), resource, in_use=False))


@bp.post(f"{RESOURCE}/exceptions")
@signed_in
@scope("sites:write")
@bp.versioned
@bp.arguments(ExceptionIn)
@bp.response(200, ResourceOut)
def set_exception(body: dict[str, Any], slug: str, resource: str, expected_version: int) -> Resource:
    """Say that some dates are otherwise."""
    found = own_resource(slug, resource)
    periods: list[tuple[time, time]] = [(one["opens"], one["closes"]) for one in body["periods"]]
    resource_service.set_exception(
        found, body["first"], body["last"], periods, by=actor(), expected_version=expected_version
    )
    return found


@bp.post(f"{RESOURCE}/exceptions/forget")
@signed_in
@scope("sites:write")
@bp.versioned
@bp.arguments(DatesIn)
@bp.response(200, ResourceOut)
def forget_exceptions(body: dict[str, date], slug: str, resource: str, expected_version: int) -> Resource:
    """Let some dates be as their weekday again."""
    found = own_resource(slug, resource)
    resource_service.forget_exceptions(
        found, body["first"], body["last"], by=actor(), expected_version=expected_version
    )
    return found


@bp.get(f"{RESOURCE}/blackouts")
@signed_in
@scope("sites:read")
@bp.response(200, BlackoutOut(many=True))
def list_blackouts(slug: str, resource: str) -> Any:
    """Blocked times that are not over, and the bookings that stand in them."""
    return blackout_service.blackouts_of(own_resource(slug, resource))


@bp.post(f"{RESOURCE}/blackouts")
@signed_in
@scope("sites:write")
@bp.arguments(BlackoutIn)
@bp.response(201, BlackoutOut)
def black_out(body: dict[str, Any], slug: str, resource: str) -> Blackout:
    """Block some time. What nobody has is taken; bookings that are there stay, and are listed."""
    window = interval_of(body)
    return blackout_service.black_out(own_resource(slug, resource), window, reason=body["reason"], by=actor())


@bp.delete(f"{RESOURCE}/blackouts/<int:blackout_id>")
@signed_in
@scope("sites:write")
@bp.response(204)
def lift_blackout(slug: str, resource: str, blackout_id: int) -> None:
    """Give blocked time back."""
    found = blackout_service.get_blackout(own_resource(slug, resource), blackout_id)
    blackout_service.lift(found, by=actor(), expected_version=found.version)


@bp.put(f"{RESOURCE}/bookers")
@signed_in
@scope("sites:write")
@bp.versioned
@bp.arguments(SlugsIn)
@bp.response(200, ResourceOut)
def choose_bookers(body: dict[str, Any], slug: str, resource: str, expected_version: int) -> Resource:
    """Say which organisations may book; these and no others."""
    found = own_resource(slug, resource)
    chosen = [existing("slugs", organisations.get_active, one) for one in body["slugs"]]
    rule_service.choose_bookers(found, chosen, by=actor(), expected_version=expected_version)
    return found


@bp.put(f"{RESOURCE}/qualifications")
@signed_in
@scope("sites:write")
@bp.versioned
@bp.arguments(SlugsIn)
@bp.response(200, ResourceOut)
def require_qualifications(body: dict[str, Any], slug: str, resource: str, expected_version: int) -> Resource:
    """Say which qualifications are asked for; these and no others."""
    found = own_resource(slug, resource)
    needed = [existing("slugs", rule_queries.get_qualification, found.site, one) for one in body["slugs"]]
    rule_service.require_qualifications(found, needed, by=actor(), expected_version=expected_version)
    return found


@bp.get(f"{SITE}/qualifications")
@signed_in
@scope("sites:read")
@bp.response(200, QualificationOut(many=True))
def list_qualifications(slug: str) -> Any:
    """What the owner of the site asks people to have shown."""
    return rule_queries.qualifications_of(own_site(slug))


@bp.post(f"{SITE}/qualifications")
@signed_in
@scope("sites:write")
@bp.arguments(input_of(QualificationEntry))
@bp.response(201, QualificationOut)
def add_qualification(body: dict[str, Any], slug: str) -> Qualification:
    """Name something that people must have shown."""
    return rule_service.add_qualification(own_site(slug), QualificationEntry(**body), by=actor())


@bp.get(f"{SITE}/qualifications/held")
@signed_in
@scope("sites:read")
@bp.response(200, HeldOut(many=True))
def list_holders(slug: str) -> Any:
    """Who holds what."""
    return rule_queries.holders_of(own_site(slug))


@bp.post(f"{SITE}/qualifications/<qualification>/held")
@signed_in
@scope("sites:write")
@bp.arguments(GrantIn)
@bp.response(201, HeldOut)
def grant_qualification(body: dict[str, Any], slug: str, qualification: str) -> HeldQualification:
    """Write down that somebody has shown it; they are told."""
    site = own_site(slug)
    found = rule_queries.get_qualification(site, qualification)
    user = accounts.get_user_by_email(body["email"])
    return rule_service.grant_qualification(
        found, user, site=site, valid_from=body["valid_from"], valid_until=body["valid_until"], note=body["note"],
        by=actor(),
    )  # fmt: skip


@bp.delete(f"{SITE}/qualifications/held/<int:held_id>")
@signed_in
@scope("sites:write")
@bp.response(204)
def withdraw_qualification(slug: str, held_id: int) -> None:
    """Take a qualification back."""
    site = own_site(slug)
    held = rule_queries.get_held(site, held_id)
    rule_service.withdraw_qualification(held, site=site, by=actor(), expected_version=held.version)
