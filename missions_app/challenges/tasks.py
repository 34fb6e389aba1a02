"""What waits for somebody about challenges: drafts, points to mend, screening, invitations."""

from sqlalchemy import select

from missions_app import clock, db
from missions_app.accounts.actor import Actor
from missions_app.accounts.policy import is_secretariat
from missions_app.accounts.tasks import Task
from missions_app.assessments import queries as assessments
from missions_app.assessments import results
from missions_app.challenges import hearing_queries, policy, queries
from missions_app.challenges.models import Challenge, ReturnPoint
from missions_app.i18n import N_
from missions_app.strategy import queries as strategy
from missions_app.strategy.models import SignalState
from missions_app.workflow import gate_queries as gates

RUBRIC = "challenge"


def tasks_for(actor: Actor) -> list[Task]:
    """Everything about challenges that the actor can do something about."""
    if not actor.is_signed_in:
        return []
    tasks = [*_invitations(actor), *_writing(actor)]
    return tasks + _screening(actor) if is_secretariat(actor) else tasks


def _invitations(actor: Actor) -> list[Task]:
    return [
        Task(
            title=N_("Answer the invitation to write along: %(title)s"), title_params={"title": one.challenge.titles},
            reason=N_("You have been invited to write along."), endpoint="challenges.answer_invitation",
            values={"reference": one.challenge.reference, "invitation_id": one.id}, due=one.expires_on,
            reference=one.challenge.reference,
        )
        for one in queries.invitations_for(actor)
    ]  # fmt: skip


def _writing(actor: Actor) -> list[Task]:
    found = db.session.scalars(queries.challenges_for(actor, mine=True)).unique().all()
    mine = [one for one in found if policy.is_author(actor, one) and policy.is_editable(one)]
    returned = _with_points(mine)
    return [_returned(one, returned[one.id]) if one.id in returned else _draft(one) for one in mine]


def _with_points(challenges: list[Challenge]) -> dict[int, int]:
    counts: dict[int, int] = {}
    ids = [one.id for one in challenges]
    rows = db.session.scalars(
        select(ReturnPoint.challenge_id).where(ReturnPoint.challenge_id.in_(ids), ReturnPoint.settled_at.is_(None))
    )
    for challenge_id in rows:
        counts[challenge_id] = counts.get(challenge_id, 0) + 1
    return counts


def _returned(challenge: Challenge, points: int) -> Task:
    return Task(
        title=N_("Mend and send in again: %(title)s"), title_params={"title": challenge.titles},
        reason=N_("The secretariat has asked for %(points)d changes."), reason_params={"points": points},
        endpoint="challenges.edit_challenge", values={"reference": challenge.reference},
        reference=challenge.reference,
    )  # fmt: skip


def _draft(challenge: Challenge) -> Task:
    return Task(
        title=N_("Go on writing: %(title)s"), title_params={"title": challenge.titles},
        reason=N_("The draft has not been submitted yet."), endpoint="challenges.edit_challenge",
        values={"reference": challenge.reference}, reference=challenge.reference,
    )  # fmt: skip


def _screening(actor: Actor) -> list[Task]:
    found, asked_for, unfinished = [], _asked_for(), results.unfinished_journeys()
    for challenge in db.session.scalars(queries.challenges_for(actor)).unique():
        journey, method = challenge.journey, policy.method_for(challenge)
        if policy.state_of(challenge).kind != "waiting":
            continue
        gate = assessments.rubric_gate(method, queries.KIND, RUBRIC)
        if gate is None or journey.state not in gate.from_states:
            found.append(
                Task(
                    title=N_("Screen %(title)s"), title_params={"title": challenge.titles},
                    reason=N_("%(organisation)s has submitted it and waits for an answer."),
                    reason_params={"organisation": challenge.organisation.name}, endpoint="challenges.show_challenge",
                    values={"reference": challenge.reference}, due=queries.answer_due(challenge),
                    reference=challenge.reference,
                )
            )  # fmt: skip
        elif journey.id not in asked_for and (journey.id not in unfinished or _is_late(challenge)):
            found.append(_bring_on(challenge, gate.id, is_assessed=journey.id not in unfinished))
    found += [
        Task(
            title=N_("Answer the objection: %(title)s"), title_params={"title": one.challenge.titles},
            reason=N_("%(organisation)s does not agree with the reasons for declining it."),
            reason_params={"organisation": one.challenge.organisation.name}, endpoint="challenges.answer_objection",
            values={"reference": one.challenge.reference, "objection_id": one.id},
            reference=one.challenge.reference, since=clock.day_of(one.written_at),
        )
        for one in hearing_queries.unanswered_objections()
    ]  # fmt: skip
    inbox = db.session.scalars(strategy.signals(SignalState.OPEN)).all()
    return found + [
        Task(
            title=N_("Read the signal: %(title)s"), title_params={"title": one.title},
            reason=N_("Make a challenge of it, or set it aside."), endpoint="strategy.show_signal",
            values={"signal_id": one.id}, since=clock.day_of(one.noted_at),
        )
        for one in inbox
    ]  # fmt: skip


def _asked_for() -> set[int]:
    """Journeys in which to recommend, to decide or to publish is somebody's task already."""
    return (
        {one.journey_id for one in gates.all_open_requests()}
        | {one.journey_id for one in gates.all_open_recommendations()}
        | {one.journey_id for one in gates.held_decisions()}
    )


def _is_late(challenge: Challenge) -> bool:
    due = queries.answer_due(challenge)
    return due is not None and due < clock.today()


def _bring_on(challenge: Challenge, gate_id: str, *, is_assessed: bool) -> Task:
    return Task(
        title=N_("Bring to a decision: %(title)s"), title_params={"title": challenge.titles},
        reason=N_("The assessments are in, and %(organisation)s waits for an answer.") if is_assessed
        else N_("%(organisation)s has waited longer than was promised."),
        reason_params={"organisation": challenge.organisation.name}, endpoint="workflow.show_gate",
        values={"journey_id": challenge.journey_id, "gate_id": gate_id}, due=queries.answer_due(challenge),
        reference=challenge.reference,
    )  # fmt: skip
