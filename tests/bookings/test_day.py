"""The day of use: entered when it is over, and when nobody came."""

from datetime import datetime, timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from missions_app import clock
from missions_app.accounts.models import User
from missions_app.bookings import approval_service, booking_service, day_service, sending, use_figures
from missions_app.bookings.content import LineWish
from missions_app.bookings.errors import Incomplete, PermitsMissing, TooEarly, WithinGrace
from missions_app.bookings.models import Booking, Line, LineState, Reservation
from missions_app.bookings.tasks import tasks_for
from missions_app.edge.words import sentence
from missions_app.errors import NotAllowed
from missions_app.i18n import use_locale
from missions_app.moments import local_datetime
from tests.factories.accounts import actor_of, sign_in
from tests.factories.bookings import make_booking
from tests.factories.organisations import make_member
from tests.factories.outbox import all_mail
from tests.factories.sites import make_manager, make_resource

NEXT_DAY = 33  # o'clock, counted from the midnight before; the booking is from eight to twelve


def approved(**content: object) -> Line:
    return make_booking(make_resource(price_ore=10_000), state=LineState.APPROVED, **content).lines[0]  # type: ignore[arg-type]


def on(line: Line, hour: int) -> datetime:
    """An hour of the day of use; the booking begins at eight."""
    return line.starts_at + timedelta(hours=hour - 8)


def enter(line: Line, came: int, left: int, people: int | None = 3) -> None:
    """By whoever booked, by hours of the day of use."""
    day_service.enter_afterwards(
        line, came=on(line, came), left=on(line, left), people=people, by=actor_of(line.booking.requested_by),
        expected_version=line.version,
    )  # fmt: skip


def test_times_on_paper_are_entered_when_it_is_over_and_count_as_used(session: Session) -> None:
    line = approved()

    with clock.fixed(on(line, NEXT_DAY)):
        enter(line, 8, 11)
        use = use_figures.use_of_sites([line.resource.site], clock.today(), whole=True)[line.resource.site_id]

    assert (line.state, line.checked_in_at, line.checked_out_at) == (LineState.COMPLETED, on(line, 8), on(line, 11))
    assert (line.people_present, use.used_hours, use.planned_hours) == (3, 3.0, 4.0)


def test_only_those_who_take_part_write_what_went_otherwise(session: Session, client: FlaskClient) -> None:
    line = approved()
    booking = line.booking
    colleague, manager = make_member(booking.organisation), make_manager(line.resource.site)
    where = f"/bookings/{booking.reference}/deviations/new"

    def note(user: User) -> None:
        day_service.note_deviation(booking, text="En givare dog.", is_incident=False, by=actor_of(user))

    for user in (booking.requested_by, manager):
        note(user)
        sign_in(client, user)
        assert where in client.get(f"/bookings/{booking.reference}").text
        assert client.get(where).status_code == 200
    with pytest.raises(NotAllowed):
        note(colleague)
    sign_in(client, colleague)
    page = client.get(f"/bookings/{booking.reference}").text
    assert "En givare dog." in page and where not in page
    assert client.get(where).status_code == 403


def test_whoever_has_checked_in_enters_only_when_they_left(session: Session) -> None:
    line = approved()
    by = actor_of(line.booking.requested_by)
    with clock.fixed(on(line, 8)):
        day_service.check_in(line, people=2, by=by, expected_version=line.version)

    with clock.fixed(on(line, NEXT_DAY)):
        enter(line, 9, 12, people=7)

    assert (line.checked_in_at, line.checked_out_at, line.people_present) == (on(line, 8), on(line, 12), 2)


@pytest.mark.parametrize(
    ("came", "left", "code", "field"),
    [
        (12, 13, "use_is_over", "came"),
        (9, 8, "period_reversed", "left"),
        (9, NEXT_DAY + 1, "in_the_future", "left"),
        (NEXT_DAY + 1, NEXT_DAY + 2, "in_the_future", "came"),
    ],
)
def test_times_that_cannot_have_been_are_refused_and_nothing_changes(
    session: Session, came: int, left: int, code: str, field: str
) -> None:
    line = approved()

    with clock.fixed(on(line, NEXT_DAY)), pytest.raises(Incomplete) as refused:
        enter(line, came, left)

    assert [(one.code, one.field) for one in refused.value.problems] == [(code, field)]
    assert (line.state, line.checked_in_at) == (LineState.APPROVED, None)


def test_the_rules_of_check_in_hold_on_paper_too(session: Session) -> None:
    line, without = approved(), approved(answers={"camera": True})

    with clock.fixed(on(line, NEXT_DAY)):
        with pytest.raises(TooEarly):
            enter(line, 5, 9)
        with pytest.raises(PermitsMissing):
            enter(without, 8, 9)


def test_who_came_after_the_booked_time_is_told_when_that_was(session: Session) -> None:
    line = approved()

    with clock.fixed(on(line, NEXT_DAY)), pytest.raises(Incomplete) as refused:
        enter(line, 12, 13)

    with use_locale("sv"):
        [told] = [sentence(one) for one in refused.value.problems]
    assert told == f"Den bokade tiden var över {local_datetime(line.ends_at)}. Skriv när de kom, före det."


def test_nobody_checks_in_when_the_time_is_over(session: Session) -> None:
    line = approved()

    with clock.fixed(on(line, NEXT_DAY)), pytest.raises(Incomplete) as refused:
        day_service.check_in(line, people=2, by=actor_of(line.booking.requested_by), expected_version=line.version)

    assert [one.code for one in refused.value.problems] == ["use_is_over"]


@pytest.mark.parametrize("people", [0, -5])
def test_nobody_is_no_number_of_people(session: Session, people: int) -> None:
    line = approved()

    with clock.fixed(on(line, 8)), pytest.raises(Incomplete) as refused:
        day_service.check_in(line, people=people, by=actor_of(line.booking.requested_by), expected_version=line.version)

    assert [one.code for one in refused.value.problems] == ["no_people"]


def test_a_no_show_is_told_to_whoever_booked_with_what_it_costs(session: Session) -> None:
    line = approved()
    manager = actor_of(make_manager(line.resource.site))
    grace = day_service.grace_of(line.resource.site)

    with clock.fixed(line.starts_at + grace - timedelta(minutes=1)), pytest.raises(WithinGrace):
        day_service.no_show(line, by=manager, expected_version=line.version)
    with clock.fixed(line.starts_at + grace):
        day_service.no_show(line, by=manager, expected_version=line.version)

    told = [one for one in all_mail() if one["template"] == "booking_no_show"]
    assert [one["to"] for one in told] == [line.booking.requested_by.email]
    assert told[0]["data"]["price_ore"] == 40_000


def owed(booking: Booking) -> list[int]:
    """How many times whoever booked and the manager are asked how it was used."""
    people = (booking.requested_by, make_manager(booking.lines[0].resource.site))
    return [sum("used" in one.title for one in tasks_for(actor_of(person))) for person in people]


def test_both_sides_are_asked_how_it_was_used_until_somebody_has_said(session: Session) -> None:
    line = approved()

    with clock.fixed(on(line, 11)):
        during = owed(line.booking)
    with clock.fixed(on(line, NEXT_DAY)):
        over = owed(line.booking)
        enter(line, 8, 12)
        said = owed(line.booking)

    assert (during, over, said) == ([0, 0], [1, 1], [0, 0])


def test_leaving_early_keeps_the_clean_up_that_the_booking_asked_for(session: Session) -> None:
    resource = make_resource(cleanup_minutes=30)
    line = make_booking(resource, state=LineState.DRAFT).lines[0]
    booking, by = line.booking, actor_of(line.booking.requested_by)
    wish = LineWish(resource, sending.use_of(line), extra_cleanup_minutes=60)
    booking_service.change_draft_line(line, wish, by=by, expected_version=line.version)
    booking_service.submit_booking(booking, by=by, expected_version=booking.version)
    manager = actor_of(make_manager(resource.site))
    approval_service.decide_line(line, LineState.APPROVED, reason="", by=manager, expected_version=line.version)

    with clock.fixed(on(line, 8)):
        day_service.check_in(line, people=2, by=by, expected_version=line.version)
    with clock.fixed(on(line, 10)):
        day_service.check_out(line, by=by, expected_version=line.version)

    ends = session.scalars(select(Reservation.ends_at).where(Reservation.line_id == line.id, Reservation.active)).all()
    assert ends == [on(line, 10) + timedelta(minutes=90)]
