"""The document: written so that nothing is lost, edited by forms that are made from the schema."""

import tomllib
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from missions_app.workflow import method_document
from missions_app.workflow.method import Method
from missions_app.workflow.method_file import parse_method
from missions_app.workflow.method_forms import read, written
from missions_app.workflow.method_schema import PARTS, FieldShape, fields_of
from missions_app.workflow.method_words import FIELDS, GROUPS, field_words, part_words
from missions_app.workflow.method_words import PARTS as PART_WORDS
from missions_app.workflow.method_writer import write_document

DOCUMENT = Path("config/methods/blekinge-1.toml").read_text("utf-8")
TABLES = tomllib.loads(DOCUMENT)

words = st.text(st.characters(exclude_categories=("Cs",)), max_size=12)
plain = st.one_of(
    words, st.integers(-(2**53), 2**53), st.booleans(), st.dates(date(1, 1, 1)),
    st.floats(allow_nan=False, allow_infinity=False),
)  # fmt: skip
values = st.recursive(
    plain, lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(words, inner, max_size=3)), max_leaves=8
)


@given(st.dictionaries(words, values, max_size=4))
@settings(max_examples=150, deadline=None)
def test_what_is_written_reads_the_same_and_writes_the_same_again(tables: dict[str, Any]) -> None:
    once = write_document(tables)

    assert tomllib.loads(once) == tables
    assert write_document(tomllib.loads(once)) == once


def test_the_regions_method_survives_being_written() -> None:
    once = write_document(TABLES)

    assert tomllib.loads(once) == TABLES
    assert parse_method(once) == parse_method(DOCUMENT)


def rows_of(shape: FieldShape, value: Any) -> list[tuple[tuple[FieldShape, ...], dict[str, Any]]]:
    """Every row of a part with its fields, those inside rows included."""
    rows = value if isinstance(value, list) else [value]
    shapes = fields_of(shape.part)  # type: ignore[arg-type]
    found = [(shapes, row) for row in rows]
    for inner in shapes:
        if inner.form == "rows":
            found += [one for row in rows for one in rows_of(inner, row.get(inner.name, []))]
    return found


@pytest.mark.parametrize("part", PARTS)
def test_the_form_of_every_part_gives_back_what_it_was_given(part: str) -> None:
    shape = next(one for one in fields_of(Method) if one.name == part)

    rows = rows_of(shape, TABLES[part])

    assert rows
    for shapes, row in rows:
        back, problems = read(shapes, written(shapes, row), row)
        assert (back, problems) == (row, [])


def test_every_part_and_key_has_words_and_stands_on_the_first_page_once() -> None:
    grouped = [part for _heading, parts in GROUPS for part in parts]

    assert sorted(grouped) == sorted(PARTS) == sorted(PART_WORDS)
    names = {one.name for part in PARTS for one in every_field(part)}
    assert {name for name in names if field_words(name) == name} == set()
    assert set(FIELDS) <= names
    assert part_words("criterion") == "Requirements"


def every_field(part: str) -> list[FieldShape]:
    def inside(shape: FieldShape) -> list[FieldShape]:
        if shape.part is None:
            return []
        own = list(fields_of(shape.part))
        return own + [one for inner in own for one in inside(inner)]

    return inside(next(one for one in fields_of(Method) if one.name == part))


def test_what_cannot_be_read_names_its_field() -> None:
    shape = next(one for one in fields_of(Method) if one.name == "gate")
    shapes = fields_of(shape.part)  # type: ignore[arg-type]
    gate = TABLES["gate"][0]
    texts = written(shapes, gate) | {"reply_days": "snart", "escalate_when": "fact: x"}

    _row, problems = read(shapes, texts, gate)

    assert {one.field for one in problems} == {"reply_days", "escalate_when"}


def test_places_of_problems_lead_to_the_row_they_are_about() -> None:
    place = "gate[g2].criterion[g2.balance].params.max"

    path = method_document.path_of(TABLES, place)

    assert method_document.at(TABLES, path[:4])["id"] == "g2.balance"
    assert method_document.page_path(path) == path[:4]
    assert method_document.path_of(TABLES, "meta.languages") == ("meta", "languages")
    assert method_document.page_path(("meta", "languages")) == ("meta",)
    assert method_document.path_of(TABLES, "nothing[1].here") == ()


def test_rows_are_added_moved_and_taken_away_in_a_copy() -> None:
    tables = {"theme": [{"id": "a"}, {"id": "b"}]}

    assert method_document.put(tables, ("theme", 2), {"id": "c"})["theme"][2] == {"id": "c"}
    assert method_document.moved(tables, ("theme", 1), -1)["theme"] == [{"id": "b"}, {"id": "a"}]
    assert method_document.moved(tables, ("theme", 1), 1)["theme"] == tables["theme"]
    assert method_document.without(tables, ("theme", 0))["theme"] == [{"id": "b"}]
    assert tables == {"theme": [{"id": "a"}, {"id": "b"}]}
