"""How much of a quota is used and left, to those who may know."""

from datetime import UTC, datetime

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from missions_app import clock
from missions_app.accounts.actor import SYSTEM, organisation_scope
from missions_app.bookings import quota_standing, rules
from missions_app.bookings.models import Booking, LineState
from missions_app.sites import resource_service, rule_service
from missions_app.sites.rule_models import QuotaPeriod
from missions_app.sites.rule_service import QuotaEntry
from tests.factories.accounts import actor_of, bearer, grant_role, make_user, sign_in
from tests.factories.bookings import at, between, make_booking
from tests.factories.organisations import make_member, make_organisation
from tests.factories.sites import make_manager, make_resource


@pytest.mark.parametrize(
    ("period", "first", "after"),
    [
        (QuotaPeriod.WEEK, "2026-10-19T00:00+02:00", "2026-10-26T00:00+01:00"),
        (QuotaPeriod.MONTH, "2026-10-01T00:00+02:00", "2026-11-01T00:00+01:00"),
        (QuotaPeriod.YEAR, "2026-01-01T00:00+01:00", "2027-01-01T00:00+01:00"),
    ],
)
def test_periods_are_local_also_where_the_clocks_change(period: QuotaPeriod, first: str, after: str) -> None:
    found = rules.period_around(datetime(2026, 10, 25, 12, tzinfo=UTC), period, clock.zone())

    assert (found.start, found.end) == (datetime.fromisoformat(first), datetime.fromisoformat(after))


def _region():  # type: ignore[no-untyped-def]
    """A quota over two owners, eight hours of it booked by one organisation and two by another."""
    hall, boat = make_resource(pool_size=3), make_resource()
    quota = rule_service.add_quota(QuotaEntry("Hav och hall", QuotaPeriod.YEAR, 40), [hall, boat], by=SYSTEM)
    asking, other = make_organisation(), make_organisation()
    user = make_member(asking)
    first = make_booking(hall, use=between(8, 11), organisation=asking, user=user, units=2)
    make_booking(boat, use=between(8, 10), organisation=asking, user=user)
    make_booking(boat, use=between(12, 14), organisation=other)
    make_booking(boat, use=between(15, 16), organisation=asking, user=user, state=LineState.DECLINED)
    return quota, user, asking, other, first, boat


def test_what_counts_over_several_owners_is_added_up_for_each_organisation(session: Session) -> None:
    quota, user, asking, _other, _first, _boat = _region()

    found = quota_standing.standings(actor_of(user), at(8))

    assert quota.owner_id is None
    assert [(one.organisation, one.used_hours, one.left_hours) for one in found] == [(asking, 8, 32)]


def test_owners_and_the_secretariat_see_what_each_has_booked_and_strangers_nothing(session: Session) -> None:
    _quota, _user, asking, other, _first, boat = _region()
    officer = make_user()
    grant_role(officer, "secretariat_officer")

    for reader in (officer, make_manager(boat.site)):
        seen = {one.organisation: one.used_hours for one in quota_standing.standings(actor_of(reader), at(8))}
        assert seen == {asking: 8, other: 2}
    assert quota_standing.standings(actor_of(make_user()), at(8)) == []


def test_whoever_books_sees_what_is_left_on_the_booking_and_on_the_page(session: Session, client: FlaskClient) -> None:
    _quota, user, asking, other, first, _boat = _region()
    browser = sign_in(client, user)

    booking, page = browser.get(f"/bookings/{first.reference}").text, browser.get("/sites/quotas").text

    assert "8 av 40 timmar är bokade" in booking
    assert "32 är kvar" in booking
    assert "Hav och hall" in page
    assert asking.name in page
    assert other.name not in page
    assert client.get("/sites/quotas").status_code == 200


def test_quotas_through_the_api_and_not_for_strangers(session: Session, client: FlaskClient) -> None:
    _quota, user, asking, _other, _first, _boat = _region()

    with clock.fixed(at(8)):
        mine = client.get("/api/v1/quotas", headers=bearer(user)).json
        others = client.get("/api/v1/quotas", headers=bearer(make_user())).json

    assert [(one["organisation"], one["used_hours"], one["left_hours"]) for one in mine] == [(asking.slug, 8.0, 32.0)]
    assert others == []
    assert client.get("/api/v1/quotas").status_code == 401


def test_what_is_taken_whole_counts_and_costs_once_whatever_number_is_sent(session: Session) -> None:
    hall, set_of_three = make_resource(price_ore=100_00), make_resource(pool_size=3, price_ore=100_00)
    rule_service.add_quota(QuotaEntry("Hallen", QuotaPeriod.YEAR, 40), [hall], by=SYSTEM)

    whole, some = (make_booking(one, use=between(8, 10), units=3) for one in (hall, set_of_three))

    (found,) = quota_standing.standings_of(whole)
    assert (found.used_hours, whole.lines[0].units_wanted, whole.lines[0].price_ore) == (2, 1, 200_00)
    assert (some.lines[0].units_wanted, some.lines[0].price_ore) == (3, 600_00)


def test_what_is_out_of_use_goes_on_counting_when_its_quota_is_changed(session: Session) -> None:
    old, new = make_resource(), make_resource()
    quota = rule_service.add_quota(QuotaEntry("Båtar", QuotaPeriod.YEAR, 10), [old], by=SYSTEM)
    make_booking(old, use=between(8, 14))
    resource_service.retire_resource(old, by=SYSTEM, expected_version=old.version)

    rule_service.edit_quota(
        quota, QuotaEntry("Båtar", QuotaPeriod.YEAR, 12), [new], by=SYSTEM, expected_version=quota.version
    )

    later = make_booking(new, use=between(8, 10), organisation=session.scalars(select(Booking)).one().organisation)
    (found,) = quota_standing.standings_of(later)
    assert (found.used_hours, found.left_hours) == (8, 4)


def _seen(user, organisation) -> dict[str, float]:  # type: ignore[no-untyped-def]
    """What somebody is told of an organisation, by quota."""
    found = quota_standing.standings(actor_of(user), at(8))
    return {one.quota.name: one.used_hours for one in found if one.organisation == organisation}


def test_an_owners_administrator_sees_what_each_has_booked_of_the_owners_quotas_alone(session: Session) -> None:
    hall, elsewhere, asking, admin = make_resource(), make_resource(), make_organisation(), make_user()
    for name, resource in (("Hallen", hall), ("Annan", elsewhere)):
        rule_service.add_quota(QuotaEntry(name, QuotaPeriod.YEAR, 40), [resource], by=SYSTEM)
        make_booking(resource, use=between(8, 10), organisation=asking)
    grant_role(admin, "org_admin", organisation_scope(hall.site.owner_id))

    assert _seen(admin, asking) == {"Hallen": 2}


def test_of_others_only_who_has_booked_in_the_period_is_told(session: Session) -> None:
    hall, now, before = make_resource(), make_organisation(), make_organisation()
    rule_service.add_quota(QuotaEntry("Hallen", QuotaPeriod.WEEK, 40), [hall], by=SYSTEM)
    make_booking(hall, use=between(8, 10), organisation=now)
    make_booking(hall, use=between(8, 10, days=20), organisation=before)
    manager = make_manager(hall.site)

    assert [_seen(manager, one) for one in (now, before)] == [{"Hallen": 2}, {}]


def test_what_is_for_one_organisation_is_no_business_of_another(session: Session) -> None:
    hall, one, other = make_resource(), make_organisation(), make_organisation()
    rule_service.add_quota(QuotaEntry("Deras", QuotaPeriod.YEAR, 40, one), [hall], by=SYSTEM)

    assert [_seen(make_member(each), each) for each in (one, other)] == [{"Deras": 0}, {}]
