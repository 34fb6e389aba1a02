"""Indicators of a case: from the library or own, complete or not, handed on to a mission."""

from dataclasses import replace
from datetime import date

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from missions_app.accounts.actor import SYSTEM
from missions_app.errors import InvalidInput, StaleVersion
from missions_app.indicators import indicator_service, queries, rules
from missions_app.indicators.errors import (
    IndicatorRemoved,
    LabelMissing,
    SameAsBaseline,
    UnitMissing,
    UnknownIndicator,
    WrongWay,
)
from missions_app.indicators.indicator_service import IndicatorValues
from missions_app.indicators.library import indicators_for, shared_indicators
from missions_app.indicators.models import IndicatorPlan
from missions_app.workflow import journey_service
from missions_app.workflow.method_service import method_in_force
from tests.factories.challenges import make_draft
from tests.factories.indicators import whole_indicator
from tests.factories.organisations import method_in_force as adopt_method

OWN = IndicatorValues(
    label="Vatten på gatan", unit="minuter", direction="down", target_value=30.0, baseline_value=240.0
)

LIMITS = IndicatorValues(
    label="Temperatur inne", unit="°C", direction="range", target_low=20.0, target_value=24.0, baseline_value=28.0
)


def test_the_library_gives_the_themes_indicators_effects_first(session: Session) -> None:
    adopt_method()
    found = indicators_for(method_in_force(), "climate_adaptation")

    assert {one.theme for one in found} == {"climate_adaptation"}
    levels = [one.level for one in found]
    assert levels == sorted(levels, key=["outcome", "impact", "output", "process"].index)
    assert shared_indicators(method_in_force()) != []


def test_add_indicator_takes_unit_and_direction_from_the_library(session: Session) -> None:
    challenge = make_draft()

    plan = indicator_service.add_indicator(
        challenge.journey, whole_indicator(challenge.organisation_id, unit="fot"), by=SYSTEM
    )

    assert (plan.unit, plan.direction, plan.level) == ("%", "up", "outcome")
    assert rules.missing(plan) == []


@pytest.mark.parametrize(
    ("values", "error"),
    [
        ({"library_key": "no.such"}, UnknownIndicator), ({"label": " "}, LabelMissing), ({"unit": ""}, UnitMissing),
        ({"target_value": 240.0}, SameAsBaseline), ({"target_value": 300.0}, WrongWay),
        ({"direction": "sideways"}, InvalidInput), ({"level": "deep"}, InvalidInput),
        ({"frequency": "often"}, InvalidInput),
        ({"baseline_kind": "guessed"}, InvalidInput), ({"target_value": float("-inf")}, InvalidInput),
        ({"unit": "m" * 61}, InvalidInput), ({"target_low": 20.0}, InvalidInput),
        ({"direction": "hold", "target_low": 20.0}, InvalidInput), ({"direction": "range"}, InvalidInput),
        ({"direction": "range", "target_value": None, "target_low": 20.0}, InvalidInput),
        ({"direction": "range", "target_low": 30.0}, InvalidInput),
        ({"direction": "range", "target_low": 31.0}, InvalidInput),
        ({"direction": "range", "target_low": float("nan")}, InvalidInput),
    ],
)  # fmt: skip
def test_add_indicator_refuses_what_makes_no_sense(
    session: Session, values: dict[str, object], error: type[Exception]
) -> None:
    whole = {"label": OWN.label, "unit": OWN.unit, "baseline_value": 240.0, "target_value": 30.0}

    with pytest.raises(error):
        indicator_service.add_indicator(make_draft().journey, IndicatorValues(**(whole | values)), by=SYSTEM)


@pytest.mark.parametrize(
    ("low", "high", "code", "field"),
    [
        (None, 24.0, "limit_missing", "target_low"), (20.0, None, "limit_missing", "target_value"),
        (24.0, 20.0, "limits_reversed", "target_low"), (24.0, 24.0, "limits_reversed", "target_low"),
    ],
)  # fmt: skip
def test_limits_that_do_not_hold_together_are_refused_by_name(
    session: Session, low: float | None, high: float | None, code: str, field: str
) -> None:
    plan = indicator_service.add_indicator(make_draft().journey, LIMITS, by=SYSTEM)
    values = replace(LIMITS, target_low=low, target_value=high)

    with pytest.raises(InvalidInput) as refused:
        indicator_service.save_indicator(plan, values, journey=make_draft().journey, by=SYSTEM)

    assert [(one.code, one.field) for one in refused.value.problems] == [(code, field)]


def test_limits_lie_apart_from_the_baseline_and_may_wait_while_the_case_is_written(session: Session) -> None:
    journey = make_draft().journey

    for baseline in (28.0, 22.0, 24.0, None):
        plan = indicator_service.add_indicator(journey, replace(LIMITS, baseline_value=baseline), by=SYSTEM)
        assert (plan.target_low, plan.target_value) == (20.0, 24.0)
    waiting = indicator_service.add_indicator(journey, replace(LIMITS, target_low=None, target_value=None), by=SYSTEM)
    assert ("no_target", rules.NO_LIMITS) in [(one.code, one.message) for one in rules.missing(waiting)]


@pytest.mark.parametrize(
    ("direction", "low", "high"),
    [("range", None, 24.0), ("range", 20.0, None), ("range", 24.0, 20.0), ("range", 20.0, 20.0), ("up", 20.0, 24.0)],
)
def test_the_database_itself_keeps_limits_whole(
    session: Session, direction: str, low: float | None, high: float | None
) -> None:
    plan = indicator_service.add_indicator(make_draft().journey, LIMITS, by=SYSTEM)
    wrong = sa.update(IndicatorPlan).where(IndicatorPlan.id == plan.id)

    with pytest.raises(IntegrityError, match="a_range_has_two_limits"), session.begin_nested():
        session.execute(wrong.values(direction=direction, target_low=low, target_value=high))


def test_save_indicator_refuses_a_stale_version_and_a_removed_one(session: Session) -> None:
    journey = make_draft().journey
    plan = indicator_service.add_indicator(journey, OWN, by=SYSTEM)
    seen = plan.version
    indicator_service.remove_indicator(plan, by=SYSTEM, expected_version=seen)

    assert queries.indicators_of(journey) == []
    with pytest.raises(IndicatorRemoved):
        indicator_service.save_indicator(plan, OWN, journey=journey, by=SYSTEM)
    other = indicator_service.add_indicator(journey, OWN, by=SYSTEM)
    indicator_service.save_indicator(
        other, IndicatorValues(label="Ny", unit="h"), journey=journey, by=SYSTEM, expected_version=other.version
    )
    with pytest.raises(StaleVersion):
        indicator_service.save_indicator(other, OWN, journey=journey, by=SYSTEM, expected_version=1)


def test_hand_on_copies_each_indicator_once(session: Session) -> None:
    source = make_draft().journey
    indicator_service.add_indicator(source, whole_indicator(None, target_on=date(2030, 1, 1)), by=SYSTEM)
    indicator_service.add_indicator(source, LIMITS, by=SYSTEM)
    mission = journey_service.start_journey("mission", by=SYSTEM)

    first = indicator_service.hand_on(source, mission, by=SYSTEM)

    found = [(one.target_low, one.target_value, one.target_on) for one in first]
    assert found == [(None, 30.0, date(2030, 1, 1)), (20.0, 24.0, None)]
    assert indicator_service.hand_on(source, mission, by=SYSTEM) == []
