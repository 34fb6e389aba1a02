"""Gentle hints: the common defects of a target are seen, and good ones are left in peace."""

from datetime import date

import pytest

from missions_app.challenges.hints import hints, is_good_target

TODAY = date(2026, 6, 1)
GOOD = "Senast 2029 ska ett skyfall på 50 mm inte ge stående vatten på Storgatan mer än 30 minuter, mot 4 timmar i dag."


def codes(baselines: list[date] | None = None, **content: object) -> list[str]:
    whole = {"target_date": "2029-06-30", **content}
    return [one.code for one in hints(whole, organisation="Exempelkommun", baselines=baselines or [], today=TODAY)]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Minska översvämningar i centrum", "no_figure"),
        ("Vi vill upphandla 3 brunnar", "names_solution"),
        ("Vi vill köpa 3 brunnar", "names_solution"),
        ("Installera 3 sensorer", "names_solution"),
        ("Ha 3 brunnar av typ X till centrum", "names_brand"),
        ("Minst 3 AquaStop® på gatan", "names_brand"),
        ("ord " * 121 + "3", "too_long"),
    ],
)
def test_hints_sees_a_defect_of_the_target(text: str, code: str) -> None:
    assert codes(target_statement=text) == [code]


def test_hints_leaves_a_good_target_in_peace() -> None:
    assert codes(target_statement=GOOD) == []
    assert is_good_target(GOOD)


def test_hints_says_nothing_of_an_empty_challenge() -> None:
    assert hints({}, organisation="Exempelkommun", baselines=[], today=TODAY) == []


def test_hints_asks_for_a_date_when_there_is_a_target() -> None:
    assert codes(target_statement=GOOD, target_date=None) == ["no_date"]


@pytest.mark.parametrize(("day", "expected"), [(date(2020, 5, 31), ["old_baseline"]), (date(2020, 6, 2), [])])
def test_hints_sees_a_baseline_older_than_five_years(day: date, expected: list[str]) -> None:
    assert codes([day], target_statement=GOOD) == expected


def test_hints_sees_that_only_the_own_organisation_is_affected() -> None:
    assert codes(affected="Exempelkommunen") == []
    assert codes(affected="Vi, Exempelkommun") == ["only_ourselves"]
    assert codes(affected="Exempelkommun och boende") == []
