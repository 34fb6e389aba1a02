"""What limits bookings in the example, and pictures: a quota, a qualification that ends, a day that is otherwise, and
a time that is blocked."""

from datetime import time, timedelta

from missions_app import clock
from missions_app.accounts.actor import SYSTEM
from missions_app.bookings import blackout_service
from missions_app.bookings.intervals import Interval
from missions_app.cli.examples.acts import at
from missions_app.cli.examples.experiments import LEAD
from missions_app.cli.examples.people import Cast
from missions_app.paths import REGIONS
from missions_app.sites import photo_service, queries, resource_service, rule_service
from missions_app.sites.photo_service import PhotoWords
from missions_app.sites.rule_models import QuotaPeriod
from missions_app.sites.rule_service import QualificationEntry, QuotaEntry


def load_limits(cast: Cast) -> None:
    """Each of the rows of the sites' file that has such a thing, set by whoever manages the site."""
    for row in cast.rows("sites", "site"):
        if row["key"] not in cast.resources:
            continue
        resource, keeper = cast.resources[row["key"]], cast.actor(row["manager"])
        for one in row.get("photos", []):
            content = (REGIONS / cast.region / "photos" / one["file"]).read_bytes()
            photo_service.add_photo(
                resource.site, content, PhotoWords(one["alt"]["sv"], one["alt"]["en"], one["credit"]), by=keeper
            )
        today = clock.today()
        if "closed_in_days" in row:
            day = today + timedelta(days=row["closed_in_days"])
            resource_service.set_exception(
                resource, day, day, [(time(8), time(12))], by=keeper, expected_version=resource.version
            )
        if "blocked" in row:
            first = today + timedelta(days=row["blocked"]["in_days"])
            window = Interval(at(first, 8), at(first + timedelta(days=row["blocked"]["days"]), 8))
            blackout_service.black_out(resource, window, reason=row["blocked"]["reason"], by=keeper)
        if "qualification" in row:
            _require(cast, row["key"], row["qualification"])
    everywhere = [cast.resources[key] for key in cast.managers if key in cast.resources]
    shared = {one.site.owner_id: one for one in everywhere}
    rule_service.add_quota(
        QuotaEntry("Tid vid länets platser", QuotaPeriod.YEAR, 1500), list(shared.values()), by=SYSTEM
    )


def _require(cast: Cast, key: str, words: dict[str, dict[str, str]]) -> None:
    resource, keeper = cast.resources[key], cast.actor(cast.managers[key])
    made = rule_service.add_qualification(
        resource.site,
        QualificationEntry(words["name"]["sv"], words["name"]["en"], words["how"]["sv"], words["how"]["en"], 12),
        by=keeper,
    )
    found = queries.get_resource(resource.site, resource.slug)
    rule_service.require_qualifications(found, [made], by=keeper, expected_version=found.version)
    rule_service.grant_qualification(
        made, cast.users[LEAD], site=resource.site, valid_from=clock.today() - timedelta(days=280),
        valid_until=clock.today() + timedelta(days=85), by=keeper,
    )  # fmt: skip
