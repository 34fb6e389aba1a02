"""What a decision asks for is somebody's: they have it in My work, say how it was met, and others see how it stands."""

from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from missions_app import clock
from missions_app.accounts.actor import Actor
from missions_app.errors import InvalidInput, NotAllowed
from missions_app.missions.models import Mission
from missions_app.work import reminders
from missions_app.workflow import gate_queries, gate_service, owners
from missions_app.workflow.conditions import ConditionState, state_of
from missions_app.workflow.errors import ReasonMissing, TooShort
from missions_app.workflow.models import DecisionCondition
from missions_app.workflow.tasks import tasks_for
from tests.factories.accounts import sign_in
from tests.journeys import people
from tests.journeys import region as story

DUE = timedelta(days=10)
TEXT = "Visa en plan för skötseln."


def decided(owner_ref: str, region: people.Region | None = None) -> tuple[people.Region, Mission, DecisionCondition]:
    """A mission past its second checkpoint, whose decision asks for one thing."""
    region = region or people.make_region()
    mission = story.adopt(region, story.write_challenge(region))
    ref = owner_ref.replace("COMPANY", str(region.company.id))
    region.decides = lambda subject, gate, outcome, decider: gate_service.decide(
        subject, gate, outcome=outcome, reasons="Kraven är uppfyllda och underlaget håller.", by=region.actor(decider),
        declared=True, conditions=[gate_service.Condition(TEXT, "", clock.today() + DUE, ref)],
    )  # fmt: skip
    story.form_partnership(region, mission)
    (condition,) = gate_queries.conditions_of(gate_queries.decisions_of(mission.journey, "g2")[0])
    return region, mission, condition


def asked(actor: Actor) -> list[str]:
    """The reasons with which the condition stands in somebody's work."""
    return [one.reason for one in tasks_for(actor) if one.endpoint == "workflow.complete_condition"]


def test_the_people_of_a_partner_are_asked_and_reminded_and_say_how_it_was_met(session: Session) -> None:
    with clock.fixed(people.day(60)):
        region, mission, condition = decided("organisation:COMPANY")
        assert (condition.owner, state_of(condition, clock.today())) == (region.company.name, ConditionState.OPEN)
        company, village = region.actor("company_admin"), region.actor("village_admin")
        assert asked(company) == ["A decision asks you for it."]
        assert asked(region.actor("coordinator")) == ["A decision asks %(owner)s for it."]
        assert asked(village) == []
        with pytest.raises(NotAllowed):
            gate_service.complete_condition(condition, subject=mission, how="Planen är skriven nu.", by=village)
        for how, error in (("", ReasonMissing), ("Klart", TooShort)):
            with pytest.raises(error):
                gate_service.complete_condition(condition, subject=mission, how=how, by=company)
    with clock.fixed(people.day(71)):
        assert state_of(condition, clock.today()) is ConditionState.LATE
        due = [one.due for one in reminders.reminded(company, clock.today()) if one.reference == mission.reference]
        assert condition.due_on in due
        gate_service.complete_condition(
            condition, subject=mission, how="Planen är skriven och antagen.", evidence="https://example.org/plan",
            by=company,
        )  # fmt: skip
        assert asked(company) == asked(region.actor("coordinator")) == []

    assert state_of(condition, clock.today()) is ConditionState.MET
    assert (condition.how_met, condition.evidence) == ("Planen är skriven och antagen.", "https://example.org/plan")


def test_an_owner_is_one_of_those_on_the_list_or_put_in_words(session: Session) -> None:
    with clock.fixed(people.day(60)):
        region, mission, condition = decided("function:coordinator")
        known = {one.ref: one.name for one in owners.owners_of(mission, "sv")}
        assert known[condition.owner_ref] == condition.owner
        assert known[f"person:{region.people['coordinator'].id}"] == region.people["coordinator"].name
        assert {f"organisation:{region.town.id}", "function:run"} <= known.keys()
        assert asked(region.actor("coordinator")) == ["A decision asks you for it."]

        other = story.write_challenge(region)
        story.prepare_first_gate(region, other)
        gate_service.recommend(
            other, "g1", outcome="approve", reasons="Kraven är uppfyllda.", by=region.actor("recommender")
        )
        with pytest.raises(InvalidInput):
            gate_service.decide(
                other, "g1", outcome="approve", reasons="Kraven är uppfyllda nu.", by=region.actor("decider"),
                declared=True, conditions=[gate_service.Condition("Gör", "", None, "person:999999")],
            )  # fmt: skip


def test_the_pages_show_what_is_asked_and_take_how_it_was_met(client: FlaskClient, session: Session) -> None:
    with clock.fixed(people.day(60)):
        region, mission, condition = decided("organisation:COMPANY")
        page, address = (
            f"/missions/{mission.reference}",
            f"/gates/{mission.journey_id}/g2/conditions/{condition.id}/done",
        )
        sign_in(client, region.people["company_admin"])
        before = client.get(page).text
        empty = client.post(address, data={"how": "", "evidence": "Dokument 7"})
        sent = client.post(address, data={"how": "Planen är skriven och antagen.", "evidence": "Dokument 7"})
        after, kept = client.get(page).text, client.get(address).text

        assert TEXT in before and "Inte uppfyllt än" in before and region.company.name in before
        assert "Dokument 7" in empty.text and "Fel: " in empty.text
        assert sent.status_code == 303
        assert "Planen är skriven och antagen." in after
        assert "Dokument 7" in kept and "Det är uppfyllt" not in kept
