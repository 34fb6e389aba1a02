"""Comments on a challenge, and the time in which everybody may comment."""

from datetime import date

from missions_app import clock, db
from missions_app.accounts.actor import Actor
from missions_app.accounts.policy import permit
from missions_app.audit import trail
from missions_app.challenges import followers, locking, policy
from missions_app.challenges.errors import CommentsClosed, PeriodWrong
from missions_app.challenges.models import Challenge
from missions_app.comments import comment_service
from missions_app.comments.models import Comment, Visibility


def comment(challenge: Challenge, *, visibility: Visibility, text: str, by: Actor) -> Comment:
    """Say something to those who may read it. Where a period is set, everybody is heard in it and not outside.

    Raises:
        EmptyComment, CircleNotYours, CommentsClosed.
    """
    allowed = policy.can_read_discussion(by, challenge)
    if visibility is Visibility.PUBLIC and not policy.may_comment_openly(by, challenge, clock.today()):
        first, last = challenge.comments_from, challenge.comments_until
        raise CommentsClosed(field="visibility", first=str(first), last=str(last))
    return comment_service.write_comment(challenge, visibility=visibility, text=text, by=by, allowed=allowed)


def open_comments(
    challenge: Challenge, *, first: date | None, last: date | None, by: Actor, expected_version: int | None = None
) -> None:
    """Say from which day to which everybody may comment; none at all takes the period away. Followers are told.

    Raises:
        PeriodWrong, StaleVersion.
    """
    permit(policy.can_screen, by, challenge)
    if (first is None) != (last is None):
        raise PeriodWrong(field="first" if first is None else "last")
    if first is not None and last is not None and (last < first or last < clock.today()):
        raise PeriodWrong(field="last")
    with db.transaction():
        locking.lock(challenge)
        db.expect_version(challenge.journey, expected_version)
        if (challenge.comments_from, challenge.comments_until) == (first, last):
            return
        challenge.comments_from, challenge.comments_until = first, last
        trail.record(
            "challenge.comments_opened", challenge, by=by, first=str(first) if first else None,
            last=str(last) if last else None,
        )  # fmt: skip
        if last is not None and first is not None and policy.is_public(challenge):
            followers.tell(challenge, "challenge_comments_open", first=first.isoformat(), last=last.isoformat())
