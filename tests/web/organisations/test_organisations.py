"""Organisations in the browser."""

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from missions_app.accounts.actor import SYSTEM
from missions_app.organisations import organisation_service, queries
from missions_app.organisations.models import OrganisationState
from missions_app.organisations.rules import Profile
from missions_app.partnerships import partner_service
from missions_app.partnerships import queries as partnership_queries
from tests.factories.accounts import actor_of, grant_role, make_user, sign_in, sign_out
from tests.factories.organisations import make_member, make_number, make_organisation, method_in_force
from tests.factories.partnerships import make_partnership


def officer_client(client: FlaskClient) -> FlaskClient:
    user = make_user("Siv")
    grant_role(user, "secretariat_officer")
    return sign_in(client, user)


def test_the_list_is_open_narrowed_and_in_swedish_order(client: FlaskClient) -> None:
    for name in ("Ål AB", "Zebra AB", "Abborre AB"):
        make_organisation(name)
    make_organisation("Kommunen", sector="public")

    everything = client.get("/organisations").text
    public = client.get("/organisations?sector=public").text
    nothing = client.get("/organisations?q=xyz").text

    places = [everything.index(name) for name in ("Abborre AB", "Kommunen", "Zebra AB", "Ål AB")]
    assert places == sorted(places)
    assert ("Kommunen" in public, "Zebra AB" in public) == (True, False)
    assert "Ingen organisation stämmer" in nothing


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_asks_the_database_as_often_for_one_as_for_three(
    client: FlaskClient, session: Session, count: int
) -> None:
    for number in range(count):
        make_organisation(f"Bolag {number}")
    statements: list[str] = []
    connection = session.connection()
    sa.event.listen(connection, "before_cursor_execute", lambda *args: statements.append(args[2]))

    client.get("/organisations")

    assert len([one for one in statements if one.startswith("SELECT")]) == 3


def test_claimed_secrets_are_shown_to_the_organisation_only(client: FlaskClient) -> None:
    organisation = make_organisation("Sund AB")
    organisation_service.set_capabilities(organisation, {"ai": (1, "Hemlig lack", "confidential_claim")}, by=SYSTEM)
    url = f"/organisations/{organisation.slug}"

    for reader in (None, make_user(), make_member(make_organisation("Annan AB"))):
        sign_out(client) if reader is None else sign_in(client, reader)
        assert "Hemlig lack" not in client.get(url).text
        assert "Hemlig lack" not in client.get(f"/api/v1{url}").text
    sign_in(client, make_member(organisation))
    assert "Hemlig lack" in client.get(url).text
    assert "Hemlig lack" in client.get(f"/api/v1{url}").text


def test_the_secretariat_enters_an_organisation_and_faults_are_shown_at_their_fields(client: FlaskClient) -> None:
    method_in_force()
    officer_client(client)
    data = {"name": "Sund AB", "sector": "business", "number": "123", "country": "SE"}

    wrong = client.post("/organisations/new", data=data)
    right = client.post("/organisations/new", data=data | {"number": make_number()})

    assert "Organisationsnumret stämmer inte." in wrong.text
    assert 'href="#number"' in wrong.text
    assert (right.status_code, right.location) == (303, "/organisations/sund-ab")


def test_who_asks_sees_the_request_and_strangers_do_not(client: FlaskClient) -> None:
    method_in_force()
    user = make_user()
    sign_in(client, user)

    asked = client.post("/organisations/new", data={"name": "Ny förening", "sector": "civil", "country": "SE"})

    assert "Sekretariatet svarar" in client.get(asked.location).text
    sign_in(client, make_user())
    assert client.get(asked.location).status_code == 404
    sign_out(client)
    assert client.get(asked.location).status_code == 404
    officer_client(client)
    organisation = queries.get_organisation("ny-forening")
    client.post(f"{asked.location}/answer", data={"answer": "accept", "version": organisation.version})
    assert organisation.state is OrganisationState.ACTIVE
    assert actor_of(user).has("org_admin") is False
    assert actor_of(user).organisations() == {organisation.id}


def test_an_administrator_edits_without_losing_what_only_the_secretariat_sets(client: FlaskClient) -> None:
    number = make_number()
    organisation = make_organisation("Sund AB", number=number, municipality="1080")
    sign_in(client, make_member(organisation, "org_admin"))
    url = f"/organisations/{organisation.slug}/edit"
    page = client.get(url)

    saved = client.post(
        url, data={"name": "Sund & Vik AB", "municipality": "1080", "country": "SE", "version": organisation.version}
    )

    assert 'name="sector"' not in page.text
    assert saved.status_code == 303
    assert (organisation.name, organisation.number, organisation.sector) == ("Sund & Vik AB", number, "business")
    stale = client.post(url, data={"name": "Gammal AB", "country": "SE", "version": 1})
    assert 'value="Gammal AB"' in stale.text


def test_capabilities_are_added_and_taken_away(client: FlaskClient) -> None:
    organisation = make_organisation("Sund AB")
    sign_in(client, make_member(organisation, "org_admin"))
    url = f"/organisations/{organisation.slug}/capabilities"

    client.post(url, data={"peak": "ai", "level": "2", "evidence": "Projekt", "visibility": "partners"})
    assert [(one.peak, one.level, one.visibility) for one in queries.capabilities_of(organisation)] == [
        ("ai", 2, "partners")
    ]
    client.post(f"{url}/ai/remove")
    assert queries.capabilities_of(organisation) == []


def test_joining_answering_roles_and_leaving(client: FlaskClient) -> None:
    organisation = make_organisation("Sund AB")
    admin, user = make_member(organisation, "org_admin"), make_user("Pia")
    url = f"/organisations/{organisation.slug}"
    sign_in(client, user)
    client.post(f"{url}/join", data={"message": "Hej"})
    assert client.get(f"{url}/members").status_code == 403

    sign_in(client, admin)
    assert "Pia" in client.get(f"{url}/members").text
    request = queries.open_requests(organisation)[0]
    client.post(f"{url}/requests/{request.id}", data={"answer": "accept"})
    client.post(f"{url}/members/{user.id}/roles", data={"role": ["problem_owner_rep"]})
    assert actor_of(user).has("problem_owner_rep", *organisation.scopes)
    client.post(f"{url}/members/invite", data={"name": "Ny", "email": "ny@example.se", "role": "member"})
    assert len({one for one, _role in queries.members_of(organisation)}) == 3

    sign_in(client, user)
    client.post(f"{url}/members/{user.id}/remove")
    assert actor_of(user).organisations() == frozenset()


def test_owner_and_end_are_the_secretariats(client: FlaskClient) -> None:
    top, organisation = make_organisation("Kommunen", sector="public"), make_organisation("Bolaget")
    url = f"/organisations/{organisation.slug}"
    sign_in(client, make_member(organisation, "org_admin"))
    assert [client.get(f"{url}/{page}").status_code for page in ("owner", "end")] == [403, 403]

    officer_client(client)
    client.post(f"{url}/owner", data={"other": top.slug, "version": organisation.version})
    assert organisation.group == top.id
    client.post(f"{url}/end", data={"other": top.slug, "version": organisation.version})
    assert client.get(url).location == f"/organisations/{top.slug}"


def test_an_organisation_that_is_not_there_is_404(client: FlaskClient) -> None:
    method_in_force()

    assert client.get("/organisations/nobody").status_code == 404


def test_the_page_speaks_english_too(client: FlaskClient) -> None:
    organisation = organisation_service.add_organisation(
        Profile(name=make_organisation("X").name + " 2", sector="civil", description_sv="Hav", description_en="Sea"),
        by=SYSTEM,
    )
    client.set_cookie("language", "en")

    page = client.get(f"/organisations/{organisation.slug}").text

    assert ("Civil society" in page, "Sea" in page, "Hav" in page) == (True, True, False)


def test_everybody_sees_where_an_organisation_takes_part_and_not_where_it_is_only_asked(client: FlaskClient) -> None:
    found = make_partnership()
    company = found.region.company
    page = f"/organisations/{company.slug}"
    partner_service.invite(
        mission=found.mission, organisation=company, roles=["solution_provider"], message="Välkomna.", by=found.lead
    )
    assert found.mission.reference not in client.get(page).text

    partner = partnership_queries.find_partner(found.mission, company)
    assert partner is not None
    partner_service.commit(
        partner, roles=["solution_provider"], by=found.region.actor("company_admin"), expected_version=partner.version
    )

    shown = client.get(page).text
    assert found.mission.reference in shown and "Lösningsleverantör" in shown
