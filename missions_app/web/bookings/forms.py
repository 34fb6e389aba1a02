"""The shapes of what people write about bookings."""

from typing import Any

from wtforms import BooleanField, RadioField, SelectField, SelectMultipleField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional

from missions_app.bookings.booking_service import BookingContent
from missions_app.i18n import lazy
from missions_app.web.forms import Form, LocalDateField, LocalTimeField, VersionMixin, WholeNumberField

TEXT = 5000
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


class BookingForm(VersionMixin, Form):
    """A request. What it needs depends on where it is and what it does; everything missing is named when it is sent."""

    organisation = SelectField(lazy("For which organisation"), validators=[InputRequired()])
    experiment = SelectField(lazy("For which experiment"), validators=[Optional()])
    reason = TextAreaField(lazy("If it is not part of an experiment: why"), validators=[Optional(), Length(max=TEXT)])
    day = LocalDateField(lazy("First day"), validators=[InputRequired()])
    starts = LocalTimeField(lazy("From"), validators=[InputRequired()])
    last_day = LocalDateField(lazy("Last day"), validators=[InputRequired()])
    ends = LocalTimeField(lazy("Until"), validators=[InputRequired()])
    purpose = TextAreaField(lazy("What you are going to do"), validators=[InputRequired(), Length(max=TEXT)])
    people_on_site = WholeNumberField(lazy("How many people"), validators=[Optional()])
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
        lazy("Outdoors: limits of wind, waves, sight or temperature"), validators=[Optional(), Length(max=TEXT)]
    )
    reserve_date = LocalDateField(lazy("Outdoors: a reserve date"), validators=[Optional()])
    answers = SelectMultipleField(
        lazy("What is true of the test?"),
        validators=[Optional()],
        description=lazy("From the answers follow which permits are needed."),
    )

    def content(self) -> BookingContent:
        """What was written."""
        details: dict[str, Any] = {name: self[f"detail_{name}"].data for name in DETAILS if self[f"detail_{name}"].data}
        return BookingContent(
            purpose=self.purpose.data or "",
            reason=self.reason.data or "",
            on_site_responsible=self.on_site_responsible.data or "",
            emergency_contact=self.emergency_contact.data or "",
            people_on_site=self.people_on_site.data,
            insurance_reference=self.insurance_reference.data or "",
            insurance_valid_to=self.insurance_valid_to.data,
            personal_data_assessment=self.personal_data_assessment.data or "",
            camera_assessment=self.camera_assessment.data or "",
            ethics_assessment=self.ethics_assessment.data or "",
            hazardous_items=self.hazardous_items.data or "",
            public_cannot_opt_out=self.public_cannot_opt_out.data,
            weather_limits=self.weather_limits.data or "",
            reserve_dates=(self.reserve_date.data.isoformat(),) if self.reserve_date.data else (),
            answers=dict.fromkeys(self.answers.data or [], True),
            details=details,
        )


for _name, _label in DETAILS.items():
    setattr(BookingForm, f"detail_{_name}", StringField(_label, validators=[Optional(), Length(max=1000)]))


class DecideForm(VersionMixin, Form):
    """The owner's answer."""

    to = RadioField(lazy("Your answer"), validators=[InputRequired()])
    reason = TextAreaField(lazy("Reason or conditions"), validators=[Optional(), Length(max=TEXT)],
                           description=lazy("Needed for everything but a plain yes."))  # fmt: skip


class MoveForm(VersionMixin, Form):
    """Another time."""

    day = LocalDateField(lazy("First day"), validators=[InputRequired()])
    starts = LocalTimeField(lazy("From"), validators=[InputRequired()])
    last_day = LocalDateField(lazy("Last day"), validators=[InputRequired()])
    ends = LocalTimeField(lazy("Until"), validators=[InputRequired()])
    reason = TextAreaField(lazy("Reason"), validators=[InputRequired(), Length(max=TEXT)])


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
