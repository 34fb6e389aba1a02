"""The form of an indicator: what, from where, to what, by when, and who follows it up. For challenges and missions."""

from collections.abc import Iterable
from dataclasses import fields
from typing import Any

from wtforms import RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import Length

from missions_app.challenges.rules import EFFECT
from missions_app.i18n import N_, _, current_locale, lazy
from missions_app.indicators import library
from missions_app.indicators.indicator_service import IndicatorValues
from missions_app.indicators.models import IndicatorPlan
from missions_app.indicators.splits import SPLITS
from missions_app.web.challenges import words
from missions_app.web.forms import Form, LinesField, LocalDateField, NumberField, VersionMixin, choices

OWN = ""
SPLIT_WORDS = {
    "": N_("Not divided"), "municipality": N_("By municipality"), "sector": N_("By sector"), "sex": N_("By sex"),
}  # fmt: skip
_NUMBERS = ("baseline_value", "baseline_on", "target_value", "target_low", "target_on")


class IndicatorForm(VersionMixin, Form):
    """One indicator."""

    library_key = RadioField(lazy("What do you measure?"), default="", validate_choice=True)
    label = StringField(lazy("Your own indicator"), validators=[Length(max=300)])
    unit = StringField(lazy("Unit of your own indicator"), validators=[Length(max=60)])
    level = SelectField(lazy("What your own indicator shows"))
    direction = SelectField(lazy("Which way is better for your own indicator"))
    baseline_kind = RadioField(lazy("How do you know the baseline?"), default="measured")
    baseline_value = NumberField(lazy("Baseline"))
    baseline_on = LocalDateField(lazy("The baseline is from"))
    baseline_method = TextAreaField(lazy("How the baseline was measured"), validators=[Length(max=2000)])
    uncertainty = StringField(lazy("How uncertain the figures are"), validators=[Length(max=200)])
    target_value = NumberField(lazy("Target"))
    target_low = NumberField(lazy("Lower limit"))
    target_on = LocalDateField(lazy("Reached by"))
    milestones = LinesField(lazy("Milestones"))
    source = StringField(lazy("Where the figures come from"), validators=[Length(max=2000)])
    frequency = SelectField(lazy("How often it is measured"))
    split_by = SelectField(lazy("How the values are divided"), default="")
    owner_function = StringField(lazy("Who follows it up"), validators=[Length(max=200)])


def indicator_form(offered: Iterable[Any], plan: IndicatorPlan | None, **begun: Any) -> IndicatorForm:
    """The form with its choices.

    Args:
        offered: indicators of the library that fit. plan: the one to be changed. begun: fields filled in.
    """
    own_label = "" if plan is None or plan.library_key else plan.label_sv
    form = IndicatorForm(obj=plan, label=own_label) if plan else IndicatorForm(**begun)
    form.library_key.choices = choices(
        [*((one.id, one.label.in_(current_locale())) for one in offered), (OWN, _("An own indicator"))]
    )
    form.level.choices = choices((key, _(words.LEVELS[key])) for key in library.LEVELS)
    form.direction.choices = choices((key, _(words.DIRECTIONS[key])) for key in library.DIRECTIONS)
    form.baseline_kind.choices = choices((key, _(words.BASELINES[key])) for key in library.BASELINE_KINDS)
    frequencies = ((key, _(words.FREQUENCIES[key])) for key in library.FREQUENCIES)
    form.frequency.choices = choices(frequencies, empty=_("As in the list"))
    form.split_by.choices = choices((key, _(SPLIT_WORDS[key])) for key in SPLITS)
    return form


def values_of(form: IndicatorForm, owner_id: int | None) -> IndicatorValues:
    """What was typed. owner_id: the organisation that follows the indicator up."""
    typed = {one.name: form[one.name].data for one in fields(IndicatorValues) if one.name in form}
    values: dict[str, Any] = {
        name: "" if value is None and name not in _NUMBERS else value for name, value in typed.items()
    }
    values["milestones"] = form.milestones.data or {}
    return IndicatorValues(**values, owner_id=owner_id)


def notes_of(offered: Iterable[Any]) -> dict[str, str]:
    """What stands under each indicator of the library: its unit, which way is better, and whether it is enough."""
    found = {}
    for one in offered:
        note = f"{one.unit}, {_(words.DIRECTIONS.get(one.good_direction, words.DIRECTIONS['hold']))}"
        alone = "" if one.level == EFFECT else _("not enough alone")
        found[one.id] = f"{note}, {alone}" if alone else note
    return found
