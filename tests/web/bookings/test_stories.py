"""Stories 6, 7 and 8 in their own words."""

from datetime import UTC, date, datetime, timedelta

import pytest
from babel.dates import format_date
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from missions_app import clock
from missions_app.bookings import (
    approval_service,
    booking_service,
    coverage,
    queries,
    safety_service,
)
from missions_app.bookings.content import BookingContent
from missions_app.bookings.errors import Taken
from missions_app.bookings.intervals import Interval
from missions_app.bookings.models import Booking, LineState, PermitState
from missions_app.bookings.safety_service import PermitAnswer
from missions_app.calendar_days import add_working_days
from missions_app.sites.models import Resource
from missions_app.workflow import gate_queries
from missions_app.workflow.engine import Standing
from tests.factories.accounts import actor_of, sign_in
from tests.factories.bookings import SMALL, make_booking
from tests.factories.experiments import make_planned
from tests.factories.organisations import make_member, make_organisation
from tests.factories.outbox import all_mail
from tests.factories.sites import make_manager, make_resource, make_site

SPRING = datetime(2027, 5, 3, 8, tzinfo=UTC)
SIX_QUESTIONS = {
    "sea": True, "bottom_contact": True, "depth_measurement": True, "publishes_seabed_data": True, "buoy": False,
    "airborne": False,
}  # fmt: skip
AT_SEA = dict.fromkeys(
    ("vessel", "lookout", "communication_channel", "recovery_plan", "position_polygon", "ufs_notice"), "Enligt plan"
)


def on_third_of_june(start: int, end: int) -> Interval:
    day = datetime(2027, 6, 3, tzinfo=clock.zone())
    return Interval(day.replace(hour=start).astimezone(UTC), day.replace(hour=end).astimezone(UTC))


@pytest.mark.story(6)
def test_nobody_is_booked_twice(session: Session) -> None:
    with clock.fixed(SPRING):
        surface = make_resource(make_site(name_sv="Ålgräsytan (exempel)"), cleanup_minutes=60, notice_minutes=0)
        make_booking(surface, use=on_third_of_june(8, 16), state=LineState.APPROVED)

        with pytest.raises(Taken) as refusal:
            make_booking(surface, use=on_third_of_june(16, 18))
        held = make_booking(surface, use=on_third_of_june(17, 18))

    assert refusal.value.alternatives[0].start == on_third_of_june(17, 19).start
    assert held.lines[0].state is LineState.SUBMITTED


@pytest.mark.story(7)
def test_the_permit_decides_the_date(session: Session, client: FlaskClient) -> None:
    planned = make_planned()
    region = planned.region
    surface = make_resource(make_site(name_sv="Ålgräsytan (exempel)"))
    start = datetime.combine(clock.today() + timedelta(weeks=4), datetime.min.time(), clock.zone())
    use = Interval((start + timedelta(hours=8)).astimezone(UTC), (start + timedelta(hours=15)).astimezone(UTC))
    researcher = region.people["researcher"]
    booking = booking_service.draft_booking(
        resource=surface, use=use, organisation=region.university, by=actor_of(researcher),
        requested_by=researcher, experiment=planned.experiment,
        content=BookingContent(
            **(SMALL | {"reason": ""}), insurance_reference="Exempel", answers=SIX_QUESTIONS, details=AT_SEA,
            insurance_valid_to=clock.today() + timedelta(days=365),
        ),
    )  # fmt: skip

    asked = sign_in(client, researcher).get(f"/bookings/{booking.reference}/edit").text
    booking_service.submit_booking(booking, by=actor_of(researcher), expected_version=booking.version)
    page = client.get(f"/bookings/{booking.reference}").text
    earliest = add_working_days(clock.today() + timedelta(weeks=8), 0)
    day = clock.day_of(use.start)
    stands = [_permits_stand(planned.experiment)]
    for until in (day - timedelta(days=1), day):
        _grant_all(booking, until=until)
        stands.append(_permits_stand(planned.experiment))

    for words in (
        "Anmälan om vattenverksamhet", "Länsstyrelsen", "Försvarsmakten", "Sjöfartsverket",
        "Notis i Underrättelser för sjöfarande (Ufs)",
    ):  # fmt: skip
        assert words in asked
        assert words in page
    assert "56 dagar" in page
    assert f"Tidigaste rimliga datum: <b>{format_date(earliest, 'd MMMM y', locale='sv')}</b>" in asked
    # Closed until each is granted for the whole booking, or judged unnecessary: one that ends the day before is not.
    assert stands == [Standing.NOT_MET, Standing.NOT_MET, Standing.MET]


def _permits_stand(experiment: object) -> Standing:
    found = gate_queries.standing(experiment, "g3")  # type: ignore[arg-type]
    return next(one.standing for one in found.criteria if one.criterion.id == "g3.permits")


def _grant_all(booking: Booking, until: date) -> None:
    by = actor_of(booking.requested_by)
    for number, row in enumerate(queries.permits_of(booking)):
        answer = PermitAnswer(PermitState.GRANTED, valid_from=clock.today(), valid_until=until, number="exempel")
        if number == 0:
            answer = PermitAnswer(PermitState.NOT_NEEDED, reason="Platsen har en stående anmälan.")
        safety_service.set_permit(row, answer, by=by, expected_version=row.version)


def approved_at_sea(surface: Resource) -> Booking:
    """An approved booking with a limit of 10 m/s and two reserve days."""
    organisation = make_organisation()
    user = make_member(organisation)
    booking = booking_service.request_booking(
        resource=surface, use=on_third_of_june(8, 16), organisation=organisation, by=actor_of(user),
        requested_by=user, booked_for=make_member(organisation),
        content=BookingContent(
            **SMALL, limits={"wind": 10}, reserve_dates=("2027-06-10", "2027-06-17"), answers={"sea": True},
            details=AT_SEA | {"bottom_contact": "Nej"}, insurance_reference="Exempel",
            insurance_valid_to=date(2027, 12, 31),
        ),
    )  # fmt: skip
    line = booking.lines[0]
    approval_service.decide_line(
        line, LineState.APPROVED, reason="", by=actor_of(make_manager(surface.site)), expected_version=line.version
    )
    for row in queries.permits_of(booking):
        answer = PermitAnswer(PermitState.GRANTED, valid_from=date(2027, 6, 1), valid_until=date(2027, 6, 5))
        safety_service.set_permit(row, answer, by=actor_of(user), expected_version=row.version)
    return booking


@pytest.mark.story(8)
def test_too_much_wind(session: Session, client: FlaskClient) -> None:
    with clock.fixed(SPRING):
        surface = make_resource(make_site(name_sv="Ålgräsytan (exempel)", is_outdoor=True))
        booking = approved_at_sea(surface)
        manager = make_manager(surface.site)
        browser = sign_in(client, manager)
        covered = coverage.uncovered_permits(booking)

        offered = browser.get(f"/bookings/{booking.reference}/postpone").text
        answer = browser.post(
            f"/bookings/{booking.reference}/postpone",
            data={"version": booking.version, "day": "2027-06-10", "reason": "Vind 14 m/s från sydväst"},
        )
        session.expire_all()
        page = browser.get(f"/bookings/{booking.reference}").text
        uncovered = coverage.uncovered_permits(booking)

    assert "torsdag 10 juni 2027" in offered
    assert answer.status_code == 303
    assert booking.lines[0].starts_at == on_third_of_june(8, 16).start + timedelta(days=7)
    assert covered == []
    assert uncovered != []
    told = [one for one in all_mail() if one["template"] == "booking_postponed"]
    assert {booking.requested_by.email, booking.booked_for.email} <= {one["to"] for one in told}  # type: ignore[union-attr]
    assert all(one["data"]["permits"] for one in told)
    assert "3 juni 2027 kl. 08.00" in page
    assert "10 juni 2027 kl. 08.00" in page
    assert "Vind 14 m/s från sydväst" in page


@pytest.mark.story(8)
def test_a_day_that_is_not_a_reserve_day_is_not_offered(session: Session, client: FlaskClient) -> None:
    with clock.fixed(SPRING):
        surface = make_resource(make_site(is_outdoor=True))
        booking = approved_at_sea(surface)
        browser = sign_in(client, make_manager(surface.site))

        answer = browser.post(
            f"/bookings/{booking.reference}/postpone",
            data={"version": booking.version, "day": "2027-06-11", "reason": "Vind"},
        )

    session.expire_all()
    assert answer.status_code == 409
    assert booking.lines[0].starts_at == on_third_of_june(8, 16).start


def test_no_day_is_left_so_it_rests_until_the_owner_gives_it_another(session: Session, client: FlaskClient) -> None:
    with clock.fixed(SPRING):
        surface = make_resource(make_site(is_outdoor=True))
        booking = approved_at_sea(surface)
        manager = make_manager(surface.site)
        page, browser = f"/bookings/{booking.reference}", sign_in(client, manager)

        rests = browser.post(
            f"{page}/postpone", data={"version": booking.version, "day": "none", "reason": "Kuling i tre veckor"}
        )
        session.expire_all()
        line = booking.lines[0]
        state, said = line.state, browser.get(page).text
        theirs = sign_in(client, booking.requested_by).get(page).text
        moved = sign_in(client, manager).post(
            f"{page}/lines/{line.id}/move",
            data={"version": line.version, "day": "2027-07-01", "last_day": "2027-07-01", "starts": "08:00",
                  "ends": "16:00", "reason": "Lugnare väder"},
        )  # fmt: skip
        session.expire_all()
        history = browser.get(page).text

    assert (rests.status_code, moved.status_code) == (303, 303)
    assert state is LineState.POSTPONED
    assert "En ny dag väntas" in said
    assert "Uppskjuten: nu ska" in theirs
    assert booking.lines[0].state is LineState.APPROVED
    assert "Uppskjuten utan ny dag, från" in history
    assert "1 juli 2027 kl. 08.00" in history
