"""The example's sites and what can be booked at them."""

from datetime import date, time, timedelta
from typing import Any

from missions_app.accounts.actor import SYSTEM, site_scope
from missions_app.accounts.grant_service import grant
from missions_app.cli.examples.people import Cast
from missions_app.sites import catalogue_service, resource_service
from missions_app.sites.catalogue_service import ResourceEntry, SiteEntry
from missions_app.sites.models import Provenance, Site

WORKDAYS = range(5)
# Entries that say everything were looked over lately; the others should have been some days ago.
LATE, LATER = timedelta(days=12), timedelta(days=300)


def load_sites(cast: Cast, *, today: date) -> None:
    """Every site of the region; its first resource is what the example's experiments book. `today` is the day on which
    the example ends; the sites are older."""
    for row in cast.rows("sites", "site"):
        latitude, longitude = row["position"]
        entry = SiteEntry(
            name_sv=row["name"]["sv"], name_en=row["name"]["en"], description_sv=row["description"]["sv"],
            description_en=row["description"]["en"], answers=row["answers"], price_model=row["price_model"],
            details=row.get("details", {}), municipality=row["municipality"], latitude=latitude, longitude=longitude,
            is_outdoor=row["outdoor"], review_due_on=today + LATER if row.get("details") else today - LATE,
            permits_held=row.get("permits", []), provenance=Provenance(row["provenance"]),
            contact_function=cast.users[row["manager"]].function, contact_email=cast.users[row["manager"]].email,
        )  # fmt: skip
        site = catalogue_service.add_site(entry, owner=cast.organisations[row["owner"]], by=SYSTEM)
        grant(cast.users[row["manager"]], "site_manager", site_scope(site.id), by=SYSTEM)
        cast.managers[row["key"]] = row["manager"]
        for number, resource in enumerate(row["resources"]):
            made = _add_resource(site, resource, row.get("weekly"))
            if number == 0:
                cast.resources[row["key"]] = made


def _add_resource(site: Site, row: dict[str, Any], weekly: dict[str, str] | None) -> Any:
    resource = catalogue_service.add_resource(
        site,
        ResourceEntry(
            name_sv=row["name"]["sv"],
            name_en=row["name"]["en"],
            units=row.get("units", ()),
            pool_size=row.get("pool", 0),
            most_people=row.get("people"),
            setup_minutes=row.get("setup", 0),
            cleanup_minutes=row.get("cleanup", 0),
            price_ore=row.get("price_ore", 0),
            market_price_ore=row.get("market_price_ore", 0),
            longest_minutes=row.get("longest_hours", 24 * 14) * 60,
        ),
        by=SYSTEM,
    )
    if weekly:
        period = (time.fromisoformat(weekly["from"]), time.fromisoformat(weekly["until"]))
        resource_service.set_opening(
            resource, {day: [period] for day in WORKDAYS}, by=SYSTEM, expected_version=resource.version
        )
    return resource
