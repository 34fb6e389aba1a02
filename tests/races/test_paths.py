"""Every path by which time is occupied, against all others, in processes of their own, while a writer is killed."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from missions_app.cli.benchmarks.paths import PATHS

ROUNDS = 300


@pytest.mark.slow
def test_every_path_against_all_others_has_one_winner_and_loses_nothing(tmp_path: Path) -> None:
    environment = {"PATH": os.environ["PATH"], "MISSIONS_INSTANCE": str(tmp_path)}
    if server := os.environ.get("TEST_DATABASE_URL"):
        environment["DATABASE_URL"] = server
    command = [str(Path(sys.executable).parent / "missions"), "bench", "races", "--json", "--rounds", str(ROUNDS)]

    said = subprocess.run(command, env=environment, capture_output=True, text=True, check=False, timeout=900)

    figures = {one["figure"]: one for one in map(json.loads, said.stdout.splitlines())}
    # How long losers wait says more of the machine than of the code when other tests run beside.
    wrong = [name for name, one in figures.items() if not one["holds"] and "until a loser" not in name]
    assert wrong == [], said.stderr
    assert figures["races: rounds without exactly one winner"]["value"] == 0
    assert figures["races: promises of killed writers kept"]["value"] > 0
    # A path that never wins is refused for another reason than its rivals, and has not been raced.
    wins = {name: one["value"] for name, one in figures.items() if name.startswith("races: won by")}
    assert len(wins) == len(PATHS)
    assert [name for name, won in wins.items() if won == 0] == []
    assert sum(wins.values()) == ROUNDS
