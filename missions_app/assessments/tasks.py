"""What waits for assessors and for those who appoint them."""

from missions_app import clock
from missions_app.accounts.actor import Actor
from missions_app.accounts.policy import is_secretariat
from missions_app.accounts.tasks import Task
from missions_app.assessments import queries, question_service, results
from missions_app.assessments.errors import NotHeard
from missions_app.assessments.models import Assignment, AssignmentState, Panel
from missions_app.assessments.policy import OPEN
from missions_app.assessments.question_models import QuestionKind
from missions_app.i18n import N_
from missions_app.workflow.method_service import method_of
from missions_app.workflow.subjects import Subject, hindrance_to_recommend, subject_of, subjects_of


def tasks_for(actor: Actor) -> list[Task]:
    """Declarations and assessments to give; and for the secretariat rulings, missing assessors and gaps to settle."""
    if not actor.is_signed_in:
        return []
    tasks = _to_answer(actor)
    tasks += [_assess(one) for one in queries.assignments_of(actor) if one.state is not AssignmentState.UNSURE]
    if not is_secretariat(actor):
        return tasks
    tasks += [_rule(one) for one in queries.unruled_assignments()]
    panels = list(queries.open_panels())
    cases = subjects_of(panel.journey for panel in panels)
    known = {(panel.journey_id, panel.rubric) for panel in panels}
    return tasks + [task for panel in panels for task in _panel(panel, cases[panel.journey_id])] + _without_panel(known)


def _to_answer(actor: Actor) -> list[Task]:
    found = question_service.unanswered()
    cases = subjects_of(one.panel.journey for one in found)
    return [
        Task(
            title=N_("Answer the question about %(title)s"), title_params={"title": subject.titles},
            reason=N_("You are heard before anything is recommended.") if one.kind is QuestionKind.HEARING
            else N_("Those who assess want something made clear."),
            endpoint="assessments.answer_question", values={"question_id": one.id}, due=one.reply_by,
            reference=str(subject.reference),
        )
        for one in found
        if question_service.can_answer(actor, subject := cases[one.panel.journey_id])
    ]  # fmt: skip


def _assess(assignment: Assignment) -> Task:
    subject = subject_of(assignment.panel.journey)
    declared = assignment.state is AssignmentState.CLEARED
    return Task(
        title=N_("Assess %(title)s") if declared else N_("Declare your interests before assessing %(title)s"),
        title_params={"title": subject.titles},
        reason=N_("You are cleared to assess.") if declared else N_("The secretariat asks you to assess it."),
        endpoint="assessments.show_assignment", values={"assignment_id": assignment.id},
        due=assignment.panel.due_on, reference=str(subject.reference),
    )  # fmt: skip


def _rule(assignment: Assignment) -> Task:
    subject = subject_of(assignment.panel.journey)
    return Task(
        title=N_("Decide whether %(name)s may assess %(title)s"),
        title_params={"name": assignment.assessor.name, "title": subject.titles},
        reason=N_("The declaration of interest says “unsure”."), endpoint="assessments.rule_on_declaration",
        values={"assignment_id": assignment.id}, reference=str(subject.reference),
        since=clock.day_of(assignment.changed_at or assignment.assigned_at),
    )  # fmt: skip


def _panel(panel: Panel, subject: Subject) -> list[Task]:
    rubric = queries.rubric_of(panel)
    active = [one for one in panel.assignments if one.state in OPEN]
    where = {"endpoint": "assessments.show_panel", "values": {"journey_id": panel.journey_id}}
    if len(active) < rubric.min_assessors:
        return [
            Task(
                title=N_("Appoint assessors for %(title)s"), title_params={"title": subject.titles},
                reason=N_("%(number)d of %(least)d are appointed."),
                reason_params={"number": len(active), "least": rubric.min_assessors},
                reference=str(subject.reference), since=clock.day_of(panel.opened_at), **where,  # type: ignore[arg-type]
            )
        ]  # fmt: skip
    if queries.is_complete(panel) and results.result_of(panel, with_names=False).apart:
        return [
            Task(
                title=N_("Write what the assessors of %(title)s agreed on"), title_params={"title": subject.titles},
                reason=N_("Their scores differ more than the method accepts."),
                reference=str(subject.reference), **where,  # type: ignore[arg-type]
            )
        ]  # fmt: skip
    gate = queries.rubric_gate(method_of(panel.journey.method_version), panel.journey.subject_kind, panel.rubric)
    if gate is not None and isinstance(hindrance_to_recommend(subject, gate), NotHeard):
        return [
            Task(
                title=N_("Hear the parties on the reviews of %(title)s"), title_params={"title": subject.titles},
                reason=N_("Nothing is recommended before they have been heard."),
                reference=str(subject.reference), endpoint="assessments.list_questions",
                values={"journey_id": panel.journey_id},
            )
        ]  # fmt: skip
    return []


def _without_panel(known: set[tuple[int, str]]) -> list[Task]:
    found = [(journey, rubric) for journey, rubric in queries.waiting_for_panel() if (journey.id, rubric) not in known]
    cases = subjects_of(journey for journey, _rubric in found)
    return [
        Task(
            title=N_("Appoint assessors for %(title)s"), title_params={"title": cases[journey.id].titles},
            reason=N_("Nobody is appointed yet."), endpoint="assessments.show_panel",
            values={"journey_id": journey.id}, reference=str(cases[journey.id].reference),
            since=clock.day_of(journey.entered_at),
        )
        for journey, _rubric in found
    ]  # fmt: skip
