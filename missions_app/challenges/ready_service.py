"""Telling those who may send a challenge in that its text is ready."""

from collections.abc import Sequence

from missions_app import clock, db
from missions_app.accounts.actor import Actor, organisation_scope
from missions_app.accounts.models import User
from missions_app.accounts.policy import permit
from missions_app.accounts.queries import users_with
from missions_app.audit import trail
from missions_app.challenges import locking, policy
from missions_app.challenges.challenge_service import require_ready
from missions_app.challenges.errors import NobodySubmits
from missions_app.challenges.models import Challenge
from missions_app.outbox.mail import queue_mail


def representatives_of(challenge: Challenge) -> Sequence[User]:
    """Those of the owner's people who may send it in."""
    return users_with(policy.REPRESENTATIVE, organisation_scope(challenge.organisation_id))


def tell_ready(challenge: Challenge, *, by: Actor) -> Sequence[User]:
    """Ask the owner's representatives to send the challenge in; returns whom. Once a day is enough for each.

    Raises:
        NotAllowed, NotEditable. NotReady: everything missing at its field. NobodySubmits: the owner has no
        representative here.
    """
    permit(policy.can_edit, by, challenge)
    with db.transaction():
        locking.lock(challenge)
        locking.require_editable(challenge)
        require_ready(challenge)
        people = representatives_of(challenge)
        if not people:
            raise NobodySubmits(organisation=challenge.organisation.name)
        for user in people:
            queue_mail(
                user.email, "challenge_ready", locale=user.locale, reference=challenge.reference,
                title=challenge.title, writer=by.name,
                dedupe_key=f"challenge_ready:{challenge.id}:{user.id}:{clock.today().isoformat()}",
            )  # fmt: skip
        trail.record("challenge.ready", challenge, by=by)
        return people
