"""Organisations."""

from missions_app.organisations import organisation_service
from missions_app.organisations.rules import Profile
from tests.architecture.object_pages import Arranged, ObjectPage
from tests.factories.accounts import actor_of, grant_role, make_user
from tests.factories.organisations import make_member, make_organisation, method_in_force


def requested() -> Arranged:
    """One that only who asked, and who answers, may see."""
    method_in_force()
    user = make_user()
    profile = Profile(name="Ny förening", sector="civil")
    organisation = organisation_service.request_organisation(profile, by=actor_of(user), user=user)
    return Arranged({"slug": organisation.slug}, user)


def administered() -> Arranged:
    organisation = make_organisation("Sund AB")
    return Arranged({"slug": organisation.slug}, make_member(organisation, "org_admin"))


def looked_after() -> Arranged:
    organisation, officer = make_organisation("Sund AB"), make_user()
    grant_role(officer, "secretariat_officer")
    return Arranged({"slug": organisation.slug}, officer)


PAGES = [
    ObjectPage("organisations.show_organisation", requested),
    ObjectPage("organisations.edit_organisation", administered),
    ObjectPage("organisations.edit_capabilities", administered),
    ObjectPage("organisations.show_members", administered),
    ObjectPage("organisations.invite_member", administered),
    ObjectPage("organisations.set_owner", looked_after),
    ObjectPage("organisations.end_organisation", looked_after),
    ObjectPage("api_organisations.show_organisation", requested),
    ObjectPage("api_organisations.list_members", administered),
    ObjectPage("api_organisations.list_join_requests", administered),
]
# Everybody who is signed in may ask to join.
OPEN = {"organisations.join"}
