"""Reading journeys: where a case is, how it came there and what may be done next."""

from collections.abc import Sequence

from missions_app import db
from missions_app.accounts.actor import Actor
from missions_app.errors import NotFound
from missions_app.workflow.errors import WrongRole, WrongState
from missions_app.workflow.journey_records import records_of
from missions_app.workflow.method import Move
from missions_app.workflow.method_service import method_of
from missions_app.workflow.models import Journey, StateEntry
from missions_app.workflow.rights import acts_as_any
from missions_app.workflow.subjects import Subject, scopes_of


def get_journey(journey_id: int) -> Journey:
    """The journey, or NotFound."""
    journey = db.session.get(Journey, journey_id)
    if journey is None:
        raise NotFound()
    return journey


def entries_of(journey: Journey) -> Sequence[StateEntry]:
    """Every step the case has taken, oldest first."""
    return records_of(journey).entries


def possible_moves(subject: Subject, actor: Actor) -> list[Move]:
    """The declared moves the actor may make from the present state; guards are tried when the move is made."""
    journey = subject.journey
    method = method_of(journey.method_version)
    return [
        move
        for move in method.moves_from(journey.subject_kind, journey.state)
        if acts_as_any(actor, move.by, scopes_of(subject), method)
    ]


def get_possible_move(subject: Subject, move_id: str, actor: Actor) -> Move:
    """The move, if it is declared, the actor may make it, and the case is in a state it starts from."""
    journey = subject.journey
    method = method_of(journey.method_version)
    move = method.find_move(journey.subject_kind, move_id)
    if move is None:
        raise NotFound()
    if not acts_as_any(actor, move.by, scopes_of(subject), method):
        raise WrongRole(who=[method.who(one) for one in move.by])
    if journey.state not in move.from_states:
        raise WrongState(reference=subject.reference, state=method.state(journey.subject_kind, journey.state).label)
    return move
