"""Assessing: declared interests, blind scores, the result, and what was agreed."""

import pytest
from sqlalchemy.orm import Session

from missions_app.accounts import grant_service
from missions_app.accounts.actor import SYSTEM, body_scope, challenge_scope, organisation_scope
from missions_app.assessments import (
    consensus_service,
    declaration_service,
    facts,
    panel_service,
    profile_service,
    queries,
    results,
    score_service,
)
from missions_app.assessments.declaration import Answer
from missions_app.assessments.errors import (
    AlreadyAssigned,
    AlreadySubmitted,
    AnswersMissing,
    ConflictOfInterest,
    DeclareFirst,
    NotBeingAssessed,
    NothingToAgree,
    NotYourAssessment,
    ReasonNeeded,
    ScoresIncomplete,
    StillSealed,
)
from missions_app.assessments.models import AssignmentState
from missions_app.assessments.score_rules import GivenScore
from missions_app.clock import today
from missions_app.errors import NotAllowed, NotFound
from missions_app.workflow import gate_queries, journey_service
from missions_app.workflow.subjects import Facts
from tests.factories.accounts import actor_of, grant_role, make_actor, make_secretariat, make_user
from tests.factories.assessments import actor_for, all_scores, answers, assign, clear, submit
from tests.factories.challenges import make_assessed_now, make_representative, make_submitted
from tests.factories.organisations import make_member, make_organisation


def test_assign_assessor_only_where_the_method_assesses(session: Session) -> None:
    with pytest.raises(NotBeingAssessed):
        assign(make_submitted())


def test_assign_assessor_refuses_known_ties_and_the_same_person_twice(session: Session) -> None:
    challenge = make_assessed_now()
    daughter = make_organisation("Dotterbolaget", owner=challenge.organisation)
    board_member = make_user()
    grant_role(board_member, "body_member", body_scope("run"))

    for user in (make_member(challenge.organisation), make_member(daughter), board_member):
        with pytest.raises(ConflictOfInterest):
            assign(challenge, user)
    first = assign(challenge)
    with pytest.raises(AlreadyAssigned):
        assign(challenge, first.assessor)


def test_assign_assessor_refuses_a_former_employer(session: Session) -> None:
    challenge, user = make_assessed_now(), make_user()
    profile_service.add_former_employment(user, challenge.organisation, today(), by=SYSTEM)

    with pytest.raises(ConflictOfInterest):
        assign(challenge, user)


def test_assign_assessor_is_the_secretariats(session: Session) -> None:
    challenge = make_assessed_now()

    with pytest.raises(NotAllowed):
        panel_service.assign_assessor(challenge, "challenge", make_user(), by=make_representative(challenge))


def test_nobody_scores_before_declaring(session: Session) -> None:
    challenge = make_assessed_now()
    assignment = assign(challenge)

    with pytest.raises(DeclareFirst):
        submit(assignment, challenge, all_scores(challenge, 3))
    with pytest.raises(AnswersMissing) as refused:
        declaration_service.declare_interests(
            assignment, challenge, {"employment": Answer("yes")}, by=actor_for(assignment)
        )
    assert "employment_note" in {one.field for one in refused.value.problems}


def test_declaring_clear_gives_the_right_to_read_and_score(session: Session) -> None:
    challenge = make_assessed_now()

    assignment = clear(challenge)

    assert assignment.state is AssignmentState.CLEARED
    assert ("assessor", challenge_scope(challenge.id)) in actor_for(assignment).grants


def test_only_the_assessor_declares_and_scores(session: Session) -> None:
    challenge = make_assessed_now()
    assignment = clear(challenge)

    for stranger in (make_actor(), make_secretariat()):
        with pytest.raises(NotYourAssessment):
            declaration_service.declare_interests(assignment, challenge, answers(), by=stranger)
        with pytest.raises(NotYourAssessment):
            score_service.submit_scores(assignment, challenge, all_scores(challenge, 3), by=stranger)


def test_unsure_waits_for_the_secretariats_ruling(session: Session) -> None:
    challenge = make_assessed_now()
    assignment = assign(challenge)
    unsure = answers(closeness=Answer("unsure", "Vi sjunger i samma kör."))
    declaration_service.declare_interests(assignment, challenge, unsure, by=actor_for(assignment))
    assert assignment.state is AssignmentState.UNSURE

    with pytest.raises(ReasonNeeded):
        declaration_service.rule_on_declaration(assignment, challenge, may_assess=True, note=" ", by=make_secretariat())
    declaration_service.rule_on_declaration(
        assignment, challenge, may_assess=True, note="Kören är stor.", by=make_secretariat()
    )

    assert assignment.state is AssignmentState.CLEARED
    assert (assignment.declarations[-1].ruling, assignment.declarations[-1].ruling_note) == ("clear", "Kören är stor.")


@pytest.mark.story(3)
def test_a_declared_conflict_closes_the_case_and_an_earlier_score_no_longer_counts(session: Session) -> None:
    challenge = make_assessed_now()
    one, other = clear(challenge), clear(challenge)
    submit(one, challenge, all_scores(challenge, 3))
    submit(other, challenge, all_scores(challenge, 3))
    assert _standing(challenge, "g1.rubric") == "met"

    board = answers(employment=Answer("yes", "Sitter i styrelsen för en part."))
    declaration_service.declare_interests(one, challenge, board, by=actor_for(one))

    assert one.state is AssignmentState.CONFLICTED
    assert ("assessor", challenge_scope(challenge.id)) not in actor_for(one).grants
    assert one.declarations[-1].answers["employment"]["note"] == "Sitter i styrelsen för en part."
    assert _standing(challenge, "g1.rubric") == "not_met"
    with pytest.raises(NotFound):
        results.result_for(actor_for(one), challenge, one.panel)


def test_a_tie_that_appears_later_closes_the_case_at_submission_and_stays_closed(session: Session) -> None:
    challenge = make_assessed_now()
    assignment = clear(challenge)
    grant_role(assignment.assessor, "member", organisation_scope(challenge.organisation_id))

    with pytest.raises(ConflictOfInterest):
        submit(assignment, challenge, all_scores(challenge, 3))

    session.expire_all()
    assert assignment.state is AssignmentState.CONFLICTED


def test_a_tie_that_appears_after_submission_is_seen_when_the_gate_is_tried(session: Session) -> None:
    challenge = make_assessed_now()
    one, other = clear(challenge), clear(challenge)
    for assignment in (one, other):
        submit(assignment, challenge, all_scores(challenge, 3))
    assert _standing(challenge, "g1.conflict") == "met"

    grant_service.grant(one.assessor, "member", organisation_scope(challenge.organisation_id), by=SYSTEM)

    assert _standing(challenge, "g1.conflict") == "not_met"


def test_submit_scores_lists_everything_missing(session: Session) -> None:
    challenge = make_assessed_now()
    assignment = clear(challenge)
    scores = all_scores(challenge, 3) | {
        "target": GivenScore(1), "mandate": GivenScore(abstained=True), "relevance": GivenScore(),
    }  # fmt: skip

    with pytest.raises(ScoresIncomplete) as refused:
        submit(assignment, challenge, scores)

    assert {one.field for one in refused.value.problems} == {"target_reason", "mandate_reason", "relevance"}
    assert assignment.state is AssignmentState.CLEARED


def test_submitted_scores_stand(session: Session) -> None:
    challenge = make_assessed_now()
    assignment = clear(challenge)
    submit(assignment, challenge, all_scores(challenge, 3))

    with pytest.raises(AlreadySubmitted):
        submit(assignment, challenge, all_scores(challenge, 4))


def test_scores_are_sealed_from_everybody_until_all_are_in(session: Session) -> None:
    challenge = make_assessed_now()
    one, other = clear(challenge), clear(challenge)
    submit(one, challenge, all_scores(challenge, 4))
    panel = one.panel

    for reader in (make_secretariat(), actor_for(one), make_representative(challenge)):
        with pytest.raises(StillSealed):
            results.result_for(reader, challenge, panel)
    with pytest.raises(NotFound):
        results.result_for(actor_for(other), challenge, panel)
    records = Facts(facts.challenge_facts(challenge))["assessments"]
    assert [(one["scores"], one["weighted"]) for one in records] == [({}, None), ({}, None)]

    submit(other, challenge, all_scores(challenge, 2))

    assert results.result_for(make_secretariat(), challenge, panel).mean == 3.0


def test_a_third_assessor_under_way_seals_the_result_again(session: Session) -> None:
    challenge = make_assessed_now()
    for assignment in (clear(challenge), clear(challenge)):
        submit(assignment, challenge, all_scores(challenge, 3))

    third = assign(challenge)

    with pytest.raises(StillSealed):
        results.result_for(make_secretariat(), challenge, third.panel)
    assert {one["state"] for one in Facts(facts.challenge_facts(challenge))["assessments"]} == {"sealed", "assigned"}


@pytest.mark.story(2)
def test_two_assessors_blind_with_consensus(session: Session) -> None:
    challenge = make_assessed_now()
    one, other = clear(challenge), clear(challenge)
    submit(one, challenge, all_scores(challenge, 3, target=4))
    with pytest.raises(NotFound):  # the one who has not scored knows nothing of the other
        results.result_for(actor_for(other), challenge, one.panel)
    submit(other, challenge, all_scores(challenge, 3, target=2))

    found = results.result_for(make_representative(challenge), challenge, one.panel)
    assert [(row.criterion.id, row.summary.spread) for row in found.apart] == [("target", 2)]
    assert _standing(challenge, "g1.rubric") == "not_met"
    target = next(row for row in found.criteria if row.criterion.id == "target")
    assert [(voice.who, voice.value, voice.reason) for voice in target.voices] == [
        ("A", 4, "Skäl för target."), ("B", 2, "Skäl för target."),
    ]  # fmt: skip

    consensus_service.write_consensus(
        one.panel, challenge, text="Källan är svag men finns.", dissent="B står fast vid 2.", by=make_secretariat()
    )

    assert _standing(challenge, "g1.rubric") == "met"
    agreed = results.result_for(make_representative(challenge), challenge, one.panel)
    assert (agreed.apart, agreed.mean, agreed.notes[0].dissent) == ([], 3.0, "B står fast vid 2.")


def test_write_consensus_needs_a_gap_all_scores_and_the_right_person(session: Session) -> None:
    challenge = make_assessed_now()
    one, other = clear(challenge), clear(challenge)
    submit(one, challenge, all_scores(challenge, 3))
    with pytest.raises(StillSealed):
        consensus_service.write_consensus(one.panel, challenge, text="Eniga.", by=make_secretariat())
    submit(other, challenge, all_scores(challenge, 3))

    with pytest.raises(NothingToAgree):
        consensus_service.write_consensus(one.panel, challenge, text="Eniga.", by=make_secretariat())
    with pytest.raises(NotAllowed):
        consensus_service.write_consensus(one.panel, challenge, text="Eniga.", by=make_representative(challenge))


def test_names_are_for_the_secretariat(session: Session) -> None:
    challenge = make_assessed_now()
    for assignment in (clear(challenge), clear(challenge)):
        submit(assignment, challenge, all_scores(challenge, 3))

    shown = results.result_for(make_representative(challenge), challenge, assignment.panel)
    known = results.result_for(make_secretariat(), challenge, assignment.panel)

    assert shown.assessors == ["A", "B"]
    assert assignment.assessor.name in known.assessors


def test_declining_and_releasing_end_the_assignment(session: Session) -> None:
    challenge = make_assessed_now()
    one, other = clear(challenge), clear(challenge)

    score_service.decline_assignment(one, challenge, reason="Hinner inte.", by=actor_for(one))
    panel_service.release_assessor(other, challenge, reason="Svarar inte.", by=make_secretariat())

    assert (one.state, other.state) == (AssignmentState.DECLINED, AssignmentState.RELEASED)
    assert ("assessor", challenge_scope(challenge.id)) not in actor_for(one).grants
    with pytest.raises(ReasonNeeded):
        score_service.decline_assignment(one, challenge, reason="", by=actor_for(one))


def test_a_returned_challenge_is_assessed_anew(session: Session) -> None:
    challenge = make_assessed_now()
    old = clear(challenge)
    for assignment in (old, clear(challenge)):
        submit(assignment, challenge, all_scores(challenge, 3))
    journey_service.move(challenge, "return", by=make_secretariat(), reason="Skriv om målet.")
    assert old.panel.closed_at is not None
    journey_service.move(challenge, "submit", by=make_representative(challenge))
    journey_service.move(challenge, "accept", by=make_secretariat())

    assert Facts(facts.challenge_facts(challenge))["assessments"] == []
    assert clear(challenge, old.assessor).panel.number == 2


def test_the_pool_is_those_with_a_profile(session: Session) -> None:
    person, gone = make_user("Anna"), make_user("Bo")
    profile_service.save_profile(person, themes=[], competence="Hav", is_available=True, by=actor_of(person))
    profile_service.save_profile(gone, themes=[], competence="", is_available=False, by=SYSTEM)

    assert [one.name for one in queries.pool()] == ["Anna"]


def _standing(challenge, criterion: str) -> str:  # type: ignore[no-untyped-def]
    found = gate_queries.standing(challenge, "g1").criteria
    return next(one.standing.value for one in found if one.criterion.id == criterion)
