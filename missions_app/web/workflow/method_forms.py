"""The shapes of what people write about the method itself."""

from typing import Any

from flask_wtf.file import FileField
from wtforms import FieldList, FormField, HiddenField, RadioField, SelectField, StringField, TextAreaField
from wtforms import Form as WTForm
from wtforms.validators import InputRequired, Length, Optional

from missions_app.i18n import lazy
from missions_app.web.forms import Form, LocalDateField, VersionMixin, choices

LONG = 5000
EVIDENCE_KINDS = (
    ("refusal", lazy("A requirement that stopped a case")),
    ("waiver", lazy("A waiver")),
    ("lesson", lazy("A lesson")),
    ("other", lazy("Something else")),
)


class DraftForm(Form):
    """A new draft, from the version in force or from a file."""

    summary = TextAreaField(
        lazy("What is to change"), validators=[InputRequired(), Length(max=LONG)],
        description=lazy("A few words that others will know the draft by."),
    )  # fmt: skip
    file = FileField(
        lazy("Method file"), validators=[Optional()],
        description=lazy("Only if you have one. Without it the draft begins as a copy of the version in force."),
    )  # fmt: skip


class PartForm(Form):
    """One part of a draft. Its fields are made from the method's schema; here is what every part has."""

    seen = HiddenField()
    part_problems: list[tuple[str, str]]

    @property
    def has_problems(self) -> bool:
        """Whether anything could not be read."""
        return bool(getattr(self, "part_problems", ())) or super().has_problems

    def problem_rows(self) -> list[tuple[str, str]]:
        """(id of the field, what to do)."""
        return [*super().problem_rows(), *getattr(self, "part_problems", ())]


class AdoptForm(VersionMixin, Form):
    """The body's decision on a draft."""

    decided_on = LocalDateField(lazy("Date of the decision"), validators=[InputRequired()])
    valid_from = LocalDateField(
        lazy("In force from"), validators=[InputRequired()],
        description=lazy("New cases begin under it from that day. Running cases stay with their own version."),
    )  # fmt: skip
    registry_number = StringField(lazy("Case number"), validators=[Optional(), Length(max=60)])


class ChoiceForm(VersionMixin, Form):
    """Whether one running case moves to a version."""

    outcome = RadioField(
        lazy("What is chosen"), validators=[InputRequired()],
        choices=choices([("moved", lazy("Move the case to this version")), ("stayed", lazy("Stay with the old one"))]),
    )  # fmt: skip
    reason = TextAreaField(lazy("Reason"), validators=[InputRequired(), Length(max=LONG)])


class EvidenceForm(WTForm):  # type: ignore[misc]
    """What speaks for a change."""

    kind = SelectField(lazy("What it is"), choices=choices(EVIDENCE_KINDS), validate_choice=False)
    reference = StringField(lazy("Reference of the case or the requirement"), validators=[Optional(), Length(max=60)])
    text = TextAreaField(lazy("What this shows"), validators=[Optional(), Length(max=1000)])


class ProposalForm(Form):
    """A proposal to change the method."""

    title = StringField(lazy("What the proposal is about"), validators=[InputRequired(), Length(max=200)])
    change = TextAreaField(lazy("What should be different"), validators=[InputRequired(), Length(max=LONG)])
    reason = TextAreaField(lazy("Why"), validators=[InputRequired(), Length(max=LONG)])
    place = StringField(
        lazy("Which requirement or part"), validators=[Optional(), Length(max=80)],
        description=lazy("Its key, such as g2.balance, if you know it."),
    )  # fmt: skip
    evidence = FieldList(FormField(EvidenceForm), min_entries=3, max_entries=3)

    def given_evidence(self) -> list[dict[str, Any]]:
        """The rows in which something is written."""
        return [one for one in self.evidence.data if (one["reference"] or one["text"] or "").strip()]


class AnswerForm(VersionMixin, Form):
    """The answer to a proposal."""

    accept = RadioField(
        lazy("Answer"), validators=[InputRequired()],
        choices=choices([("yes", lazy("Accept it: it is worked into the next draft")), ("no", lazy("Decline it"))]),
    )  # fmt: skip
    answer = TextAreaField(lazy("Reasons"), validators=[InputRequired(), Length(max=LONG)])
