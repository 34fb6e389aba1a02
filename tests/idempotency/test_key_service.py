"""Working once per key."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from missions_app import clock
from missions_app.errors import InvalidInput
from missions_app.idempotency import key_service
from missions_app.idempotency.key_service import Answer, KeyReused, StillWorking
from missions_app.idempotency.models import IdempotencyKey

ANSWER = Answer(201, "{}", {"Location": "/x"})


def test_the_answer_is_repeated_to_the_same_user_only(session: Session) -> None:
    assert key_service.begin(1, "k", "f") is None
    key_service.finish(1, "k", ANSWER)

    assert key_service.begin(1, "k", "f") == ANSWER
    assert key_service.begin(2, "k", "f") is None


def test_other_content_is_refused_and_unanswered_work_is_not_done_twice(session: Session) -> None:
    key_service.begin(1, "k", "f")

    with pytest.raises(KeyReused):
        key_service.begin(1, "k", "other")
    with pytest.raises(StillWorking):
        key_service.begin(1, "k", "f")


def test_what_was_abandoned_may_be_tried_again_and_an_answer_is_never_abandoned(session: Session) -> None:
    key_service.begin(1, "k", "f")
    key_service.abandon(1, "k")
    assert key_service.begin(1, "k", "f") is None

    key_service.finish(1, "k", ANSWER)
    key_service.abandon(1, "k")
    assert key_service.begin(1, "k", "f") == ANSWER


@pytest.mark.parametrize("key", ["", "x" * 101])
def test_a_key_is_neither_empty_nor_endless(session: Session, key: str) -> None:
    with pytest.raises(InvalidInput):
        key_service.begin(1, key, "f")


def test_keys_are_forgotten_after_a_day(session: Session) -> None:
    with clock.fixed(clock.now() - timedelta(days=1, seconds=1)):
        key_service.begin(1, "old", "f")
    key_service.begin(1, "new", "f")

    key_service.forget_old({})

    assert session.scalars(select(IdempotencyKey.key)).all() == ["new"]
    assert session.scalar(select(func.count()).select_from(IdempotencyKey)) == 1
