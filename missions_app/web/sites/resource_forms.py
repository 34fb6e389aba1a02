"""Forms for what can be booked at a site and its rules. Shape only."""

from collections.abc import Iterable
from dataclasses import fields
from datetime import time
from typing import Any

from wtforms import BooleanField, SelectField, SelectMultipleField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional

from missions_app.edge.words import sentence
from missions_app.i18n import _, current_locale, lazy
from missions_app.sites import bounds, hours
from missions_app.sites.catalogue_service import UNIT_FIELDS, ResourceEntry
from missions_app.sites.models import Approval, Bookers, Resource
from missions_app.sites.weather import LIMITS
from missions_app.web.forms import (
    EndTimeField,
    Form,
    LocalDateField,
    LocalTimeField,
    MoneyField,
    NumberField,
    TypedField,
    VersionMixin,
    WholeNumberField,
)
from missions_app.web.forms import choices as choices_of

HOUR, DAY = 60, 24 * 60
# Minutes that are typed in another unit: the field's name and how many minutes one of it is.
IN_UNITS = {
    "shortest_minutes": ("shortest", HOUR), "longest_minutes": ("longest", HOUR), "notice_minutes": ("notice", DAY),
    "cancel_minutes": ("cancel", DAY),
}  # fmt: skip


class PeriodsField(TypedField):
    """Periods of a day, typed "8-12, 13-17"; empty is closed: no periods."""

    def _value(self) -> str:
        if self.raw_data or isinstance(self.data, str):
            return str(self.raw_data[0] if self.raw_data else self.data)
        return hours.written(self.data or [], separator())

    def written(self, data: Any) -> str:
        """What is saved, said to whoever typed something else."""
        return data if isinstance(data, str) else hours.written(data, separator()) or _("closed")

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Read what was typed; empty is no periods."""
        super().process_formdata(valuelist)
        self.data = self.data or []

    def read(self, text: str) -> list[tuple[time, time]]:
        """Says which periods overlap, or how they are written."""
        try:
            return hours.read(text)
        except hours.Clash as clash:
            raise ValueError(sentence(bounds.clash_problem(clash, self.name))) from None
        except ValueError:
            raise ValueError(_("Write the hours such as 8–12, 13–17. Leave it empty when it is closed.")) from None


class ResourceForm(VersionMixin, Form):
    """What is booked, and its rules."""

    name_sv = StringField(lazy("Name in Swedish"), validators=[InputRequired(), Length(max=200)])
    name_en = StringField(lazy("Name in English"), validators=[Optional(), Length(max=200)])
    description_sv = TextAreaField(lazy("Description in Swedish"), validators=[Optional(), Length(max=20_000)])
    description_en = TextAreaField(lazy("Description in English"), validators=[Optional(), Length(max=20_000)])
    kind = StringField(
        lazy("What sort of thing it is"), validators=[Optional(), Length(max=40)],
        description=lazy("Such as boat or hall. Who finds it taken is shown others with the same word."),
    )  # fmt: skip
    most_people = WholeNumberField(lazy("Most people at a time"), validators=[Optional()])
    shortest = NumberField(lazy("Shortest booking, hours"), validators=[InputRequired()])
    longest = NumberField(lazy("Longest booking, hours"), validators=[InputRequired()])
    step_minutes = WholeNumberField(
        lazy("Step, minutes"), validators=[InputRequired()],
        description=lazy("Lengths are whole steps."),
    )  # fmt: skip
    setup_minutes = WholeNumberField(lazy("Set-up before each use, minutes"), validators=[Optional()])
    cleanup_minutes = WholeNumberField(lazy("Clean-up after each use, minutes"), validators=[Optional()])
    notice = NumberField(
        lazy("Notice, days"), validators=[Optional()],
        description=lazy("How long before the start somebody has to ask."),
    )  # fmt: skip
    horizon_days = WholeNumberField(lazy("How far ahead one may book, days"), validators=[Optional()])
    cancel = NumberField(lazy("Free of charge to cancel until, days before"), validators=[Optional()])
    bookers = SelectField(lazy("Who may book"), validators=[InputRequired()])
    approval = SelectField(lazy("Who answers"), validators=[InputRequired()])
    approvals_needed = WholeNumberField(
        lazy("How many managers have to agree"), validators=[Optional()],
        description=lazy("Only where several have to."),
    )  # fmt: skip
    requests_hold = BooleanField(lazy("A request holds the time until it is answered"))
    hold_hours = WholeNumberField(
        lazy("Hours it is held"), validators=[Optional()],
        description=lazy("Empty: as long as the method says."),
    )  # fmt: skip
    price_ore = MoneyField(lazy("Price per started hour, kronor"), validators=[Optional()])
    market_price_ore = MoneyField(
        lazy("Market price per started hour, kronor"), validators=[Optional()],
        description=lazy("What the same thing costs elsewhere. The difference is counted as state aid."),
    )  # fmt: skip

    limit_wind = NumberField(
        lazy("Most wind, m/s"), validators=[Optional()],
        description=lazy("Outdoors: at which weather use stops, whoever books. Empty: whoever books decides."),
    )  # fmt: skip
    limit_wave = NumberField(lazy("Highest wave, m"), validators=[Optional()])
    limit_visibility = NumberField(lazy("Least visibility, m"), validators=[Optional()])
    limit_air = NumberField(lazy("Lowest air temperature, °C"), validators=[Optional()])
    limit_water = NumberField(lazy("Lowest water temperature, °C"), validators=[Optional()])

    def fill_choices(self) -> None:
        """The alternatives, in words."""
        self.bookers.choices = choices_of(bookers_words().items())
        self.approval.choices = choices_of(approval_words().items())

    def field_named(self, name: str) -> Any:
        """What the rules call minutes is typed in another unit under another name."""
        return super().field_named(IN_UNITS.get(name, (name, 1))[0])

    def entry(self, **units: Any) -> ResourceEntry:
        """What was written, for the service."""
        return ResourceEntry(
            name_sv=self.name_sv.data or "", name_en=self.name_en.data or "",
            description_sv=self.description_sv.data or "", description_en=self.description_en.data or "",
            kind=self.kind.data or "", most_people=self.most_people.data,
            shortest_minutes=_minutes(self.shortest.data, HOUR), longest_minutes=_minutes(self.longest.data, HOUR),
            step_minutes=self.step_minutes.data or 0, setup_minutes=self.setup_minutes.data or 0,
            cleanup_minutes=self.cleanup_minutes.data or 0, notice_minutes=_minutes(self.notice.data, DAY),
            horizon_days=self.horizon_days.data or 0, cancel_minutes=_minutes(self.cancel.data, DAY),
            bookers=Bookers(self.bookers.data), approval=Approval(self.approval.data),
            approvals_needed=1 if self.approvals_needed.data is None else self.approvals_needed.data,
            requests_hold=bool(self.requests_hold.data),
            hold_hours=self.hold_hours.data, price_ore=self.price_ore.data or 0,
            market_price_ore=self.market_price_ore.data or 0, limits=self._limits(), **units,
        )  # fmt: skip

    def _limits(self) -> dict[str, float]:
        given = {one.name: self[f"limit_{one.name}"].data for one in LIMITS}
        return {name: float(figure) for name, figure in given.items() if figure is not None}


def rules_as_typed(resource: Resource | ResourceEntry) -> dict[str, Any]:
    """What the form of a resource's rules begins with, by its fields' names."""
    same = {one.name: getattr(resource, one.name) for one in fields(ResourceEntry) if one.name not in UNIT_FIELDS}
    units = {typed: getattr(resource, name) / unit for name, (typed, unit) in IN_UNITS.items()}
    return {
        **same, **units, "bookers": resource.bookers.value, "approval": resource.approval.value,
        **{f"limit_{one.name}": resource.limits.get(one.name) for one in LIMITS},
        "version": getattr(resource, "version", None),
    }  # fmt: skip


class NewResourceForm(ResourceForm):
    """Something new, with its units."""

    units = StringField(
        lazy("Units it takes"), validators=[Optional()],
        description=lazy(
            "Names with commas between. Things that name the same unit cannot be used at the same time: a hall takes "
            "\"North bay, South bay\". Empty: a unit of its own."
        ),
    )  # fmt: skip
    pool_size = WholeNumberField(
        lazy("Or how many identical ones there are"), validators=[Optional()],
        description=lazy("A booking then takes as many as it asks for."),
    )  # fmt: skip
    whole_of = SelectField(
        lazy("Or all of what there are several of"), validators=[Optional()],
        description=lazy("A booking then takes every one of them at once, such as a whole set."),
    )  # fmt: skip

    def fill_pools(self, pools: Iterable[tuple[str, str]]) -> None:
        """(slug, name) of what the site has several of."""
        self.whole_of.choices = choices_of(pools, empty=_("None"))

    def as_entry(self) -> ResourceEntry:
        """What was written, units included."""
        names = bounds.unit_names((self.units.data or "").split(","))
        return self.entry(units=names, pool_size=self.pool_size.data or 0, whole_of=self.whole_of.data or "")


class UnitsForm(VersionMixin, Form):
    """What it takes."""

    units = StringField(
        lazy("Units it takes"), validators=[InputRequired()],
        description=lazy("Names with commas between. Things that name the same unit cannot be used at the same time."),
    )  # fmt: skip

    def names(self) -> list[str]:
        """As the service takes them."""
        return (self.units.data or "").split(",")


class PoolForm(VersionMixin, Form):
    """How many there are."""

    pool_size = WholeNumberField(
        lazy("How many there are"), validators=[InputRequired()],
        description=lazy("Never fewer than are booked at the same time."),
    )  # fmt: skip


def _minutes(number: float | None, unit: int) -> int:
    return round((number or 0) * unit)


def bookers_words() -> dict[str, str]:
    """Who may book, in words."""
    return {
        "everyone": _("Every organisation"), "experiments": _("Only for experiments of a mission"),
        "chosen": _("Only organisations we choose"), "owner": _("Only the owner"),
    }  # fmt: skip


def approval_words() -> dict[str, str]:
    """Who answers, in words."""
    return {
        "none": _("Nobody: it is confirmed at once"), "manager": _("One manager"),
        "several": _("Several managers have to agree"),
    }  # fmt: skip


def weekday_words() -> list[str]:
    """The days of the week, Monday first."""
    return [_("Monday"), _("Tuesday"), _("Wednesday"), _("Thursday"), _("Friday"), _("Saturday"), _("Sunday")]


def opening_form() -> type[Form]:
    """A field for each weekday."""
    days = {f"day_{number}": PeriodsField(word, validators=[Optional()]) for number, word in enumerate(weekday_words())}
    return type("OpeningForm", (VersionMixin, Form), days)


class ExceptionForm(VersionMixin, Form):
    """Dates that are otherwise."""

    first = LocalDateField(lazy("First day"), validators=[InputRequired()])
    last = LocalDateField(lazy("Last day"), validators=[InputRequired()])
    periods = PeriodsField(
        lazy("Open these hours"), validators=[Optional()],
        description=lazy("Such as 10–14. Leave it empty when it is closed."),
    )  # fmt: skip


class BlackoutForm(Form):
    """When it is blocked."""

    starts_on = LocalDateField(lazy("From, day"), validators=[InputRequired()])
    starts_at = LocalTimeField(lazy("From, time"), validators=[Optional()])
    ends_on = LocalDateField(lazy("Until, day"), validators=[InputRequired()])
    ends_at = EndTimeField(lazy("Until, time"), validators=[Optional()], description=lazy("Empty: the whole last day."))
    reason = StringField(
        lazy("Why"), validators=[InputRequired(), Length(max=200)],
        description=lazy("Shown in the calendar, such as maintenance or spawning."),
    )  # fmt: skip


class BookersForm(VersionMixin, Form):
    """Which organisations may book."""

    organisations = SelectMultipleField(lazy("Organisations that may book"), validators=[Optional()])


class NeededForm(VersionMixin, Form):
    """Which qualifications are asked for."""

    qualifications = SelectMultipleField(
        lazy("Whoever uses it must hold"), validators=[Optional()],
        description=lazy("Checked on the day of use, when somebody books and until they check in."),
    )  # fmt: skip


class QualificationForm(Form):
    """A qualification."""

    name_sv = StringField(lazy("Name in Swedish"), validators=[InputRequired(), Length(max=200)])
    name_en = StringField(lazy("Name in English"), validators=[Optional(), Length(max=200)])
    how_sv = TextAreaField(lazy("How one gets it, in Swedish"), validators=[Optional(), Length(max=5000)])
    how_en = TextAreaField(lazy("How one gets it, in English"), validators=[Optional(), Length(max=5000)])
    valid_months = WholeNumberField(
        lazy("Months it holds"), validators=[Optional()], description=lazy("Empty: without an end.")
    )


class GrantForm(Form):
    """Somebody holds a qualification."""

    qualification = SelectField(lazy("Qualification"), validators=[InputRequired()])
    email = StringField(lazy("The person's e-mail address"), validators=[InputRequired(), Length(max=254)])
    valid_from = LocalDateField(lazy("First day"), validators=[InputRequired()])
    valid_until = LocalDateField(
        lazy("Last day"),
        validators=[Optional()],
        description=lazy("Empty: as long as the qualification usually holds."),
    )
    note = StringField(lazy("A note"), validators=[Optional(), Length(max=500)])


class QuotaForm(VersionMixin, Form):
    """How much an organisation may book."""

    name = StringField(lazy("What the quota is called"), validators=[InputRequired(), Length(max=200)])
    hours = WholeNumberField(lazy("Hours"), validators=[InputRequired()])
    period = SelectField(lazy("In each"), validators=[InputRequired()])
    organisation = SelectField(lazy("For"), validators=[Optional()])
    resources = SelectMultipleField(
        lazy("What counts"), validators=[InputRequired()],
        description=lazy("Everything chosen counts together, for each unit of what there are several of."),
    )  # fmt: skip


def separator() -> str:
    """Between hours and minutes in the reader's language."""
    return "." if current_locale() == "sv" else ":"
