"""Qualifications that end before the use: flagged, told to both sides, and closed at check-in."""

import re
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from missions_app import clock
from missions_app.accounts.actor import SYSTEM
from missions_app.bookings import coverage, day_service, sweep_service, tasks
from missions_app.bookings.errors import Incomplete
from missions_app.bookings.intervals import Interval
from missions_app.bookings.models import Booking, LineState, RuleOverride
from missions_app.outbox.models import Job
from missions_app.sites import rule_service
from missions_app.sites.rule_models import HeldQualification
from missions_app.sites.rule_service import QualificationEntry
from tests.factories.accounts import actor_of, sign_in
from tests.factories.bookings import at, make_booking
from tests.factories.organisations import make_member, make_organisation
from tests.factories.sites import make_manager, make_resource


def booked_by_the_qualified() -> tuple[Booking, HeldQualification]:
    """Approved while the qualification holds on the day of use."""
    organisation = make_organisation()
    user, resource = make_member(organisation), make_resource()
    course = rule_service.add_qualification(resource.site, QualificationEntry("Kranbevis", "Crane licence"), by=SYSTEM)
    rule_service.require_qualifications(resource, [course], by=SYSTEM, expected_version=resource.version)
    held = rule_service.grant_qualification(
        course, user, site=resource.site, valid_from=clock.today(), valid_until=clock.today() + timedelta(days=60),
        by=SYSTEM,
    )  # fmt: skip
    return make_booking(resource, organisation=organisation, user=user, state=LineState.APPROVED), held


def end(held: HeldQualification) -> None:
    """Let it end before the day of use."""
    held.valid_until = held.valid_from + timedelta(days=3)


def letters(session: Session) -> list[dict[str, object]]:
    rows = session.scalars(select(Job).order_by(Job.id))
    return [one.payload for one in rows if one.payload.get("template") == "booking_undermined"]


def test_what_holds_on_the_day_flags_nothing(session: Session) -> None:
    booking, _held = booked_by_the_qualified()

    sweep_service.sweep({})

    assert coverage.unqualified([booking]) == {}
    assert sweep_service.undermined(booking) == []
    assert letters(session) == []


def test_a_qualification_that_ends_before_the_use_flags_the_booking_once_for_each_side(session: Session) -> None:
    booking, held = booked_by_the_qualified()
    manager = make_manager(booking.lines[0].resource.site)
    end(held)
    session.commit()

    sweep_service.sweep({})
    sweep_service.sweep({})

    told = letters(session)
    assert {booking.requested_by.email, manager.email} <= {one["to"] for one in told}
    assert len(told) == len({one["to"] for one in told})
    assert told[0]["data"]["qualifications"] == ["Kranbevis"]
    assert sweep_service.undermined(booking) == ["qualification"]
    titles = [one.title for one in tasks.tasks_for(actor_of(booking.requested_by))]
    assert "Permits, insurance or qualifications of %(reference)s no longer cover it" in titles


def test_check_in_stays_closed_without_the_qualification_and_opens_with_it(session: Session) -> None:
    booking, held = booked_by_the_qualified()
    line, last = booking.lines[0], held.valid_until
    end(held)
    session.commit()

    with clock.fixed(at(8)), pytest.raises(Incomplete) as refused:
        day_service.check_in(line, people=3, by=actor_of(booking.requested_by), expected_version=line.version)
    held.valid_until = last
    session.commit()
    with clock.fixed(at(8)):
        day_service.check_in(line, people=None, by=actor_of(booking.requested_by), expected_version=line.version)

    assert [one.code for one in refused.value.problems] == ["qualification_ends"]
    assert (line.state, line.people_present) == (LineState.ONGOING, booking.people_on_site)


def test_what_a_manager_has_set_aside_flags_nothing(session: Session) -> None:
    booking, held = booked_by_the_qualified()
    manager = make_manager(booking.lines[0].resource.site)
    end(held)
    session.add(
        RuleOverride(line=booking.lines[0], rule="qualification_ends", reason="Handledare är med hela dagen",
                     given_at=clock.now(), given_by_id=manager.id)
    )  # fmt: skip
    session.commit()

    assert coverage.unqualified([booking]) == {}


def test_the_pages_say_what_is_lacking_and_ask_how_many_came(session: Session, client: FlaskClient) -> None:
    booking, held = booked_by_the_qualified()
    site = booking.lines[0].resource.site
    manager, line, url = make_manager(site), booking.lines[0], f"/bookings/{booking.reference}"

    with clock.fixed(at(7)):
        browser = sign_in(client, manager)
        page = browser.get(url).text
        end(held)
        session.commit()
        later, today = browser.get(url).text, browser.get(f"/sites/{site.slug}/today").text
        refused = browser.post(f"{url}/lines/{line.id}/check-in", data={"version": str(line.version), "people": "4"})
        held.valid_until = None
        session.commit()
        browser.post(f"{url}/lines/{line.id}/check-in", data={"version": str(line.version), "people": "4"})

    assert re.search(rf'id="people-{line.id}" name="people" inputmode="numeric" value="2"', page)
    assert "Kranbevis" not in page
    assert "Kranbevis" in later
    assert "Kranbevis" in today
    assert refused.status_code == 422
    session.refresh(line)
    assert line.people_present == 4


def test_what_ends_at_midnight_needs_no_insurance_the_day_after(session: Session) -> None:
    booking = make_booking(use=Interval(at(20), at(0, days=11)), insurance_valid_to=clock.today() + timedelta(days=10))

    assert coverage.period_of(booking) == (clock.today() + timedelta(days=10),) * 2
    assert coverage.is_insured(booking)


def test_it_is_the_person_it_is_booked_for_whose_qualification_counts(session: Session) -> None:
    booking, held = booked_by_the_qualified()
    booking.booked_for = make_member(booking.organisation)
    without = coverage.unqualified([booking])
    booking.booked_for, booking.requested_by = booking.requested_by, booking.booked_for

    assert [problem.code for _line, problem in without[booking.id]] == ["not_qualified"]
    assert coverage.unqualified([booking]) == {}
    assert held.user_id == booking.booked_for.id


def test_an_insurance_has_to_hold_on_the_last_day(session: Session) -> None:
    booking = make_booking()
    line, first = booking.lines[0], clock.day_of(at(8))
    line.ends_at = at(8) + timedelta(days=1)
    found = []
    for until in (first, first + timedelta(days=1)):
        booking.insurance_valid_to = until
        found.append(coverage.is_insured(booking))

    assert found == [False, True]
