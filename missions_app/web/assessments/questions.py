"""Questions of a panel to those who are assessed, and the answers."""

from datetime import timedelta

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from wtforms import TextAreaField
from wtforms.validators import InputRequired, Length

from missions_app import clock
from missions_app.assessments import hearing, policy, queries, question_service, results
from missions_app.assessments.models import AssignmentState, Panel
from missions_app.assessments.question_models import QuestionKind
from missions_app.edge.access import actor, authorise, signed_in
from missions_app.errors import NotAllowed, NotFound
from missions_app.i18n import _, lazy
from missions_app.web.assessments.blueprint import bp
from missions_app.web.assessments.panels import case_of
from missions_app.web.form_page import form_page
from missions_app.web.forms import Form, LocalDateField, VersionMixin
from missions_app.web.subjects import subject_url
from missions_app.workflow.subjects import Subject, subject_of

QUESTIONS = "/assessments/<int:journey_id>/questions"


class QuestionForm(Form):
    """A question."""

    text = TextAreaField(lazy("What you want to know"), validators=[InputRequired(), Length(max=4000)])


class HearingForm(Form):
    """What the parties are asked about the assessments."""

    text = TextAreaField(lazy("What you want their view of"), validators=[InputRequired(), Length(max=4000)])
    reply_by = LocalDateField(lazy("Reply by"), validators=[InputRequired()])


class WaiverForm(Form):
    """Why nobody is heard."""

    reason = TextAreaField(lazy("Why it is not needed"), validators=[InputRequired(), Length(max=4000)])


class AnswerForm(VersionMixin, Form):
    """The answer."""

    text = TextAreaField(lazy("Your answer"), validators=[InputRequired(), Length(max=8000)])


def _panel(journey_id: int) -> tuple[Subject, Panel]:
    subject, rubric = case_of(journey_id)
    panel = queries.current_panel(subject.journey, rubric)
    if panel is None:
        raise NotFound()
    return subject, panel


def _list_url(subject: Subject) -> str:
    return url_for("assessments.list_questions", journey_id=subject.journey.id)


def _crumbs(subject: Subject) -> list[tuple[str, str]]:
    own = (f"{subject.title} {subject.reference}", subject_url(subject))
    return [own, (_("Questions and answers"), _list_url(subject))]


@bp.get(QUESTIONS)
@signed_in
def list_questions(journey_id: int) -> ResponseReturnValue:
    """What has been asked, what was answered, and what waits."""
    subject, panel = _panel(journey_id)
    if not question_service.can_read(actor(), subject, panel):
        raise NotAllowed()
    own = next((one for one in panel.assignments if one.assessor_id == actor().user_id), None)
    hears = question_service.can_hear(actor()) and queries.is_complete(panel)
    waiver = hearing.waiver_of(panel)
    heard = any(one.answered_at for one in hearing.hearings_of(panel))
    return render_template(
        "assessments/list_questions.html", subject=subject, subject_url=subject_url(subject), panel=panel,
        questions=question_service.questions_of(panel), can_answer=question_service.can_answer(actor(), subject),
        can_hear=hears, can_waive=hears and waiver is None and not heard, waiver=waiver,
        own=own if own is not None and own.state is AssignmentState.CLEARED else None, kinds=QuestionKind,
        shows_result=results.may_read(actor(), subject, panel),
    )  # fmt: skip


@bp.route("/assignments/<int:assignment_id>/questions/new", methods=["GET", "POST"])
@signed_in
def ask_question(assignment_id: int) -> ResponseReturnValue:
    """An assessor asks what is unclear."""
    assignment = queries.get_assignment(assignment_id)
    authorise(policy.is_own, assignment)
    subject, form = subject_of(assignment.panel.journey), QuestionForm()
    if assignment.state is not AssignmentState.CLEARED:
        return redirect(url_for("assessments.show_assignment", assignment_id=assignment_id), 303)
    return form_page(
        form, lambda: question_service.ask(assignment, subject, text=form.text.data or "", by=actor()),
        heading=_("Ask what is unclear"), button=_("Ask"), done=_("Asked. The answer is shown here."),
        crumbs=[(_("My work"), url_for("work.show_work")),
                (_("Your assessment"), url_for("assessments.score_case", assignment_id=assignment_id))],
        back=_list_url(subject),
        intro=_("Those whose case it is answer. They do not get to know who asked. The question and the answer are "
                "shown to all who assess, and are kept with the case."),
    )  # fmt: skip


@bp.route(f"{QUESTIONS}/hearing", methods=["GET", "POST"])
@signed_in
def hear_parties(journey_id: int) -> ResponseReturnValue:
    """The secretariat hears the parties before it recommends."""
    subject, panel = _panel(journey_id)
    authorise(question_service.can_hear, subject)
    form = HearingForm(reply_by=clock.today() + timedelta(days=14))
    return form_page(
        form,
        lambda: question_service.hear(
            panel, subject, text=form.text.data or "", reply_by=form.reply_by.data, by=actor()
        ),
        heading=_("Hear the parties"), button=_("Ask for their view"), done=_("Asked. It stands in My work of theirs."),
        crumbs=_crumbs(subject),
        intro=_("Those whose case it is read the assessments and say what they think before anything is recommended. "
                "Their view goes with the basis for the decision."),
    )  # fmt: skip


@bp.route(f"{QUESTIONS}/hearing/waive", methods=["GET", "POST"])
@signed_in
def waive_hearing(journey_id: int) -> ResponseReturnValue:
    """The secretariat recommends without hearing the parties, and says why."""
    subject, panel = _panel(journey_id)
    authorise(question_service.can_hear, subject)
    form = WaiverForm()
    return form_page(
        form, lambda: hearing.waive(panel, subject, reason=form.reason.data or "", by=actor()),
        heading=_("Recommend without hearing the parties"), button=_("Save the reason"), done=_("Saved."),
        crumbs=_crumbs(subject),
        intro=_("Those whose case it is are heard on the reviews before anything is recommended. The reason why they "
                "are not goes with the basis for the decision."),
    )  # fmt: skip


@bp.route("/questions/<int:question_id>", methods=["GET", "POST"])
@signed_in
def answer_question(question_id: int) -> ResponseReturnValue:
    """Answer a question, once."""
    question = question_service.get_question(question_id)
    subject = subject_of(question.panel.journey)
    authorise(question_service.can_answer, subject)
    if question.answered_at is not None:
        return redirect(_list_url(subject), 303)
    form = AnswerForm(version=question.version)
    return form_page(
        form,
        lambda: question_service.answer(
            question, subject, text=form.text.data or "", by=actor(), expected_version=form.expected_version
        ),
        heading=_("Answer"), button=_("Answer"), done=_("Answered. The answer stands as written."),
        crumbs=_crumbs(subject), read_first=(_("The question"), question.text),
    )  # fmt: skip
