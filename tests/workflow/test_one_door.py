"""The one door: every act at a gate as the method's file says, replay, stale pages and rights taken away meanwhile.

The cells of moves stand in tests/architecture/test_rights_matrix.py.
"""

import tomllib
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.orm import Session

from missions_app import clock, db
from missions_app.accounts.actor import REGION, SYSTEM, Actor, Scope, body_scope
from missions_app.accounts.grant_service import revoke
from missions_app.accounts.queries import grants_of
from missions_app.assessments.errors import ReviewsNotIn
from missions_app.errors import DomainError, NotFound, StaleVersion
from missions_app.workflow import gate_queries, gate_service, journey_queries, journey_service
from missions_app.workflow.errors import (
    MoveHolds,
    NotWaivable,
    RecommendationMissing,
    UnknownMove,
    WrongRole,
    WrongState,
)
from tests.factories.accounts import bearer, grant_role, make_secretariat, make_user, sign_in
from tests.factories.challenges import make_submitted
from tests.factories.experiments import make_planned
from tests.journeys import people as story_people
from tests.journeys import region as story

METHOD = tomllib.loads(Path("config/methods/blekinge-1.toml").read_text("utf-8"))
KINDS = ("challenge", "mission", "experiment")
PLANS = {plan["subject"]: plan for plan in METHOD["journey"]}
ROLES = [role["id"] for role in METHOD["platform_role"] if role["id"] != "visitor"]
BODIES = {body["id"]: body for body in METHOD["body"]}
REASON = "Ett skäl som är långt nog för alla."
REVIEWED = "g5"  # nothing is recommended there before the reviews are in
# A move of each kind of case that the secretariat makes from where `cases` stand.
MADE = {"challenge": "accept", "mission": "withdraw", "experiment": "cancel"}


@pytest.fixture
def cases(session: Session) -> dict[str, Any]:
    """One case of each kind."""
    planned = make_planned()
    return {"challenge": make_submitted(), "mission": planned.mission, "experiment": planned.experiment}


def actors(user_id: int) -> Iterator[tuple[str, Actor]]:
    """Somebody with each role in the whole region, a member of each body, and somebody with no role at all."""
    for role in ROLES:
        yield role, Actor(user_id, "a", "A", grants=frozenset({(role, REGION)}))
    for body in BODIES:
        yield body, Actor(user_id, "a", "A", grants=frozenset({("body_member", body_scope(body))}))
    yield "nobody", Actor(user_id, "a", "A", grants=frozenset({("member", Scope("organisation", "999999"))}))


def is_named(who: str, names: list[str]) -> bool:
    """Whether the file lets this role or body act: by its own name, or by the office a body works through."""
    offices = {BODIES[name]["role"] for name in names if name in BODIES and BODIES[name].get("role")}
    seats = {name for name in names if name in BODIES and not BODIES[name].get("role")}
    if who in BODIES:
        return who in seats or "body_member" in names
    return who in names or who in offices


class Undo(Exception):
    """Ends a try without keeping what it did."""


def tried(act: Callable[[], object]) -> type[DomainError] | None:
    """How a service refuses; what it wrote is undone either way."""
    try:
        with db.session.begin_nested():
            act()
            raise Undo
    except DomainError as error:
        return type(error)
    except Undo:
        return None


@pytest.mark.parametrize("kind", KINDS)
def test_every_declared_move_is_made_by_the_one_door_or_refused_with_what_is_missing(
    cases: dict[str, Any], kind: str
) -> None:
    case = cases[kind]
    officer = Actor(make_user().id, "a", "A", grants=frozenset((role, REGION) for role in ROLES))
    for move in PLANS[kind]["move"]:
        for state in move["from"]:
            case.journey.state = state
            db.session.flush()
            with db.transaction():
                version = case.journey.version
                assert tried(lambda: move_case(case, move["id"], officer, version - 1)) is StaleVersion  # noqa: B023
                found = tried(lambda: move_case(case, move["id"], officer, version))  # noqa: B023
            assert found not in (UnknownMove, WrongRole, WrongState, StaleVersion), (move["id"], found)
            if "guard" in move:
                assert found in (None, MoveHolds), move["id"]


def move_case(case: Any, move: str, by: Actor, version: int) -> None:
    journey_service.move(case, move, by=by, expected_version=version, reason=REASON)


@pytest.mark.parametrize("kind", KINDS)
def test_every_act_at_a_gate_is_refused_to_those_whom_the_method_does_not_name(
    cases: dict[str, Any], kind: str
) -> None:
    case, wrong, seen = cases[kind], [], 0
    people = list(actors(make_user().id))
    for gate in (one for one in METHOD["gate"] if one["subject"] == kind):
        elsewhere = next(state["id"] for state in PLANS[kind]["state"] if state["id"] not in gate["from"])
        for state in (gate["from"][0], elsewhere):
            case.journey.state = state
            db.session.flush()
            decider = gate_queries.standing(case, gate["id"]).decider
            with db.transaction():
                for who, actor in people:
                    for act, names, open_answer in acts_at(gate, decider):
                        expected: Any = WrongState if state == elsewhere else open_answer
                        if act == "waive":
                            expected = None if is_named(who, names) else NotWaivable
                        elif expected is open_answer and not is_named(who, names):
                            expected = WrongRole
                        found = tried(lambda: ACTS[act](case, gate, actor))  # noqa: B023
                        seen += 1
                        if found is not expected:
                            wrong.append((gate["id"], state, who, act, found, expected))
    assert wrong == []
    assert seen > 100  # it was a matrix
    other = next(one for one in METHOD["gate"] if one["subject"] != kind)
    with db.transaction():
        for act in ("request", "recommend", "decide"):
            assert tried(lambda: ACTS[act](case, other, people[0][1])) is NotFound  # noqa: B023
            assert tried(lambda: ACTS[act](case, other | {"id": "g99"}, people[0][1])) is NotFound  # noqa: B023


def acts_at(gate: dict[str, Any], decider: str) -> Iterator[tuple[str, list[str], type[DomainError] | None]]:
    """(act, whom the file names, the answer to them): nothing is reviewed or recommended, so that nobody can decide."""
    yield "request", gate["requested_by"], None
    yield "recommend", gate["recommended_by"], ReviewsNotIn if gate["id"] == REVIEWED else None
    yield "decide", [decider], RecommendationMissing
    yield "waive", [waivable(gate)["waivable_by"]], None


def waivable(gate: dict[str, Any]) -> dict[str, Any]:
    """The first criterion of a gate that somebody may set aside."""
    found = [one for one in gate["criterion"] if one["waivable_by"] != "none"]
    return dict(found[0])


ACTS: dict[str, Callable[[Any, dict[str, Any], Actor], object]] = {
    "request": lambda case, gate, by: gate_service.request_gate(case, gate["id"], by=by),
    "recommend": lambda case, gate, by: gate_service.recommend(
        case, gate["id"], outcome=gate["outcome"][0]["id"], reasons=REASON, by=by
    ),
    "decide": lambda case, gate, by: gate_service.decide(
        case, gate["id"], outcome=gate["outcome"][0]["id"], reasons=REASON, by=by, declared=True
    ),
    "waive": lambda case, gate, by: gate_service.waive(
        case, waivable(gate)["id"], reason=REASON, expires_on=clock.today() + timedelta(days=9), by=by
    ),
}


def test_only_the_secretariat_publishes_what_is_kept_back(session: Session) -> None:
    region = story_people.make_region()
    challenge = story.write_challenge(region)
    story.prepare_first_gate(region, challenge)
    gate_service.recommend(challenge, "g1", outcome="reject", reasons=REASON, by=region.actor("recommender"))
    decision = gate_service.decide(
        challenge, "g1", outcome="reject", reasons=REASON, by=region.actor("decider"), declared=True, publish=False
    )
    wrong = []
    with db.transaction():
        for who, actor in actors(make_user().id):
            found = tried(lambda: gate_service.publish_decision(decision, subject=challenge, by=actor))  # noqa: B023
            if found is not (None if is_named(who, ["secretariat"]) else WrongRole):
                wrong.append((who, found))
    assert wrong == []


@pytest.mark.parametrize("kind", KINDS)
def test_a_move_made_again_is_refused_and_changes_nothing(cases: dict[str, Any], kind: str) -> None:
    case, officer = cases[kind], make_secretariat()
    decided = gate_queries.decisions_of(case.journey)
    move_case(case, MADE[kind], officer, case.journey.version)
    state, entries = case.journey.state, len(journey_queries.entries_of(case.journey))

    with pytest.raises(WrongState):
        move_case(case, MADE[kind], officer, case.journey.version)
    for hidden in ("g1.approve", "g2.approve", "g3.approve", "delete", *(MADE[one] + "_all" for one in KINDS)):
        with pytest.raises(UnknownMove):
            move_case(case, hidden, officer, case.journey.version)

    assert (case.journey.state, len(journey_queries.entries_of(case.journey))) == (state, entries)
    assert gate_queries.decisions_of(case.journey) == decided


@pytest.mark.parametrize("kind", KINDS)
def test_a_role_taken_away_between_page_and_button_is_refused(client: Any, cases: dict[str, Any], kind: str) -> None:
    case, user = cases[kind], make_user()
    grant_role(user, "secretariat_officer")
    path, state = f"/journeys/{case.journey.id}/moves/{MADE[kind]}", case.journey.state
    page = sign_in(client, user).get(path)
    assert "version" in page.text
    for grant in grants_of(user):
        revoke(grant, by=SYSTEM)

    answer = client.post(path, data={"version": str(case.journey.version), "reason": REASON})
    told = client.post(
        f"/api/v1/cases/{case.reference}/moves", json={"move": MADE[kind], "reason": REASON},
        headers={**bearer(user), "If-Match": f'"{case.journey.version}"'},
    )  # fmt: skip

    assert page.status_code == 200
    assert answer.status_code in (403, 404)
    assert told.status_code in (403, 404)
    db.session.refresh(case.journey)
    assert case.journey.state == state
