"""Decisions: kept back and published, corrected, with conditions; waivers and fresh looks."""

from datetime import timedelta

import pytest
from sqlalchemy import select, update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from missions_app import clock, db
from missions_app.accounts.actor import SYSTEM
from missions_app.audit.models import AuditEvent
from missions_app.challenges import queries as challenges
from missions_app.errors import InvalidInput
from missions_app.missions import queries as missions
from missions_app.partnerships import partner_service
from missions_app.partnerships import queries as partnerships
from missions_app.workflow import decision_service, gate_queries, gate_service, guard, pinning, recusal, watching
from missions_app.workflow.engine import Standing
from missions_app.workflow.errors import (
    AlreadyCorrected,
    DecisionWaits,
    GateHolds,
    NothingCorrected,
    NotStale,
    NotWaivable,
    StaleBefore,
    WaiverTooLong,
)
from missions_app.workflow.meeting import Meeting, meeting_of
from missions_app.workflow.models import Evidence, GateDecision, StaleMark
from missions_app.workflow.policy import knows
from tests.factories.accounts import actor_of, make_actor
from tests.factories.experiments import make_tested_mission
from tests.factories.outbox import all_mail, work
from tests.journeys import people
from tests.journeys import region as story
from tests.journeys.people import Region

REASONS = "Underlaget håller och kraven är uppfyllda."


def ready(region: Region):  # type: ignore[no-untyped-def]
    """A challenge for which everything stands and that somebody recommends."""
    challenge = story.write_challenge(region)
    story.prepare_first_gate(region, challenge)
    gate_service.recommend(challenge, "g1", outcome="approve", reasons=REASONS, by=region.actor("recommender"))
    return challenge


def keep_back(region: Region, challenge, **more):  # type: ignore[no-untyped-def]
    return gate_service.decide(
        challenge,
        "g1",
        outcome="approve",
        reasons=REASONS,
        by=region.actor("decider"),
        publish=False,
        **more,
        declared=True,
    )


def test_a_decision_kept_back_moves_nothing_and_only_those_who_decide_know(session: Session) -> None:
    region = people.make_region()
    challenge = ready(region)
    before = (challenge.journey.state, len(all_mail()))
    decision = keep_back(region, challenge)

    assert (challenge.journey.state, len(all_mail())) == before
    assert missions.find_mission_of(challenge) is None
    assert gate_queries.open_request(challenge.journey, "g1") is None
    assert [knows(region.actor(who), decision) for who in ("decider", "recommender", "board", "representative")] == [
        True, True, True, False,
    ]  # fmt: skip
    assert not knows(make_actor(), decision)
    with pytest.raises(DecisionWaits):
        keep_back(region, challenge)

    gate_service.publish_decision(decision, subject=challenge, by=region.actor("recommender"))

    assert challenge.journey.state == "adopted"
    assert missions.find_mission_of(challenge) is not None
    assert knows(make_actor(), decision)


def test_a_decision_publishes_itself_on_its_day_and_only_once(session: Session) -> None:
    region = people.make_region()
    challenge = ready(region)
    decision = keep_back(region, challenge, publish_on=clock.today() + timedelta(days=3))

    decision_service.publish_due({})
    assert decision.published_at is None
    with clock.fixed(clock.now() + timedelta(days=3)):
        decision_service.publish_due({})
        decision_service.publish_due({})

    assert decision.published_at is not None
    mission = missions.find_mission_of(challenge)
    assert mission is not None
    told = [mail for mail in all_mail() if mail["template"] == "challenge_decided"]
    assert len(told) == len({mail["to"] for mail in told}) > 0


def test_a_case_withdrawn_meanwhile_stays_withdrawn_when_the_decision_is_published(session: Session) -> None:
    region = people.make_region()
    challenge = ready(region)
    decision = keep_back(region, challenge)
    challenge.journey.state = "withdrawn"

    gate_service.publish_decision(decision, subject=challenge, by=SYSTEM)

    assert challenge.journey.state == "withdrawn"
    assert missions.find_mission_of(challenge) is None


def test_evidence_names_the_revision_that_was_read(session: Session) -> None:
    region = people.make_region()
    challenge = ready(region)
    decision = keep_back(region, challenge)

    rows = session.scalars(select(Evidence).where(Evidence.decision_id == decision.id)).all()

    assert {row.revision for row in rows} == {str(challenges.latest_revision(challenge).number)}
    assert all(row.checksum == pinning.checksum(row.facts) for row in rows)


def test_a_decision_is_corrected_by_a_new_one_and_stays_readable(session: Session) -> None:
    region, mission = make_tested_mission()
    first = next(iter(gate_queries.decisions_of(mission.journey, "g2")))

    new = gate_service.correct_decision(
        first, subject=mission, reasons="Rätt skäl, med rätt nummer.", registry_number="RB 7", decided_on=clock.today(),
        by=region.actor("decider"),
    )  # fmt: skip

    assert (new.corrects_id, new.outcome, first.reasons != new.reasons) == (first.id, first.outcome, True)
    assert gate_queries.passing_decision(mission.journey, "g2") == new
    pinned = {one.criterion: one.checksum for one in gate_queries.evidence_of(first)}
    assert {one.criterion: one.checksum for one in gate_queries.evidence_of(new)} == pinned
    with pytest.raises(AlreadyCorrected):
        gate_service.correct_decision(
            first, subject=mission, reasons="En gång till, fast annorlunda.", registry_number="",
            decided_on=clock.today(), by=region.actor("decider"),
        )  # fmt: skip


def test_a_correction_that_says_the_same_is_refused(session: Session) -> None:
    region, mission = make_tested_mission()
    first = next(iter(gate_queries.decisions_of(mission.journey, "g2")))

    with pytest.raises(NothingCorrected):
        gate_service.correct_decision(
            first, subject=mission, reasons=f" {first.reasons} ", registry_number=first.registry_number,
            decided_on=first.decided_on, by=region.actor("decider"),
        )  # fmt: skip

    assert gate_queries.passing_decision(mission.journey, "g2") == first


def leave(region: Region, mission) -> None:  # type: ignore[no-untyped-def]
    """The village leaves the partnership that its second checkpoint rested on."""
    partner = next(one for one in partnerships.partners_of(mission) if one.organisation_id == region.village.id)
    partner_service.leave(
        partner, reason="Vi har inte tid längre, tyvärr.", by=region.actor("village_admin"),
        expected_version=partner.version,
    )  # fmt: skip


def test_a_partner_that_leaves_turns_the_gate_stale_by_itself_and_people_are_told(session: Session) -> None:
    region, mission = make_tested_mission()
    work(watching.RECHECK)
    assert gate_queries.standing(mission, "g2").stale == []

    leave(region, mission)
    assert "g2.users" in {one.criterion.id for one in gate_queries.standing(mission, "g2").stale}
    assert work(watching.RECHECK) == 1

    marked = session.scalars(select(StaleMark.criterion).where(StaleMark.cleared_at.is_(None))).all()
    assert "g2.users" in marked
    told = {mail["to"] for mail in all_mail() if mail["template"] == "criterion_stale"}
    assert {region.people["coordinator"].email, region.people["decider"].email} <= told


def test_the_next_gate_waits_for_a_fresh_look_or_a_waiver(session: Session) -> None:
    region, mission = make_tested_mission()
    leave(region, mission)
    officer = region.actor("decider")
    stale = [one.criterion for one in gate_queries.standing(mission, "g2").unanswered]
    assert stale
    mission.journey.state = "evaluation"
    db.session().commit()
    story.assess(region, mission, "evaluation", 3)
    story.hear(region, mission)
    gate_service.recommend(mission, "g5", outcome="iterate", reasons=REASONS, by=region.actor("recommender"))
    outcome = next(one for one in gate_queries.standing(mission, "g5").gate.outcomes if one.kind == "forward")

    ahead = gate_queries.standing(mission, "g5")
    assert [one.criterion for one in gate_queries.unanswered_before(mission, ahead)] == stale
    with pytest.raises((StaleBefore, GateHolds)):
        gate_service.decide(
            mission, "g5", outcome=outcome.id, reasons=REASONS, differs_because="Ja.", by=officer, declared=True
        )
    for criterion in stale:
        gate_service.look_afresh(mission, "g2", criterion.id, text="Byalaget har en ersättare på väg in.", by=officer)

    assert gate_queries.unanswered_before(mission, gate_queries.standing(mission, "g5")) == []
    standings = {one.criterion.id: one.standing for one in gate_queries.standing(mission, "g2").criteria}
    assert standings[stale[0].id] is Standing.STALE  # the look does not make it met
    with pytest.raises(NotStale):
        gate_service.look_afresh(mission, "g2", "g2.ipdata", text="Den här är ju inte inaktuell.", by=officer)


def test_a_waiver_has_a_right_a_reason_and_a_longest_time(session: Session) -> None:
    region = people.make_region()
    mission = story.adopt(region, story.write_challenge(region))
    officer = actor_of(region.people["decider"])
    until = clock.today() + timedelta(days=30)

    with pytest.raises(NotWaivable):
        gate_service.waive(mission, "g2.roles", reason=REASONS, expires_on=until, by=officer)
    with pytest.raises(NotWaivable):
        gate_service.waive(mission, "g2.sectors", reason=REASONS, expires_on=until, by=region.actor("researcher"))
    with pytest.raises(WaiverTooLong):
        gate_service.waive(
            mission, "g2.sectors", reason=REASONS, expires_on=clock.today() + timedelta(days=5000), by=officer
        )
    waiver = gate_service.waive(mission, "g2.sectors", reason=REASONS, expires_on=until, by=officer)

    standing = {one.criterion.id: one.standing for one in gate_queries.standing(mission, "g2").criteria}
    assert standing["g2.sectors"] is Standing.WAIVED
    with clock.fixed(clock.now() + timedelta(days=31)):
        assert gate_queries.valid_waivers(mission.journey) == []
    gate_service.revoke_waiver(waiver, subject=mission, by=officer)
    assert gate_queries.valid_waivers(mission.journey) == []


def test_a_refused_decision_is_counted_by_its_criteria(session: Session) -> None:
    region = people.make_region()
    mission = story.adopt(region, story.write_challenge(region))
    gate_service.recommend(mission, "g2", outcome="approve", reasons=REASONS, by=region.actor("recommender"))

    with pytest.raises(GateHolds):
        gate_service.decide(
            mission, "g2", outcome="approve", reasons=REASONS, by=region.actor("decider"), declared=True
        )

    event = session.scalars(select(AuditEvent).where(AuditEvent.action == "gate.refused")).one()
    assert "g2.sectors" in event.data["criteria"]
    assert session.scalars(select(GateDecision).where(GateDecision.gate == "g2")).all() == []


def test_a_meeting_and_its_votes_stand_in_the_decision_and_a_correction_keeps_them(session: Session) -> None:
    region = people.make_region()
    challenge = ready(region)
    refused = [
        (Meeting(None, 7, 2, 0), "met_on"),
        (Meeting(clock.today() + timedelta(days=1)), "met_on"),
        (Meeting(clock.today(), -1), "votes_for"),
    ]
    for meeting, field in refused:
        with pytest.raises(InvalidInput) as wrong:
            keep_back(region, challenge, meeting=meeting)
        assert [one.field for one in wrong.value.problems] == [field]
    asked = gate_service.Condition("Skriv en plan för mätningen.", "Kommunen", clock.today() + timedelta(days=9))

    decision = keep_back(
        region, challenge, meeting=Meeting(clock.today(), 7, 2), conditions=[asked], recused=["En ledamot"]
    )
    gate_service.publish_decision(decision, subject=challenge, by=region.actor("recommender"))
    correct = {"subject": challenge, "reasons": REASONS, "registry_number": "RB 2", "by": region.actor("decider")}
    corrected = gate_service.correct_decision(decision, decided_on=clock.today(), **correct)

    assert meeting_of(decision) == meeting_of(corrected) == Meeting(clock.today(), 7, 2, 0)
    aside = [[one.seat for one in recusal.recusals_of(each)] for each in (decision, corrected)]
    assert aside == [["En ledamot"], ["En ledamot"]]
    asked_for = gate_queries.conditions_of(corrected)
    assert [one.text for one in asked_for] == [one.text for one in gate_queries.conditions_of(decision)]
    gate_service.complete_condition(
        asked_for[0], subject=challenge, how="Planen är skriven och antagen.", by=region.actor("recommender")
    )
    first = asked_for[0].done_at
    with clock.fixed(clock.now() + timedelta(days=2)):
        gate_service.complete_condition(
            asked_for[0], subject=challenge, how="Planen är skriven och antagen.", by=region.actor("recommender")
        )
    assert asked_for[0].done_at == first


def test_the_database_keeps_the_votes_as_they_were(session: Session) -> None:
    region = people.make_region()
    decision = keep_back(region, ready(region), meeting=Meeting(clock.today(), 7, 2, 1))
    with pytest.raises(DBAPIError) as refused:
        session.execute(update(GateDecision).where(GateDecision.id == decision.id).values(votes_for=8))
    assert guard.is_refusal(refused.value)
    session.rollback()
