"""Invitations to addresses: bound to the address, open until a day, answered once."""

from collections.abc import Sequence
from datetime import timedelta

from missions_app import clock, db
from missions_app.accounts import queries as accounts
from missions_app.accounts.actor import Actor
from missions_app.accounts.policy import permit
from missions_app.accounts.rules import email_problems, plain_email
from missions_app.audit import trail
from missions_app.errors import NotFound
from missions_app.missions.models import Mission
from missions_app.organisations.models import Organisation
from missions_app.partnerships import checking, letters, partner_service, policy
from missions_app.partnerships.errors import InvitationExpired, NotInvited
from missions_app.partnerships.models import Invitation, Partner, PartnerState
from missions_app.workflow.method_service import method_of


def invite_address(mission: Mission, *, email: str, roles: Sequence[str], message: str, by: Actor) -> Invitation:
    """Invite somebody whose organisation is not known here.

    Raises:
        NotAllowed, PartnershipClosed, UnknownRole, InvalidInput (the address).
    """
    permit(policy.can_coordinate, by, mission)
    with db.transaction() as session:
        partner_service.require_open(mission)
        checking.refuse(email_problems(email))
        days = method_of(mission.journey.method_version).limits.invitation_days
        invitation = Invitation(
            mission=mission, email=plain_email(email), roles=list(roles), message=message.strip(),
            expires_on=clock.today() + timedelta(days=days), made_at=clock.now(), made_by_id=by.user_id,
        )  # fmt: skip
        session.add(invitation)
        session.flush()
        trail.record("partner.address_invited", mission, by=by, invitation=invitation.id)
        letters.invited_by_address(invitation, accounts.find_user_by_email(invitation.email))
        return invitation


def accept(
    invitation: Invitation, *, organisation: Organisation, roles: Sequence[str], by: Actor, expected_version: int
) -> Partner:
    """Join for an organisation one speaks for. The invitation is used up, whoever else has seen the letter.

    Raises:
        NotFound (it was sent to another address), NotAllowed (does not speak for the organisation), NotInvited,
        InvitationExpired, PartnershipClosed, AlreadyPartner, RoleTaken, StaleVersion.
    """
    _require_mine(invitation, by)
    permit(policy.can_speak_for, by, organisation.id)
    with db.transaction():
        db.lock_row(invitation)
        db.expect_version(invitation, expected_version)
        _require_answerable(invitation)
        partner = partner_service.enter(invitation.mission, organisation, roles, PartnerState.INVITED)
        partner.message = invitation.message
        partner_service.join(partner, roles)
        invitation.answered_at, invitation.partner = clock.now(), partner
        trail.record("partner.committed", invitation.mission, by=by, organisation=organisation.slug)
        letters.joined(partner, by)
        return partner


def decline(invitation: Invitation, *, reason: str = "", by: Actor, expected_version: int) -> None:
    """Say no, with a reason if one wishes. Raises what accept() raises about the invitation."""
    _require_mine(invitation, by)
    with db.transaction():
        db.lock_row(invitation)
        db.expect_version(invitation, expected_version)
        _require_answerable(invitation)
        invitation.answered_at, invitation.declined_because = clock.now(), reason.strip()[:5000]
        trail.record("partner.invitation_declined", invitation.mission, by=by, invitation=invitation.id)
        letters.address_declined(invitation)


def cancel(invitation: Invitation, *, by: Actor, expected_version: int) -> None:
    """Take an unanswered invitation to an address back; its link then says so.

    Raises:
        NotAllowed, NotInvited (answered or taken back already), StaleVersion.
    """
    permit(policy.can_coordinate, by, invitation.mission)
    with db.transaction():
        db.lock_row(invitation)
        db.expect_version(invitation, expected_version)
        if invitation.answered_at is not None or invitation.cancelled_at is not None:
            raise NotInvited()
        invitation.cancelled_at = clock.now()
        trail.record("partner.invitation_cancelled", invitation.mission, by=by, invitation=invitation.id)


def is_for(invitation: Invitation, actor: Actor) -> bool:
    """Whether the invitation was sent to the actor's own address."""
    if actor.user_id is None:
        return False
    return accounts.get_user(actor.user_id).email.lower() == invitation.email


def _require_mine(invitation: Invitation, by: Actor) -> None:
    if not is_for(invitation, by):
        raise NotFound()


def _require_answerable(invitation: Invitation) -> None:
    if invitation.answered_at is not None or invitation.cancelled_at is not None:
        raise NotInvited()
    if invitation.expires_on < clock.today():
        raise InvitationExpired(day=invitation.expires_on)
