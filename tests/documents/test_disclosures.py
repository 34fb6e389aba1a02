"""Somebody asks to read; the registrar decides field by field on a legal ground; what is masked is nowhere."""

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from missions_app.accounts.actor import ANONYMOUS, SYSTEM
from missions_app.audit.models import AuditEvent
from missions_app.documents import disclosure_service
from missions_app.documents.disclosure_models import Disclosure, DisclosureField
from missions_app.documents.disclosure_rules import Judged, problems_of
from missions_app.documents.errors import AlreadyDecided
from missions_app.errors import InvalidInput, NotAllowed, NotFound
from missions_app.organisations import offer_service
from missions_app.organisations.models import OfferKind
from missions_app.organisations.offer_service import OfferContent
from tests.factories.accounts import bearer, make_actor, make_user, sign_in, sign_out
from tests.factories.partnerships import Partnership, make_partnership

SECRETS = ("receptet på limmet", "the recipe of the glue")
MASK = Judged(release=False, ground="31:16", reasons="Konkurrenter skulle kunna göra samma lim.")


def claimed(found: Partnership):  # type: ignore[no-untyped-def]
    found.join(found.region.company, "solution_provider")
    content = OfferContent(
        OfferKind.DATA, *SECRETS, visibility="confidential_claim", claim_reason="Vi skadas i konkurrensen."
    )
    return offer_service.add_offer(found.region.company, content, by=SYSTEM)


def asked(found: Partnership) -> Disclosure:
    return disclosure_service.ask(
        what="Vad har bolaget erbjudit?", journey=found.mission.journey, contact_email="", by=ANONYMOUS
    )


@pytest.mark.parametrize(
    ("judged", "fields"),
    [
        (Judged(release=True), []),
        (MASK, []),
        (Judged(release=False, ground="31:16", reasons="Nej"), ["x_reasons"]),
        (Judged(release=False, ground="känns hemligt", reasons=MASK.reasons), ["x_ground"]),
        (Judged(release=False), ["x_ground", "x_reasons"]),
    ],
)
def test_what_is_masked_needs_a_ground_of_the_law_and_a_reason(judged: Judged, fields: list[str]) -> None:
    assert [one.field for one in problems_of(judged, "x")] == fields


@pytest.mark.story(12)
def test_two_claimed_fields_are_decided_one_by_one_and_the_masked_one_is_nowhere(
    client: FlaskClient, session: Session
) -> None:
    found = make_partnership()
    offer = claimed(found)
    sign_out(client)
    sent = client.post(
        "/disclosure",
        data={"what": "Vad har bolaget erbjudit?", "reference": found.mission.reference, "contact_email": "a@b.se"},
    )
    waiting = client.get(sent.location).text
    one = session.scalars(select(Disclosure)).one()

    sign_in(client, found.region.people["registrar"])
    client.post(f"/disclosures/{one.id}/take-up", data={"version": one.version, "thing": f"offer/{offer.id}"})
    page = client.get(f"/disclosures/{one.id}/decide").text
    fields = session.scalars(select(DisclosureField).order_by(DisclosureField.id)).all()
    first, second = (f"field_{field.id}" for field in fields)
    wrong = client.post(
        f"/disclosures/{one.id}/decide", data={"version": one.version, first: "mask", second: "release"}
    )
    client.post(
        f"/disclosures/{one.id}/decide",
        data={
            "version": one.version, first: "mask", f"{first}_ground": MASK.ground, f"{first}_reasons": MASK.reasons,
            second: "release",
        },
    )  # fmt: skip
    log = client.get("/disclosures").text
    sign_out(client)
    answer = client.get(sent.location).text

    assert SECRETS[0] not in waiting and SECRETS[1] not in waiting
    assert SECRETS[0] in page and "Vi skadas i konkurrensen." in page
    assert "Välj lagrum." in wrong.text and "Skriv vilken skada" in wrong.text
    assert SECRETS[0] not in answer and SECRETS[1] in answer
    assert "31 kap. 16 §" in answer and MASK.reasons in answer and "kammarrätten" in answer
    assert "1 fält maskerat" in log
    event = session.scalars(select(AuditEvent).where(AuditEvent.action == "disclosure.decided")).one()
    assert (event.data["masked"], event.data["grounds"]) == ([fields[0].id], ["31:16"])
    assert SECRETS[0] not in session.scalars(select(DisclosureField.text)).all()
    stranger = sign_in(client, make_user())
    for path in (f"/search?q={SECRETS[1]}", f"/organisations/{found.region.company.slug}", "/needs", "/calls"):
        text = stranger.get(path).text.replace(f'value="{SECRETS[1]}"', "").split("<main")[1]
        assert SECRETS[0] not in text, path
        assert f"<p>{SECRETS[1]}" not in text, path


@pytest.mark.usefixtures("session")
def test_it_is_decided_once_and_by_the_registrar() -> None:
    found = make_partnership()
    one, registrar, offer = asked(found), found.region.actor("registrar"), claimed(found)
    disclosure_service.take_up(one, kind="offer", key=str(offer.id), by=registrar, expected_version=one.version)
    judged = {field.id: MASK for field in one.fields}

    with pytest.raises(NotAllowed):
        disclosure_service.decide(one, judged, message="", by=make_actor(), expected_version=one.version)
    with pytest.raises(InvalidInput):
        disclosure_service.decide(one, {}, message="", by=registrar, expected_version=one.version)
    disclosure_service.decide(one, judged, message="", by=registrar, expected_version=one.version)
    with pytest.raises(AlreadyDecided):
        disclosure_service.decide(one, judged, message="", by=registrar, expected_version=one.version)
    with pytest.raises(AlreadyDecided):
        disclosure_service.take_up(one, kind="offer", key="1", by=registrar, expected_version=one.version)


@pytest.mark.usefixtures("session")
def test_only_things_of_the_case_are_taken_up_and_an_empty_answer_needs_words() -> None:
    found = make_partnership()
    one, registrar = asked(found), found.region.actor("registrar")

    with pytest.raises(NotFound):
        disclosure_service.take_up(one, kind="promise", key="999999", by=registrar, expected_version=one.version)
    with pytest.raises(InvalidInput):
        disclosure_service.decide(one, {}, message=" ", by=registrar, expected_version=one.version)
    disclosure_service.decide(one, {}, message="Det finns inget.", by=registrar, expected_version=one.version)

    assert one.decided_at is not None


@pytest.mark.parametrize(
    ("what", "email", "field"),
    [(" ", "", "what"), ("x" * 5001, "", "what"), ("Allt", "inte en adress", "contact_email")],
)
@pytest.mark.usefixtures("session")
def test_what_is_wrong_with_a_request_is_named(what: str, email: str, field: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        disclosure_service.ask(what=what, journey=None, contact_email=email, by=ANONYMOUS)

    assert [one.field for one in refused.value.problems] == [field]


def test_the_same_by_the_api(client: FlaskClient) -> None:
    found = make_partnership()
    offer = claimed(found)
    asker, registrar = bearer(make_user()), bearer(found.region.people["registrar"])
    made = client.post("/api/v1/disclosures", headers=asker, json={"what": "Allt", "mission": found.mission.reference})
    listed = client.get("/api/v1/disclosures", headers=registrar).json["items"][0]  # type: ignore[index]
    one = f"/api/v1/disclosures/{listed['id']}"
    taken = client.post(
        f"{one}/things", headers=registrar | {"If-Match": f'"{listed["version"]}"'},
        json={"kind": "offer", "key": str(offer.id)},
    )  # fmt: skip
    judged = [
        {"id": part["id"], "release": False, "ground": MASK.ground, "reasons": MASK.reasons}
        for part in taken.json["parts"]  # type: ignore[index]
    ]
    client.post(f"{one}/decision", headers=registrar | {"If-Match": taken.headers["ETag"]}, json={"judged": judged})
    answer = client.get(f"/api/v1/disclosure-answers/{made.json['token']}").json  # type: ignore[index]

    assert [part["text"] for part in answer["parts"]] == ["", ""]  # type: ignore[index]
    assert client.get(one, headers=asker).status_code == 403
