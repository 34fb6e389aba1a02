"""A request is saved with its buttons: what cannot be read keeps nothing else from being saved."""

from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from missions_app.bookings.models import LineState
from tests.factories.accounts import sign_in
from tests.factories.bookings import SMALL, make_booking


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
