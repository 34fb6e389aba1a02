"""Who may do what with accounts, and the one way services refuse. Pure."""

from collections.abc import Callable
from typing import TypeVar

from missions_app.accounts.actor import Actor, organisation_scope
from missions_app.accounts.models import Grant, User
from missions_app.errors import NotAllowed

S = TypeVar("S")

SECRETARIAT = "secretariat_officer"
SYSADMIN = "sysadmin"


def permit(policy: Callable[[Actor, S], bool], actor: Actor, subject: S) -> None:
    """Refuse unless the policy says yes. The system itself may do everything that services offer.

    Raises:
        NotAllowed: the actor lacks the right.
    """
    if not actor.is_system and not policy(actor, subject):
        raise NotAllowed()


def is_secretariat(actor: Actor) -> bool:
    """A secretariat officer of the region."""
    return actor.has(SECRETARIAT)


def can_manage_accounts(actor: Actor, _subject: object = None) -> bool:
    """The system administrator and the secretariat answer account requests and suspend accounts."""
    return actor.has(SYSADMIN) or actor.has(SECRETARIAT)


def can_manage_members(actor: Actor, organisation_id: int) -> bool:
    """An organisation's administrators manage its members; the secretariat helps."""
    return actor.has("org_admin", organisation_scope(organisation_id)) or can_manage_accounts(actor)


def can_edit_account(actor: Actor, user: User) -> bool:
    """Everybody their own."""
    return actor.user_id is not None and actor.user_id == user.id


def can_erase(actor: Actor, user: User) -> bool:
    """The system administrator, but not themselves."""
    return actor.has(SYSADMIN) and actor.user_id != user.id


def can_lend(actor: Actor, held: Grant) -> bool:
    """Whoever holds the role in their own right; the secretariat and the administrator for them."""
    if held.deputy_for_id is not None:
        return False
    return (actor.user_id is not None and actor.user_id == held.user_id) or can_manage_accounts(actor)


# Roles held in the whole region, and who gives them.
GIVEN_BY = {
    SYSADMIN: (SYSADMIN,),
    SECRETARIAT: (SYSADMIN,),
    "registrar": (SYSADMIN,),
    "assessor": (SYSADMIN, SECRETARIAT),
}


def can_give(actor: Actor, role: str) -> bool:
    """Whether the actor gives and takes this role in the whole region."""
    return actor.has_any(GIVEN_BY.get(role, ()))


def can_end_grant(actor: Actor, lent: Grant) -> bool:
    """Whoever lent it, the deputy, the secretariat and the administrator."""
    ours = (lent.user_id, lent.deputy_for_id)
    return (actor.user_id is not None and actor.user_id in ours) or can_manage_accounts(actor)
