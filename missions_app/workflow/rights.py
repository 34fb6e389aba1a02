"""Whether an actor is one of those whom the method names: platform roles and bodies. Pure."""

from collections.abc import Iterable

from missions_app.accounts.actor import Actor, Scope, body_scope
from missions_app.workflow.method import Method


def acts_as(actor: Actor, who: str, scopes: Iterable[Scope], method: Method) -> bool:
    """Whether the actor may act as `who` for a case.

    Args:
        who: a platform role, held in the region or in one of the case's scopes; or a body, in which the actor
            sits. A body that works through an office (the secretariat) names that office's role instead.
        scopes: where the case's roles are held.
    """
    if who in method.body_ids:
        office = method.body(who).role
        return actor.has(office) if office else actor.has("body_member", body_scope(who))
    return actor.has(who, *scopes)


def acts_as_any(actor: Actor, who: Iterable[str], scopes: Iterable[Scope], method: Method) -> str | None:
    """The first of `who` that the actor may act as, or None."""
    places = tuple(scopes)
    return next((one for one in who if acts_as(actor, one, places, method)), None)
