"""Every problem of a method file has a place, a reason and a remedy; all are found in one run."""

import copy
import re
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from missions_app.cli.method import method as command
from missions_app.i18n import use_locale
from missions_app.paths import METHODS
from missions_app.workflow import method_references
from missions_app.workflow.method_file import MethodProblem, MethodProblems, parse_method
from missions_app.workflow.method_writer import write_document

DOCUMENT = (METHODS / "blekinge-1.toml").read_text("utf-8")
TABLES = tomllib.loads(DOCUMENT)
Break = Callable[[dict[str, Any]], None]


def problems(*breaks: Break) -> list[MethodProblem]:
    """What is wrong with the region's method after it has been broken in these ways."""
    tables = copy.deepcopy(TABLES)
    for one in breaks:
        one(tables)
    try:
        parse_method(write_document(tables))
    except MethodProblems as found:
        return found.found
    return []


def gate(tables: dict[str, Any], key: str = "g1") -> dict[str, Any]:
    return next(one for one in tables["gate"] if one["id"] == key)


def journey(tables: dict[str, Any], subject: str) -> dict[str, Any]:
    return next(one for one in tables["journey"] if one["subject"] == subject)


def unknown_key(tables: dict[str, Any]) -> None:
    gate(tables)["colour"] = "blue"


def wrong_type(tables: dict[str, Any]) -> None:
    gate(tables)["reply_days"] = "soon"


def missing_key(tables: dict[str, Any]) -> None:
    del gate(tables)["decided_by"]


def missing_language(tables: dict[str, Any]) -> None:
    del tables["theme"][0]["label"]["en"]


def empty_text(tables: dict[str, Any]) -> None:
    tables["theme"][0]["label"]["sv"] = ""


def not_allowed(tables: dict[str, Any]) -> None:
    gate(tables)["criterion"][0]["severity"] = "perhaps"


def bad_id(tables: dict[str, Any]) -> None:
    tables["theme"][0]["id"] = "Stora Bokstäver"


def unknown_decider(tables: dict[str, Any]) -> None:
    gate(tables)["decided_by"] = "the_king"


def unknown_state(tables: dict[str, Any]) -> None:
    journey(tables, "challenge")["move"][0]["to"] = "nowhere"


def unknown_check(tables: dict[str, Any]) -> None:
    gate(tables)["criterion"][0]["check"] = "by_eye"


def unknown_fact(tables: dict[str, Any]) -> None:
    gate(tables)["criterion"][0]["reads"] = ["the_weather"]


def duplicate(tables: dict[str, Any]) -> None:
    tables["theme"].append(copy.deepcopy(tables["theme"][0]))


def duplicate_criterion(tables: dict[str, Any]) -> None:
    rows = gate(tables)["criterion"]
    rows.append(copy.deepcopy(rows[0]))


def heavy_rubric(tables: dict[str, Any]) -> None:
    tables["rubric"][0]["criterion"][0]["weight"] += 5


def unreachable(tables: dict[str, Any]) -> None:
    plan = journey(tables, "mission")
    plan["state"].append(copy.deepcopy(plan["state"][-1]) | {"id": "limbo"})


FORM = [
    (unknown_key, "gate[g1].colour", "The key is unknown."),
    (wrong_type, "gate[g1].reply_days", "The value has the wrong type."),
    (missing_key, "gate[g1].decided_by", "The key is missing."),
    (missing_language, f"theme[{TABLES['theme'][0]['id']}].label.en", "A language is missing."),
    (empty_text, f"theme[{TABLES['theme'][0]['id']}].label.sv", "The text is empty."),
    (not_allowed, "gate[g1].criterion[g1.statement].severity", "The value is not one of those allowed."),
    (bad_id, "theme[Stora Bokstäver].id", "The value has the wrong form."),
]
REFERENCE = [
    (unknown_decider, "gate[g1].decided_by"),
    (unknown_state, "journey[challenge].move"),
    (unknown_check, "gate[g1].criterion[g1.statement].check"),
    (unknown_fact, "gate[g1].criterion[g1.statement].reads"),
    (duplicate, "theme["),
    (duplicate_criterion, "gate[g1].criterion["),
    (heavy_rubric, "rubric["),
    (unreachable, "journey[mission].state"),
]


def in_words(problem: MethodProblem) -> tuple[str, str]:
    """Reason and remedy as they are read; a value that is missing raises."""
    return problem.reason % problem.values, problem.remedy % problem.values


@pytest.mark.parametrize(("broken", "place", "reason"), FORM, ids=lambda one: getattr(one, "__name__", ""))
def test_a_problem_of_form_says_where_why_and_what_to_do(broken: Break, place: str, reason: str) -> None:
    [problem] = problems(broken)

    assert problem.place == place
    why, remedy = in_words(problem)
    assert why == reason
    assert len(remedy) > 5


@pytest.mark.parametrize(("broken", "place"), REFERENCE, ids=lambda one: getattr(one, "__name__", ""))
def test_a_problem_of_reference_says_where_why_and_what_to_do(broken: Break, place: str) -> None:
    found = [one for one in problems(broken) if one.place.startswith(place)]

    assert found, [one.place for one in problems(broken)]
    for problem in found:
        why, remedy = in_words(problem)
        assert len(why) > 5
        assert len(remedy) > 5
        assert problem.code


def test_all_problems_of_form_are_found_in_one_run() -> None:
    breaks = [unknown_key, wrong_type, missing_key, missing_language, not_allowed]

    assert {one.place for one in problems(*breaks)} == {place for broken, place, _reason in FORM if broken in breaks}


def test_all_problems_of_reference_are_found_in_one_run() -> None:
    found = {one.place for one in problems(*(broken for broken, _place in REFERENCE))}

    for broken, place in REFERENCE:
        assert any(one.startswith(place) for one in found), (broken.__name__, place)


def test_every_problem_in_the_source_has_a_code_of_its_own_kind() -> None:
    source = Path(method_references.__file__).read_text("utf-8")

    assert len(set(re.findall(r'N_\("([^"]+)"\)', source))) >= 8


def test_the_command_lists_them_all_and_exits_non_zero(tmp_path: Path) -> None:
    tables = copy.deepcopy(TABLES)
    unknown_decider(tables)
    heavy_rubric(tables)
    file = tmp_path / "method.toml"
    file.write_text(write_document(tables), "utf-8")

    with use_locale("en"):
        bad = CliRunner().invoke(command, ["check", str(file)])
        good = CliRunner().invoke(command, ["check", str(METHODS / "blekinge-1.toml")])

    assert bad.exit_code == 1
    assert "gate[g1].decided_by" in bad.output
    assert "rubric[" in bad.output
    assert (good.exit_code, "holds together" in good.output) == (0, True)


def test_a_file_that_is_no_toml_says_so() -> None:
    with pytest.raises(MethodProblems) as refused:
        parse_method("[meta\nid = 1")

    [problem] = refused.value.found
    assert problem.code == "not_toml"
    assert "line" in in_words(problem)[0]
