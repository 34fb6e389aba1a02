"""A case's assessment: how far it has come, appointing, the result, what was agreed."""

from typing import Any

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from missions_app.accounts import queries as accounts
from missions_app.assessments import consensus_service, panel_service, policy, queries, results
from missions_app.assessments.findings import reasons_of
from missions_app.assessments.models import AssignmentState, Panel
from missions_app.challenges import queries as challenges
from missions_app.challenges.models import Challenge
from missions_app.edge.access import actor, authorise, signed_in
from missions_app.edge.words import sentence
from missions_app.errors import DomainError, NotFound
from missions_app.i18n import N_, _, current_locale
from missions_app.web.assessments.blueprint import bp
from missions_app.web.assessments.forms import AssignForm, ConsensusForm
from missions_app.web.forms import choices, show_error
from missions_app.web.subjects import subject_url
from missions_app.workflow.journey_queries import get_journey
from missions_app.workflow.method_service import method_of
from missions_app.workflow.subjects import Subject, subject_of

STATES = {
    AssignmentState.ASSIGNED: ("wait", N_("Has been asked")),
    AssignmentState.UNSURE: ("missing", N_("Waits for your ruling")),
    AssignmentState.CLEARED: ("running", N_("Assesses")),
    AssignmentState.SUBMITTED: ("done", N_("Sent in")),
    AssignmentState.DECLINED: ("not_applicable", N_("Declined")),
    AssignmentState.CONFLICTED: ("not_applicable", N_("Conflict of interest")),
    AssignmentState.RELEASED: ("not_applicable", N_("Released")),
}  # fmt: skip


def case_of(journey_id: int) -> tuple[Subject, str]:
    """The case and the rubric it is assessed on; NotFound when there is none, or the reader may not follow it."""
    subject = subject_of(get_journey(journey_id))
    rubrics = queries.rubrics_for(subject.journey)
    if not rubrics:
        raise NotFound()
    return subject, rubrics[0]


def revision_of(subject: Any) -> int | None:
    """The number of the case's newest revision, for cases that have them."""
    return challenges.latest_revision(subject).number if isinstance(subject, Challenge) else None


@bp.get("/assessments/<int:journey_id>")
@signed_in
def show_panel(journey_id: int) -> ResponseReturnValue:
    """Who assesses (for the secretariat), how many are in, and the result once all are."""
    subject, rubric = case_of(journey_id)
    panel = queries.current_panel(subject.journey, rubric)
    own = _own(panel)
    if own is None:
        authorise(policy.can_follow, subject)
    readable = panel is not None and results.may_read(actor(), subject, panel)
    if own is not None and not readable:
        return redirect(url_for("assessments.show_assignment", assignment_id=own.id), 303)
    return render_template(
        "assessments/show_panel.html", subject=subject, subject_url=subject_url(subject), panel=panel,
        rubric=method_of(subject.journey.method_version).rubric(rubric),
        result=results.result_for(actor(), subject, panel) if panel is not None and readable else None,
        states={state: (kind, _(text)) for state, (kind, text) in STATES.items()},
        can_appoint=policy.can_appoint(actor(), subject), is_open=queries.is_being_assessed(subject.journey, rubric),
        can_agree=panel is not None and policy.can_write_consensus(actor(), panel),
        newest=revision_of(subject), counted=len(results.submitted(panel)) if panel else 0,
        active=sum(one.state in policy.OPEN for one in panel.assignments) if panel else 0,
    )  # fmt: skip


def _own(panel: Panel | None) -> Any:
    found = panel.assignments if panel is not None else []
    return next((one for one in found if policy.is_own(actor(), one)), None)


@bp.route("/assessments/<int:journey_id>/assign", methods=["GET", "POST"])
@signed_in
def assign_assessor(journey_id: int) -> ResponseReturnValue:
    """Choose among those in the pool; what ties somebody to the case stands beside the name."""
    subject, rubric = case_of(journey_id)
    authorise(policy.can_appoint, subject)
    panel = queries.current_panel(subject.journey, rubric)
    asked = {one.assessor_id for one in panel.assignments} if panel else set()
    pool = [user for user in queries.pool() if user.id not in asked]
    ties = {user.id: queries.findings_for(user.id, subject, rubric) for user in pool}
    free = [user for user in pool if not ties[user.id]]
    form = AssignForm()
    form.assessor.choices = choices((str(user.id), user.name) for user in free)
    if free and form.validate_on_submit():
        try:
            panel_service.assign_assessor(
                subject, rubric, accounts.get_user(int(form.assessor.data)), by=actor(), due_on=form.due_on.data,
                revision=revision_of(subject),
            )  # fmt: skip
        except DomainError as error:
            show_error(form, error)
        else:
            flash(_("The person has been asked by e-mail."))
            return redirect(url_for("assessments.show_panel", journey_id=journey_id), 303)
    tied = [(user, [sentence(one) for one in reasons_of(ties[user.id])]) for user in pool if ties[user.id]]
    return render_template(
        "assessments/assign_assessor.html", form=form, subject=subject, subject_url=subject_url(subject), tied=tied,
        free=free, notes=_notes(subject), panel=panel,
    )  # fmt: skip


def _notes(subject: Subject) -> dict[str, str]:
    method, loads = method_of(subject.journey.method_version), queries.loads()
    notes = {}
    for user_id, profile in queries.profiles().items():
        themes = [term.label for key in profile.themes if (term := method.find_term("theme", key))]
        words = [one.in_(current_locale()) for one in themes] + ([profile.competence] if profile.competence else [])
        if loads.get(user_id):
            words.append(_("%(number)s under way", number=loads[user_id]))
        notes[str(user_id)] = " · ".join(words)
    return notes


@bp.route("/assessments/<int:journey_id>/consensus", methods=["GET", "POST"])
@signed_in
def write_consensus(journey_id: int) -> ResponseReturnValue:
    """Write what was agreed where the scores differ too much; who disagrees keeps their view."""
    subject, rubric = case_of(journey_id)
    panel = queries.current_panel(subject.journey, rubric)
    if panel is None:
        raise NotFound()
    result = results.result_for(actor(), subject, panel)
    authorise(policy.can_write_consensus, panel)
    form = ConsensusForm()
    if form.validate_on_submit():
        try:
            consensus_service.write_consensus(
                panel, subject, text=form.text.data, dissent=form.dissent.data or "", by=actor()
            )
        except DomainError as error:
            show_error(form, error)
        else:
            flash(_("What you agreed on is saved."))
            return redirect(url_for("assessments.show_panel", journey_id=journey_id), 303)
    return render_template(
        "assessments/write_consensus.html", form=form, subject=subject, subject_url=subject_url(subject),
        rows=[one for one in result.criteria if one.is_apart], journey_id=journey_id,
    )  # fmt: skip
