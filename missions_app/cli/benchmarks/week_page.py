"""The week of fifty resources out of a thousand as a whole page: how many statements, how long."""

from datetime import timedelta

import sqlalchemy as sa

from missions_app import clock
from missions_app.bookings.schedule import PAGE
from missions_app.cli.benchmarks.bookings import counted, p95
from missions_app.cli.benchmarks.figures import Figure
from missions_app.cli.benchmarks.http import Caller
from missions_app.cli.benchmarks.world import World

ASKED = 40
MOST_STATEMENTS = 10
LONGEST_SECONDS = 0.2


def measure(caller: Caller, engine: sa.Engine, made: World, size: int) -> list[Figure]:
    """The page a visitor gets, for a week to come in which each resource is booked every fourth day."""
    day = (clock.today() + timedelta(days=21)).isoformat()

    def ask() -> None:
        status, page = caller("GET", f"/calendar?view=week&date={day}")
        if status != 200 or page.count(b"Resurs ") < PAGE:
            raise RuntimeError(f"the page was answered with {status} and lacks resources")

    ask()
    slowest, processor = p95(ask, ASKED)
    with counted(engine) as sent:
        ask()
    what, name = f"week page of {PAGE} resources of {len(made.resource_ids)}", engine.dialect.name
    return [
        Figure(f"SQL statements of the {what}", name, size, len(sent), "statements", None,
               f"at most {MOST_STATEMENTS}, whatever there is", len(sent) <= MOST_STATEMENTS),
        Figure(f"{what}, p95", name, size, round(slowest, 4), "s", None, f"at most {LONGEST_SECONDS} s",
               slowest <= LONGEST_SECONDS),
        Figure(f"processor time of the {what}, p95", name, size, round(processor, 4), "s", None, "any", True),
    ]  # fmt: skip
