"""What is sent a second time, given up before it was sent, or changed between the two."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from missions_app import clock
from missions_app.accounts.actor import Actor, site_scope
from missions_app.accounts.models import User
from missions_app.bookings import (
    approval_service,
    booking_service,
    cancel_service,
    change_service,
    facts,
    policy,
    thread_service,
)
from missions_app.bookings.content import BookingContent, LineWish
from missions_app.bookings.errors import Incomplete, Taken
from missions_app.bookings.models import Booking, Line, LineState, Reservation, ReservationKind
from missions_app.documents.document_service import organisation_party
from missions_app.missions.models import Mission
from missions_app.outbox.mail import Mail
from missions_app.outbox.rendering import renderer
from missions_app.sites.models import Approval
from missions_app.workflow.models import GateDecision
from tests.factories.accounts import actor_of, grant_role, make_user
from tests.factories.bookings import SMALL, at, between, make_booking
from tests.factories.experiments import make_planned, make_tested_mission
from tests.factories.outbox import all_mail
from tests.factories.sites import make_manager, make_resource

pytestmark = pytest.mark.usefixtures("session")
WHY = "Så blir det den här gången."


def asker_of(booking: Booking) -> Actor:
    return actor_of(booking.requested_by)


def send(booking: Booking) -> None:
    booking_service.submit_booking(booking, by=asker_of(booking), expected_version=booking.version)


def save(booking: Booking, **content: Any) -> None:
    booking_service.save_booking(
        booking, BookingContent(**(SMALL | content)), by=asker_of(booking), expected_version=booking.version
    )


def held(session: Session, line: Line) -> list[tuple[ReservationKind, Any, Any]]:
    rows = select(Reservation).where(Reservation.active, Reservation.line_id == line.id).order_by(Reservation.starts_at)
    found = session.scalars(rows.execution_options(populate_existing=True))
    return [(one.kind, one.starts_at, one.expires_at) for one in found]


def test_what_needs_no_answer_any_more_when_it_is_sent_again_keeps_its_time(session: Session) -> None:
    booking = make_booking(state=LineState.NEEDS_INFO)
    line, deadline, use = booking.lines[0], booking.held_until, between(8, 12)
    line.resource.approval = Approval.NONE
    session.flush()

    send(booking)
    with clock.fixed(deadline + timedelta(hours=1)):
        cancel_service.expire_holds({})
        with pytest.raises(Taken):
            make_booking(line.resource, use=use)

    assert line.state is LineState.APPROVED
    assert held(session, line) == [(ReservationKind.REQUEST, line.starts_at, None)]


def test_what_held_nothing_and_needs_no_answer_any_more_is_held_when_it_is_sent_again(session: Session) -> None:
    booking = make_booking(make_resource(requests_hold=False), state=LineState.NEEDS_INFO)
    line = booking.lines[0]
    line.resource.approval = Approval.NONE
    session.flush()
    assert held(session, line) == []

    send(booking)

    assert line.state is LineState.APPROVED
    assert held(session, line) == [(ReservationKind.REQUEST, line.starts_at, None)]


def test_what_is_sent_again_is_held_until_the_moment_that_is_told(session: Session) -> None:
    booking = make_booking(state=LineState.NEEDS_INFO)
    line, before = booking.lines[0], booking.held_until

    with clock.fixed(clock.now() + timedelta(hours=20)):
        send(booking)

    assert booking.held_until > before
    assert held(session, line) == [(ReservationKind.REQUEST, line.starts_at, booking.held_until)]


def test_reserve_dates_that_are_changed_before_it_is_sent_again_are_those_that_are_held(session: Session) -> None:
    first, other = between(8, 12, days=17), between(8, 12, days=18)
    booking = make_booking(state=LineState.NEEDS_INFO, reserve_dates=(clock.day_of(first.start).isoformat(),))
    line = booking.lines[0]
    assert [start for _kind, start, _until in held(session, line)] == [line.starts_at, first.start]

    save(booking, reserve_dates=(clock.day_of(other.start).isoformat(),))
    send(booking)

    assert [(kind, start) for kind, start, _until in held(session, line)] == [
        (ReservationKind.REQUEST, line.starts_at), (ReservationKind.RESERVE, other.start),
    ]  # fmt: skip


def test_owners_are_not_told_of_drafts_when_their_mission_stops(session: Session) -> None:
    _region, mission = make_tested_mission()
    lead = make_user()
    draft = make_booking(state=LineState.DRAFT)
    sent = make_booking()
    for booking in (draft, sent):
        booking.mission_id = mission.id
    session.flush()
    owners = [make_manager(one.lines[0].resource.site) for one in (draft, sent)]

    stop(mission, lead)

    told = {one["to"] for one in all_mail() if one["template"] == "booking_cancelled"}
    assert told == {owners[1].email, sent.requested_by.email}
    assert [one.lines[0].state for one in (draft, sent)] == [LineState.CANCELLED, LineState.CANCELLED]


def stop(mission: Mission, by: User) -> None:
    decision = GateDecision(gate="g5", outcome="stop", reasons="Kommunen har inte råd.")
    cancel_service.release_bookings(mission, decision, actor_of(by))


def test_those_who_booked_are_told_once_what_is_given_back_and_why_when_their_mission_stops(session: Session) -> None:
    _region, mission = make_tested_mission()
    booking = make_booking(state=LineState.APPROVED)
    other, asker, line = make_booking(), booking.requested_by, booking.lines[0]
    asker.locale, other.mission_id, booking.mission_id = "en", mission.id, mission.id
    grant_role(asker, "site_manager", site_scope(line.resource.site_id))
    session.flush()

    stop(mission, other.requested_by)

    told = [one for one in all_mail() if one["template"] == "booking_cancelled"]
    [letter] = [one for one in told if one["to"] == asker.email]
    assert len({one["to"] for one in told}) == len(told) and other.requested_by.email not in {one["to"] for one in told}
    _subject, text, _files = renderer("https://missions.example", "Exempelregion")(
        Mail(to=letter["to"], template=letter["template"], locale=letter["locale"], data=letter["data"])
    )
    assert "A decision has been made on" in text and mission.reference in text
    assert line.resource.name_sv in text and "Reason: Kommunen har inte råd." in text
    assert line.ended_reason == f"{mission.reference}: Kommunen har inte råd."


def test_what_is_not_sent_fulfils_nothing_at_a_gate_and_gives_its_site_no_part(session: Session) -> None:
    planned = make_planned()
    draft, sent, boat = (
        make_booking(state=LineState.DRAFT, reserve_dates=("2099-05-04",)),
        make_booking(),
        make_resource(),
    )
    booking_service.add_line(
        sent, LineWish(boat, between(8, 12, days=90)), by=asker_of(sent), expected_version=sent.version
    )
    for booking in (draft, sent):
        booking.experiment_id, booking.mission_id = planned.experiment.id, planned.mission.id
    session.flush()
    site = sent.lines[0].resource.site

    told = facts.facts_of(planned.experiment)

    assert [one["reference"] for one in told["bookings"]] == [sent.reference]
    assert (told["site_parts"], told["reserve_dates"]) == ([str(site.id)], [])
    assert datetime.fromisoformat(told["bookings"][0]["ends_at"]) == at(12)
    assert organisation_party(boat.site.owner_id) not in told["parties"]["parties_of_experiment"]
    assert facts.scopes_of(planned.experiment) == {site_scope(site.id)}


def test_a_draft_that_is_given_up_stays_its_writers_own(session: Session) -> None:
    draft = make_booking(state=LineState.DRAFT)
    manager = actor_of(make_manager(draft.lines[0].resource.site))
    assert not policy.can_read(manager, draft)

    cancel_service.cancel_booking(draft, reason="", by=asker_of(draft), expected_version=draft.version)

    assert not policy.can_read(manager, draft)
    assert not policy.takes_part_in(manager, draft)
    assert policy.can_read(asker_of(draft), draft)


def test_nobody_makes_what_was_sent_their_own_use_but_those_who_may(session: Session) -> None:
    booking = make_booking(make_resource(price_ore=10_000), state=LineState.NEEDS_INFO)

    with pytest.raises(Incomplete) as refused:
        save(booking, is_own_use=True)

    assert [one.code for one in refused.value.problems] == ["not_own_site"]
    assert not booking.is_own_use


def test_managers_agree_anew_when_a_time_is_changed_and_changed_back(session: Session) -> None:
    booking = make_booking(make_resource(approval=Approval.SEVERAL, approvals_needed=2))
    line = booking.lines[0]
    managers = [actor_of(make_manager(line.resource.site)) for _one in range(2)]

    def both_agree() -> None:
        for each in managers:
            approval_service.decide_line(line, LineState.APPROVED, reason="", by=each, expected_version=line.version)

    both_agree()
    for use in (between(13, 17), between(8, 12)):
        change_service.change_time(line, use, by=asker_of(booking), expected_version=line.version)
    assert line.state is LineState.SUBMITTED
    both_agree()

    assert line.state is LineState.APPROVED


def test_an_owner_knows_of_a_booking_when_something_of_theirs_is_asked_for(session: Session) -> None:
    booking, boat = make_booking(), make_resource()
    skipper, keeper = make_manager(boat.site), make_manager(booking.lines[0].resource.site)
    booking_service.add_line(
        booking, LineWish(boat, between(8, 12)), by=asker_of(booking), expected_version=booking.version
    )
    thread_service.write_message(booking, text="Vi kommer med släp.", by=asker_of(booking))
    before = [policy.can_read(actor_of(skipper), booking), policy.takes_part_in(actor_of(skipper), booking)]

    send(booking)

    assert before == [False, False]
    assert policy.can_read(actor_of(skipper), booking) and policy.takes_part_in(actor_of(skipper), booking)
    assert [one["to"] for one in all_mail() if one["template"] == "booking_message"] == [keeper.email]


def test_nobody_writes_to_the_owners_about_a_draft(session: Session) -> None:
    draft = make_booking(state=LineState.DRAFT)
    make_manager(draft.lines[0].resource.site)

    thread_service.write_message(draft, text="Tänk på att lyftkroken saknas.", by=asker_of(draft))

    assert [one for one in all_mail() if one["template"] == "booking_message"] == []
