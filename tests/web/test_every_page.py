"""Every page of a mission that has gone far can be opened by those whose page it is, and says what it is about."""

from typing import Any

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
    page, place = f"/missions/{m}", f"/sites/{site.slug}"
    return {
        "coordinator": [
            "/work", "/missions", *_of_mission(page, partner, need, agreement, promised), *gates[:-1],
            *_under(f"/cases/{journey}", "/documents /documents/new"), f"/documents/{document.id}/sign",
            f"/experiments/{e}", *_under(f"/gates/{journey}/g6", "/request /recommend /decide /consult"),
        ],
        "researcher": [
            *_under(f"/experiments/{e}", " /plan /measurements /measurements/new /report /learning"),
            *_under(f"/experiments/{e}", "/lessons/new /barriers/new"), "/bookings",
            *_under(f"/bookings/{b}", " /receipt /risks/new /deviations/new /cancel /permits/ta_plan"),
            "/sites", *_under(place, " /week /resources/gatan/request"),
        ],
        "manager": [*_under(place, "/today /edit"), f"/bookings/{b}", "/bookings"],
        "representative": _under(page, f"/coordinator /agreements/{agreement.id}/sign /interest"),
        "decider": [
            gates[-1], f"{page}/challenges/plan", f"/gates/{journey}/g6/waive/g6.receiver",
            f"{page}/partners/{partner.id}/state-aid", "/register",
            f"/gates/{challenge.id}/g1/consultations/{consultation.id}", f"/journeys/{journey}/moves/back_to_testing",
        ],
        "registrar": [f"/documents/{document.id}/register", "/register?unregistered=1"],
        "": [
            "/", "/missions", page, f"{page}/partnership", f"/experiments/{e}", "/sites", place, "/needs", "/barriers",
            "/method", "/search?q=dricksvatten", "/about/glossary",
        ],
    }  # fmt: skip


def _of_mission(page: str, partner: Any, need: Any, agreement: Any, promised: Any) -> list[str]:
    """What a coordinator opens about a mission."""
    return [
        *_under(page, " /partnership /invitations/new /invitations/address /terms /tracks /tracks/new /texts"),
        *_under(f"{page}/partners/{partner.id}", "/roles /leave /promise"),
        *_under(f"{page}/needs", f"/new /{need.id}/plan /{need.id}/edit"),
        *_under(f"{page}/agreements", f" /new/partnership /intent/{partner.organisation.slug}"),
        *_under(f"{page}/agreements/{agreement.id}", " /version /signed-elsewhere /terminate"),
        *_under(f"{page}/commitments/{promised.id}", "/edit /deliver"),
        *_under(page, "/funding /funding/new /state-aid /closing /closing-report /experiments/new"),
        *_under(f"{page}/evaluation", " /story /statements/new /lessons/new"),
    ]


def _under(base: str, rest: str) -> list[str]:
    """Addresses under another; one that begins with nothing is the other itself."""
    return [base + each for each in rest.split(" ")]


# Acts that the state of a thing, or the reader's part in it, does not allow at this moment: their page says why.
REFUSED_NOW = ("/moves/", "/roles", "/cancel")


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
            is_refused = answer.status_code in (403, 409) and any(one in path for one in REFUSED_NOW)
            if answer.status_code != 200 and not is_refused:
                failed.append((who, path, answer.status_code, answer.headers.get("Location", "")))
            elif "<h1" not in answer.text:
                failed.append((who, path, answer.status_code, "no heading"))
    assert failed == []
