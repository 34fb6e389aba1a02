"""Two at the same moment, on both databases: what a quota has left goes to one of them, and an offer is taken or goes
on to the next, never both."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from missions_app import clock, db
from missions_app.accounts.actor import SYSTEM
from missions_app.accounts.models import User
from missions_app.bookings import waitlist_service
from missions_app.bookings.intervals import Interval
from missions_app.bookings.models import Reservation
from missions_app.bookings.waitlist_models import EntryState, WaitlistEntry
from missions_app.organisations.models import Organisation
from missions_app.sites import rule_service
from missions_app.sites.models import Resource
from missions_app.sites.rule_models import QuotaPeriod
from missions_app.sites.rule_service import QuotaEntry
from tests.databases import at_once, committing_database
from tests.factories.bookings import between, make_booking
from tests.factories.organisations import make_member, make_organisation
from tests.factories.sites import make_resource
from tests.factories.waitlist import make_entry

ROUNDS = 6


@pytest.fixture(scope="module", autouse=True)
def committing(app: Flask, engine: sa.Engine, tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """What is written stays written, so that both see it."""
    with committing_database("rivals", tmp_path_factory.mktemp("rivals"), engine):
        yield


def ask(resource: int, organisation: int, user: int, use: Interval) -> str:
    """Ask for a time as somebody, all by id."""
    session = db.session()
    make_booking(
        session.get_one(Resource, resource), use=use, organisation=session.get_one(Organisation, organisation),
        user=session.get_one(User, user),
    )  # fmt: skip
    return "held"


def test_what_a_quota_has_left_goes_to_one_of_two_who_ask_for_different_things() -> None:
    things, organisation = (make_resource(), make_resource()), make_organisation()
    rule_service.add_quota(QuotaEntry("Fyra timmar", QuotaPeriod.WEEK, 4), things, by=SYSTEM)
    users = [make_member(organisation).id for _one in things]
    whose, ids = organisation.id, [one.id for one in things]
    db.session.commit()

    for week in range(ROUNDS):
        use = between(8, 12, days=10 + 7 * week)
        told = at_once(
            lambda use=use: ask(ids[0], whose, users[0], use), lambda use=use: ask(ids[1], whose, users[1], use)
        )  # fmt: skip
        assert sorted(map(str, told)) == ["held", "incomplete"]


def test_an_offer_is_taken_or_goes_to_the_next_when_both_happen_at_its_deadline() -> None:
    use = between(8, 12)
    for _round in range(ROUNDS):
        resource = make_resource()
        first, second = make_entry(resource, within=use), make_entry(resource, within=use)
        ends, keys = first.offers[0].expires_at, (first.id, second.id)
        asked = (resource.id, first.organisation_id, first.user_id, use)
        db.session.commit()

        def take(asked: tuple[int, int, int, Interval] = asked, moment: object = ends - timedelta(seconds=1)) -> str:
            with clock.fixed(moment):  # type: ignore[arg-type]
                return ask(*asked)

        def tend(moment: object = ends) -> None:
            with clock.fixed(moment):  # type: ignore[arg-type]
                waitlist_service.tend({})

        told = at_once(take, tend)[0]

        db.end()
        states = tuple(db.session.get_one(WaitlistEntry, key).state for key in keys)
        assert (told, states) in (
            ("held", (EntryState.BOOKED, EntryState.WAITING)), ("taken", (EntryState.LAPSED, EntryState.OFFERED)),
        )  # fmt: skip
        held = sa.select(Reservation).where(Reservation.active, Reservation.unit_id == resource_unit(asked[0]))
        assert len(db.session.scalars(held).all()) == 1


def resource_unit(resource: int) -> int:
    return db.session.get_one(Resource, resource).units[0].id
