"""The shapes of what people write about bookings."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

from wtforms import BooleanField, RadioField, SelectField, SelectMultipleField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional

from missions_app import clock
from missions_app.bookings.approval_service import Asked
from missions_app.bookings.content import BookingContent
from missions_app.bookings.intervals import Interval
from missions_app.bookings.models import Booking, ConditionDue, Tier
from missions_app.i18n import _, lazy
from missions_app.sites.weather import LIMITS
from missions_app.web.forms import (
    EndTimeField,
    Form,
    LocalDateField,
    LocalTimeField,
    NumberField,
    PictureField,
    VersionMixin,
    WholeNumberField,
    local_moment,
)
from missions_app.workflow.method_service import method_in_force

TEXT = 5000
# Fields that are kept as they are written.
PLAIN = (
    "reason", "purpose", "people_on_site", "on_site_responsible", "emergency_contact", "insurance_reference",
    "insurance_valid_to", "hazardous_items", "personal_data_assessment", "camera_assessment", "ethics_assessment",
    "public_cannot_opt_out", "weather_limits", "is_own_use",
)  # fmt: skip
EMPTY: dict[str, Any] = {
    "people_on_site": None, "insurance_valid_to": None, "public_cannot_opt_out": False, "is_own_use": False,
}  # fmt: skip
# What is written in a field of another name.
WRITTEN_IN = {"go_no_go_at": "go_day"}
# The method's names of further answers -> what they are called.
DETAILS = {
    "vessel": lazy("At sea: the vessel"), "lookout": lazy("At sea: the lookout"),
    "communication_channel": lazy("At sea: radio channel"), "recovery_plan": lazy("At sea: how things are recovered"),
    "position_polygon": lazy("At sea: the area, as positions"), "ufs_notice": lazy("At sea: notice to mariners (Ufs)"),
    "traffic_arrangement_plan": lazy("In a street: traffic arrangement plan"),
    "accessibility_diversion": lazy("In a street: how people get past without steps"),
    "emergency_access": lazy("In a street: way for emergency vehicles"),
    "residents_notice": lazy("In a street: how residents are told"),
    "drone_operator_id": lazy("In the air: operator id"), "airspace_check": lazy("In the air: airspace checked"),
    "geodata_release": lazy("In the air: release of pictures"),
}  # fmt: skip

# Which of the further answers belong to which permit question.
DETAIL_GROUPS = (
    ("sea", ("vessel", "lookout", "communication_channel", "recovery_plan", "position_polygon", "ufs_notice")),
    ("street", ("traffic_arrangement_plan", "accessibility_diversion", "emergency_access", "residents_notice")),
    ("airborne", ("drone_operator_id", "airspace_check", "geodata_release")),
)


def tier_words() -> list[tuple[str, str]]:
    """How much others see, in words."""
    return [
        ("organisation", _("Whose it is and what for")), ("purpose", _("What it is for")),
        ("free_busy", _("Only that it is taken")), ("full", _("Everything but names and telephone numbers")),
    ]  # fmt: skip


def hours_of(start: datetime, end: datetime) -> dict[str, date | time | None]:
    """A time of use as the fields of a TimesForm; a last day that is the first is not said twice."""
    first, last = start.astimezone(clock.zone()), end.astimezone(clock.zone())
    return {
        "day": first.date(), "starts": first.time(), "ends": last.time(),
        "last_day": last.date() if last.date() != first.date() else None,
    }  # fmt: skip


class TimesForm(VersionMixin, Form):
    """When: two local days and times."""

    day = LocalDateField(lazy("First day"), validators=[InputRequired()])
    starts = LocalTimeField(lazy("From"), validators=[InputRequired()])
    last_day = LocalDateField(lazy("Last day"), validators=[Optional()], description=lazy("Empty: the same day."))
    ends = EndTimeField(lazy("Until"), validators=[InputRequired()])

    def interval(self) -> Interval | None:
        """The time of use in UTC; None after the fields have been told what is wrong."""
        last = (self.last_day.data or self.day.data) + timedelta(days=1 if self.ends.ends_day else 0)
        try:
            start, end = local_moment(self.day.data, self.starts.data), local_moment(last, self.ends.data)
        except ValueError as error:
            self.starts.errors = [*self.starts.errors, str(error)]
            return None
        if start >= end:
            self.ends.errors = [*self.ends.errors, _("The time must end after it begins.")]
            return None
        return Interval(start, end)


class LineForm(TimesForm):
    """One thing to book and when. `asks_how_many`: it is chosen among several of a kind."""

    asks_how_many = False
    resource = SelectField(lazy("What"), validators=[InputRequired()])
    units = WholeNumberField(lazy("How many"), validators=[Optional()],
                             description=lazy("Where several of the same kind can be had."))  # fmt: skip
    extra_setup_minutes = WholeNumberField(lazy("Extra minutes before"), validators=[Optional()])
    extra_cleanup_minutes = WholeNumberField(lazy("Extra minutes after"), validators=[Optional()])


class StartForm(Form):
    """For whom a request is begun."""

    organisation = SelectField(lazy("For which organisation"), validators=[InputRequired()])

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.of_lines: list[tuple[str, str]] = []

    @property
    def has_problems(self) -> bool:
        """Its own and those of the lines above it."""
        return super().has_problems or bool(self.of_lines)

    def problem_rows(self) -> list[tuple[str, str]]:
        """Those of the lines first, as on the page."""
        return self.of_lines + super().problem_rows()

    def tell_of(self, lines: Sequence[LineForm]) -> None:
        """Tell what is wrong with each line too, and with which where there are several."""
        for number, line in enumerate(lines, 1):
            rows = line.problem_rows()
            if len(lines) > 1:
                rows = [(name, _("Line %(number)s: %(problem)s", number=number, problem=text)) for name, text in rows]
            self.of_lines += rows


def content_asked(answers: Sequence[str], purpose: str = "") -> BookingContent:
    """What a request says from the beginning: the permit questions that were answered where its time was found, and
    what its time was waited for."""
    known = method_in_force().ids("permit_question")
    return BookingContent(purpose=purpose, answers={one: True for one in known if one in answers})


class BookingForm(VersionMixin, Form):
    """A request. What it needs depends on where it is and what it does; everything missing is named when it is sent."""

    experiment = SelectField(lazy("For which experiment"), validators=[Optional()])
    booked_for = SelectField(lazy("For a colleague"), validators=[Optional()])
    is_own_use = BooleanField(lazy("Own use: we own the site and use it ourselves"))
    reason = TextAreaField(
        lazy("If it is not part of an experiment: why"), validators=[Optional(), Length(max=TEXT)],
        description=lazy("Needed for a small test."),
    )  # fmt: skip
    purpose = TextAreaField(lazy("What you are going to do"), validators=[Optional(), Length(max=TEXT)])
    people_on_site = WholeNumberField(lazy("How many people"), validators=[Optional()])
    visibility = SelectField(lazy("What others see in the calendar"), validators=[InputRequired()])
    on_site_responsible = StringField(
        lazy("Who answers on site"),
        validators=[Optional(), Length(max=200)],
        description=lazy("A function and a telephone number."),
    )
    emergency_contact = StringField(lazy("Whom to call in an emergency"), validators=[Optional(), Length(max=200)])
    insurance_reference = StringField(lazy("Insurance"), validators=[Optional(), Length(max=200)])
    insurance_valid_to = LocalDateField(lazy("Last day of the insurance"), validators=[Optional()])
    hazardous_items = TextAreaField(lazy("Dangerous things, if any"), validators=[Optional(), Length(max=TEXT)])
    personal_data_assessment = TextAreaField(
        lazy("Personal data: what, and why it is right"), validators=[Optional(), Length(max=TEXT)]
    )
    camera_assessment = TextAreaField(
        lazy("Cameras: what, and why it is right"), validators=[Optional(), Length(max=TEXT)]
    )
    ethics_assessment = TextAreaField(lazy("Ethics: what has been weighed"), validators=[Optional(), Length(max=TEXT)])
    public_cannot_opt_out = BooleanField(lazy("People pass by who cannot choose to be outside the test"))
    weather_limits = TextAreaField(
        lazy("Other limits of weather"),
        validators=[Optional(), Length(max=TEXT)],
        description=lazy("What else would make you stop, such as ice or thunder."),
    )
    go_day = LocalDateField(lazy("Decided at the latest, day"), validators=[Optional()])
    go_time = LocalTimeField(lazy("Time of day"), validators=[Optional()])
    reserve_dates = SelectMultipleField(lazy("Reserve dates"), validators=[Optional()], validate_choice=False)
    reserve_other = LocalDateField(lazy("Another reserve date"), validators=[Optional()])
    answers = SelectMultipleField(
        lazy("What is true of the test?"),
        validators=[Optional()],
        description=lazy("From the answers follow which permits are needed."),
    )
    override_reason = TextAreaField(
        lazy("If you set a rule of your own site aside: why"), validators=[Optional(), Length(max=1000)],
        description=lazy("It is kept with your name and the time. At least ten characters."),
    )  # fmt: skip

    def field_named(self, name: str) -> Any:
        """As every form; the method's further answers and the weather decision have fields of other names."""
        return super().field_named(WRITTEN_IN.get(name, name)) or super().field_named(f"detail_{name}")

    def fill(self, booking: Booking) -> None:
        """Show what the booking says."""
        for name in PLAIN:
            self[name].data = getattr(booking, name)
        self.visibility.data = booking.visibility.value
        self.experiment.data = booking.experiment.reference if booking.experiment else ""
        self.booked_for.data = str(booking.booked_for_id or "")
        self.answers.data = [name for name, yes in booking.answers.items() if yes]
        self.reserve_dates.data = list(booking.reserve_dates)
        for one in LIMITS:
            self[f"limit_{one.name}"].data = booking.limits.get(one.name)
        for name in DETAILS:
            self[f"detail_{name}"].data = booking.details.get(name, "")
        if booking.go_no_go_at is not None:
            local = booking.go_no_go_at.astimezone(clock.zone())
            self.go_day.data, self.go_time.data = local.date(), local.time()

    def keep_unread(self, booking: Booking) -> list[str]:
        """Let the fields that cannot be read stay as the booking says; their names."""
        wrong = [str(name) for name in self.errors if name and name != "version"]
        if {"go_day", "go_time"} & set(wrong):
            wrong = sorted({*wrong, "go_day", "go_time"})
        kept = type(self)(formdata=None)
        kept.fill(booking)
        for name in wrong:
            self[name].data = kept[name].data
        return wrong

    def content(self) -> BookingContent:
        """What was written.

        Raises:
            ValueError: the clocks skip the time of the weather decision.
        """
        details: dict[str, Any] = {name: self[f"detail_{name}"].data for name in DETAILS if self[f"detail_{name}"].data}
        chosen = {one for one in self.reserve_dates.data or [] if _is_day(one)}
        if self.reserve_other.data:
            chosen.add(self.reserve_other.data.isoformat())
        limits = {one.name: self[f"limit_{one.name}"].data for one in LIMITS}
        go = local_moment(self.go_day.data, self.go_time.data or time(14)) if self.go_day.data else None
        plain = {name: self[name].data or EMPTY.get(name, "") for name in PLAIN}
        return BookingContent(
            **plain, visibility=Tier(self.visibility.data), go_no_go_at=go, reserve_dates=tuple(sorted(chosen)),
            limits={name: value for name, value in limits.items() if value is not None},
            answers={one.value: one.value in (self.answers.data or []) for one in self.answers.choices},
            details=details,
        )  # fmt: skip


def _is_day(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


for _name, _label in DETAILS.items():
    setattr(BookingForm, f"detail_{_name}", StringField(_label, validators=[Optional(), Length(max=1000)]))
for _limit in LIMITS:
    setattr(
        BookingForm,
        f"limit_{_limit.name}",
        NumberField(lazy(_limit.label), validators=[Optional()], render_kw={"data-unit": _limit.unit}),
    )


class DecideForm(VersionMixin, Form):
    """The owner's answer."""

    to = RadioField(lazy("Your answer"), validators=[InputRequired()])
    before = TextAreaField(
        lazy("Conditions before you confirm"), validators=[Optional(), Length(max=TEXT)],
        description=lazy("One on each line. They tick them off, and then you confirm."),
    )  # fmt: skip
    on_site = TextAreaField(
        lazy("Conditions on site"), validators=[Optional(), Length(max=TEXT)],
        description=lazy("One on each line. They are ticked off on the day."),
    )  # fmt: skip
    reason = TextAreaField(
        lazy("Reason or question"), validators=[Optional(), Length(max=TEXT)],
        description=lazy("Needed when you decline or ask for more. At least ten characters."),
    )  # fmt: skip

    def conditions(self) -> list[Asked]:
        """One condition for each line that was written."""
        rows = [(self.before.data, ConditionDue.BEFORE), (self.on_site.data, ConditionDue.ON_SITE)]
        return [Asked(text, due) for written, due in rows for text in (written or "").splitlines() if text.strip()]


class MoveForm(TimesForm):
    """Another time."""

    reason = TextAreaField(lazy("Reason"), validators=[InputRequired(), Length(max=TEXT)])
    override_reason = TextAreaField(
        lazy("Why a rule is set aside"), validators=[Optional(), Length(max=TEXT)],
        description=lazy("Only where the new time breaks a rule of the place. It is kept with your name."),
    )  # fmt: skip


NO_DAY = "none"


class ReserveForm(VersionMixin, Form):
    """Postponing to a reserve date, or without a new day."""

    # A day that is no longer among them is refused with the reason why.
    day = RadioField(lazy("New day"), validators=[InputRequired()], validate_choice=False)
    reason = TextAreaField(lazy("Reason"), validators=[InputRequired(), Length(max=TEXT)])


class CopyForm(Form):
    """When the copy begins."""

    day = LocalDateField(lazy("First day"), validators=[InputRequired()])


class CancelForm(VersionMixin, Form):
    """Giving the time back."""

    reason = TextAreaField(lazy("Reason"), validators=[InputRequired(), Length(max=TEXT)])


class PermitForm(VersionMixin, Form):
    """Where a permit stands."""

    state = RadioField(lazy("Where it stands"), validators=[InputRequired()])
    applied_on = LocalDateField(lazy("Applied for"), validators=[Optional()])
    valid_from = LocalDateField(lazy("Holds from"), validators=[Optional()])
    valid_until = LocalDateField(lazy("Holds until"), validators=[Optional()])
    number = StringField(lazy("Number"), validators=[Optional(), Length(max=100)])
    reason = TextAreaField(lazy("If none is needed: why"), validators=[Optional(), Length(max=TEXT)])


class RiskForm(Form):
    """A risk."""

    text = TextAreaField(lazy("What may go wrong"), validators=[InputRequired(), Length(max=TEXT)])
    level = RadioField(lazy("How bad it is when everything below is done"), validators=[InputRequired()])
    mitigation = TextAreaField(lazy("What you do about it"), validators=[Optional(), Length(max=TEXT)])


class DeviationForm(Form):
    """A deviation."""

    text = TextAreaField(lazy("What happened"), validators=[InputRequired(), Length(max=TEXT)])
    is_incident = BooleanField(lazy("Somebody or something was hurt, or nearly"))
    photo = PictureField(lazy("A picture of it"), validators=[Optional()])
    photo_text = StringField(
        lazy("What the picture shows"),
        validators=[Optional(), Length(max=500)],
        description=lazy("Needed when there is a picture: for those who cannot see it."),
    )
