"""The method in the browser, from draft to adopted, with one case moved and one refused."""

import html as html_module
import re

from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from missions_app import db
from missions_app.accounts.models import User
from missions_app.workflow import method_document, method_queries
from missions_app.workflow.method_models import MigrationOutcome
from missions_app.workflow.method_service import version_in_force
from tests.factories.accounts import grant_role, make_user, sign_in
from tests.factories.challenges import make_submitted
from tests.factories.experiments import make_mission
from tests.factories.organisations import method_in_force
from tests.journeys import people

WHY = "Balansen har varit för svag i tre missioner."
PLACE = "/method/drafts/2/parts/gate.1.criterion.4"


def officer() -> User:
    method_in_force()
    user = make_user(function="Handläggare")
    grant_role(user, "secretariat_officer")
    return user


def begun(client: FlaskClient) -> User:
    user = officer()
    answer = sign_in(client, user).post("/method/drafts/new", data={"summary": "Hårdare balans"})
    assert answer.location == "/method/drafts/2"
    return user


def form_of(html: str) -> dict[str, str]:
    """What a browser would send of the page's form, as it stands."""
    form = html[html.index('id="page-form"') :]
    form = form[: form.index("</form>")]
    found = dict(re.findall(r'<input[^>]*name="([^"]+)"[^>]*value="([^"]*)"', form))
    found = {name: _plain(text) for name, text in found.items()}
    found |= {name: _plain(text) for name, text in re.findall(r'<textarea[^>]*name="([^"]+)"[^>]*>([^<]*)<', form)}
    for name, options in re.findall(r'<select[^>]*name="([^"]+)"[^>]*>(.*?)</select>', form, re.S):
        chosen = re.search(r'value="([^"]*)" selected', options)
        found[name] = chosen[1] if chosen else ""
    found |= dict.fromkeys(re.findall(r'type="checkbox"[^>]*name="([^"]+)" value="y" checked', form), "y")
    return found


def _plain(text: str) -> str:
    return html_module.unescape(text)


def page(client: FlaskClient, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200, path
    return answer.text


def row() -> dict[str, object]:
    draft = method_queries.get_draft(2)
    db.session.refresh(draft)
    found: dict[str, object] = method_document.at(method_document.load(draft.document), ("gate", 1, "criterion", 4))
    return found


def test_saving_a_form_unchanged_changes_nothing(client: FlaskClient, session: Session) -> None:
    begun(client)
    before = method_queries.get_draft(2).document

    for path in (PLACE, "/method/drafts/2/parts/meta", "/method/drafts/2/parts/rubric.0.criterion.0",
                 "/method/drafts/2/parts/booking", "/method/drafts/2/parts/journey.0.move.0"):  # fmt: skip
        assert client.post(path, data=form_of(page(client, path))).status_code == 303, path

    assert method_queries.get_draft(2).document == before


def test_what_is_wrong_stands_at_its_field_and_on_the_drafts_page(client: FlaskClient, session: Session) -> None:
    begun(client)
    typed = form_of(page(client, PLACE)) | {"who": "coordinator\nspöke", "label.en": ""}
    assert client.post(PLACE, data=typed).status_code == 303

    shown = page(client, PLACE)
    assert 'id="label.en-error"' in shown
    draft = page(client, "/method/drafts/2")
    assert "gate[g2].criterion[g2.balance].label.en" in draft
    assert f'href="{PLACE}"' in draft
    assert "/method/drafts/2/adopt" not in draft

    unreadable = client.post(PLACE, data=typed | {"params": "max: 0,5"})
    assert unreadable.status_code == 422
    assert "max: 0,5" in unreadable.text


def test_two_editors_at_once_see_both_texts_and_lose_none(client: FlaskClient, session: Session) -> None:
    begun(client)
    mine = form_of(page(client, PLACE)) | {"label.sv": "Min benämning"}
    other = officer_signed_in(client)
    theirs = form_of(page(client, PLACE)) | {"label.sv": "Deras benämning"}
    assert client.post(PLACE, data=theirs).status_code == 303

    refused = client.post(PLACE, data=mine)
    html = refused.text

    assert refused.status_code == 409
    assert "Min benämning" in html and "Deras benämning" in html
    assert row()["label"]["sv"] == "Deras benämning"  # type: ignore[index]
    assert client.post(PLACE, data=form_of(html)).status_code == 303
    assert row()["label"]["sv"] == "Min benämning"  # type: ignore[index]
    assert other.id


def officer_signed_in(client: FlaskClient) -> User:
    user = officer()
    sign_in(client, user)
    return user


def test_the_editor_is_the_secretariats(client: FlaskClient, session: Session) -> None:
    begun(client)
    sign_in(client, make_user())

    for path in ("/method/drafts/2", PLACE, "/method/drafts/2/file", "/method/versions/1/cases"):
        assert client.get(path).status_code == 403, path
    assert client.post(f"{PLACE}/remove", data={}).status_code == 403
    assert client.get("/method/development").status_code == 200


def test_a_change_goes_from_draft_to_adopted_with_one_case_moved_and_one_refused(
    client: FlaskClient, session: Session
) -> None:
    region = people.make_region()
    mission, challenge = make_mission(region), make_submitted()
    sign_in(client, region.people["decider"]).post("/method/drafts/new", data={"summary": "Hårdare balans"})
    typed = form_of(page(client, PLACE)) | {
        "severity": "block", "params": 'of = "commitments"\nby = "independent_group"\nvalue = "value_sek"\nmax = 0.5'
    }  # fmt: skip
    assert client.post(PLACE, data=typed).status_code == 303

    changes = page(client, "/method/drafts/2/changes")
    assert "<del>warn</del>" in changes and "<ins>block</ins>" in changes
    simulated = page(client, "/method/drafts/2/simulation")
    assert "1 skulle inte klara g2.balance" in simulated
    assert mission.reference in simulated and challenge.reference not in simulated
    adopted = form_of(page(client, "/method/drafts/2/adopt")) | {"registry_number": "RB 12"}
    assert client.post("/method/drafts/2/adopt", data=adopted).status_code == 303

    version = version_in_force()
    assert (version.number, version.registry_number) == (2, "RB 12")
    assert client.get(PLACE).status_code == 404
    assert page(client, "/method/versions/2/cases").count("Välj<") == 2
    for case, outcome in ((mission, "moved"), (challenge, "stayed")):
        path = f"/method/versions/2/cases/{case.journey.id}"
        choice = {"version": str(case.journey.version), "outcome": outcome, "reason": WHY}
        assert client.post(path, data=choice).status_code == 303
    session.expire_all()
    made = {one.outcome: one for one in method_queries.migrations_of(version)}
    assert made[MigrationOutcome.MOVED].differing == ["g2.balance"]
    assert (mission.journey.method_version.number, challenge.journey.method_version.number) == (2, 1)
    listed = page(client, "/method/versions/2/cases")
    assert "flyttades från version 1" in listed and "stannar i version 1" in listed
    exported = client.get("/method/versions/2/file")
    assert exported.text == version.document


def test_a_proposal_is_sent_and_answered(client: FlaskClient, session: Session) -> None:
    method_in_force()
    sign_in(client, make_user())
    sent = client.post(
        "/method/proposals/new",
        data={"title": "Två sektorer", "change": "Sänk kravet.", "reason": WHY, "place": "g2.sectors",
              "evidence-0-kind": "waiver", "evidence-0-reference": "M-2026-007", "evidence-0-text": "Tre avsteg."},
    )  # fmt: skip
    path = sent.location
    assert "Svara på förslaget" not in page(client, path)
    officer_signed_in(client)

    shown = page(client, path)
    assert "Tre avsteg." in shown and "M-2026-007" in shown
    answered = {"version": "1", "accept": "no", "answer": "Vi väntar på fler erfarenheter först."}
    assert client.post(path, data=answered).status_code == 303
    assert "Vi väntar på fler erfarenheter först." in page(client, path)


def test_what_is_typed_is_judged_before_it_is_saved(client: FlaskClient, session: Session) -> None:
    begun(client)
    typed = form_of(page(client, PLACE)) | {"waivable_by": "nobody_at_all", "label.en": ""}
    before = method_queries.get_draft(2).document

    live = client.post(f"{PLACE}/check", data=typed, headers={"Accept": "application/json"})
    without_script = client.post(f"{PLACE}/check", data=typed).text

    assert live.json is not None
    assert set(live.json["fields"]) == {"label.en"}  # what has no form is said first
    assert live.json["summary"] == "1 sak är fel"
    assert "1 sak är fel" in without_script
    assert 'id="label.en-error"' in without_script
    assert 'value="nobody_at_all"' in without_script  # nothing typed is lost
    named = typed | {"label.en": "Name"}
    references = client.post(f"{PLACE}/check", data=named, headers={"Accept": "application/json"})
    assert set(references.json["fields"]) == {"waivable_by"}  # type: ignore[index]
    mended = named | {"waivable_by": "secretariat"}
    answer = client.post(f"{PLACE}/check", data=mended, headers={"Accept": "application/json"})
    assert answer.json == {"fields": {}, "summary": "Inget är fel här."}
    assert method_queries.get_draft(2).document == before


def test_a_stranger_has_nothing_checked(client: FlaskClient, session: Session) -> None:
    begun(client)
    sign_in(client, make_user())

    assert client.post(f"{PLACE}/check", data={}).status_code in (403, 404)
