"""Every command says what it does, and the ones without a group of their own do it."""

import json
import zipfile
from pathlib import Path

import click
import pytest

from missions_app.cli import main
from missions_app.paths import METHODS
from tests.cli.conftest import Installation

COMMANDS = ("serve", "worker", "migrate", "demo", "region", "method", "audit", "doctor", "bench", "export", "user")


def _all_commands(group: click.Group, path: tuple[str, ...] = ()) -> list[tuple[tuple[str, ...], click.Command]]:
    found: list[tuple[tuple[str, ...], click.Command]] = []
    for name, command in group.commands.items():
        found.append(((*path, name), command))
        if isinstance(command, click.Group):
            found += _all_commands(command, (*path, name))
    return found


def test_the_commands_are_those_promised() -> None:
    assert sorted(main.commands) == sorted(COMMANDS)


@pytest.mark.parametrize(
    ("path", "command"), _all_commands(main), ids=lambda value: value[-1] if isinstance(value, tuple) else ""
)
def test_every_command_has_help(path: tuple[str, ...], command: click.Command) -> None:
    text = command.get_help(click.Context(command, info_name=" ".join(path)))

    assert command.help
    assert text.startswith("Usage: ")


def test_migrating_twice_changes_nothing(installation: Installation) -> None:
    assert "already" in installation.missions("migrate")


def test_region_can_be_loaded_twice(installation: Installation) -> None:
    first = installation.missions("region", "load")

    assert "Method blekinge version 1 is in place." in first
    assert installation.missions("region", "load") == first


def test_shipped_method_holds_together(installation: Installation) -> None:
    said = installation.missions("method", "check", str(METHODS / "blekinge-1.toml"))

    assert "6 gates, 50 criteria" in said


def test_broken_method_lists_every_problem_with_place_and_remedy(installation: Installation, tmp_path: Path) -> None:
    text = (METHODS / "blekinge-1.toml").read_text("utf-8")
    broken = tmp_path / "broken-1.toml"
    broken.write_text(
        text.replace("no_show_grace_minutes = 60", 'no_show_grace_minutes = "an hour"').replace(
            'schema = "missions/2"', 'schema = "missions/2"\nsurprise = 1'
        ),
        "utf-8",
    )

    said = installation.missions("method", "check", str(broken), code=1)

    assert "2 problems" in said
    assert "limits.no_show_grace_minutes: The value has the wrong type." in said
    assert "surprise: The key is unknown. Remove it, or check its spelling." in said


def test_method_diff_names_what_changed(installation: Installation, tmp_path: Path) -> None:
    old = METHODS / "blekinge-1.toml"
    new = tmp_path / "blekinge-2.toml"
    new.write_text(old.read_text("utf-8").replace("hold_hours = 72", "hold_hours = 48"), "utf-8")

    assert installation.missions("method", "diff", str(old), str(new), code=1) == "~ limits.hold_hours: 72 -> 48\n"
    assert installation.missions("method", "diff", str(old), str(old)) == "No difference.\n"


def test_worker_does_what_is_due(installation: Installation) -> None:
    installation.missions("user", "create", "anna@exempel.se", "Anna", "--password", "a long enough phrase")

    said = installation.missions("worker", "--once")

    assert said.splitlines()[-1].endswith(" done.")
    assert "is whole" in installation.missions("audit", "verify")


def test_export_holds_every_table_without_secrets(installation: Installation, tmp_path: Path) -> None:
    installation.missions("user", "create", "anna@exempel.se", "Anna", "--password", "a long enough phrase")

    installation.missions("export", str(tmp_path / "all.zip"))

    with zipfile.ZipFile(tmp_path / "all.zip") as archive:
        manifest = json.loads(archive.read("manifest.json"))
        users = [json.loads(line) for line in archive.read("user_account.jsonl").splitlines()]
    assert manifest["tables"]["user_account"]["rows"] == 1
    assert [user["email"] for user in users] == ["anna@exempel.se"]
    assert "password_hash" not in users[0]


def test_doctor_names_what_is_missing_and_the_remedy(installation: Installation) -> None:
    said = installation.missions("doctor", "--json", code=1)

    findings = {one["what"]: one for one in map(json.loads, said.splitlines())}
    assert findings["Method"] == {
        "what": "Method", "well": False, "seen": "none is adopted", "remedy": "Run: missions region load",
    }  # fmt: skip
    assert findings["Tables"]["well"]
    assert findings["Guard against double booking"]["well"]


def test_doctor_finds_a_missing_guard(installation: Installation) -> None:
    drop = (
        "DROP TRIGGER reservation_no_overlap_insert"
        if installation.database_url.startswith("sqlite")
        else "ALTER TABLE reservation DROP CONSTRAINT reservation_no_overlap"
    )
    installation.sql(drop)

    said = installation.missions("doctor", code=1)

    assert "MEND  Guard against double booking: lacks reservation_no_overlap" in said


def test_wrong_settings_are_named_without_a_traceback(installation: Installation) -> None:
    said = installation.missions("worker", code=1, MISSIONS_TIMEZONE="Mars", MISSIONS_REGION="atlantis")

    assert said.splitlines()[0] == "The settings need mending:"
    assert "MISSIONS_TIMEZONE" in said
    assert "MISSIONS_REGION" in said


def test_database_without_tables_is_told_in_words(installation: Installation, tmp_path: Path) -> None:
    empty = f"sqlite:///{tmp_path / 'other.sqlite'}"

    said = installation.missions("user", "list", code=1, DATABASE_URL=empty)
    findings = [
        json.loads(line) for line in installation.missions("doctor", "--json", code=1, DATABASE_URL=empty).splitlines()
    ]

    assert said.startswith("Error: The database is not ready: ")
    assert "missions doctor" in said
    assert [(one["what"], one["remedy"]) for one in findings if not one["well"]] == [
        ("Tables", "Run: missions migrate")
    ]


@pytest.mark.slow
def test_bench_prints_one_object_per_figure_and_races_have_one_winner(installation: Installation) -> None:
    said = installation.missions("bench", "--json", "--size", "100", "--rounds", "2", "--requests", "22", code=None)

    figures = [json.loads(line) for line in said.splitlines()]
    assert {tuple(one) for one in figures} == {
        ("figure", "engine", "size", "value", "unit", "ratio", "bar", "holds", "machine", "seed")
    }
    values = {one["figure"]: one["value"] for one in figures}
    assert values["races: rounds without exactly one winner"] == 0
    assert values["SQL statements of finding time"] <= 4
    assert len(figures) >= 16
