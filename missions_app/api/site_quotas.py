"""Quotas: how much an organisation may book, what they have been, and how much is used and left."""

from typing import Any

from marshmallow import fields

from missions_app import clock
from missions_app.api.base import ApiBlueprint, Input, Output, created, existing, scope
from missions_app.api.shapes import output_of
from missions_app.api.site_rules import own_resource, own_site
from missions_app.api.sites import SITE
from missions_app.audit import queries as audit
from missions_app.audit.models import AuditEvent
from missions_app.bookings import quota_standing
from missions_app.edge.access import actor, authorise, signed_in
from missions_app.errors import NotFound
from missions_app.organisations import queries as organisations
from missions_app.sites import policy, rule_queries, rule_service
from missions_app.sites.models import Resource
from missions_app.sites.rule_models import Quota, QuotaPeriod
from missions_app.sites.rule_service import QuotaEntry

bp = ApiBlueprint("site_quotas", "How much an organisation may book, and what is left of it")
QUOTA = f"{SITE}/quotas/<int:quota_id>"


class QuotaIn(Input):
    """Hours of use in each period, over some resources together, for one organisation or for each."""

    name = fields.String(required=True)
    period = fields.Enum(enum=QuotaPeriod, by_value=True, required=True)
    hours = fields.Integer(required=True)
    organisation = fields.String(load_default="", metadata={"description": "slug; empty is each by itself"})
    resources = fields.List(fields.String(), required=True, metadata={"description": "site/resource"})


class QuotaOut(output_of(Quota, "id", "name", "period", "hours", "ended_at", "version", name="QuotaFields")):
    """A quota; one with `ended_at` limits nobody any more."""

    organisation = fields.Function(lambda one: one.organisation.slug if one.organisation else None)
    resources = fields.Function(lambda one: [f"{each.site.slug}/{each.slug}" for each in one.resources])


class StandingOut(Output):
    """How much one organisation has booked of one quota in the period that is going on."""

    quota = fields.Nested(QuotaOut)
    organisation = fields.String(attribute="organisation.slug")
    starts_at = fields.DateTime(attribute="period.start")
    ends_at = fields.DateTime(attribute="period.end")
    used_hours = fields.Float()
    left_hours = fields.Float()


@bp.get("/quotas")
@signed_in
@scope("sites:read")
@bp.response(200, StandingOut(many=True))
def list_standings() -> Any:
    """How much is used and left of every quota that limits the caller's organisations or that the caller looks
    after."""
    return quota_standing.standings(actor(), clock.now())


@bp.get(f"{SITE}/quotas")
@signed_in
@scope("sites:read")
@bp.response(200, QuotaOut(many=True))
def list_quotas(slug: str) -> Any:
    """The quotas to which something at the site counts."""
    return rule_queries.quotas_of(own_site(slug))


@bp.post(f"{SITE}/quotas")
@signed_in
@scope("sites:write")
@bp.arguments(QuotaIn)
@bp.response(201, QuotaOut)
def add_quota(body: dict[str, Any], slug: str) -> Any:
    """Limit how much an organisation books. The secretariat may count the resources of several owners."""
    own_site(slug)
    made = rule_service.add_quota(*_quota_in(body), by=actor())
    return created(made, "site_quotas.show_quota", slug=slug, quota_id=made.id)


def _quota_in(body: dict[str, Any]) -> tuple[QuotaEntry, list[Resource]]:
    whose = existing("organisation", organisations.get_active, body["organisation"]) if body["organisation"] else None
    entry = QuotaEntry(body["name"], body["period"], body["hours"], whose)
    return entry, [existing("resources", _named, one) for one in body["resources"]]


def _named(path: str) -> Resource:
    slug, _slash, resource = path.partition("/")
    if not resource:
        raise NotFound()
    return own_resource(slug, resource)


@bp.get(QUOTA)
@signed_in
@scope("sites:read")
@bp.response(200, QuotaOut)
def show_quota(slug: str, quota_id: int) -> Quota:
    """One quota, also one that has ended."""
    return rule_queries.get_quota(own_site(slug), quota_id)


class QuotaEventOut(output_of(AuditEvent, "at", "action", name="QuotaEventFields")):
    """What was done to a quota. Set: how it was. Edited: `changed`, the fields with what they were and are."""

    data = fields.Dict()


@bp.get(f"{QUOTA}/history")
@signed_in
@scope("sites:read")
@bp.response(200, QuotaEventOut(many=True))
def list_quota_events(slug: str, quota_id: int) -> Any:
    """How a quota was set, changed and ended, newest first."""
    return audit.history_of([rule_queries.get_quota(own_site(slug), quota_id)])


@bp.put(QUOTA)
@signed_in
@scope("sites:write")
@bp.versioned
@bp.arguments(QuotaIn)
@bp.response(200, QuotaOut)
def edit_quota(body: dict[str, Any], slug: str, quota_id: int, expected_version: int) -> Quota:
    """Say otherwise how much, for whom, or of what. What is booked stays booked, and counts."""
    quota = rule_queries.get_quota(own_site(slug), quota_id)
    authorise(policy.can_change_quota, quota)
    rule_service.edit_quota(quota, *_quota_in(body), by=actor(), expected_version=expected_version)
    return quota


@bp.delete(QUOTA)
@signed_in
@scope("sites:write")
@bp.versioned
@bp.response(204)
def end_quota(slug: str, quota_id: int, expected_version: int) -> None:
    """Let a quota limit no more; it and its history stay readable."""
    quota = rule_queries.get_quota(own_site(slug), quota_id)
    rule_service.end_quota(quota, by=actor(), expected_version=expected_version)
