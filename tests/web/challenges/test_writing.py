"""Writing in a browser: nothing typed is lost, nothing is overwritten, everything missing is named."""

import html as escapes
import json
import re

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from missions_app.challenges import challenge_service, queries
from missions_app.challenges.models import Challenge
from missions_app.indicators.queries import indicators_of
from tests.factories.accounts import actor_of, make_user, sign_in
from tests.factories.challenges import make_draft, make_representative, make_submitted, make_town
from tests.factories.organisations import make_member

FORM = {
    "title": "Minska översvämningar i centrum",
    "problem": "Det svämmar över vid torget.",
    "affected": "Boende",
    "place": "Torget",
    "target_statement": "Mindre vatten.",
    "theme": "climate_adaptation",
    "specialisation": "missions",
}


def by_officer(client: FlaskClient, *roles: str) -> Challenge:
    """A draft, and the client signed in as a representative who may write it."""
    town = make_town()
    sign_in(client, make_member(town, "problem_owner_rep", *roles))
    return make_draft(town)


def post(client: FlaskClient, challenge: Challenge, version: int | None = None, **values: object):  # type: ignore[no-untyped-def]
    data = {"version": version if version is not None else challenge.version, **values}
    return client.post(f"/challenges/{challenge.reference}/edit", data=data)


@pytest.mark.story(1)
def test_a_challenge_cannot_be_submitted_without_a_measurable_target(client: FlaskClient, session: Session) -> None:
    challenge = by_officer(client)
    where = f"/challenges/{challenge.reference}"

    stopped = post(client, challenge, **FORM, next="submit")

    html = stopped.text
    assert stopped.status_code == 422
    summary = re.search(r'<div class="ds-error-summary.*?</div>', html, re.S)
    assert summary is not None and "autofocus" in summary.group()
    assert "2 saker behövs innan du kan skicka in" in summary.group()
    for anchor, words in (
        ("target_date", "Ange när målet ska vara nått."),
        ("indicators", "Välj minst ett mått på effekt, med enhet, utgångsläge, mål, datum, källa och ansvarig."),
    ):
        assert f'<a class="ds-link" href="#{anchor}">{words}</a>' in summary.group()
        assert f'id="{anchor}"' in html
    assert "Minska översvämningar i centrum" in html
    assert "Målet saknar en siffra." in html  # a hint, not a stop
    session.refresh(challenge.journey)
    assert challenge.journey.state == "draft"

    added = client.post(
        f"{where}/indicators/new",
        data={
            "library_key": "ka.peak_flow", "level": "outcome", "direction": "up", "baseline_kind": "measured",
            "baseline_value": "0", "baseline_on": "2026-01-01", "target_value": "30,5", "target_on": "2029-06-30",
            "source": "Nivågivare", "owner_function": "VA-ingenjör", "frequency": "",
        },
    )  # fmt: skip
    assert added.status_code == 303
    assert [plan.target_value for plan in indicators_of(challenge.journey)] == [30.5]
    sent = post(client, challenge, **FORM, target_date="2029-06-30", next="submit")

    assert sent.headers["Location"] == f"{where}/receipt"
    receipt = client.get(f"{where}/receipt").text
    assert "allmän handling" in receipt
    assert "Diarienummer" in receipt
    session.refresh(challenge.journey)
    assert challenge.journey.state == "submitted"


def test_what_an_indicator_lacks_is_named_beside_it(client: FlaskClient, session: Session) -> None:
    challenge = by_officer(client)
    client.post(
        f"/challenges/{challenge.reference}/indicators/new",
        data={
            "library_key": "", "label": "Vatten på gatan", "unit": "minuter", "level": "outcome", "direction": "down",
            "baseline_kind": "measured", "frequency": "",
        },
    )  # fmt: skip
    plan = indicators_of(challenge.journey)[0]
    assert "saker fattas i det innan du kan skicka in." in client.get(f"/challenges/{challenge.reference}/edit").text

    html = post(client, challenge, **FORM, target_date="2029-06-30", next="submit").text

    assert f'href="#indicator-{plan.id}">Ange utgångsläget.' in html
    assert f'id="indicator-{plan.id}"' in html
    assert "5 saker behövs innan du kan skicka in" in html


def test_an_indicator_within_limits_needs_both_and_says_them(client: FlaskClient, session: Session) -> None:
    challenge = by_officer(client)
    url = f"/challenges/{challenge.reference}/indicators/new"
    data = {
        "library_key": "", "label": "Temperatur i salen", "unit": "°C", "level": "outcome", "direction": "range",
        "baseline_kind": "measured", "baseline_value": "28,5", "target_value": "24", "frequency": "",
    }  # fmt: skip
    assert 'name="target_low"' in client.get(url).text

    half = client.post(url, data=data)
    turned = client.post(url, data=data | {"target_low": "25"})
    other = client.post(url, data=data | {"direction": "down", "target_low": "20"})
    whole = client.post(url, data=data | {"target_low": "20,5"})

    assert [one.status_code for one in (half, turned, other, whole)] == [422, 422, 422, 303]
    for refused, words in (
        (half, "Ange båda gränserna, den undre och den övre."),
        (turned, "Den undre gränsen måste ligga under den övre."),
        (other, "Bara det som ska hålla sig mellan två gränser har en undre gräns."),
    ):
        assert f'<a class="ds-link" href="#target_low">{words}' in refused.text
        assert 'value="Temperatur i salen"' in refused.text
    page = client.get(f"/challenges/{challenge.reference}/edit").text
    assert "Temperatur i salen (°C), från 28,5, ska ligga mellan 20,5 och 24" in page


def test_two_tabs_the_second_is_shown_both_texts_and_loses_nothing(client: FlaskClient, session: Session) -> None:
    challenge = by_officer(client)
    seen = challenge.version
    post(client, challenge, seen, **(FORM | {"problem": "Första flikens text.", "place": "Torget"}))

    stale = post(client, challenge, seen, **(FORM | {"problem": "Andra flikens text.", "place": ""}))

    html = stale.text
    assert stale.status_code == 409
    assert "Din text finns kvar" in html
    assert "<ins>Andra</ins> flikens text." in html
    assert "<ins>Första</ins> flikens text." in html
    assert re.search(r'id="mine-problem" value="mine" checked', html)
    assert re.search(r'id="theirs-place" value="theirs" checked', html)  # I had not touched it
    session.refresh(challenge)
    assert challenge.problem == "Första flikens text."

    mine = json.loads(_hidden(html, "mine"))
    saved = client.post(
        f"/challenges/{challenge.reference}/merge",
        data={
            "version": _hidden(html, "version"), "mine": json.dumps(mine), "pick_problem": "own",
            "own_problem": "Båda flikarnas text.", "pick_place": "theirs",
        },
    )  # fmt: skip

    assert saved.status_code == 303
    session.refresh(challenge)
    assert (challenge.problem, challenge.place) == ("Båda flikarnas text.", "Torget")
    assert queries.latest_revision(challenge).kind.value == "merged"


def test_choosing_may_itself_be_overtaken(client: FlaskClient, session: Session) -> None:
    challenge = by_officer(client)
    seen = challenge.version
    post(client, challenge, seen, **FORM)
    html = post(client, challenge, seen, **(FORM | {"title": "Min"})).text
    shown = _hidden(html, "version")
    challenge_service.save_challenge(
        challenge, {"title": "En tredje"}, by=make_representative(challenge), expected_version=challenge.version
    )

    again = client.post(
        f"/challenges/{challenge.reference}/merge",
        data={"version": shown, "mine": _hidden(html, "mine"), "pick_title": "mine"},
    )

    assert again.status_code == 409
    assert "En" in again.text
    session.refresh(challenge)
    assert challenge.title == "En tredje"


def test_my_own_text_can_be_taken_home(client: FlaskClient, session: Session) -> None:
    challenge = by_officer(client)

    file = client.post(
        f"/challenges/{challenge.reference}/my-text", data={"mine": json.dumps({"problem": "Min text."})}
    )

    assert "attachment" in file.headers["Content-Disposition"]
    assert "Min text." in file.text


@pytest.mark.parametrize("mine", ["nonsense", "[]", '{"title": 7}', '{"journey_id": 1}', '{"target_date": "igår"}'])
def test_a_forged_text_is_refused(client: FlaskClient, session: Session, mine: str) -> None:
    challenge = by_officer(client)

    answer = client.post(f"/challenges/{challenge.reference}/merge", data={"version": challenge.version, "mine": mine})

    assert answer.status_code == 422


def test_autosave_saves_and_tells_the_new_version(client: FlaskClient, session: Session) -> None:
    challenge = by_officer(client)
    seen = challenge.version
    where = f"/challenges/{challenge.reference}/autosave"

    answer = client.post(where, data={**FORM, "version": seen})
    stale = client.post(where, data={**FORM, "title": "Annan", "version": seen})

    session.refresh(challenge)
    assert (answer.status_code, answer.get_json()["version"]) == (200, challenge.version)
    assert (stale.status_code, stale.get_json()["code"]) == (409, "stale_challenge")
    assert challenge.title == FORM["title"]


def test_a_wrong_date_is_named_and_the_rest_is_kept_in_the_page(client: FlaskClient, session: Session) -> None:
    challenge = by_officer(client)

    html = post(client, challenge, **FORM, target_date="snart").text

    assert "En sak behöver rättas" in html
    assert "innan du kan skicka in" not in html
    assert 'value="snart"' in html
    assert "Det svämmar över vid torget." in html


def test_a_claim_needs_a_reason_and_hides_the_text_from_others(client: FlaskClient, session: Session) -> None:
    challenge = by_officer(client)
    refused = post(client, challenge, **FORM, claim_affected="y")
    assert refused.status_code == 422
    assert "Skriv varför texten ska hållas hemlig." in refused.text

    post(client, challenge, **FORM, claim_affected="y", claim_affected_reason="Namnger ett bolag")

    session.refresh(challenge)
    assert challenge.claims == {"affected": "Namnger ett bolag"}


def test_only_authors_write(client: FlaskClient, session: Session) -> None:
    challenge = make_draft()
    sign_in(client, make_user())

    assert client.get(f"/challenges/{challenge.reference}/edit").status_code == 404
    assert post(client, challenge, **FORM).status_code == 404
    submitted = make_submitted()
    assert client.get(f"/challenges/{submitted.reference}/edit").status_code == 403


def test_a_submitted_challenge_is_shown_instead_of_edited(client: FlaskClient, session: Session) -> None:
    challenge = make_submitted()
    sign_in(client, make_member(challenge.organisation, "problem_owner_rep"))

    answer = client.get(f"/challenges/{challenge.reference}/edit")

    assert answer.headers["Location"] == f"/challenges/{challenge.reference}"


def test_start_challenge_begins_a_draft(client: FlaskClient, session: Session) -> None:
    town = make_town()
    user = make_member(town)
    sign_in(client, user)

    answer = client.post(
        "/challenges/new", data={"organisation": town.slug, "language": "sv", "title": "Torr gata", "problem": "Vatten"}
    )

    challenge = session.scalars(queries.challenges_for(actor_of(user))).one()
    assert answer.headers["Location"] == f"/challenges/{challenge.reference}/edit"
    assert (challenge.title, challenge.problem) == ("Torr gata", "Vatten")


def test_history_compares_two_versions_word_by_word(client: FlaskClient, session: Session) -> None:
    challenge = by_officer(client)
    post(client, challenge, **FORM)
    post(client, challenge, challenge.version, **(FORM | {"problem": "Det svämmar ofta över vid torget."}))

    listed = client.get(f"/challenges/{challenge.reference}/history").text
    html = client.get(f"/challenges/{challenge.reference}/compare?from=2&to=3").text

    assert 'aria-label="Jämför till version 3" checked' in listed
    assert re.search(r"<ins>.*?</span> ofta</ins>", html)
    assert client.get(f"/challenges/{challenge.reference}/compare?from=2&to=99").status_code == 404


def _hidden(html: str, name: str) -> str:
    found = re.search(rf'name="{name}"[^>]*value="([^"]*)"', html)
    assert found is not None
    return escapes.unescape(found.group(1))


def test_six_answers_become_a_draft_and_the_page_shows_what_is_alike(client: FlaskClient, session: Session) -> None:
    other = make_submitted()
    town = make_town("Ronneby kommun")
    sign_in(client, make_member(town))
    answers = {
        "organisation": town.slug, "language": "sv", "problem": "Efter skyfall står vatten på Storgatan i fyra timmar.",
        "affected": "Handlare", "target_statement": "Senast 2029 är vattnet borta inom 30 minuter.",
    }  # fmt: skip

    asked = client.post("/challenges/new", data={**answers, "next": "similar"}).text
    assert other.reference in asked
    assert "Båda nämner: " in asked
    assert "Efter skyfall står vatten" in asked
    assert session.query(Challenge).count() == 1

    made = client.post("/challenges/new", data=answers)
    challenge = session.query(Challenge).order_by(Challenge.id.desc()).first()
    assert challenge is not None
    assert made.headers["Location"] == f"/challenges/{challenge.reference}/edit"
    assert (challenge.title, challenge.theme) == (
        "Efter skyfall står vatten på Storgatan i fyra timmar", "climate_adaptation",
    )  # fmt: skip
    page = client.get(made.headers["Location"]).text
    assert other.reference in page
    assert "Så har andra skrivit" in page
    assert 'value="indicator:ka.' in page


def test_the_first_question_is_the_only_one_that_needs_an_answer(client: FlaskClient, session: Session) -> None:
    town = make_town()
    sign_in(client, make_member(town))

    refused = client.post("/challenges/new", data={"organisation": town.slug, "language": "sv", "problem": ""})

    html = refused.text
    assert '<a class="ds-link" href="#problem">Vad är det som inte fungerar i dag? Fyll i det här.</a>' in html
    assert session.query(Challenge).count() == 0


def test_the_conflict_page_shows_what_both_began_from(client: FlaskClient, session: Session) -> None:
    challenge = by_officer(client)
    post(client, challenge, problem="Det vi började från")
    opened = challenge.version
    post(client, challenge, problem="Deras text")

    page = post(client, challenge, version=opened, problem="Min text")

    html = page.text
    assert page.status_code == 409
    assert "Det ni båda utgick från" in html
    assert "Det vi började från" in html


def test_an_earlier_version_is_taken_back_from_the_comparison(client: FlaskClient, session: Session) -> None:
    challenge = by_officer(client)
    post(client, challenge, problem="Den gamla texten")
    post(client, challenge, problem="Den nya texten")
    where = f"/challenges/{challenge.reference}"
    html = client.get(f"{where}/compare?from=2&to=3").text
    assert "Ta tillbaka version 2" in html

    client.post(f"{where}/history/2/restore", data={"version": challenge.version})

    session.refresh(challenge)
    assert challenge.problem == "Den gamla texten"


def test_the_coast_shows_the_point_and_its_area_and_a_claimed_place_is_on_no_map(
    client: FlaskClient, session: Session
) -> None:
    challenge = by_officer(client)
    edit = f"/challenges/{challenge.reference}/edit"
    assert 'data-map="latitude longitude"' in client.get(edit).text

    wrong = post(client, challenge, radius_km="2")
    assert "Ange först en punkt" in wrong.text
    post(client, challenge, latitude="56,161", longitude="15,587", radius_km="2")
    session.refresh(challenge)
    assert (challenge.latitude, challenge.radius_km) == (56.161, 2.0)
    page = client.get(f"/challenges/{challenge.reference}").text
    assert "m-map__chosen" in page
    assert "inom 2 km" in page

    sent = make_submitted(latitude=56.161, longitude=15.587, claims={"place": "Skyddad art"})
    public = client.get(f"/challenges/{sent.reference}").text
    assert "m-map__chosen" not in public
    assert "56,161" not in public
