"""Every criterion of the method is met on the right facts, and not met when one of them is wrong."""

import pytest

from missions_app.paths import METHODS
from missions_app.workflow import engine
from missions_app.workflow.engine import CriterionStatus, Standing
from missions_app.workflow.method import Gate, Method
from missions_app.workflow.method_file import parse_method
from tests.workflow.criteria_cases import MET, UNMET, Facts

METHOD = parse_method((METHODS / "blekinge-1.toml").read_text("utf-8"))


def with_scores(facts: Facts, method: Method) -> Facts:
    """The facts with whole score sheets where the cases say only one number."""
    for name, rubric in (("assessments", "challenge"), ("evaluations", "evaluation")):
        if name in facts:
            ids = [one.id for one in method.rubric(rubric).criteria]
            facts = {**facts, name: [{**one, "scores": dict.fromkeys(ids, one["scores"])} for one in facts[name]]}
    return facts


def judged(criterion_id: str, facts: Facts) -> CriterionStatus:
    """The criterion as it stands on facts, in a gate that is open."""
    gate: Gate = METHOD.gate(criterion_id.partition(".")[0])
    statuses = engine.judge(gate, with_scores(facts, METHOD), METHOD, waivers={}, pinned={})
    return next(one for one in statuses if one.criterion.id == criterion_id)


def assert_both_ways(criterion_id: str) -> None:
    """Met on the gate's good facts; not met after the one change."""
    good = MET[criterion_id.partition(".")[0]]
    assert judged(criterion_id, good).standing is Standing.MET, judged(criterion_id, good).result
    assert judged(criterion_id, {**good, **UNMET[criterion_id]}).standing is Standing.NOT_MET


def test_every_criterion_has_its_case() -> None:
    assert sorted(UNMET) == sorted(one.id for gate in METHOD.gate_ for one in gate.criteria)


@pytest.mark.criterion("g1.statement")
@pytest.mark.criterion("g1.theme")
@pytest.mark.criterion("g1.open")
@pytest.mark.criterion("g1.indicators")
@pytest.mark.criterion("g1.timebound")
@pytest.mark.criterion("g1.mandate")
@pytest.mark.criterion("g1.rubric")
@pytest.mark.criterion("g1.conflict")
@pytest.mark.criterion("g1.strategies")
@pytest.mark.criterion("g1.bottleneck")
@pytest.mark.criterion("g1.consult")
@pytest.mark.criterion("g1.run")
@pytest.mark.parametrize("criterion_id", [one.id for one in METHOD.gate("g1").criteria])
def test_criteria_of_g1(criterion_id: str) -> None:
    assert_both_ways(criterion_id)


@pytest.mark.criterion("g2.sectors")
@pytest.mark.criterion("g2.independent")
@pytest.mark.criterion("g2.roles")
@pytest.mark.criterion("g2.users")
@pytest.mark.criterion("g2.balance")
@pytest.mark.criterion("g2.needs")
@pytest.mark.criterion("g2.intent")
@pytest.mark.criterion("g2.ipdata")
@pytest.mark.criterion("g2.state_aid")
@pytest.mark.criterion("g2.solutions")
@pytest.mark.criterion("g2.funding")
@pytest.mark.parametrize("criterion_id", [one.id for one in METHOD.gate("g2").criteria])
def test_criteria_of_g2(criterion_id: str) -> None:
    assert_both_ways(criterion_id)


@pytest.mark.criterion("g3.plan")
@pytest.mark.criterion("g3.fit")
@pytest.mark.criterion("g3.agreement")
@pytest.mark.criterion("g3.booking")
@pytest.mark.criterion("g3.permits")
@pytest.mark.criterion("g3.risk")
@pytest.mark.criterion("g3.person")
@pytest.mark.criterion("g3.privacy")
@pytest.mark.criterion("g3.weather")
@pytest.mark.criterion("g3.notice")
@pytest.mark.parametrize("criterion_id", [one.id for one in METHOD.gate("g3").criteria])
def test_criteria_of_g3(criterion_id: str) -> None:
    assert_both_ways(criterion_id)


@pytest.mark.criterion("g4.report")
@pytest.mark.criterion("g4.data")
@pytest.mark.criterion("g4.readiness")
@pytest.mark.criterion("g4.restored")
@pytest.mark.criterion("g4.barriers")
@pytest.mark.parametrize("criterion_id", [one.id for one in METHOD.gate("g4").criteria])
def test_criteria_of_g4(criterion_id: str) -> None:
    assert_both_ways(criterion_id)


@pytest.mark.criterion("g5.experiments")
@pytest.mark.criterion("g5.review")
@pytest.mark.criterion("g5.conflict")
@pytest.mark.criterion("g5.outcome")
@pytest.mark.criterion("g5.story")
@pytest.mark.criterion("g5.voice")
@pytest.mark.criterion("g5.lessons")
@pytest.mark.criterion("g5.run")
@pytest.mark.parametrize("criterion_id", [one.id for one in METHOD.gate("g5").criteria])
def test_criteria_of_g5(criterion_id: str) -> None:
    assert_both_ways(criterion_id)


@pytest.mark.criterion("g6.report")
@pytest.mark.criterion("g6.data")
@pytest.mark.criterion("g6.receiver")
@pytest.mark.criterion("g6.archive")
@pytest.mark.parametrize("criterion_id", [one.id for one in METHOD.gate("g6").criteria])
def test_criteria_of_g6(criterion_id: str) -> None:
    assert_both_ways(criterion_id)
