"""A request is saved with its buttons, copied and cancelled: what cannot be read keeps nothing else from being saved,
what has passed is not copied to, and what is given back is named."""

import html
import re
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from missions_app import clock
from missions_app.bookings.models import Booking, LineState
from missions_app.idempotency import key_service
from tests.factories.accounts import PASSWORD, sign_in
from tests.factories.bookings import SMALL, make_booking
from tests.factories.organisations import make_member, make_organisation
from tests.factories.sites import make_resource


def test_a_save_with_something_unreadable_keeps_the_rest_and_says_what_is_left_out(
    session: Session, client: FlaskClient
) -> None:
    draft = make_booking(state=LineState.DRAFT)
    browser = sign_in(client, draft.requested_by)
    said = SMALL | {
        "version": draft.version,
        "visibility": "organisation",
        "purpose": "Vidare",
        "people_on_site": "tre",
    }

    answer = browser.post(f"/bookings/{draft.reference}/edit", data=said | {"next": "save"})

    session.refresh(draft)
    assert (answer.status_code, draft.purpose, draft.people_on_site) == (422, "Vidare", 2)
    assert "utom ”Hur många personer”" in answer.text
    assert "En sak behöver rättas" in answer.text
    assert 'value="tre"' in answer.text
    assert f'name="version" type="hidden" value="{draft.version}"' in answer.text


def test_what_was_saved_by_somebody_else_meanwhile_is_told_and_nothing_is_said_to_be_saved(
    session: Session, client: FlaskClient
) -> None:
    draft = make_booking(state=LineState.DRAFT)
    browser = sign_in(client, draft.requested_by)
    said = SMALL | {"version": draft.version - 1, "visibility": "organisation", "purpose": "För sent"}

    answer = browser.post(f"/bookings/{draft.reference}/edit", data=said | {"next": "save"})

    session.refresh(draft)
    assert (answer.status_code, draft.purpose) == (409, SMALL["purpose"])
    assert "Inte sparat." in answer.text
    assert "För sent" in answer.text


def test_the_same_press_twice_does_not_say_that_somebody_else_has_changed_it(
    session: Session, client: FlaskClient
) -> None:
    draft = make_booking(state=LineState.DRAFT)
    browser, url = sign_in(client, draft.requested_by), f"/bookings/{draft.reference}/edit"
    said = SMALL | {"version": draft.version, "visibility": "organisation", "purpose": "Vidare", "once": "m" * 32}

    first, second = (browser.post(url, data=said | {"next": "add"}) for _press in range(2))

    assert (first.status_code, second.status_code) == (303, 303)
    assert first.headers["Location"] == second.headers["Location"]


def test_a_press_while_the_first_is_worked_on_leads_to_the_booking(
    session: Session, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def begin(*_given: object) -> None:
        raise key_service.StillWorking()

    monkeypatch.setattr(key_service, "begin", begin)
    draft = make_booking(state=LineState.DRAFT)
    said = SMALL | {"version": draft.version, "visibility": "organisation", "once": "m" * 32, "next": "submit"}

    answer = sign_in(client, draft.requested_by).post(f"/bookings/{draft.reference}/edit", data=said)

    assert answer.headers["Location"] == f"/bookings/{draft.reference}"
    session.refresh(draft.lines[0])
    assert draft.lines[0].state is LineState.DRAFT


def test_waiting_for_a_taken_time_begins_with_its_hours(session: Session, client: FlaskClient) -> None:
    resource = make_resource()
    draft = make_booking(resource, state=LineState.DRAFT)
    make_booking(resource)
    said = SMALL | {"version": draft.version, "visibility": "organisation", "next": "submit"}
    browser = sign_in(client, draft.requested_by)

    answer = browser.post(f"/bookings/{draft.reference}/edit", data=said)

    found = re.search(r'href="(/waitlist/new[^"]*)"', answer.text)
    assert answer.status_code == 409
    assert found is not None
    waiting = browser.get(html.unescape(found[1])).text
    assert 'name="earliest_start" type="text" value="08.00"' in " ".join(waiting.split())
    assert 'name="latest_end" type="text" value="12.00"' in " ".join(waiting.split())


def test_a_booking_is_not_copied_to_a_day_that_has_passed(session: Session, client: FlaskClient) -> None:
    booking = make_booking()
    browser = sign_in(client, booking.requested_by)

    answer = browser.post(f"/bookings/{booking.reference}/copy", data={"day": "2020-01-01"})

    assert "Dagen har passerat. Välj en senare." in answer.text
    assert session.query(Booking).count() == 1


def test_what_is_given_back_is_named_before_it_is_cancelled(session: Session, client: FlaskClient) -> None:
    booking = make_booking(make_resource(name_sv="Båten"))
    browser = sign_in(client, booking.requested_by)

    assert "Det här lämnar tillbaka allt: Båten." in browser.get(f"/bookings/{booking.reference}/cancel").text


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [(0, 60, "Platsen är din till 60 minuter efter."), (30, 0, "Platsen är din från 30 minuter före."),
     (30, 60, "Platsen är din från 30 minuter före till 60 minuter efter.")],
)  # fmt: skip
def test_the_calendar_file_says_for_how_long_the_place_is_yours(
    session: Session, client: FlaskClient, before: int, after: int, said: str
) -> None:
    booking = make_booking(make_resource(setup_minutes=before, cleanup_minutes=after))
    browser = sign_in(client, booking.requested_by)

    file = browser.get(f"/bookings/{booking.reference}/booking.ics").text.replace("\r\n ", "")

    assert said in file


def test_what_a_small_test_needs_is_told_at_its_fields_and_a_refusal_tells_it_once(
    session: Session, client: FlaskClient
) -> None:
    draft = make_booking(make_resource(most_people=1), state=LineState.DRAFT)
    browser = sign_in(client, draft.requested_by)
    page = browser.get(f"/bookings/{draft.reference}/edit").text
    day = draft.lines[0].starts_at + timedelta(days=3)
    said = SMALL | {"version": draft.version, "visibility": "organisation", "reserve_dates": f"{day:%Y-%m-%d}"}

    answer = browser.post(f"/bookings/{draft.reference}/edit", data=said | {"next": "submit"})

    assert "Behövs för ett småtest." in page
    assert "Behövs inte för ett småtest: högst 8 timmar, högst 6 personer" in page
    assert answer.status_code == 422
    assert "Reservdagar: Det finns plats för en person" not in answer.text
    assert "Det finns plats för en person." in answer.text


def test_whoever_stops_comes_back_to_the_site_they_came_from(session: Session, client: FlaskClient) -> None:
    resource = make_resource()
    browser = sign_in(client, make_member(make_organisation()))

    page = browser.get(f"/sites/{resource.site.slug}/resources/{resource.slug}/request").text

    assert f'data-variant="tertiary" href="/sites/{resource.site.slug}"' in page


def test_saving_what_was_saved_already_when_the_page_was_left_is_no_conflict(
    session: Session, client: FlaskClient
) -> None:
    draft = make_booking(state=LineState.DRAFT)
    browser, opened = sign_in(client, draft.requested_by), draft.version
    said = SMALL | {"visibility": "organisation", "go_day": "2030-01-02", "go_time": "14", "version": opened}
    browser.post(f"/bookings/{draft.reference}/autosave", data=said)

    again = browser.post(f"/bookings/{draft.reference}/autosave", data=said)
    other = browser.post(f"/bookings/{draft.reference}/autosave", data=said | {"purpose": "Något annat"})

    session.refresh(draft)
    assert (again.status_code, other.status_code, draft.purpose) == (200, 409, SMALL["purpose"])
    assert draft.version > opened


def test_a_risk_added_while_writing_leads_back_to_the_request_which_shows_it(
    session: Session, client: FlaskClient
) -> None:
    draft, sent = make_booking(state=LineState.DRAFT), make_booking()
    risk = {"text": "Båten driver", "level": "medium", "mitigation": "Två ankare"}

    back = sign_in(client, draft.requested_by).post(f"/bookings/{draft.reference}/risks/new", data=risk).location
    shown = client.get(f"/bookings/{draft.reference}/edit").text
    other = sign_in(client, sent.requested_by).post(f"/bookings/{sent.reference}/risks/new", data=risk).location

    assert (back, other) == (f"/bookings/{draft.reference}/edit#safety", f"/bookings/{sent.reference}")
    assert "<li>Båten driver" in shown


def test_what_was_typed_in_a_request_comes_back_after_the_session_ran_out_and_in_the_other_language(
    session: Session, client: FlaskClient
) -> None:
    draft = make_booking(state=LineState.DRAFT)
    user, url = draft.requested_by, f"/bookings/{draft.reference}/edit"
    said = SMALL | {"version": draft.version, "visibility": "organisation", "purpose": "Skrivet sent"}
    with clock.fixed(clock.now() - timedelta(minutes=61)):
        sign_in(client, user)

    refused = client.post(url, data=said | {"next": "save"})
    back = client.post(refused.location, data={"email": user.email, "password": PASSWORD})
    kept = client.get(back.location).text
    switched = client.post(url, data=said | {"switch_language": "en"}).text

    assert "Skrivet sent</textarea>" in kept
    assert "Skrivet sent</textarea>" in switched
    assert session.get(Booking, draft.id).purpose == SMALL["purpose"]  # type: ignore[union-attr]
