"""Outside events that come where time is held for somebody who waits."""

from sqlalchemy.orm import Session

from missions_app.bookings import collision_service, outside_service, waitlist_service
from missions_app.bookings.outside_models import ConflictState
from missions_app.bookings.outside_read import Outside
from tests.bookings.test_outside import blocks, follow
from tests.factories.accounts import actor_of
from tests.factories.bookings import between, make_booking
from tests.factories.outbox import all_mail
from tests.factories.sites import make_manager, make_resource
from tests.factories.waitlist import make_entry


def test_who_takes_what_was_held_when_an_event_came_is_asked_about(session: Session) -> None:
    resource = make_resource()
    entry = make_entry(resource)
    manager = make_manager(resource.site)
    outside_service.take_in(follow(resource).id, [Outside("ett", between(10, 14))])
    before = collision_service.open_cases([resource.site_id])

    booking = make_booking(resource, user=entry.user, organisation=entry.organisation)
    [case] = collision_service.open_cases([resource.site_id])
    letters = [one for one in all_mail() if one["template"] == "outside_conflict" and one["to"] == manager.email]
    collision_service.keep_booking(
        case, reason="Hamnen får flytta.", by=actor_of(manager), expected_version=case.version
    )
    make_booking(resource, use=between(15, 16))

    assert before == []
    assert (case.line_id, case.state) == (booking.lines[0].id, ConflictState.KEPT)
    assert len(letters) == 1
    assert blocks(session) == [between(12, 14)]
    assert collision_service.open_cases([resource.site_id]) == []


def test_what_is_let_go_to_the_next_falls_to_the_event(session: Session) -> None:
    resource = make_resource()
    entry = make_entry(resource)
    outside_service.take_in(follow(resource).id, [Outside("ett", between(10, 14))])

    waitlist_service.decline_offer(entry.offers[0], by=actor_of(entry.user))

    assert blocks(session) == [between(10, 12), between(12, 14)]
    assert collision_service.open_cases([resource.site_id]) == []
