"""The page of a request that nobody answered in time, or of which a part was refused."""

from datetime import timedelta

from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from missions_app import clock
from missions_app.bookings import booking_service, cancel_service
from missions_app.bookings.content import LineWish
from missions_app.bookings.models import LineState
from tests.factories.accounts import actor_of, sign_in
from tests.factories.bookings import between, make_booking
from tests.factories.sites import make_manager, make_resource


def test_it_says_that_the_time_is_gone_and_leads_those_who_asked_to_asking_again(
    session: Session, client: FlaskClient
) -> None:
    resource = make_resource(hold_hours=48)
    booking = make_booking(resource)
    user, manager, url = booking.requested_by, make_manager(resource.site), f"/bookings/{booking.reference}"
    with clock.fixed(clock.now() + timedelta(hours=49)):
        cancel_service.expire_holds({})
        page = sign_in(client, user).get(url).text
        owners = sign_in(client, manager).get(url).text

    assert "Ingen svarade i tid; tiden släpptes" in page
    assert f'href="{url}/copy">Be igen</a>' in page
    assert "Ingen svarade i tid; tiden släpptes" in owners
    assert "Be igen" not in owners


def test_those_who_asked_go_on_without_the_part_that_was_refused(session: Session, client: FlaskClient) -> None:
    booking = make_booking()
    line = booking_service.add_line(
        booking, LineWish(make_resource(), between(8, 12)), by=actor_of(booking.requested_by),
        expected_version=booking.version,
    )  # fmt: skip
    line.state = LineState.DECLINED
    session.commit()
    page, act = f"/bookings/{booking.reference}", f"/bookings/{booking.reference}/lines/{line.id}/go-on-without"
    browser = sign_in(client, booking.requested_by)

    before = browser.get(page).text
    stale = browser.post(act, data={"version": line.version - 1})
    answer = browser.post(act, data={"version": line.version})
    after = browser.get(page).text

    assert f'action="{act}"' in before and "En del blev det nej till" in before
    assert (stale.status_code, "Du ser hur det står nu." in stale.text) == (409, True)
    assert answer.headers["Location"] == page
    assert ("En del blev det nej till" in after, "Fortsätter utan det som det blev nej till" in after) == (False, True)


def test_what_was_refused_can_be_replaced_although_another_owner_asks_for_more(
    session: Session, client: FlaskClient
) -> None:
    booking = make_booking()
    line = booking_service.add_line(
        booking, LineWish(make_resource(), between(8, 12)), by=actor_of(booking.requested_by),
        expected_version=booking.version,
    )  # fmt: skip
    line.state, booking.lines[0].state = LineState.DECLINED, LineState.NEEDS_INFO
    session.commit()

    page = sign_in(client, booking.requested_by).get(f"/bookings/{booking.reference}").text

    assert "Ägaren ber om komplettering" in page
    assert "Vi håller tiden åt dig till" in page
    assert f'href="/bookings/{booking.reference}/lines/new?for={line.id}"' in page
    assert f'action="/bookings/{booking.reference}/lines/{line.id}/go-on-without"' in page


def test_a_request_that_lacks_a_permit_says_who_is_to_answer_and_until_when(
    session: Session, client: FlaskClient
) -> None:
    resource = make_resource()
    manager = make_manager(resource.site)
    booking = make_booking(resource, answers={"camera": True})
    booking.booked_for = manager
    session.commit()
    page = sign_in(client, manager).get(f"/bookings/{booking.reference}").text

    assert "Ett tillstånd saknas" in page
    assert f"Nu ska {resource.site.owner.name} svara" in page
    assert "Vi håller tiden åt dig till" in page
    assert "Ingen godkänner sin egen begäran" in page


def test_a_request_that_was_declined_leads_to_asking_again(session: Session, client: FlaskClient) -> None:
    booking = make_booking(state=LineState.DECLINED)

    page = sign_in(client, booking.requested_by).get(f"/bookings/{booking.reference}").text

    assert "Svaret blev nej" in page
    assert f'href="/bookings/{booking.reference}/copy">Be igen</a>' in page


def test_another_time_says_what_becomes_of_the_answer_there_is(session: Session, client: FlaskClient) -> None:
    waiting, agreed = make_booking(), make_booking(state=LineState.CONDITIONAL)
    intros = [
        sign_in(client, one.requested_by).get(f"/bookings/{one.reference}/lines/{one.lines[0].id}/time").text
        for one in (waiting, agreed)
    ]

    assert ["behåller godkännandet" in one for one in intros] == [False, False]
    assert "Ägaren svarar sedan på den." in intros[0]
    assert "så den kan bara kortas" in intros[1]


def test_an_empty_message_is_told_in_its_own_word(session: Session, client: FlaskClient) -> None:
    booking = make_booking()

    answer = sign_in(client, booking.requested_by).post(f"/bookings/{booking.reference}/messages", data={"text": " "})

    assert (answer.status_code, "Skriv ett meddelande först." in answer.text) == (422, True)


def test_nobody_is_led_to_a_copy_in_the_name_of_an_organisation_they_do_not_book_for(
    session: Session, client: FlaskClient
) -> None:
    booking = make_booking()
    url, manager = f"/bookings/{booking.reference}", make_manager(booking.lines[0].resource.site)

    pages = [sign_in(client, one).get(url).text for one in (booking.requested_by, manager)]
    refused = client.get(f"{url}/copy")

    assert [f'href="{url}/copy"' in one for one in pages] == [True, False]
    assert [f'href="{url}/statement"' in one for one in pages] == [True, True]
    assert refused.status_code == 403
