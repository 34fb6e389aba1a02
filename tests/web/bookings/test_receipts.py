"""What a receipt says when time has gone by, and what pages say of reserve dates and of what rests."""

from datetime import date

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from missions_app import clock
from missions_app.bookings import change_service, day_service
from missions_app.bookings.models import Booking, LineState
from missions_app.i18n import money
from missions_app.moments import local_date
from tests.bookings.test_postponing import day
from tests.bookings.test_reserves_follow import two_days
from tests.factories.accounts import actor_of, sign_in
from tests.factories.bookings import make_booking
from tests.factories.sites import make_manager


def resting() -> Booking:
    booking = make_booking(state=LineState.APPROVED)
    change_service.postpone_without_day(
        booking, reason="Kuling", by=actor_of(make_manager(booking.lines[0].resource.site)),
        expected_version=booking.version,
    )  # fmt: skip
    return booking


def test_the_receipt_of_what_rests_promises_no_day(client: FlaskClient, session: Session) -> None:
    booking = resting()

    page = sign_in(client, booking.requested_by).get(f"/bookings/{booking.reference}/receipt").text

    assert "En ny dag väntas" in page
    assert ("är din" in page, "Allt är bekräftat" in page) == (False, False)


def test_the_receipt_of_what_was_used_sends_no_letter(client: FlaskClient, session: Session) -> None:
    line = make_booking(state=LineState.APPROVED).lines[0]
    user = actor_of(line.booking.requested_by)
    with clock.fixed(line.starts_at):
        day_service.check_in(line, people=2, by=user, expected_version=line.version)
        session.flush()
        day_service.check_out(line, by=user, expected_version=line.version)
        page = sign_in(client, line.booking.requested_by).get(f"/bookings/{line.booking.reference}/receipt").text

    assert ("Den har använts." in page, "på väg" in page) == (True, False)


def test_there_is_no_receipt_of_what_is_not_sent(client: FlaskClient, session: Session) -> None:
    booking = make_booking(state=LineState.DRAFT)
    url = f"/bookings/{booking.reference}"

    answer = sign_in(client, booking.requested_by).get(f"{url}/receipt")
    asked = client.get(f"{url}/cancel").text

    assert (answer.status_code, answer.headers["Location"]) == (303, url)
    assert ("Det håller ingen tid" in asked, "Det här lämnar tillbaka" in asked) == (True, False)


def test_the_receipt_of_what_was_cancelled_late_says_what_it_costs(client: FlaskClient, session: Session) -> None:
    booking = make_booking(state=LineState.APPROVED, reserve_dates=(day(17),))
    booking.lines[0].state, booking.lines[0].fee_ore = LineState.CANCELLED, 120_000
    session.commit()

    page = sign_in(client, booking.requested_by).get(f"/bookings/{booking.reference}/receipt").text

    assert "sent återlämnat " + money(120_000) in page
    assert "Reservdagar" not in page


@pytest.mark.parametrize("data", [None, {"to": "approved", "reason": ""}])
def test_what_rests_is_not_answered_and_the_page_says_what_to_do(
    client: FlaskClient, session: Session, data: dict[str, str] | None
) -> None:
    line = resting().lines[0]
    browser = sign_in(client, make_manager(line.resource.site))
    url = f"/bookings/{line.booking.reference}/lines/{line.id}/decide"

    answer = browser.get(url) if data is None else browser.post(url, data=data | {"version": str(line.version)})

    assert answer.status_code == 409
    assert "Ge det en ny dag i stället." in answer.text
    assert line.state is LineState.POSTPONED


def test_each_owner_sees_the_reserve_day_of_own_part_and_those_who_move_one_are_told(
    client: FlaskClient, session: Session
) -> None:
    booking = two_days()
    first, second = booking.lines
    url = f"/bookings/{booking.reference}/lines"
    browser = sign_in(client, make_manager(second.resource.site))
    asked = browser.get(f"{url}/{second.id}/decide").text
    earlier = (clock.day_of(first.starts_at) - (date.fromisoformat(day(1)) - clock.today())).isoformat()

    moved = sign_in(client, booking.requested_by).post(
        f"{url}/{first.id}/time", follow_redirects=True,
        data={
            "version": str(first.version), "resource": str(first.resource.id), "day": earlier, "last_day": earlier,
            "starts": "08.00", "ends": "12.00",
        },
    ).text  # fmt: skip

    assert local_date(date.fromisoformat(day(18))) in asked
    assert f"räknas om: {local_date(date.fromisoformat(day(16)))}" in moved
