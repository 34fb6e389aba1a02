"""Booking over HTTP, the whole application answering: its rate and processor time against the bare database and a bare
WSGI endpoint in the same run, and how many statements it sends."""

import contextvars
import gc
import io
import json
import os
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from importlib import import_module
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from config.settings import Settings
from missions_app import db
from missions_app.accounts import token_service
from missions_app.accounts.queries import get_user, load_actor
from missions_app.bookings.models import Reservation
from missions_app.cli.benchmarks.bookings import CREATED as ROWS
from missions_app.cli.benchmarks.bookings import bare_rate, counted
from missions_app.cli.benchmarks.figures import Figure
from missions_app.cli.benchmarks.world import World, first_start
from missions_app.sites.models import Resource

CREATED = 60
LEAST_RATIO = {"postgresql": 1 / 6, "sqlite": 1 / 12}
MOST_CPU = 5.0
MOST_STATEMENTS = {"booking": 16, "week": 4}
Wsgi = Callable[[dict[str, Any], Any], Iterable[bytes]]


@dataclass(frozen=True, slots=True)
class Caller:
    """Calls a WSGI application without a network and without a test client, as a server does."""

    app: Wsgi
    token: str = ""

    def __call__(self, method: str, path: str, body: Any = None) -> tuple[int, bytes]:
        """Status and body of one answer, in a context of its own."""
        return contextvars.Context().run(self._call, method, path, body)

    def _call(self, method: str, path: str, body: Any) -> tuple[int, bytes]:
        sent = json.dumps(body).encode() if body is not None else b""
        path, _mark, query = path.partition("?")
        environ = {
            "REQUEST_METHOD": method, "PATH_INFO": path, "QUERY_STRING": query, "SCRIPT_NAME": "",
            "SERVER_NAME": "localhost", "SERVER_PORT": "8000", "SERVER_PROTOCOL": "HTTP/1.1",
            "wsgi.url_scheme": "http", "wsgi.input": io.BytesIO(sent), "wsgi.errors": io.StringIO(),
            "wsgi.version": (1, 0), "wsgi.multithread": True, "wsgi.multiprocess": True, "wsgi.run_once": False,
            "CONTENT_TYPE": "application/json", "CONTENT_LENGTH": str(len(sent)), "HTTP_HOST": "localhost:8000",
            "REMOTE_ADDR": "127.0.0.1", **({"HTTP_AUTHORIZATION": f"Bearer {self.token}"} if self.token else {}),
        }  # fmt: skip
        said: list[str] = []
        answer = self.app(environ, lambda status, _headers, _error=None: said.append(status))
        whole = b"".join(answer)
        if hasattr(answer, "close"):
            answer.close()
        return int(said[0].split()[0]), whole


def application(settings: Settings, engine: sa.Engine) -> Wsgi:
    """The whole application on a database, ready as a server has it."""
    own = replace(settings, database_url=engine.url.render_as_string(hide_password=False), rate_limits=False)
    # The commands stand below the application and never import it: they start it, as a server does.
    app = import_module("missions_app.app").create_app(replace(own, mode="test"))
    gc.collect()
    gc.freeze()  # as wsgi.py does
    found: Wsgi = app.wsgi_app
    return found


def measure(app: Wsgi, engine: sa.Engine, made: World, size: int) -> list[Figure]:
    """Every figure about booking over HTTP with `size` reservations of history."""
    caller = Caller(app, token(made))
    name = engine.dialect.name
    site, organisation, slugs = names(made)

    def ask(number: int, first: datetime) -> None:
        start = first + timedelta(hours=3 * (number // len(slugs)))
        body = booking_body(site, slugs[number % len(slugs)], organisation, start)
        status, answer = caller("POST", "/api/v1/bookings", body)
        if status != 201:
            raise RuntimeError(f"the booking was answered with {status}: {answer[:500]!r}")

    ask(0, first_start() + timedelta(days=20))
    rate, spent = _rate(engine, lambda number: ask(number + 1, first_start() + timedelta(days=20)))
    cpu = _cpu(engine)
    bare = bare_rate(engine, made)
    five_rows = (_cpu(engine) - cpu) / ROWS
    _rate_of_bare, bare_spent = _rate(engine, _bare_endpoint(engine, made))
    _rate_of_reads, reads = _rate(engine, _same_reads(engine, lambda: ask(0, first_start() + timedelta(days=300))))
    with counted(engine) as sent:
        ask(1, first_start() + timedelta(days=300))
    with counted(engine) as read:
        Caller(app)("GET", f"/api/v1/sites/{site}/resources/{slugs[1]}/taken")
    bar, most = LEAST_RATIO[name], MOST_STATEMENTS
    return [
        Figure("booking created over HTTP", name, size, round(rate, 1), "bookings/s", round(rate / bare, 3),
               f"at least {bar:.3f} of the bare database", rate / bare >= bar),
        Figure("processor time of it, web and database", name, size, round(1000 * spent, 2), "ms",
               round(spent / bare_spent, 2), f"at most {MOST_CPU:.0f} times a bare endpoint",
               spent / bare_spent <= MOST_CPU),
        Figure("processor time of what it reads and writes, by plain statements and nothing else", name, size,
               round(1000 * (reads + five_rows), 2), "ms", round((reads + five_rows) / bare_spent, 2), "any", True),
        Figure("SQL statements of a booking over HTTP", name, size, len(sent), "statements", None,
               f"at most {most['booking']}", len(sent) <= most["booking"]),
        Figure("SQL statements of a week of one resource", name, size, len(read), "statements", None,
               f"at most {most['week']}", len(read) <= most["week"]),
    ]  # fmt: skip


def token(made: World) -> str:
    """A token of the measurer's for the API."""
    by = load_actor(get_user(made.user_id))
    return token_service.make_token(name="bench", scopes=("read", "write"), days=1, by=by)[1]


def booking_body(site: str, resource: str, organisation: str, start: datetime) -> dict[str, Any]:
    """What is sent to ask for two hours."""
    return {
        "site": site, "resource": resource, "organisation": organisation, "starts_at": start.isoformat(),
        "ends_at": (start + timedelta(hours=2)).isoformat(), "purpose": "A measurement",
        "reason": "A small test before the mission begins", "on_site_responsible": "The measurer",
        "emergency_contact": "112", "people_on_site": 2,
    }  # fmt: skip


def names(made: World) -> tuple[str, str, list[str]]:
    """What the site, the organisation and the resources are called in addresses."""
    with db.transaction() as session:
        resources = {
            one.id: one for one in session.scalars(sa.select(Resource).where(Resource.id.in_(made.resource_ids)))
        }
        slugs = [resources[key].slug for key in made.resource_ids]
        organisation = session.execute(
            sa.text("SELECT slug FROM organisation WHERE id = :id"), {"id": made.organisation_id}
        ).scalar_one()
        return resources[made.resource_ids[0]].site.slug, organisation, slugs


def _bare_endpoint(engine: sa.Engine, made: World) -> Callable[[int], None]:
    """An endpoint that parses its body, writes one guarded row and answers: the least a booking can cost."""
    first = first_start() + timedelta(days=700)

    def app(environ: dict[str, Any], start_response: Any) -> list[bytes]:
        body = json.loads(environ["wsgi.input"].read())
        with engine.begin() as connection:
            connection.execute(
                sa.insert(Reservation).values(
                    unit_id=body["unit"], kind="block", active=True, starts_at=datetime.fromisoformat(body["start"]),
                    ends_at=datetime.fromisoformat(body["end"]), reason="",
                )
            )  # fmt: skip
        start_response("201 Created", [("Content-Type", "application/json")])
        return [b"{}"]

    caller = Caller(app)

    def act(number: int) -> None:
        start = first + timedelta(hours=3 * (number // len(made.unit_ids)))
        unit = made.unit_ids[number % len(made.unit_ids)]
        caller("POST", "/", {"unit": unit, "start": start.isoformat(), "end": (start + timedelta(hours=2)).isoformat()})

    return act


def _same_reads(engine: sa.Engine, ask: Callable[[], None]) -> Callable[[int], None]:
    """The reads of one booking again, as the driver got them: neither objects nor rules nor an answer come of them."""
    sent: list[tuple[str, Any]] = []

    def note(_connection: object, _cursor: object, statement: str, values: Any, *_more: object) -> None:
        if statement.startswith(("SELECT", "WITH")):
            sent.append((statement, values))

    sa.event.listen(engine, "before_cursor_execute", note)
    try:
        ask()
    finally:
        sa.event.remove(engine, "before_cursor_execute", note)

    def act(_number: int) -> None:
        with engine.begin() as connection:
            for statement, values in sent:
                connection.exec_driver_sql(statement, values).all()

    return act


def _rate(engine: sa.Engine, act: Callable[[int], None]) -> tuple[float, float]:
    """(acts a second, seconds of processor for one, this process and its database server together)."""
    db.end()
    began, cpu = time.perf_counter(), _cpu(engine)
    for number in range(CREATED):
        act(number)
    return CREATED / (time.perf_counter() - began), (_cpu(engine) - cpu) / CREATED


def _cpu(engine: sa.Engine) -> float:
    """Seconds of processor used so far by this process and, where it can be seen, by this database's server."""
    return time.process_time() + (_backends(engine) if engine.dialect.name == "postgresql" else 0.0)


def _backends(engine: sa.Engine) -> float:
    with engine.connect() as connection:
        query = sa.text("SELECT pid FROM pg_stat_activity WHERE datname = current_database()")
        pids = connection.execute(query).scalars().all()
    ticks, total = os.sysconf("SC_CLK_TCK"), 0.0
    for pid in pids:
        stat = Path(f"/proc/{pid}/stat")
        if stat.exists() and "postgres" in (text := stat.read_text()):
            fields = text.rsplit(")", 1)[1].split()
            total += (int(fields[11]) + int(fields[12])) / ticks
    return total
