"""Who reads and writes which comments. Pure; the case's own package says who its authors are."""

from collections.abc import Iterable

from missions_app.accounts.actor import Actor
from missions_app.accounts.policy import is_secretariat
from missions_app.comments.models import Comment, Visibility


def circles(actor: Actor, *, is_author: bool, is_public_case: bool) -> list[Visibility]:
    """The circles whose comments the actor may read, and to which the actor may write when signed in.

    Args:
        is_author: the actor is one of those who write the case.
        is_public_case: everybody may read the case.
    """
    found = []
    if is_author:
        found.append(Visibility.AUTHORS)
    if is_author or is_secretariat(actor):
        found.append(Visibility.SECRETARIAT)
    if is_public_case:
        found.append(Visibility.PUBLIC)
    return found


def can_write(actor: Actor, visibility: Visibility, allowed: Iterable[Visibility]) -> bool:
    """Signed-in people write to the circles they read."""
    return actor.is_signed_in and visibility in set(allowed)


def can_withdraw(actor: Actor, comment: Comment) -> bool:
    """Whoever wrote it, or the secretariat."""
    return actor.user_id == comment.author_id or is_secretariat(actor)
