"""Reading comments."""

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from missions_app import db
from missions_app.comments.models import Comment, Visibility
from missions_app.errors import NotFound


def comments_on(subject: Any, circles: Iterable[Visibility]) -> Sequence[Comment]:
    """The comments on a case that these circles may read, oldest first."""
    return db.session.scalars(
        select(Comment)
        .where(
            Comment.subject_kind == subject.__tablename__,
            Comment.subject_id == subject.id,
            Comment.visibility.in_(list(circles)),
        )
        .options(joinedload(Comment.author))
        .order_by(Comment.id)
    ).all()


def get_comment(subject: Any, comment_id: int) -> Comment:
    """A comment on this very case, or NotFound."""
    comment = db.session.get(Comment, comment_id)
    if comment is None or (comment.subject_kind, comment.subject_id) != (subject.__tablename__, subject.id):
        raise NotFound()
    return comment
