"""Whose a condition of a decision is: a function of the method, or somebody who takes part in the case.

Packages above name the people and organisations of a case; `wiring.py` registers them.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from missions_app.accounts.actor import Actor, organisation_scope
from missions_app.accounts.policy import is_secretariat
from missions_app.workflow.method import Method
from missions_app.workflow.method_service import method_of
from missions_app.workflow.models import DecisionCondition
from missions_app.workflow.rights import acts_as
from missions_app.workflow.subjects import Subject, scopes_of

FUNCTION, ORGANISATION, PERSON = "function", "organisation", "person"
# Who leads or answers for a case; bodies come from the method.
LEADING = ("coordinator", "problem_owner_rep", "experiment_lead", "registrar")


@dataclass(frozen=True, slots=True)
class Owner:
    """One who may be asked: `ref` is the kind and its key ("function:coordinator", "organisation:5", "person:7")."""

    ref: str
    name: str


OwnerSource = Callable[[Any], Iterable[Owner]]
_sources: dict[str, list[OwnerSource]] = {}


def add_owners(kind: str, source: OwnerSource) -> None:
    """Let `source(subject)` name organisations and people of cases of this kind."""
    sources = _sources.setdefault(kind, [])
    if source not in sources:
        sources.append(source)


def owner_of(kind: str, key: object, name: str) -> Owner:
    """An owner by kind and key."""
    return Owner(f"{kind}:{key}", name)


def owners_of(subject: Subject, locale: str) -> list[Owner]:
    """All who may be asked for something in a case: functions in the method's order, then organisations and people."""
    method = method_of(subject.journey.method_version)
    roles = {one.id for one in method.platform_role}
    functions = [*(one for one in LEADING if one in roles), *(body.id for body in method.bodies)]
    named = [owner for source in _sources.get(subject.journey.subject_kind, []) for owner in source(subject)]
    return [
        *(owner_of(FUNCTION, key, method.who(key).in_(locale)) for key in functions),
        *sorted(dict.fromkeys(named), key=lambda one: (one.ref.partition(":")[0], one.name)),
    ]


def is_owner(actor: Actor, condition: DecisionCondition, subject: Subject, method: Method) -> bool:
    """Whether the condition is the actor's to fulfil. What is put in words alone belongs to nobody in particular."""
    kind, _colon, key = condition.owner_ref.partition(":")
    if kind == FUNCTION:
        return acts_as(actor, key, scopes_of(subject), method)
    if kind == ORGANISATION:
        return any(scope == organisation_scope(int(key)) for _role, scope in actor.grants)
    return kind == PERSON and actor.user_id == int(key)


def may_fulfil(actor: Actor, condition: DecisionCondition, subject: Subject) -> bool:
    """Its owner, whoever coordinates the case, and the secretariat say how it was met."""
    method = method_of(subject.journey.method_version)
    leads = is_secretariat(actor) or actor.has("coordinator", *subject.scopes)
    return leads or is_owner(actor, condition, subject, method)
