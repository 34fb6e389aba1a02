"""missions audit verify: whatever somebody does to a sealed row by SQL is found and named."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.conftest import Installation, copied

PASSWORD = "a long enough phrase"
COLUMNS = "at, actor_id, actor_role, action, subject_kind, subject_id, subject_label, data"


@pytest.fixture(scope="module")
def three_events(tmp_path_factory: pytest.TempPathFactory, migrated: Installation) -> Iterator[Installation]:
    """Three sealed events. Left alone: each test tampers with a copy."""
    with copied(migrated, tmp_path_factory.mktemp("sealed"), "cli_sealed") as made:
        for name in ("anna", "bo", "cecilia"):
            made.missions("user", "create", f"{name}@exempel.se", name, "--password", PASSWORD)
        made.missions("audit", "seal")
        yield made


@pytest.fixture
def sealed(three_events: Installation, tmp_path: Path) -> Iterator[Installation]:
    """An installation with three sealed events."""
    with copied(three_events, tmp_path) as made:
        yield made


def test_untouched_trail_is_whole(sealed: Installation) -> None:
    assert "is whole" in sealed.missions("audit", "verify")


@pytest.mark.parametrize(
    ("tampering", "why"),
    [
        ("UPDATE audit_event SET action = 'account.renamed' WHERE position = 2", "changed"),
        ("DELETE FROM audit_event WHERE position = 2", "1 sealed event(s) deleted"),
        (
            f"INSERT INTO audit_event ({COLUMNS}, seal_id, position) SELECT {COLUMNS}, 1, 99 FROM audit_event "
            "WHERE position = 1",
            "1 event(s) inserted",
        ),
        ("UPDATE audit_event SET position = 5 - position WHERE position IN (2, 3)", "changed"),
        ("DELETE FROM audit_seal", "a seal that is gone"),
    ],
    ids=["edited", "deleted", "inserted", "reordered", "unsealed"],
)
def test_tampering_is_found(sealed: Installation, tampering: str, why: str) -> None:
    sealed.sql(tampering)

    said = sealed.missions("audit", "verify", code=1)

    assert why in said
    assert "eal 1" in said
