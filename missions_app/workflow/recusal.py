"""Who may not handle a checkpoint since something ties them to those who take part, and who has stepped aside.

Packages above know what ties a person to a case; `wiring.py` registers them. Whoever the method takes from the case
itself (its coordinator, the site's manager) is tied to it by what they are, so only what they declare counts.
"""

from collections.abc import Callable, Sequence

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from missions_app import clock, db
from missions_app.accounts.actor import Actor
from missions_app.errors import InvalidInput, Problem
from missions_app.i18n import N_
from missions_app.workflow.errors import TooCloseToCase
from missions_app.workflow.gate_queries import GateStanding
from missions_app.workflow.journey_records import records_of
from missions_app.workflow.method import Method
from missions_app.workflow.method_parts import Text
from missions_app.workflow.models import GateDecision, Journey, Recusal
from missions_app.workflow.rights import acts_as_any
from missions_app.workflow.subjects import Subject, scopes_of

LONGEST_SEAT = 200

TieSource = Callable[[int, Subject], Sequence[Problem]]
PartySource = Callable[[Subject], Sequence[str]]
_ties: list[TieSource] = []
_parties: list[PartySource] = []


def add_ties(source: TieSource) -> None:
    """Let `source(user_id, subject)` say, one sentence each, what ties a person to a case."""
    if source not in _ties:
        _ties.append(source)


def add_parties(source: PartySource) -> None:
    """Let `source(subject)` name the organisations that take part in a case."""
    if source not in _parties:
        _parties.append(source)


def parties_of(subject: Subject) -> list[str]:
    """The names of those who take part, for whoever declares their interests."""
    return sorted({name for source in _parties for name in source(subject)})


def recusals_at(journey: Journey, gate_id: str) -> Sequence[Recusal]:
    """Those who have stepped aside at a gate since it was last decided, in order."""
    return db.session.scalars(
        select(Recusal)
        .where(
            Recusal.journey_id == journey.id, Recusal.gate == gate_id, Recusal.decision_id.is_(None),
            Recusal.withdrawn_at.is_(None),
        )
        .options(joinedload(Recusal.user))
        .order_by(Recusal.id)
    ).all()  # fmt: skip


def recusals_of(decision: GateDecision) -> Sequence[Recusal]:
    """Those who had stepped aside when a decision was made, or the one that it corrects, in order."""
    ids, older = [decision.id], decision.corrects_id
    while older is not None:
        ids.append(older)
        older = db.session.get_one(GateDecision, older).corrects_id
    return db.session.scalars(
        select(Recusal).where(Recusal.decision_id.in_(ids)).options(joinedload(Recusal.user)).order_by(Recusal.id)
    ).all()


def made_public(journey: Journey) -> Sequence[Recusal]:
    """Those who had stepped aside when the published decisions of a case were made, in order. Told in public by their
    function, never by name."""
    records = records_of(journey)
    public = {one.id for one in records.decisions if one.published_at is not None}
    return [one for one in records.recusals if one.decision_id in public]


def in_function(one: Recusal, method: Method) -> Text:
    """In which function somebody stepped aside: as written in the decision, or the role acted in."""
    return Text(sv=one.seat, en=one.seat) if one.seat else method.who(one.acted_as)


def note_seats(decision: GateDecision, seats: Sequence[str]) -> None:
    """Keep with a decision those members without an account who stepped aside, each by function. The caller's
    transaction.

    Raises:
        InvalidInput: one is too long.
    """
    named = [one.strip() for one in seats if one.strip()]
    if any(len(one) > LONGEST_SEAT for one in named):
        text = N_("Write the function in at most %(most)d characters.")
        raise InvalidInput.of([Problem("too_long", text, "recused", {"most": LONGEST_SEAT})])
    db.session.add_all(
        Recusal(
            journey_id=decision.journey_id, gate=decision.gate, seat=one, acted_as=decision.decided_as, reason="",
            declared_at=clock.now(), decision_id=decision.id,
        )
        for one in named
    )  # fmt: skip


def find_own(actor: Actor, journey: Journey, gate_id: str) -> Recusal | None:
    """The actor's own stepping aside at a gate, if there is one."""
    return next((one for one in recusals_at(journey, gate_id) if one.user_id == actor.user_id), None)


def ties_against(actor: Actor, who: str, subject: Subject, method: Method) -> list[Problem]:
    """What ties somebody to a case, when acting as a body or for it; [] for roles that belong to the case itself."""
    if actor.user_id is None or who not in method.body_ids:
        return []
    return [problem for source in _ties for problem in source(actor.user_id, subject)]


def reasons_against(actor: Actor, who: str, subject: Subject, gate_id: str, method: Method) -> list[Problem]:
    """Why somebody who acts as `who` may not handle a gate; [] when nothing stands in the way."""
    found = ties_against(actor, who, subject, method)
    if find_own(actor, subject.journey, gate_id) is not None:
        found.append(Problem("stepped_aside", N_("You have stepped aside.")))
    return found


def bars_to(actor: Actor, standing: GateStanding, subject: Subject) -> list[Problem]:
    """Why somebody who recommends or decides at a gate may not handle it, for the page; [] for everybody else."""
    method, scopes = standing.method, scopes_of(subject)
    role = acts_as_any(actor, [standing.decider, *standing.gate.recommended_by], scopes, method)
    return reasons_against(actor, role, subject, standing.gate.id, method) if role else []


def require_impartial(actor: Actor, who: str, subject: Subject, gate_id: str, method: Method) -> None:
    """Refuse somebody who is tied to the case or has stepped aside.

    Raises:
        TooCloseToCase.
    """
    if actor.is_system:
        return
    if found := reasons_against(actor, who, subject, gate_id, method):
        raise TooCloseToCase(reasons=found)
