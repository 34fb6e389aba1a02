"""The page of a request that nobody answered in time."""

from datetime import timedelta

from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from missions_app import clock
from missions_app.bookings import cancel_service
from tests.factories.accounts import sign_in
from tests.factories.bookings import make_booking
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
