"""Indicators of a case: from the library or own, complete or not, handed on to a mission."""

from datetime import date

import pytest
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
from missions_app.workflow import journey_service
from missions_app.workflow.method_service import method_in_force
from tests.factories.challenges import make_draft
from tests.factories.indicators import whole_indicator
from tests.factories.organisations import method_in_force as adopt_method

OWN = IndicatorValues(
    label="Vatten på gatan", unit="minuter", direction="down", target_value=30.0, baseline_value=240.0
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
        ({"unit": "m" * 61}, InvalidInput),
    ],
)  # fmt: skip
def test_add_indicator_refuses_what_makes_no_sense(
    session: Session, values: dict[str, object], error: type[Exception]
) -> None:
    whole = {"label": OWN.label, "unit": OWN.unit, "baseline_value": 240.0, "target_value": 30.0}

    with pytest.raises(error):
        indicator_service.add_indicator(make_draft().journey, IndicatorValues(**(whole | values)), by=SYSTEM)


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
    mission = journey_service.start_journey("mission", by=SYSTEM)

    first = indicator_service.hand_on(source, mission, by=SYSTEM)

    assert [(one.target_value, one.target_on) for one in first] == [(30.0, date(2030, 1, 1))]
    assert indicator_service.hand_on(source, mission, by=SYSTEM) == []
