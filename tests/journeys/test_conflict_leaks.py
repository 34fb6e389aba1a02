"""Whoever has a conflict of interest sees nothing of the assessment, anywhere: every page, list, count, search, feed,
export and answer of the API is asked for, and every letter is read."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session
from werkzeug.routing import BuildError, Rule

from missions_app import clock, db
from missions_app.accounts.actor import SYSTEM
from missions_app.accounts.models import User
from missions_app.assessments import consensus_service, declaration_service, question_service, score_service
from missions_app.assessments.declaration import Answer
from missions_app.assessments.models import Assignment, AssignmentState
from missions_app.assessments.score_rules import GivenScore
from missions_app.audit import trail
from missions_app.challenges import following_service
from missions_app.challenges.models import Challenge
from missions_app.documents import document_service
from missions_app.documents.document_service import Claim
from missions_app.documents.models import Visibility
from missions_app.documents.print_service import PRINT
from missions_app.missions import queries as mission_queries
from missions_app.partnerships import partner_service
from missions_app.partnerships.models import PartnerState
from missions_app.workflow import gate_service
from missions_app.workflow.method_service import method_of
from tests.factories.accounts import bearer, grant_role, make_secretariat, make_user, sign_in, sign_out
from tests.factories.assessments import actor_for, all_scores, answers, clear, submit
from tests.factories.beside import print_papers
from tests.factories.challenges import make_assessed_now, make_representative
from tests.factories.experiments import make_tested_mission
from tests.factories.organisations import make_member, make_organisation
from tests.factories.outbox import all_mail, queued_mail, work
from tests.factories.reached import Secrets, make_everything_reached
from tests.journeys import region as story
from tests.reading import NOISE, OF_ITSELF, content_of
from tests.reading import addresses as read_addresses
from tests.sending import answers_to_acts

# Words that stand nowhere else, by what they would give away.
REASON, WHOLE, AGREED, DISSENT = "Skälkvist", "Helhetskvist", "Enighetskvist", "Avvikarkvist"
CLAIMED, CLAIM_REASON, RESOURCES, MANDATE = "Hemligkvist", "Sekretesskvist", "Resurskvist", "Mandatkvist"
ATTACHED = "Bilagekvist"
ANNA, BEATA = "Anna Bedömarkvist", "Beata Bedömarkvist"
OF_ASSESSMENT = {REASON, WHOLE, AGREED, DISSENT, ANNA, BEATA}
OF_OWNER = {CLAIMED, CLAIM_REASON, RESOURCES, MANDATE, ATTACHED}
SOUGHT = (REASON, AGREED, CLAIMED, "Cecilia", "Storgatan")


@dataclass
class Case:
    """An assessed challenge, those who assess it, and what its addresses are made of."""

    challenge: Challenge
    assignments: list[Assignment]
    conflicted: User
    addresses: dict[str, list[object]] = field(default_factory=dict)


@pytest.fixture
def case(session: Session) -> Case:
    """Two have assessed apart and agreed afterwards; a third had, and then told of an interest."""
    challenge = make_assessed_now(
        affected=f"Boende och {CLAIMED}", claims={"affected": CLAIM_REASON}, resources=RESOURCES,
        mandate_function=MANDATE,
    )  # fmt: skip
    document = document_service.upload(
        subject=challenge, kind="evidence", title=ATTACHED, file_name="bilaga.txt", content=f"{ATTACHED}\n".encode(),
        by=make_representative(challenge), visibility=Visibility.CLAIMED_SECRET, claim=Claim(CLAIM_REASON),
    )  # fmt: skip
    assignments = [clear(challenge, make_user(name)) for name in (ANNA, BEATA, "Cecilia")]
    first, second, third = assignments
    submit(third, challenge, all_scores(challenge, 2))
    declaration_service.declare_interests(
        third, challenge, answers(**{next(iter(answers())): Answer("yes", "Sitter i styrelsen")}), by=actor_for(third)
    )
    for assignment, value in ((first, 1), (second, 4)):
        criteria = method_of(challenge.journey.method_version).rubric("challenge").criteria
        scores = {one.id: GivenScore(value, reason=f"{REASON} {one.id}") for one in criteria}
        score_service.submit_scores(assignment, challenge, scores, by=actor_for(assignment), summary=WHOLE)
    consensus_service.write_consensus(first.panel, challenge, text=AGREED, dissent=DISSENT, by=actor_for(first))
    following_service.ask_to_follow(challenge, email=third.assessor.email, locale="sv")
    following_service.confirm_following(queued_mail("follow_confirm")["data"]["token"])
    found = Case(challenge, assignments, third.assessor)
    found.addresses = {
        "reference": [challenge.reference], "journey_id": [challenge.journey_id],
        "assignment_id": [one.id for one in assignments], "panel_id": [first.panel_id], "gate_id": ["g1"],
        "rubric": ["challenge"], "document_id": [document.id], "slug": [challenge.organisation.slug],
        "organisation": [challenge.organisation.slug], "user_id": [one.assessor_id for one in assignments],
        "person_id": [one.assessor_id for one in assignments], "number": [1, 2, 3], "version": [1],
        "criterion_id": ["g1.rubric"], "move_id": ["decline", "merge"], "theme": [challenge.theme],
    }  # fmt: skip
    return found


def addresses(app: Flask, case: Case) -> Iterator[str]:
    """Every address that can be read, made out of what the case has; and lists asked in all the ways they know."""
    adapter = app.url_map.bind("localhost")
    for rule in sorted(app.url_map.iter_rules(), key=str):
        if "GET" not in (rule.methods or set()) or rule.endpoint.endswith("static"):
            continue
        for values in _values(rule, case):
            try:
                yield adapter.build(rule.endpoint, values)
            except BuildError:
                continue
    words = [REASON, ANNA, CLAIMED, ATTACHED]
    for path in ("/search?q=", "/challenges?q=", "/api/v1/challenges?q=", "/challenges/similar?text=Skyfall+gata+"):
        yield from (f"{path}{word.replace(' ', '+')}" for word in [*words, case.challenge.reference, "Storgatan"])
    yield from ("/challenges?mine=1", "/api/v1/challenges?mine=true", "/challenges?state=assessment")


def _values(rule: Rule, case: Case) -> Iterator[dict[str, Any]]:
    names = sorted(rule.arguments)
    if any(name not in case.addresses for name in names):
        return
    rows: list[dict[str, Any]] = [{}]
    for name in names:
        rows = [{**row, name: value} for row in rows for value in case.addresses[name]]
    yield from rows


def leaks(app: Flask, client: FlaskClient, case: Case, reader: User | None, hidden: set[str]) -> list[tuple[str, str]]:
    """(address, word) for everything the reader was shown but may not see."""
    found, machine = [], app.test_client()
    headers = bearer(reader) if reader else {}
    sign_in(client, reader) if reader else sign_out(client)
    for url in addresses(app, case):
        answer = machine.get(url, headers=headers) if url.startswith("/api/") else client.get(url)
        assert answer.status_code < 500, url
        text = answer.text
        asked = url.replace("+", " ")
        found += [(url, word) for word in hidden if word in text and word not in asked]
    assert client.get("/account").status_code == (200 if reader else 303)  # the same reader all the while
    return found


def letters_to(user: User) -> str:
    return "\n".join(str(one) for one in all_mail() if one["to"] == user.email)


def shown(
    app: Flask, client: FlaskClient, session: Session, reader: User, secrets: Secrets | None = None, *,
    blindly: bool = True,
) -> dict[str, str]:  # fmt: skip
    """Address -> what the reader is answered there: every page, list, export, PDF, feed and answer of the API, the
    links of letters and calendars, and every refusal of whatever the reader may try to do."""
    found, pages, machine, headers = {}, {}, app.test_client(), bearer(reader)
    sign_in(client, reader)
    searches = [f"{path}{word}" for path in ("/search?q=", "/challenges?q=", "/api/v1/search?q=") for word in SOUGHT]
    for url in [*read_addresses(app, session, without=OF_ITSELF, secrets=secrets), *searches]:
        is_api = url.startswith("/api/")
        answer = machine.get(url, headers=headers) if is_api else client.get(url)
        assert answer.status_code < 500, url
        pages[url] = content_of(answer.data)
        found[url] = f"{answer.status_code} {NOISE.sub('', pages[url])}"
    return {**found, **answers_to_acts(app, client, session, reader, pages, secrets=secrets, blindly=blindly)}


@pytest.mark.once
@pytest.mark.slow
def test_nothing_and_no_count_changes_for_a_conflicted_person_when_others_assess(
    app: Flask, client: FlaskClient, session: Session
) -> None:
    with clock.fixed(clock.now()):
        challenge = make_assessed_now()
        first, second, third = (clear(challenge, make_user(name)) for name in (ANNA, BEATA, "Cecilia"))
        declared = answers(**{next(iter(answers())): Answer("yes", "Sitter i styrelsen")})
        declaration_service.declare_interests(third, challenge, declared, by=actor_for(third))
        secrets = make_everything_reached(third.assessor, followed=challenge)
        before, letters = shown(app, client, session, third.assessor, secrets), letters_to(third.assessor)

        question_service.ask(first, challenge, text=f"{REASON}: var mäts det?", by=actor_for(first))
        for assignment, value in ((first, 1), (second, 4)):
            submit(assignment, challenge, all_scores(challenge, value))
        consensus_service.write_consensus(first.panel, challenge, text=AGREED, dissent=DISSENT, by=actor_for(first))
        gate_service.recommend(
            challenge, "g1", outcome="return", reasons=f"{WHOLE}: det går inte att mäta än.", by=make_secretariat()
        )
        after = shown(app, client, session, third.assessor, secrets)

    assert {url for url in before if after[url] != before[url]} == set()
    assert letters_to(third.assessor) == letters
    assert sum(text.startswith("200") for text in after.values()) > 90  # the surfaces were really asked
    assert sum(text.startswith(("403", "404", "409", "422")) for text in after.values()) > 200


@pytest.mark.once
def test_an_evaluator_whose_organisation_joins_late_sees_nothing_of_the_evaluation_anywhere(
    app: Flask, client: FlaskClient, session: Session
) -> None:
    region, mission = make_tested_mission()
    mission.journey.state = "evaluation"
    joining = make_organisation("Nykomlingen AB")
    latecomer = make_member(joining, name="Cecilia")
    mine, other = (clear(mission, user, rubric="evaluation") for user in (latecomer, make_user(ANNA)))
    criteria = method_of(mission.journey.method_version).rubric("evaluation").criteria
    for assignment, words in ((mine, "Eget skäl"), (other, REASON)):
        scores = {one.id: GivenScore(3, reason=f"{words} {one.id}") for one in criteria}
        score_service.submit_scores(assignment, mission, scores, by=actor_for(assignment), summary=WHOLE)
    assert REASON in client_text(client, latecomer, f"/assessments/{mission.journey_id}")
    story.hear(region, mission)
    gate_service.recommend(
        mission, "g5", outcome="stop", reasons="Vägen leder inte dit vi ville.", by=region.actor("recommender")
    )

    with db.transaction():
        partner = partner_service.enter(mission, joining, ["solution_provider"], PartnerState.INVITED)
        partner_service.join(partner, ["solution_provider"])
        trail.record("partner.committed", mission, by=SYSTEM, organisation=joining.slug)
    print_papers(region, mission)
    work(PRINT)
    digests = letters_to(latecomer)

    secrets = make_everything_reached(latecomer, followed=mission_queries.challenges_of(mission)[0], mission=mission)
    seen = shown(app, client, session, latecomer, secrets, blindly=False)
    leaked = [(url, word) for url, text in seen.items() for word in OF_ASSESSMENT if word in text and word not in url]
    assert leaked == []
    assert [word for word in OF_ASSESSMENT if word in digests] == []


def client_text(client: FlaskClient, reader: User, url: str) -> str:
    sign_in(client, reader)
    return client.get(url).text


@pytest.mark.once
def test_whoever_has_a_conflict_of_interest_sees_nothing_anywhere(
    app: Flask, client: FlaskClient, session: Session, case: Case
) -> None:
    assert case.assignments[2].state is AssignmentState.CONFLICTED

    assert leaks(app, client, case, case.conflicted, OF_ASSESSMENT | OF_OWNER) == []
    secrets = make_everything_reached(case.conflicted, followed=case.challenge)
    seen = shown(app, client, session, case.conflicted, secrets)
    hidden = OF_ASSESSMENT | OF_OWNER
    assert [(url, word) for url, text in seen.items() for word in hidden if word in text and word not in url] == []
    read = letters_to(case.conflicted)
    assert "challenge_" in read or "follow_confirm" in read
    assert [word for word in OF_ASSESSMENT | OF_OWNER if word in read] == []


@pytest.mark.parametrize("who", ["stranger", "visitor"])
def test_the_public_sees_neither_the_assessment_nor_what_is_claimed(
    app: Flask, client: FlaskClient, case: Case, who: str
) -> None:
    reader = make_user() if who == "stranger" else None

    assert leaks(app, client, case, reader, OF_ASSESSMENT | OF_OWNER) == []


def test_the_proposer_sees_the_reasons_and_never_the_names(app: Flask, client: FlaskClient, case: Case) -> None:
    proposer = make_member(case.challenge.organisation, "problem_owner_rep")
    sign_in(client, proposer)

    page = client.get(f"/assessments/{case.challenge.journey_id}").text
    assert {REASON, WHOLE, AGREED} <= {word for word in OF_ASSESSMENT if word in page}
    assert leaks(app, client, case, proposer, {ANNA, BEATA}) == []
    assert [word for word in (ANNA, BEATA) if word in letters_to(proposer)] == []


def test_an_assessor_without_conflicts_does_not_see_what_is_attached_under_a_claim(
    app: Flask, client: FlaskClient, session: Session
) -> None:
    challenge = make_assessed_now()
    document_service.upload(
        subject=challenge, kind="evidence", title=ATTACHED, file_name="bilaga.txt", content=f"{ATTACHED}\n".encode(),
        by=make_representative(challenge), visibility=Visibility.CLAIMED_SECRET, claim=Claim(CLAIM_REASON),
    )  # fmt: skip
    assessor = clear(challenge).assessor
    url = f"/challenges/{challenge.reference}"

    revision = client.get(f"/api/v1{url}/revisions/3", headers=bearer(assessor))
    sign_in(client, assessor)
    compared = client.get(f"{url}/compare?from=2&to=3")

    assert (revision.status_code, revision.json["content"]["attachments"]) == (200, [])
    assert compared.status_code == 200
    assert "En handling som du inte får läsa" in compared.text
    assert ATTACHED not in compared.text


def test_before_all_are_in_nobody_but_the_assessor_sees_a_score(
    app: Flask, client: FlaskClient, session: Session
) -> None:
    challenge = make_assessed_now()
    one, other = clear(challenge), clear(challenge)
    criteria = method_of(challenge.journey.method_version).rubric("challenge").criteria
    submit(one, challenge, {each.id: GivenScore(1, reason=REASON) for each in criteria})
    found = Case(challenge, [one, other], other.assessor)
    found.addresses = {
        "reference": [challenge.reference], "journey_id": [challenge.journey_id], "gate_id": ["g1"],
        "assignment_id": [one.id, other.id], "rubric": ["challenge"], "number": [1],
    }  # fmt: skip

    assert leaks(app, client, found, other.assessor, {REASON}) == []
    assert REASON not in letters_to(other.assessor)
    owner = make_member(challenge.organisation, "problem_owner_rep")
    sign_in(client, owner)
    assert REASON not in client.get(f"/assessments/{challenge.journey_id}").text


def test_the_words_are_there_to_be_seen_by_the_secretariat(client: FlaskClient, case: Case) -> None:
    officer = make_user()
    grant_role(officer, "secretariat_officer")
    sign_in(client, officer)

    seen = client.get(f"/assessments/{case.challenge.journey_id}").text
    seen += client.get(f"/challenges/{case.challenge.reference}").text
    seen += client.get(f"/documents/{case.challenge.journey_id}").text
    assert {word for word in OF_ASSESSMENT | (OF_OWNER - {ATTACHED}) if word not in seen} == set()
