"""Conflicts of interest: which ties disqualify."""

from datetime import date

import pytest

from missions_app.assessments.conflicts import Finding, Party, Tie, findings

TODAY = date(2026, 6, 1)
OWNER = Party(1, "owner")


def found(*ties: Tie, groups: dict[int, int] | None = None, **more: object) -> list[Finding]:
    values: dict[str, object] = {
        "takes_part": False, "sits_in": (), "deciders": (), "ties": ties, "parties": [OWNER],
        "groups": groups or {1: 1, 2: 2}, "former_employer_years": 3, "today": TODAY,
    }  # fmt: skip
    return findings(**(values | more))  # type: ignore[arg-type]


def test_findings_sees_nothing_between_strangers() -> None:
    assert found(Tie(2, "member")) == []


def test_findings_sees_the_own_organisation() -> None:
    assert found(Tie(1, "member")) == [Finding("own_organisation", 1, "owner")]


def test_findings_counts_a_group_of_owners_as_one() -> None:
    assert found(Tie(2, "member"), groups={1: 1, 2: 1}) == [Finding("owner_group", 1, "owner")]


@pytest.mark.parametrize(("until", "disqualifies"), [(date(2023, 6, 1), True), (date(2023, 5, 31), False)])
def test_findings_looks_back_the_methods_years(until: date, disqualifies: bool) -> None:
    assert bool(found(Tie(1, "former_employer", until))) is disqualifies


def test_findings_sees_writers_and_deciders() -> None:
    assert found(takes_part=True) == [Finding("takes_part")]
    assert found(sits_in={"run"}, deciders={"secretariat", "run"}) == [Finding("decides")]
    assert found(sits_in={"wg_tech"}, deciders={"run"}) == []
