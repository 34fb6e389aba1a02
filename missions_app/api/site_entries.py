"""What an entry of the catalogue has been, whether it still holds, and a whole site as one file."""

from typing import Any

from marshmallow import fields

from missions_app import clock
from missions_app.accounts.policy import is_secretariat
from missions_app.api.base import ApiBlueprint, Input, Output, existing, scope
from missions_app.api.shapes import ReasonIn, output_of
from missions_app.api.site_rules import own_site
from missions_app.api.sites import SITE, SiteOut, readable_site
from missions_app.bookings import removal_service
from missions_app.bookings.use_figures import use_of_all, use_of_sites
from missions_app.edge.access import actor, authorise, public, signed_in
from missions_app.organisations import queries as organisations
from missions_app.sites import catalogue_service, policy, queries, revisions, transfer_service
from missions_app.sites.entry_models import SiteRevision
from missions_app.sites.models import Site

bp = ApiBlueprint("site_entries", "Entries of the catalogue: history, review, and files, for those who look after them")


class RevisionOut(output_of(SiteRevision, "number", "content", "saved_at", name="SiteRevisionFields")):
    """What an entry said at one time, and who saved it."""

    saved_by = fields.Function(lambda one: one.saved_by.name if one.saved_by else None)


@bp.get(f"{SITE}/history")
@signed_in
@scope("sites:read")
@bp.response(200, RevisionOut(many=True))
def list_revisions(slug: str) -> Any:
    """What the entry has said, newest first."""
    return revisions.revisions_of(own_site(slug))


@bp.post(f"{SITE}/reviewed")
@signed_in
@scope("sites:write")
@bp.versioned
@bp.response(200, SiteOut)
def confirm_review(slug: str, expected_version: int) -> Site:
    """Say that the entry has been looked over and still holds."""
    site = own_site(slug)
    catalogue_service.confirm_review(site, by=actor(), expected_version=expected_version)
    return site


@bp.post(f"{SITE}/retire")
@signed_in
@scope("sites:write")
@bp.versioned
@bp.arguments(ReasonIn)
@bp.response(200, SiteOut)
def retire_site(body: dict[str, Any], slug: str, expected_version: int) -> Site:
    """Take a site out of the catalogue; its bookings and its history stay."""
    site = own_site(slug)
    catalogue_service.retire_site(site, reason=body["reason"], by=actor(), expected_version=expected_version)
    return site


class FileIn(Input):
    """The text of a site's file."""

    file = fields.String(required=True)
    dry_run = fields.Boolean(load_default=True)


class ChangeOut(Output):
    """A field of the entry."""

    name = fields.String()


class DifferenceOut(Output):
    """What is added and what is changed, by name."""

    added = fields.List(fields.String())
    changed = fields.List(fields.String())


class PlanOut(DifferenceOut):
    """What taking a file in changes: fields of the entry, resources added, resources whose rules change; and in the
    parts qualifications, bookers, quotas, photos and blackouts."""

    fields_changed = fields.List(fields.Pluck(ChangeOut, "name"), attribute="fields")
    parts = fields.Dict(keys=fields.String(), values=fields.Nested(DifferenceOut))


class FileOut(Output):
    """A whole site as the text of one file."""

    file = fields.String()


@bp.get(f"{SITE}/file")
@signed_in
@scope("sites:read")
@bp.response(200, FileOut)
def export_site(slug: str) -> dict[str, str]:
    """The whole site as one file, for those who look after it."""
    return {"file": transfer_service.written(own_site(slug))}


@bp.put(f"{SITE}/file")
@signed_in
@scope("sites:write")
@bp.versioned
@bp.arguments(FileIn)
@bp.response(200, PlanOut)
def import_site(body: dict[str, Any], slug: str, expected_version: int) -> transfer_service.Plan:
    """Take a file in, all of it or nothing; a dry run only says what would change."""
    site, file = own_site(slug), transfer_service.read(body["file"])
    plan = transfer_service.plan(site, file)
    if not body["dry_run"]:
        transfer_service.take_in(site, file, by=actor(), expected_version=expected_version)
    return plan


class NewFileIn(FileIn):
    """The text of a file with a site that is not here yet, and whose it is to be."""

    owner = fields.String(required=True, metadata={"description": "slug of the organisation"})


class NewPlanOut(PlanOut):
    """What the file enters, and the site's name in addresses once it has been entered."""

    slug = fields.String(allow_none=True)


@bp.post("/site-files")
@signed_in
@scope("sites:write")
@bp.arguments(NewFileIn)
@bp.response(200, NewPlanOut)
def import_new_site(body: dict[str, Any]) -> dict[str, Any]:
    """Enter a site as a file says, all of it or nothing; a dry run only says what it would enter."""
    owner = existing("owner", organisations.get_active, body["owner"])
    authorise(policy.can_add_site, owner)
    file = transfer_service.read(body["file"])
    plan = transfer_service.plan(None, file)
    site = None if body["dry_run"] else transfer_service.take_in_new(owner, file, by=actor())
    return {"fields": plan.fields, "added": plan.added, "changed": plan.changed, "parts": plan.parts,
            "slug": site.slug if site else None}  # fmt: skip


@bp.delete(SITE)
@signed_in
@scope("sites:write")
@bp.versioned
@bp.response(204)
def remove_site(slug: str, expected_version: int) -> None:
    """Remove a site at which nothing has ever been booked."""
    removal_service.remove_site(own_site(slug), by=actor(), expected_version=expected_version)


class MonthOut(Output):
    """One month of use; hours for each unit, and how many wishes could not be met. What was used, no-shows and days
    before are null where the bookings are so few that they would tell who."""

    first = fields.Date()
    bookings = fields.Integer()
    planned_hours = fields.Float()
    used_hours = fields.Float(allow_none=True)
    no_shows = fields.Integer(allow_none=True)
    unmet = fields.Integer()
    lead_days = fields.Float(allow_none=True)


class UseOut(Output):
    """Twelve months of use, oldest first, and how many days before the start people usually ask."""

    months = fields.List(fields.Nested(MonthOut))
    lead_days = fields.Float(allow_none=True)


@bp.get(f"{SITE}/use")
@public
@scope("sites:read")
@bp.response(200, UseOut)
def show_use(slug: str) -> Any:
    """How a site is used, month by month. Nothing tells who, except to those who look after the site."""
    site = readable_site(slug)
    return use_of_sites([site], clock.today(), whole=policy.can_edit_site(actor(), site))[site.id]


@bp.get("/site-use")
@public
@scope("sites:read")
@bp.response(200, UseOut)
def show_use_of_all() -> Any:
    """How all the sites of the catalogue are used together."""
    return use_of_all(queries.in_catalogue(), clock.today(), whole=is_secretariat(actor()))
