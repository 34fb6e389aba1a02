"""Comments: each for its circle, withdrawn with a trace."""

import pytest
from sqlalchemy.orm import Session

from missions_app.challenges import policy
from missions_app.comments import comment_service, queries
from missions_app.comments.errors import CircleNotYours, EmptyComment
from missions_app.comments.models import Visibility
from missions_app.errors import NotAllowed, NotFound
from tests.factories.accounts import make_actor, make_secretariat
from tests.factories.challenges import make_draft, make_representative, make_submitted

ALL = list(Visibility)


def test_a_comment_is_read_by_its_circle_only(session: Session) -> None:
    challenge = make_submitted()
    author, secretariat, visitor = make_representative(challenge), make_secretariat(), make_actor()
    for circle in ALL:
        comment_service.write_comment(challenge, visibility=circle, text=circle.value, allowed=ALL, by=author)

    def read(actor):  # type: ignore[no-untyped-def]
        circles = policy.can_read_discussion(actor, challenge)
        return [one.text for one in queries.comments_on(challenge, circles)]

    assert read(author) == ["authors", "secretariat", "public"]
    assert read(secretariat) == ["secretariat", "public"]
    assert read(visitor) == ["public"]


def test_write_comment_refuses_an_empty_one_and_a_circle_one_is_not_in(session: Session) -> None:
    challenge, visitor = make_submitted(), make_actor()
    allowed = policy.can_read_discussion(visitor, challenge)

    with pytest.raises(EmptyComment):
        comment_service.write_comment(challenge, visibility=Visibility.PUBLIC, text=" ", allowed=allowed, by=visitor)
    with pytest.raises(CircleNotYours):
        comment_service.write_comment(challenge, visibility=Visibility.AUTHORS, text="x", allowed=allowed, by=visitor)


def test_a_draft_has_no_public_comments(session: Session) -> None:
    assert policy.can_read_discussion(make_actor(), make_draft()) == []


def test_withdraw_comment_is_for_its_writer_and_the_secretariat(session: Session) -> None:
    challenge, writer = make_submitted(), make_actor()
    comment = comment_service.write_comment(
        challenge, visibility=Visibility.PUBLIC, text="Bra.", allowed=ALL, by=writer
    )

    with pytest.raises(NotAllowed):
        comment_service.withdraw_comment(comment, by=make_actor())
    comment_service.withdraw_comment(comment, by=writer)

    assert comment.withdrawn_at is not None
    with pytest.raises(NotFound):
        queries.get_comment(make_draft(), comment.id)
