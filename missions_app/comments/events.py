"""What is announced about comments."""

from dataclasses import dataclass
from typing import Any

from missions_app.accounts.actor import Actor
from missions_app.comments.models import Comment


@dataclass(frozen=True, slots=True)
class CommentWritten:
    """Somebody commented on a case."""

    subject: Any
    comment: Comment
    by: Actor
