"""Several things at the same time: what shares units or a pool is counted together, by search, waitlist and request."""

import re
from collections.abc import Sequence
from datetime import time, timedelta
from html import unescape
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from missions_app import clock
from missions_app.bookings import booking_service, finding_service
from missions_app.bookings.content import BookingContent, LineWish
from missions_app.bookings.errors import Incomplete, Taken
from missions_app.bookings.finding import Search
from missions_app.bookings.intervals import Interval
from missions_app.bookings.needs import need_from
from missions_app.bookings.suggestions import Suggestion
from missions_app.bookings.waitlist_models import EntryState
from missions_app.outbox.models import Job
from missions_app.sites.models import Resource
from missions_app.workflow.method_service import method_in_force
from tests.factories.accounts import actor_of, sign_in
from tests.factories.bookings import SMALL, at, between, make_booking
from tests.factories.organisations import make_member, make_organisation
from tests.factories.series import INSURED
from tests.factories.sites import make_resource, make_site
from tests.factories.waitlist import make_entry

HOUR = timedelta(hours=1)


def find(*needs: str, **more: Any) -> Sequence[Suggestion]:
    values: dict[str, Any] = {"length": 2 * HOUR, "first": clock.today() + timedelta(days=10), "days": 3} | more
    return finding_service.find(
        Search(tuple(map(need_from, needs)), **values), {}, method_in_force()
    ).suggestions  # fmt: skip


def is_granted(one: Suggestion) -> bool:
    """Whether a lone request for all that a suggestion names is granted."""
    organisation = make_organisation()
    user = make_member(organisation)
    try:
        booking_service.request_booking(
            lines=[LineWish(each.bookable.resource, one.use, each.need.units) for each in one.choices],
            organisation=organisation, by=actor_of(user), requested_by=user, content=BookingContent(**SMALL),
        )  # fmt: skip
    except Taken:
        return False
    return True


def test_three_needs_are_not_met_by_a_pool_of_two(session: Session) -> None:
    make_resource(name_sv="Givare", pool_size=2)

    assert find("givare", "givare")
    assert not find("givare", "givare", "givare")


@pytest.mark.parametrize(("taken", "units"), [(2, (1, 1)), (2, (1, 2)), (1, (1, 1, 1)), (1, (1, 2, 1)), (0, (2, 3))])
def test_needs_of_one_pool_are_found_exactly_when_a_request_for_all_of_them_is_granted(
    session: Session, taken: int, units: Sequence[int]
) -> None:
    pool = make_resource(name_sv="Givare", pool_size=4)
    if taken:
        make_booking(pool, use=between(8, 10), units=taken)

    found = find(*(f"{number} st givare" for number in units), days=1, hours=(time(8), time(10)))

    assert bool(found) is (taken + sum(units) <= 4)
    assert all(is_granted(one) for one in found)


def test_what_takes_a_part_of_the_other_is_not_waited_for_together(session: Session) -> None:
    site = make_site()
    hall, bay = make_resource(site, units=("Vänster", "Höger")), make_resource(site, units=("Höger",))

    with pytest.raises(Incomplete) as refused:
        make_entry(hall, bay)

    assert [one.code for one in refused.value.problems] == ["never_together"]
    assert session.scalars(select(Job).where(Job.kind == "bookings.offer_later")).all() == []


def test_two_that_share_a_pool_are_offered_when_there_is_room_for_both(session: Session) -> None:
    site = make_site()
    pool = make_resource(site, pool_size=3)
    pair: Resource = make_resource(site)
    pair.pool_id = pool.pool_id
    session.commit()
    make_booking(pool, use=between(8, 12), units=2)

    entry = make_entry(pool, pair, within=between(8, 17))

    assert entry.state is EntryState.OFFERED
    assert entry.offers[0].starts_at == at(12)


def test_the_link_to_wait_asks_once_for_what_meets_two_needs(client: FlaskClient, session: Session) -> None:
    pool, organisation = make_resource(name_sv="Givare", pool_size=2), make_organisation()
    make_booking(pool, use=Interval(at(0), at(0, days=12)), units=2, **INSURED)
    sign_in(client, make_member(organisation))

    page = client.get(f"/find-time?need1=givare&need2=givare&hours=1&since={at(8).date()}").text

    address = unescape(re.findall(r'href="(/waitlist/new[^"]*)"', page)[0])
    asked = parse_qs(urlsplit(address).query)
    assert (len(asked["resource"]), asked["units"]) == (1, ["2"])
    form = {"organisation": organisation.slug, "first": asked["first"][0], "last": asked["last"][0], "length": "1"}
    assert "Du står på väntelistan" in client.post(address, data=form, follow_redirects=True).text


def test_the_next_free_time_is_one_that_is_let(session: Session) -> None:
    site = make_site()
    odd = make_resource(site, step_minutes=45, shortest_minutes=45)
    short = make_resource(site, step_minutes=15, shortest_minutes=15, longest_minutes=30)

    found = finding_service.next_free(site)

    assert {key: use.length for key, use in found.items()} == {
        odd.id: timedelta(minutes=90), short.id: timedelta(minutes=30),
    }  # fmt: skip
