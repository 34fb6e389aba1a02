"""What the page of a challenge answers first: where it stands, whose turn it is, and what to press."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import current_app, url_for

from missions_app import clock
from missions_app.accounts.actor import Actor
from missions_app.accounts.policy import is_secretariat
from missions_app.challenges import hearing_queries, merge_queries, policy, queries
from missions_app.challenges.challenge_service import SUBMIT
from missions_app.challenges.merge_service import MERGE, SPLIT
from missions_app.challenges.models import Challenge
from missions_app.challenges.screening_service import RETURN
from missions_app.comments.models import Visibility
from missions_app.i18n import _, current_locale
from missions_app.missions import queries as missions
from missions_app.moments import plain_date
from missions_app.workflow import gate_queries, journey_queries, recusal
from missions_app.workflow.method import Move
from missions_app.workflow.method_parts import State, Text
from missions_app.workflow.models import GateDecision
from missions_app.workflow.policy import knows

# Moves that need more than a reason have a page of their own.
OWN_PAGES = {
    RETURN: "challenges.return_challenge", MERGE: "challenges.merge_challenge", SPLIT: "challenges.split_challenge",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Button:
    """A link that looks like a button."""

    label: str
    url: str


@dataclass(frozen=True, slots=True)
class Turn:
    """The answer and the next act. kind: "" or "signal" or "quiet"."""

    title: str
    text: str
    buttons: Sequence[Button] = ()
    kind: str = ""
    points: Sequence[str] = ()


def published_decisions(challenge: Challenge, actor: Actor) -> list[GateDecision]:
    """Decisions the reader may know of, newest first."""
    every = gate_queries.decisions_of(challenge.journey)
    return [one for one in every if knows(actor, one)]


def recused_of(challenge: Challenge) -> dict[int, list[Text]]:
    """Decision -> in which functions somebody had stepped aside when it was made."""
    method, found = policy.method_for(challenge), defaultdict(list)
    for one in recusal.made_public(challenge.journey):
        found[one.decision_id or 0].append(recusal.in_function(one, method))
    return dict(found)


def turn_for(challenge: Challenge, actor: Actor, state: State) -> Turn:
    """Whose turn it is, said to this reader."""
    if state.kind == "open":
        return _open_turn(challenge, actor)
    if state.kind == "waiting":
        return _waiting_turn(challenge, actor, state)
    return _ended_turn(challenge, actor, state)


def _open_turn(challenge: Challenge, actor: Actor) -> Turn:
    points = [one.text for one in queries.points_of(challenge)]
    owner = challenge.organisation.name
    if not policy.can_read_whole(actor, challenge):
        title = _("%(owner)s is mending the challenge", owner=owner)
        return Turn(title, _("It comes back when it is ready."), (), "quiet")
    if not policy.can_edit(actor, challenge):
        return Turn(_("%(owner)s is writing", owner=owner), _("Nothing has been decided yet."), (), "quiet", points)
    buttons = [
        Button(_("Go on writing"), url_for("challenges.edit_challenge", reference=challenge.reference)),
        *_moves(challenge, actor, skip={SUBMIT}),
    ]
    if points:
        text = _("The secretariat has asked for this. Mend it and send the challenge in again.")
        return Turn(_("Your turn: mend and send in again"), text, buttons, "signal", points)
    text = _("Only you who write, your organisation and the secretariat see the draft.")
    return Turn(_("Your turn: write on and send in"), text, buttons)


def _waiting_turn(challenge: Challenge, actor: Actor, state: State) -> Turn:
    due = queries.answer_due(challenge)
    day = _day(due)
    if not is_secretariat(actor):
        text = _("You get an answer on %(day)s at the latest.", day=day) if policy.is_author(actor, challenge) else ""
        return Turn(_("The secretariat’s turn: %(state)s", state=_label(state).lower()), text, _moves(challenge, actor))
    buttons = _moves(challenge, actor)
    if _is_assessed(challenge):
        buttons = [
            Button(_("Assessment"), url_for("assessments.show_panel", journey_id=challenge.journey_id)),
            Button(_("Checkpoint"), _gate_url(challenge)), *buttons,
        ]  # fmt: skip
        title = _("Your turn: have it assessed and decide")
    else:
        title = _("Your turn: take it up, or send it back")
    return Turn(title, _("%(owner)s waits for an answer, on %(day)s at the latest.",
                         owner=challenge.organisation.name, day=day), buttons)  # fmt: skip


def _ended_turn(challenge: Challenge, actor: Actor, state: State) -> Turn:
    mission = missions.find_mission_of(challenge)
    if mission is not None and "missions.show_mission" in current_app.view_functions:
        link = Button(_("To the mission"), url_for("missions.show_mission", reference=mission.reference))
        return Turn(_("The challenge is adopted"), _("It goes on as a mission."), [link])
    merge = merge_queries.merge_of(challenge)
    if merge is not None and policy.can_read(actor, merge.into):
        other = merge.into
        link = Button(_("To %(reference)s", reference=other.reference), _page_url(other))
        skip = set() if policy.may_take_in(other) else {SPLIT}
        text = _("It goes on as part of “%(title)s”. What was written stays readable.", title=other.title)
        return Turn(_label(state), text, [link, *_moves(challenge, actor, skip=skip)], "quiet")
    return _declined_turn(challenge, actor, state)


def _declined_turn(challenge: Challenge, actor: Actor, state: State) -> Turn:
    """Who was declined without a decision at a checkpoint sees the reasons, and may answer once."""
    declined = hearing_queries.last_decline(challenge)
    if declined is None or not policy.can_read_whole(actor, challenge):
        return Turn(_label(state), _("What was written stays readable."), _moves(challenge, actor), "quiet")
    objection, buttons = hearing_queries.objection_to(declined), _moves(challenge, actor)
    if objection is None and policy.can_edit(actor, challenge):
        page = url_for("challenges.object_to_decline", reference=challenge.reference)
        buttons = [Button(_("Answer the reasons"), page), *buttons]
    elif objection is not None and objection.answered_at is None and is_secretariat(actor):
        page = url_for("challenges.answer_objection", reference=challenge.reference, objection_id=objection.id)
        buttons = [Button(_("Answer the objection"), page), *buttons]
    return Turn(_label(state), declined.reason, buttons, "quiet")


def _page_url(challenge: Challenge) -> str:
    return url_for("challenges.show_challenge", reference=challenge.reference)


def circles_open(challenge: Challenge, actor: Actor, circles: Sequence[Visibility]) -> list[Visibility]:
    """The circles the actor may write to now."""
    open_now = policy.may_comment_openly(actor, challenge, clock.today())
    return [one for one in circles if one is not Visibility.PUBLIC or open_now]


def comment_period(challenge: Challenge) -> tuple[str, date, date] | None:
    """("before", "now" or "after", first day, last day) of the time in which everybody may comment, if one is set."""
    first, last = challenge.comments_from, challenge.comments_until
    if first is None or last is None:
        return None
    today = clock.today()
    return ("before" if today < first else "after" if today > last else "now", first, last)


def _moves(challenge: Challenge, actor: Actor, skip: set[str] | None = None) -> list[Button]:
    return [
        Button(move.label.in_(current_locale()), _move_url(challenge, move))
        for move in journey_queries.possible_moves(challenge, actor)
        if move.id not in (skip or set())
    ]


def _move_url(challenge: Challenge, move: Move) -> str:
    if endpoint := OWN_PAGES.get(move.id):
        return url_for(endpoint, reference=challenge.reference)
    return url_for("workflow.make_move", journey_id=challenge.journey_id, move_id=move.id)


def _gate_url(challenge: Challenge) -> str:
    gate = policy.method_for(challenge).gates_of(queries.KIND)[0]
    return url_for("workflow.show_gate", journey_id=challenge.journey_id, gate_id=gate.id)


def _is_assessed(challenge: Challenge) -> bool:
    gates = policy.method_for(challenge).gates_of(queries.KIND)
    return any(challenge.journey.state in gate.from_states for gate in gates)


def _label(state: State) -> str:
    return state.label.in_(current_locale())


def _day(day: date | None) -> str:
    return plain_date(day)


def thread_of(challenge: Challenge, actor: Actor) -> list[tuple[Any, str, bool, str]]:
    """(when, what happened, whether it was a decision, "") for the history, as far as the reader may know it."""
    method, whole = policy.method_for(challenge), policy.can_read_whole(actor, challenge)
    rows = []
    for entry in journey_queries.entries_of(challenge.journey):
        state = method.state(queries.KIND, entry.to_state)
        if not (whole or (state.public and challenge.submitted_at is not None)):
            continue
        rows.append((entry.at, _label(state), "." in entry.by_move, ""))
    return list(reversed(rows))


def next_step(challenge: Challenge) -> Button:
    """What the secretariat does next with a challenge in its queue."""
    if _is_assessed(challenge):
        return Button(_("Assessment"), url_for("assessments.show_panel", journey_id=challenge.journey_id))
    return Button(_("Read and screen"), url_for("challenges.show_challenge", reference=challenge.reference))
