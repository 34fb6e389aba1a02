"""Entering and changing organisations, and joining them."""

from collections.abc import Mapping
from dataclasses import fields

from sqlalchemy import select

from missions_app import clock, db
from missions_app.accounts.actor import REGION, Actor, organisation_scope
from missions_app.accounts.grant_service import grant
from missions_app.accounts.models import User
from missions_app.accounts.policy import is_secretariat, permit
from missions_app.accounts.queries import users_with
from missions_app.audit import trail
from missions_app.errors import InvalidInput, Problem
from missions_app.i18n import N_, sort_key
from missions_app.organisations import policy, queries
from missions_app.organisations.errors import AlreadyAnswered, AlreadyMember, LooksLike, NumberTaken, OwnsItself
from missions_app.organisations.models import (
    Capability,
    FormerEntry,
    MembershipRequest,
    MembershipState,
    Organisation,
    OrganisationState,
)
from missions_app.organisations.rules import (
    Profile,
    is_alike,
    locked_problems,
    profile_problems,
    slug_of,
    stored_number,
)
from missions_app.outbox.mail import queue_mail
from missions_app.workflow.method_service import method_in_force

ADMIN, MEMBER = "org_admin", "member"


def add_organisation(
    profile: Profile, *, by: Actor, owner: Organisation | None = None, is_example: bool = False,
    is_another: bool = True,
) -> Organisation:  # fmt: skip
    """Enter an organisation.

    Args:
        is_another: whoever enters it knows that it is none of those whose names look alike.

    Raises:
        NotAllowed, InvalidInput (every problem), NumberTaken, LooksLike.
    """
    permit(policy.can_add_organisation, by, None)
    with db.transaction():
        if not is_another:
            _refuse_double(profile)
        organisation = _create(profile, OrganisationState.ACTIVE, is_example=is_example)
        _set_owner(organisation, owner)
        trail.record("organisation.added", organisation, by=by)
        return organisation


def request_organisation(profile: Profile, *, by: Actor, user: User, is_another: bool = True) -> Organisation:
    """Ask for an own organisation to be registered; who asks becomes its first administrator when it is accepted.

    Raises:
        InvalidInput (every problem), NumberTaken, LooksLike (unless it is known to be another one).
    """
    permit(policy.can_ask, by, None)
    with db.transaction():
        if not is_another:
            _refuse_double(profile)
        organisation = _create(profile, OrganisationState.REQUESTED, is_example=False)
        organisation.requested_by = user
        trail.record("organisation.requested", organisation, by=by)
        for officer in users_with("secretariat_officer", REGION):
            queue_mail(
                officer.email,
                "organisation_requested",
                locale=officer.locale,
                name=organisation.name,
                slug=organisation.slug,
            )
        return organisation


def answer_organisation(organisation: Organisation, *, accept: bool, by: Actor, expected_version: int) -> None:
    """Accept or close a requested organisation."""
    permit(policy.can_add_organisation, by, organisation)
    with db.transaction():
        db.expect_version(organisation, expected_version)
        if organisation.state is not OrganisationState.REQUESTED:
            raise AlreadyAnswered()
        asker = organisation.requested_by
        organisation.state = OrganisationState.ACTIVE if accept else OrganisationState.CLOSED
        if accept and asker is not None:
            grant(asker, ADMIN, organisation_scope(organisation.id), by=by)
            grant(asker, MEMBER, organisation_scope(organisation.id), by=by)
        if asker is not None:
            queue_mail(
                asker.email,
                "organisation_answered",
                locale=asker.locale,
                name=organisation.name,
                accepted=accept,
                slug=organisation.slug,
            )
        trail.record("organisation.accepted" if accept else "organisation.closed", organisation, by=by)


def edit_organisation(organisation: Organisation, profile: Profile, *, by: Actor, expected_version: int) -> None:
    """Change an organisation's entry. What the method's criteria count on (sector and number) only the secretariat
    changes.

    Raises:
        NotAllowed, StaleVersion, InvalidInput, NumberTaken.
    """
    permit(policy.can_edit_organisation, by, organisation)
    with db.transaction():
        db.expect_version(organisation, expected_version)
        if not (by.is_system or is_secretariat(by)) and (locked := locked_problems(profile, organisation)):
            raise InvalidInput.of(locked)
        _check(profile, organisation)
        before = {field.name: getattr(organisation, field.name) for field in fields(profile)}
        _fill(organisation, profile)
        if (before["name"], before["sector"]) != (organisation.name, organisation.sector):
            db.session.add(
                FormerEntry(
                    organisation=organisation, name=before["name"], sector=before["sector"], until=clock.now()
                )
            )  # fmt: skip
        changed = [name for name, value in before.items() if getattr(organisation, name) != value]
        trail.record("organisation.edited", organisation, by=by, fields=changed)


def set_owner(organisation: Organisation, owner: Organisation | None, *, by: Actor, expected_version: int) -> None:
    """Say who controls an organisation; its whole group follows."""
    permit(policy.can_add_organisation, by, organisation)
    with db.transaction():
        db.expect_version(organisation, expected_version)
        _set_owner(organisation, owner)
        trail.record("organisation.owner_set", organisation, by=by, owner=owner.slug if owner else None)


def set_capabilities(
    organisation: Organisation, levels: Mapping[str, tuple[int, str] | tuple[int, str, str]], *, by: Actor
) -> None:
    """Replace what an organisation can do.

    Args:
        levels: {peak: (level 1 to 3, evidence)} or {peak: (level, evidence, the method's visibility of the evidence)}.

    Raises:
        NotAllowed, InvalidInput: a peak, level or visibility that there is not.
    """
    permit(policy.can_edit_organisation, by, organisation)
    with db.transaction() as session:
        method = method_in_force()
        wanted = {peak: (*given, "public")[:3] for peak, given in levels.items()}
        problems = [
            Problem("unknown_choice", N_("Choose one of the alternatives."), f"peak.{peak}")
            for peak, (level, _evidence, visibility) in wanted.items()
            if not method.find_term("peak", peak)
            or level not in (1, 2, 3)
            or not method.find_term("visibility", visibility)
        ]
        if problems:
            raise InvalidInput.of(problems)
        kept = {one.peak: one for one in queries.capabilities_of(organisation)}
        for peak, capability in kept.items():
            if peak not in wanted:
                session.delete(capability)
        for peak, (level, evidence, visibility) in wanted.items():
            capability = kept.get(peak) or Capability(organisation=organisation, peak=peak)
            capability.level, capability.evidence, capability.visibility = level, evidence.strip(), visibility
            session.add(capability)
        trail.record("organisation.capabilities_set", organisation, by=by, peaks=sorted(wanted))


def ask_to_join(organisation: Organisation, *, user: User, message: str, by: Actor) -> MembershipRequest:
    """Ask an organisation's administrators to be let in; asking again gives the open request."""
    permit(policy.can_ask, by, organisation)
    with db.transaction() as session:
        if organisation.id in by.organisations():
            raise AlreadyMember()
        request = session.scalars(
            select(MembershipRequest).where(
                MembershipRequest.organisation_id == organisation.id,
                MembershipRequest.user_id == user.id,
                MembershipRequest.state == MembershipState.REQUESTED,
            )
        ).first()
        if request is not None:
            return request
        request = MembershipRequest(
            organisation=organisation, user=user, message=message.strip(), state=MembershipState.REQUESTED,
            requested_on=clock.today(),
        )  # fmt: skip
        session.add(request)
        trail.record("membership.requested", organisation, by=by)
        admins = users_with(ADMIN, organisation_scope(organisation.id)) or users_with("secretariat_officer", REGION)
        for admin in admins:
            queue_mail(
                admin.email,
                "membership_requested",
                locale=admin.locale,
                organisation=organisation.name,
                name=user.name,
                slug=organisation.slug,
            )
        return request


def answer_request(request: MembershipRequest, *, accept: bool, by: Actor, reason: str = "") -> None:
    """Let somebody in, or not, with a reason."""
    permit(policy.can_answer_requests, by, request.organisation)
    with db.transaction():
        if request.state is not MembershipState.REQUESTED:
            raise AlreadyAnswered()
        request.state = MembershipState.ACCEPTED if accept else MembershipState.DECLINED
        request.answered_at, request.answered_by_id, request.reason = clock.now(), by.user_id, reason.strip()
        if accept:
            grant(request.user, MEMBER, organisation_scope(request.organisation_id), by=by)
        trail.record("membership.accepted" if accept else "membership.declined", request.organisation, by=by)
        user = request.user
        queue_mail(
            user.email,
            "membership_answered",
            locale=user.locale,
            organisation=request.organisation.name,
            accepted=accept,
            reason=request.reason,
        )


def _refuse_double(profile: Profile) -> None:
    """The same organisation is easily entered twice under two spellings."""
    for known in queries.all_active():
        if is_alike(known.name, profile.name):
            raise LooksLike(field="name", name=known.name)


def _create(profile: Profile, state: OrganisationState, *, is_example: bool) -> Organisation:
    _check(profile, None)
    organisation = Organisation(
        slug=queries.free_slug(slug_of(profile.name)), state=state, is_example=is_example, created_at=clock.now()
    )
    _fill(organisation, profile)
    db.session.add(organisation)
    db.session.flush()
    organisation.group_id = organisation.id
    return organisation


def _check(profile: Profile, organisation: Organisation | None) -> None:
    problems = profile_problems(profile, method_in_force())
    if problems:
        raise InvalidInput.of(problems)
    number = stored_number(profile)
    other = queries.find_by_number(number) if number else None
    if other is not None and other is not organisation:
        raise NumberTaken(field="number", name=other.name)


def _fill(organisation: Organisation, profile: Profile) -> None:
    for field in fields(profile):
        setattr(organisation, field.name, getattr(profile, field.name))
    organisation.name = profile.name.strip()
    organisation.number = stored_number(profile) or None
    organisation.sort_key = sort_key(organisation.name)


def _set_owner(organisation: Organisation, owner: Organisation | None) -> None:
    above = owner
    while above is not None:
        if above is organisation:
            raise OwnsItself(field="owner")
        above = above.owner
    organisation.owner = owner
    db.session.flush()
    _regroup(organisation, owner.group if owner else organisation.id)


def _regroup(organisation: Organisation, group: int) -> None:
    organisation.group_id = group
    for owned in queries.owned_by(organisation):
        _regroup(owned, group)
