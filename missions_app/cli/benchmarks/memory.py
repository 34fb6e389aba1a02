"""How much memory one process of the web server takes, and whether it grows: the real server, over HTTP, asked for the
pages and figures that people ask for most, with a booking now and then."""

import json
import socket
import subprocess
import time
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import timedelta
from http import HTTPStatus
from http.client import HTTPConnection
from itertools import count, islice
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from config.settings import Settings, environment
from missions_app import clock, db
from missions_app.cli.benchmarks.figures import Figure
from missions_app.cli.benchmarks.http import booking_body, names, token
from missions_app.cli.benchmarks.mission_page import REFERENCE
from missions_app.cli.benchmarks.world import World, first_start
from missions_app.cli.serve import answers, server_command

FIRST = 1_000
MOST_MIB, MOST_GROWTH_MIB = 150, 5
PATIENCE_SECONDS = 60
THREADS = 4
KIB_IN_MIB = 1024
PROCESSES = Path("/proc")


@dataclass(frozen=True, slots=True)
class Ask:
    """One request; with a body it is a booking."""

    path: str
    body: dict[str, Any] | None = None


def measure(settings: Settings, engine: sa.Engine, made: World, requests: int) -> list[Figure]:
    """Memory after so many requests, and since the first thousand. Nothing where the system does not tell."""
    if not PROCESSES.is_dir():
        return []
    url, name = engine.url.render_as_string(hide_password=False), engine.dialect.name
    asks, first = _asks(made), min(FIRST, requests)
    own = token(made)
    db.end()
    with _server(settings, url) as (server, port), closing(HTTPConnection("127.0.0.1", port)) as line:
        _ask(line, own, islice(asks, first))
        before = _memory(server)
        _ask(line, own, islice(asks, requests - first))
        after = _memory(server)
    growth = round(after - before, 1)
    return [
        Figure(f"memory of one web process after {requests} requests", name, requests, round(after, 1), "MiB", None,
               f"at most {MOST_MIB} MiB", after <= MOST_MIB),
        Figure(f"growth of it after the first {first}", name, requests, growth, "MiB", None,
               f"at most {MOST_GROWTH_MIB} MiB", growth <= MOST_GROWTH_MIB),
    ]  # fmt: skip


def _asks(made: World) -> Iterator[Ask]:
    """Without end: pages and figures over all resources, every tenth a booking, every fiftieth a search for time and
    the page of a site with a thousand of them."""
    site, organisation, slugs = names(made)
    today, first = clock.today(), first_start() + timedelta(days=30)
    for number in count():
        slug, day = slugs[number % len(slugs)], (today + timedelta(days=number % 60)).isoformat()
        start = first + timedelta(hours=3 * (number // len(slugs)))
        yield from (
            Ask("/"), Ask("/missions"), Ask(f"/missions/{REFERENCE}"),
            Ask(f"/calendar?view=week&date={day}"), Ask("/sites"), Ask("/calls"), Ask("/find-time"),
            Ask(f"/api/v1/sites/{site}/resources/{slug}/taken"), Ask("/api/v1/bookings"),
            Ask("/api/v1/bookings", booking_body(site, slug, organisation, start)),
        )  # fmt: skip
        if number % 5 == 0:
            yield from (Ask(f"/find-time?need1=resurs&hours=6&since={day}"), Ask(f"/sites/{site}"))


def _ask(line: HTTPConnection, own: str, asks: Iterable[Ask]) -> None:
    for one in asks:
        headers = {"Authorization": f"Bearer {own}"} if one.path.startswith("/api/") else {}
        if one.body is None:
            line.request("GET", one.path, headers=headers)
        else:
            line.request("POST", one.path, json.dumps(one.body), {**headers, "Content-Type": "application/json"})
        answer = line.getresponse()
        said = answer.read()
        if answer.status not in (HTTPStatus.OK, HTTPStatus.CREATED):
            raise RuntimeError(f"{one.path} was answered with {answer.status}: {said[:300]!r}")


@contextmanager
def _server(settings: Settings, url: str) -> Iterator[tuple[int, int]]:
    """The web server with one process on a database: its process number and its port."""
    with closing(socket.create_server(("127.0.0.1", 0))) as probe:
        port = probe.getsockname()[1]
    own = environment(DATABASE_URL=url, MISSIONS_RATE_LIMITS="off", MISSIONS_INSTANCE=str(settings.instance))
    server = subprocess.Popen(server_command(port, "127.0.0.1", 1, THREADS), env=own)
    try:
        until = time.monotonic() + PATIENCE_SECONDS
        while not answers(port):
            if server.poll() is not None or time.monotonic() > until:
                raise RuntimeError("the web server did not start")
            time.sleep(0.1)
        yield server.pid, port
    finally:
        server.terminate()
        server.wait(PATIENCE_SECONDS)


def _memory(server: int) -> float:
    """MiB of the server's one child: its own, and its share of what it has in common with others."""
    [child] = (PROCESSES / str(server) / "task" / str(server) / "children").read_text().split()
    told = dict(line.split(":", 1) for line in (PROCESSES / child / "smaps_rollup").read_text().splitlines()[1:])
    return int(told["Pss"].split()[0]) / KIB_IN_MIB
