"""`missions method`: method files."""

import sys
from pathlib import Path

import click

from missions_app.accounts.actor import SYSTEM
from missions_app.cli.start import connected
from missions_app.i18n import use_locale
from missions_app.workflow import method_service
from missions_app.workflow.method import Method
from missions_app.workflow.method_diff import differences
from missions_app.workflow.method_file import MethodProblem, MethodProblems, parse_method

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.group()
def method() -> None:
    """Check, compare and publish method files."""


@method.command()
@click.argument("file", type=FILE)
def check(file: Path) -> None:
    """Validate a file whole: every problem with its place, reason and remedy. Exit 1 on any."""
    parsed = _parsed(file)
    criteria = sum(len(gate.criteria) for gate in parsed.gate_)
    click.echo(f"{file.name} holds together: {parsed.meta.id} version {parsed.meta.version}, "
               f"{len(parsed.gate_)} gates, {criteria} criteria.")  # fmt: skip


@method.command()
@click.argument("old", type=FILE)
@click.argument("new", type=FILE)
def diff(old: Path, new: Path) -> None:
    """Show what a new file changes: + added, - removed, ~ changed. Exit 1 when anything differs."""
    _parsed(old)
    _parsed(new)
    found = differences(old.read_text("utf-8"), new.read_text("utf-8"))
    for one in found:
        click.echo(one.in_words())
    if found:
        sys.exit(1)
    click.echo("No difference.")


@method.command()
@click.argument("file", type=FILE)
def publish(file: Path) -> None:
    """Adopt a file as a version of the method. New cases begin under it; running cases keep theirs."""
    _parsed(file)
    connected()
    version = method_service.publish_method(file.read_text("utf-8"), by=SYSTEM)
    click.echo(f"{version.key} version {version.number} is adopted, checksum {version.checksum[:12]}.")


def _parsed(file: Path) -> Method:
    try:
        return parse_method(file.read_text("utf-8"))
    except MethodProblems as problems:
        click.echo(f"{file}: {len(problems.found)} problems", err=True)
        with use_locale("en"):
            for problem in problems.found:
                click.echo(_in_words(problem), err=True)
        sys.exit(1)


def _in_words(problem: MethodProblem) -> str:
    return f"  {problem.place or 'file'}: {problem.reason % problem.values} {problem.remedy % problem.values}"
