"""Writing and withdrawing comments."""

from collections.abc import Iterable
from typing import Any

from missions_app import clock, db
from missions_app.accounts.actor import Actor
from missions_app.accounts.policy import permit
from missions_app.audit import trail
from missions_app.comments import policy
from missions_app.comments.errors import CircleNotYours, EmptyComment
from missions_app.comments.events import CommentWritten
from missions_app.comments.models import Comment, Visibility
from missions_app.events import announce


def write_comment(
    subject: Any, *, visibility: Visibility, text: str, allowed: Iterable[Visibility], by: Actor
) -> Comment:
    """Add a comment to a case.

    Args:
        subject: the case, a mapped object.
        allowed: the circles the case's own package gives the actor.

    Raises:
        EmptyComment, CircleNotYours.
    """
    if not text.strip():
        raise EmptyComment(field="text")
    if not policy.can_write(by, visibility, allowed) or by.user_id is None:
        raise CircleNotYours(field="visibility")
    with db.transaction() as session:
        comment = Comment(
            subject_kind=subject.__tablename__, subject_id=subject.id, author_id=by.user_id, visibility=visibility,
            text=text.strip(), written_at=clock.now(),
        )  # fmt: skip
        session.add(comment)
        session.flush()
        trail.record("comment.written", comment, by=by, visibility=visibility.value)
        announce(CommentWritten(subject, comment, by))
        return comment


def withdraw_comment(comment: Comment, *, by: Actor) -> None:
    """Take the text away; the place in the thread stays. Doing it twice is the same as once."""
    permit(policy.can_withdraw, by, comment)
    with db.transaction():
        if comment.withdrawn_at is None:
            comment.withdrawn_at = clock.now()
            trail.record("comment.withdrawn", comment, by=by)
