"""Whoever is too close to a case neither recommends, decides nor waives; the decision keeps who stepped aside."""

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from missions_app import clock, db
from missions_app.accounts.actor import mission_scope, organisation_scope
from missions_app.accounts.tasks import tasks_for
from missions_app.assessments import deciders, profile_service
from missions_app.challenges.models import Challenge
from missions_app.errors import InvalidInput
from missions_app.workflow import gate_queries, gate_service, recusal, recusal_service
from missions_app.workflow.errors import InterestsUndeclared, NotYourRecusal, TooCloseToCase, WrongRole
from missions_app.workflow.guard import is_refusal
from tests.factories.accounts import bearer, grant_role, make_actor, make_secretariat, sign_in
from tests.factories.experiments import make_planned
from tests.factories.organisations import make_organisation
from tests.factories.outbox import all_mail
from tests.journeys import people
from tests.journeys import region as story
from tests.journeys.people import Region

REASONS = "Underlaget håller och kraven är uppfyllda."
TIE = "Min syster leder projektet hos kommunen."


@pytest.fixture
def region(session: Session) -> Region:
    """The people of the story."""
    return people.make_region()


@pytest.fixture
def challenge(region: Region) -> Challenge:
    """Ready for the first decision, and recommended."""
    found = story.write_challenge(region)
    story.prepare_first_gate(region, found)
    gate_service.recommend(found, "g1", outcome="approve", reasons=REASONS, by=region.actor("recommender"))
    return found


def decide(challenge: Challenge, by: Any, **more: Any) -> Any:
    return gate_service.decide(challenge, "g1", outcome="approve", reasons=REASONS, by=by, **{"declared": True, **more})


def codes(refusal: pytest.ExceptionInfo[TooCloseToCase]) -> list[str]:
    return [one.code for one in refusal.value.params["reasons"]]  # type: ignore[attr-defined]


def tie(region: Region, challenge: Challenge, kind: str) -> None:
    """Tie the decider to the challenge."""
    user = region.people["decider"]
    if kind == "own_organisation":
        grant_role(user, "member", organisation_scope(challenge.organisation_id))
    elif kind == "owner_group":
        company = make_organisation("Exempelbolaget", owner=challenge.organisation)
        grant_role(user, "member", organisation_scope(company.id))
    else:
        profile_service.add_former_employment(
            user, challenge.organisation, until=clock.today() - timedelta(days=200), by=make_secretariat()
        )


@pytest.mark.parametrize("kind", ["own_organisation", "owner_group", "former_employer"])
def test_a_tie_the_platform_knows_closes_every_act_at_the_gate(region: Region, challenge: Challenge, kind: str) -> None:
    tie(region, challenge, kind)
    actor = region.actor("decider")

    with pytest.raises(TooCloseToCase) as refused:
        decide(challenge, actor)
    assert codes(refused) == [kind]
    with pytest.raises(TooCloseToCase):
        gate_service.recommend(challenge, "g1", outcome="return", reasons=REASONS, by=actor)
    with pytest.raises(TooCloseToCase):
        gate_service.waive(
            challenge, "g1.strategies", reason=REASONS, expires_on=clock.today() + timedelta(days=20), by=actor
        )
    assert gate_queries.decisions_of(challenge.journey) == []
    assert not [one for one in tasks_for(actor) if one.title.startswith("Decide")]
    assert [one for one in tasks_for(make_secretariat()) if one.title.startswith("Decide")]


def test_working_for_the_region_that_decides_is_no_conflict(app: Flask, region: Region, challenge: Challenge) -> None:
    tie(region, challenge, "own_organisation")
    deciders.set_host(challenge.organisation.name)
    try:
        assert decide(challenge, region.actor("decider")).declared
    finally:
        deciders.set_host(app.extensions["region"].owner)


def test_the_decider_declares_first(region: Region, challenge: Challenge) -> None:
    with pytest.raises(InterestsUndeclared) as refused:
        decide(challenge, region.actor("decider"), declared=False)

    assert refused.value.field == "declared"
    assert challenge.journey.state == "assessment"


def test_whoever_steps_aside_decides_nothing_and_the_decision_keeps_it(region: Region, challenge: Challenge) -> None:
    decider, other = region.actor("decider"), make_secretariat()
    mails = len(all_mail())
    aside = recusal_service.step_aside(challenge, "g1", reason=TIE, by=decider)
    again = recusal_service.step_aside(challenge, "g1", reason=TIE, by=decider)

    assert again is aside
    letters = all_mail()[mails:]
    assert {one["template"] for one in letters} == {"gate_stepped_aside"}
    assert region.people["decider"].email not in {one["to"] for one in letters}
    assert TIE not in str(letters)
    assert region.people["decider"].name not in str(letters)
    with pytest.raises(TooCloseToCase) as refused:
        decide(challenge, decider)
    assert codes(refused) == ["stepped_aside"]

    decision = decide(challenge, other)

    assert [one.user_id for one in recusal.recusals_of(decision)] == [decider.user_id]
    assert recusal.recusals_at(challenge.journey, "g1") == []
    with pytest.raises(NotYourRecusal):
        recusal_service.come_back(aside, subject=challenge, by=decider)


def test_only_the_person_comes_back(region: Region, challenge: Challenge) -> None:
    decider = region.actor("decider")
    aside = recusal_service.step_aside(challenge, "g1", reason=TIE, by=decider)
    with pytest.raises(NotYourRecusal):
        recusal_service.come_back(aside, subject=challenge, by=region.actor("recommender"))

    recusal_service.come_back(aside, subject=challenge, by=decider)

    assert recusal.recusals_of(decide(challenge, decider)) == []


def test_nobody_steps_aside_from_what_is_not_theirs(region: Region, challenge: Challenge) -> None:
    with pytest.raises(WrongRole):
        recusal_service.step_aside(challenge, "g1", reason=TIE, by=make_actor())


def test_a_declaration_cannot_be_changed_by_sql(region: Region, challenge: Challenge, session: Session) -> None:
    decision = decide(challenge, region.actor("decider"))

    with pytest.raises(DBAPIError) as refused, session.begin_nested():
        session.execute(
            text("UPDATE gate_decision SET declared = :no WHERE id = :id"), {"no": False, "id": decision.id}
        )

    assert is_refusal(refused.value)


def test_a_role_of_the_case_itself_is_no_tie_but_may_be_declared(session: Session) -> None:
    experiment = make_planned().experiment
    coordinator = make_actor("coordinator", mission_scope(experiment.mission_id))
    standing = gate_queries.standing(experiment, "g4")

    assert recusal.bars_to(coordinator, standing, experiment) == []
    recusal_service.step_aside(experiment, "g4", reason=TIE, by=coordinator)
    assert [one.code for one in recusal.bars_to(coordinator, standing, experiment)] == ["stepped_aside"]


def test_the_page_says_why_and_offers_no_button(client: Any, region: Region, challenge: Challenge) -> None:
    gate = f"/gates/{challenge.journey_id}/g1"
    sign_in(client, region.people["decider"])
    assert f"{gate}/decide" in client.get(gate).text
    assert "Exempelkommun" in client.get(f"{gate}/decide").text

    answer = client.post(f"{gate}/step-aside", data={"reason": TIE})

    assert answer.status_code == 303
    page = client.get(gate).text
    assert f"{gate}/decide" not in page
    assert "Du har avstått." in page
    answer = client.post(
        f"{gate}/decide", data={"version": challenge.journey.version, "outcome": "approve", "reasons": REASONS,
                                "decided_on": clock.today().isoformat(), "publish": "at_once", "declared": "y"},
    )  # fmt: skip
    assert "Jäv hindrar" in answer.text
    sign_in(client, db.session.get_one(type(region.people["decider"]), make_secretariat().user_id))
    assert "Avstod på grund av jäv" in client.get(gate).text
    assert region.people["decider"].name in client.get(gate).text


def test_a_member_without_an_account_is_kept_with_the_decision_by_function_and_told_in_public(
    client: Any, region: Region, challenge: Challenge
) -> None:
    decision = decide(challenge, region.actor("decider"), recused=["Andre vice ordförande", " "], publish=False)
    page = f"/challenges/{challenge.reference}"
    assert "Andre vice ordförande" not in client.get(page).text

    gate_service.publish_decision(decision, subject=challenge, by=region.actor("recommender"))

    assert [(one.user, one.seat, one.acted_as) for one in recusal.recusals_of(decision)] == [
        (None, "Andre vice ordförande", decision.decided_as)
    ]
    assert "Avstod på grund av jäv: Andre vice ordförande." in client.get(page).text
    api = client.get(f"/api/v1/cases/{challenge.reference}/decisions/{decision.id}/recusals",
                     headers=bearer(region.people["recommender"])).json  # fmt: skip
    assert [(one["name"], one["seat"]) for one in api] == [(None, "Andre vice ordförande")]
    with pytest.raises(InvalidInput):
        recusal.note_seats(decision, ["x" * 201])


def test_the_missions_page_says_in_which_function_somebody_stepped_aside_and_never_the_name(
    client: Any, region: Region
) -> None:
    mission = story.adopt(region, story.write_challenge(region))
    story.gather_partners(region, mission)
    officer = make_secretariat()
    recusal_service.step_aside(mission, "g2", reason=TIE, by=officer)
    assert "Avstod" not in client.get(f"/missions/{mission.reference}").text

    story.decide(region, mission, "g2", "approve")
    shown = client.get(f"/missions/{mission.reference}").text

    assert "Avstod från beslut (1)" in shown and "Strategins sekretariat" in shown
    assert officer.name not in shown and TIE not in shown


def test_the_decider_writes_members_without_an_account_one_on_each_line(
    client: Any, region: Region, challenge: Challenge
) -> None:
    sign_in(client, region.people["decider"])
    path = f"/gates/{challenge.journey_id}/g1/decide"
    typed = {"version": str(challenge.journey.version), "outcome": "approve", "reasons": REASONS, "declared": "y",
             "decided_on": clock.today().isoformat(), "publish": "at_once"}  # fmt: skip

    assert "En på varje rad, med uppdrag och inte med namn" in client.get(path).text
    long = client.post(path, data=typed | {"recused": "x" * 201})
    assert 'id="recused-error"' in long.text and "x" * 201 in long.text
    assert client.post(path, data=typed | {"recused": "Ersättare (V)\nEn ledamot"}).status_code == 303

    [decision] = gate_queries.decisions_of(challenge.journey, "g1")
    assert [one.seat for one in recusal.recusals_of(decision)] == ["Ersättare (V)", "En ledamot"]
