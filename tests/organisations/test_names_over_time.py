"""Names, sectors and doubles over time: the past is not rewritten."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from missions_app import clock, db
from missions_app.accounts.actor import SYSTEM
from missions_app.organisations import ending_service, membership_service, organisation_service, queries, tasks
from missions_app.organisations.errors import LooksLike
from missions_app.organisations.rules import Profile, is_alike
from missions_app.outbox.models import Job
from tests.factories.accounts import actor_of, make_actor, make_secretariat, make_user
from tests.factories.organisations import make_member, make_organisation, member_actor, method_in_force

pytestmark = pytest.mark.usefixtures("session")


@pytest.mark.parametrize(
    ("first", "second", "alike"),
    [
        ("Sund AB", "Sund Aktiebolag (publ)", True), ("Karlskrona kommun", "Karlskrona", True),
        ("Karlshamns kommun", "Karlshamn", True), ("Hav & Givare AB", "Havgivare", True),
        ("Hav-Givare", "HAV GIVARE AB", True), ("Sund AB", "Sund Vatten AB", False), ("AB", "Kommun", False),
    ],
)  # fmt: skip
def test_spellings_of_one_name_are_alike(first: str, second: str, alike: bool) -> None:
    assert is_alike(first, second) is alike


def test_the_same_organisation_is_not_entered_twice_unless_somebody_says_it_is_another() -> None:
    make_organisation("Sund AB")
    double = Profile(name="Sund Aktiebolag", sector="business")

    with pytest.raises(LooksLike):
        organisation_service.add_organisation(double, by=SYSTEM, is_another=False)
    with pytest.raises(LooksLike):
        organisation_service.request_organisation(double, by=make_actor(), user=make_user(), is_another=False)
    made = organisation_service.add_organisation(double, by=SYSTEM, is_another=True)

    assert made.name == "Sund Aktiebolag"


def test_a_new_name_and_a_new_sector_keep_the_old_ones_for_their_time() -> None:
    company = make_organisation("Gamla Namnet AB")
    before = clock.now()
    with clock.fixed(before + timedelta(days=10)):
        organisation_service.edit_organisation(
            company, Profile(name="Nya Namnet AB", sector="public"), by=SYSTEM, expected_version=company.version
        )
    later = before + timedelta(days=20)

    assert queries.names_at({company.id: before}) == {company.id: "Gamla Namnet AB"}
    assert queries.names_at({company.id: later}) == {}
    assert [(one.name, one.sector) for one in queries.former_entries(company)] == [("Gamla Namnet AB", "business")]


def test_a_double_counts_as_one_with_the_organisation_that_goes_on() -> None:
    double, other = make_organisation("Sund Aktiebolag"), make_organisation("Sund AB")
    organisation_service.set_capabilities(double, {"ai": (3, "")}, by=SYSTEM)

    ending_service.merge_into(double, other, by=SYSTEM, expected_version=double.version)

    assert double.group == other.group
    assert [one.peak for one in queries.capabilities_of(other)] == ["ai"]
    assert [one.name for one in queries.merged_into(other)] == ["Sund Aktiebolag"]


def test_when_the_last_administrator_leaves_the_secretariat_is_asked() -> None:
    officer = make_secretariat()
    company = make_organisation("Sund AB")
    admin = make_member(company, "org_admin")
    make_member(company)

    membership_service.remove_member(company, admin, by=actor_of(admin))

    letters = db.session.scalars(select(Job).where(Job.kind == "mail")).all()
    assert any(one.payload.get("template") == "administrator_left" for one in letters)
    assert "Find an administrator for %(name)s" in [task.title for task in tasks.tasks_for(officer)]


def test_a_contact_with_nobody_behind_it_is_told() -> None:
    method_in_force()
    empty, manned = make_organisation("Tom AB"), make_organisation("Full AB")
    member_actor(manned)

    assert (queries.has_living_contact(empty), queries.has_living_contact(manned)) == (False, True)
