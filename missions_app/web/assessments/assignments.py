"""An assessor's own part: declaring interests, scoring, saying no; and the secretariat's answers to it."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from missions_app.assessments import declaration, declaration_service, panel_service, policy, queries, score_service
from missions_app.assessments.deciders import names_of_parties
from missions_app.assessments.errors import ConflictOfInterest, NotYourAssessment
from missions_app.assessments.models import Assignment, AssignmentState
from missions_app.challenges.models import Challenge
from missions_app.edge.access import actor, authorise, signed_in
from missions_app.edge.errors import status_of
from missions_app.errors import DomainError
from missions_app.i18n import N_, _
from missions_app.web.assessments.blueprint import bp
from missions_app.web.assessments.forms import ReasonForm, RulingForm, declaration_form, score_form
from missions_app.web.assessments.panels import revision_of
from missions_app.web.forms import show_error
from missions_app.web.subjects import subject_url
from missions_app.workflow.method_service import method_of
from missions_app.workflow.subjects import Subject, subject_of

ROUTE = "/assignments/<int:assignment_id>"


def _mine(assignment_id: int) -> tuple[Assignment, Subject]:
    assignment = queries.get_assignment(assignment_id)
    if not policy.is_own(actor(), assignment):
        raise NotYourAssessment()
    return assignment, subject_of(assignment.panel.journey)


def _appointed(assignment_id: int) -> tuple[Assignment, Subject]:
    assignment = queries.get_assignment(assignment_id)
    subject = subject_of(assignment.panel.journey)
    authorise(policy.can_appoint, subject)
    return assignment, subject


def _url(endpoint: str, assignment: Assignment) -> str:
    return url_for(f"assessments.{endpoint}", assignment_id=assignment.id)


@bp.get(ROUTE)
@signed_in
def show_assignment(assignment_id: int) -> ResponseReturnValue:
    """Where the assessor's own part stands. A conflict found now closes it; then nothing of the case is shown."""
    assignment, subject = _mine(assignment_id)
    try:
        declaration_service.require_no_conflict(assignment, subject)
    except ConflictOfInterest:
        assignment = queries.get_assignment(assignment_id)
    if assignment.state is AssignmentState.ASSIGNED:
        return redirect(_url("declare_interests", assignment), 303)
    if assignment.state is AssignmentState.CLEARED:
        return redirect(_url("score_case", assignment), 303)
    return render_template("assessments/show_assignment.html", assignment=assignment, subject=subject)


@bp.route(f"{ROUTE}/declaration", methods=["GET", "POST"])
@signed_in
def declare_interests(assignment_id: int) -> ResponseReturnValue:
    """The questions, with those who take part named first."""
    assignment, subject = _mine(assignment_id)
    if assignment.state not in policy.OPEN:
        return redirect(_url("show_assignment", assignment), 303)
    form = declaration_form(method_of(subject.journey.method_version).limits)
    if form.validate_on_submit():
        try:
            declared = declaration_service.declare_interests(assignment, subject, form.answers(), by=actor())
        except DomainError as error:
            show_error(form, error)
        else:
            flash(_(THANKS[declared.outcome]))
            return redirect(_url("show_assignment", assignment), 303)
    names = names_of_parties(subject)
    return render_template(
        "assessments/declare_interests.html", form=form, assignment=assignment, subject=subject, names=names,
        questions=declaration.QUESTIONS,
    )  # fmt: skip


THANKS = {
    declaration.CLEAR: N_("Thank you. You can assess now."),
    declaration.UNSURE: N_("Thank you. The secretariat looks at it and answers."),
    declaration.CONFLICTED: N_("Thank you for telling. The case is closed to you, and the secretariat has been told."),
}


@bp.route(f"{ROUTE}/score", methods=["GET", "POST"])
@signed_in
def score_case(assignment_id: int) -> ResponseReturnValue:
    """The rubric with anchors beside each step; saved as it goes, sent in once."""
    assignment, subject = _mine(assignment_id)
    if assignment.state is not AssignmentState.CLEARED:
        return redirect(_url("show_assignment", assignment), 303)
    rubric = queries.rubric_of(assignment.panel)
    form = score_form(rubric, assignment, revision_of(subject))
    if form.validate_on_submit():
        sends = request.form.get("next") == "submit"
        act = score_service.submit_scores if sends else score_service.save_scores
        try:
            act(
                assignment, subject, form.scores(rubric), by=actor(), summary=form.summary.data or "",
                revision=form.revision_read, expected_version=form.expected_version,
            )  # fmt: skip
        except ConflictOfInterest:
            return redirect(_url("show_assignment", assignment), 303)
        except DomainError as error:
            show_error(form, error)
            return _score_page(assignment, subject, form), status_of(error)
        flash(_("Your assessment is sent in.") if sends else _("Saved. Only you see it until you send it in."))
        return redirect(_url("show_assignment" if sends else "score_case", assignment), 303)
    return _score_page(assignment, subject, form)


def _score_page(assignment: Assignment, subject: Subject, form: object) -> str:
    newest = revision_of(subject)
    return render_template(
        "assessments/score_case.html", form=form, assignment=assignment, subject=subject,
        rubric=queries.rubric_of(assignment.panel), subject_url=subject_url(subject), newest=newest,
        has_moved=isinstance(subject, Challenge) and assignment.revision not in (None, newest),
    )  # fmt: skip


@bp.route(f"{ROUTE}/decline", methods=["GET", "POST"])
@signed_in
def decline_assignment(assignment_id: int) -> ResponseReturnValue:
    """Say no, with a reason."""
    assignment, subject = _mine(assignment_id)
    form = ReasonForm()
    if form.validate_on_submit():
        try:
            score_service.decline_assignment(assignment, subject, reason=form.reason.data, by=actor())
        except DomainError as error:
            show_error(form, error)
        else:
            flash(_("The secretariat asks somebody else. Thank you for answering."))
            return redirect(url_for("work.show_work"), 303)
    return render_template(
        "assessments/give_reason.html", form=form, subject=subject, heading=_("Decline to assess"),
        intro=_("The reason is kept with the case. You do not have to tell anything private."),
        button=_("Decline"), back=_url("show_assignment", assignment),
    )  # fmt: skip


@bp.route(f"{ROUTE}/release", methods=["GET", "POST"])
@signed_in
def release_assessor(assignment_id: int) -> ResponseReturnValue:
    """End an assignment that is not answered or not needed."""
    assignment, subject = _appointed(assignment_id)
    back = url_for("assessments.show_panel", journey_id=assignment.panel.journey_id)
    form = ReasonForm()
    if form.validate_on_submit():
        try:
            panel_service.release_assessor(assignment, subject, reason=form.reason.data, by=actor())
        except DomainError as error:
            show_error(form, error)
        else:
            flash(_("The assignment has ended."))
            return redirect(back, 303)
    return render_template(
        "assessments/give_reason.html", form=form, subject=subject,
        heading=_("Release %(name)s", name=assignment.assessor.name),
        intro=_("What the person has sent in no longer counts."), button=_("Release"), back=back,
    )  # fmt: skip


@bp.route(f"{ROUTE}/ruling", methods=["GET", "POST"])
@signed_in
def rule_on_declaration(assignment_id: int) -> ResponseReturnValue:
    """Decide what an unsure declaration means."""
    assignment, subject = _appointed(assignment_id)
    back = url_for("assessments.show_panel", journey_id=assignment.panel.journey_id)
    form = RulingForm()
    form.fill_choices()
    if form.validate_on_submit():
        try:
            declaration_service.rule_on_declaration(
                assignment, subject, may_assess=form.ruling.data == "yes", note=form.note.data, by=actor()
            )
        except DomainError as error:
            show_error(form, error)
        else:
            flash(_("The ruling is saved."))
            return redirect(back, 303)
    limits = method_of(subject.journey.method_version).limits
    texts = {one.id: _(one.text, **one.params(limits)) for one in declaration.QUESTIONS}
    return render_template(
        "assessments/rule_on_declaration.html", form=form, assignment=assignment, subject=subject, back=back,
        texts=texts, declared=assignment.declarations[-1] if assignment.declarations else None,
    )  # fmt: skip
