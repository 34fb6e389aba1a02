"""Reading in a browser: what is public, in which language, and what stays hidden."""

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from missions_app.challenges import challenge_service, plan_service
from missions_app.challenges.queries import submissions_of
from missions_app.comments.models import Comment, Visibility
from missions_app.indicators.queries import indicators_of
from missions_app.strategy.models import Stance
from missions_app.workflow import gate_service, journey_service
from tests.factories.accounts import grant_role, make_secretariat, make_user, sign_in
from tests.factories.challenges import make_assessed_now, make_draft, make_representative, make_submitted, make_whole
from tests.factories.organisations import make_member
from tests.factories.strategy import make_document

SECRET = "Bolaget Hemlig AB förhandlar"


def text_of(client: FlaskClient, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200, path
    return answer.text


def test_the_list_shows_submitted_challenges_to_everybody_and_drafts_to_nobody(
    client: FlaskClient, session: Session
) -> None:
    make_draft(title="Utkastets namn")
    shown = make_submitted(title="Torr gata")

    html = text_of(client, "/challenges")

    assert shown.reference in html
    assert "Utkastets namn" not in html
    assert "1 utmaning" in html


def test_a_draft_is_not_found_by_strangers_and_found_by_its_organisation(client: FlaskClient, session: Session) -> None:
    draft = make_draft(title="Utkast")
    assert client.get(f"/challenges/{draft.reference}").status_code == 404

    sign_in(client, make_member(draft.organisation))

    assert "Utkast" in text_of(client, f"/challenges/{draft.reference}")


@pytest.mark.parametrize("page", ["", "/paper"])
def test_claimed_and_internal_texts_are_not_on_public_pages(client: FlaskClient, session: Session, page: str) -> None:
    challenge = make_submitted(
        affected=SECRET, resources="Två miljoner", mandate_function="Samhällsbyggnadschefen",
        claims={"affected": "Pågående förhandling"},
    )  # fmt: skip

    public = text_of(client, f"/challenges/{challenge.reference}{page}")
    for hidden in (SECRET, "Två miljoner", "Samhällsbyggnadschefen", "Pågående förhandling"):
        assert hidden not in public
    assert "begärt sekretess" in public

    sign_in(client, make_member(challenge.organisation, "problem_owner_rep"))
    assert SECRET in text_of(client, f"/challenges/{challenge.reference}{page}")


def test_claimed_texts_are_in_no_index(client: FlaskClient, session: Session) -> None:
    challenge = make_submitted(affected=SECRET, claims={"affected": "Förhandling"})

    assert challenge.reference in text_of(client, "/challenges?q=skyfall")
    assert challenge.reference not in text_of(client, "/challenges?q=hemlig")


def test_the_public_page_speaks_both_languages(client: FlaskClient, session: Session) -> None:
    challenge = make_whole(translation={"title": "Dry street in cloudburst"})
    challenge_service.submit_challenge(challenge, by=make_representative(challenge))

    english = client.get(f"/challenges/{challenge.reference}", headers={"Accept-Language": "en"}).text

    assert "Dry street in cloudburst" in english
    assert '<div class="m-read m-prose" lang="sv">' in english  # the rest is still in Swedish, and says so


def test_an_unpublished_decision_does_not_leak(client: FlaskClient, session: Session) -> None:
    challenge = make_assessed_now()
    reasons = "Målet går inte att mäta som det är skrivet."
    gate_service.recommend(challenge, "g1", outcome="reject", reasons=reasons, by=make_secretariat())
    decision = gate_service.decide(
        challenge, "g1", outcome="reject", reasons=reasons, by=make_secretariat(), publish=False, declared=True
    )

    for path in ("/challenges", f"/challenges/{challenge.reference}", f"/challenges/{challenge.reference}/paper"):
        html = text_of(client, path)
        assert "Antas inte" not in html, path
        assert reasons not in html
        assert "Bedöms" in html
    assert challenge.reference not in text_of(client, "/challenges?state=declined")
    sign_in(client, make_member(challenge.organisation, "problem_owner_rep"))
    assert "Antas inte" not in text_of(client, f"/challenges/{challenge.reference}")

    gate_service.publish_decision(decision, subject=challenge, by=make_secretariat())

    assert reasons in text_of(client, f"/challenges/{challenge.reference}")


def test_the_secretariats_queue_shows_what_waits_longest_first(client: FlaskClient, session: Session) -> None:
    first, second = make_submitted(title="Först"), make_submitted(title="Sedan")
    officer = make_user()
    sign_in(client, officer)
    assert client.get("/challenges/screening").status_code == 403
    grant_role(officer, "secretariat_officer")

    html = text_of(client, "/challenges/screening")

    assert html.index(first.reference) < html.index(second.reference)


def test_returning_names_points_where_the_authors_write(client: FlaskClient, session: Session) -> None:
    challenge = make_submitted()
    officer = make_user()
    grant_role(officer, "secretariat_officer")
    sign_in(client, officer)
    where = f"/challenges/{challenge.reference}"
    empty = client.post(f"{where}/return", data={"version": challenge.journey.version})
    assert "Skriv minst en punkt" in empty.text

    client.post(
        f"{where}/return",
        data={"version": challenge.journey.version, "field_1": "target_statement", "point_1": "Hur mycket mindre?"},
    )

    sign_in(client, make_member(challenge.organisation, "problem_owner_rep"))
    html = text_of(client, f"{where}/edit")
    assert "Hur mycket mindre?" in html
    assert '<a href="#target_statement">' in html


def test_comments_are_for_their_circle(client: FlaskClient, session: Session) -> None:
    challenge = make_submitted()
    where = f"/challenges/{challenge.reference}"
    sign_in(client, make_member(challenge.organisation, "problem_owner_rep"))
    for circle in ("authors", "public"):
        client.post(f"{where}/comments", data={"visibility": circle, "text": f"Till {circle}"})

    sign_in(client, make_user())
    html = text_of(client, where)
    assert "Till public" in html
    assert "Till authors" not in html
    refused = client.post(f"{where}/comments", data={"visibility": "authors", "text": "Jag också"})

    assert refused.status_code == 403
    assert [one.visibility for one in session.scalars(select(Comment).order_by(Comment.id))] == [
        Visibility.AUTHORS, Visibility.PUBLIC,
    ]  # fmt: skip


def test_an_invited_writer_answers_in_the_browser(client: FlaskClient, session: Session) -> None:
    challenge, guest = make_draft(title="Vår text"), make_user()
    where = f"/challenges/{challenge.reference}"
    sign_in(client, make_member(challenge.organisation, "problem_owner_rep"))
    client.post(f"{where}/writers", data={"email": guest.email})

    sign_in(client, guest)
    assert client.get(f"{where}/edit").status_code == 404
    work = text_of(client, "/work")
    assert "Vår text" in work
    found = client.get(f"{where}/invitation")
    client.post(found.headers["Location"], data={"answer": "accept"})

    assert client.get(f"{where}/edit").status_code == 200


def test_every_page_of_a_whole_challenge_opens_for_those_it_is_for(client: FlaskClient, session: Session) -> None:
    challenge = make_whole(latitude=56.2, longitude=15.3, municipalities=["1080"], bottlenecks=["funding"])
    representative = make_representative(challenge)
    link = plan_service.link_document(
        challenge, make_document(), stance=Stance.CLASHES, reason="Tar parkering.", by=representative
    )
    indicator = indicators_of(challenge.journey)[0]
    sign_in(client, make_member(challenge.organisation, "problem_owner_rep"))
    where = f"/challenges/{challenge.reference}"

    for page in (
        "", "/edit", "/edit?check=1", "/paper", "/history", "/compare", "/writers", "/translation", "/indicators/new",
        f"/indicators/{indicator.id}", "/documents/new", f"/documents/{link.id}",
    ):  # fmt: skip
        assert challenge.title in text_of(client, where + page), page
    journey_service.move(challenge, "submit", by=representative)
    assert challenge.reference in text_of(client, f"{where}/receipt")
    found = text_of(client, "/challenges?mine=1&theme=climate_adaptation&state=submitted&municipality=1080")
    assert challenge.reference in found


def test_the_case_number_is_entered_by_those_who_keep_the_register(client: FlaskClient, session: Session) -> None:
    challenge = make_submitted()
    officer = make_user()
    grant_role(officer, "registrar")
    sign_in(client, officer)
    document = submissions_of(challenge)[0].document
    client.post(
        f"/challenges/{challenge.reference}/number",
        data={"version": document.version, "registry_number": "RB 2026/41"},
    )

    sign_in(client, make_member(challenge.organisation, "problem_owner_rep"))
    assert "RB 2026/41" in text_of(client, f"/challenges/{challenge.reference}/receipt")
