"""The time has one reader, and it can be set to the past but never ahead."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from missions_app import clock

PAST = datetime(2026, 3, 2, 8, tzinfo=UTC)


@pytest.fixture
def told(tmp_path: Path) -> Iterator[Path]:
    """A file that the clock follows."""
    file = tmp_path / "now"
    clock.follow(file)
    yield file
    clock.follow(None)


def test_the_clock_stands_where_its_file_says(told: Path) -> None:
    told.write_text("2026-03-02T09:00:00+01:00", "ascii")

    assert clock.now() == PAST


def test_a_moment_set_in_a_block_wins_over_the_file(told: Path) -> None:
    told.write_text("2026-03-02T09:00:00+01:00", "ascii")

    with clock.fixed(PAST - timedelta(days=1)):
        assert clock.now() == PAST - timedelta(days=1)


def test_without_the_file_or_with_one_ahead_it_is_now(told: Path) -> None:
    before = datetime.now(UTC)
    assert before <= clock.now() <= datetime.now(UTC)

    told.write_text("2999-01-01T00:00:00+00:00", "ascii")
    assert before <= clock.now() <= datetime.now(UTC)
