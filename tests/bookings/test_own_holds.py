"""Time that is held for whoever waited: theirs where they search and in their calendar, taken for everybody else."""

from datetime import time, timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from missions_app import clock
from missions_app.accounts.actor import ANONYMOUS, Actor
from missions_app.bookings import finding_service, schedule
from missions_app.bookings.errors import Taken
from missions_app.bookings.finding import Search
from missions_app.bookings.finding_service import Found
from missions_app.bookings.intervals import Interval
from missions_app.bookings.local_days import local_days
from missions_app.bookings.needs import need_from
from missions_app.bookings.schedule import Filters, Look
from missions_app.bookings.waitlist_models import EntryState
from missions_app.workflow.method_service import method_in_force
from tests.factories.accounts import actor_of, sign_in
from tests.factories.bookings import at, between, make_booking
from tests.factories.organisations import make_member, make_organisation
from tests.factories.sites import make_resource
from tests.factories.waitlist import make_entry

HOUR = timedelta(hours=1)
MORNING = (time(8), time(12))


def found_by(reader: Actor, *, length: float = 4, days: int = 1, **more: Any) -> Found:
    search = Search((need_from("arbetsbåt"),), length * HOUR, at(8).date(), days, **more)
    return finding_service.find(search, {}, method_in_force(), reader=reader)


def codes(found: Found) -> set[str]:
    return {reason.code for one in found.suggestions for reason in one.reasons}


def test_what_is_held_for_somebody_is_found_by_them_alone_and_a_request_takes_it(session: Session) -> None:
    boat = make_resource(name_sv="Arbetsbåt")
    entry = make_entry(boat)

    mine, others = (found_by(actor_of(one), hours=MORNING) for one in (entry.user, make_member(make_organisation())))
    [first, *_rest] = mine.suggestions
    make_booking(boat, use=first.use, user=entry.user, organisation=entry.organisation)

    assert first.use == between(8, 12)
    assert first.reasons[0].code == "held_for_you"
    assert first.reasons[0].values == {"until": entry.offers[0].expires_at}
    assert not [one for one in others.suggestions if one.use.overlaps(between(8, 12))]
    assert "held_for_you" not in codes(others)
    assert entry.state is EntryState.BOOKED


def test_where_others_of_a_pool_are_free_nothing_depends_on_what_is_held(session: Session) -> None:
    boats = make_resource(name_sv="Arbetsbåt", pool_size=2)
    entry = make_entry(boats)

    before = codes(found_by(actor_of(entry.user), hours=MORNING))
    make_booking(boats, use=between(8, 12))
    after = found_by(actor_of(entry.user), hours=MORNING)

    assert "held_for_you" not in before
    assert [one.use for one in after.suggestions] == [between(8, 12)]
    assert "held_for_you" in codes(after)


@pytest.mark.parametrize("view", ["week", "month", "list"])
def test_the_calendar_shows_it_as_theirs_with_a_way_to_answer(client: FlaskClient, view: str) -> None:
    entry = make_entry(make_resource())
    address = f"/calendar?view={view}&date={at(8).date()}"

    sign_in(client, make_member(entry.organisation))
    others = client.get(address).text
    sign_in(client, entry.user)
    own = client.get(address).text

    assert "Erbjuden till någon som väntar" in others
    assert "/waitlist/offers/" not in others
    assert "Erbjuden dig" in own
    assert f'href="/waitlist/offers/{entry.offers[0].id}"' in own
    assert 'data-kind="hold"' in own or view == "list"


def test_it_is_among_what_is_ones_own(session: Session) -> None:
    entry = make_entry(make_resource())
    make_resource()
    day = clock.day_of(at(8))

    def entries(reader: Actor, *, mine: bool) -> list[tuple[Look, int | None]]:
        rows = schedule.schedule(reader, local_days(day, day), Filters(mine=mine)).rows
        return [(each.look, each.offer_id) for row in rows for each in row.entries]

    assert entries(actor_of(entry.user), mine=True) == [(Look.HOLD, entry.offers[0].id)]
    assert entries(ANONYMOUS, mine=False) == [(Look.BUSY, None)]
    assert entries(actor_of(make_member(entry.organisation)), mine=True) == []


def test_what_can_never_come_is_not_offered_to_be_waited_for(session: Session) -> None:
    make_resource(name_sv="Arbetsbåt", notice_minutes=60 * 24 * 12, longest_minutes=600)
    reader = actor_of(make_member(make_organisation()))

    soon, far, long = (found_by(reader, length=length, days=days) for length, days in ((4, 1), (4, 20), (20, 20)))

    assert [bool(one.waitable) for one in (soon, long)] == [False, False]
    assert far.suggestions
    assert not far.waitable  # before the first there is only what is too soon


def test_it_is_told_where_another_time_of_theirs_is_taken(session: Session) -> None:
    hall = make_resource()
    entry = make_entry(hall)
    make_booking(hall, use=between(13, 17))

    def nearest(**who: Any) -> Interval:
        with pytest.raises(Taken) as refused:
            make_booking(hall, use=between(13, 17), **who)
        return Interval(refused.value.alternatives[0].start, refused.value.alternatives[0].end)

    assert nearest(user=entry.user, organisation=entry.organisation) == between(9, 13)
    assert not nearest().overlaps(between(8, 12))
