"""Joining, leaving and holding roles in a partnership."""

from collections.abc import Sequence
from datetime import timedelta

from missions_app import clock, db
from missions_app.accounts.actor import Actor
from missions_app.accounts.policy import permit
from missions_app.audit import trail
from missions_app.documents.models import Visibility
from missions_app.events import announce
from missions_app.missions import mission_service
from missions_app.missions import queries as missions
from missions_app.missions.events import ChallengeJoined, MissionCreated
from missions_app.missions.models import Mission
from missions_app.organisations.models import Organisation
from missions_app.partnerships import checking, letters, policy, queries, rules
from missions_app.partnerships.errors import (
    AlreadyPartner,
    HasLeft,
    InvitationExpired,
    NothingCountered,
    NotInvited,
    NotThere,
    OwnerStays,
    PartnershipClosed,
    RoleTaken,
    UnknownRole,
)
from missions_app.partnerships.events import PartnerLeft
from missions_app.partnerships.models import Commitment, CommitmentState, Partner, PartnerState
from missions_app.workflow.method_parts import PartnerRole
from missions_app.workflow.method_service import method_of

OPEN = (CommitmentState.OFFERED, CommitmentState.COMMITTED)
PROBLEM_OWNER, COORDINATOR = "problem_owner", "coordinator"


def open_partnership(event: MissionCreated) -> None:
    """The problem owner is the first partner of a new mission."""
    _take_in(event.mission, event.mission.problem_owner, [PROBLEM_OWNER], by=event.by)


def take_in_owner(event: ChallengeJoined) -> None:
    """The owner of a challenge that joins a running mission becomes a partner of it, in no role yet."""
    organisation = event.challenge.organisation
    known = queries.find_partner(event.mission, organisation)
    if known is None or known.state is not PartnerState.COMMITTED:
        _take_in(event.mission, organisation, list(known.roles) if known else [], by=event.by)


def show_interest(
    *, mission: Mission, organisation: Organisation, roles: Sequence[str], message: str, by: Actor
) -> Partner:
    """Say that an organisation would like to take part, and as what.

    Raises:
        NotAllowed, PartnershipClosed, AlreadyPartner, UnknownRole.
    """
    if not by.is_system:
        permit(policy.can_show_interest, by, organisation.id)
    with db.transaction():
        partner = enter(mission, organisation, roles, PartnerState.INTERESTED)
        partner.message = message.strip()
        trail.record("partner.interested", mission, by=by, organisation=organisation.slug)
        letters.interest_shown(partner)
        return partner


def invite(*, mission: Mission, organisation: Organisation, roles: Sequence[str], message: str, by: Actor) -> Partner:
    """Invite an organisation, for the method's invitation days. One whose invitation ran out may be invited again.

    Raises:
        NotAllowed, PartnershipClosed, AlreadyPartner, UnknownRole.
    """
    permit(policy.can_coordinate, by, mission)
    with db.transaction():
        partner = enter(mission, organisation, roles, PartnerState.INVITED)
        days = method_of(mission.journey.method_version).limits.invitation_days
        partner.message, partner.invited_until = message.strip(), clock.today() + timedelta(days=days)
        trail.record("partner.invited", mission, by=by, organisation=organisation.slug)
        letters.invited(partner)
        return partner


def commit(partner: Partner, *, roles: Sequence[str], by: Actor, expected_version: int) -> None:
    """Take part for real: an invited organisation says yes itself; an interested one is let in by the coordinator.
    What it has offered until now it promises from here on.

    Raises:
        NotAllowed, NotInvited, InvitationExpired, UnknownRole, RoleTaken, StaleVersion, PartnershipClosed.
    """
    with db.transaction():
        permit(_can_commit, by, partner)
        require_open(partner.mission)
        db.expect_version(partner, expected_version)
        if partner.state not in (PartnerState.INVITED, PartnerState.INTERESTED):
            raise NotInvited()
        if partner.state is PartnerState.INVITED:
            _require_invited(partner)
        join(partner, roles)
        trail.record("partner.committed", partner.mission, by=by, organisation=partner.organisation.slug)
        letters.joined(partner, by)


def counter_offer(partner: Partner, *, roles: Sequence[str], message: str, by: Actor, expected_version: int) -> None:
    """Answer an invitation with other roles or other terms. The invitation stands until the coordinator answers, and
    the organisation may still say yes to it as it is, or change its counter-offer.

    Raises:
        NotAllowed, NotInvited, InvitationExpired, UnknownRole, RoleTaken, StaleVersion, PartnershipClosed,
        InvalidInput.
    """
    permit(policy.can_speak_for, by, partner.organisation_id)
    with db.transaction():
        require_open(partner.mission)
        db.expect_version(partner, expected_version)
        _require_invited(partner)
        check_roles(partner.mission, partner.organisation, roles)
        checking.refuse(checking.short_reason(message, "message"))
        partner.counter_roles, partner.counter_message = list(roles), message.strip()
        partner.countered_at = clock.now()
        trail.record("partner.countered", partner.mission, by=by, organisation=partner.organisation.slug)
        letters.countered(partner)


def answer_counter(partner: Partner, *, accept: bool, reason: str, by: Actor, expected_version: int) -> None:
    """The coordinator takes a counter-offer, and the organisation joins as it proposed; or says no with a reason, and
    the invitation stands as it was.

    Raises:
        NotAllowed, NothingCountered, UnknownRole, RoleTaken, StaleVersion, PartnershipClosed, InvalidInput.
    """
    permit(policy.can_coordinate, by, partner.mission)
    with db.transaction():
        require_open(partner.mission)
        db.expect_version(partner, expected_version)
        if partner.countered_at is None or partner.state is not PartnerState.INVITED:
            raise NothingCountered()
        if not accept:
            checking.refuse(checking.short_reason(reason, "reason"))
        if accept:
            join(partner, partner.counter_roles)
        partner.countered_at = None
        action = "partner.counter_accepted" if accept else "partner.counter_declined"
        trail.record(action, partner.mission, by=by, organisation=partner.organisation.slug)
        if accept:
            letters.joined(partner, by)
        else:
            letters.counter_declined(partner, reason.strip())


def set_roles(
    partner: Partner, roles: Sequence[str], *, receives_benefit: bool, by: Actor, expected_version: int
) -> None:
    """Change which roles a partner holds, and whether it gets a benefit that may be state aid."""
    permit(policy.can_coordinate, by, partner.mission)
    with db.transaction():
        db.expect_version(partner, expected_version)
        if partner.state is PartnerState.LEFT:
            raise HasLeft(organisation=partner.organisation.name)
        check_roles(partner.mission, partner.organisation, roles)
        partner.roles, partner.receives_benefit = list(roles), receives_benefit
        trail.record(
            "partner.roles_set", partner.mission, by=by, organisation=partner.organisation.slug, roles=list(roles)
        )


def leave(partner: Partner, *, reason: str, by: Actor, expected_version: int, moved_to: Partner | None = None) -> None:
    """Leave, decline an invitation or take an interest back. Promises not yet kept are withdrawn; history stays.

    Args:
        moved_to: another partner to whom what is left of the promises is offered; it confirms each for itself.

    Raises:
        NotAllowed, StaleVersion, HasLeft, OwnerStays, NotThere (moved_to takes no part), InvalidInput.
    """
    permit(policy.can_change_partner, by, partner)
    with db.transaction():
        db.expect_version(partner, expected_version)
        if partner.state is PartnerState.LEFT:
            raise HasLeft(organisation=partner.organisation.name)
        if partner.organisation_id == partner.mission.problem_owner_id:
            raise OwnerStays()
        checking.refuse(checking.short_reason(reason, "reason"))
        if moved_to is not None and not _may_take_over(partner, moved_to):
            raise NotThere(field="moved_to")
        for commitment in queries.commitments_of(partner.mission):
            if commitment.partner_id == partner.id and commitment.state in OPEN:
                if moved_to is not None:
                    _offer_rest(commitment, moved_to)
                commitment.state = CommitmentState.WITHDRAWN
        had_joined = partner.state is PartnerState.COMMITTED
        if had_joined and partner.organisation_id == partner.mission.coordinator_id:
            mission_service.lose_coordinator(partner.mission, by=by)
        partner.state, partner.left_because, partner.left_at = PartnerState.LEFT, reason.strip(), clock.now()
        action = "partner.left" if had_joined else "partner.declined"
        trail.record(action, partner.mission, by=by, organisation=partner.organisation.slug)
        letters.left(partner, by, had_joined=had_joined)
        if had_joined:
            announce(PartnerLeft(partner, by))
        if moved_to is not None:
            letters.taken_over(moved_to, partner)


def _may_take_over(partner: Partner, other: Partner) -> bool:
    return other.mission_id == partner.mission_id and other.id != partner.id and other.state is PartnerState.COMMITTED


def _offer_rest(commitment: Commitment, other: Partner) -> None:
    """What is left of a promise, offered by another partner; its words stay with whoever wrote them."""
    left = rules.left_of(commitment.quantity, commitment.value_ore, commitment.deliveries)
    if left.quantity <= rules.ROUNDING and not left.value_ore and commitment.quantity is not None:
        return
    db.session.add(
        Commitment(
            partner=other, kind=commitment.kind, quantity=left.quantity or None, rate_ore=commitment.rate_ore,
            value_ore=left.value_ore, period_from=commitment.period_from, period_until=commitment.period_until,
            need=commitment.need, state=CommitmentState.OFFERED, made_at=clock.now(), visibility=Visibility.PARTNERS,
        )
    )  # fmt: skip


def pass_coordination_on(mission: Mission, before: Organisation, organisation: Organisation, *, by: Actor) -> None:
    """Move the coordinator's role in a partnership; who takes it over joins if it was not in it. The caller has checked
    that both agree."""
    former = queries.find_partner(mission, before)
    if former is not None:
        former.roles = [role for role in former.roles if role != COORDINATOR]
    db.session.flush()
    known = queries.find_partner(mission, organisation)
    held = list(known.roles) if known is not None and known.state is not PartnerState.LEFT else []
    if known is not None and known.state is PartnerState.COMMITTED:
        known.roles = [*held, *([] if COORDINATOR in held else [COORDINATOR])]
    else:
        _take_in(mission, organisation, [*held, *([] if COORDINATOR in held else [COORDINATOR])], by=by)


def has_expired(partner: Partner) -> bool:
    """Whether the organisation was invited and did not answer in time."""
    return partner.invited_until is not None and partner.invited_until < clock.today()


def require_open(mission: Mission) -> None:
    """Refuse when the mission has ended; PartnershipClosed."""
    if missions.has_ended(mission):
        raise PartnershipClosed()


def enter(mission: Mission, organisation: Organisation, roles: Sequence[str], state: PartnerState) -> Partner:
    """An organisation's place in a partnership, new or taken up again. The caller has checked the right.

    Raises:
        PartnershipClosed, AlreadyPartner, UnknownRole, RoleTaken.
    """
    require_open(mission)
    check_roles(mission, organisation, roles)
    partner = queries.find_partner(mission, organisation)
    if partner is None:
        partner = Partner(mission=mission, organisation=organisation, is_undertaking=organisation.is_undertaking)
    elif not (partner.state is PartnerState.LEFT or _ran_out(partner)):
        raise AlreadyPartner(organisation=organisation.name)
    partner.is_newcomer = not queries.takes_part_elsewhere(organisation, mission)
    partner.roles, partner.state, partner.since = list(roles), state, clock.now()
    partner.left_at, partner.left_because, partner.invited_until = None, "", None
    partner.countered_at, partner.counter_roles, partner.counter_message = None, [], ""
    db.session.add(partner)
    return partner


def join(partner: Partner, roles: Sequence[str]) -> None:
    """Let a partner in: its roles count, and its offers become promises. The caller has checked that it may."""
    check_roles(partner.mission, partner.organisation, roles)
    partner.roles, partner.state, partner.since = list(roles), PartnerState.COMMITTED, clock.now()
    partner.countered_at, partner.size_class = None, partner.organisation.size_class
    db.session.flush()
    for commitment in queries.commitments_of(partner.mission):
        if commitment.partner_id == partner.id and commitment.state is CommitmentState.OFFERED:
            commitment.state = CommitmentState.COMMITTED


def check_roles(mission: Mission, organisation: Organisation, roles: Sequence[str]) -> None:
    """Refuse roles the method does not know or that enough others hold; UnknownRole, RoleTaken."""
    method = method_of(mission.journey.method_version)
    for key in roles:
        role = method.find_term("partner_role", key)
        if not isinstance(role, PartnerRole):
            raise UnknownRole(field="roles")
        if role.max is None:
            continue
        held = [
            one for one in queries.partners_of(mission)
            if one.state is PartnerState.COMMITTED and key in one.roles and one.organisation_id != organisation.id
        ]  # fmt: skip
        if len(held) >= role.max:
            raise RoleTaken(field="roles", role=role.label)


def _take_in(mission: Mission, organisation: Organisation, roles: list[str], *, by: Actor) -> None:
    partner = queries.find_partner(mission, organisation) or Partner(mission=mission, organisation=organisation)
    partner.roles, partner.state, partner.since = roles, PartnerState.COMMITTED, clock.now()
    partner.is_undertaking = organisation.is_undertaking
    partner.is_newcomer = not queries.takes_part_elsewhere(organisation, mission)
    db.session.add(partner)
    trail.record("partner.committed", mission, by=by, organisation=organisation.slug)


def _can_commit(actor: Actor, partner: Partner) -> bool:
    """Invited: whoever speaks for the organisation. Interested: the coordinator."""
    if partner.state is PartnerState.INTERESTED:
        return policy.can_coordinate(actor, partner.mission)
    return policy.can_speak_for(actor, partner.organisation_id)


def _require_invited(partner: Partner) -> None:
    if partner.state is not PartnerState.INVITED:
        raise NotInvited()
    if has_expired(partner):
        raise InvitationExpired(day=partner.invited_until)


def _ran_out(partner: Partner) -> bool:
    return partner.state is PartnerState.INVITED and has_expired(partner)
