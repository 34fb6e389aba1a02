"""Writing together: inviting, answering, ending."""

from datetime import timedelta

from missions_app import clock, db
from missions_app.accounts import grant_service
from missions_app.accounts.actor import Actor, challenge_scope
from missions_app.accounts.models import User
from missions_app.accounts.policy import permit
from missions_app.accounts.queries import get_user
from missions_app.audit import trail
from missions_app.challenges import policy, queries
from missions_app.challenges.errors import AddressNeeded, InvitationOver
from missions_app.challenges.models import Challenge, Invitation
from missions_app.errors import NotAllowed, NotFound
from missions_app.i18n import current_locale
from missions_app.outbox.mail import queue_mail


def invite_writer(challenge: Challenge, *, email: str, by: Actor) -> Invitation:
    """Invite somebody to write along; inviting the same address again gives the open invitation.

    The answer never tells whether the address has an account.

    Raises:
        AddressNeeded, NotAllowed.
    """
    permit(policy.can_invite, by, challenge)
    address = email.strip().lower()
    if address.count("@") != 1 or address.startswith("@") or "." not in address.partition("@")[2]:
        raise AddressNeeded(field="email")
    with db.transaction() as session:
        for pending in queries.open_invitations(challenge):
            if pending.email == address:
                return pending
        days = policy.method_for(challenge).limits.invitation_days
        invitation = Invitation(
            challenge=challenge, email=address, invited_by_id=by.user_id, invited_at=clock.now(),
            expires_on=clock.today() + timedelta(days=days),
        )  # fmt: skip
        session.add(invitation)
        session.flush()
        queue_mail(
            address, "challenge_invitation", locale=current_locale(), reference=challenge.reference,
            title=challenge.title, organisation=challenge.organisation.name, inviter=by.name,
            expires_on=invitation.expires_on.isoformat(),
        )  # fmt: skip
        trail.record("challenge.writer_invited", challenge, by=by, invitation=invitation.id)
        return invitation


def accept_invitation(invitation: Invitation, *, by: Actor) -> None:
    """Say yes; from then on the invited person writes along.

    Raises:
        InvitationOver. NotFound: the invitation is not for the one who answers.
    """
    user = _invited_user(invitation, by)
    with db.transaction():
        _require_open(invitation)
        invitation.answered_at, invitation.accepted_by_id = clock.now(), user.id
        grant_service.grant(user, policy.WRITER, challenge_scope(invitation.challenge_id), by=by)
        trail.record("challenge.writer_joined", invitation.challenge, by=by, invitation=invitation.id)


def decline_invitation(invitation: Invitation, *, by: Actor) -> None:
    """Say no. Raises as accept_invitation."""
    _invited_user(invitation, by)
    with db.transaction():
        _require_open(invitation)
        invitation.answered_at = clock.now()
        trail.record("challenge.writer_declined", invitation.challenge, by=by, invitation=invitation.id)


def withdraw_invitation(invitation: Invitation, *, by: Actor) -> None:
    """Take an unanswered invitation back. Raises InvitationOver."""
    permit(policy.can_invite, by, invitation.challenge)
    with db.transaction():
        _require_open(invitation)
        invitation.withdrawn_at = clock.now()
        trail.record("challenge.invitation_withdrawn", invitation.challenge, by=by, invitation=invitation.id)


def end_writing(challenge: Challenge, user_id: int, *, by: Actor) -> None:
    """Take the right to write along back, from oneself or from another.

    Raises:
        NotFound: the person does not write along.
    """
    if by.user_id != user_id:
        permit(policy.can_invite, by, challenge)
    with db.transaction():
        held = queries.writer_grant(challenge, user_id)
        if held is None:
            raise NotFound()
        grant_service.revoke(held, by=by)
        trail.record("challenge.writer_left", challenge, by=by)


def _invited_user(invitation: Invitation, by: Actor) -> User:
    if by.user_id is None:
        raise NotAllowed()
    user = get_user(by.user_id)
    if user.email != invitation.email:
        raise NotFound()
    return user


def _require_open(invitation: Invitation) -> None:
    if invitation.answered_at or invitation.withdrawn_at or invitation.expires_on < clock.today():
        raise InvitationOver()
