"""Whether the weather allows it, on pages: asked for, said, late, and when somebody else was quicker."""

from datetime import date, timedelta

from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from missions_app import clock
from missions_app.bookings import change_service
from missions_app.bookings.models import Booking, LineState
from missions_app.bookings.tasks import tasks_for
from tests.factories.accounts import actor_of, sign_in
from tests.factories.bookings import at, make_booking
from tests.factories.outbox import all_mail
from tests.factories.series import make_draft
from tests.factories.sites import make_manager, make_resource, make_site

DECIDE = "Decide whether %(reference)s goes ahead"


def day(days: int) -> str:
    return (clock.today() + timedelta(days=days)).isoformat()


def waiting(*reserves: str) -> Booking:
    """An approved booking in ten days, to be decided on the day before at 14."""
    return make_booking(
        state=LineState.APPROVED, limits={"wind": 10}, go_no_go_at=at(14, days=9), reserve_dates=reserves
    )


def postpone(booking: Booking, to: str) -> None:
    """The owner does it."""
    manager = actor_of(make_manager(booking.lines[0].resource.site))
    change_service.postpone_to_reserve(
        booking, date.fromisoformat(to), reason="Kuling", by=manager, expected_version=booking.version
    )


def test_without_reserve_dates_too_both_sides_can_say_that_it_goes_ahead(client: FlaskClient, session: Session) -> None:
    booking = waiting()
    manager, url = make_manager(booking.lines[0].resource.site), f"/bookings/{booking.reference}"

    with clock.fixed(at(9, days=9)):
        [task] = [one for one in tasks_for(actor_of(booking.requested_by)) if one.title == DECIDE]
        browser = sign_in(client, booking.requested_by)
        page = browser.get(url).text
        done = browser.post(f"{url}/go", follow_redirects=True).text
        left = [one for one in tasks_for(actor_of(manager)) if one.title == DECIDE]

    assert "reserve" not in task.reason
    assert task.values["_anchor"] == "weather"
    assert f'action="{url}/go"' in page
    assert "Det blir av, och de som berörs får veta." in done
    assert f'action="{url}/go"' not in done
    assert left == []
    assert manager.email in [one["to"] for one in all_mail() if one["template"] == "booking_goes_ahead"]


def test_a_decision_that_is_late_still_waits_until_the_use_begins(session: Session) -> None:
    booking = waiting(day(17))
    asker = actor_of(booking.requested_by)

    def due(hour: int, days: int) -> list[date | None]:
        with clock.fixed(at(hour, days=days)):
            return [one.due for one in tasks_for(asker) if one.title == DECIDE]

    assert due(15, 9) == due(7, 10) == [clock.today() + timedelta(days=9)]
    assert due(9, 10) == []


def test_who_postpones_after_somebody_else_did_is_told_so_and_keeps_the_reason(
    client: FlaskClient, session: Session
) -> None:
    booking = waiting(day(17), day(24))
    browser, url = sign_in(client, booking.requested_by), f"/bookings/{booking.reference}/postpone"
    typed = {"version": booking.version, "day": day(17), "reason": "Blåser för mycket"}
    postpone(booking, day(17))

    answer = browser.post(url, data=typed)

    assert answer.status_code == 409
    assert "Någon annan har ändrat" in answer.text
    assert "Inte ett giltigt val" not in answer.text
    assert "Blåser för mycket" in answer.text
    assert f'value="{day(24)}"' in answer.text


def test_when_there_is_nothing_to_postpone_to_the_page_says_why(client: FlaskClient, session: Session) -> None:
    booking = waiting(day(17))
    browser, url = sign_in(client, booking.requested_by), f"/bookings/{booking.reference}/postpone"
    typed = {"version": booking.version, "day": day(17), "reason": "Blåser för mycket"}

    with clock.fixed(at(15, days=9)):
        late = sign_in(client, booking.requested_by).post(url, data=typed)
    postpone(booking, day(17))
    none_left = browser.get(url)

    assert (late.status_code, none_left.status_code) == (422, 409)
    assert "Det är för sent" in late.text
    assert "Det finns ingen reservdag kvar" in none_left.text


def test_a_day_that_is_no_day_is_none_of_the_reserve_dates(client: FlaskClient, session: Session) -> None:
    booking = waiting(day(17))
    url = f"/bookings/{booking.reference}/postpone"
    browser = sign_in(client, booking.requested_by)

    for sent in ("x", day(18), "none"):
        answer = browser.post(url, data={"version": booking.version, "day": sent, "reason": "Blåser"})
        assert answer.status_code in (403, 409)
        assert booking.lines[0].starts_at == at(8)


def test_before_check_in_opens_the_page_of_the_day_says_when_and_offers_nothing_that_is_refused(
    client: FlaskClient, session: Session
) -> None:
    booking = make_booking(state=LineState.APPROVED, on_site_responsible="Forskningsingenjör 0455-38 50 00")
    line = booking.lines[0]
    page, act = f"/sites/{line.resource.site.slug}/today", f"/bookings/{booking.reference}/lines/{line.id}/check-in"
    manager = make_manager(line.resource.site)

    with clock.fixed(at(5)):
        early = sign_in(client, manager).get(page).text
    with clock.fixed(at(6)):
        open_now = sign_in(client, manager).get(page).text

    assert "Incheckningen öppnar 06.00." in early
    assert (act in early, act in open_now) == (False, True)
    assert early.count("tel:0455385000") == open_now.count("tel:0455385000") == 1


def test_a_series_that_still_needs_limits_of_weather_is_not_sent_to_a_single_one_of_them(
    client: FlaskClient, session: Session
) -> None:
    line = make_draft(make_resource(make_site(is_outdoor=True)))
    url = f"/bookings/{line.booking.reference}/lines/{line.id}/series"

    page = sign_in(client, line.booking.requested_by).get(url).text

    assert "Det som saknas: Gränser för väder; Reservdagar." in page
