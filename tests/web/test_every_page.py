"""Every page of a mission that has gone far can be opened by those whose page it is, and says what it is about."""

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from missions_app import clock
from missions_app.bookings import queries as booking_queries
from missions_app.experiments import queries as experiment_queries
from missions_app.missions import queries as mission_queries
from missions_app.partnerships import queries as partnership_queries
from missions_app.workflow import gate_queries
from missions_app.workflow.models import Consultation, Journey
from tests.factories.accounts import sign_in
from tests.journeys import people
from tests.journeys import region as story
from tests.journeys.way import walked


def addresses(session: Session, region: people.Region, mission: object) -> dict[str, list[str]]:
    """Who opens which pages."""
    m, journey = mission.reference, mission.journey_id  # type: ignore[attr-defined]
    experiment = experiment_queries.experiments_of(mission.id)[0]  # type: ignore[attr-defined]
    booking = booking_queries.bookings_of_experiment(experiment.id)[0]
    site = booking.lines[0].resource.site
    partner = partnership_queries.partners_of(mission)[0]  # type: ignore[arg-type]
    need = partnership_queries.needs_of(mission)[0]  # type: ignore[arg-type]
    document = story.documents_of(mission)[0]  # type: ignore[arg-type]
    agreement = partnership_queries.agreements_of(mission)[0]  # type: ignore[arg-type]
    promised = partnership_queries.commitments_of(mission)[0]  # type: ignore[arg-type]
    e, b = experiment.reference, booking.reference
    challenge = session.get_one(Journey, mission_queries.challenges_of(mission)[0].journey_id)  # type: ignore[arg-type]
    consultation = session.query(Consultation).first()
    assert consultation is not None
    gates = [f"/gates/{journey}/{gate}" for gate in ("g2", "g5", "g6")] + [
        f"/gates/{experiment.journey_id}/g3", f"/gates/{experiment.journey_id}/g4", f"/gates/{challenge.id}/g1",
    ]  # fmt: skip
    return {
        "coordinator": [
            "/work",
            "/missions",
            f"/missions/{m}",
            f"/missions/{m}/partnership",
            f"/missions/{m}/invitations/new",
            f"/missions/{m}/partners/{partner.id}/roles",
            f"/missions/{m}/partners/{partner.id}/leave",
            f"/missions/{m}/partners/{partner.id}/promise",
            f"/missions/{m}/needs/new",
            f"/missions/{m}/needs/{need.id}/plan",
            f"/missions/{m}/agreements",
            f"/missions/{m}/agreements/{agreement.id}",
            f"/missions/{m}/agreements/{agreement.id}/version",
            f"/missions/{m}/agreements/{agreement.id}/signed-elsewhere",
            f"/missions/{m}/agreements/{agreement.id}/terminate",
            f"/missions/{m}/agreements/intent/{partner.organisation.slug}",
            f"/missions/{m}/tracks/new",
            f"/missions/{m}/texts",
            f"/missions/{m}/needs/{need.id}/edit",
            f"/missions/{m}/commitments/{promised.id}/edit",
            f"/missions/{m}/commitments/{promised.id}/deliver",
            f"/missions/{m}/invitations/address",
            f"/missions/{m}/agreements/new/partnership",
            f"/missions/{m}/terms",
            f"/missions/{m}/tracks",
            f"/missions/{m}/funding",
            f"/missions/{m}/funding/new",
            f"/missions/{m}/state-aid",
            f"/missions/{m}/closing",
            f"/missions/{m}/evaluation",
            f"/missions/{m}/evaluation/story",
            f"/missions/{m}/evaluation/statements/new",
            f"/missions/{m}/evaluation/lessons/new",
            f"/missions/{m}/closing-report",
            f"/missions/{m}/experiments/new",
            f"/cases/{journey}/documents",
            f"/cases/{journey}/documents/new",
            f"/documents/{document.id}/sign",
            f"/experiments/{e}",
            *gates[:-1],
            f"/gates/{journey}/g6/request",
            f"/gates/{journey}/g6/recommend",
            f"/gates/{journey}/g6/decide",
            f"/gates/{journey}/g6/consult",
        ],
        "researcher": [
            f"/experiments/{e}",
            f"/experiments/{e}/plan",
            f"/experiments/{e}/measurements",
            f"/experiments/{e}/measurements/new",
            f"/experiments/{e}/report",
            f"/experiments/{e}/learning",
            f"/experiments/{e}/lessons/new",
            f"/experiments/{e}/barriers/new",
            "/bookings",
            f"/bookings/{b}",
            f"/bookings/{b}/receipt",
            f"/bookings/{b}/risks/new",
            f"/bookings/{b}/deviations/new",
            f"/bookings/{b}/cancel",
            f"/bookings/{b}/permits/ta_plan",
            "/sites",
            f"/sites/{site.slug}",
            f"/sites/{site.slug}/week",
            f"/sites/{site.slug}/resources/gatan/request",
        ],
        "manager": [f"/sites/{site.slug}/today", f"/sites/{site.slug}/edit", f"/bookings/{b}", "/bookings"],
        "representative": [
            f"/missions/{m}/coordinator",
            f"/missions/{m}/agreements/{agreement.id}/sign",
            f"/missions/{m}/interest",
        ],
        "decider": [
            gates[-1],
            f"/missions/{m}/challenges/plan",
            f"/gates/{journey}/g6/waive/g6.receiver",
            f"/missions/{m}/partners/{partner.id}/state-aid",
            "/register",
            f"/gates/{challenge.id}/g1/consultations/{consultation.id}",
            f"/journeys/{journey}/moves/back_to_testing",
        ],
        "registrar": [f"/documents/{document.id}/register", "/register?unregistered=1"],
        "": [
            "/",
            "/missions",
            f"/missions/{m}",
            f"/missions/{m}/partnership",
            f"/experiments/{e}",
            "/sites",
            f"/sites/{site.slug}",
            "/needs",
            "/barriers",
            "/method",
            "/search?q=dricksvatten",
            "/about/glossary",
        ],
    }


@pytest.mark.parametrize("locale", ["sv", "en"])
def test_every_page_opens(session: Session, client: FlaskClient, locale: str) -> None:
    region, mission = walked("scale_up")
    failed = []
    with clock.fixed(people.day(121)):
        pages = addresses(session, region, mission)
        assert gate_queries.standing(mission, "g6").is_open
    for who, paths in pages.items():
        browser = client.application.test_client()
        if who:
            sign_in(browser, region.people[who])
        browser.set_cookie("language", locale)
        for path in paths:
            answer = browser.get(path)
            if answer.status_code not in (200, 403, 409) or (
                answer.status_code != 200 and "/moves/" not in path and "/roles" not in path
            ):
                failed.append((who, path, answer.status_code, answer.headers.get("Location", "")))
            elif answer.status_code == 200 and "<h1" not in answer.text:
                failed.append((who, path, 200, "no heading"))
    assert failed == []
