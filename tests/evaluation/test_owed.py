"""When the next value is owed."""

from datetime import date

import pytest

from missions_app.evaluation.owed import next_due

JANUARY = date(2026, 1, 31)


@pytest.mark.parametrize(
    ("frequency", "last", "milestones", "target_on", "due"),
    [
        ("monthly", JANUARY, {}, None, date(2026, 2, 28)),  # the last day of a shorter month
        ("quarterly", JANUARY, {}, None, date(2026, 4, 30)),
        ("three_per_year", JANUARY, {}, None, date(2026, 5, 31)),
        ("yearly", JANUARY, {}, date(2029, 6, 30), date(2027, 1, 31)),
        ("yearly", JANUARY, {"2026-07-01": 4.0}, date(2029, 6, 30), date(2026, 7, 1)),  # a milestone comes first
        ("yearly", JANUARY, {"2026-01-31": 4.0}, None, date(2027, 1, 31)),  # measured on the very day
        ("per_test", JANUARY, {}, date(2029, 6, 30), date(2029, 6, 30)),
        ("per_test", JANUARY, {}, None, None),
        ("yearly", None, {"2026-07-01": 4.0}, date(2029, 6, 30), None),
    ],
)
def test_next_due(
    frequency: str, last: date | None, milestones: dict[str, float], target_on: date | None, due: date | None
) -> None:
    assert next_due(frequency, last, milestones, target_on) == due
