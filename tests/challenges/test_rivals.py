"""Many write one challenge at the same moment, on a database of their own: nothing is lost and nothing overwritten."""

import contextvars
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy import select

from missions_app import db, schema
from missions_app.accounts.actor import Actor
from missions_app.challenges import challenge_service, queries
from missions_app.challenges.errors import NotEditable, StaleChallenge
from missions_app.challenges.models import Challenge, Revision, RevisionKind, Submission
from missions_app.documents.models import Document
from missions_app.errors import DomainError
from missions_app.workflow.errors import WrongState
from tests.databases import empty_database
from tests.factories.challenges import make_representative, make_whole

WRITERS = 20
ROUNDS = 6


@pytest.fixture(scope="module")
def rivals_engine(app: Flask, engine: sa.Engine, tmp_path_factory: pytest.TempPathFactory) -> Iterator[sa.Engine]:
    """A database in which transactions are real."""
    with empty_database("rivals") as url:
        own = db.create_engine(
            url or f"sqlite:///{tmp_path_factory.mktemp('rivals') / 'rivals.sqlite'}", pool_size=WRITERS + 2,
        )  # fmt: skip
        schema.create_all(own)
        yield own
        own.dispose()


@pytest.fixture
def challenge(rivals_engine: sa.Engine, engine: sa.Engine) -> Iterator[tuple[str, Actor]]:
    """A challenge ready to be submitted, committed: its reference and who writes it."""
    db.end()
    db.bind(rivals_engine, join_transaction_mode="conditional_savepoint")
    made = make_whole(problem="Början")
    yield made.reference, make_representative(made)
    db.end()
    db.bind(engine, join_transaction_mode="conditional_savepoint")


def at_once(acts: list[Callable[[], Any]]) -> list[Any]:
    """Do all acts at the same moment, each with a session of its own; errors of the domain are answers."""
    gate = Barrier(len(acts))

    def run(act: Callable[[], Any]) -> Any:
        def alone() -> Any:
            gate.wait(30)
            try:
                return act()
            except DomainError as error:
                return error
            finally:
                db.end()

        return contextvars.Context().run(alone)

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))


def revisions(reference: str) -> list[Revision]:
    db.end()
    found = queries.revisions_of(queries.get_challenge(reference))
    return list(reversed(db.session.scalars(found).all()))


def test_twenty_writers_lose_no_revision_and_previous_is_always_right(challenge: tuple[str, Actor]) -> None:
    reference, by = challenge
    before = len(revisions(reference))

    def add_line(writer: int) -> int:
        """Add an own line to what stands; look again and try again when somebody was faster."""
        for attempt in range(200):
            seen = queries.get_challenge(reference)
            version, text = seen.version, f"{seen.problem}\nRad {writer}"
            try:
                challenge_service.save_challenge(seen, {"problem": text}, by=by, expected_version=version)
            except StaleChallenge:
                db.end()
                continue
            return attempt
        raise AssertionError("never got through")

    at_once([lambda writer=writer: add_line(writer) for writer in range(WRITERS)])  # type: ignore[misc]

    found = revisions(reference)
    assert [one.number for one in found] == list(range(1, before + WRITERS + 1))
    texts = [one.content["problem"] for one in found[before - 1 :]]
    for previous, after in zip(texts, texts[1:], strict=False):
        assert after.rpartition("\n")[0] == previous
    assert sorted(texts[-1].splitlines()[1:]) == sorted(f"Rad {writer}" for writer in range(WRITERS))
    assert queries.get_challenge(reference).problem == texts[-1]


def test_of_twenty_who_saw_the_same_version_one_saves_and_the_others_keep_their_text(
    challenge: tuple[str, Actor],
) -> None:
    reference, by = challenge
    opened, before = queries.get_challenge(reference).version, len(revisions(reference))

    def save(writer: int) -> Any:
        seen = queries.get_challenge(reference)
        return challenge_service.save_challenge(seen, {"affected": f"Text {writer}"}, by=by, expected_version=opened)

    answers = at_once([lambda writer=writer: save(writer) for writer in range(WRITERS)])  # type: ignore[misc]

    assert Counter(type(one).__name__ for one in answers) == {"Revision": 1, "StaleChallenge": WRITERS - 1}
    assert len(revisions(reference)) == before + 1


@pytest.mark.parametrize("turn", range(ROUNDS))
def test_autosave_racing_submit_never_changes_what_was_submitted(challenge: tuple[str, Actor], turn: int) -> None:
    reference, by = challenge
    opened = queries.get_challenge(reference).version
    db.end()

    def autosave() -> Any:
        return challenge_service.save_challenge(
            queries.get_challenge(reference), {"affected": "Skrivet i sista stund"}, by=by, expected_version=opened,
            kind=RevisionKind.AUTOSAVED,
        )  # fmt: skip

    def submit() -> Any:
        return challenge_service.submit_challenge(queries.get_challenge(reference), by=by, expected_version=opened)

    acts = [autosave, submit] if turn % 2 else [submit, autosave]
    answers = dict(zip(["autosave" if act is autosave else "submit" for act in acts], at_once(acts), strict=True))

    found = queries.get_challenge(reference)
    if found.journey.state == "submitted":
        assert isinstance(answers["autosave"], NotEditable)
        submission = queries.submissions_of(found)[0]
        assert submission.revision_number == revisions(reference)[-1].number
        assert "Skrivet i sista stund" not in str(submission.document.body)
    else:
        assert isinstance(answers["submit"], StaleChallenge)
        assert found.affected == "Skrivet i sista stund"


def test_submitting_many_times_at_once_is_one_submission(challenge: tuple[str, Actor]) -> None:
    reference, by = challenge

    def submit() -> Any:
        return challenge_service.submit_challenge(queries.get_challenge(reference), by=by)

    answers = at_once([submit] * 8)

    assert Counter(type(one) for one in answers) == {type(None): 1, WrongState: 7}
    db.end()
    found = queries.get_challenge(reference)
    made = select(Submission).join(Challenge).where(Challenge.reference == reference)
    assert len(db.session.scalars(made).all()) == 1
    entered = select(Document).where(Document.journey_id == found.journey_id, Document.kind == "challenge")
    assert len(db.session.scalars(entered).all()) == 1
