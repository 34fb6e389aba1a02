"""Requests over the resources of many owners: held together, answered apart."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from missions_app import clock
from missions_app.accounts.actor import SYSTEM, Actor, organisation_scope
from missions_app.bookings import approval_service, booking_service, cancel_service, change_service, queries, states
from missions_app.bookings.approval_service import Asked
from missions_app.bookings.content import BookingContent, LineWish
from missions_app.bookings.errors import ConditionsLeft, Incomplete, LastLine, OwnRequest, Taken
from missions_app.bookings.intervals import Interval
from missions_app.bookings.models import (
    Booking,
    ConditionDue,
    Line,
    LineState,
    Reservation,
    ReservationKind,
    RuleOverride,
)
from missions_app.errors import NotAllowed
from missions_app.sites import resource_service
from missions_app.sites.models import Approval, Resource
from tests.factories.accounts import actor_of, grant_role
from tests.factories.bookings import SMALL, at, between, make_booking
from tests.factories.organisations import make_member, make_organisation
from tests.factories.outbox import all_mail
from tests.factories.sites import make_manager, make_resource, make_site

pytestmark = pytest.mark.usefixtures("session")
WHY = "Så blir det den här gången."


def bundle(*resources: Resource, days: int = 10, **content: object) -> Booking:
    """A request for some resources from eight to twelve, sent."""
    organisation = make_organisation()
    user = make_member(organisation)
    return booking_service.request_booking(
        lines=[LineWish(one, between(8, 12, days=days)) for one in resources], organisation=organisation,
        content=BookingContent(**(SMALL | content)), by=actor_of(user), requested_by=user,
    )  # fmt: skip


def answer(line: Line, to: LineState, reason: str = WHY, **more: object) -> None:
    """The owner's answer to one line."""
    manager = actor_of(make_manager(line.resource.site))
    approval_service.decide_line(line, to, reason=reason, by=manager, expected_version=line.version, **more)


def occupied(session: Session, *lines: Line) -> list[tuple[int | None, ReservationKind]]:
    return [
        (one.line_id, one.kind)
        for one in session.scalars(select(Reservation).where(Reservation.active).order_by(Reservation.id))
        if one.line_id in {line.id for line in lines}
    ]


def letters(template: str) -> list[dict[str, Any]]:
    return [one for one in all_mail() if one["template"] == template]


def asker_of(booking: Booking) -> Actor:
    return actor_of(booking.requested_by)


def test_a_bundle_holds_every_line_and_each_owner_hears_of_own_lines(session: Session) -> None:
    hall, boat = make_resource(), make_resource()
    keeper, skipper = make_manager(hall.site), make_manager(boat.site)

    booking = bundle(hall, boat)

    assert [line.state for line in booking.lines] == [LineState.SUBMITTED, LineState.SUBMITTED]
    assert [kind for _line, kind in occupied(session, *booking.lines)] == [ReservationKind.REQUEST] * 2
    told = {one["to"]: one["data"]["resource"] for one in letters("booking_submitted")}
    assert told == {keeper.email: hall.name_sv, skipper.email: boat.name_sv}


def test_a_bundle_of_which_one_part_is_taken_holds_nothing(session: Session) -> None:
    hall, boat = make_resource(), make_resource()
    taken = make_booking(boat)

    with pytest.raises(Taken):
        bundle(hall, boat)

    assert session.scalars(select(Booking)).all() == [taken]
    assert len(session.scalars(select(Reservation)).all()) == 1


def test_what_needs_no_answer_is_confirmed_while_the_rest_waits() -> None:
    booking = bundle(make_resource(approval=Approval.NONE), make_resource())

    assert [line.state for line in booking.lines] == [LineState.APPROVED, LineState.SUBMITTED]
    assert states.booking_state([line.state for line in booking.lines]) is LineState.SUBMITTED


def test_the_booking_is_confirmed_by_letter_when_the_last_owner_has_said_yes() -> None:
    booking = bundle(make_resource(), make_resource())
    answer(booking.lines[0], LineState.APPROVED)
    before = letters("booking_confirmed")
    answer(booking.lines[1], LineState.APPROVED)

    assert before == []
    assert [one["to"] for one in letters("booking_confirmed")] == [booking.requested_by.email]
    assert len(letters("booking_confirmed")[0]["data"]["lines"]) == 2


def test_the_last_line_of_a_draft_stays() -> None:
    booking = make_booking(state=LineState.DRAFT)

    with pytest.raises(LastLine):
        booking_service.remove_line(booking.lines[0], by=asker_of(booking), expected_version=booking.lines[0].version)


def test_a_line_is_taken_out_of_a_draft() -> None:
    booking = make_booking(state=LineState.DRAFT)
    wish = LineWish(make_resource(), between(9, 10))
    line = booking_service.add_line(booking, wish, by=asker_of(booking), expected_version=booking.version)

    booking_service.remove_line(line, by=asker_of(booking), expected_version=line.version)

    assert len(booking.lines) == 1


def test_reserve_dates_are_held_as_such_and_nobody_else_gets_them(session: Session) -> None:
    hall = make_resource()
    day = (clock.today() + timedelta(days=17)).isoformat()
    booking = bundle(hall, reserve_dates=(day,))

    assert [kind for _line, kind in occupied(session, *booking.lines)] == [
        ReservationKind.REQUEST, ReservationKind.RESERVE,
    ]  # fmt: skip
    with pytest.raises(Taken):
        make_booking(hall, use=between(9, 10, days=17))


def test_a_reserve_date_keeps_to_the_rules_of_the_place_too() -> None:
    resource, day = make_resource(), clock.today() + timedelta(days=12)
    resource_service.set_exception(resource, day, day, [], by=SYSTEM, expected_version=resource.version)

    with pytest.raises(Incomplete) as refusal:
        bundle(resource, make_resource(), reserve_dates=(day.isoformat(),))

    assert [(one.code, one.field) for one in refusal.value.problems] == [("closed", "reserve_dates")]


def test_a_reserve_date_comes_after_the_booking() -> None:
    with pytest.raises(Incomplete) as refusal:
        bundle(make_resource(), reserve_dates=(clock.today().isoformat(),))

    assert [one.code for one in refusal.value.problems] == ["reserve_before_use"]


def test_the_weather_is_decided_on_at_a_time_to_come() -> None:
    with pytest.raises(Incomplete) as refused:
        bundle(make_resource(), go_no_go_at=clock.now())

    assert [(one.code, one.field) for one in refused.value.problems] == [("go_no_go_passed", "go_no_go_at")]


def test_conditions_before_use_keep_the_owner_from_confirming_until_they_are_ticked() -> None:
    booking = make_booking()
    line = booking.lines[0]
    answer(line, LineState.CONDITIONAL, "", conditions=[Asked("Visa försäkringsbrevet")])
    with pytest.raises(ConditionsLeft):
        answer(line, LineState.APPROVED, "")
    condition = queries.conditions_of(line)[0]

    approval_service.tick_condition(condition, by=asker_of(booking), expected_version=condition.version)
    told = letters("booking_conditions_met")
    answer(line, LineState.APPROVED, "")

    assert line.state is LineState.APPROVED
    assert condition.ticked_by_id == booking.requested_by_id
    assert {one["data"]["reference"] for one in told} == {booking.reference}


def test_a_plain_yes_may_carry_what_is_to_be_done_on_site() -> None:
    booking = make_booking()

    answer(booking.lines[0], LineState.APPROVED, "", conditions=[Asked("Ta upp allt", ConditionDue.ON_SITE)])

    assert [one.due for one in queries.conditions_of(booking.lines[0])] == [ConditionDue.ON_SITE]
    assert booking.lines[0].state is LineState.APPROVED


def test_an_owner_who_has_answered_with_conditions_keeps_the_time_past_the_deadline(session: Session) -> None:
    booking = make_booking()
    answer(booking.lines[0], LineState.CONDITIONAL, "", conditions=[Asked("Visa försäkringsbrevet")])

    with clock.fixed(booking.held_until + timedelta(hours=1)):
        cancel_service.expire_holds({})

    assert len(occupied(session, *booking.lines)) == 1


def test_nobody_approves_a_request_of_their_own_nor_one_made_for_them() -> None:
    resource, organisation = make_resource(), make_organisation()
    manager = make_manager(resource.site)
    user = make_member(organisation)
    booking = booking_service.request_booking(
        resource=resource, use=between(8, 12), organisation=organisation, content=BookingContent(**SMALL),
        by=actor_of(user), requested_by=user, booked_for=manager,
    )  # fmt: skip

    with pytest.raises(OwnRequest):
        approval_service.decide_line(
            booking.lines[0], LineState.APPROVED, reason="", by=actor_of(manager),
            expected_version=booking.lines[0].version,
        )  # fmt: skip


def test_a_shorter_time_keeps_the_approval_and_frees_the_rest(session: Session) -> None:
    booking = make_booking(state=LineState.APPROVED)
    line = booking.lines[0]

    change_service.change_time(line, between(8, 10), by=asker_of(booking), expected_version=line.version)

    assert line.state is LineState.APPROVED
    make_booking(line.resource, use=between(10, 12))


@pytest.mark.parametrize("use", [(8, 13), (13, 15)])
def test_a_longer_time_or_another_one_asks_the_owner_again(use: tuple[int, int]) -> None:
    booking = make_booking(state=LineState.APPROVED)
    line = booking.lines[0]

    change_service.change_time(line, between(*use), by=asker_of(booking), expected_version=line.version)

    assert (line.state, line.decided_at) == (LineState.SUBMITTED, None)


def test_a_change_to_a_time_that_is_taken_changes_nothing(session: Session) -> None:
    booking = make_booking(state=LineState.APPROVED)
    line = booking.lines[0]
    make_booking(line.resource, use=between(13, 15))

    with pytest.raises(Taken):
        change_service.change_time(line, between(10, 14), by=asker_of(booking), expected_version=line.version)

    session.expire_all()
    assert (line.state, Interval(line.starts_at, line.ends_at)) == (LineState.APPROVED, between(8, 12))
    assert len(occupied(session, line)) == 1


def test_a_rule_that_the_manager_sets_aside_leaves_who_and_why(session: Session) -> None:
    organisation = make_organisation()
    resource = make_resource(make_site(organisation), longest_minutes=60)
    user = make_member(organisation)
    manager = make_manager(resource.site)
    use = Interval(at(8), at(12))
    draft = booking_service.draft_booking(
        resource=resource, use=use, organisation=organisation, content=BookingContent(**SMALL), by=actor_of(user),
        requested_by=user, booked_for=manager,
    )  # fmt: skip
    with pytest.raises(Incomplete):
        booking_service.submit_booking(
            draft, by=actor_of(user), expected_version=draft.version, override_reason="Jag vill så gärna"
        )

    booking_service.submit_booking(
        draft, by=actor_of(manager), expected_version=draft.version, override_reason="Vi håller öppet för dem"
    )

    kept = session.scalars(select(RuleOverride)).one()
    assert (kept.rule, kept.reason, kept.given_by_id) == ("too_long", "Vi håller öppet för dem", manager.id)
    assert draft.lines[0].state is LineState.SUBMITTED


def test_the_owners_own_use_is_free_and_needs_no_answer() -> None:
    organisation = make_organisation(sector="public")
    site = make_site(organisation)
    resource = make_resource(site, price_ore=10_000)
    manager = make_manager(site)
    grant_role(manager, "member", organisation_scope(organisation.id))
    booking = booking_service.request_booking(
        resource=resource, use=between(8, 12), organisation=organisation,
        content=BookingContent(**(SMALL | {"is_own_use": True, "reason": ""})), by=actor_of(manager),
        requested_by=manager,
    )  # fmt: skip

    assert (booking.lines[0].state, booking.lines[0].price_ore) == (LineState.APPROVED, 0)


def test_own_use_of_somebody_elses_site_is_refused() -> None:
    with pytest.raises(Incomplete) as refusal:
        bundle(make_resource(), is_own_use=True)

    assert [one.code for one in refusal.value.problems] == ["not_own_site"]


def test_a_copy_begins_later_with_the_same_lines_and_what_was_said() -> None:
    booking = bundle(make_resource(), make_resource())

    copy = booking_service.copy_booking(booking, first_start_day_shift=7, by=asker_of(booking))

    assert [line.state for line in copy.lines] == [LineState.DRAFT] * 2
    assert copy.lines[0].starts_at == at(8, days=17)
    assert (copy.copied_from_id, copy.purpose) == (booking.id, booking.purpose)


def test_a_draft_is_hidden_from_the_sites_managers() -> None:
    draft = make_booking(state=LineState.DRAFT)
    manager = actor_of(make_manager(draft.lines[0].resource.site))

    with pytest.raises(NotAllowed):
        booking_service.copy_booking(draft, first_start_day_shift=1, by=manager)


def test_an_owner_cancels_what_was_approved_only_with_a_reason() -> None:
    booking = make_booking(state=LineState.APPROVED)
    line = booking.lines[0]
    manager = actor_of(make_manager(line.resource.site))
    with pytest.raises(Incomplete):
        cancel_service.cancel_line(line, reason="", by=manager, expected_version=line.version)

    cancel_service.cancel_line(line, reason="Hallen har fått en läcka", by=manager, expected_version=line.version)

    assert (line.state, line.ended_reason) == (LineState.CANCELLED, "Hallen har fått en läcka")
    assert [one["to"] for one in letters("booking_cancelled")] == [booking.requested_by.email]


def test_a_hold_whose_deadline_passes_is_released_by_the_worker_and_both_sides_are_told_once(session: Session) -> None:
    resource = make_resource(hold_hours=48)
    manager = make_manager(resource.site)
    booking = make_booking(resource)
    booking_id = booking.id
    with clock.fixed(clock.now() + timedelta(hours=47)):
        cancel_service.expire_holds({})
        assert booking.lines[0].state is LineState.SUBMITTED

    with clock.fixed(clock.now() + timedelta(hours=49)):
        cancel_service.expire_holds({})
        cancel_service.expire_holds({})

        session.expire_all()
        assert session.get_one(Booking, booking_id).lines[0].state is LineState.EXPIRED
        told = [one["to"] for one in all_mail() if one["template"] == "booking_expired"]
        assert sorted(told) == sorted([booking.requested_by.email, manager.email])
        make_booking(resource)  # the time is free again
