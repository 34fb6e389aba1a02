"""Organisations: entered, asked for, edited, owned, ended; and joining them."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from missions_app.accounts.actor import SYSTEM
from missions_app.audit.models import AuditEvent
from missions_app.errors import InvalidInput, NotAllowed, NotFound, StaleVersion
from missions_app.organisations import ending_service, membership_service, organisation_service, queries, tasks
from missions_app.organisations.errors import (
    AlreadyAnswered,
    AlreadyMember,
    LastAdmin,
    NotMember,
    NotOpen,
    NumberTaken,
    OwnsItself,
)
from missions_app.organisations.models import MembershipState, Organisation, OrganisationState
from missions_app.organisations.rules import Profile
from tests.factories.accounts import actor_of, make_actor, make_secretariat, make_user
from tests.factories.organisations import make_member, make_number, make_organisation, member_actor, method_in_force
from tests.factories.outbox import queued_mail


def actions(session: Session) -> list[str]:
    return list(session.scalars(select(AuditEvent.action).order_by(AuditEvent.id)))


def test_the_secretariat_enters_and_others_ask(session: Session) -> None:
    method_in_force()
    profile = Profile(name="Sund AB", sector="business")

    with pytest.raises(NotAllowed):
        organisation_service.add_organisation(profile, by=make_actor("member"))
    organisation = organisation_service.add_organisation(profile, by=make_secretariat())

    assert (organisation.slug, organisation.state) == ("sund-ab", OrganisationState.ACTIVE)
    assert organisation.group == organisation.id
    assert actions(session)[-1] == "organisation.added"


def test_a_number_belongs_to_one_organisation(session: Session) -> None:
    number = make_number()
    make_organisation("Sund AB", number=number)

    with pytest.raises(NumberTaken) as refused:
        make_organisation("Vik AB", number=number.replace("-", ""))
    assert (refused.value.field, refused.value.params) == ("number", {"name": "Sund AB"})


def test_the_same_name_gets_another_address(session: Session) -> None:
    assert [make_organisation("Sund AB").slug for _number in range(3)] == ["sund-ab", "sund-ab-2", "sund-ab-3"]


def test_who_asked_for_an_organisation_becomes_its_administrator(session: Session) -> None:
    method_in_force()
    user, officer = make_user(), make_secretariat()
    organisation = organisation_service.request_organisation(
        Profile(name="Sund AB", sector="civil"), by=actor_of(user), user=user
    )
    assert queued_mail("organisation_requested")["data"]["slug"] == organisation.slug

    organisation_service.answer_organisation(
        organisation, accept=True, by=officer, expected_version=organisation.version
    )

    assert organisation.state is OrganisationState.ACTIVE
    assert sorted(role for _user, role in queries.members_of(organisation)) == ["member", "org_admin"]
    assert queued_mail("organisation_answered")["to"] == user.email
    with pytest.raises(AlreadyAnswered):
        organisation_service.answer_organisation(
            organisation, accept=False, by=officer, expected_version=organisation.version
        )


def test_an_administrator_edits_all_but_what_the_criteria_count_on(session: Session) -> None:
    organisation = make_organisation("Sund AB", number=make_number())
    admin = member_actor(organisation, "org_admin")
    number = organisation.number or ""

    organisation_service.edit_organisation(
        organisation, Profile(name="Sund & Vik AB", sector="business", number=number), by=admin,
        expected_version=organisation.version,
    )  # fmt: skip
    with pytest.raises(InvalidInput) as refused:
        organisation_service.edit_organisation(
            organisation, Profile(name="Sund AB", sector="civil", number=make_number()), by=admin,
            expected_version=organisation.version,
        )  # fmt: skip

    assert [(one.code, one.field) for one in refused.value.problems] == [("locked", "sector"), ("locked", "number")]
    assert (organisation.name, organisation.sector) == ("Sund & Vik AB", "business")


def test_the_secretariat_edits_everything(session: Session) -> None:
    organisation = make_organisation("Sund AB")

    organisation_service.edit_organisation(
        organisation,
        Profile(name="Ål AB", sector="civil"),
        by=make_secretariat(),
        expected_version=organisation.version,
    )

    assert (organisation.name, organisation.sector, organisation.slug) == ("Ål AB", "civil", "sund-ab")
    with pytest.raises(StaleVersion):
        organisation_service.edit_organisation(
            organisation, Profile(name="Sund", sector="civil"), by=make_secretariat(), expected_version=1
        )


def test_affiliated_organisations_count_as_one(session: Session) -> None:
    top = make_organisation("Kommun", sector="public")
    middle = make_organisation("Bolag", owner=top)
    bottom = make_organisation("Dotter", owner=middle)
    assert {top.group, middle.group, bottom.group} == {top.id}

    organisation_service.set_owner(middle, None, by=SYSTEM, expected_version=middle.version)
    assert (middle.group, bottom.group) == (middle.id, middle.id)
    with pytest.raises(OwnsItself):
        organisation_service.set_owner(middle, bottom, by=SYSTEM, expected_version=middle.version)


def test_capabilities_are_replaced_whole_and_checked(session: Session) -> None:
    organisation = make_organisation("Sund AB")
    admin = member_actor(organisation, "org_admin")

    organisation_service.set_capabilities(organisation, {"ai": (1, "Test"), "software": (2, "", "partners")}, by=admin)
    organisation_service.set_capabilities(organisation, {"ai": (3, "Mer", "confidential_claim")}, by=admin)

    assert [(one.peak, one.level, one.evidence, one.visibility) for one in queries.capabilities_of(organisation)] == [
        ("ai", 3, "Mer", "confidential_claim")
    ]
    for wrong in ({"magic": (1, "")}, {"ai": (4, "")}, {"ai": (1, "", "nobody")}):
        with pytest.raises(InvalidInput):
            organisation_service.set_capabilities(organisation, wrong, by=admin)  # type: ignore[arg-type]


def test_joining_is_answered_by_the_administrator(session: Session) -> None:
    organisation = make_organisation("Sund AB")
    admin, user = make_member(organisation, "org_admin"), make_user()

    request = organisation_service.ask_to_join(organisation, user=user, message="Hej", by=actor_of(user))
    assert organisation_service.ask_to_join(organisation, user=user, message="", by=actor_of(user)) is request
    assert queued_mail("membership_requested")["to"] == admin.email
    assert [task.endpoint for task in tasks.tasks_for(actor_of(admin))] == ["organisations.show_members"]
    with pytest.raises(NotAllowed):
        organisation_service.answer_request(request, accept=True, by=actor_of(user))

    organisation_service.answer_request(request, accept=True, by=actor_of(admin))

    assert request.state is MembershipState.ACCEPTED
    assert actor_of(user).organisations() == {organisation.id}
    assert queued_mail("membership_answered")["data"]["accepted"] is True
    with pytest.raises(AlreadyMember):
        organisation_service.ask_to_join(organisation, user=user, message="", by=actor_of(user))


def test_an_organisation_without_administrator_is_answered_by_the_secretariat(session: Session) -> None:
    organisation, user, officer = make_organisation("Sund AB"), make_user(), make_secretariat()

    organisation_service.ask_to_join(organisation, user=user, message="", by=actor_of(user))

    assert [task.values for task in tasks.tasks_for(officer)] == [{"slug": organisation.slug}]


def test_members_are_invited_given_roles_and_let_go(session: Session) -> None:
    organisation = make_organisation("Sund AB")
    admin = make_member(organisation, "org_admin")

    user = membership_service.invite_member(
        organisation, email="ny@example.se", name="Ny", role="problem_owner_rep", by=actor_of(admin)
    )
    roles = {role for one, role in queries.members_of(organisation) if one is user}
    assert roles == {"member", "problem_owner_rep"}

    membership_service.set_roles(organisation, user, frozenset({"org_admin"}), by=actor_of(admin))
    assert {role for one, role in queries.members_of(organisation) if one is user} == {"member", "org_admin"}
    membership_service.remove_member(organisation, user, by=actor_of(admin))
    assert [one for one, _role in queries.members_of(organisation) if one is user] == []
    with pytest.raises(NotMember):
        membership_service.remove_member(organisation, user, by=actor_of(admin))


@pytest.mark.parametrize("role", ["secretariat_officer", "sysadmin", "coordinator", "anything"])
def test_an_organisation_gives_only_its_own_roles(session: Session, role: str) -> None:
    organisation = make_organisation("Sund AB")

    with pytest.raises(InvalidInput):
        membership_service.invite_member(
            organisation, email="ny@example.se", name="Ny", role=role, by=member_actor(organisation, "org_admin")
        )


def test_an_organisation_with_members_keeps_an_administrator(session: Session) -> None:
    organisation = make_organisation("Sund AB")
    admin = make_member(organisation, "org_admin")
    make_member(organisation)

    with pytest.raises(LastAdmin):
        membership_service.remove_member(organisation, admin, by=make_secretariat())
    with pytest.raises(LastAdmin):
        membership_service.set_roles(organisation, admin, frozenset(), by=actor_of(admin))


def test_members_leave_by_themselves_and_others_do_not_let_them_go(session: Session) -> None:
    organisation = make_organisation("Sund AB")
    make_member(organisation, "org_admin")
    one, other = make_member(organisation), make_member(organisation)

    with pytest.raises(NotAllowed):
        membership_service.remove_member(organisation, one, by=actor_of(other))
    membership_service.remove_member(organisation, one, by=actor_of(one))
    assert actor_of(one).organisations() == frozenset()


def test_a_closed_organisation_has_no_members_and_cannot_be_joined(session: Session) -> None:
    organisation = make_organisation("Sund AB")
    user = make_member(organisation, "org_admin")

    ending_service.close_organisation(organisation, by=make_secretariat(), expected_version=organisation.version)

    assert actor_of(user).organisations() == frozenset()
    with pytest.raises(NotFound):
        queries.get_active(organisation.slug)
    with pytest.raises(NotOpen):
        ending_service.close_organisation(organisation, by=make_secretariat(), expected_version=organisation.version)


def test_a_merged_organisation_goes_on_in_the_other(session: Session) -> None:
    old, new = make_organisation("Gamla AB"), make_organisation("Nya AB")
    daughter = make_organisation("Dotter AB", owner=old)
    user = make_member(old, "org_admin")

    ending_service.merge_into(old, new, by=make_secretariat(), expected_version=old.version)

    assert queries.get_active(old.slug) is new
    assert actor_of(user).organisations() == {new.id}
    assert (daughter.owner, daughter.group) == (new, new.id)
    assert [one.name for one in session.scalars(queries.organisations())] == ["Dotter AB", "Nya AB"]


@pytest.mark.parametrize(
    ("filters", "names"),
    [
        ({}, ["Abborre AB", "Zebra AB", "Ål AB"]),
        ({"text": "ÅL"}, ["Ål AB"]),
        ({"text": "ål"}, ["Ål AB"]),
        ({"sector": "civil"}, ["Zebra AB"]),
        ({"municipality": "1080"}, ["Ål AB"]),
        ({"peak": "ai"}, ["Abborre AB"]),
        ({"sector": "civil", "peak": "ai"}, []),
    ],
)
def test_the_list_is_narrowed_and_in_swedish_order(session: Session, filters: dict[str, str], names: list[str]) -> None:
    make_organisation("Ål AB", municipality="1080")
    make_organisation("Zebra AB", sector="civil")
    organisation_service.set_capabilities(make_organisation("Abborre AB"), {"ai": (1, "")}, by=SYSTEM)

    assert [one.name for one in session.scalars(queries.organisations(**filters))] == names
    assert session.scalars(select(Organisation)).all() != []
