"""How far an indicator has come: tables with figures worked by hand, and properties that hold for all figures."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from missions_app.evaluation.progress import Latest, Point, change_share, latest, progress, reached

figures = st.floats(-1e6, 1e6, allow_nan=False).map(lambda value: round(value, 3))


# Utsläpp från arbetsbåtar, 212 ton före, mål 127, nu 141 (domain: an example worked by hand: 71 of 85 ton).
@pytest.mark.parametrize(
    ("baseline", "target", "value", "direction", "share"),
    [
        (212.0, 127.0, 141.0, "down", 71 / 85),
        (212.0, 127.0, 212.0, "down", 0.0),
        (212.0, 127.0, 110.0, "down", 1.2),
        (212.0, 127.0, 229.0, "down", -0.2),
        (0.0, 2000.0, 740.0, "up", 0.37),
        (0.0, 0.0, 5.0, "up", None),
        (None, 60.0, 31.0, "up", None),
        (20.0, None, 31.0, "up", None),
        (20.0, 60.0, None, "up", None),
        (10.0, 10.0, 10.0, "hold", 1.0),
        (10.0, 12.0, 9.0, "hold", 1.0),
        (10.0, 12.0, 13.0, "hold", 0.9),
        (10.0, 10.0, 12.0, "hold", 0.8),
        (10.0, 10.0, 25.0, "hold", 0.0),
        (0.0, 0.0, 1.0, "hold", 0.0),
    ],
)
def test_progress_by_hand(
    baseline: float | None, target: float | None, value: float | None, direction: str, share: float | None
) -> None:
    found = progress(baseline=baseline, target=target, value=value, direction=direction)

    assert found == (pytest.approx(share) if share is not None else None)


# Indoor temperature 20 to 24 °C and a bathing water's pH 7.9 to 8.3, worked by hand: 1 - outside now / outside before.
@pytest.mark.parametrize(
    ("baseline", "low", "high", "value", "share", "there"),
    [
        (28.0, 20.0, 24.0, 28.0, 0.0, False),
        (28.0, 20.0, 24.0, 25.0, 3 / 4, False),
        (28.0, 20.0, 24.0, 24.0, 1.0, True),
        (28.0, 20.0, 24.0, 20.0, 1.0, True),
        (28.0, 20.0, 24.0, 18.0, 1 / 2, False),  # through the range and out on the other side: 2 of 4 degrees
        (28.0, 20.0, 24.0, 30.0, -1 / 2, False),
        (16.0, 20.0, 24.0, 19.0, 3 / 4, False),
        (7.4, 7.9, 8.3, 7.8, 4 / 5, False),
        (7.4, 7.9, 8.3, 8.1, 1.0, True),
        (-5.0, -2.0, 2.0, -3.5, 1 / 2, False),
        (22.0, 20.0, 24.0, 21.0, 1.0, True),
        (22.0, 20.0, 24.0, 25.0, 0.0, False),  # left the limits it began within: there is no way to measure by
        (24.0, 20.0, 24.0, 25.0, 0.0, False),
        (None, 20.0, 24.0, 21.0, 1.0, True),
        (None, 20.0, 24.0, 25.0, None, False),
        (28.0, None, 24.0, 21.0, None, None),
        (28.0, 20.0, None, 21.0, None, None),
        (28.0, 20.0, 24.0, None, None, None),
    ],
)
def test_progress_towards_two_limits_by_hand(
    baseline: float | None, low: float | None, high: float | None, value: float | None, share: float | None,
    there: bool | None,
) -> None:  # fmt: skip
    found = progress(baseline=baseline, low=low, target=high, value=value, direction="range")

    assert found == (pytest.approx(share) if share is not None else None)
    assert reached(baseline=baseline, low=low, target=high, value=value, direction="range") is there


@given(figures, figures, figures)
def test_a_way_down_is_a_way_up_seen_from_the_other_side(baseline: float, target: float, value: float) -> None:
    down = progress(baseline=baseline, target=target, value=value, direction="down")
    up = progress(baseline=-baseline, target=-target, value=-value, direction="up")

    assert down == up


@given(figures, figures, figures, figures)
def test_what_is_to_be_kept_is_better_the_nearer_it_is_on_either_side(
    baseline: float, target: float, one: float, other: float
) -> None:
    def kept(moved: float) -> float:
        share = progress(baseline=baseline, target=target, value=baseline + moved, direction="hold")
        assert share is not None
        return share

    assert kept(one) == pytest.approx(kept(-one), abs=1e-6)
    near, far = sorted((abs(one), abs(other)))
    assert kept(near) >= kept(far) - 1e-6


@given(figures, figures, st.sampled_from(["up", "down"]))
def test_the_baseline_is_nothing_and_the_target_is_all_of_the_way(baseline: float, target: float, way: str) -> None:
    if baseline == target:
        assert progress(baseline=baseline, target=target, value=target, direction=way) is None
        return
    assert progress(baseline=baseline, target=target, value=baseline, direction=way) == 0
    assert progress(baseline=baseline, target=target, value=target, direction=way) == 1
    assert reached(baseline=baseline, target=target, value=target, direction=way) is True


def test_a_missing_value_is_passed_over_and_is_not_zero() -> None:
    points = [Point(date(2026, 1, 1), 212.0), Point(date(2026, 4, 1), None)]

    assert latest(points) == Latest(date(2026, 1, 1), 212.0)
    assert latest([Point(date(2026, 4, 1), None)]) is None


def test_of_two_values_on_a_day_the_later_one_counts() -> None:
    day = date(2026, 1, 1)

    assert latest([Point(day, 1.0), Point(day, 2.0)]) == Latest(day, 2.0)


@pytest.mark.parametrize(
    ("baseline", "value", "share"),
    [(212.0, 141.0, -71 / 212), (200.0, 300.0, 0.5), (-10.0, -5.0, 0.5), (0.0, 5.0, None), (10.0, None, None)],
)
def test_change_against_the_baseline(baseline: float, value: float | None, share: float | None) -> None:
    found = change_share(baseline=baseline, value=value)

    assert found == (pytest.approx(share) if share is not None else None)
