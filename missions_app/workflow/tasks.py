"""What waits for those who decide, recommend, are consulted or have been asked for something, whatever the case is."""

from collections.abc import Iterable
from datetime import date

from missions_app import clock
from missions_app.accounts.actor import Actor
from missions_app.accounts.policy import is_secretariat
from missions_app.accounts.tasks import Task
from missions_app.i18n import N_
from missions_app.workflow import gate_queries, recusal
from missions_app.workflow.method import Gate, Method
from missions_app.workflow.method_service import method_of
from missions_app.workflow.models import GateRequest, Journey, Recommendation
from missions_app.workflow.owners import is_owner
from missions_app.workflow.rights import acts_as, acts_as_any
from missions_app.workflow.subjects import Subject, scopes_of, subjects_of


def tasks_for(actor: Actor) -> list[Task]:
    """Decisions, recommendations and answers that the actor may give."""
    if not actor.grants:
        return []
    return [
        *_to_decide(actor), *_to_recommend(actor), *_to_answer(actor), *_to_fulfil(actor), *_to_publish(actor),
        *_to_look(actor),
    ]  # fmt: skip


def gate_ahead(subject: Subject) -> Gate | None:
    """The gate that a case in its present state has before it, if there is one."""
    journey: Journey = subject.journey
    gates = method_of(journey.method_version).gates_of(journey.subject_kind)
    return next((gate for gate in gates if journey.state in gate.from_states), None)


def prepare_task(subject: Subject) -> Task | None:
    """For whoever leads a case: see to what is missing before the gate ahead, or answer for what has turned stale."""
    stale = [mark for mark in gate_queries.stale_marks(subject.journey) if mark.looked_at is None]
    if stale:
        return _at_gate(
            subject, stale[0].gate, N_("See to what is out of date: %(title)s"),
            N_("Something that the decision rested on has changed."),
        )  # fmt: skip
    gate = gate_ahead(subject)
    if gate is None or gate_queries.open_recommendations(subject.journey, gate.id):
        return None
    return _at_gate(
        subject, gate.id, N_("Prepare the checkpoint: %(title)s"), N_("The list says what is missing and who can act.")
    )


def _at_gate(
    subject: Subject, gate_id: str, title: str, reason: str, *, due: date | None = None, since: date | None = None
) -> Task:
    return Task(
        title=title, title_params={"title": subject.titles}, reason=reason, endpoint="workflow.show_gate",
        values={"journey_id": subject.journey.id, "gate_id": gate_id}, due=due, since=since,
        reference=str(subject.reference),
    )  # fmt: skip


def _to_decide(actor: Actor) -> Iterable[Task]:
    found = gate_queries.all_open_recommendations()
    cases = subjects_of(one.journey for one in found)
    for one in found:
        subject = cases[one.journey_id]
        if one.recommended_by_id != actor.user_id and _may_decide(actor, one, subject):
            yield _at_gate(
                subject, one.gate, N_("Decide: %(title)s"), N_("A recommendation is written."),
                since=clock.day_of(one.recommended_at),
            )  # fmt: skip


def _may_decide(actor: Actor, one: Recommendation, subject: Subject) -> bool:
    gate = gate_ahead(subject)
    if gate is None or gate.id != one.gate:
        return False
    method, scopes = method_of(one.journey.method_version), scopes_of(subject)
    deciders = {gate.decided_by, gate.escalate_to or gate.decided_by}
    if not any(acts_as(actor, who, scopes, method) for who in deciders):
        return False
    decider = gate_queries.standing(subject, gate.id).decider
    if not acts_as(actor, decider, scopes, method):
        return False
    return not recusal.reasons_against(actor, decider, subject, gate.id, method)


def _to_recommend(actor: Actor) -> Iterable[Task]:
    found = gate_queries.all_open_requests()
    cases = subjects_of(one.journey for one in found)
    for one in found:
        subject = cases[one.journey_id]
        if _may_recommend(actor, one, subject):
            yield _at_gate(
                subject, one.gate, N_("Write a recommendation: %(title)s"), N_("The checkpoint has been asked for."),
                due=one.due_on,
            )  # fmt: skip


def _may_recommend(actor: Actor, one: GateRequest, subject: Subject) -> bool:
    method: Method = method_of(one.journey.method_version)
    gate = method.gate(one.gate)
    if gate_queries.open_recommendations(one.journey, one.gate):
        return False
    role = acts_as_any(actor, gate.recommended_by, scopes_of(subject), method)
    return role is not None and not recusal.reasons_against(actor, role, subject, gate.id, method)


def _to_answer(actor: Actor) -> Iterable[Task]:
    found = gate_queries.open_consultations()
    cases = subjects_of(one.journey for one in found)
    for one in found:
        subject, method = cases[one.journey_id], method_of(one.journey.method_version)
        gate = gate_ahead(subject)
        if gate is not None and acts_as(actor, one.body, scopes_of(subject), method):
            yield Task(
                title=N_("Answer the question about %(title)s"), title_params={"title": subject.titles},
                reason=N_("%(body)s has been asked for its view."), reason_params={"body": method.who(one.body)},
                endpoint="workflow.show_gate", values={"journey_id": one.journey_id, "gate_id": gate.id},
                due=one.reply_by, reference=str(subject.reference),
            )  # fmt: skip


def _to_publish(actor: Actor) -> Iterable[Task]:
    if not is_secretariat(actor):
        return
    found = gate_queries.held_decisions()
    cases = subjects_of(one.journey for one in found)
    for one in found:
        yield _at_gate(
            cases[one.journey_id], one.gate, N_("Publish the decision: %(title)s"),
            N_("It is made and kept back. Nothing happens before it is public."), due=one.publish_on,
        )  # fmt: skip


def _to_look(actor: Actor) -> Iterable[Task]:
    """The secretariat sees to what has turned out of date wherever nobody leads; leaders have it in their own list."""
    if not is_secretariat(actor):
        return
    told: set[tuple[int, str]] = set()
    found = gate_queries.all_stale_marks()
    cases = subjects_of(mark.journey for mark in found)
    for mark in found:
        if (mark.journey_id, mark.gate) not in told:
            told.add((mark.journey_id, mark.gate))
            yield _at_gate(
                cases[mark.journey_id], mark.gate, N_("See to what is out of date: %(title)s"),
                N_("Something that the decision rested on has changed."),
            )  # fmt: skip


def _to_fulfil(actor: Actor) -> Iterable[Task]:
    """A condition is its owner's; those who lead the case and the secretariat see that it comes about."""
    found = gate_queries.open_conditions()
    cases = subjects_of(one.decision.journey for one in found)
    for one in found:
        subject = cases[one.decision.journey_id]
        own = is_owner(actor, one, subject, method_of(one.decision.journey.method_version))
        if own or is_secretariat(actor) or actor.has_any(("coordinator", "problem_owner_rep"), *subject.scopes):
            yield Task(
                title=N_("%(text)s: %(title)s"), title_params={"text": one.text, "title": subject.titles},
                reason=N_("A decision asks you for it.") if own else N_("A decision asks %(owner)s for it."),
                reason_params={"owner": one.owner},
                endpoint="workflow.complete_condition", due=one.due_on, reference=str(subject.reference),
                values={
                    "journey_id": one.decision.journey_id, "gate_id": one.decision.gate, "condition_id": one.id,
                },
            )  # fmt: skip
