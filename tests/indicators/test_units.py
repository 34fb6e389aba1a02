"""Exact conversion between units."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from missions_app.indicators.units import convert, is_additive, units_for


@pytest.mark.parametrize(
    ("value", "given_in", "wanted", "found"),
    [
        (141_000.0, "kg CO2e/år", "ton CO2e/år", 141.0),
        (0.2, "ha", "m²", 2000.0),
        (1.5, "h", "minuter", 90.0),
        (0.1, "kg", "g", 100.0),
        (2.4, "mkr", "SEK", 2_400_000.0),
        (7.0, "%", "%", 7.0),
    ],
)
def test_conversion_by_hand(value: float, given_in: str, wanted: str, found: float) -> None:
    assert convert(value, given=given_in, wanted=wanted) == found


def test_what_needs_an_assumption_is_refused() -> None:
    with pytest.raises(ValueError, match="cannot be turned"):
        convert(1.0, given="m³", wanted="kg")


@given(st.integers(-(10**6), 10**6), st.sampled_from(["kg", "ha", "m³", "h", "MWh/år"]), st.data())
def test_there_and_back_is_where_one_began(value: int, unit: str, data: st.DataObject) -> None:
    other = data.draw(st.sampled_from(units_for(unit)))

    there = convert(float(value), given=unit, wanted=other)

    assert convert(there, given=other, wanted=unit) == pytest.approx(value)


def test_only_amounts_may_be_added() -> None:
    assert [is_additive(unit) for unit in ("ton CO2e/år", "m²", "%", "°C", "µg/l")] == [True, True, False, False, False]
