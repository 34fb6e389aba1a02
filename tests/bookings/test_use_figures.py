"""Figures of use: planned against used, no-shows, how early people ask."""

from datetime import timedelta

import pytest

from missions_app import clock
from missions_app.bookings.demand_models import DemandKind, UnmetDemand
from missions_app.bookings.models import LineState
from missions_app.bookings.use_figures import use_of_all, use_of_sites
from tests.factories.accounts import bearer, sign_in
from tests.factories.bookings import between, make_booking
from tests.factories.sites import make_manager, make_resource


def _past(line, *, state, hours=0.0):
    """The line as if its use had been yesterday."""
    start = clock.now() - timedelta(days=1)
    line.ends_at, line.starts_at = start + timedelta(hours=4), start
    line.state, line.booking.submitted_at = state, start - timedelta(days=6)
    if hours:
        line.checked_in_at, line.checked_out_at = start, start + timedelta(hours=hours)


def test_planned_and_used_hours_no_shows_and_lead_time_are_counted(session):
    resource = make_resource()
    used, missed = (make_booking(resource, use=between(*hours)).lines[0] for hours in ((8, 10), (10, 12)))
    _past(used, state=LineState.COMPLETED, hours=3)
    _past(missed, state=LineState.NO_SHOW)
    make_booking(resource, use=between(12, 14))  # to come: not counted yet
    session.flush()

    use = use_of_sites([resource.site], clock.today(), whole=True)[resource.site_id]

    assert (use.bookings, use.planned_hours, use.used_hours, use.no_shows) == (2, 8.0, 3.0, 1)
    assert use.lead_days == 6.0
    assert len(use.months) == 12
    assert use_of_all([resource.site], clock.today(), whole=True) == use


def test_a_site_without_bookings_has_twelve_empty_months(session):
    site = make_resource().site

    use = use_of_sites([site], clock.today())[site.id]

    assert use.bookings == 0
    assert use.lead_days is None


def test_the_page_shows_a_picture_and_its_figures(client, session):
    resource = make_resource()
    _past(make_booking(resource).lines[0], state=LineState.COMPLETED, hours=3)
    session.commit()

    page = sign_in(client, make_manager(resource.site)).get(f"/sites/{resource.site.slug}/statistics").text

    assert "4 timmar planerade, 3 använda" in page
    assert '<rect class="bar-used"' in page
    assert client.get("/sites/statistics").status_code == 200


def test_what_was_searched_for_in_vain_counts_in_the_region_and_lead_time_by_month(client, session):
    resource = make_resource()
    done = make_booking(resource, use=between(8, 10)).lines[0]
    missed = make_booking(resource, use=between(10, 12)).lines[0]
    _past(done, state=LineState.COMPLETED, hours=3)
    _past(missed, state=LineState.NO_SHOW)
    session.add_all(
        UnmetDemand(on_date=clock.today(), fingerprint=str(number), kind=kind, resource=where, wish={}, times=2)
        for number, (kind, where) in enumerate(((DemandKind.SEARCH, None), (DemandKind.REFUSED, resource)))
    )
    session.commit()

    one = use_of_sites([resource.site], clock.today())[resource.site_id]
    region = use_of_all([resource.site], clock.today(), whole=True)
    page = sign_in(client, make_manager(resource.site)).get(f"/sites/{resource.site.slug}/statistics").text

    assert (one.unmet, region.unmet) == (2, 4)
    assert [month.lead_days for month in region.months if month.lead_days is not None] == [6.0]
    assert page.count('role="img"') == 3
    assert "2 önskemål, 1 bokningar" in page
    assert "6 dagar över alla" in page


@pytest.mark.parametrize(("number", "is_shown"), [(4, False), (5, True)])
def test_how_few_bookings_were_used_is_kept_from_others_than_those_who_look_after_the_site(
    client, session, number, is_shown
):
    resource = make_resource()
    lines = [make_booking(resource, use=between(8 + one, 9 + one)).lines[0] for one in range(number)]
    for line in lines[1:]:
        _past(line, state=LineState.COMPLETED, hours=3)
    _past(lines[0], state=LineState.NO_SHOW)
    session.commit()
    url = f"/sites/{resource.site.slug}/statistics"

    use = use_of_sites([resource.site], clock.today())[resource.site_id]
    theirs = {page: client.get(page).text for page in (url, "/sites/statistics")}
    api = client.get(f"/api/v1/sites/{resource.site.slug}/use").get_json()
    ours = sign_in(client, make_manager(resource.site)).get(url).text

    assert (use.bookings, use.planned_hours) == (number, number * 4.0)
    told = (use.used_hours, use.no_shows, use.lead_days)
    assert told == ((number - 1) * 3.0, 1, 6.0) if is_shown else told == (None, None, None)
    assert (max(month["no_shows"] or 0 for month in api["months"]) == 1) == is_shown
    for page in theirs.values():
        assert ("Är det färre än 5 bokningar visas inte hur de användes" in page) == (not is_shown)
        assert ("av dem kom ingen" in page) == is_shown
    assert "av dem kom ingen" in ours


def test_a_sum_does_not_tell_what_its_parts_keep_back(session):
    busy, quiet = make_resource(), make_resource()
    for resource, number in ((busy, 6), (quiet, 1)):
        for hour in range(number):
            _past(make_booking(resource, use=between(8 + hour, 9 + hour)).lines[0], state=LineState.NO_SHOW)
    session.flush()
    sites = [busy.site, quiet.site]

    each, region = use_of_sites(sites, clock.today()), use_of_all(sites, clock.today())

    assert [each[site.id].no_shows for site in sites] == [6, None]
    assert (region.bookings, region.no_shows) == (7, None)
    assert all(month.no_shows is None for month in region.months if month.bookings)


def test_what_nobody_has_checked_out_of_was_not_used_longer_than_it_was_booked(session):
    late, going_on = (make_booking(make_resource(), use=between(*hours)).lines[0] for hours in ((8, 10), (10, 12)))
    _past(late, state=LineState.ONGOING)
    late.checked_in_at = late.starts_at
    going_on.starts_at, going_on.ends_at = clock.now() - timedelta(hours=1), clock.now() + timedelta(hours=3)
    going_on.state, going_on.checked_in_at = LineState.ONGOING, going_on.starts_at
    session.flush()

    used = [
        use_of_sites([line.resource.site], clock.today(), whole=True)[line.resource.site_id].used_hours
        for line in (late, going_on)
    ]

    assert used == [4.0, 1.0]


def test_those_who_look_after_a_site_are_told_the_same_through_the_api(client, session):
    resource = make_resource()
    _past(make_booking(resource).lines[0], state=LineState.NO_SHOW)
    session.commit()
    url = f"/api/v1/sites/{resource.site.slug}/use"

    months = {
        who: client.get(url, headers=headers).json["months"]
        for who, headers in (("manager", bearer(make_manager(resource.site))), ("others", {}))
    }

    told = {who: [one["no_shows"] for one in found if one["bookings"]] for who, found in months.items()}
    assert told == {"manager": [1], "others": [None]}
