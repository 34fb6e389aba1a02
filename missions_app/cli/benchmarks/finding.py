"""Finding time over everything that can be booked: how long it takes, how many statements, flat in history or not."""

from datetime import timedelta

import sqlalchemy as sa

from missions_app import clock, db
from missions_app.accounts.actor import Actor
from missions_app.accounts.queries import get_user, load_actor
from missions_app.bookings import finding_service
from missions_app.bookings.finding import Search
from missions_app.bookings.models import Reservation, ReservationKind
from missions_app.bookings.needs import need_typed
from missions_app.cli.benchmarks.bookings import FOUND_NAME, counted, p95
from missions_app.cli.benchmarks.figures import Figure
from missions_app.cli.benchmarks.world import World, first_start
from missions_app.sites.rule_models import Qualification, Quota, QuotaPeriod, QuotaResource, ResourceQualification
from missions_app.workflow.method_service import method_in_force

ASKED = 20
EACH = 20
LONGEST_SECONDS = 0.3
MOST_STATEMENTS, MOST_OF_A_MEMBER = 4, 9


def measure(engine: sa.Engine, made: World, size: int) -> list[Figure]:
    """A bundle of three over every resource, for ninety days in which each is taken twenty times."""
    _fill_ahead(engine, made)
    name, method = engine.dialect.name, method_in_force()
    needs = tuple(need_typed(text) for text in ("resurs", "resurs 1", "mätplats"))
    search = Search(needs, timedelta(hours=6), clock.today() + timedelta(days=11), 90, frozenset(range(5)))
    reader: Actor | None = None

    def ask() -> None:
        found = finding_service.find(search, {}, method, reader=reader)
        if not found.suggestions:
            raise RuntimeError("nothing was found, so nothing was measured")
        db.end()

    def measured() -> tuple[float, float, int]:
        ask()
        slowest, processor = p95(ask, ASKED)
        with counted(engine) as sent:
            ask()
        return slowest, processor, len(sent)

    slowest, processor, sent = measured()
    _limit(engine, made)
    reader = load_actor(get_user(made.user_id))
    slowest_member, processor_member, sent_member = measured()
    resources, member = len(made.resource_ids), "as a member with quotas and qualifications"
    return [
        Figure(f"find time, bundle of 3, 90 days, {resources} resources, p95", name, size, round(slowest, 3), "s", None,
               f"at most {LONGEST_SECONDS} s", slowest <= LONGEST_SECONDS),
        Figure(f"{FOUND_NAME}, p95", name, size, round(processor, 3), "s", None, "any", True),
        Figure("SQL statements of finding time", name, size, sent, "statements", None,
               f"at most {MOST_STATEMENTS}, whatever there is", sent <= MOST_STATEMENTS),
        Figure(f"the same {member}, p95", name, size, round(slowest_member, 3), "s", None,
               f"at most {LONGEST_SECONDS} s", slowest_member <= LONGEST_SECONDS),
        Figure(f"processor time of the same {member}, p95", name, size, round(processor_member, 3), "s", None, "any",
               True),
        Figure(f"SQL statements of the same {member}", name, size, sent_member, "statements", None,
               f"at most {MOST_OF_A_MEMBER}, whatever there is", sent_member <= MOST_OF_A_MEMBER),
    ]  # fmt: skip


def _fill_ahead(engine: sa.Engine, made: World) -> None:
    """Twenty reservations of four hours on every unit, spread over the days that are searched."""
    first = first_start() + timedelta(days=1)
    rows = [
        {
            "unit_id": unit, "kind": ReservationKind.BLOCK, "active": True, "reason": "",
            "starts_at": (start := first + timedelta(days=4 * number + (unit + number) % 3, hours=(unit * 5) % 7)),
            "ends_at": start + timedelta(hours=4),
        }
        for unit in made.unit_ids
        for number in range(EACH)
    ]  # fmt: skip
    with engine.begin() as connection:
        # What was booked while measuring lies in the way of some of them.
        connection.execute(sa.update(Reservation).where(Reservation.starts_at >= clock.now()).values(active=False))
        connection.execute(sa.insert(Reservation), rows)
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("ANALYZE")


def _limit(engine: sa.Engine, made: World) -> None:
    """A quota over everything, one for each of ten parts, and a qualification that every other resource asks for and
    nobody holds."""
    with engine.begin() as connection:
        quotas = connection.scalars(
            sa.insert(Quota).returning(Quota.id, sort_by_parameter_order=True),
            [{"name": f"Kvot {number}", "period": QuotaPeriod.WEEK, "hours": 40, "version": 1} for number in range(11)],
        ).all()
        counted = [(quotas[0], one) for one in made.resource_ids]
        counted += [(quotas[1 + place % 10], one) for place, one in enumerate(made.resource_ids)]
        connection.execute(sa.insert(QuotaResource), [{"quota_id": key, "resource_id": one} for key, one in counted])
        needed = connection.scalar(
            sa.insert(Qualification)
            .values(owner_id=made.organisation_id, slug="x", name_sv="Introduktion", version=1)
            .returning(Qualification.id)
        )
        rows = [{"qualification_id": needed, "resource_id": one} for one in made.resource_ids[::2]]
        connection.execute(sa.insert(ResourceQualification), rows)
