"""Checkpoints and the method."""

from datetime import timedelta

from missions_app import clock, db
from missions_app.accounts.actor import Actor
from missions_app.accounts.models import User
from missions_app.workflow import draft_service, gate_queries, gate_service
from missions_app.workflow.method_service import version_in_force
from missions_app.workflow.models import DecisionCondition
from tests.architecture.object_pages import Arranged, ObjectPage
from tests.factories.accounts import actor_of, make_secretariat
from tests.factories.experiments import make_tested_mission
from tests.factories.organisations import method_in_force
from tests.journeys import people
from tests.journeys import region as story

REASON = "Ett av spåren räcker det här året."


def challenge() -> Arranged:
    """A challenge before its first checkpoint, seen by the secretariat."""
    region = people.make_region()
    found = story.write_challenge(region)
    values = {"journey_id": found.journey.id, "gate_id": "g1"}
    return Arranged(values, region.people["recommender"])


def accepted() -> Arranged:
    region = people.make_region()
    found = story.write_challenge(region)
    values = {"journey_id": found.journey.id, "move_id": "accept"}
    return Arranged(values, region.people["recommender"])


def consulted() -> Arranged:
    region = people.make_region()
    found = story.write_challenge(region)
    asked = gate_service.consult(
        found, "wg_missions", question="Vad säger gruppen om det här?", days=10, by=region.actor("recommender")
    )
    values = {"journey_id": found.journey.id, "gate_id": "g1", "consultation_id": asked.id}
    return Arranged(values, region.people["recommender"])


def criterion() -> Arranged:
    found = challenge()
    return Arranged({**found.values, "criterion_id": "g1.open"}, found.reader)


def decided() -> Arranged:
    """A mission whose second checkpoint is passed."""
    region, mission = make_tested_mission()
    decision = next(iter(gate_queries.decisions_of(mission.journey, "g2")))
    values = {"journey_id": mission.journey.id, "gate_id": "g2", "decision_id": decision.id}
    return Arranged(values, region.people["decider"])


def asked_for() -> Arranged:
    """A condition of a decision."""
    found = decided()
    condition = DecisionCondition(decision_id=found.values["decision_id"], text="Visa en plan.", owner="Kommunen")
    db.session.add(condition)
    db.session.flush()
    values = {name: found.values[name] for name in ("journey_id", "gate_id")}
    return Arranged({**values, "condition_id": condition.id}, found.reader)


def listed() -> Arranged:
    """A mission by its reference, with a waiver."""
    region, mission = make_tested_mission()
    gate_service.waive(
        mission, "g2.users", reason=REASON, expires_on=clock.today() + timedelta(days=30),
        by=actor_of(region.people["decider"]),
    )  # fmt: skip
    return Arranged({"reference": mission.reference}, region.people["decider"])


def drafted() -> Arranged:
    """A draft of the method."""
    method_in_force()
    officer = make_secretariat()
    draft = draft_service.start_draft(summary="Något nytt", by=officer)
    return Arranged({"number": draft.number}, reader_of(officer))


def reader_of(actor: Actor) -> User:
    return db.session.get_one(User, actor.user_id)


def part() -> Arranged:
    found = drafted()
    return Arranged({**found.values, "place": "gate.1.criterion.4"}, found.reader)


def migrated() -> Arranged:
    """The version in force, for the secretariat."""
    method_in_force()
    return Arranged({"number": version_in_force().number}, reader_of(make_secretariat()))


def one_case() -> Arranged:
    """A running challenge and the version it is under."""
    found = challenge()
    return Arranged({"number": version_in_force().number, "journey_id": found.values["journey_id"]}, found.reader)


PAGES = [
    ObjectPage("workflow.complete_condition", asked_for),
    *(
        ObjectPage(f"workflow.{name}", drafted)
        for name in ("show_draft", "show_changes", "show_simulation", "export_draft", "adopt_draft")
    ),
    ObjectPage("workflow.edit_part", part),
    *(
        ObjectPage(f"api_method.{name}", drafted)
        for name in ("show_draft", "show_draft_document", "list_problems", "list_differences", "simulate")
    ),
    ObjectPage("api_method.show_part", part),
    ObjectPage("api_method.list_choices", migrated),
    ObjectPage("workflow.list_migrations", migrated),
    ObjectPage("workflow.choose_version", one_case),
    ObjectPage("workflow.show_gate", challenge),
    ObjectPage("workflow.show_paper", challenge),
    ObjectPage("workflow.request_gate", challenge),
    ObjectPage("workflow.recommend", challenge),
    ObjectPage("workflow.decide", challenge),
    ObjectPage("workflow.step_aside", challenge),
    ObjectPage("workflow.consult", challenge),
    ObjectPage("workflow.waive", criterion),
    ObjectPage("workflow.attest", criterion),
    ObjectPage("workflow.look_afresh", criterion),
    ObjectPage("workflow.reply", consulted),
    ObjectPage("workflow.correct_decision", decided),
    ObjectPage("workflow.make_move", accepted),
    ObjectPage("api_cases.list_waivers", listed),
]
# Versions of the method are for everybody; proposals and figures for everybody who is signed in.
OPEN = {
    "workflow.show_method_version",
    "workflow.export_version",
    "workflow.show_statistics",
    "workflow.show_proposal",
    "api_method.show_document",
    "api_method.show_statistics",
    "api_method.show_proposal",
}
