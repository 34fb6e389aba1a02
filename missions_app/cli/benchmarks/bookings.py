"""What booking is compared with: the bare database doing the same, and the same with a shorter history."""

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta

import sqlalchemy as sa

from missions_app import clock
from missions_app.audit.models import AuditEvent
from missions_app.bookings.models import Booking, Line, Reservation
from missions_app.cli.benchmarks.figures import Figure
from missions_app.cli.benchmarks.world import World, first_start
from missions_app.outbox.models import Job

CREATED = 100
CREATED_NAME = "booking created over HTTP"
# Processor time: what others do on the machine meanwhile does not count.
FOUND_NAME = "processor time of finding time"


def bare_rate(engine: sa.Engine, made: World) -> float:
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


def p95(act: Callable[[], None], times: int) -> tuple[float, float]:
    """Seconds that an act takes, and seconds of this process's processor: of so many, all but the slowest twentieth."""
    walls, processors = [], []
    for _number in range(times):
        began, cpu = time.perf_counter(), time.process_time()
        act()
        walls.append(time.perf_counter() - began)
        processors.append(time.process_time() - cpu)
    place = int(times * 0.95) - 1
    return sorted(walls)[place], sorted(processors)[place]


@contextmanager
def counted(engine: sa.Engine) -> Iterator[list[str]]:
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


def growth(figures: Sequence[Figure]) -> list[Figure]:
    """How much slower the same becomes with the longest history than with the shortest."""
    found = []
    for name, is_rate, most in ((CREATED_NAME, True, 1.3), (FOUND_NAME, False, 1.3)):
        same = sorted((one for one in figures if one.figure.startswith(name)), key=lambda one: one.size)
        if len(same) < 2:
            continue
        # Rates are compared as parts of the bare database's, since the machine is not equally busy all the time.
        first, last = ((one.ratio or one.value) if is_rate else one.value for one in (same[0], same[-1]))
        slower = first / last if is_rate else last / first
        found.append(
            Figure(f"{name}: slower than with {same[0].size} reservations", same[0].engine, same[-1].size,
                   round(slower, 2), "times", None, f"at most {most} times", slower <= most)
        )  # fmt: skip
    return found
