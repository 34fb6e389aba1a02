"""Members of an organisation: invited, given another role, let go."""

from sqlalchemy import select

from missions_app import clock, db
from missions_app.accounts import account_service, grant_service
from missions_app.accounts.actor import REGION, Actor, organisation_scope
from missions_app.accounts.models import Grant, User
from missions_app.accounts.policy import permit
from missions_app.accounts.queries import users_with
from missions_app.audit import trail
from missions_app.errors import InvalidInput, Problem
from missions_app.i18n import N_
from missions_app.organisations import policy
from missions_app.organisations.errors import LastAdmin, NotMember
from missions_app.organisations.models import Organisation
from missions_app.outbox.mail import queue_mail

# The roles that an organisation gives its own people.
ROLES = ("member", "org_admin", "problem_owner_rep")


def invite_member(
    organisation: Organisation, *, email: str, name: str, role: str, by: Actor, locale: str = "sv"
) -> User:
    """Let somebody belong to an organisation by their address; who has no account gets an invitation.

    Raises:
        NotAllowed, InvalidInput (every problem).
    """
    permit(policy.can_manage_members, by, organisation)
    with db.transaction():
        _check_role(role)
        scope = organisation_scope(organisation.id)
        user = account_service.invite(email=email, name=name, role="member", scope=scope, by=by, locale=locale)
        if role != "member":
            grant_service.grant(user, role, scope, by=by)
        trail.record("membership.invited", organisation, by=by, role_given=role)
        return user


def set_roles(organisation: Organisation, user: User, roles: frozenset[str], *, by: Actor) -> None:
    """Say which roles a member has; belonging itself stays.

    Raises:
        NotAllowed, NotMember, InvalidInput, LastAdmin.
    """
    permit(policy.can_manage_members, by, organisation)
    with db.transaction():
        for role in roles:
            _check_role(role)
        held = _grants(organisation, user)
        if not held:
            raise NotMember()
        wanted = roles | {"member"}
        if any(one.role == "org_admin" for one in held) and "org_admin" not in wanted:
            _keep_an_admin(organisation, user)
        for one in held:
            if one.role in ROLES and one.role not in wanted:
                grant_service.revoke(one, by=by)
        for role in wanted:
            grant_service.grant(user, role, organisation_scope(organisation.id), by=by)
        trail.record("membership.roles_set", organisation, by=by, roles=sorted(wanted))


def remove_member(organisation: Organisation, user: User, *, by: Actor) -> None:
    """End somebody's membership with every role in it; members may leave by themselves. When the last administrator
    leaves, the secretariat is asked to find another.

    Raises:
        NotAllowed, NotMember, LastAdmin.
    """
    if by.user_id != user.id:
        permit(policy.can_manage_members, by, organisation)
    with db.transaction():
        held = _grants(organisation, user)
        if not held:
            raise NotMember()
        if any(one.role == "org_admin" for one in held):
            try:
                _keep_an_admin(organisation, user)
            except LastAdmin:
                if by.user_id != user.id:
                    raise
                _ask_for_another(organisation)
        for one in held:
            grant_service.revoke(one, by=by)
        trail.record("membership.ended", organisation, by=by)


def _ask_for_another(organisation: Organisation) -> None:
    for officer in users_with("secretariat_officer", REGION):
        queue_mail(
            officer.email, "administrator_left", locale=officer.locale, name=organisation.name, slug=organisation.slug
        )


def _check_role(role: str) -> None:
    if role not in ROLES:
        raise InvalidInput.of([Problem("unknown_choice", N_("Choose one of the alternatives."), "role")])


def _keep_an_admin(organisation: Organisation, leaving: User) -> None:
    others = db.session.scalars(
        select(Grant.id).where(
            Grant.scope_kind == "organisation", Grant.scope_id == str(organisation.id), Grant.role == "org_admin",
            Grant.revoked_at.is_(None), Grant.valid_until.is_(None), Grant.user_id != leaving.id,
        )
    ).first()  # fmt: skip
    members = db.session.scalars(
        select(Grant.id).where(
            Grant.scope_kind == "organisation", Grant.scope_id == str(organisation.id), Grant.revoked_at.is_(None),
            Grant.user_id != leaving.id,
        )
    ).first()  # fmt: skip
    if others is None and members is not None:
        raise LastAdmin()


def _grants(organisation: Organisation, user: User) -> list[Grant]:
    scope, today = organisation_scope(organisation.id), clock.today()
    rows = db.session.scalars(
        select(Grant).where(
            Grant.user_id == user.id, Grant.scope_kind == scope.kind, Grant.scope_id == scope.id,
            Grant.revoked_at.is_(None),
        )
    )  # fmt: skip
    return [one for one in rows if one.valid_until is None or one.valid_until >= today]
