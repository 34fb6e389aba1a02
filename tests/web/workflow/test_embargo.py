"""A decision that is kept back is nowhere to be seen: every page and every answer is the same as before it."""

import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session
from werkzeug.routing import Rule

from missions_app import clock
from missions_app.accounts.actor import body_scope
from missions_app.accounts.models import User
from missions_app.audit.models import AuditEvent
from missions_app.experiments.models import Experiment
from missions_app.missions.models import Mission
from missions_app.missions.queries import challenges_of
from missions_app.outbox.mail import MAIL
from missions_app.outbox.models import Job
from missions_app.portfolio.decision_paper import draw_paper
from missions_app.portfolio.dossier_record import record_of
from missions_app.search.models import SearchEntry
from missions_app.workflow import gate_service
from missions_app.workflow.method_service import method_of
from missions_app.workflow.models import GateDecision, StateEntry
from missions_app.workflow.policy import knows
from tests.factories.accounts import bearer, make_actor, sign_in, sign_out
from tests.factories.reached import Secrets, make_everything_reached
from tests.journeys import people
from tests.journeys import region as story
from tests.journeys.people import START
from tests.journeys.way import walk
from tests.reading import APART, NOISE, OF_ITSELF, SECRETS, content_of
from tests.reading import addresses as read_addresses
from tests.sending import answers_to_acts

SECRET = "Nämnden säger ja till kvarnstensprovet"
NUMBER = "RB-EMBARGO-77"
# One gate of each kind of case, where also acts and what is reached otherwise are tried.
FIRST_OF_KIND = ("g1", "g2", "g3")


def addresses(app: Flask, values: dict[str, object]) -> Iterator[str]:
    """Every page and answer that can be read with what is known of the case."""
    for rule in app.url_map.iter_rules():
        if "GET" in (rule.methods or set()) and not rule.endpoint.startswith(OF_ITSELF) and fits(rule, values):
            yield app.url_map.bind("localhost").build(rule.endpoint, {name: values[name] for name in rule.arguments})
    yield "/search?q=kvarnstensprovet"
    yield "/search?q=skyfall"
    yield "/sitemap.xml"
    for state in ("assessment", "adopted", "declined"):
        yield f"/challenges?state={state}"
        yield f"/api/v1/challenges?state={state}"


def fits(rule: Rule, values: dict[str, object]) -> bool:
    return set(rule.arguments) <= set(values)


def seen_by(
    app: Flask, client: FlaskClient, session: Session, user: User | None, values: dict[str, object],
    secrets: Secrets | None,
) -> dict[str, str]:  # fmt: skip
    """address -> what somebody reads there; with secrets also what is reached by them, and how what the pages offer is
    refused when they are old."""
    headers, answers, of_case = bearer(user) if user else {}, {}, dict[str, str]()
    sign_in(client, user) if user else sign_out(client)
    pages, data, about = [], [], list(addresses(app, values))
    apart = read_addresses(
        app, session, only=APART | SECRETS, secrets=secrets, without=OF_ITSELF, public_only=user is None
    )
    for url in [*about, *(apart if secrets is not None else ())]:
        (data if url.startswith("/api/") else pages).append(url)
    for urls, more in ((pages, {}), (data, headers)):
        for url in urls:
            answer = client.get(url, headers=more)
            said = content_of(answer.data)
            answers[url] = f"{answer.status_code} {NOISE.sub('', said)}"
            if user is not None and secrets is not None and url in about:
                of_case[url] = said
        sign_out(client)
    return {**answers, **answers_to_acts(app, client, session, user, of_case, blindly=False)}


def values_of(subject: Any, gate: str, region: people.Region) -> dict[str, object]:
    """What addresses about a case are made of."""
    criterion = method_of(subject.journey.method_version).gate(gate).criteria[0].id
    return {
        "reference": subject.reference, "journey_id": subject.journey.id, "gate_id": gate, "gate": gate,
        "criterion_id": criterion, "slug": region.town.slug, "number": 1,
    }  # fmt: skip


class Embargo:
    """Decides in the story's place: kept back first, looked for everywhere, published then."""

    def __init__(self, app: Flask, client: FlaskClient, session: Session, region: people.Region) -> None:
        self.app, self.client, self.session, self.region = app, client, session, region
        self.gates: list[str] = []
        self.secrets: Secrets = {}

    def __call__(self, subject: Any, gate: str, outcome: str, decider: str) -> None:
        """Nobody outside can tell that the decision is made."""
        self.gates.append(gate)
        secret, number = f"{SECRET} {gate}", f"{NUMBER}-{gate}"
        values = values_of(subject, gate, self.region)
        readers = [None, self.region.people["representative"]]
        secrets = self.reached(subject) if gate in FIRST_OF_KIND else None
        before = [seen_by(self.app, self.client, self.session, reader, values, secrets) for reader in readers]
        count, session = self.counts(), self.session
        events = session.scalar(select(func.max(AuditEvent.id)))

        decision = gate_service.decide(
            subject, gate, outcome=outcome, reasons=secret, registry_number=number, differs_because=secret,
            by=self.region.actor(decider), declared=True, publish=False,
            conditions=[gate_service.Condition(secret, "Samordnaren", clock.today())],
        )  # fmt: skip

        made = [event.action for event in session.scalars(select(AuditEvent).where(AuditEvent.id > events))]
        assert made == ["gate.decided"]
        assert self.counts() == count  # no letter, no mission, no experiment, no state
        assert secret not in json.dumps([entry.title_sv for entry in session.scalars(select(SearchEntry))])
        for reader, seen in zip(readers, before, strict=True):
            now = seen_by(self.app, self.client, self.session, reader, values, secrets)
            assert [url for url in seen if now[url] != seen[url]] == [], (gate, reader and reader.name)
            assert not any(secret in text or number in text for text in now.values())
        assert len(before[0]) > 80  # the surfaces were really asked
        self.is_shut(subject, decision)
        self.is_in_no_file(subject, secret, number)
        gate_service.publish_decision(decision, subject=subject, by=self.region.actor("recommender"))

    def reached(self, subject: Any) -> Secrets:
        """What is reached by a number or a secret of its own, made once the challenge is there to be followed."""
        if not self.secrets:
            self.secrets = make_everything_reached(self.region.people["representative"], followed=subject)
        return self.secrets

    def counts(self) -> list[int | None]:
        """What would follow from a decision: letters, missions, steps, experiments."""
        letters = self.session.scalar(select(func.count(Job.id)).where(Job.kind == MAIL))
        made = [self.session.scalar(select(func.count(kind.id))) for kind in (Mission, StateEntry, Experiment)]
        return [letters, *made]

    def is_shut(self, subject: Any, decision: GateDecision) -> None:
        """Nobody outside gets at it by its number; members of bodies that do not decide are outside."""
        advisor = make_actor("body_member", body_scope("wg_missions"))
        assert not knows(advisor, decision)
        assert knows(self.region.actor("recommender"), decision)
        for path in ("publish", "corrections", "conditions", "recusals"):
            url = f"/api/v1/cases/{subject.reference}/decisions/{decision.id}/{path}"
            body = {"reasons": SECRET, "decided_on": "2026-03-02"} if path == "corrections" else None
            headers = bearer(self.region.people["representative"])
            ask = self.client.get if path in ("conditions", "recusals") else self.client.post
            answer = ask(url, headers=headers, **({"json": body} if body else {}))
            assert answer.status_code == 404, path

    def is_in_no_file(self, subject: Any, secret: str, number: str) -> None:
        """Neither dossier, paper nor figures tell, whoever draws them."""
        mission = getattr(subject, "mission", None) or (subject if isinstance(subject, Mission) else None)
        if mission is not None:
            whole = json.dumps(record_of(mission, clock.today() + timedelta(days=1)), default=str)
            assert secret not in whole
            assert number not in whole
        if isinstance(subject, Mission):
            assert secret not in str(draw_paper(subject, "g5"))


@pytest.mark.once
@pytest.mark.slow
def test_nobody_outside_can_tell_that_a_decision_is_made_at_any_gate(
    app: Flask, client: FlaskClient, session: Session
) -> None:
    with clock.fixed(START):
        region = people.make_region()
        embargo = region.decides = Embargo(app, client, session, region)
    mission = walk(region, "scale_up")
    with clock.fixed(people.day(150)):
        story.close(region, mission)

    challenge = challenges_of(mission)[0]
    page = sign_out(client).get(f"/challenges/{challenge.reference}").text
    assert SECRET in page  # published, it is there to be seen
    assert embargo.gates == ["g1", "g2", "g3", "g4", "g5", "g6"]
    assert mission.journey.state == "closed"
