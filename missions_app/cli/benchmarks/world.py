"""A region small enough to measure: one organisation, one person, one site with resources, and a long history."""

import secrets
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy import orm

from config.settings import Settings
from missions_app import clock, db, wiring
from missions_app.accounts import account_service, grant_service
from missions_app.accounts.actor import SYSTEM, organisation_scope, site_scope
from missions_app.accounts.queries import get_user, load_actor
from missions_app.bookings import booking_service, guard
from missions_app.bookings.intervals import Interval
from missions_app.bookings.models import Booking, Reservation, ReservationKind
from missions_app.cli.migrate import migrate_to
from missions_app.cli.region import load_methods
from missions_app.organisations import organisation_service
from missions_app.organisations.models import Organisation
from missions_app.organisations.rules import Profile
from missions_app.sites import catalogue_service
from missions_app.sites.catalogue_service import ResourceEntry, SiteEntry
from missions_app.sites.models import Resource, ResourceUnit, Site, Unit
from missions_app.workflow.method_service import method_in_force

RESOURCES = 1000
ROWS_AT_A_TIME = 20_000
CONTENT = booking_service.BookingContent(
    purpose="A measurement", reason="A small test before the mission begins", on_site_responsible="The measurer",
    emergency_contact="112", people_on_site=2,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class World:
    """What the measurements use, by id, so that every thread reads it in its own session."""

    user_id: int
    organisation_id: int
    resource_ids: tuple[int, ...]
    unit_ids: tuple[int, ...]

    def book(self, resource_id: int, start: datetime, hours: int = 2) -> str:
        """Ask for time as the measurer: draft and send; the reference. Raises Taken."""
        by = load_actor(get_user(self.user_id))
        session = db.session()
        booking: Booking = booking_service.draft_booking(
            resource=session.get_one(Resource, resource_id), use=Interval(start, start + timedelta(hours=hours)),
            organisation=session.get_one(Organisation, self.organisation_id), content=CONTENT, by=by,
        )  # fmt: skip
        booking_service.submit_booking(booking, by=by, expected_version=booking.version)
        return booking.reference


def first_start() -> datetime:
    """A whole hour, far enough ahead for every notice."""
    return (clock.now() + timedelta(days=10)).astimezone(UTC).replace(hour=8, minute=0, second=0, microsecond=0)


@contextmanager
def scratch_database(url: str) -> Iterator[str]:
    """An empty database beside the given one, removed afterwards: a file for SQLite, a new name on a server."""
    if url.startswith("sqlite"):
        with tempfile.TemporaryDirectory(prefix="missions-bench-") as folder:
            yield f"sqlite:///{Path(folder) / 'bench.sqlite'}"
        return
    server = sa.make_url(url).set(drivername="postgresql+psycopg")
    name = f"missions_bench_{secrets.token_hex(4)}"
    admin = sa.create_engine(server, isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.exec_driver_sql(f'CREATE DATABASE "{name}"')
    try:
        yield server.set(database=name).render_as_string(hide_password=False)
    finally:
        with admin.connect() as connection:
            connection.exec_driver_sql(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        admin.dispose()


@contextmanager
def world(settings: Settings, url: str) -> Iterator[tuple[sa.Engine, World]]:
    """A migrated database with a region in it, and this process connected to it."""
    migrate_to(url, "head")
    engine = db.connect(url)
    wiring.connect(settings)
    try:
        load_methods(settings)
        yield engine, _populate()
    finally:
        db.end()
        engine.dispose()


def _populate() -> World:
    with db.transaction() as session:
        method = method_in_force()
        profile = Profile(name="Exempel Mätning AB", sector=method.sector[0].id, is_undertaking=True)
        organisation = organisation_service.add_organisation(profile, by=SYSTEM, is_example=True)
        user = account_service.create_user(email="measurer@example.org", name="Measurer", by=SYSTEM)
        grant_service.grant(user, "member", organisation_scope(organisation.id), by=SYSTEM)
        keeper = account_service.create_user(email="keeper@example.org", name="Keeper", by=SYSTEM)
        answers = {question.id: question.values[0].id for question in method.site_question}
        entry = SiteEntry(name_sv="Mätplats", answers=answers, price_model=method.price_model[0].id)
        site: Site = catalogue_service.add_site(entry, owner=organisation, by=SYSTEM)
        first = catalogue_service.add_resource(
            site, ResourceEntry(name_sv="Resurs 1", horizon_days=1000), by=SYSTEM
        )  # fmt: skip
        session.flush()
        # Somebody is told of every request: a letter in the outbox is part of what is measured.
        grant_service.grant(keeper, "site_manager", site_scope(site.id), by=SYSTEM)
        user.state = keeper.state = type(user.state).ACTIVE
        made = [(first.id, first.units[0].id), *_copies(session, first, RESOURCES - 1)]
        return World(user.id, organisation.id, tuple(one for one, _unit in made), tuple(unit for _one, unit in made))


def _copies(session: orm.Session, first: Resource, number: int) -> list[tuple[int, int]]:
    """More of the same, each with a unit of its own, by plain statements: a thousand by services would take a while."""
    columns = [one for one in Resource.__table__.columns if one.name not in ("id", "slug", "name_sv")]
    same = {one.name: getattr(first, one.name) for one in columns}
    names = [f"Resurs {place}" for place in range(2, number + 2)]
    units = session.scalars(
        sa.insert(Unit).returning(Unit.id, sort_by_parameter_order=True),
        [{"site_id": first.site_id, "name": name} for name in names],
    ).all()
    resources = session.scalars(
        sa.insert(Resource).returning(Resource.id, sort_by_parameter_order=True),
        [{**same, "name_sv": name, "slug": name.lower().replace(" ", "-")} for name in names],
    ).all()
    pairs = list(zip(resources, units, strict=True))
    session.execute(sa.insert(ResourceUnit), [{"resource_id": one, "unit_id": unit} for one, unit in pairs])
    return pairs


def fill(engine: sa.Engine, made: World, size: int) -> None:
    """Give the units a history of `size` reservations of one hour, back to back, all in the past."""
    each = size // len(made.unit_ids)
    start = clock.now() - timedelta(hours=each + 48)
    with engine.begin() as connection:
        rows = []
        if engine.dialect.name == "sqlite":
            _drop_triggers(connection)
        for unit in made.unit_ids:
            for number in range(each):
                begins = start + timedelta(hours=number)
                times = {"starts_at": begins, "ends_at": begins + timedelta(hours=1)}
                rows.append({"unit_id": unit, "kind": ReservationKind.BLOCK, "active": True, "reason": "", **times})
                if len(rows) == ROWS_AT_A_TIME:
                    connection.execute(sa.insert(Reservation), rows)
                    rows = []
        if rows:
            connection.execute(sa.insert(Reservation), rows)
        if engine.dialect.name == "sqlite":
            for statement in guard.SQLITE:
                connection.exec_driver_sql(statement)
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("ANALYZE")


def _drop_triggers(connection: sa.Connection) -> None:
    """Row by row the guard would take minutes; it is put back before anything is measured."""
    names = connection.exec_driver_sql(
        "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'reservation'"
    )
    for name in names.scalars().all():
        connection.exec_driver_sql(f"DROP TRIGGER {name}")
