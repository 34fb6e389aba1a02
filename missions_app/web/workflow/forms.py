"""The shapes of what people write at a gate."""

from wtforms import BooleanField, RadioField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional

from missions_app.i18n import lazy
from missions_app.web.forms import Form, LocalDateField, VersionMixin

REASON = 5000


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


class DecideForm(VersionMixin, Form):
    """A decision."""

    outcome = RadioField(lazy("Decision"), validators=[InputRequired()])
    reasons = TextAreaField(lazy("Reasons"), validators=[InputRequired(), Length(max=REASON)])
    differs_because = TextAreaField(
        lazy("Why the decision differs from the recommendation"), validators=[Optional(), Length(max=REASON)]
    )
    decided_on = LocalDateField(lazy("Date of the decision"), validators=[InputRequired()])
    registry_number = StringField(lazy("Case number"), validators=[Optional(), Length(max=60)])
    condition = TextAreaField(lazy("Condition"), validators=[Optional(), Length(max=1000)])
    condition_owner = StringField(lazy("Who fulfils the condition"), validators=[Optional(), Length(max=200)])
    condition_due = LocalDateField(lazy("Condition to be fulfilled by"), validators=[Optional()])
    publish = BooleanField(lazy("Publish the decision at once"), default=True)


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


class ReplyForm(VersionMixin, Form):
    """The body's view."""

    text = TextAreaField(lazy("The view of the group"), validators=[InputRequired(), Length(max=REASON)])
