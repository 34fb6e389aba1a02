"""Whoever acts: a value loaded once per request, on which every policy decides. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, order=True)
class Scope:
    """Where a right holds: a kind and an id as text. REGION holds everywhere."""

    kind: str
    id: str = ""


REGION = Scope("region")


def organisation_scope(organisation_id: int) -> Scope:
    """The scope of one organisation."""
    return Scope("organisation", str(organisation_id))


def mission_scope(mission_id: int) -> Scope:
    """The scope of one mission."""
    return Scope("mission", str(mission_id))


def challenge_scope(challenge_id: int) -> Scope:
    """The scope of one challenge (its assessors, its co-authors)."""
    return Scope("challenge", str(challenge_id))


def experiment_scope(experiment_id: int) -> Scope:
    """The scope of one experiment."""
    return Scope("experiment", str(experiment_id))


def site_scope(site_id: int) -> Scope:
    """The scope of one site."""
    return Scope("site", str(site_id))


def body_scope(body: str) -> Scope:
    """The scope of one body, by its key in the method."""
    return Scope("body", body)


@dataclass(frozen=True, slots=True)
class Actor:
    """A user with the rights valid today, the system itself, or an anonymous visitor (user_id None)."""

    user_id: int | None
    audit_id: str
    name: str
    locale: str = "sv"
    grants: frozenset[tuple[str, Scope]] = frozenset()
    api_scopes: frozenset[str] | None = field(default=None)
    is_system: bool = False

    @property
    def is_signed_in(self) -> bool:
        """Whether somebody is behind it."""
        return self.user_id is not None

    @property
    def audit_role(self) -> str:
        """The role history shows when a call does not say which one was used."""
        roles = sorted({role for role, _scope in self.grants})
        return "system" if self.is_system else (roles[0] if len(roles) == 1 else "user" if self.user_id else "visitor")

    def has(self, role: str, *scopes: Scope) -> bool:
        """Whether the actor holds the role in the region or in any of the scopes."""
        return (role, REGION) in self.grants or any((role, scope) in self.grants for scope in scopes)

    def has_any(self, roles: Iterable[str], *scopes: Scope) -> bool:
        """Whether the actor holds any of the roles in the region or in any of the scopes."""
        return any(self.has(role, *scopes) for role in roles)

    def scopes_of(self, role: str, kind: str) -> frozenset[str]:
        """The ids of the scopes of one kind in which the actor holds the role."""
        return frozenset(scope.id for held, scope in self.grants if held == role and scope.kind == kind)

    def organisations(self) -> frozenset[int]:
        """The ids of the organisations the actor belongs to, in any role."""
        return frozenset(int(scope.id) for _role, scope in self.grants if scope.kind == "organisation")

    def bodies(self) -> frozenset[str]:
        """The keys of the bodies the actor sits in."""
        return frozenset(scope.id for _role, scope in self.grants if scope.kind == "body")


ANONYMOUS = Actor(user_id=None, audit_id="visitor", name="")
SYSTEM = Actor(user_id=None, audit_id="system", name="Missions", is_system=True)
