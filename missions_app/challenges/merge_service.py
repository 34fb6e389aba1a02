"""Bringing challenges about the same thing together, as one act, and splitting them again while nothing is decided."""

from missions_app import clock, db
from missions_app.accounts import grant_service
from missions_app.accounts.actor import SYSTEM, Actor, challenge_scope
from missions_app.accounts.policy import permit
from missions_app.accounts.queries import get_user
from missions_app.audit import trail
from missions_app.challenges import locking, merge_queries, policy, queries
from missions_app.challenges.errors import MergeTargetMissing, SplitTooLate
from missions_app.challenges.models import Challenge, Merge
from missions_app.outbox.mail import queue_mail
from missions_app.workflow import journey_queries, journey_service

MERGE = "merge"
SPLIT = "split"


def merge_challenge(
    challenge: Challenge, into: Challenge, *, reason: str, by: Actor, expected_version: int | None = None
) -> Merge:
    """Let a challenge go on as part of another. Both keep their texts and histories; those who wrote the one may from
    now on write the other too, and its organisation counts as a party when conflicts of interest are looked for.

    Args:
        expected_version: the journey's version of the first, as the officer saw it.

    Raises:
        MergeTargetMissing, WrongState, WrongRole, ReasonMissing, StaleVersion.
    """
    permit(policy.can_screen, by, challenge)
    with db.transaction() as session:
        _lock_both(challenge, into)
        session.refresh(challenge.journey)
        session.refresh(into.journey)
        journey_queries.get_possible_move(challenge, MERGE, by)
        if challenge.id == into.id or not policy.may_take_in(into):
            raise MergeTargetMissing(field="into")
        merge = Merge(
            challenge=challenge, into=into, reason=reason.strip(), merged_at=clock.now(), merged_by_id=by.user_id,
            writers=[],
        )  # fmt: skip
        session.add(merge)
        session.flush()
        journey_service.move(challenge, MERGE, by=by, expected_version=expected_version, reason=reason)
        known = {user.id for user in queries.writers_of(into)}
        newcomers = [user for user in queries.writers_of(challenge) if user.id not in known]
        for user in newcomers:
            grant_service.grant(user, policy.WRITER, challenge_scope(into.id), by=by)
        merge.writers = [user.id for user in newcomers]
        trail.record("challenge.took_in", into, by=by, challenge=challenge.reference)
        _tell(into, challenge, reason.strip(), by)
        return merge


def split_challenge(challenge: Challenge, *, reason: str, by: Actor, expected_version: int | None = None) -> None:
    """Let a challenge stand on its own again: it waits for screening as before. Possible until the other is decided.

    Raises:
        SplitTooLate, WrongState, WrongRole, ReasonMissing, StaleVersion.
    """
    permit(policy.can_screen, by, challenge)
    with db.transaction():
        merge = merge_queries.merge_of(challenge)
        if merge is not None:
            _lock_both(challenge, merge.into)
        journey_service.move(challenge, SPLIT, by=by, expected_version=expected_version, reason=reason)


def end_merge(challenge: Challenge, *, by: Actor) -> None:
    """What a split means, whatever door the move came through. Inside the move's transaction.

    Raises:
        SplitTooLate.
    """
    merge = merge_queries.merge_of(challenge)
    if merge is None:
        return
    db.session.refresh(merge.into.journey)
    if not policy.may_take_in(merge.into):
        raise SplitTooLate()
    merge.split_at, merge.split_by_id = clock.now(), by.user_id
    for user_id in merge.writers:
        held = queries.writer_grant(merge.into, user_id)
        if held is not None:
            grant_service.revoke(held, by=SYSTEM)
    trail.record("challenge.let_go", merge.into, by=by, challenge=challenge.reference)


def _lock_both(one: Challenge, other: Challenge) -> None:
    for challenge in sorted({one.id: one, other.id: other}.values(), key=lambda row: row.id):
        locking.lock(challenge)


def _tell(into: Challenge, challenge: Challenge, reason: str, by: Actor) -> None:
    for user in queries.people_of(into):
        if user.id != by.user_id:
            queue_mail(
                get_user(user.id).email, "challenge_merged", locale=user.locale, reference=into.reference,
                title=into.title, other=challenge.reference, other_title=challenge.title,
                organisation=challenge.organisation.name, reason=reason,
            )  # fmt: skip
