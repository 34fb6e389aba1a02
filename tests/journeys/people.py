"""Nine people and their organisations, and the days of their story."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from missions_app.accounts.actor import Actor, body_scope, organisation_scope
from missions_app.accounts.models import User
from missions_app.organisations.models import Organisation
from missions_app.strategy import register_service
from missions_app.workflow.method_service import method_in_force
from tests.factories.accounts import actor_of, grant_role, make_user
from tests.factories.organisations import make_organisation
from tests.factories.told import told_once

START = datetime(2026, 3, 2, 8, tzinfo=UTC)


def day(number: int) -> datetime:
    """Nine in the morning, so many days after the story begins."""
    return START + timedelta(days=number)


@dataclass
class Region:
    """Organisations and people by what they are in the story."""

    town: Organisation
    university: Organisation
    company: Organisation
    village: Organisation
    people: dict[str, User]
    # Decides in the story's place: (case, gate, outcome, the decider's part).
    decides: Callable[[Any, str, str, str], None] | None = None

    def actor(self, who: str) -> Actor:
        """A person with the rights of today."""
        return actor_of(self.people[who])


@told_once
def make_region() -> Region:
    """The region's people at the beginning of the story."""
    town = make_organisation("Exempelkommun", sector="public", municipality="1080")
    university = make_organisation("Exempelhögskolan", sector="academia")
    company = make_organisation("Exempel Dagvatten AB", sector="business", is_undertaking=True)
    village = make_organisation("Storgatans byalag (exempel)", sector="civil")
    names = (
        "officer", "representative", "recommender", "decider", "assessor_a", "assessor_b", "coordinator", "researcher",
        "manager", "company_admin", "university_admin", "village_admin", "registrar", "board",
    )  # fmt: skip
    people = {name: make_user(name) for name in names}
    grants = [
        ("officer", "member", organisation_scope(town.id)),
        ("representative", "member", organisation_scope(town.id)),
        ("representative", "problem_owner_rep", organisation_scope(town.id)),
        ("representative", "org_admin", organisation_scope(town.id)),
        ("coordinator", "member", organisation_scope(university.id)),
        ("researcher", "member", organisation_scope(university.id)),
        ("university_admin", "org_admin", organisation_scope(university.id)),
        ("company_admin", "org_admin", organisation_scope(company.id)),
        ("company_admin", "member", organisation_scope(company.id)),
        ("village_admin", "org_admin", organisation_scope(village.id)),
        ("board", "body_member", body_scope("run")),
    ]
    for who, role, scope in grants:
        grant_role(people[who], role, scope)
    for who in ("recommender", "decider"):
        grant_role(people[who], "secretariat_officer")
    grant_role(people["registrar"], "registrar")
    register_service.load_from_method(method_in_force(), by=region_secretariat(people))
    return Region(town, university, company, village, people)


def region_secretariat(people: dict[str, User]) -> Actor:
    """An officer of the secretariat."""
    return actor_of(people["decider"])
