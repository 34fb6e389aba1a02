"""Two different moves of one case at once: one wins, the other is told. On a database of its own, with real threads."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import pytest
import sqlalchemy as sa

from missions_app import db, schema
from missions_app.accounts.actor import REGION, Actor
from missions_app.errors import Conflict, DomainError
from missions_app.workflow import journey_queries, journey_service
from missions_app.workflow.subjects import Subject, subject_of
from tests.databases import empty_database
from tests.factories.accounts import make_user
from tests.factories.challenges import make_submitted
from tests.factories.experiments import make_planned

ROUNDS = 4


@pytest.fixture
def own_database(app: object, engine: sa.Engine, tmp_path: Path) -> Iterator[None]:
    """Committed data that threads see; afterwards the test process has its own database back."""
    with empty_database("moves") as url:
        own = db.create_engine(url or f"sqlite:///{tmp_path / 'moves.sqlite'}")
        schema.create_all(own)
        db.end()
        db.bind(own)
        yield
        db.end()
        db.bind(engine, join_transaction_mode="conditional_savepoint")
        own.dispose()


def move(journey_id: int, version: int, name: str, start: Barrier, by: Actor) -> type[DomainError] | None:
    """One rival: how the move was refused, None when it was made."""
    subject = subject_of(journey_queries.get_journey(journey_id))
    start.wait(timeout=20)
    try:
        journey_service.move(subject, name, by=by, expected_version=version, reason="Båda tryckte samtidigt.")
    except DomainError as error:
        return type(error)
    finally:
        db.end()
    return None


def case_of(kind: str) -> Subject:
    """A case of the kind."""
    if kind == "challenge":
        return make_submitted()
    planned = make_planned()
    return planned.mission if kind == "mission" else planned.experiment


@pytest.mark.parametrize(
    ("kind", "state", "moves"),
    [
        ("challenge", "submitted", ("accept", "decline")), ("mission", "testing", ("open_evaluation", "withdraw")),
        ("experiment", "test", ("cancel", "replan")),
    ],
)  # fmt: skip
def test_of_two_moves_at_once_one_wins_and_the_other_is_told(
    own_database: None, kind: str, state: str, moves: tuple[str, str]
) -> None:
    roles = ("secretariat_officer", "coordinator")
    officer = Actor(make_user().id, "a", "A", grants=frozenset((role, REGION) for role in roles))
    journey_id = case_of(kind).journey.id
    for _round in range(ROUNDS):
        with db.transaction():
            journey = journey_queries.get_journey(journey_id)
            journey.state = state
        version, entries = journey.version, len(journey_queries.entries_of(journey))
        db.end()
        start = Barrier(2)

        with ThreadPoolExecutor(2) as threads:
            rivals = [threads.submit(move, journey_id, version, name, start, officer) for name in moves]
            results = [rival.result() for rival in rivals]

        assert results.count(None) == 1, results
        [refusal] = [one for one in results if one is not None]
        assert issubclass(refusal, Conflict)
        journey = journey_queries.get_journey(journey_id)
        assert len(journey_queries.entries_of(journey)) == entries + 1
        db.end()
