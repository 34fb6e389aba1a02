"""Stories 9 and 10: a failed test counts; from results to a decision on direction. And every figure leads home."""

import re
from datetime import date

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from missions_app import clock
from missions_app.evaluation import measurement_service
from missions_app.evaluation import queries as evaluation
from missions_app.experiments import queries as experiments
from missions_app.indicators.queries import indicators_of
from missions_app.partnerships.models import CommitmentState
from missions_app.partnerships.queries import commitments_of, partners_of
from missions_app.portfolio import report_service
from missions_app.portfolio.decision_paper import draw_paper
from missions_app.portfolio.figures import count_figures
from missions_app.portfolio.models import FollowUpReport
from missions_app.workflow import gate_queries, gate_service
from missions_app.workflow.errors import DifferenceUnexplained
from missions_app.workflow.subjects import Subject
from tests.factories.accounts import sign_in
from tests.journeys import people, way
from tests.journeys.way import walked

REASONS = "Kraven är uppfyllda och underlaget håller."
DIFFERS = "Nämnden ser ett värde som förslaget inte vägde in."
LINK = re.compile(r'href="(/[^"#?]+)')
PUNISHING = ("misslycka", "fiasko", "underkän", "failed", "failure")


@pytest.mark.story(9)
def test_a_failed_test_counts(session: Session, client: FlaskClient) -> None:
    region, mission = walked("iterate")
    experiment = experiments.experiments_of(mission.id)[0]
    report = evaluation.report_of(experiment.id)
    assert report is not None
    assert (report.threshold, report.outcome) == ("not_met", "refuted")

    assert experiment.journey.state == "completed"
    barrier = evaluation.barriers_of(mission.id)[0]
    register = client.get("/barriers").text
    assert barrier.title in register
    for path in (f"/experiments/{experiment.reference}", f"/missions/{mission.reference}"):
        shown = client.get(path).text.lower()
        assert not [word for word in PUNISHING if word in shown], path
    with clock.fixed(people.day(130)):
        figures = {one.key: one.value for one in count_figures(date(2026, 3, 1), date(2026, 7, 1))}
    assert figures["reports"] == figures["reports_in_time"] == 1.0


@pytest.mark.story(10)
def test_from_results_to_a_decision_on_direction(session: Session, client: FlaskClient) -> None:
    region, mission = walked("iterate")
    before = {one.organisation_id for one in partners_of(mission)}
    sign_in(client, region.people["recommender"])
    with clock.fixed(people.day(121)):
        page = client.get(f"/missions/{mission.reference}/evaluation").text

    for words in ("Före", "Mål", "Nu", "120", "Bättre är", "Hur säkra vi är", "Eniga"):
        assert words in page, words
    decision = gate_queries.decisions_of(mission.journey, "g5")[0]
    assert (decision.outcome, bool(decision.reasons)) == ("iterate", True)
    assert mission.journey.state == "testing"
    rounds = [(one.round, one.repeats_id) for one in experiments.experiments_of(mission.id)]
    first = experiments.experiments_of(mission.id)[0]
    assert rounds == [(1, None), (2, first.id)]
    assert {one.organisation_id for one in partners_of(mission)} == before
    for path in (f"/experiments/{first.reference}/report", f"/missions/{mission.reference}/paper/g5"):
        assert client.get(path).status_code == 200, path
    assert decision.reasons in client.get(f"/missions/{mission.reference}/paper/g5").text


def test_recommended_to_stop_and_decided_to_scale_up(session: Session, client: FlaskClient) -> None:
    with clock.fixed(people.day(0)):
        region = people.make_region()

    def decide(subject: Subject, gate: str, outcome: str, decider: str) -> None:
        said = {"reasons": REASONS, "by": region.actor(decider), "declared": True}
        if gate != "g5":
            gate_service.decide(subject, gate, outcome=outcome, **said)  # type: ignore[arg-type]
            return
        assert outcome == "stop"
        with pytest.raises(DifferenceUnexplained):
            gate_service.decide(subject, gate, outcome="scale_up", **said)  # type: ignore[arg-type]
        gate_service.decide(subject, gate, outcome="scale_up", differs_because=DIFFERS, **said)  # type: ignore[arg-type]

    region.decides = decide
    mission = way.walk(region, "stop")

    assert mission.journey.state == "scaling"
    decision = gate_queries.decisions_of(mission.journey, "g5")[0]
    assert decision.recommendation is not None
    assert (decision.recommendation.outcome, decision.outcome) == ("stop", "scale_up")
    method = gate_queries.standing(mission, "g5").method
    asked = {one.text for one in gate_queries.conditions_of(decision)}
    triggers = {method.term("effect", one).label.sv for one in method.gate("g5").outcomes[0].triggers}
    assert asked == triggers  # what scaling up starts, not what stopping would have
    assert {one.state for one in commitments_of(mission)} == {CommitmentState.COMMITTED}
    with clock.fixed(people.day(121)):
        sign_in(client, region.people["decider"])
        for path in (f"/gates/{mission.journey_id}/g5", f"/missions/{mission.reference}/paper/g5"):
            shown = client.get(path).text
            assert DIFFERS in shown and "Avsluta" in shown and "Skala upp" in shown, path
        assert draw_paper(mission, "g5").next == []  # each of them is somebody's condition, told once


def test_every_figure_of_a_report_leads_to_its_record_in_three_steps(session: Session, client: FlaskClient) -> None:
    region, mission = walked("iterate")
    with clock.fixed(people.day(130)):
        report = report_service.make_report(
            title="Våren", starts_on=date(2026, 3, 1), ends_on=date(2026, 7, 1), by=region.actor("decider")
        )
        sign_in(client, region.people["decider"])
        measured = walk_figures(client, report)
        report_service.publish_report(report, by=region.actor("decider"), expected_version=report.version)
        visitor = client.application.test_client()
        assert walk_figures(visitor, report) == measured
        (target,) = measured
        shown = visitor.get(target).text
        assert "120" in shown and "Nivågivare" in shown
        assert "/evaluation" not in shown and "/bookings/" not in shown  # nothing of the work that is not public

    other = evaluation.history_of(indicators_of(mission.journey))
    assert [one.id for one in other] == [int(target.rpartition("/")[2])]
    with clock.fixed(people.day(131)):
        mine = measurement_service.submit_for_mission(
            mission=mission, indicator=other[0].indicator, by=region.actor("coordinator"),
            value=measurement_service.Value(110.0, clock.today(), "Nivågivare"),
            reason="Kom in sent från avläsningen efter regnet.",
        )  # fmt: skip
        assert visitor.get(f"/missions/{mission.reference}/measurements/{mine.id}").status_code != 200


def walk_figures(client: FlaskClient, report: FollowUpReport) -> set[str]:
    """Every figure opens, and everything that it leads to; the addresses of the raw values."""
    first = client.get(f"/reports/{report.reference}").text
    figures = [path for path in LINK.findall(first) if "/figures/" in path]
    assert len(figures) == len([one for one in report.figures if one.rows or one.value is not None])
    targets = {
        (path, target)
        for path in figures
        for target in LINK.findall(client.get(path).text.partition("<main")[2].partition("</main>")[0])
    }
    answers = {(path, target): client.get(target).status_code for path, target in targets}
    assert {key: code for key, code in answers.items() if code != 200} == {}
    return {target for _path, target in targets if "/measurements/" in target}
