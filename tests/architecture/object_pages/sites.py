"""Sites."""

from missions_app.accounts.actor import SYSTEM
from missions_app.sites import photo_service, queries, rule_service
from missions_app.sites.models import SiteStatus
from missions_app.sites.photo_service import PhotoWords
from missions_app.sites.rule_models import QuotaPeriod
from missions_app.sites.rule_service import QuotaEntry
from tests.architecture.object_pages import Arranged, ObjectPage
from tests.factories.bookings import PNG, at
from tests.factories.sites import make_manager, make_resource, make_site


def draft() -> Arranged:
    """One that only those who edit it may see."""
    site = make_site(status=SiteStatus.DRAFT)
    return Arranged({"slug": site.slug}, make_manager(site))


def hidden_resource() -> Arranged:
    resource = make_resource(make_site(status=SiteStatus.DRAFT))
    return Arranged({"slug": resource.site.slug, "resource": resource.slug}, make_manager(resource.site))


def hidden_times() -> Arranged:
    found = hidden_resource()
    return Arranged({**found.values, "starts_at": at(8).isoformat(), "ends_at": at(12).isoformat()}, found.reader)


def hidden_photo() -> Arranged:
    found = draft()
    site = queries.get_site(str(found.values["slug"]))
    photo = photo_service.add_photo(site, PNG, PhotoWords("Kajen i kvällsljus"), by=SYSTEM)
    return Arranged({**found.values, "photo_id": photo.id}, found.reader)


def hidden_quota() -> Arranged:
    found = draft()
    resource = make_resource(queries.get_site(str(found.values["slug"])))
    quota = rule_service.add_quota(QuotaEntry("Tio", QuotaPeriod.MONTH, 10), [resource], by=SYSTEM)
    return Arranged({**found.values, "quota_id": quota.id}, found.reader)


PAGES = [
    ObjectPage("sites.show_site", draft),
    ObjectPage("sites.show_week", draft),
    ObjectPage("sites.edit_site", draft),
    ObjectPage("sites.show_history", draft),
    ObjectPage("sites.list_photos", draft),
    ObjectPage("sites.add_photo", draft),
    ObjectPage("sites.show_photo", hidden_photo),
    ObjectPage("sites.describe_photo", hidden_photo),
    ObjectPage("api_site_photos.list_photos", draft),
    ObjectPage("api_site_photos.show_photo", hidden_photo),
    ObjectPage("api_site_photos.show_content", hidden_photo),
    ObjectPage("sites.retire_site", draft),
    ObjectPage("sites.export_site", draft),
    ObjectPage("sites.show_statistics", draft),
    ObjectPage("api_site_entries.show_use", draft),
    ObjectPage("sites.import_site", draft),
    ObjectPage("api_site_entries.export_site", draft),
    ObjectPage("sites.show_rules", draft),
    ObjectPage("sites.add_resource", draft),
    ObjectPage("sites.add_qualification", draft),
    ObjectPage("sites.grant_qualification", draft),
    ObjectPage("sites.add_quota", draft),
    ObjectPage("sites.show_quota", hidden_quota),
    ObjectPage("sites.edit_quota", hidden_quota),
    ObjectPage("sites.show_resource", hidden_resource),
    ObjectPage("sites.edit_resource", hidden_resource),
    ObjectPage("sites.edit_units", hidden_resource),
    ObjectPage("sites.edit_opening", hidden_resource),
    ObjectPage("sites.add_exception", hidden_resource),
    ObjectPage("sites.add_blackout", hidden_resource),
    ObjectPage("sites.choose_bookers", hidden_resource),
    ObjectPage("sites.require_qualifications", hidden_resource),
    ObjectPage("sites.show_resource_history", hidden_resource),
    ObjectPage("api_sites.show_site", draft),
    ObjectPage("api_site_rules.list_blackouts", hidden_resource),
    ObjectPage("api_site_rules.list_resource_events", hidden_resource),
    ObjectPage("api_site_quotas.list_quotas", draft),
    ObjectPage("api_site_quotas.show_quota", hidden_quota),
    ObjectPage("api_site_quotas.list_quota_events", hidden_quota),
    ObjectPage("api_site_rules.list_qualifications", draft),
    ObjectPage("api_site_rules.list_holders", draft),
    ObjectPage("api_site_entries.list_revisions", draft),
    ObjectPage("api_sites.list_resources", draft),
    ObjectPage("api_sites.show_resource", hidden_resource),
    ObjectPage("api_sites.list_taken", hidden_resource),
    ObjectPage("api_sites.list_free_times", hidden_times),
]
