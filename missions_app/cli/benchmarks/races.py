"""Races: one process for each path by which time is occupied, all after the same slot at the same moment, while another
writer is killed again and again. Afterwards the database is asked what is true."""

import gc
import multiprocessing
import os
import random
import signal
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import timedelta
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from typing import Any

import click
import sqlalchemy as sa

from config.settings import Settings
from missions_app import clock, db, wiring
from missions_app.accounts import account_service, grant_service
from missions_app.accounts.actor import SYSTEM, organisation_scope, site_scope
from missions_app.bookings import outside_service
from missions_app.bookings.errors import Taken
from missions_app.bookings.intervals import Interval
from missions_app.cli.benchmarks.figures import Figure
from missions_app.cli.benchmarks.paths import PATHS, USE, Ground, Path, file_of
from missions_app.cli.benchmarks.world import World, first_start, scratch_database, world
from missions_app.errors import TryAgain
from missions_app.sites import catalogue_service
from missions_app.sites.catalogue_service import ResourceEntry
from missions_app.sites.models import Resource, Site

UNITS = 12
# A writer joins some rounds before it is killed: one that wrote all the time would be most of what is measured.
KILL_EVERY, LIVES_FOR = 25, 6
PATIENCE_SECONDS = 120
TOLD_EVERY = 500
# A writer without pauses would be one that nobody has.
PAUSE_SECONDS = 0.05
# Whoever reads least before it locks would nearly always be first, and some pairs would hardly be tried. So each path
# begins a little sooner or later by chance, and later the oftener it has won.
SPREAD_SECONDS, LATER_BY_WIN, LATEST_SECONDS = 0.05, 0.005, 0.5
LONGEST_LOSER_SECONDS = {"postgresql": 1.0, "sqlite": 2.0}
BETWEEN_SLOTS = timedelta(hours=3)
VICTIM_DAYS = timedelta(days=120)

# Rivals inherit everything that is imported already; where processes cannot be copied they start afresh.
_processes: Any = multiprocessing.get_context(
    "fork" if "fork" in multiprocessing.get_all_start_methods() else "spawn"
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Told:
    """What one rival was told in one round: won, taken, or the name of an error; and how long it took."""

    number: int
    path: str
    outcome: str
    seconds: float


def measure(settings: Settings, rounds: int, seed: int = 1) -> list[Figure]:
    """Race `rounds` times over every path on a database of its own, and look at what is left."""
    with scratch_database(settings.database_url) as url:
        with world(settings, url) as (engine, made):
            grounds = _grounds(made, rounds)
            dialect = engine.dialect.name
        told, acknowledged = _race(settings, url, grounds, seed)
        with _connected(settings, url) as engine:
            return _figures(engine, dialect, rounds, told, _truth(engine, acknowledged))


def _grounds(made: World, rounds: int) -> list[Ground]:
    """A site whose file is short, with units shared by two resources, and for every round a slot of its own."""
    with db.transaction() as session:
        site = _site(session.get_one(Resource, made.resource_ids[0]).site)
        manager = account_service.create_user(email="manager@example.org", name="Manager", by=SYSTEM)
        grant_service.grant(manager, "site_manager", site_scope(site.id), by=SYSTEM)
        grant_service.grant(manager, "member", organisation_scope(made.organisation_id), by=SYSTEM)
        sets = []
        for number in range(UNITS):
            units = (f"Enhet {number}",)
            entries = (
                ResourceEntry(name_sv=f"Håller {number}", units=units, horizon_days=1000),
                ResourceEntry(name_sv=f"Frågar {number}", units=units, horizon_days=1000, requests_hold=False),
            )
            holding, asking = (catalogue_service.add_resource(site, entry, by=SYSTEM) for entry in entries)
            address = f"https://calendar.example.org/{number}.ics"
            calendar = outside_service.follow(holding, name="Owner", url=address, by=SYSTEM)
            session.flush()
            sets.append((holding.id, asking.id, made.resource_ids[number], calendar.id, file_of(holding)))
        manager.state = type(manager.state).ACTIVE
        return [
            Ground(
                *sets[number % UNITS], first_start() + BETWEEN_SLOTS * (number // UNITS), made.user_id, manager.id,
                made.organisation_id,
            )
            for number in range(rounds)
        ]  # fmt: skip


def _site(like: Site) -> Site:
    entry = replace(catalogue_service.entry_of(like), name_sv="Kappseglingen")
    made = catalogue_service.add_site(entry, owner=like.owner, by=SYSTEM)
    db.session.flush()
    return made


@contextmanager
def _connected(settings: Settings, url: str) -> Iterator[sa.Engine]:
    """This process on the race's database, with the packages joined."""
    clock.set_zone(settings.timezone)
    engine = db.connect(url)
    wiring.connect(settings)
    try:
        yield engine
    finally:
        db.end()
        engine.dispose()


def _race(settings: Settings, url: str, grounds: Sequence[Ground], seed: int) -> tuple[list[Told], set[str]]:
    """Run every round; what each rival was told, and the references that the killed writers had been promised."""
    gc.collect()
    gc.freeze()  # as wsgi.py does
    gate, pipes, rivals = _processes.Barrier(len(PATHS) + 1), [], []
    wins = _processes.Array("i", len(PATHS), lock=False)
    for number in range(len(PATHS)):
        ours, theirs = _processes.Pipe(duplex=False)
        rival = _processes.Process(
            target=_rival, args=(settings, url, grounds, number, seed, gate, wins, theirs), daemon=True
        )
        rival.start()
        theirs.close()
        pipes.append(ours)
        rivals.append(rival)
    acknowledged: set[str] = set()
    victim: tuple[BaseProcess, Connection] | None = None
    for number in range(len(grounds)):
        gate.wait(PATIENCE_SECONDS)
        if number and number % TOLD_EVERY == 0:
            click.echo(f"{number} of {len(grounds)} rounds", err=True)  # the figures come when all is over
        if number % KILL_EVERY == KILL_EVERY - LIVES_FOR:
            victim = _victim(settings, url, grounds[number])
        elif number % KILL_EVERY == KILL_EVERY - 1 and victim is not None:
            acknowledged |= _killed(*victim)
            victim = None
    told = [each for pipe in pipes for each in pipe.recv()]
    for rival in rivals:
        rival.join(PATIENCE_SECONDS)
    return told, acknowledged | (_killed(*victim) if victim is not None else set())


def _rival(
    settings: Settings, url: str, grounds: Sequence[Ground], number: int, seed: int, gate: Any, wins: Any,
    answer: Connection,
) -> None:  # fmt: skip
    """One path's process: gets ready, waits for the others, acts, and remembers what it was told."""
    path, told = PATHS[number], []
    random.seed(f"{seed} {number}")
    with _connected(settings, url):
        for place, ground in enumerate(grounds):
            reference = _readied(path, ground)
            db.end()
            gate.wait(PATIENCE_SECONDS)
            time.sleep(_hesitation(wins, number))
            began = time.perf_counter()
            try:
                path.go(ground, reference)
                outcome = "won"
                wins[number] += 1
            except Taken:
                outcome = "taken"
            except Exception as error:
                outcome = type(error).__name__
            told.append(Told(place, path.name, outcome, time.perf_counter() - began))
            db.end()
    answer.send(told)


def _hesitation(wins: Sequence[int], number: int) -> float:
    """Seconds that a path waits in a round after all were let go."""
    chance = random.random() * SPREAD_SECONDS  # noqa: S311 -- chance, no secret
    return chance + min((wins[number] - min(wins)) * LATER_BY_WIN, LATEST_SECONDS)


def _readied(path: Path, ground: Ground) -> str:
    """What a rival brings to the start. On a crowded SQLite the database may be busy for as long as a service waits;
    getting ready is no part of the race, so it is begun again until it is done."""
    while True:
        try:
            return path.ready(ground)
        except TryAgain:
            db.end()


def _victim(settings: Settings, url: str, ground: Ground) -> tuple[BaseProcess, Connection]:
    ours, theirs = _processes.Pipe(duplex=False)
    victim = _processes.Process(target=_write_until_killed, args=(settings, url, ground, theirs), daemon=True)
    victim.start()
    theirs.close()
    return victim, ours


def _write_until_killed(settings: Settings, url: str, ground: Ground, promised: Connection) -> None:
    """Book one time after the other on a unit that others race for, and say each reference when it is promised."""
    with _connected(settings, url):
        start = ground.start + VICTIM_DAYS
        while True:
            start += BETWEEN_SLOTS
            with suppress(Taken):
                promised.send(ground.ask((ground.holding, Interval(start, start + USE))).reference)
            db.end()
            time.sleep(PAUSE_SECONDS)


def _killed(victim: BaseProcess, words: Connection) -> set[str]:
    """Kill a writer without warning; what it had been promised until then."""
    if victim.pid is not None:
        os.kill(victim.pid, signal.SIGKILL)
    victim.join(PATIENCE_SECONDS)
    heard = set()
    with suppress(EOFError, OSError):
        while words.poll():
            heard.add(words.recv())
    words.close()
    return heard


def _truth(engine: sa.Engine, acknowledged: set[str]) -> dict[str, int]:
    """What the database says when all is over."""
    questions = {
        "units occupied twice": "SELECT count(*) FROM reservation a JOIN reservation b ON a.unit_id = b.unit_id AND "
        "a.id < b.id AND a.starts_at < b.ends_at AND b.starts_at < a.ends_at WHERE a.active AND b.active",
        "bookings without lines": "SELECT count(*) FROM booking WHERE id NOT IN (SELECT booking_id FROM booking_line)",
        "requests without time": "SELECT count(*) FROM booking_line l JOIN resource r ON r.id = l.resource_id "
        "WHERE l.state IN ('submitted', 'approved') AND (r.requests_hold OR l.state = 'approved') AND l.id NOT IN "
        "(SELECT line_id FROM reservation WHERE active AND line_id IS NOT NULL)",
        "time without a request": "SELECT count(*) FROM reservation WHERE active AND kind = 'request' AND "
        "line_id IS NULL",
        "offers without time": "SELECT count(*) FROM waitlist_offer WHERE state = 'open' AND id NOT IN "
        "(SELECT offer_id FROM waitlist_hold h JOIN reservation r ON r.id = h.reservation_id WHERE r.active)",
    }
    with engine.connect() as connection:
        found = {name: int(connection.exec_driver_sql(query).scalar_one()) for name, query in questions.items()}
        kept = set(connection.exec_driver_sql("SELECT reference FROM booking").scalars())
        found["promises lost"] = len(acknowledged - kept)
        found["promises kept"] = len(acknowledged & kept)
        if engine.dialect.name == "postgresql":
            query = "SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()"
            found["deadlocks"] = int(connection.exec_driver_sql(query).scalar_one())
    return found


def _figures(
    engine: sa.Engine, dialect: str, rounds: int, told: Sequence[Told], truth: dict[str, int]
) -> list[Figure]:  # fmt: skip
    won = [0] * rounds
    for each in told:
        won[each.number] += each.outcome == "won"
    odd = sorted({each.outcome for each in told} - {"won", "taken"})
    waits = sorted(each.seconds for each in told if each.outcome == "taken")
    slowest = waits[max(0, int(len(waits) * 0.999) - 1)] if waits else 0.0
    bar = LONGEST_LOSER_SECONDS[dialect]
    rivals = f"of {rounds} rounds of {len(PATHS)}"
    wrong = sum(number != 1 for number in won)
    other = sum(each.outcome in odd for each in told)

    def none(figure: str, value: int, unit: str = "") -> Figure:
        return Figure(f"races: {figure}", dialect, rounds, value, unit, None, "none", value == 0)

    figures = [
        none("rounds without exactly one winner", wrong, rivals),
        none(f"answers other than won and taken{' (' + ', '.join(odd) + ')' if odd else ''}", other, "answers"),
        *(none(name, value) for name, value in truth.items() if name != "promises kept"),
        Figure("races: promises of killed writers kept", dialect, rounds, truth["promises kept"], "bookings", None,
               "at least one", truth["promises kept"] > 0),
        Figure("races: time until a loser is told, p99.9", dialect, rounds, round(slowest, 3), "s", None,
               f"below {bar:.0f} s", slowest < bar),
    ]  # fmt: skip
    for path in PATHS:
        wins = sum(each.outcome == "won" for each in told if each.path == path.name)
        figures.append(
            Figure(f"races: won by {path.name}", dialect, rounds, wins, "rounds", None, "any number", True)
        )  # fmt: skip
    return figures
