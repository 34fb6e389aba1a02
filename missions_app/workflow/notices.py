"""Who is told of what happens at gates, by letters in the same transaction."""

from collections.abc import Iterable
from typing import Any

from missions_app.accounts.actor import REGION, body_scope
from missions_app.accounts.models import User
from missions_app.accounts.policy import SECRETARIAT
from missions_app.accounts.queries import users_with
from missions_app.outbox.mail import queue_mail
from missions_app.workflow import gate_queries
from missions_app.workflow.events import (
    BodyConsulted,
    CriterionTurnedStale,
    GateDecided,
    GateRecommended,
    GateRequested,
    SteppedAside,
)
from missions_app.workflow.method import Gate, Method
from missions_app.workflow.method_service import method_of
from missions_app.workflow.models import Journey
from missions_app.workflow.subjects import Subject, scopes_of, subject_of


def on_gate_requested(event: GateRequested) -> None:
    """Those who write the recommendation are told that a gate was asked for, and by when the answer is due."""
    method, gate = _at(event.subject.journey, event.request.gate)
    _tell(
        people_acting(gate.recommended_by, event.subject, method), "gate_requested", event.subject, gate,
        but=event.by.user_id, due_on=event.request.due_on.isoformat(), note=event.request.note,
    )  # fmt: skip


def on_gate_recommended(event: GateRecommended) -> None:
    """Those who decide are told that there is something to decide. Whoever recommended may not."""
    method, gate = _at(event.subject.journey, event.recommendation.gate)
    decider = gate_queries.standing(event.subject, gate.id).decider
    outcome = gate_queries.outcome_of(gate, event.recommendation.outcome).label
    _tell(
        people_acting([decider], event.subject, method), "gate_to_decide", event.subject, gate, but=event.by.user_id,
        outcome_sv=outcome.sv, outcome_en=outcome.en,
    )  # fmt: skip


def on_stepped_aside(event: SteppedAside) -> None:
    """The secretariat sees to it that somebody else can take over. The letter names no person."""
    _method, gate = _at(event.subject.journey, event.recusal.gate)
    _tell(users_with(SECRETARIAT, REGION), "gate_stepped_aside", event.subject, gate, but=event.by.user_id)


def on_body_consulted(event: BodyConsulted) -> None:
    """The members of a body are told what they are asked, and by when they answer."""
    asked = event.consultation
    method = method_of(event.subject.journey.method_version)
    gate = next((one for one in method.gates_of(event.subject.journey.subject_kind)
                 if event.subject.journey.state in one.from_states), None)  # fmt: skip
    if gate is not None:
        _tell(
            people_acting([asked.body], event.subject, method), "body_consulted", event.subject, gate,
            but=event.by.user_id, question=asked.question, due_on=asked.reply_by.isoformat(),
            body_sv=method.body(asked.body).label.sv, body_en=method.body(asked.body).label.en,
        )  # fmt: skip


def on_gate_decided(event: GateDecided) -> None:
    """Those who asked for the gate are told what was decided, where nobody else tells them."""
    if event.subject.journey.subject_kind == "challenge":
        return
    method, gate = _at(event.subject.journey, event.decision.gate)
    outcome = gate_queries.outcome_of(gate, event.decision.outcome).label
    _tell(
        people_acting(gate.requested_by, event.subject, method), "gate_decided", event.subject, gate,
        but=event.by.user_id, outcome_sv=outcome.sv, outcome_en=outcome.en, reasons=event.decision.reasons,
    )  # fmt: skip


def on_turned_stale(event: CriterionTurnedStale) -> None:
    """Those who can do something about it, and the secretariat."""
    subject = subject_of(event.journey)
    method, gate = _at(event.journey, event.gate)
    criterion = method.criterion(event.criterion)
    people = {user.id: user for user in people_acting(criterion.who, subject, method)}
    people |= {user.id: user for user in users_with(SECRETARIAT, REGION)}
    _tell(
        people.values(), "criterion_stale", subject, gate, criterion_sv=criterion.label.sv,
        criterion_en=criterion.label.en, fix_sv=criterion.fix.sv, fix_en=criterion.fix.en,
    )  # fmt: skip


def people_acting(who: Iterable[str], subject: Subject, method: Method) -> list[User]:
    """Everybody who may act as one of the named roles or bodies for a case."""
    found: dict[int, User] = {}
    for one in who:
        if one in method.body_ids and method.body(one).role is None:
            users = users_with("body_member", body_scope(one))
        else:
            role = (method.body(one).role if one in method.body_ids else one) or one
            users = users_with(role, REGION, *scopes_of(subject))
        found |= {user.id: user for user in users}
    return list(found.values())


def _at(journey: Journey, gate_id: str) -> tuple[Method, Gate]:
    method = method_of(journey.method_version)
    return method, method.gate(gate_id)


def _tell(people: Iterable[User], template: str, subject: Subject, gate: Gate, *, but: int | None = None,
          **data: Any) -> None:  # fmt: skip
    for user in people:
        if user.id != but:
            queue_mail(
                user.email, template, locale=user.locale, title=str(subject.title), reference=str(subject.reference),
                journey=subject.journey.id, gate=gate.id, gate_sv=gate.label.sv, gate_en=gate.label.en, **data,
            )  # fmt: skip
