"""Organisations for tests, and the method in force that their words come from."""

import itertools

from sqlalchemy import select

from missions_app import db
from missions_app.accounts.actor import SYSTEM, Actor, organisation_scope
from missions_app.accounts.models import User
from missions_app.organisations import organisation_service
from missions_app.organisations.models import Organisation
from missions_app.organisations.rules import Profile
from missions_app.paths import METHODS
from missions_app.workflow.method_service import publish_method
from missions_app.workflow.models import MethodStatus, MethodVersion
from tests.factories.accounts import actor_of, grant_role, make_user

_numbers = itertools.count(1)


def method_in_force() -> MethodVersion:
    """The region's own method, adopted."""
    known = db.session.scalars(select(MethodVersion).where(MethodVersion.status == MethodStatus.ADOPTED)).first()
    return known or publish_method((METHODS / "blekinge-1.toml").read_text("utf-8"), by=SYSTEM)


def make_number() -> str:
    """A Swedish organisation number that holds together, new each time."""
    digits = [int(sign) for sign in f"556{next(_numbers):06d}"]
    doubled = [digit * 2 - 9 * (digit > 4) if place % 2 == 0 else digit for place, digit in enumerate(digits)]
    text = "".join(map(str, digits)) + str(-sum(doubled) % 10)
    return f"{text[:6]}-{text[6:]}"


def make_organisation(
    name: str = "", *, sector: str = "business", owner: Organisation | None = None, **more: object
) -> Organisation:
    """An active organisation, with the method in force."""
    method_in_force()
    profile = Profile(name=name or f"Bolag {next(_numbers)}", sector=sector, **more)  # type: ignore[arg-type]
    return organisation_service.add_organisation(profile, by=SYSTEM, owner=owner)


def make_member(organisation: Organisation, *roles: str, name: str = "") -> User:
    """A person who belongs to the organisation, in the roles given beside membership."""
    user = make_user(name)
    for role in ("member", *roles):
        grant_role(user, role, organisation_scope(organisation.id))
    return user


def member_actor(organisation: Organisation, *roles: str) -> Actor:
    """Such a person as an actor."""
    return actor_of(make_member(organisation, *roles))
