"""The scale of a chart."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from missions_app.scale import MOST_STEPS, even_scale

values = st.floats(-1e9, 1e9, allow_nan=False)


@pytest.mark.parametrize(
    ("low", "high", "scale"),
    [
        (0, 64, [0, 20, 40, 60, 80]),
        (0, 100, [0, 25, 50, 75, 100]),
        (0, 33.9, [0, 10, 20, 30, 40]),
        (-3, 5, [-5, -2.5, 0, 2.5, 5]),
        (-91.1, 0, [-100, -75, -50, -25, 0]),
        (0, 0, [0, 0.25, 0.5, 0.75, 1]),
        (0, 0.0031, [0, 0.001, 0.002, 0.003, 0.004]),
    ],
)
def test_a_scale_is_made_of_round_values(low: float, high: float, scale: list[float]) -> None:
    assert even_scale(low, high) == pytest.approx(scale)


@pytest.mark.parametrize(("high", "scale"), [(1, [0, 1]), (2, [0, 1, 2]), (5, [0, 2, 4, 6]), (9, [0, 5, 10])])
def test_counts_have_no_values_between_whole_numbers(high: float, scale: list[float]) -> None:
    assert even_scale(0, high, whole=True) == scale


@given(values, values)
def test_a_scale_holds_what_is_drawn_in_few_even_steps(one: float, other: float) -> None:
    low, high = sorted((one, other))

    scale = even_scale(low, high)

    size = max(abs(low), abs(high), 1.0)
    steps = [after - before for before, after in zip(scale, scale[1:], strict=False)]
    assert 1 <= len(steps) <= MOST_STEPS
    assert scale[0] <= low + 1e-9 * size and high - 1e-9 * size <= scale[-1]
    assert steps == pytest.approx([steps[0]] * len(steps), abs=1e-9 * size)
