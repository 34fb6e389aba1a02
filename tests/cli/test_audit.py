"""missions audit verify: whatever somebody does to a sealed row by SQL is found and named."""

import pytest

from tests.cli.conftest import Installation

PASSWORD = "a long enough phrase"
COLUMNS = "at, actor_id, actor_role, action, subject_kind, subject_id, subject_label, data"


def _three_sealed_events(installation: Installation) -> None:
    for name in ("anna", "bo", "cecilia"):
        installation.missions("user", "create", f"{name}@exempel.se", name, "--password", PASSWORD)
    installation.missions("audit", "seal")


def test_untouched_trail_is_whole(installation: Installation) -> None:
    _three_sealed_events(installation)

    assert "is whole" in installation.missions("audit", "verify")


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
def test_tampering_is_found(installation: Installation, tampering: str, why: str) -> None:
    _three_sealed_events(installation)
    installation.sql(tampering)

    said = installation.missions("audit", "verify", code=1)

    assert why in said
    assert "eal 1" in said
