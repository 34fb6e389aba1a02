"""Who reads a booking and who may do something with it, by table: the functions that services ask, and the same said in
queries."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from missions_app import db
from missions_app.accounts.actor import ANONYMOUS, REGION, Actor, body_scope, experiment_scope, mission_scope
from missions_app.bookings import cancel_service, policy, visibility
from missions_app.bookings.models import Booking, Line, LineState, Tier
from missions_app.sites.models import Resource
from tests.factories.accounts import actor_of, make_actor, make_secretariat, make_user
from tests.factories.bookings import between, make_booking
from tests.factories.experiments import make_planned
from tests.factories.organisations import make_member, make_organisation
from tests.factories.sites import make_manager, make_resource


def planned_booking(state: LineState = LineState.SUBMITTED) -> Booking:
    """A booking for a colleague, of an experiment of a mission, that shows nothing but that the time is taken."""
    planned, booking = make_planned(), make_booking(state=state, visibility=Tier.FREE_BUSY)
    booking.experiment, booking.mission_id = planned.experiment, planned.mission.id
    booking.booked_for = make_user()  # has left the organisation since
    db.session.flush()
    return booking


def mission_of(booking: Booking) -> Any:
    return mission_scope(booking.mission_id or 0)


PEOPLE: dict[str, Callable[[Booking], Actor]] = {
    "asker": lambda one: actor_of(one.requested_by),
    "booked for": lambda one: actor_of(one.booked_for or make_user()),
    "lead": lambda one: make_actor("experiment_lead", experiment_scope(one.experiment_id or 0)),
    "lead in the mission": lambda one: make_actor("experiment_lead", mission_of(one)),
    "manager": lambda one: actor_of(make_manager(one.lines[0].resource.site)),
    "colleague": lambda one: actor_of(make_member(one.organisation)),
    "secretariat": lambda _one: make_secretariat(),
    "coordinator": lambda one: make_actor("coordinator", mission_of(one)),
    "partner": lambda one: make_actor("partner", mission_of(one)),
    "board": lambda _one: make_actor("board_member", body_scope("run")),
    "manager elsewhere": lambda _one: actor_of(make_manager(make_resource().site)),
    "member elsewhere": lambda _one: actor_of(make_member(make_organisation())),
    "coordinator elsewhere": lambda one: make_actor("coordinator", mission_scope((one.mission_id or 0) + 1)),
    "anybody": lambda _one: ANONYMOUS,
}
CHANGE = {"asker", "booked for", "lead", "lead in the mission"}
TAKE_PART = CHANGE | {"manager"}
READ_WHOLE = TAKE_PART | {"colleague", "secretariat"}
READ = READ_WHOLE | {"coordinator", "partner", "board"}
SEE_IN_CALENDARS = {"asker", "booked for", "manager", "colleague", "secretariat", "coordinator", "partner"}
TOLD_TO_THOSE_WHO_TAKE_PART = {
    "on_site_responsible", "emergency_contact", "insurance_reference", "personal_data_assessment", "camera_assessment",
    "ethics_assessment", "public_cannot_opt_out", "visibility", "answers", "checked_in_at", "checked_out_at",
    "people_present",
}  # fmt: skip


@pytest.mark.parametrize("who", PEOPLE)
def test_each_reads_and_does_with_a_booking_what_is_theirs(session: Session, who: str) -> None:
    booking = planned_booking()
    actor, line = PEOPLE[who](booking), booking.lines[0]

    assert policy.can_change(actor, booking) == (who in CHANGE)
    assert policy.manages_line(actor, line) == policy.manages_any(actor, booking) == (who == "manager")
    assert policy.takes_part(actor, line) == policy.takes_part_in(actor, booking) == (who in TAKE_PART)
    assert policy.can_read_whole(actor, booking) == (who in READ_WHOLE)
    assert policy.can_read(actor, booking) == (who in READ)
    hidden = set() if who in TAKE_PART else TOLD_TO_THOSE_WHO_TAKE_PART
    assert set(policy.withheld(actor, booking)) == hidden


@pytest.mark.parametrize("who", PEOPLE)
@pytest.mark.parametrize("is_given_up", [False, True])
def test_a_draft_is_read_by_its_writers_and_their_organisation_alone(
    session: Session, who: str, is_given_up: bool
) -> None:
    draft = planned_booking(LineState.DRAFT)
    if is_given_up:
        by = actor_of(draft.requested_by)
        cancel_service.cancel_booking(draft, reason="", by=by, expected_version=draft.version)
    actor = PEOPLE[who](draft)

    assert policy.can_read(actor, draft) == (who in CHANGE | {"colleague"})
    assert policy.takes_part_in(actor, draft) == (who in CHANGE)


@dataclass(frozen=True)
class Seen:
    """What a calendar tells one reader of a line."""

    reference: str | None
    purpose: str | None
    may_move: bool


def seen(booking: Booking, actor: Actor) -> Seen:
    site = booking.lines[0].resource.site_id
    shown = visibility.lines_shown(actor, between(0, 23), site_ids=[site])[0]
    query = select(visibility.takes_part(actor)).select_from(Line).join(Booking, Booking.id == Line.booking_id)
    query = query.join(Resource, Resource.id == Line.resource_id).where(Line.id == booking.lines[0].id)
    return Seen(shown.reference, shown.purpose, bool(db.session.scalar(query)))


@pytest.mark.parametrize("who", PEOPLE)
def test_queries_tell_each_reader_what_the_same_rules_say(session: Session, who: str) -> None:
    booking = planned_booking()

    found = seen(booking, PEOPLE[who](booking))

    assert (found.reference is not None) == (found.purpose is not None) == (who in SEE_IN_CALENDARS)
    assert found.may_move == (who in TAKE_PART)


@pytest.mark.parametrize(
    ("state", "shows"),
    [(LineState.SUBMITTED, True), (LineState.NEEDS_INFO, True), (LineState.CONDITIONAL, True),
     (LineState.APPROVED, True), (LineState.DECLINED, False)],
)  # fmt: skip
def test_what_is_asked_for_or_held_shows_in_a_calendar_and_what_is_over_does_not(
    session: Session, state: LineState, shows: bool
) -> None:
    booking = make_booking(state=state)
    site = booking.lines[0].resource.site_id

    assert bool(visibility.lines_shown(ANONYMOUS, between(0, 23), site_ids=[site])) == shows


def test_any_member_books_for_their_own_organisation_and_for_no_other(session: Session) -> None:
    own, other = make_organisation(), make_organisation()
    member = actor_of(make_member(own))

    assert [policy.can_book_for(member, one.id) for one in (own, other)] == [True, False]
    assert policy.can_book_for(make_secretariat(), other.id)
    assert not policy.can_book_for(make_actor("coordinator", REGION), own.id)


def test_what_was_asked_for_in_vain_is_for_the_secretariat_and_those_who_manage_sites(session: Session) -> None:
    manager, member = actor_of(make_manager(make_resource().site)), actor_of(make_member(make_organisation()))

    assert [policy.can_read_demand(one) for one in (make_secretariat(), manager, member, ANONYMOUS)] == [
        True, True, False, False,
    ]  # fmt: skip
