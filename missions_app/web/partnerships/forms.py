"""The shapes of what people write in partnerships."""

from wtforms import (
    BooleanField,
    FileField,
    HiddenField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.validators import InputRequired, Length, Optional

from missions_app.i18n import lazy
from missions_app.partnerships.call_service import CallContent
from missions_app.partnerships.funding_call_service import FundingCallContent
from missions_app.partnerships.funding_rules import CURRENCIES
from missions_app.web.forms import (
    Form,
    LocalDateField,
    MoneyField,
    NumberField,
    VersionMixin,
    WholeNumberField,
    choices,
)

TEXT = 5000


class InterestForm(Form):
    """Three fields: for whom, as what, and why."""

    organisation = SelectField(lazy("Your organisation"), validators=[InputRequired()])
    roles = SelectMultipleField(lazy("What you could be"), validators=[Optional()])
    message = TextAreaField(lazy("What you can bring"), validators=[InputRequired(), Length(max=TEXT)])


class CallForm(VersionMixin, Form):
    """An open call."""

    text_sv = TextAreaField(
        lazy("What you are looking for, in Swedish"), validators=[InputRequired(), Length(max=TEXT)],
        description=lazy("The text is prepared from what is missing. Change it as you like."),
    )  # fmt: skip
    text_en = TextAreaField(lazy("The same in English"), validators=[Optional(), Length(max=TEXT)])
    opens_on = LocalDateField(lazy("First day"), validators=[InputRequired()])
    closes_on = LocalDateField(lazy("Last day"), validators=[InputRequired()])

    def content(self) -> CallContent:
        """The call as typed."""
        return CallContent(
            text_sv=self.text_sv.data or "", text_en=self.text_en.data or "", opens_on=self.opens_on.data,
            closes_on=self.closes_on.data,
        )  # fmt: skip


class CounterForm(VersionMixin, Form):
    """Other terms."""

    roles = SelectMultipleField(lazy("What you would be instead"), validators=[InputRequired()])
    message = TextAreaField(
        lazy("On which terms"), validators=[InputRequired(), Length(max=TEXT)],
        description=lazy("For example another period, fewer hours, or that something is put in order first."),
    )  # fmt: skip


class AnswerCounterForm(VersionMixin, Form):
    """Yes or no to other terms."""

    answer = RadioField(lazy("Your answer"), validators=[InputRequired()])
    reason = TextAreaField(
        lazy("Why not, if so"), validators=[Optional(), Length(max=TEXT)],
        description=lazy("Sent to the organisation. The invitation then stands as it was."),
    )  # fmt: skip


class AnswerCoordinationForm(VersionMixin, Form):
    """Yes or no to coordinating."""

    answer = RadioField(lazy("Your answer"), validators=[InputRequired()])
    reason = TextAreaField(
        lazy("Why not, if so"), validators=[Optional(), Length(max=TEXT)],
        description=lazy("Sent to those who asked."),
    )  # fmt: skip


class DeclineForm(VersionMixin, Form):
    """No to an invitation that came by e-mail."""

    reason = TextAreaField(
        lazy("Why, if you want to say"), validators=[Optional(), Length(max=TEXT)],
        description=lazy("Sent to the coordinator, who learns from it."),
    )  # fmt: skip


class InviteForm(Form):
    """Inviting an organisation."""

    organisation = SelectField(lazy("Organisation"), validators=[InputRequired()])
    roles = SelectMultipleField(lazy("Roles"), validators=[InputRequired()])
    message = TextAreaField(lazy("Message"), validators=[Optional(), Length(max=TEXT)])


class InviteAddressForm(Form):
    """Inviting somebody whose organisation is not known here."""

    email = StringField(lazy("E-mail address"), validators=[InputRequired(), Length(max=254)])
    roles = SelectMultipleField(lazy("Roles"), validators=[InputRequired()])
    message = TextAreaField(lazy("Message"), validators=[Optional(), Length(max=TEXT)])


class AnswerForm(VersionMixin, Form):
    """Accepting an invitation that came by e-mail."""

    organisation = SelectField(lazy("Your organisation"), validators=[InputRequired()])
    roles = SelectMultipleField(lazy("Roles"), validators=[InputRequired()])


class RolesForm(VersionMixin, Form):
    """The roles of a partner."""

    roles = SelectMultipleField(lazy("Roles"), validators=[InputRequired()])
    receives_benefit = BooleanField(
        lazy("Gets something of value from the public side"),
        description=lazy("Free or cheap use of a site counts. The state aid is then assessed."),
    )


class LeaveForm(VersionMixin, Form):
    """Leaving."""

    reason = TextAreaField(lazy("Reason"), validators=[InputRequired(), Length(max=TEXT)])
    moved_to = SelectField(
        lazy("Who is asked to take over what is left of the promises"), validators=[Optional()],
        description=lazy("The organisation decides for itself. Without one the promises are withdrawn."),
    )  # fmt: skip


class NeedForm(VersionMixin, Form):
    """A need."""

    kind = SelectField(lazy("Kind"), validators=[InputRequired()])
    text = TextAreaField(lazy("What is needed"), validators=[InputRequired(), Length(max=TEXT)])
    text_en = TextAreaField(lazy("The same in English"), validators=[Optional(), Length(max=TEXT)])
    priority = RadioField(lazy("How pressing"), validators=[InputRequired()])
    peak = SelectField(lazy("Capability asked for"), validators=[Optional()])
    role = SelectField(lazy("The role that usually brings it"), validators=[Optional()])
    quantity = StringField(lazy("How much"), validators=[Optional(), Length(max=100)])
    needed_from = LocalDateField(lazy("Needed from"), validators=[Optional()])
    needed_until = LocalDateField(lazy("Needed until"), validators=[Optional()])


class PlanNeedForm(VersionMixin, Form):
    """How an uncovered need is to be covered."""

    plan_text = TextAreaField(lazy("How it is to be covered"), validators=[InputRequired(), Length(max=TEXT)])
    plan_date = LocalDateField(lazy("By"), validators=[InputRequired()])


class PromiseForm(VersionMixin, Form):
    """A promise."""

    kind = SelectField(lazy("What you promise"), validators=[InputRequired()])
    text = TextAreaField(lazy("In words"), validators=[Optional(), Length(max=TEXT)])
    quantity = NumberField(lazy("Quantity"), validators=[Optional()], description=lazy("Hours, days or pieces."))
    rate = MoneyField(
        lazy("Value of one, in kronor"), validators=[Optional()],
        description=lazy("For example the agreed cost of an hour. The whole value is then worked out."),
    )  # fmt: skip
    value = MoneyField(lazy("Value of all of it, in kronor"), validators=[Optional()])
    period_from = LocalDateField(lazy("From"), validators=[Optional()])
    period_until = LocalDateField(lazy("Until"), validators=[Optional()])
    need = SelectField(lazy("Which need it covers"), validators=[Optional()])
    condition = TextAreaField(lazy("Condition, if there is one"), validators=[Optional(), Length(max=TEXT)])
    visibility = RadioField(
        lazy("Who reads the words"), validators=[InputRequired()],
        description=lazy("Kind, quantity and value are read by everybody in the mission."),
    )  # fmt: skip
    claim_reason = TextAreaField(
        lazy("Why the words should be kept secret, if so"), validators=[Optional(), Length(max=TEXT)],
        description=lazy("Say which harm would come of showing them. Secrecy is tried when somebody asks for them."),
    )  # fmt: skip


class DeliveryForm(VersionMixin, Form):
    """Part of a promise kept."""

    quantity = NumberField(lazy("How much"), validators=[Optional()])
    value = MoneyField(
        lazy("Value in kronor"), validators=[Optional()],
        description=lazy("Leave it empty to work it out from the promise."),
    )  # fmt: skip
    delivered_on = LocalDateField(lazy("Day"), validators=[InputRequired()])
    source = StringField(
        lazy("What shows it"), validators=[Optional(), Length(max=300)],
        description=lazy("A time sheet, a booking, an invoice."),
    )  # fmt: skip
    more = BooleanField(
        lazy("More was brought than promised"),
        description=lazy("What is beyond the promise is then noted as more, and draws nothing down."),
    )


class HoursForm(Form):
    """Hours worked."""

    worked_on = LocalDateField(lazy("Day"), validators=[InputRequired()])
    hours = NumberField(lazy("Hours"), validators=[InputRequired()])
    function = StringField(
        lazy("Who worked"), validators=[InputRequired(), Length(max=200)],
        description=lazy("A function, such as research engineer. Not a name."),
    )  # fmt: skip
    what = StringField(lazy("With what"), validators=[Optional(), Length(max=300)])


class TermsForm(VersionMixin, Form):
    """Terms of the partnership."""

    ip_model = RadioField(lazy("Rights to what is made"), validators=[InputRequired()])
    rights_holders_agreed = BooleanField(
        lazy("Those who own their results themselves have agreed"),
        description=lazy("University staff own what they make. They agree each for themselves."),
    )
    data_terms = TextAreaField(
        lazy("Terms for data and confidentiality"), validators=[InputRequired(), Length(max=TEXT)]
    )
    publicity_ack = BooleanField(lazy("All partners know what becomes public"))
    procurement_note = TextAreaField(
        lazy("What taking part means for a later purchase"), validators=[Optional(), Length(max=TEXT)],
        description=lazy("Shown to companies before they join."),
    )  # fmt: skip
    single_track_reason = TextAreaField(
        lazy("Why only one solution track is tried, if so"), validators=[Optional(), Length(max=TEXT)]
    )


class TrackForm(Form):
    """A solution track."""

    title = StringField(lazy("Title"), validators=[InputRequired(), Length(max=200)])
    description = TextAreaField(lazy("Description"), validators=[Optional(), Length(max=TEXT)])


class ReasonForm(VersionMixin, Form):
    """A reason for ending something."""

    reason = TextAreaField(lazy("Reason"), validators=[InputRequired(), Length(max=TEXT)])


class FundingForm(VersionMixin, Form):
    """A line of the funding plan."""

    phase = RadioField(lazy("Phase"), validators=[InputRequired()])
    cost = StringField(lazy("What the money is for"), validators=[InputRequired(), Length(max=200)])
    source = StringField(lazy("Where it comes from"), validators=[Optional(), Length(max=200)])
    amount = MoneyField(lazy("Amount"), validators=[InputRequired()])
    currency = SelectField(lazy("Currency"), choices=choices((one, one) for one in CURRENCIES), validators=[Optional()])
    rate = NumberField(
        lazy("Kronor for one unit, in another currency than kronor"), validators=[Optional()],
        description=lazy("The rate of the funder's decision. Sums are in kronor and state the rate."),
    )  # fmt: skip
    rate_on = LocalDateField(lazy("The day of the rate"), validators=[Optional()])
    is_secured = BooleanField(lazy("The money is secured"))
    is_own = BooleanField(
        lazy("The partners pay it themselves"), description=lazy("In money or in kind. Funders ask for a share of own.")
    )


class FollowUpForm(VersionMixin, Form):
    """Money that came afterwards."""

    source = StringField(lazy("From whom"), validators=[InputRequired(), Length(max=200)])
    level = RadioField(lazy("Where the money comes from"), validators=[InputRequired()])
    purpose = StringField(lazy("What the money is for"), validators=[InputRequired(), Length(max=300)])
    receiver = StringField(lazy("Who got it, if not the mission"), validators=[Optional(), Length(max=200)])
    amount = MoneyField(lazy("Amount"), validators=[InputRequired()])
    currency = SelectField(lazy("Currency"), choices=choices((one, one) for one in CURRENCIES), validators=[Optional()])
    rate = NumberField(
        lazy("Kronor for one unit, in another currency than kronor"), validators=[Optional()],
        description=lazy("The rate of the funder's decision. Sums are in kronor and state the rate."),
    )  # fmt: skip
    rate_on = LocalDateField(lazy("The day of the rate"), validators=[Optional()])
    decided_on = LocalDateField(lazy("The day of the funder's decision"), validators=[InputRequired()])
    reference = StringField(lazy("The funder's own number, if it has one"), validators=[Optional(), Length(max=100)])
    decision = SelectField(
        lazy("Which of the mission's decisions it follows"), validators=[Optional()],
        description=lazy("So that what a decision led to can be followed."),
    )  # fmt: skip


class FundingCallForm(VersionMixin, Form):
    """A funder's call."""

    source = StringField(lazy("Funder"), validators=[InputRequired(), Length(max=200)])
    title = StringField(lazy("Title"), validators=[InputRequired(), Length(max=300)])
    opens_on = LocalDateField(lazy("First day"), validators=[InputRequired()])
    closes_on = LocalDateField(lazy("Last day"), validators=[InputRequired()])
    phases = SelectMultipleField(lazy("For which phases, if it matters"), validators=[Optional()])
    themes = SelectMultipleField(lazy("For which themes, if it matters"), validators=[Optional()])
    sectors = SelectMultipleField(lazy("Sectors that must take part"), validators=[Optional()])
    least_own_percent = WholeNumberField(lazy("Least own share, in per cent"), validators=[Optional()])
    website = StringField(lazy("Website"), validators=[Optional(), Length(max=300)])

    def content(self) -> FundingCallContent:
        """The call as typed."""
        return FundingCallContent(
            source=self.source.data or "", title=self.title.data or "", opens_on=self.opens_on.data,
            closes_on=self.closes_on.data, phases=tuple(self.phases.data or ()), themes=tuple(self.themes.data or ()),
            sectors=tuple(self.sectors.data or ()), least_own_percent=self.least_own_percent.data or 0,
            website=self.website.data or "",
        )  # fmt: skip


class StateAidForm(Form):
    """State aid."""

    is_undertaking = BooleanField(
        lazy("Carries on economic activity in this mission"),
        description=lazy("Also a university or an association may do so in one mission and not in another."),
    )
    ground = RadioField(lazy("Ground"), validators=[InputRequired()])
    value = MoneyField(lazy("Value of the benefit in kronor"), validators=[Optional()])
    reasons = TextAreaField(lazy("Reasons"), validators=[InputRequired(), Length(max=TEXT)])


class RegistrationForm(Form):
    """When aid of minor importance was entered in the central register."""

    registered_on = LocalDateField(lazy("Entered in the central register on"), validators=[InputRequired()])


class AgreementForm(Form):
    """An agreement's title, parties and last day; its clauses follow."""

    title = StringField(lazy("Title"), validators=[InputRequired(), Length(max=300)])
    experiment = SelectField(
        lazy("For which experiment"), default="", validators=[Optional()],
        description=lazy("An agreement on the use of a site belongs to the experiment that uses it."),
    )  # fmt: skip
    parties = SelectMultipleField(lazy("Who is to sign"), validators=[InputRequired()])
    valid_until = LocalDateField(lazy("Its last day, if it has one"), validators=[Optional()])
    replaces = SelectField(
        lazy("Takes the place of"), validators=[Optional()],
        description=lazy("That one ends by itself when everybody has signed this one."),
    )  # fmt: skip


class IntentForm(Form):
    """A letter of intent: its clauses follow."""


class NewVersionForm(VersionMixin, Form):
    """What a new version changes; the clauses follow."""

    changed = TextAreaField(
        lazy("What is different"), validators=[InputRequired(), Length(max=TEXT)],
        description=lazy("Shown to those who are to sign again. Signatures on the version before no longer hold."),
    )  # fmt: skip
    valid_until = LocalDateField(lazy("Its last day, if it has one"), validators=[Optional()])


class SignedElsewhereForm(VersionMixin, Form):
    """An agreement signed outside the platform."""

    file = FileField(lazy("The signed file"), validators=[InputRequired()])
    valid_until = LocalDateField(lazy("Its last day, if it has one"), validators=[Optional()])


class SignForm(Form):
    """Signing an agreement."""

    organisation = SelectField(lazy("You sign for"), validators=[InputRequired()])
    authority = StringField(
        lazy("On which ground you may sign"), validators=[InputRequired(), Length(max=300)],
        description=lazy("For example signatory power or a delegation, with its date."),
    )  # fmt: skip
    authority_source = StringField(
        lazy("Where that can be read"), validators=[InputRequired(), Length(max=300)],
        description=lazy("For example the registration certificate, or the delegation order and its paragraph."),
    )  # fmt: skip
    authority_until = LocalDateField(lazy("Until when the right holds, if it ends"), validators=[Optional()])
    checksum = HiddenField(validators=[InputRequired(), Length(max=64)])  # of the text that was shown
