"""Giving and taking back rights, and lending them to deputies."""

from datetime import date

from sqlalchemy import select

from missions_app import clock, db
from missions_app.accounts.actor import REGION, Actor, Scope
from missions_app.accounts.errors import LastAdministrator, NotHeld, WrongState
from missions_app.accounts.models import Grant, User, UserState
from missions_app.accounts.policy import SECRETARIAT, SYSADMIN, can_end_grant, can_give, can_lend, permit
from missions_app.accounts.queries import grants_of, users_with
from missions_app.audit import trail
from missions_app.errors import InvalidInput, NotFound, Problem
from missions_app.i18n import N_
from missions_app.outbox.mail import queue_mail


def grant(
    user: User, role: str, scope: Scope, *, by: Actor, valid_from: date | None = None, valid_until: date | None = None,
    deputy_for: User | None = None,
) -> Grant:  # fmt: skip
    """Give a user a role in a scope. The caller has checked that `by` may; giving what is held changes nothing."""
    with db.transaction() as session:
        start = valid_from or clock.today()
        same = (
            Grant.user_id == user.id, Grant.role == role, Grant.scope_kind == scope.kind, Grant.scope_id == scope.id,
        )  # fmt: skip
        held = session.scalars(
            select(Grant).where(
                *same, Grant.revoked_at.is_(None), Grant.valid_until.is_(None), Grant.valid_from <= start
            )
        ).first()
        if held is not None:
            return held
        # One row per day: what was taken back or lent on the same day is given again.
        given = session.scalars(select(Grant).where(*same, Grant.valid_from == start)).first()
        if given is None:
            given = Grant(user_id=user.id, role=role, scope_kind=scope.kind, scope_id=scope.id, valid_from=start)
            session.add(given)
        given.valid_until, given.granted_by, given.revoked_at = valid_until, by.audit_id, None
        given.deputy_for_id = deputy_for.id if deputy_for else None
        trail.record("grant.given", user, by=by, role_given=role, scope=f"{scope.kind}:{scope.id}")
        return given


def revoke(given: Grant, *, by: Actor) -> None:
    """Take a right back at once; twice is the same as once. The caller has checked that `by` may."""
    with db.transaction():
        if given.revoked_at is not None:
            return
        given.revoked_at = clock.now()
        trail.record(
            "grant.revoked", given.user, by=by, role_taken=given.role, scope=f"{given.scope_kind}:{given.scope_id}"
        )


def give_region_role(user: User, role: str, *, by: Actor) -> Grant:
    """Give a user a role in the whole region.

    Raises:
        NotAllowed, WrongState: the account is closed.
    """
    permit(can_give, by, role)
    if user.state not in (UserState.ACTIVE, UserState.INVITED):
        raise WrongState()
    return grant(user, role, REGION, by=by)


def take_region_role(given: Grant, *, by: Actor) -> None:
    """Take a role in the whole region back.

    Raises:
        NotAllowed, NotFound: it is another kind of right. LastAdministrator.
    """
    permit(can_give, by, given.role)
    if given.scope_kind != REGION.kind:
        raise NotFound()
    with db.transaction():
        keepers = {one.id for role in (SYSADMIN, SECRETARIAT) for one in users_with(role, REGION)}
        if given.role in (SYSADMIN, SECRETARIAT) and keepers == {given.user_id} and not _holds_another(given):
            raise LastAdministrator()
        revoke(given, by=by)


def _holds_another(given: Grant) -> bool:
    others = [one for one in grants_of(given.user) if one.id != given.id]
    return any(one.role in (SYSADMIN, SECRETARIAT) and one.scope_kind == REGION.kind for one in others)


def lend(held: Grant, deputy: User, *, valid_from: date, valid_until: date, by: Actor) -> Grant:
    """Let a deputy act in somebody's role between two days, both included.

    Raises:
        NotAllowed, NotHeld, InvalidInput (the days, the deputy).
    """
    permit(can_lend, by, held)
    with db.transaction():
        if held.revoked_at is not None or (held.valid_until is not None and held.valid_until < valid_until):
            raise NotHeld(field="valid_until")
        problems = _lending_problems(held, deputy, valid_from, valid_until)
        if problems:
            raise InvalidInput.of(problems)
        scope = Scope(held.scope_kind, held.scope_id)
        lent = grant(
            deputy, held.role, scope, by=by, valid_from=valid_from, valid_until=valid_until, deputy_for=held.user
        )
        queue_mail(deputy.email, "deputy", locale=deputy.locale, name=held.user.name, valid_from=valid_from.isoformat(),
                   valid_until=valid_until.isoformat())  # fmt: skip
        return lent


def _lending_problems(held: Grant, deputy: User, valid_from: date, valid_until: date) -> list[Problem]:
    problems = []
    if deputy.id == held.user_id or deputy.state is not UserState.ACTIVE:
        problems.append(Problem("wrong_deputy", N_("Choose another person who has an open account."), "email"))
    if valid_from < clock.today():
        problems.append(Problem("past", N_("Choose today or a later day."), "valid_from"))
    if valid_until < valid_from:
        problems.append(Problem("wrong_order", N_("The last day cannot be before the first."), "valid_until"))
    return problems


def end_lending(lent: Grant, *, by: Actor) -> None:
    """Take a role back from a deputy."""
    permit(can_end_grant, by, lent)
    revoke(lent, by=by)


def get_grant(grant_id: int) -> Grant:
    """The right, or NotFound."""
    found = db.session.get(Grant, grant_id)
    if found is None:
        raise NotFound()
    return found


def lent_by(user: User) -> list[Grant]:
    """What a user's deputies hold today or will hold, the first to end first."""
    return list(
        db.session.scalars(
            select(Grant)
            .where(Grant.deputy_for_id == user.id, Grant.revoked_at.is_(None), Grant.valid_until >= clock.today())
            .order_by(Grant.valid_until, Grant.id)
        )
    )
