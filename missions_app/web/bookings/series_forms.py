"""Forms about what comes back: the pattern, other hours, dates given back, the owner's answer."""

from wtforms import RadioField, SelectField, SelectMultipleField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional

from missions_app.bookings.recurrence import Every, Pattern
from missions_app.i18n import lazy
from missions_app.web.forms import (
    Form,
    LocalDateField,
    LocalTimeField,
    VersionMixin,
    WholeNumberField,
    choices,
)

ON_CONFLICT = (
    ("refuse", lazy("Book nothing if any date is taken")), ("skip", lazy("Leave out the dates I name")),
    ("ask", lazy("Let me choose for each date: another time, or leave it out")),
)  # fmt: skip
DAY_AFTER = lazy("A time before the first one is the day after.")
# A date that is left out of a change is given back; its words say so.
ON_CONFLICT_OF_CHANGE = (
    ("refuse", lazy("Change nothing if any date is taken")), ("skip", lazy("Cancel the dates I name")),
    ("ask", lazy("Let me choose for each date: another time, or cancel it")),
)  # fmt: skip
SCOPES = [("this", lazy("Only this date")), ("following", lazy("This date and the following")),
          ("all", lazy("All dates that have not begun"))]  # fmt: skip


class PatternForm(VersionMixin, Form):
    """How something comes back."""

    first_day = LocalDateField(lazy("First day"), validators=[InputRequired()])
    starts = LocalTimeField(lazy("From"), validators=[InputRequired()])
    ends = LocalTimeField(lazy("Until"), validators=[InputRequired()], description=DAY_AFTER)
    every = SelectField(
        lazy("Comes back every"),
        validators=[InputRequired()],
        choices=choices([("DAILY", lazy("day")), ("WEEKLY", lazy("week")), ("MONTHLY", lazy("month"))]),
    )
    interval = WholeNumberField(
        lazy("Every so many"),
        validators=[InputRequired()],
        description=lazy("1 is every time, 2 is every other."),
    )
    weekdays = SelectMultipleField(
        lazy("On which weekdays, when it comes back by weeks"),
        validators=[Optional()],
        choices=choices(
            [
                ("0", lazy("Monday")), ("1", lazy("Tuesday")), ("2", lazy("Wednesday")), ("3", lazy("Thursday")),
                ("4", lazy("Friday")), ("5", lazy("Saturday")), ("6", lazy("Sunday")),
            ]
        ),
    )  # fmt: skip
    by_weekday = RadioField(
        lazy("When it comes back by months"),
        default="day",
        validators=[InputRequired()],
        choices=choices(
            [("day", lazy("On the same day of the month")), ("weekday", lazy("On the same weekday of the month"))]
        ),
    )
    count = WholeNumberField(lazy("How many times"), validators=[Optional()])
    until = LocalDateField(lazy("Or until, last day"), validators=[Optional()])
    on_conflict = RadioField(
        lazy("If a date is taken"), choices=choices(ON_CONFLICT), default="refuse", validators=[InputRequired()]
    )

    def pattern(self) -> Pattern:
        """What was chosen."""
        return Pattern(
            self.first_day.data, self.starts.data, self.ends.data, Every(self.every.data), self.interval.data,
            tuple(int(one) for one in self.weekdays.data or ()), self.by_weekday.data == "weekday", self.count.data,
            self.until.data,
        )  # fmt: skip


class HoursForm(VersionMixin, Form):
    """Other hours for some dates."""

    scope = RadioField(lazy("Which dates"), choices=choices(SCOPES), default="this", validators=[InputRequired()])
    starts = LocalTimeField(lazy("From"), validators=[InputRequired()])
    ends = LocalTimeField(lazy("Until"), validators=[InputRequired()], description=DAY_AFTER)
    on_conflict = RadioField(
        lazy("If a date is taken"), choices=choices(ON_CONFLICT_OF_CHANGE), default="refuse",
        validators=[InputRequired()],
    )  # fmt: skip


class GiveBackForm(VersionMixin, Form):
    """Which dates are given back."""

    scope = RadioField(lazy("Which dates"), choices=choices(SCOPES), default="this", validators=[InputRequired()])
    reason = TextAreaField(lazy("Reason"), validators=[Optional(), Length(max=5000)])


class OwnersGiveBackForm(GiveBackForm):
    """The same for the owner, who says why."""

    reason = TextAreaField(lazy("Reason"), validators=[InputRequired(), Length(max=5000)])


class AnswerForm(VersionMixin, Form):
    """The owner's answer to every date."""

    to = RadioField(lazy("Your answer"), validators=[InputRequired()])
    reason = TextAreaField(lazy("Reason"), validators=[Optional(), Length(max=5000)],
                           description=lazy("Needed for everything but a plain yes."))  # fmt: skip
