"""Screening: taking in, and sending back with named points."""

from collections.abc import Sequence
from dataclasses import dataclass

from missions_app import clock, db
from missions_app.accounts.actor import Actor
from missions_app.accounts.policy import permit
from missions_app.challenges import locking, policy
from missions_app.challenges.errors import NoPoints
from missions_app.challenges.models import Challenge, ReturnPoint
from missions_app.workflow import journey_service

RETURN = "return"


@dataclass(frozen=True, slots=True)
class Point:
    """One thing to mend: at a field of the challenge ("" for the whole), in words."""

    text: str
    field: str = ""


def return_challenge(
    challenge: Challenge, points: Sequence[Point], *, by: Actor, expected_version: int | None, reason: str = ""
) -> None:
    """Ask the authors to mend named points; they are told at once.

    Args:
        expected_version: the journey's version the officer saw. reason: an introduction; the points when empty.

    Raises:
        NoPoints, WrongState, WrongRole, StaleVersion.
    """
    permit(policy.can_screen, by, challenge)
    written = [point for point in points if point.text.strip()]
    if not written:
        raise NoPoints(field="points")
    with db.transaction() as session:
        locking.lock(challenge)
        session.add_all(
            ReturnPoint(
                challenge_id=challenge.id, field=point.field, text=point.text.strip(), raised_at=clock.now(),
                raised_by_id=by.user_id,
            )
            for point in written
        )  # fmt: skip
        session.flush()
        why = reason.strip() or "\n".join(point.text.strip() for point in written)
        journey_service.move(challenge, RETURN, by=by, expected_version=expected_version, reason=why)
