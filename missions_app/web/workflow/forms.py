"""The shapes of what people write at a gate."""

from wtforms import BooleanField, FieldList, FormField, RadioField, SelectField, StringField, TextAreaField
from wtforms import Form as WTForm
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional

from missions_app.i18n import lazy
from missions_app.web.forms import Form, LocalDateField, VersionMixin, WholeNumberField, choices
from missions_app.workflow.meeting import Meeting

REASON = 5000
CONDITIONS = 3
AT_ONCE, ON_DAY, LATER = "at_once", "on_day", "later"


class MoveForm(VersionMixin, Form):
    """A move, with its reason."""

    reason = TextAreaField(lazy("Reason"), validators=[Optional(), Length(max=REASON)])


class RequestForm(VersionMixin, Form):
    """Asking for a gate to be tried."""

    note = TextAreaField(lazy("Message to those who try it"), validators=[Optional(), Length(max=REASON)])


class RecommendForm(VersionMixin, Form):
    """A recommendation to the decider."""

    outcome = RadioField(lazy("What you recommend"), validators=[InputRequired()])
    reasons = TextAreaField(lazy("Reasons"), validators=[InputRequired(), Length(max=REASON)])


class ConditionForm(WTForm):  # type: ignore[misc]
    """Something a decision asks somebody to do by a day."""

    text = TextAreaField(lazy("Condition"), validators=[Optional(), Length(max=1000)])
    owner_ref = SelectField(lazy("Who fulfils the condition"), choices=[], validate_choice=False)
    owner = StringField(lazy("Somebody who is not on the list"), validators=[Optional(), Length(max=200)])
    due_on = LocalDateField(lazy("Condition to be fulfilled by"), validators=[Optional()])


class MeetingMixin:
    """The meeting of the body that decides."""

    met_on = LocalDateField(lazy("Date of the meeting"), validators=[Optional()])
    votes_for = WholeNumberField(lazy("Votes for"), validators=[Optional(), NumberRange(min=0, max=999)])
    votes_against = WholeNumberField(lazy("Votes against"), validators=[Optional(), NumberRange(min=0, max=999)])
    votes_abstained = WholeNumberField(lazy("Abstained"), validators=[Optional(), NumberRange(min=0, max=999)])

    @property
    def meeting(self) -> Meeting:
        """As the service takes it."""
        return Meeting(self.met_on.data, self.votes_for.data, self.votes_against.data, self.votes_abstained.data)


class DecideForm(MeetingMixin, VersionMixin, Form):
    """A decision."""

    outcome = RadioField(lazy("Decision"), validators=[InputRequired()])
    reasons = TextAreaField(lazy("Reasons"), validators=[InputRequired(), Length(max=REASON)])
    differs_because = TextAreaField(
        lazy("Why the decision differs from the recommendation"), validators=[Optional(), Length(max=REASON)]
    )
    decided_on = LocalDateField(lazy("Date of the decision"), validators=[InputRequired()])
    registry_number = StringField(lazy("Case number"), validators=[Optional(), Length(max=60)])
    conditions = FieldList(FormField(ConditionForm), min_entries=CONDITIONS, max_entries=CONDITIONS)
    recused = TextAreaField(
        lazy("Members who stepped aside without an account here"), validators=[Optional(), Length(max=2000)],
        description=lazy("One on each line, by function and not by name, such as: second vice chair."),
    )  # fmt: skip
    declared = BooleanField(
        lazy("Nothing ties me to those who take part, and nothing else makes me partial"),
        validators=[DataRequired(lazy("Declare that nothing ties you to those who take part, or step aside."))],
    )
    publish = RadioField(
        lazy("Publication"), default=AT_ONCE,
        choices=choices([
            (AT_ONCE, lazy("Publish at once")),
            (ON_DAY, lazy("Keep the decision back until a day")),
            (LATER, lazy("Keep the decision back until somebody publishes it")),
        ]),
    )  # fmt: skip
    publish_on = LocalDateField(lazy("Day of publication"), validators=[Optional()])


class ConditionMetForm(Form):
    """How a condition was met."""

    how = TextAreaField(lazy("How it was met"), validators=[InputRequired(), Length(max=REASON)])
    evidence = StringField(
        lazy("What shows it"), validators=[Optional(), Length(max=1000)],
        description=lazy("A link, or the number of a document."),
    )  # fmt: skip


class StepAsideForm(Form):
    """Stepping aside because of a conflict of interest."""

    reason = TextAreaField(lazy("What ties you to the case"), validators=[InputRequired(), Length(max=REASON)])


class WaiveForm(VersionMixin, Form):
    """Setting a requirement aside."""

    reason = TextAreaField(lazy("Why the requirement is set aside"), validators=[InputRequired(), Length(max=REASON)])
    expires_on = LocalDateField(lazy("Last day of the waiver"), validators=[InputRequired()])


class AttestForm(Form):
    """Vouching for something."""

    text = TextAreaField(
        lazy("What you vouch for, in your own words"), validators=[InputRequired(), Length(max=REASON)]
    )


class ConsultForm(Form):
    """Asking a body for its view."""

    body = RadioField(lazy("Who is asked"), validators=[InputRequired()])
    question = TextAreaField(lazy("What you want to know"), validators=[InputRequired(), Length(max=REASON)])
    days = WholeNumberField(lazy("Days to answer"), validators=[InputRequired(), NumberRange(min=1, max=90)])


class ReplyForm(VersionMixin, Form):
    """The body's view."""

    text = TextAreaField(lazy("The view of the group"), validators=[InputRequired(), Length(max=REASON)])


class LookForm(VersionMixin, Form):
    """A fresh look at what has turned out of date."""

    text = TextAreaField(
        lazy("Why the case may go on although this has changed"), validators=[InputRequired(), Length(max=REASON)]
    )


class CorrectForm(MeetingMixin, VersionMixin, Form):
    """A new decision that corrects what was written in another."""

    reasons = TextAreaField(lazy("Reasons"), validators=[InputRequired(), Length(max=REASON)])
    decided_on = LocalDateField(lazy("Date of the decision"), validators=[InputRequired()])
    registry_number = StringField(lazy("Case number"), validators=[Optional(), Length(max=60)])
