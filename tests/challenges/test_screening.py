"""Screening: named points go back to the authors, and are settled when the challenge comes again."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from missions_app import clock
from missions_app.challenges import challenge_service, queries, screening_service
from missions_app.challenges.errors import NoPoints
from missions_app.challenges.screening_service import Point
from missions_app.challenges.tasks import tasks_for
from missions_app.errors import NotAllowed
from missions_app.outbox.models import Job
from missions_app.workflow import gate_service, journey_service
from tests.factories.accounts import make_actor, make_secretariat
from tests.factories.assessments import all_scores, clear, submit
from tests.factories.challenges import make_assessed_now, make_draft, make_representative, make_submitted

REASONS = "Målet går inte att mäta som det är skrivet."


def mails(session: Session, template: str) -> list[Job]:
    jobs = session.scalars(select(Job).where(Job.kind == "mail").order_by(Job.id))
    return [job for job in jobs if job.payload["template"] == template]


def test_return_challenge_names_points_and_tells_the_authors(session: Session) -> None:
    challenge = make_submitted()

    screening_service.return_challenge(
        challenge, [Point("Vilken källa?", "indicators"), Point(" ")], by=make_secretariat(),
        expected_version=challenge.journey.version,
    )  # fmt: skip

    assert challenge.journey.state == "returned"
    assert [(one.field, one.text) for one in queries.points_of(challenge)] == [("indicators", "Vilken källa?")]
    assert mails(session, "challenge_moved")[0].payload["data"]["points"] == ["Vilken källa?"]


def test_return_challenge_needs_a_point_and_the_secretariat(session: Session) -> None:
    challenge = make_submitted()

    with pytest.raises(NoPoints):
        screening_service.return_challenge(challenge, [], by=make_secretariat(), expected_version=None)
    with pytest.raises(NotAllowed):
        screening_service.return_challenge(challenge, [Point("x")], by=make_actor(), expected_version=None)


def test_points_are_settled_when_the_challenge_comes_again(session: Session) -> None:
    challenge = make_submitted()
    screening_service.return_challenge(challenge, [Point("Källa?")], by=make_secretariat(), expected_version=None)

    challenge_service.submit_challenge(challenge, by=make_representative(challenge))

    assert queries.points_of(challenge) == []
    assert len(queries.submissions_of(challenge)) == 2


def test_a_decision_is_told_when_it_is_published_and_not_before(session: Session) -> None:
    challenge = make_assessed_now()
    gate_service.recommend(challenge, "g1", outcome="reject", reasons=REASONS, by=make_secretariat())
    decision = gate_service.decide(
        challenge, "g1", outcome="reject", reasons=REASONS, by=make_secretariat(), publish=False, declared=True
    )
    visitor = make_actor()

    assert mails(session, "challenge_decided") == []
    assert challenge.journey.state == "assessment"  # it has not moved
    assert queries.counts_by_state(visitor) == {"assessment": 1}

    gate_service.publish_decision(decision, subject=challenge, by=make_secretariat())

    assert mails(session, "challenge_decided") != []
    assert queries.counts_by_state(visitor) == {"declined": 1}


def test_a_withdrawn_draft_never_becomes_public(session: Session) -> None:
    challenge = make_draft(title="Hemlig tanke")
    journey_service.move(challenge, "withdraw", by=make_representative(challenge), reason="Inte längre aktuell.")

    found = session.scalars(queries.challenges_for(make_actor())).all()

    assert found == []


def test_challenges_for_shows_drafts_to_their_organisation_and_submitted_ones_to_all(session: Session) -> None:
    draft, submitted = make_draft(title="Utkast"), make_submitted()

    def seen_by(actor):  # type: ignore[no-untyped-def]
        return {one.id for one in session.scalars(queries.challenges_for(actor))}

    assert seen_by(make_actor()) == {submitted.id}
    assert seen_by(make_representative(draft)) == {draft.id, submitted.id}


def test_challenges_for_filters_by_theme_state_municipality_and_text(session: Session) -> None:
    one = make_submitted(title="Ålgräset tillbaka", theme="healthy_seas", municipalities=["1080", "1081"])
    other = make_submitted(title="Torr gata", municipalities=["1082"])
    visitor = make_actor()

    def found(**wanted: str) -> set[int]:
        return {row.id for row in session.scalars(queries.challenges_for(visitor, **wanted))}  # type: ignore[arg-type]

    assert found(theme="healthy_seas") == {one.id}
    assert found(state="submitted") == {one.id, other.id}
    assert found(state="assessment") == set()
    assert found(municipality="1081") == {one.id}
    assert found(text="algras") == {one.id}


def ahead() -> list[tuple[str, str]]:
    """What the secretariat has before it of what has been sent in: address and reason."""
    return [
        (one.endpoint, one.reason) for one in tasks_for(make_secretariat())
        if one.endpoint in ("challenges.show_challenge", "workflow.show_gate")
    ]  # fmt: skip


def test_the_secretariat_has_a_challenge_before_it_until_it_is_answered(session: Session) -> None:
    challenge = make_assessed_now()
    assessors = [clear(challenge), clear(challenge)]
    assert ahead() == []  # the assessors' turn
    with clock.fixed(clock.now() + timedelta(days=31)):
        assert ahead() == [("workflow.show_gate", "%(organisation)s has waited longer than was promised.")]

    for one in assessors:
        submit(one, challenge, all_scores(challenge, 3))
    assert ahead() == [("workflow.show_gate", "The assessments are in, and %(organisation)s waits for an answer.")]

    gate_service.recommend(challenge, "g1", outcome="return", reasons=REASONS, by=make_secretariat())
    assert ahead() == []  # the decider's turn, who has a task of their own, also when it is late
    with clock.fixed(clock.now() + timedelta(days=31)):
        assert ahead() == []
