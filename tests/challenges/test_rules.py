"""What must be there before a challenge is sent in, and what may never be saved."""

from datetime import date

import pytest

from missions_app.challenges.content import plain
from missions_app.challenges.rules import OTHER_LEVELS, missing_to_submit, wrong_values
from missions_app.indicators.models import IndicatorPlan
from missions_app.paths import METHODS
from missions_app.workflow.method_file import parse_method
from tests.factories.challenges import WHOLE

TODAY = date(2026, 6, 1)
METHOD = parse_method((METHODS / "blekinge-1.toml").read_text("utf-8"))
CONTENT = {name: plain(value) for name, value in WHOLE.items()}


def indicator(**values: object) -> IndicatorPlan:
    whole: dict[str, object] = {
        "id": 7, "level": "outcome", "unit": "%", "baseline_kind": "measured", "baseline_value": 0.0,
        "baseline_on": date(2026, 1, 1), "target_value": 30.0, "target_on": date(2029, 6, 30), "source": "Givare",
        "owner_id": 1, "owner_function": "Ingenjör",
    }  # fmt: skip
    return IndicatorPlan(**(whole | values))


def fields(content: dict[str, object], *indicators: IndicatorPlan) -> list[str | None]:
    return [one.field for one in missing_to_submit(content, indicators, today=TODAY)]


def test_missing_to_submit_accepts_a_whole_challenge() -> None:
    assert fields(CONTENT, indicator()) == []


@pytest.mark.parametrize(
    "name", ["title", "problem", "affected", "place", "target_statement", "target_date", "theme", "specialisation"]
)
def test_missing_to_submit_names_each_missing_field(name: str) -> None:
    assert fields({**CONTENT, name: None}, indicator()) == [name]


@pytest.mark.parametrize(("day", "code"), [("2026-06-01", "date_passed"), ("2036-06-02", "date_too_far")])
def test_missing_to_submit_wants_a_date_ahead_within_ten_years(day: str, code: str) -> None:
    found = missing_to_submit({**CONTENT, "target_date": day}, [indicator()], today=TODAY)

    assert [(one.field, one.code) for one in found] == [("target_date", code)]


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"baseline_value": None}, "baseline_value"), ({"baseline_on": None}, "baseline_on"),
        ({"target_value": None}, "target_value"), ({"target_on": None}, "target_on"), ({"source": ""}, "source"),
        ({"owner_function": ""}, "owner_function"),
    ],
)  # fmt: skip
def test_missing_to_submit_names_what_an_indicator_lacks(values: dict[str, object], field: str) -> None:
    assert fields(CONTENT, indicator(**values)) == [f"indicator-7-{field}"]


def test_missing_to_submit_accepts_a_baseline_measured_before_the_test() -> None:
    assert fields(CONTENT, indicator(baseline_kind="before_test", baseline_value=None, baseline_on=None)) == []


def test_missing_to_submit_is_content_with_one_whole_indicator_of_effect() -> None:
    assert fields(CONTENT, indicator(id=8, source=""), indicator()) == []
    assert fields(CONTENT, indicator(level="output")) == ["indicators"]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"theme": "space"}, "theme"), ({"bottlenecks": ["funding", "luck"]}, "bottlenecks"),
        ({"municipalities": ["9999"]}, "municipalities"), ({"title": "x" * 201}, "title"),
        ({"claims": {"resources": " "}}, "claim_resources"), ({"claims": {"title": "hemligt"}}, "claim_title"),
        ({"latitude": 56.1, "longitude": None}, "latitude"), ({"latitude": 91.0, "longitude": 15.0}, "latitude"),
    ],
)  # fmt: skip
def test_wrong_values_names_the_field(changes: dict[str, object], field: str) -> None:
    assert [one.field for one in wrong_values(changes, METHOD, ["1080"])] == [field]


def test_wrong_values_takes_empty_for_no_choice() -> None:
    assert wrong_values({"theme": "", "bottlenecks": [], "latitude": None, "longitude": None}, METHOD, ["1080"]) == []


def test_an_indicator_of_another_level_is_said_not_to_be_enough() -> None:
    [problem] = missing_to_submit(CONTENT, [indicator(level="impact")], today=TODAY)

    assert problem.message == OTHER_LEVELS
