"""The engine over generated gates: what passing means, whatever the criteria, facts and waivers."""

import tomllib
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from missions_app.workflow.engine import Pinned, Standing, ValidWaiver, judge, unmet_criteria
from missions_app.workflow.method import Gate
from missions_app.workflow.method_file import parse_method
from missions_app.workflow.method_simulation import Compared

METHOD = parse_method(Path("config/methods/blekinge-1.toml").read_text("utf-8"))
PATTERN = next(one for one in tomllib.loads(Path("config/methods/blekinge-1.toml").read_text("utf-8"))["gate"])
FACTS = ("title", "problem", "affected", "place")


@st.composite
def criteria(draw: Any) -> list[dict[str, Any]]:
    """One to six criteria, each asking for one fact, some only when another fact is there."""
    found = []
    for number in range(draw(st.integers(1, 6))):
        fact = draw(st.sampled_from(FACTS))
        row = {
            **PATTERN["criterion"][0], "id": f"g1.c{number}", "check": "present", "params": {"fields": [fact]},
            "reads": [fact], "severity": draw(st.sampled_from(("block", "warn"))),
        }  # fmt: skip
        row.pop("when", None)
        if draw(st.booleans()):
            row["when"] = {"fact": draw(st.sampled_from(FACTS)), "op": "present"}
        found.append(row)
    return found


waivers = st.sets(st.integers(0, 5)).map(
    lambda numbers: {
        f"g1.c{number}": ValidWaiver(number, "Skäl", "secretariat", datetime(2026, 1, 1, tzinfo=UTC), date(2027, 1, 1))
        for number in numbers
    }
)
facts = st.dictionaries(st.sampled_from(FACTS), st.sampled_from(("", "  ", "ord")))


def gate_of(rows: list[dict[str, Any]]) -> Gate:
    return Gate.model_validate({**PATTERN, "criterion": rows})


def applies(row: dict[str, Any], known: dict[str, str]) -> bool:
    return "when" not in row or bool(known.get(row["when"]["fact"], "").strip())


def is_met(row: dict[str, Any], known: dict[str, str]) -> bool:
    return bool(known.get(row["params"]["fields"][0], "").strip())


@given(criteria(), facts, waivers)
@settings(max_examples=250, deadline=None)
def test_a_gate_passes_exactly_when_all_blocking_criteria_are_met_or_validly_waived(
    rows: list[dict[str, Any]], known: dict[str, str], waived: dict[str, ValidWaiver]
) -> None:
    statuses = judge(gate_of(rows), known, METHOD, waivers=waived, pinned={})

    expected = [
        row["id"]
        for row in rows
        if row["severity"] == "block" and applies(row, known) and not is_met(row, known) and row["id"] not in waived
    ]
    assert [one.id for one in unmet_criteria(statuses)] == expected


@given(criteria(), facts, facts, waivers)
@settings(max_examples=250, deadline=None)
def test_after_passing_a_criterion_is_stale_exactly_when_it_stood_then_and_does_not_now(
    rows: list[dict[str, Any]], then: dict[str, str], now: dict[str, str], waived: dict[str, ValidWaiver]
) -> None:
    gate = gate_of(rows)
    before = judge(gate, then, METHOD, waivers=waived, pinned={})
    pinned = {one.criterion.id: Pinned(one.standing.value, {}, None) for one in before}

    after = judge(gate, now, METHOD, waivers={}, pinned=pinned)

    for row, old, new in zip(rows, before, after, strict=True):
        stood = old.standing in (Standing.MET, Standing.WAIVED)
        lacks = applies(row, now) and not is_met(row, now)
        assert (new.standing is Standing.STALE) is (stood and lacks), row


standings = st.dictionaries(st.sampled_from([f"g1.c{number}" for number in range(5)]), st.sampled_from(Standing))


@given(standings, standings, st.sets(st.sampled_from([f"g1.c{number}" for number in range(5)])))
@settings(max_examples=250, deadline=None)
def test_another_version_differs_exactly_in_the_criteria_whose_result_is_not_the_same(
    before: dict[str, Standing], after: dict[str, Standing], strict: set[str]
) -> None:
    """`strict` are those that stop a case under the new version only."""
    lacks = (Standing.NOT_MET, Standing.STALE)
    stops_before = frozenset(key for key, one in before.items() if one in lacks and key not in strict)
    stops_after = frozenset(key for key, one in after.items() if one in lacks)
    compared = Compared(
        None, {key: one.value for key, one in before.items()}, {key: one.value for key, one in after.items()}, (),
        stopped=(stops_before, stops_after),
    )  # type: ignore[arg-type]  # fmt: skip

    expected = {
        key
        for key in before.keys() | after.keys()
        if before.get(key) is not after.get(key) or (key in stops_before) is not (key in stops_after)
    }
    assert set(compared.differing) == expected
    assert len(compared.differing) == len(expected)
