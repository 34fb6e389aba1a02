"""Between a part of the document and the texts of a form, in both directions. Pure.

A posted field is named by its path inside the part: "label.sv", "baseline.kind", "anchors.0.en".
"""

import tomllib
from collections.abc import Mapping
from datetime import date
from typing import Any

from missions_app.errors import Problem
from missions_app.i18n import N_
from missions_app.workflow.method_schema import FieldShape, Form, fields_of
from missions_app.workflow.method_writer import write_lines

LANGUAGES = ("sv", "en")


def written(shapes: tuple[FieldShape, ...], row: Mapping[str, Any], prefix: str = "") -> dict[str, str]:
    """Field name -> text, for every field that a form shows of a row."""
    texts: dict[str, str] = {}
    for shape in shapes:
        name, value = f"{prefix}{shape.name}", row.get(shape.name)
        match shape.form:
            case Form.TEXT:
                texts |= {f"{name}.{one}": str((value or {}).get(one, "")) for one in LANGUAGES}
            case Form.TEXTS:
                rows = list(value or ())
                for number in range(max(shape.number, len(rows))):
                    here = rows[number] if number < len(rows) else {}
                    texts |= {f"{name}.{number}.{one}": str(here.get(one, "")) for one in LANGUAGES}
            case Form.LINES | Form.WHOLES:
                texts[name] = "\n".join(str(one) for one in value or ())
            case Form.TABLE:
                texts[name] = write_lines(value) if value else ""
            case Form.GROUP:
                texts |= written(fields_of(shape.part), value or {}, f"{name}.")
            case Form.ROWS:
                continue
            case Form.YES_NO:
                texts[name] = "y" if value else ""
            case _:
                texts[name] = "" if value is None else str(value)
    return texts


def read(
    shapes: tuple[FieldShape, ...], texts: Mapping[str, str], before: Mapping[str, Any], prefix: str = ""
) -> tuple[dict[str, Any], list[Problem]]:
    """The row that the texts make, and what cannot be read. Keys keep the order they had; rows of the row are kept."""
    found: dict[str, Any] = {}
    problems: list[Problem] = []
    for shape in shapes:
        name = f"{prefix}{shape.name}"
        if shape.form is Form.ROWS:
            if shape.name in before or shape.required:
                found[shape.name] = before.get(shape.name, [])
            continue
        value, wrong = _read_one(shape, name, texts, before.get(shape.name))
        problems += wrong
        if value is not None:
            found[shape.name] = value
    order = [*(key for key in before if key in found), *(key for key in found if key not in before)]
    return {key: found[key] for key in order}, problems


def _read_one(shape: FieldShape, name: str, texts: Mapping[str, str], before: Any) -> tuple[Any, list[Problem]]:
    text = texts.get(name, "").replace("\r\n", "\n").strip()
    match shape.form:
        case Form.TEXT:
            return _in_both(shape, name, texts), []
        case Form.TEXTS:
            numbers = sorted({int(key.split(".")[-2]) for key in texts if key.startswith(f"{name}.")})
            return [_in_both(FieldShape(shape.name, Form.TEXT, True), f"{name}.{one}", texts) for one in numbers], []
        case Form.GROUP:
            inner, wrong = read(fields_of(shape.part), texts, before or {}, f"{name}.")
            return inner, wrong
        case Form.LINES:
            lines = [line.strip() for line in text.split("\n") if line.strip()]
            return (lines if lines or shape.required or before is not None else None), []
        case Form.YES_NO:
            return bool(text), []
        case Form.TABLE:
            return _read_table(shape, name, text)
    if not text:
        return ("" if shape.form is Form.WORD and shape.required else None), []
    return _read_plain(shape, name, text)


def _in_both(shape: FieldShape, name: str, texts: Mapping[str, str]) -> dict[str, str] | None:
    both = {one: texts.get(f"{name}.{one}", "").replace("\r\n", "\n").strip() for one in LANGUAGES}
    return both if shape.required or any(both.values()) else None


def _read_table(shape: FieldShape, name: str, text: str) -> tuple[Any, list[Problem]]:
    if not text:
        return ({} if shape.required else None), []
    try:
        return tomllib.loads(text), []
    except tomllib.TOMLDecodeError as error:
        words = N_("Write each line as key = value, as in the other rows: %(why)s.")
        return None, [Problem("not_a_table", words, name, {"why": str(error)})]


def _read_plain(shape: FieldShape, name: str, text: str) -> tuple[Any, list[Problem]]:
    try:
        match shape.form:
            case Form.WHOLE:
                return int(text), []
            case Form.NUMBER:
                return float(text.replace(",", ".")), []
            case Form.WHOLES:
                return [int(line) for line in text.replace(",", "\n").split()], []
            case Form.DATE:
                return date.fromisoformat(text), []
    except ValueError:
        words = {
            Form.DATE: N_("Write the date as year-month-day, such as 2027-03-17."),
            Form.NUMBER: N_("Write a number, such as 2.4."),
        }.get(shape.form, N_("Write a whole number."))
        return None, [Problem("unreadable", words, name)]
    return text, []
