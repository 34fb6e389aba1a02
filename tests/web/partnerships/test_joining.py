"""Joining in the browser: what it means is said before the first field, and nothing typed is lost."""

from datetime import timedelta

from flask.testing import FlaskClient

from missions_app import clock
from missions_app.partnerships import call_service, need_service, partner_service, queries
from missions_app.partnerships.call_service import CallContent
from missions_app.partnerships.need_service import NeedContent
from tests.factories.accounts import bearer, make_user, sign_in, sign_out
from tests.factories.partnerships import make_partnership


def test_a_call_is_drafted_from_what_lacks_published_and_open_to_everybody(client: FlaskClient) -> None:
    found = make_partnership()
    need_service.add_need(found.mission, NeedContent("equipment", "Nivågivare i brunnar", "must"), by=found.lead)
    path = f"/missions/{found.mission.reference}/call"
    sign_in(client, found.region.people["coordinator"])

    draft = client.get(f"{path}/new").text
    today = clock.today().isoformat()
    wrong = client.post(f"{path}/new", data={"text_sv": "Kom!", "opens_on": today, "closes_on": "2020-01-01"})
    later = (clock.today() + timedelta(days=5)).isoformat()
    client.post(f"{path}/new", data={"text_sv": "Kom och var med!", "opens_on": today, "closes_on": later})

    assert "– Nivågivare i brunnar" in draft
    assert "Kom!" in wrong.text and 'aria-invalid="true"' in wrong.text
    sign_out(client)
    assert "Kom och var med!" in client.get(path).text
    assert "Kom och var med!" in client.get("/calls").text
    assert client.get("/api/v1/calls").json["items"][0]["mission"] == found.mission.reference  # type: ignore[index]


def test_what_it_means_to_join_stands_before_the_first_field(client: FlaskClient) -> None:
    found = make_partnership()
    sign_in(client, found.region.people["company_admin"])

    text = client.get(f"/missions/{found.mission.reference}/interest").text

    first_field = text.index("<select")
    assert text.index("Vad som blir offentligt") < first_field
    assert text.index("senare upphandling") < first_field
    assert text.count('<label class="ds-label"') + text.count("<legend") == 3


def test_who_belongs_nowhere_is_shown_the_way_in(client: FlaskClient) -> None:
    found = make_partnership()

    text = sign_in(client, make_user()).get(f"/missions/{found.mission.reference}/interest").text

    assert "Du hör inte till någon organisation här" in text
    assert 'href="/organisations/new"' in text


def test_other_terms_go_to_the_coordinator_and_back(client: FlaskClient) -> None:
    found = make_partnership()
    partner = partner_service.invite(
        mission=found.mission, organisation=found.region.company, roles=["solution_provider"], message="Välkomna.",
        by=found.lead,
    )  # fmt: skip
    path = f"/missions/{found.mission.reference}/partners/{partner.id}"
    sign_in(client, found.region.people["company_admin"])
    join = client.get(f"{path}/join").text
    client.post(
        f"{path}/counter",
        data={"version": partner.version, "roles": ["scaler"], "message": "Bara med data, och först i höst."},
    )
    sign_in(client, found.region.people["coordinator"])
    shown = client.get(path).text
    refused = client.post(f"{path}/counter/answer", data={"version": partner.version, "answer": "no", "reason": "Nej"})
    client.post(f"{path}/counter/answer", data={"version": partner.version, "answer": "yes"})

    assert f"{path}/counter" in join and "Välkomna." in join
    assert "Bara med data, och först i höst." in shown
    assert "Skriv varför" in refused.text
    assert queries.roles_of(found.mission, found.region.company) == ("scaler",)


def test_the_same_by_the_api(client: FlaskClient) -> None:
    found = make_partnership()
    company, lead = bearer(found.region.people["company_admin"]), bearer(found.region.people["coordinator"])
    call_service.publish_call(
        found.mission, CallContent("Kom!", clock.today(), clock.today() + timedelta(days=3)), by=found.lead
    )
    base = f"/api/v1/missions/{found.mission.reference}"
    invited = client.post(
        f"{base}/invitations", headers=lead, json={"organisation": found.region.company.slug, "roles": ["scaler"]}
    )
    partner = invited.json
    countered = client.post(
        f"{base}/partners/{partner['id']}/counter-offer",  # type: ignore[index]
        headers=company | {"If-Match": invited.headers["ETag"]},
        json={"roles": ["solution_provider"], "message": "Hellre som leverantör."},
    )
    answered = client.post(
        f"{base}/partners/{partner['id']}/counter-offer/answer",  # type: ignore[index]
        headers=lead | {"If-Match": countered.headers["ETag"]},
        json={"accept": True},
    )
    closed = client.delete(f"{base}/call", headers=lead | {"If-Match": '"1"'})

    assert (countered.status_code, answered.json["state"], answered.json["roles"]) == (  # type: ignore[index]
        200, "committed", ["solution_provider"],
    )  # fmt: skip
    assert (closed.status_code, client.get(f"{base}/call").status_code) == (204, 404)
