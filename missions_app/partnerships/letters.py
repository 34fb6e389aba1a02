"""Whom partnerships write to, and about what. Everything is queued in the open transaction."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from missions_app.accounts.actor import REGION, Actor, mission_scope, organisation_scope
from missions_app.accounts.models import User
from missions_app.accounts.queries import users_with
from missions_app.missions.models import Mission
from missions_app.organisations.models import Organisation
from missions_app.outbox.mail import queue_mail
from missions_app.partnerships import queries
from missions_app.partnerships.models import Invitation, Partner, PartnerState
from missions_app.partnerships.policy import SPEAKERS


def coordinators(mission: Mission) -> list[User]:
    """Those who coordinate a mission; the secretariat where nobody does."""
    return users_with("coordinator", mission_scope(mission.id)) or users_with("secretariat_officer", REGION)


def speakers(organisation_id: int) -> list[User]:
    """Those who speak for an organisation, each once."""
    scope = organisation_scope(organisation_id)
    return list({user.id: user for role in SPEAKERS for user in users_with(role, scope)}.values())


def interest_shown(partner: Partner) -> None:
    """Tell the coordinator that somebody would like to take part."""
    _write(coordinators(partner.mission), "interest_shown", partner.mission, organisation=partner.organisation.name)


def invited(partner: Partner) -> None:
    """Tell the organisation that it is invited, and until when."""
    until = partner.invited_until.isoformat() if partner.invited_until else ""
    _write(
        speakers(partner.organisation_id), "partner_invited", partner.mission, organisation=partner.organisation.name,
        until=until, message=partner.message,
    )  # fmt: skip


def invited_by_address(invitation: Invitation, user: User | None) -> None:
    """Write to an address; in its owner's language when it has an account here."""
    mission = invitation.mission
    queue_mail(
        invitation.email, "address_invited", locale=user.locale if user else "sv", mission=mission.reference,
        title_sv=mission.title_sv, title_en=mission.title_en, until=invitation.expires_on.isoformat(),
        message=invitation.message, invitation=invitation.id, has_account=user is not None,
    )  # fmt: skip


def countered(partner: Partner) -> None:
    """Tell the coordinator that an invitation was answered with other terms."""
    _write(
        coordinators(partner.mission), "partner_countered", partner.mission, organisation=partner.organisation.name,
        partner=partner.id, message=partner.counter_message,
    )  # fmt: skip


def counter_declined(partner: Partner, reason: str) -> None:
    """Tell the organisation that its other terms were not taken, and that the invitation still stands."""
    until = partner.invited_until.isoformat() if partner.invited_until else ""
    _write(
        speakers(partner.organisation_id), "partner_counter_declined", partner.mission,
        organisation=partner.organisation.name, partner=partner.id, reason=reason, until=until,
    )  # fmt: skip


def address_declined(invitation: Invitation) -> None:
    """Tell the coordinator that whoever was invited by e-mail has said no, and why."""
    _write(coordinators(invitation.mission), "address_declined", invitation.mission, email=invitation.email,
           reason=invitation.declined_because)  # fmt: skip


def coordination_offered(mission: Mission, organisation: Organisation, before: Organisation, by: Actor) -> None:
    """Ask the organisation that is to coordinate, and tell the one that does."""
    users = [*speakers(organisation.id), *coordinators(mission)]
    _write(_others(users, by), "coordination_offered", mission, organisation=organisation.name, before=before.name)


def coordination_answered(
    mission: Mission, organisation: Organisation, before: Organisation, by: Actor, *, accepted: bool, reason: str
) -> None:
    """Tell everybody whose matter it is: both organisations, the problem owner and whoever coordinates."""
    ids = dict.fromkeys((before.id, organisation.id, mission.problem_owner_id))
    users = [*coordinators(mission), *(user for one in ids for user in speakers(one))]
    _write(
        _others(users, by), "coordination_answered", mission, organisation=organisation.name, before=before.name,
        accepted=accepted, reason=reason,
    )  # fmt: skip


def joined(partner: Partner, by: Actor) -> None:
    """Tell the other side: the organisation when it was let in, the coordinator when it said yes."""
    users = [*coordinators(partner.mission), *speakers(partner.organisation_id)]
    _write(_others(users, by), "partner_joined", partner.mission, organisation=partner.organisation.name)


def left(partner: Partner, by: Actor, *, had_joined: bool) -> None:
    """Tell the coordinator, and the other partners when it had joined."""
    users = coordinators(partner.mission)
    if had_joined:
        for other in queries.partners_of(partner.mission):
            if other.state is PartnerState.COMMITTED:
                users += speakers(other.organisation_id)
    _write(
        _others(users, by), "partner_left" if had_joined else "partner_declined", partner.mission,
        organisation=partner.organisation.name, reason=partner.left_because,
    )  # fmt: skip


def taken_over(partner: Partner, before: Partner) -> None:
    """Ask those who speak for a partner to look at the promises that another has left behind."""
    _write(
        speakers(partner.organisation_id), "promises_taken_over", partner.mission, partner=partner.id,
        organisation=partner.organisation.name, before=before.organisation.name,
    )  # fmt: skip


def ends_soon(
    mission: Mission,
    organisation_ids: Iterable[int],
    *,
    agreement: int,
    version: int,
    title: str,
    last: date,
    days: int,
) -> None:
    """Tell the parties and the coordinator that an agreement ends; once for each of the reminder's days."""
    users = [*coordinators(mission), *(user for one in organisation_ids for user in speakers(one))]
    for user in {user.id: user for user in users}.values():
        queue_mail(
            user.email, "agreement_ends", locale=user.locale, mission=mission.reference, title_sv=mission.title_sv,
            title_en=mission.title_en, agreement=agreement, agreement_title=title, last=last.isoformat(),
            dedupe_key=f"agreement-ends:{agreement}:{version}:{days}:{user.id}",
        )  # fmt: skip


def to_sign(
    mission: Mission, organisation_ids: Iterable[int], *, agreement: int, title: str, by: Actor, voided: bool = False,
    changed: str = "",
) -> None:  # fmt: skip
    """Tell those who are to sign that a text waits for them; with `voided`, that earlier signatures no longer hold."""
    users = [user for one in organisation_ids for user in speakers(one)]
    _write(
        _others(users, by), "agreement_to_sign", mission, agreement=agreement, agreement_title=title, voided=voided,
        changed=changed,
    )  # fmt: skip


def all_signed(mission: Mission, organisation_ids: Iterable[int], *, agreement: int, title: str) -> None:
    """Tell everybody that the agreement holds."""
    users = [*coordinators(mission), *(user for one in organisation_ids for user in speakers(one))]
    _write(users, "agreement_holds", mission, agreement=agreement, agreement_title=title)


def ended(
    mission: Mission, organisation_ids: Iterable[int], *, agreement: int, title: str, reason: str, by: Actor
) -> None:
    """Tell the parties and the coordinator that an agreement has ended before its time, and why."""
    users = [*coordinators(mission), *(user for one in organisation_ids for user in speakers(one))]
    _write(_others(users, by), "agreement_ended", mission, agreement=agreement, agreement_title=title, reason=reason)


def _others(users: Iterable[User], by: Actor) -> list[User]:
    return [user for user in users if user.id != by.user_id]


def _write(users: Iterable[User], template: str, mission: Mission, **data: Any) -> None:
    for user in {user.id: user for user in users}.values():
        queue_mail(
            user.email, template, locale=user.locale, mission=mission.reference, title_sv=mission.title_sv,
            title_en=mission.title_en, **data,
        )  # fmt: skip
