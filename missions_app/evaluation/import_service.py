"""Measurements from a spreadsheet: every row judged first, then all filed or none."""

import csv
import io
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from math import isfinite, nan
from typing import TypeVar

from missions_app import db
from missions_app.accounts.actor import Actor
from missions_app.accounts.policy import permit
from missions_app.errors import DomainError, InvalidInput, Problem
from missions_app.evaluation import measurement_service, policy
from missions_app.evaluation.measurement_service import Value
from missions_app.experiments import queries as experiments
from missions_app.experiments.models import Experiment
from missions_app.i18n import N_
from missions_app.indicators.models import IndicatorPlan
from missions_app.indicators.queries import indicators_of
from missions_app.missions.models import Mission

# Heads of the columns, Swedish and English; the order in the file does not matter.
COLUMNS: dict[str, tuple[str, ...]] = {
    "indicator": ("indikator", "indicator"),
    "measured_on": ("dag", "datum", "day", "date"),
    "value": ("värde", "value"),
    "unit": ("enhet", "unit"),
    "uncertainty": ("osäkerhet", "uncertainty"),
    "source": ("källa", "source"),
    "experiment": ("försök", "experiment"),
    "evidence_link": ("länk", "link"),
    "reason": ("skäl", "reason"),
    "parts": ("uppdelning", "parts"),
}
NEEDED = ("indicator", "measured_on", "source")
MOST_ROWS = 2000
SHEETS_DAY_ZERO = date(1899, 12, 30)
Read = TypeVar("Read")


@dataclass(frozen=True, slots=True)
class Fate:
    """What becomes of one row: its line in the file, what stands there, and what stops it ([] is fine)."""

    line: int
    row: Mapping[str, str]
    problems: Sequence[Problem]


def template() -> str:
    """An empty sheet with the heads of the columns, for those who begin."""
    return ";".join(names[0] for names in COLUMNS.values()) + "\r\n"


def read_rows(text: str) -> list[tuple[int, dict[str, str]]]:
    """The rows of a sheet as (line, cells by our names); empty rows are passed over.

    Raises:
        InvalidInput: no rows, too many, or a column that must be there is missing.
    """
    text = text.lstrip("\ufeff").replace("\x00", "").strip()
    head = text.splitlines()[0] if text else ""
    delimiter = max(";\t,", key=head.count)
    reader = csv.reader(io.StringIO(text), delimiter=delimiter)
    try:
        head_cells, *lines = reader
    except ValueError:
        head_cells, lines = [], []
    except csv.Error:
        sentence = N_("The sheet cannot be read. Save it as CSV in UTF-8 and try again.")
        raise InvalidInput.of([Problem("unreadable", sentence, "sheet")]) from None
    named = [_column(cell) for cell in head_cells]
    missing = [COLUMNS[name][0] for name in NEEDED if name not in named]
    if missing:
        sentence = N_("The first line must name the columns. Missing: %(columns)s.")
        raise InvalidInput.of([Problem("columns_missing", sentence, "sheet", {"columns": ", ".join(missing)})])
    rows = [
        (line, {name: cell.strip() for name, cell in zip(named, cells, strict=False) if name})
        for line, cells in enumerate(lines, 2)
        if any(cell.strip() for cell in cells)
    ]
    if not rows:
        raise InvalidInput.of([Problem("no_rows", N_("There are no rows under the heads."), "sheet")])
    if len(rows) > MOST_ROWS:
        sentence = N_("Take at most %(most)d rows at a time.")
        raise InvalidInput.of([Problem("too_many_rows", sentence, "sheet", {"most": MOST_ROWS})])
    return rows


def judge(mission: Mission, text: str, *, by: Actor) -> list[Fate]:
    """What would become of every row; nothing is kept. Raises as read_rows, and NotAllowed."""
    permit(policy.can_measure_mission, by, mission)
    rows, fates = read_rows(text), list[Fate]()
    try:
        with db.transaction():
            fates = _file_all(mission, rows, by)
            raise _Tried
    except _Tried:
        return fates


def import_measurements(mission: Mission, text: str, *, by: Actor) -> int:
    """File every row; they count when somebody else has approved them. Returns how many.

    Raises:
        NotAllowed, InvalidInput with every row's problems, each with its line: then nothing was filed.
    """
    permit(policy.can_measure_mission, by, mission)
    rows = read_rows(text)
    with db.transaction():
        fates = _file_all(mission, rows, by)
        problems = [
            Problem(one.code, one.message, f"line {fate.line}", one.params) for fate in fates for one in fate.problems
        ]
        if problems:
            raise InvalidInput.of(problems)
    return len(rows)


class _Tried(Exception):
    """Ends a trial, so that its transaction is rolled back."""


def _file_all(mission: Mission, rows: Sequence[tuple[int, Mapping[str, str]]], by: Actor) -> list[Fate]:
    fates: list[Fate] = []
    lines: dict[tuple[tuple[str, str], ...], int] = {}
    for line, row in rows:
        first = lines.setdefault(tuple(sorted(row.items())), line)
        if first != line:
            twice = Problem("row_twice", N_("The same stands on line %(line)d already."), "row", {"line": first})
            fates.append(Fate(line, row, (twice,)))
            continue
        try:
            with db.session.begin_nested():
                _file(mission, row, by)
        except DomainError as error:
            fates.append(Fate(line, row, error.problems))
        else:
            fates.append(Fate(line, row, ()))
    return fates


def _column(cell: str) -> str:
    wanted = cell.strip().lower()
    return next((name for name, names in COLUMNS.items() if wanted in names), "")


def _file(mission: Mission, row: Mapping[str, str], by: Actor) -> None:
    cells = _Cells(row)
    indicator = cells.read("indicator", lambda cell: _indicator(mission, cell))
    figure, day = cells.read("value", _number), cells.read("measured_on", _day)
    parts = cells.read("parts", _parts)
    experiment = cells.read("experiment", lambda cell: _experiment(mission, cell))
    if cells.problems or indicator is None or day is None:
        raise InvalidInput.of(cells.problems)
    value = Value(
        value=figure, measured_on=day, source=row.get("source", ""), uncertainty=row.get("uncertainty", ""),
        unit=row.get("unit", ""), evidence_link=row.get("evidence_link", ""), parts=parts or {},
    )  # fmt: skip
    reason = row.get("reason", "")
    if experiment is not None:
        measurement_service.submit_measurement(
            experiment=experiment, indicator=indicator, value=value, by=by, reason=reason
        )
    else:
        measurement_service.submit_for_mission(mission=mission, indicator=indicator, value=value, by=by, reason=reason)


class _Cells:
    """The cells of a row, read one by one; `problems` gathers what is wrong, each with its column."""

    def __init__(self, row: Mapping[str, str]) -> None:
        self.row, self.problems = row, list[Problem]()

    def read(self, column: str, parse: Callable[[str], Read]) -> Read | None:
        """What a cell says; None when it makes no sense."""
        try:
            return parse(self.row.get(column, ""))
        except InvalidInput as error:
            self.problems += [Problem(one.code, one.message, column, one.params) for one in error.problems]
            return None


def _experiment(mission: Mission, reference: str) -> Experiment | None:
    if not reference:
        return None
    for one in experiments.experiments_of(mission.id):
        if one.reference == reference:
            return one
    raise InvalidInput.of([Problem("unknown_experiment", N_("The mission has no such experiment."), "row")])


def _indicator(mission: Mission, wanted: str) -> IndicatorPlan:
    for plan in indicators_of(mission.journey):
        if wanted.lower() in (plan.library_key.lower(), plan.label_sv.lower(), plan.label_en.lower()) and wanted:
            return plan
    raise InvalidInput.of([Problem("unknown_indicator", N_("The mission does not follow this indicator."), "row")])


def _number(cell: str) -> float | None:
    """A figure with comma or point; an empty cell is a missing value, whose reason stands under source."""
    cleaned = cell.replace("\u00a0", "").replace("\u202f", "").replace(" ", "").replace("−", "-").replace(",", ".")
    if not cleaned:
        return None
    try:
        found = float(cleaned)
    except ValueError:
        found = nan
    if not isfinite(found):
        raise InvalidInput.of([Problem("not_a_number", N_("Write a number, such as 2.4."), "row")])
    return found


def _parts(cell: str) -> dict[str, float]:
    """The division of a value, such as "Karlskrona=12; Ronneby=3"."""
    found = {}
    for one in cell.split(";") if cell else ():
        name, _equals, figure = one.rpartition("=")
        number = _number(figure) if name.strip() else None
        if number is None:
            text = N_("Write the division as name=number, with semicolons between.")
            raise InvalidInput.of([Problem("not_a_division", text, "row")])
        found[name.strip()] = number
    return found


def _day(cell: str) -> date:
    """A day as written, or as a spreadsheet counts it."""
    try:
        if cell.isdecimal() and len(cell) == len("46000"):
            return SHEETS_DAY_ZERO + timedelta(days=int(cell))
        return date.fromisoformat(cell)
    except ValueError:
        text = N_("Write the date as year-month-day, such as 2027-03-17.")
        raise InvalidInput.of([Problem("not_a_date", text, "row")]) from None
