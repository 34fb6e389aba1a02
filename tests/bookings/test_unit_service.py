"""Units of a resource and sizes of pools, never below what is booked; and sites that nobody has booked."""

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from missions_app import clock, db
from missions_app.accounts.actor import SYSTEM
from missions_app.bookings import blackout_service, booking_service, removal_service, reservations, unit_service
from missions_app.bookings.content import BookingContent, LineWish
from missions_app.bookings.errors import Taken
from missions_app.bookings.models import LineState, Reservation
from missions_app.bookings.waitlist_models import EntryState
from missions_app.errors import InvalidInput, NotAllowed, StaleVersion
from missions_app.sites import queries, rule_service
from missions_app.sites.errors import PoolTooSmall, SiteInUse, UnitsInUse
from missions_app.sites.models import Site, SiteStatus, Unit
from missions_app.sites.rule_models import Quota, QuotaPeriod
from missions_app.sites.rule_service import QuotaEntry
from tests.factories.accounts import actor_of, bearer, make_user, sign_in
from tests.factories.bookings import SMALL, at, between, make_booking
from tests.factories.organisations import make_member, make_organisation
from tests.factories.sites import make_manager, make_resource, make_site
from tests.factories.waitlist import make_entry


def _units_of_line(session: Session, line) -> set[int]:  # type: ignore[no-untyped-def]
    rows = session.scalars(select(Reservation.unit_id).where(Reservation.line_id == line.id, Reservation.active))
    return set(rows)


def test_what_a_blocked_pool_grows_by_is_blocked_too(session: Session) -> None:
    pool = make_resource(pool_size=2)
    blackout = blackout_service.black_out(pool, between(8, 12), reason="Underhåll", by=SYSTEM)

    unit_service.set_pool_size(pool, 3, by=SYSTEM, expected_version=pool.version)
    with pytest.raises(Taken):
        make_booking(pool, use=between(9, 10))

    blackout_service.lift(blackout, by=actor_of(make_manager(pool.site)), expected_version=blackout.version)
    assert len(_units_of_line(session, make_booking(pool, use=between(9, 10), units=3).lines[0])) == 3


def test_what_a_pool_grows_by_is_offered_to_who_waits(session: Session) -> None:
    pool = make_resource(pool_size=1)
    make_booking(pool, use=between(8, 12))
    entry = make_entry(pool)
    before = entry.state

    unit_service.set_pool_size(pool, 2, by=SYSTEM, expected_version=pool.version)

    assert (before, entry.state) == (EntryState.WAITING, EntryState.OFFERED)


def test_a_pool_shrinks_onto_units_that_are_left_and_refuses_only_below_the_peak(session: Session) -> None:
    resource = make_resource(pool_size=4)
    one = make_booking(resource, use=between(8, 10), units=2).lines[0]
    other = make_booking(resource, use=between(10, 12), units=2).lines[0]
    rows = session.scalars(select(Reservation).where(Reservation.line_id == other.id)).all()
    last = sorted(reservations.unit_ids_of(resource))[2:]
    reservations.move(rows, last)

    unit_service.set_pool_size(resource, 2, by=SYSTEM, expected_version=resource.version)

    left = set(reservations.unit_ids_of(resource))
    assert len(left) == 2
    assert _units_of_line(session, one) == left == _units_of_line(session, other)


def test_below_what_is_booked_the_bookings_are_named_and_nothing_changes(session: Session) -> None:
    resource = make_resource(pool_size=3)
    first = make_booking(resource, use=between(8, 12), units=2)
    second = make_booking(resource, use=between(11, 13), units=1)

    with pytest.raises(PoolTooSmall) as refused:
        unit_service.set_pool_size(resource, 2, by=SYSTEM, expected_version=resource.version)

    assert refused.value.problems[0].params["least"] == 3
    assert refused.value.problems[0].params["bookings"] == ", ".join(sorted([first.reference, second.reference]))
    assert len(reservations.unit_ids_of(resource)) == 3


def test_a_pool_grows_and_what_takes_all_of_it_grows_along(session: Session) -> None:
    site = make_site()
    some = make_resource(site, name_sv="Givare", pool_size=2)
    whole = make_resource(site, name_sv="Hela satsen", whole_of="givare")

    unit_service.set_pool_size(some, 4, by=SYSTEM, expected_version=some.version)

    assert reservations.unit_ids_of(whole) == reservations.unit_ids_of(some)
    assert len(reservations.unit_ids_of(some)) == 4
    assert queries.pooled_under(whole) is some


def test_the_whole_pool_and_some_of_it_are_never_had_together(session: Session) -> None:
    site = make_site()
    some = make_resource(site, name_sv="Givare", pool_size=3)
    whole = make_resource(site, name_sv="Hela satsen", whole_of="givare")
    make_booking(some, use=between(8, 10))
    make_booking(whole, use=between(12, 14))

    with pytest.raises(Taken):
        make_booking(whole, use=between(9, 11))
    with pytest.raises(Taken):
        make_booking(some, use=between(13, 15))
    with pytest.raises(UnitsInUse):
        unit_service.set_pool_size(some, 5, by=SYSTEM, expected_version=some.version)
    assert make_booking(some, use=between(14, 16), units=3).lines[0].state is LineState.SUBMITTED


def test_units_change_while_nobody_has_booked_them(session: Session) -> None:
    site = make_site()
    hall = make_resource(site, name_sv="Hallen", units=["Norra", "Södra"])
    bay = make_resource(site, name_sv="Mitten", units=["Mitten"])

    unit_service.set_units(hall, ["Norra", "Södra", "Mitten"], by=SYSTEM, expected_version=hall.version)
    make_booking(bay, use=between(8, 10))

    with pytest.raises(Taken):
        make_booking(hall, use=between(9, 11))
    with pytest.raises(UnitsInUse) as refused:
        unit_service.set_units(hall, ["Norra"], by=SYSTEM, expected_version=hall.version)
    assert "B-" in refused.value.problems[0].params["bookings"]


def test_blocked_time_stands_in_nobodys_way_and_follows_what_is_blocked(session: Session) -> None:
    hall, pool = make_resource(units=["Norra"]), make_resource(pool_size=3)
    bay = make_resource(hall.site, name_sv="Norra viken", units=["Norra"])
    blackouts = [blackout_service.black_out(one, between(8, 12), reason="Underhåll", by=SYSTEM) for one in (hall, pool)]

    unit_service.set_units(hall, ["Södra"], by=SYSTEM, expected_version=hall.version)
    unit_service.set_pool_size(pool, 2, by=SYSTEM, expected_version=pool.version)
    for one in (hall, pool):
        with pytest.raises(Taken):
            make_booking(one, use=between(9, 10))
    make_booking(bay, use=between(9, 10))

    for each in blackouts:
        blackout_service.lift(each, by=actor_of(make_manager(each.resource.site)), expected_version=each.version)
    make_booking(hall, use=between(9, 10))
    assert len(_units_of_line(session, make_booking(pool, use=between(9, 10), units=2).lines[0])) == 2


def test_a_blocked_pool_shrinks_to_what_is_booked_and_no_further(session: Session) -> None:
    pool = make_resource(pool_size=4)
    first, second = (make_booking(pool, use=between(9, 10)) for _one in range(2))
    rows = session.scalars(select(Reservation).where(Reservation.line_id == second.lines[0].id)).all()
    reservations.move(rows, [sorted(reservations.unit_ids_of(pool))[3]])
    blackout_service.black_out(pool, between(8, 12), reason="Underhåll", by=SYSTEM)

    with pytest.raises(PoolTooSmall) as refused:
        unit_service.set_pool_size(pool, 1, by=SYSTEM, expected_version=pool.version)
    unit_service.set_pool_size(pool, 2, by=SYSTEM, expected_version=pool.version)

    left = set(reservations.unit_ids_of(pool))
    assert refused.value.problems[0].params["bookings"] == ", ".join(sorted([first.reference, second.reference]))
    assert _units_of_line(session, first.lines[0]) | _units_of_line(session, second.lines[0]) == left
    for hours in ((8, 9), (10, 12)):
        with pytest.raises(Taken):
            make_booking(pool, use=between(*hours))
    with db.transaction():
        reservations.release(first.lines[0])
    with pytest.raises(Taken):
        make_booking(pool, use=between(9, 10))


@pytest.mark.parametrize("names", [[], ["  "], ["x" * 201]])
def test_a_resource_keeps_a_unit(session: Session, names: list[str]) -> None:
    hall = make_resource()
    with pytest.raises(InvalidInput):
        unit_service.set_units(hall, names, by=SYSTEM, expected_version=hall.version)


def test_units_are_changed_by_those_who_look_after_the_site_and_saw_them(session: Session) -> None:
    pool = make_resource(pool_size=2)
    with pytest.raises(NotAllowed):
        unit_service.set_pool_size(pool, 3, by=actor_of(make_user()), expected_version=pool.version)
    with pytest.raises(StaleVersion):
        unit_service.set_pool_size(pool, 3, by=SYSTEM, expected_version=pool.version - 1)
    before = pool.version
    unit_service.set_pool_size(pool, 3, by=SYSTEM, expected_version=before)
    assert pool.version > before


def test_the_owner_changes_a_pool_on_the_page_and_sees_why_not(session: Session, client: FlaskClient) -> None:
    resource = make_resource(pool_size=3)
    booking = make_booking(resource, units=2)
    browser = sign_in(client, make_manager(resource.site))
    url = f"/sites/{resource.site.slug}/resources/{resource.slug}/units"

    refused = browser.post(url, data={"pool_size": "1", "version": str(resource.version)})
    done = browser.post(url, data={"pool_size": "5", "version": str(resource.version)})

    assert booking.reference in refused.text
    assert done.status_code == 303
    assert len(reservations.unit_ids_of(resource)) == 5


def test_units_through_the_api(session: Session, client: FlaskClient) -> None:
    resource = make_resource(pool_size=3)
    make_booking(resource, units=3)
    headers = bearer(make_manager(resource.site)) | {"If-Match": f'"{resource.version}"'}
    url = f"/api/v1/sites/{resource.site.slug}/resources/{resource.slug}/units"

    refused = client.put(url, headers=headers, json={"pool_size": 2})
    done = client.put(url, headers=headers, json={"pool_size": 4})

    assert (refused.status_code, refused.json["errors"][0]["code"]) == (409, "pool_too_small")
    assert (done.status_code, done.json["unit_count"]) == (200, 4)


def test_a_site_that_nobody_has_booked_is_removed_with_all_that_is_its_own(session: Session) -> None:
    site = make_site()
    resource = make_resource(site, pool_size=2)
    elsewhere = make_resource()
    blackout_service.black_out(resource, between(8, 12), reason="Underhåll", by=SYSTEM)
    alone = rule_service.add_quota(QuotaEntry("Här", QuotaPeriod.WEEK, 4), [resource], by=SYSTEM)
    shared = rule_service.add_quota(QuotaEntry("Båda", QuotaPeriod.WEEK, 4), [resource, elsewhere], by=SYSTEM)
    manager, key, slug, quotas = make_manager(site), site.id, site.slug, (alone.id, shared.id)

    removal_service.remove_site(site, by=actor_of(manager), expected_version=site.version)

    session.expunge_all()
    assert session.scalars(select(Site).where(Site.slug == slug)).first() is None
    assert session.scalars(select(Unit).where(Unit.site_id == key)).first() is None
    assert session.get_one(Quota, quotas[0]).ended_at is not None
    assert session.get_one(Quota, quotas[1]).ended_at is None


def test_a_site_with_a_history_is_retired_instead(session: Session, client: FlaskClient) -> None:
    booking = make_booking()
    site = booking.lines[0].resource.site
    browser = sign_in(client, make_manager(site))

    with pytest.raises(SiteInUse):
        removal_service.remove_site(site, by=SYSTEM, expected_version=site.version)
    page = browser.get(f"/sites/{site.slug}/retire").text
    answer = browser.post(f"/sites/{site.slug}/remove", data={"version": str(site.version)})

    assert "Ta bort platsen" not in page
    assert answer.status_code == 409
    assert site.status is SiteStatus.OPEN


def test_a_site_is_removed_on_its_page_and_through_the_api(session: Session, client: FlaskClient) -> None:
    first, second = make_site(), make_site()
    slugs = {first.slug, second.slug}
    browser = sign_in(client, make_manager(first))
    assert "Ta bort platsen" in browser.get(f"/sites/{first.slug}/retire").text
    headers, url = bearer(make_manager(second)) | {"If-Match": f'"{second.version}"'}, f"/api/v1/sites/{second.slug}"
    assert browser.post(f"/sites/{first.slug}/remove", data={"version": str(first.version)}).status_code == 303
    assert client.delete(url, headers=headers).status_code == 204
    assert slugs.isdisjoint(one["slug"] for one in client.get("/api/v1/sites").json["items"])


def test_a_pool_shrinks_onto_the_unit_that_is_in_use_and_not_below_what_is(session: Session) -> None:
    pool, now = make_resource(pool_size=3, notice_minutes=0), at(9)
    first, second = (make_booking(pool, use=between(8, 12), state=LineState.APPROVED).lines[0] for _one in range(2))
    last = sorted(reservations.unit_ids_of(pool))[2]
    reservations.move(session.scalars(select(Reservation).where(Reservation.line_id == second.id)).all(), [last])

    with clock.fixed(now):
        with pytest.raises(PoolTooSmall) as refused:
            unit_service.set_pool_size(pool, 1, by=SYSTEM, expected_version=pool.version)
        unit_service.set_pool_size(pool, 2, by=SYSTEM, expected_version=pool.version)

    assert refused.value.problems[0].params["least"] == 2
    assert _units_of_line(session, second) == {last}
    assert _units_of_line(session, first) | {last} == set(reservations.unit_ids_of(pool))


def test_one_request_may_take_some_of_a_pool_twice_and_no_more_than_there_is(session: Session) -> None:
    pool, organisation = make_resource(pool_size=3), make_organisation()
    user = make_member(organisation)

    def ask(*units: int) -> list[set[int]]:
        booking = booking_service.request_booking(
            lines=[LineWish(pool, between(8, 12), number) for number in units], organisation=organisation,
            by=actor_of(user), requested_by=user, content=BookingContent(**SMALL),
        )  # fmt: skip
        return [_units_of_line(session, line) for line in booking.lines]

    with pytest.raises(Taken):
        ask(2, 2)
    one, other = ask(1, 2)

    assert (len(one), len(other), one & other) == (1, 2, set())
