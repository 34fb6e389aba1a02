"""A decision that is kept back is nowhere to be seen: every page and every answer is the same as before it."""

import json
import re
from collections.abc import Iterator

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session
from werkzeug.routing import Rule

from missions_app import clock
from missions_app.accounts.models import User
from missions_app.audit.models import AuditEvent
from missions_app.missions.models import Mission
from missions_app.outbox.models import Job
from missions_app.search.models import SearchEntry
from missions_app.workflow import gate_service
from tests.factories.accounts import bearer, sign_in, sign_out
from tests.journeys import people
from tests.journeys import region as story
from tests.journeys.people import START

SECRET = "Nämnden säger ja till kvarnstensprovet"
NUMBER = "RB-EMBARGO-77"
# What changes by itself from one answer to the next.
NOISE = re.compile(r"nonce[-=\"'A-Za-z0-9+/_]+|csrf_token\" (?:type=\"hidden\" )?value=\"[^\"]*\"|[A-Za-z0-9_-]{40,}")
# They say what the installation does, or list the browsers and tokens of the test itself.
LEFT_OUT = ("health.", "static", "api-docs", "docs.", "accounts.", "api_accounts.")


def addresses(app: Flask, values: dict[str, object]) -> Iterator[str]:
    """Every page and answer that can be read with what is known of the case."""
    for rule in app.url_map.iter_rules():
        if "GET" in (rule.methods or set()) and not rule.endpoint.startswith(LEFT_OUT) and fits(rule, values):
            yield app.url_map.bind("localhost").build(rule.endpoint, {name: values[name] for name in rule.arguments})
    yield "/search?q=kvarnstensprovet"
    yield "/search?q=skyfall"
    for state in ("assessment", "adopted", "declined"):
        yield f"/challenges?state={state}"
        yield f"/api/v1/challenges?state={state}"


def fits(rule: Rule, values: dict[str, object]) -> bool:
    return set(rule.arguments) <= set(values)


def seen_by(app: Flask, client: FlaskClient, user: User | None, values: dict[str, object]) -> dict[str, str]:
    """address -> what somebody reads there."""
    headers = bearer(user) if user else {}
    answers = {}
    for url in addresses(app, values):
        is_api = url.startswith("/api/")
        sign_out(client) if is_api or user is None else sign_in(client, user)
        answer = client.get(url, headers=headers if is_api else {})
        answers[url] = f"{answer.status_code} {NOISE.sub('', answer.get_data(as_text=True))}"
    return answers


def test_nobody_outside_can_tell_that_a_decision_is_made(app: Flask, client: FlaskClient, session: Session) -> None:
    with clock.fixed(START):
        region = people.make_region()
        challenge = story.write_challenge(region)
        story.prepare_first_gate(region, challenge)
        gate_service.recommend(
            challenge, "g1", outcome="return", reasons="Vi tror att det behövs mer tid.", by=region.actor("recommender")
        )
        values = {
            "reference": challenge.reference, "journey_id": challenge.journey.id, "gate_id": "g1", "gate": "g1",
            "criterion_id": "g1.open", "slug": region.town.slug,
        }  # fmt: skip
        readers = [None, region.people["representative"]]
        before = [seen_by(app, client, reader, values) for reader in readers]
        jobs = session.scalar(select(func.count(Job.id)))
        events = session.scalar(select(func.max(AuditEvent.id)))

        decision = gate_service.decide(
            challenge, "g1", outcome="approve", reasons=SECRET, registry_number=NUMBER, differs_because=SECRET,
            by=region.actor("decider"), publish=False,
            conditions=[gate_service.Condition(SECRET, "Samordnaren", clock.today())],
        )  # fmt: skip

        assert [event.action for event in session.scalars(select(AuditEvent).where(AuditEvent.id > events))] == [
            "gate.decided"
        ]
        assert session.scalar(select(func.count(Job.id))) == jobs
        assert session.scalar(select(func.count(Mission.id))) == 0
        assert SECRET not in json.dumps([entry.title_sv for entry in session.scalars(select(SearchEntry))])
        for reader, seen in zip(readers, before, strict=True):
            now = seen_by(app, client, reader, values)
            differing = [url for url in seen if now[url] != seen[url]]
            assert differing == [], reader and reader.name
            assert not any(SECRET in text or NUMBER in text for text in now.values())
        assert len(before[0]) > 80  # the surfaces were really asked
        for path in (f"decisions/{decision.id}/publish", f"decisions/{decision.id}/corrections"):
            body = {"reasons": SECRET, "decided_on": "2026-03-02"} if path.endswith("corrections") else None
            url = f"/api/v1/cases/{challenge.reference}/{path}"
            answer = sign_out(client).post(url, headers=bearer(region.people["representative"]), json=body)
            assert answer.status_code == 404, path

        gate_service.publish_decision(decision, subject=challenge, by=region.actor("recommender"))

        page = sign_out(client).get(f"/challenges/{challenge.reference}").get_data(as_text=True)
        assert SECRET in page
        assert session.scalar(select(func.count(Mission.id))) == 1
