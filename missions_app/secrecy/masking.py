"""Who sees what is not for everybody. Pure.

A claim is a wish, never a promise: secrecy is tried at each request for the document. Until then the platform shows
a claimed field to nobody who does not need it: not in lists, counts, exports, mail, search or the API.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from missions_app.accounts.actor import Actor, Scope

# Handle the case by office. The system administrator does not: that role gives no sight of secrets.
OFFICES = ("secretariat_officer", "registrar")


class Visibility(StrEnum):
    """The method's three levels, by their ids there."""

    PUBLIC = "public"
    PARTNERS = "partners"
    CONFIDENTIAL_CLAIM = "confidential_claim"


@dataclass(frozen=True, slots=True)
class Circle:
    """Around a field: the scopes of whoever gave it, and of those who work on the case together with them."""

    owners: frozenset[Scope]
    partners: frozenset[Scope] = frozenset()


def visible(actor: Actor, visibility: str, circle: Circle) -> bool:
    """Whether an actor sees a field. An unknown visibility is treated as claimed."""
    if visibility == Visibility.PUBLIC or actor.is_system:
        return True
    if any(actor.has(office) for office in OFFICES):
        return True
    if _is_within(actor, circle.owners):
        return True
    return visibility == Visibility.PARTNERS and _is_within(actor, circle.partners)


def shown(actor: Actor, text: str, visibility: str, circle: Circle) -> str | None:
    """The text as the actor sees it; None where it is masked (an empty text is never masked)."""
    return text if not text or visible(actor, visibility, circle) else None


def masked(
    actor: Actor, values: Mapping[str, str], visibilities: Mapping[str, str], circle: Circle
) -> dict[str, str | None]:
    """Every field as the actor sees it. A field without its own visibility is public."""
    return {
        name: shown(actor, text, visibilities.get(name, Visibility.PUBLIC), circle) for name, text in values.items()
    }


def searchable(values: Mapping[str, str], visibilities: Mapping[str, str]) -> list[str]:
    """The texts that may go into an index, a count or an open export: only public ones."""
    return [text for name, text in values.items() if visibilities.get(name, Visibility.PUBLIC) == Visibility.PUBLIC]


def _is_within(actor: Actor, scopes: Iterable[Scope]) -> bool:
    wanted = frozenset(scopes)
    return any(scope in wanted for _role, scope in actor.grants)
