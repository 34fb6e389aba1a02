"""The shapes of what people type about assessments."""

from typing import Any

from wtforms import BooleanField, HiddenField, RadioField, SelectField, SelectMultipleField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length

from missions_app.assessments import declaration
from missions_app.assessments.declaration import Answer
from missions_app.assessments.models import Assignment
from missions_app.assessments.score_rules import GivenScore
from missions_app.i18n import _, current_locale, lazy
from missions_app.web.forms import Form, LocalDateField, VersionMixin, choices
from missions_app.workflow.method import Rubric
from missions_app.workflow.method_parts import Limits

FILL_IN = lazy("Fill this in.")
ABSTAIN = "abstain"


class AssignForm(Form):
    """Whom to ask, and by when."""

    assessor = RadioField(lazy("Who shall assess?"), validators=[InputRequired(lazy("Choose a person."))])
    due_on = LocalDateField(lazy("At the latest"))


class ReasonForm(Form):
    """A reason that is kept."""

    reason = TextAreaField(lazy("Reason"), validators=[InputRequired(FILL_IN), Length(max=4000)])


class RulingForm(Form):
    """What an unsure declaration means."""

    ruling = RadioField(lazy("May the person assess?"), validators=[InputRequired(FILL_IN)])
    note = TextAreaField(lazy("Why"), validators=[InputRequired(FILL_IN), Length(max=4000)])

    def fill_choices(self) -> None:
        """Yes and no in words."""
        self.ruling.choices = choices(
            [("yes", _("Yes, it does not make the person partial")), ("no", _("No, it is a conflict of interest"))]
        )


class ConsensusForm(Form):
    """What was agreed on, and who sees it otherwise."""

    text = TextAreaField(lazy("What you agreed on"), validators=[InputRequired(FILL_IN), Length(max=8000)])
    dissent = TextAreaField(lazy("Who still sees it otherwise, and why"), validators=[Length(max=4000)])


class ProfileForm(VersionMixin, Form):
    """What an assessor knows."""

    is_available = BooleanField(lazy("May be asked to assess"))
    themes = SelectMultipleField(lazy("Themes"))
    competence = TextAreaField(lazy("What you know well"), validators=[Length(max=2000)])


class EmploymentForm(Form):
    """Where an assessor used to work."""

    organisation = SelectField(lazy("Organisation"), validators=[InputRequired(FILL_IN)])
    until = LocalDateField(lazy("Last day"), validators=[InputRequired(FILL_IN)])


class DeclarationForm(Form):
    """Made by `declaration_form`: a question and a note for each."""

    def answers(self) -> dict[str, Answer]:
        """The answers given so far."""
        return {
            one.id: Answer(self[one.id].data, self[f"{one.id}_note"].data or "")
            for one in declaration.QUESTIONS
            if self[one.id].data
        }


def declaration_form(limits: Limits) -> DeclarationForm:
    """The declaration with its questions in the reader's language."""
    words = [(declaration.NO, _("No")), (declaration.YES, _("Yes")), (declaration.UNSURE, _("Unsure"))]
    fields: dict[str, Any] = {}
    for one in declaration.QUESTIONS:
        fields[one.id] = RadioField(_(one.text, **one.params(limits)), choices=choices(words), validate_choice=False)
        fields[f"{one.id}_note"] = StringField(_("What it is about"), validators=[Length(max=1000)])
    return type("FilledDeclarationForm", (DeclarationForm,), fields)()  # type: ignore[no-any-return]


class ScoreForm(VersionMixin, Form):
    """Made by `score_form`: a score and a reason for each criterion."""

    summary = TextAreaField(lazy("Your view as a whole"), validators=[Length(max=4000)])
    revision = HiddenField()

    @property
    def revision_read(self) -> int | None:
        """The case's revision that stood on the page when it was opened; None for cases that have none."""
        data = str(self.revision.data or "")
        return int(data) if data.isdecimal() else None

    def scores(self, rubric: Rubric) -> dict[str, GivenScore]:
        """The scores as written so far."""
        found = {}
        for one in rubric.criteria:
            chosen, reason = self[one.id].data or "", self[f"{one.id}_reason"].data or ""
            value = int(chosen) if chosen.isdecimal() else None
            found[one.id] = GivenScore(value, chosen == ABSTAIN, reason)
        return found


def score_form(rubric: Rubric, assignment: Assignment, newest: int | None) -> ScoreForm:
    """The rubric as a form, filled with what has been written, anchors beside each step.

    Args:
        newest: the case's newest revision, which is the one the assessor is about to read.
    """
    locale = current_locale()
    given = {score.criterion: score for score in assignment.scores}
    fields: dict[str, Any] = {}
    data: dict[str, Any] = {"summary": assignment.summary, "version": assignment.version, "revision": newest}
    for one in rubric.criteria:
        steps = [(str(step), f"{step} – {one.anchors[place].in_(locale)}") for place, step in enumerate(rubric.scale)]
        fields[one.id] = RadioField(
            one.label.in_(locale), choices=choices([*steps, (ABSTAIN, _("I abstain"))]), validate_choice=False
        )
        fields[f"{one.id}_reason"] = TextAreaField(_("Reason"), validators=[Length(max=4000)])
        score = given.get(one.id)
        if score is not None:
            data[one.id] = ABSTAIN if score.abstained else "" if score.value is None else str(score.value)
            data[f"{one.id}_reason"] = score.reason
    return type("FilledScoreForm", (ScoreForm,), fields)(data=data)  # type: ignore[no-any-return]
