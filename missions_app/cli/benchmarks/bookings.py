"""Booking: how fast, with how many statements, and what sixteen rivals for one slot are told."""

import contextvars
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import timedelta

import sqlalchemy as sa

from missions_app import clock, db
from missions_app.audit.models import AuditEvent
from missions_app.bookings.errors import Taken
from missions_app.bookings.models import Booking, Line, Reservation
from missions_app.cli.benchmarks.figures import Figure
from missions_app.cli.benchmarks.world import THREADS, World, first_start
from missions_app.outbox.models import Job

CREATED = 150
LEAST_RATIO = {"postgresql": 1 / 6, "sqlite": 1 / 12}
LONGEST_LOSER_SECONDS = {"postgresql": 1.0, "sqlite": 2.0}
MOST_STATEMENTS = 16


def created(engine: sa.Engine, made: World, size: int) -> Figure:
    """Bookings a second through the services, against the bare database writing the same five rows."""
    name = engine.dialect.name
    bare = _bare_rate(engine, made)
    start = first_start() + timedelta(days=200)
    began = time.perf_counter()
    for number in range(CREATED):
        made.book(
            made.resource_ids[number % len(made.resource_ids)],
            start + timedelta(hours=3 * (number // len(made.resource_ids))),
        )
    rate = CREATED / (time.perf_counter() - began)
    bar = LEAST_RATIO[name]
    return Figure("booking created by the services", name, size, round(rate, 1), "bookings/s", round(rate / bare, 3),
                  f"at least {bar:.3f} of the bare database", rate / bare >= bar)  # fmt: skip


def _bare_rate(engine: sa.Engine, made: World) -> float:
    """The five rows of a booking, written by plain statements in one transaction each."""
    now, start = clock.now(), first_start() + timedelta(days=400)
    began = time.perf_counter()
    for number in range(CREATED):
        begins = start + timedelta(hours=3 * (number // len(made.unit_ids)))
        place = number % len(made.unit_ids)
        times = {"starts_at": begins, "ends_at": begins + timedelta(hours=2)}
        with engine.begin() as connection:
            booking = connection.execute(
                sa.insert(Booking).values(
                    reference=f"X-{number}", organisation_id=made.organisation_id, requested_by_id=made.user_id,
                    created_at=now, version=1,
                ).returning(Booking.id)
            ).scalar_one()  # fmt: skip
            line = connection.execute(
                sa.insert(Line).values(
                    booking_id=booking, resource_id=made.resource_ids[place], state="submitted", version=1, **times
                ).returning(Line.id)
            ).scalar_one()  # fmt: skip
            connection.execute(
                sa.insert(Reservation).values(
                    unit_id=made.unit_ids[place], line_id=line, kind="request", active=True, **times
                )
            )
            connection.execute(
                sa.insert(AuditEvent).values(
                    at=now, actor_id="x", actor_role="member", action="booking.submitted", subject_kind="booking",
                    subject_id=booking, subject_label=f"X-{number}", data={},
                )
            )  # fmt: skip
            connection.execute(
                sa.insert(Job).values(kind="mail", payload={}, state="done", created_at=now, due_at=now, attempts=0)
            )
    return CREATED / (time.perf_counter() - began)


@contextmanager
def _counted(engine: sa.Engine) -> Iterator[list[str]]:
    """The statements sent while the block runs, BEGIN, COMMIT and savepoints aside."""
    sent: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_more: object) -> None:
        if not statement.upper().startswith(("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE", "ROLLBACK", "PRAGMA")):
            sent.append(statement)

    sa.event.listen(engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        sa.event.remove(engine, "before_cursor_execute", note)


def statements(engine: sa.Engine, made: World, size: int) -> Figure:
    """SQL statements of drafting and sending one booking."""
    made.book(made.resource_ids[0], first_start() + timedelta(days=600))
    with _counted(engine) as sent:
        made.book(made.resource_ids[0], first_start() + timedelta(days=601))
    return Figure("SQL statements of one booking, drafted and sent", engine.dialect.name, size, len(sent), "statements",
                  None, f"at most {MOST_STATEMENTS}", len(sent) <= MOST_STATEMENTS)  # fmt: skip


def races(engine: sa.Engine, made: World, size: int, rounds: int) -> list[Figure]:
    """Sixteen rivals for one slot, again and again: exactly one wins each round, the others are told "taken"."""
    name, start = engine.dialect.name, first_start()
    wrong, waits = 0, []
    with ThreadPoolExecutor(THREADS) as pool:
        for number in range(rounds):
            slot = start + timedelta(hours=3 * (number // len(made.resource_ids)))
            resource = made.resource_ids[number % len(made.resource_ids)]
            gate = threading.Barrier(THREADS)
            answers = list(
                pool.map(lambda _rival, r=resource, s=slot, g=gate: _rival_of(made, r, s, g), range(THREADS))
            )
            wrong += sum(1 for outcome, _seconds in answers if outcome == "won") != 1
            wrong += sum(1 for outcome, _seconds in answers if outcome not in ("won", "taken"))
            waits += [seconds for outcome, seconds in answers if outcome == "taken"]
    slowest = sorted(waits)[max(0, int(len(waits) * 0.999) - 1)] if waits else 0.0
    bar = LONGEST_LOSER_SECONDS[name]
    won = Figure(
        "races without exactly one winner",
        name,
        size,
        wrong,
        f"of {rounds} rounds of {THREADS}",
        None,
        "none",
        wrong == 0,
    )
    told = Figure(
        "time until a loser is told, p99.9",
        name,
        size,
        round(slowest, 3),
        "s",
        None,
        f"below {bar:.0f} s",
        slowest < bar,
    )
    return [won, told]


def _rival_of(made: World, resource: int, slot: object, gate: threading.Barrier) -> tuple[str, float]:
    return contextvars.Context().run(_rival, made, resource, slot, gate)


def _rival(made: World, resource: int, slot: object, gate: threading.Barrier) -> tuple[str, float]:
    gate.wait()
    began = time.perf_counter()
    try:
        made.book(resource, slot)  # type: ignore[arg-type]
        outcome = "won"
    except Taken:
        outcome = "taken"
    except Exception as error:
        outcome = type(error).__name__
    finally:
        db.end()
    return outcome, time.perf_counter() - began
