"""The base of all forms: our languages, kept text, and the fields that several domains share. Shape only."""

import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, time
from typing import Any

from flask import g
from flask_wtf import FlaskForm
from wtforms import Field, FileField, HiddenField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.i18n import get_translations as wtforms_translations
from wtforms.validators import NumberRange, StopValidation
from wtforms.widgets import TextArea, TextInput

from missions_app import clock
from missions_app.calendar_days import FIRST_YEAR, LAST_YEAR
from missions_app.edge.kept_forms import kept_fields
from missions_app.edge.words import sentence
from missions_app.errors import DomainError, StaleVersion
from missions_app.i18n import N_, _, current_locale, lazy, number

# The largest number that any field takes; as kronor it fits in the database also in öre.
LARGEST = 1_000_000_000_000
LARGEST_WHOLE = 2**31 - 1  # of what is counted, not measured
# In WTForms' own words, translated by it.
GENERAL = ("This field is required.", "Not a valid choice.")
TOO_LONG = ("Field cannot be longer than %(max)d character.", "Field cannot be longer than %(max)d characters.")
RANGES = (
    "Number must be between %(min)s and %(max)s.", "Number must be at least %(min)s.", "Number must be at most %(max)s."
)  # fmt: skip
# In ours.
FIGURE = N_("Write a figure from %(least)d to %(most)d.")
SAVED_NOW = N_("Saved now: “%(text)s”.")


class Form(FlaskForm):  # type: ignore[misc]
    """A form in the reader's language. A switch of language shows it again as typed, without judging it."""

    class Meta(FlaskForm.Meta):  # type: ignore[misc]
        """WTForms speaks the reader's language too."""

        def get_translations(self, form: Any) -> Any:
            """WTForms' own messages in the reader's language."""
            return wtforms_translations([current_locale()])

        def wrap_formdata(self, form: Any, formdata: Any) -> Any:
            """What was posted; else what was typed on this page before the session ran out."""
            automatic = formdata is not None and not hasattr(formdata, "getlist")
            given = super().wrap_formdata(form, formdata)
            if given is None and automatic:
                given = kept_fields()
                form.is_kept = given is not None
            return given

    is_kept = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.form_problems: list[str] = []

    def is_submitted(self) -> bool:
        """Posted, and not only to change the language."""
        return bool(super().is_submitted()) and not g.get("language_switched")

    @property
    def is_typed(self) -> bool:
        """Whether it shows what somebody typed: posted, also to change the language, or kept when the session ran
        out. Nothing else may be put in its place."""
        return bool(super().is_submitted()) or self.is_kept

    def field_named(self, name: str) -> Any:
        """The field in which what a refusal names is written; None when this form has none."""
        return self._fields.get(name)

    @property
    def has_problems(self) -> bool:
        """Whether anything is to be shown in the error summary."""
        return bool(self.errors or self.form_problems)

    def problem_rows(self) -> list[tuple[str, str]]:
        """(id of the field, what to do) for every problem, in the order of the fields; "" for the whole form."""
        found = [(field, str(text)) for field in self for text in _flat(field.errors)]
        often = {text for text, times in Counter(text for _field, text in found).items() if times > 1}
        words = self.meta.get_translations(self)
        plain = {*map(words.gettext, GENERAL), _("Fill this in."), _("Fill this in before you send.")}
        ranges = (words.ngettext(*TOO_LONG, 2), *map(words.gettext, RANGES), _(FIGURE), _(SAVED_NOW))
        begin = tuple(one.partition("%")[0] for one in ranges)
        rows = [("", text) for text in self.form_problems]

        def fits_any(field: Any, text: str) -> bool:
            # Words that fit any field say nothing apart: the field's name goes first.
            own = {str(one.message) for one in field.validators if isinstance(one, NumberRange)}
            return text in often | plain | own | {*field.process_errors} or text.startswith(begin)

        return rows + [
            (field.id, _named(field.label.text, text) if fits_any(field, text) else text) for field, text in found
        ]


def _named(label: Any, text: str) -> str:
    return f"{label} {text}" if str(label).endswith("?") else f"{label}: {text}"


def _flat(errors: Any) -> list[str]:
    if isinstance(errors, dict):
        return [text for inner in errors.values() for text in _flat(inner)]
    return [text for one in errors for text in (_flat(one) if isinstance(one, list | tuple | dict) else [str(one)])]


def show_error(form: Form, error: DomainError) -> None:
    """Put every problem of a refusal at its field, or over the form when it has none there."""
    for problem in error.problems:
        field = form.field_named(problem.field) if problem.field else None
        if field is None or isinstance(field, HiddenField):
            form.form_problems.append(sentence(problem))
        else:
            field.errors = [*field.errors, sentence(problem)]
    if isinstance(error, StaleVersion):
        show_newest(form, {field.name: field.object_data for field in form if field.object_data != field.default})


def show_newest(form: Form, newest: Mapping[str, Any]) -> None:
    """After a save that came too late: at each field what is saved there now, where it is not what was typed. Sending
    once more is done with open eyes.

    Args:
        newest: the data of fields as they are saved now, and the version, by the fields' names.
    """
    for field in form:
        saved = newest.get(field.name)
        if not isinstance(field, HiddenField | FileField) and saved != field.data and (said := _said(field, saved)):
            field.errors = [*field.errors, _(SAVED_NOW, text=said)]
    if newest.get("version") is not None:
        form["version"].data = newest["version"]


def _said(field: Any, data: Any) -> str:
    """A field's data as its reader sees it: the words of what is chosen, numbers and days as they are typed."""
    if data is None:
        return ""
    if isinstance(data, bool):
        return str(_("Yes") if data else _("No"))
    if hasattr(field, "iter_choices"):
        chosen = {str(one) for one in (data if isinstance(data, list | tuple | set) else [data])}
        return ", ".join(str(text) for value, text, *_more in field.iter_choices() if str(value) in chosen)
    return field.written(data) if hasattr(field, "written") else str(data)


class PictureField(FileField):  # type: ignore[misc]
    """A picture, as a phone sends it. Naming what is accepted makes phones that keep other kinds send JPEG."""

    accepts = "image/jpeg,image/png,image/webp"

    def __init__(self, label: Any, validators: Any = None, **more: Any) -> None:
        super().__init__(
            label, validators,
            description=lazy(
                "JPEG, PNG or WebP of at most 12 MB, straight from the phone. It is made smaller and turned upright; "
                "where and with what it was taken is removed. Nobody who can be recognised without having agreed."
            ),
            **more,
        )  # fmt: skip


class VersionMixin:
    """A hidden number: the version of the record the reader has seen."""

    version = HiddenField()

    @property
    def expected_version(self) -> int:
        """The version as a number; -1, which matches nothing, when it was tampered with."""
        data = str(self.version.data or "")
        return int(data) if data.isdecimal() else -1


class TypedField(Field):  # type: ignore[misc]
    """A field typed as text whose wrong input is kept and shown again."""

    widget = TextInput()
    data: Any

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return self.written(self.data) if self.data is not None else ""

    def written(self, data: Any) -> str:
        """The value as it is typed."""
        return str(data)

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Read what was typed; empty is None."""
        text = str(valuelist[0]).strip() if valuelist else ""
        self.data = self.read(text) if text else None

    def pre_validate(self, _form: Any) -> None:
        """What cannot be read is told once, and is not called too small or too large as well."""
        if self.process_errors:
            raise StopValidation()

    def read(self, text: str) -> Any:
        """The value of a text; ValueError with a sentence when it is none."""
        raise NotImplementedError


class LocalDateField(TypedField):
    """A date, typed åååå-mm-dd (2027-03-17)."""

    input_hint = "date"

    def written(self, data: date) -> str:
        """ISO."""
        return data.isoformat()

    def read(self, text: str) -> date:
        """Also accepts 20270317 and 2027/03/17; the year is one in which people plan."""
        try:
            found = date.fromisoformat(re.sub(r"[./]", "-", text))
        except ValueError as error:
            raise ValueError(_("Write the date as year-month-day, such as 2027-03-17.")) from error
        if not FIRST_YEAR <= found.year <= LAST_YEAR:
            raise ValueError(_("Write a year from %(first)d to %(last)d.", first=FIRST_YEAR, last=LAST_YEAR))
        return found


class LocalTimeField(TypedField):
    """A time of day in the site's zone, typed 08.00 or 08:00."""

    input_hint = "time"

    def written(self, data: time) -> str:
        """ "08.00" in Swedish."""
        return data.strftime("%H.%M" if current_locale() == "sv" else "%H:%M")

    def read(self, text: str) -> time:
        """Accepts 8, 8.30, 08:30 and 0830."""
        match = re.fullmatch(r"(\d{1,2})(?:[.:]?(\d{2}))?", text)
        if match is None or int(match[1]) > 23 or int(match[2] or 0) > 59:
            raise ValueError(_("Write the time as hours and minutes, such as 08:00."))
        return time(int(match[1]), int(match[2] or 0))


class EndTimeField(LocalTimeField):
    """A time of day at which something ends: 24.00 is the midnight that ends the day. `ends_day` says that it is."""

    @property
    def ends_day(self) -> bool:
        """Whether the end of the day was typed."""
        return bool(self.raw_data) and re.fullmatch(r"24(?:[.:]?00)?", str(self.raw_data[0]).strip()) is not None

    def read(self, text: str) -> time:
        """As a time of day, and 24.00."""
        return time(0) if self.ends_day else super().read(text)


def _plain_number(data: float) -> str:
    text = f"{data:.10g}"
    return text.replace(".", ",") if current_locale() == "sv" else text


def _number(text: str, wanted: str = "") -> float:
    """The number of a text. Words that Python takes for numbers (nan, inf) and what is too large to be meant are
    refused."""
    plain = re.sub(r"[\s\u00a0\u202f]", "", text).replace("−", "-").replace(",", ".")
    try:
        value = float(plain)
    except ValueError as error:
        raise ValueError(wanted or _("Write a number, such as 2.4.")) from error
    if not math.isfinite(value):
        raise ValueError(wanted or _("Write a number, such as 2.4."))
    if abs(value) > LARGEST:
        raise ValueError(_("The number is larger than can be kept. Write at most %(most)s.", most=number(LARGEST)))
    return value


class NumberField(TypedField):
    """A number with the locale's separators: "2,4" and "2 400" are understood."""

    input_hint = "decimal"

    def written(self, data: float) -> str:
        """Without thousands separators, with a comma in Swedish."""
        return _plain_number(data)

    def read(self, text: str) -> float:
        """Spaces separate thousands; comma and point both mark decimals."""
        return _number(text)


class WholeNumberField(NumberField):
    """A whole number."""

    input_hint = "numeric"

    def read(self, text: str) -> int:
        """Refuses decimals."""
        value = _number(text, _("Write a whole number."))
        if value != int(value):
            raise ValueError(_("Write a whole number."))
        if abs(value) > LARGEST_WHOLE:
            raise ValueError(
                _("The number is larger than can be kept. Write at most %(most)s.", most=number(LARGEST_WHOLE))
            )
        return int(value)


class LinesField(TypedField):
    """Numbers by name, one on each line: "2027-06-30 12" or "Karlskrona: 2,4". Empty is None."""

    widget = TextArea()

    def written(self, data: dict[str, float]) -> str:
        """One line for each."""
        return "\n".join(f"{name}: {_plain_number(value)}" for name, value in data.items())

    def read(self, text: str) -> dict[str, float]:
        """The last word of a line is the number."""
        found: dict[str, float] = {}
        for line in text.splitlines():
            match = re.fullmatch(r"\s*(\S.*?)\s*[:=\s]\s*([-−+]?[\d.,\u00a0\u202f]+)\s*", line)
            if match:
                found[match[1]] = _number(match[2])
            elif line.strip():
                raise ValueError(_("Write one on each line, with its number last: “%(line)s”.", line=line.strip()))
        return found


class MoneyField(NumberField):
    """Kronor as typed, öre (a whole number) as data."""

    def written(self, data: float) -> str:
        """Öre as kronor, to the öre however large."""
        kronor, ore = divmod(round(data), 100)
        point = "," if current_locale() == "sv" else "."
        return f"{kronor}{point}{ore:02d}" if ore else str(kronor)

    def read(self, text: str) -> int:
        """Kronor, with or without "kr", to öre."""
        return round(super().read(re.sub(r"(?i)\s*(kr|kronor|sek)\.?$", "", text)) * 100)


def local_moment(day: date, at: time) -> datetime:
    """A day and a time in the site's zone as an aware instant in UTC.

    Raises:
        ValueError: a sentence for the reader, when the clocks skip that time or it comes twice.
    """
    local = datetime.combine(day, at, clock.zone())
    if local.astimezone(UTC).astimezone(clock.zone()).replace(tzinfo=None) != local.replace(tzinfo=None):
        raise ValueError(_("The clocks skip this time that night. Choose another."))
    if local.utcoffset() != local.replace(fold=1).utcoffset():
        raise ValueError(_("This time comes twice that night, when the clocks go back. Choose another."))
    return local.astimezone(UTC)


def choices_from(terms: Iterable[Any], *, empty: str | None = None) -> list[SelectChoice]:
    """A vocabulary as choices in the reader's language, with an empty first choice when its words are given."""
    return choices(((term.id, term.label.in_(current_locale())) for term in terms), empty=empty)


def choices(pairs: Iterable[tuple[str, Any]], *, empty: str | None = None) -> list[SelectChoice]:
    """(value, words) as choices of a field, with an empty first choice when its words are given."""
    rows = [SelectChoice(value, words) for value, words in pairs]
    return [SelectChoice("", empty), *rows] if empty is not None else rows


__all__ = [
    "Form", "LinesField", "LocalDateField", "LocalTimeField", "MoneyField", "NumberField", "StringField",
    "VersionMixin", "WholeNumberField", "choices", "choices_from", "local_moment", "show_error",
    "show_newest",
]  # fmt: skip
