"""Numbers as people type them: what no column can hold is refused in words, and breaks nothing."""

import pytest
from flask import Flask
from werkzeug.datastructures import MultiDict
from wtforms import StringField
from wtforms.validators import InputRequired, NumberRange, Optional

from missions_app.i18n import use_locale
from missions_app.organisations.rules import is_valid_number
from missions_app.web.forms import Form, MoneyField, NumberField, VersionMixin, WholeNumberField


class Numbers(Form):
    """One of each kind, and a name that is needed."""

    needed = StringField("Namn", validators=[InputRequired()])
    decimal = NumberField("Tal")
    money = MoneyField("Kronor")
    whole = WholeNumberField("Heltal")
    least = WholeNumberField("Minst", validators=[Optional(), NumberRange(min=5)])
    level = WholeNumberField("Nivå", validators=[Optional(), NumberRange(1, 9, "Ange ett tal från 1 till 9.")])


def read(app: Flask, **typed: str) -> Numbers:
    with app.test_request_context(method="POST"), use_locale("sv"):
        form = Numbers(MultiDict({"needed": "Namn", **typed}))
        form.validate()
        return form


@pytest.mark.parametrize(
    ("text", "told", "told_of_whole"),
    [
        ("1e999", "Skriv ett tal", "Skriv ett heltal"), ("-inf", "Skriv ett tal", "Skriv ett heltal"),
        ("nan", "Skriv ett tal", "Skriv ett heltal"), ("1e15", "Skriv högst", "Skriv högst"),
    ],
)  # fmt: skip
def test_a_number_that_cannot_be_kept_is_refused_at_its_field(
    app: Flask, text: str, told: str, told_of_whole: str
) -> None:
    form = read(app, decimal=text, money=text, whole=text)

    wanted = {"decimal": told, "money": told, "whole": told_of_whole}
    assert {name for name, words in wanted.items() if words in " ".join(form[name].errors)} == wanted.keys()


def test_what_is_counted_stays_within_what_can_be_counted(app: Flask) -> None:
    assert "2 147 483 647" in read(app, whole="3000000000").whole.errors[0].replace("\u00a0", " ")


def test_the_summary_names_the_field_where_the_words_would_fit_any(app: Flask) -> None:
    with app.test_request_context(method="POST"), use_locale("sv"):
        form = Numbers(MultiDict({"whole": "två", "least": "4", "level": "12"}))
        form.validate()
        rows = form.problem_rows()

    assert rows == [
        ("needed", "Namn: Det här fältet är obligatoriskt."),
        ("whole", "Heltal: Skriv ett heltal."),
        ("least", "Minst: Numret får inte vara mindre än 5."),
        ("level", "Nivå: Ange ett tal från 1 till 9."),
    ]


def test_what_cannot_be_read_is_told_once(app: Flask) -> None:
    assert read(app, least="fem").least.errors == ["Skriv ett heltal."]


def test_what_fits_is_read(app: Flask) -> None:
    form = read(app, decimal="2 400,5", money="1 250 kr", whole="2 147 483 647")

    assert form.errors == {}
    assert (form.decimal.data, form.money.data, form.whole.data) == (2400.5, 125_000, 2**31 - 1)


def test_a_raised_figure_is_no_number(app: Flask) -> None:
    class Versioned(VersionMixin, Form):
        """With a version."""

    with app.test_request_context(method="POST"):
        assert Versioned(MultiDict({"version": "²"})).expected_version == -1
    assert not is_valid_number("55600000²³")
