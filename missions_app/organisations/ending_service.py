"""Organisations that end: closed, or merged into another that goes on."""

from sqlalchemy import select

from missions_app import db
from missions_app.accounts import grant_service
from missions_app.accounts.actor import Actor, organisation_scope
from missions_app.accounts.models import Grant
from missions_app.accounts.policy import permit
from missions_app.audit import trail
from missions_app.organisations import policy, queries, succession
from missions_app.organisations.errors import NotOpen, OwnsItself
from missions_app.organisations.models import Organisation, OrganisationState


def close_organisation(organisation: Organisation, *, by: Actor, expected_version: int) -> None:
    """Close an organisation's entry: its members lose their roles in it, what it did stays.

    Raises:
        NotAllowed, StaleVersion, NotOpen.
    """
    permit(policy.can_add_organisation, by, organisation)
    with db.transaction():
        db.expect_version(organisation, expected_version)
        if organisation.state is not OrganisationState.ACTIVE:
            raise NotOpen()
        organisation.state = OrganisationState.CLOSED
        _regroup_owned(organisation, None)
        for held in _grants(organisation):
            grant_service.revoke(held, by=by)
        trail.record("organisation.closed", organisation, by=by)


def merge_into(organisation: Organisation, other: Organisation, *, by: Actor, expected_version: int) -> None:
    """Let another organisation go on in this one's place: its members, what it owns, and everything that names it,
    follow. What it was called, and what it left before, stay in history.

    Raises:
        NotAllowed, StaleVersion, NotOpen, OwnsItself.
    """
    permit(policy.can_add_organisation, by, organisation)
    with db.transaction():
        db.expect_version(organisation, expected_version)
        if OrganisationState.ACTIVE not in (organisation.state, other.state) or organisation.state is not other.state:
            raise NotOpen()
        if other is organisation or other.owner is organisation:
            raise OwnsItself(field="other")
        organisation.state, organisation.merged_into_id = OrganisationState.MERGED, other.id
        _regroup_owned(organisation, other)
        organisation.group_id = other.group  # both count as one wherever the double had joined
        _keep_what_it_can(organisation, other)
        for held in _grants(organisation):
            grant_service.grant(held.user, held.role, organisation_scope(other.id), by=by, valid_until=held.valid_until)
            grant_service.revoke(held, by=by)
        succession.move_everything(organisation, other, by=by)
        trail.record("organisation.merged", organisation, by=by, into=other.slug)


def _keep_what_it_can(organisation: Organisation, other: Organisation) -> None:
    """Capabilities the other had not stated, and everything that was lent, go on with it."""
    known = {one.peak for one in queries.capabilities_of(other)}
    for capability in queries.capabilities_of(organisation):
        if capability.peak not in known:
            capability.organisation = other
    for offer in queries.offers_of(organisation):
        offer.organisation = other


def _regroup_owned(organisation: Organisation, owner: Organisation | None) -> None:
    for owned in queries.owned_by(organisation):
        owned.owner = owner
        _set_group(owned, owner.group if owner else owned.id)


def _set_group(organisation: Organisation, group: int) -> None:
    organisation.group_id = group
    for owned in queries.owned_by(organisation):
        _set_group(owned, group)


def _grants(organisation: Organisation) -> list[Grant]:
    scope = organisation_scope(organisation.id)
    return list(
        db.session.scalars(
            select(Grant).where(Grant.scope_kind == scope.kind, Grant.scope_id == scope.id, Grant.revoked_at.is_(None))
        )
    )
