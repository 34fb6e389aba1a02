"""The shapes of a search for time and of a place on the waitlist."""

from collections.abc import Sequence
from datetime import date, time, timedelta

from flask import current_app
from wtforms import SelectField, SelectMultipleField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from missions_app import clock
from missions_app.bookings.finding import DAYTIME, EVERY_DAY, Search
from missions_app.bookings.needs import Need, need_typed
from missions_app.bookings.relaxing import AHEAD, LENGTHS
from missions_app.bookings.waiting import Hours
from missions_app.i18n import _, lazy, number
from missions_app.organisations.models import Organisation
from missions_app.web.forms import (
    EndTimeField,
    Form,
    LocalDateField,
    LocalTimeField,
    NumberField,
    VersionMixin,
    WholeNumberField,
    choices,
    choices_from,
)
from missions_app.workflow.method import Method

DAY = timedelta(days=1)
MOST_NEEDS = 3
LONGEST_HOURS = 24 * 14
WEEKDAYS = (
    lazy("Monday"), lazy("Tuesday"), lazy("Wednesday"), lazy("Thursday"), lazy("Friday"), lazy("Saturday"),
    lazy("Sunday"),
)  # fmt: skip


def length_words(hours: float) -> str:
    """A length as people say it."""
    if hours >= 24 and hours % 24 == 0:
        days = int(hours // 24)
        return _("One day and night") if days == 1 else _("%(days)s days and nights", days=days)
    return _("1 hour") if hours == 1 else _("%(hours)s hours", hours=number(hours))


class FindForm(Form):
    """What is needed, how long and from when; further conditions are optional. It is sent in the address."""

    class Meta(Form.Meta):
        """A question changes nothing, so it needs no token."""

        csrf = False

    need1 = StringField(lazy("I need"), validators=[Optional(), Length(max=200)])
    need2 = StringField(lazy("and"), validators=[Optional(), Length(max=200)])
    need3 = StringField(lazy("and also"), validators=[Optional(), Length(max=200)])
    hours = SelectField(lazy("How long"), validators=[Optional()])
    since = LocalDateField(lazy("From"), validators=[Optional()])
    days = SelectField(lazy("How far ahead to look"), validators=[Optional()])
    weekdays = SelectMultipleField(lazy("Weekdays that suit you"), validators=[Optional()])
    opens = LocalTimeField(lazy("Not before"), validators=[Optional()])
    closes = EndTimeField(lazy("Not after"), validators=[Optional()])
    municipality = SelectMultipleField(lazy("Where"), validators=[Optional()])
    kind = SelectField(lazy("Kind of site"), validators=[Optional()])
    theme = SelectField(lazy("Theme"), validators=[Optional()])
    trl = WholeNumberField(
        lazy("Technology readiness (TRL) of what you test"),
        validators=[Optional(), NumberRange(1, 9, lazy("Use a number from 1 to 9."))],
    )
    people = WholeNumberField(
        lazy("How many people"), validators=[Optional(), NumberRange(1, 10_000, lazy("Use a number from 1 to 10 000."))]
    )
    depth = NumberField(
        lazy("Depth of at least, metres"),
        validators=[Optional(), NumberRange(0, 12_000, lazy("Use a number from 0 to 12 000."))],
    )
    power = NumberField(
        lazy("Power of at least, kW"),
        validators=[Optional(), NumberRange(0, 1_000_000, lazy("Use a number from 0 to 1 000 000."))],
    )
    answers = SelectMultipleField(lazy("What is true of the test?"), validators=[Optional()])
    organisation = SelectField(lazy("For which organisation"), validators=[Optional()])

    def prepare(self, method: Method, mine: Sequence[Organisation]) -> None:
        """Give the choices their words, in the reader's language. mine: the organisations that the reader belongs to;
        which one is asked only where there are several."""
        self.organisation.choices = [(one.slug, one.name) for one in mine]
        if len(mine) < 2:
            del self.organisation
        region = current_app.extensions["region"]
        self.hours.choices = choices((str(one), length_words(one)) for one in LENGTHS)
        self.days.choices = choices(
            (str(one), _("%(days)s days", days=one)) for one in AHEAD
        )  # fmt: skip
        self.weekdays.choices = choices((str(number), str(name)) for number, name in enumerate(WEEKDAYS))
        self.municipality.choices = choices((one.code, one.name) for one in region.municipalities)
        self.kind.choices = choices_from(method.site_type, empty=_("All kinds"))
        self.theme.choices = choices_from(method.theme, empty=_("All themes"))
        self.answers.choices = choices_from(method.permit_question)

    def needs(self) -> tuple[Need, ...]:
        """What was written, read as needs; conditions on the place go with the first."""
        written = [str(field.data or "").strip() for field in (self.need1, self.need2, self.need3)]
        found = [need_typed(text) for text in written if text]
        first = found[0] if found else Need()
        place = Need(
            first.text, first.words, self.people.data or first.people,
            (float(self.depth.data), 10_000.0) if self.depth.data is not None else first.depth,
            float(self.power.data) if self.power.data is not None else first.power, first.units, first.exactly,
        )  # fmt: skip
        return (place, *found[1:])

    def search(self) -> Search:
        """The question in values."""
        today = clock.today()
        length = timedelta(hours=float(self.hours.data or 6))
        return Search(
            needs=self.needs(), length=length,
            first=max(self.since.data or today, today), days=int(self.days.data or 90),
            weekdays=frozenset(int(one) for one in self.weekdays.data or ()) or EVERY_DAY,
            hours=self._hours(length), municipalities=frozenset(self.municipality.data or ()),
            kind=self.kind.data or "", theme=self.theme.data or "", trl=self.trl.data,
        )  # fmt: skip

    def _hours(self, length: timedelta) -> tuple[time | None, time | None]:
        """The hours that suit. Where one end is left out daytime fills it in, if that leaves room."""
        opens, closes = self.opens.data, self.closes.data
        if opens is not None and closes is not None:
            return opens, closes
        by_day = (DAYTIME[0] if opens is None else opens, DAYTIME[1] if closes is None else closes)
        return by_day if length < DAY and Hours(*by_day).have_room(length) or by_day == DAYTIME else (opens, closes)

    def validate(self, extra_validators: object = None) -> bool:
        """Hours in order, days that a calendar has."""
        fine = bool(super().validate(extra_validators))
        if Hours(self.opens.data, self.closes.data).are_turned():
            self.closes.errors = [*self.closes.errors, _("The time must end after it begins.")]
            fine = False
        if self.since.data and self.since.data > clock.today() + timedelta(days=3650):
            self.since.errors = [*self.since.errors, _("Choose a day within ten years.")]
            fine = False
        return fine


class WaitForm(Form):
    """A place on the waitlist."""

    organisation = SelectField(lazy("For which organisation"), validators=[InputRequired()])
    first = LocalDateField(lazy("First day that suits you"), validators=[InputRequired()])
    last = LocalDateField(lazy("Last day that suits you"), validators=[InputRequired()])
    length = NumberField(
        lazy("How many hours you need"),
        validators=[InputRequired(), NumberRange(0.5, LONGEST_HOURS, lazy("Use a number from 0.5 to 336."))],
    )
    shortest = NumberField(
        lazy("The fewest hours that would do"),
        validators=[Optional(), NumberRange(0.5, LONGEST_HOURS, lazy("Use a number from 0.5 to 336."))],
        description=lazy("A gap that is shorter than you wish is offered when nothing longer becomes free."),
    )
    weekdays = SelectMultipleField(
        lazy("Weekdays that suit you"), validators=[Optional()], description=lazy("None chosen means any day.")
    )
    earliest_start = LocalTimeField(
        lazy("Earliest time of day"),
        validators=[Optional()],
        description=lazy("Which hours of the day suit you. Empty means any hours."),
    )
    latest_end = EndTimeField(lazy("Latest time of day"), validators=[Optional()])
    purpose = TextAreaField(lazy("What you are going to do"), validators=[Optional(), Length(max=5000)])


class LeaveForm(VersionMixin, Form):
    """Leaving the waitlist."""


class LackForm(Form):
    """What is missing, in somebody's own words."""

    text = TextAreaField(lazy("What is missing"), validators=[InputRequired(), Length(max=1000)])


def day_of(value: str | None, otherwise: date) -> date:
    """A date from an address, or another when it is none."""
    try:
        return date.fromisoformat(value or "")
    except ValueError:
        return otherwise


def time_of(value: str | None) -> time | None:
    """A time of day from an address; None when it is none."""
    try:
        return time.fromisoformat((value or "").replace(".", ":"))
    except ValueError:
        return None
