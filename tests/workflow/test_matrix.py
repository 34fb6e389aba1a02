"""Role × state × action for every kind of case: each cell is what the method's file says, nothing else is possible."""

import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.orm import Session

from missions_app import db
from missions_app.accounts.actor import REGION, Actor, Scope, body_scope
from missions_app.accounts.grant_service import revoke
from missions_app.accounts.queries import grants_of
from missions_app.errors import DomainError, NotFound, StaleVersion
from missions_app.workflow import gate_queries, gate_service, journey_queries, journey_service
from missions_app.workflow.errors import MoveHolds, UnknownMove, WrongRole, WrongState
from tests.factories.accounts import grant_role, make_user, sign_in
from tests.factories.challenges import make_submitted
from tests.factories.experiments import make_planned

METHOD = tomllib.loads(Path("config/methods/blekinge-1.toml").read_text("utf-8"))
KINDS = ("challenge", "mission", "experiment")
PLANS = {plan["subject"]: plan for plan in METHOD["journey"]}
ROLES = [role["id"] for role in METHOD["platform_role"] if role["id"] != "visitor"]
BODIES = {body["id"]: body for body in METHOD["body"]}
HIDDEN = ("delete", "g1.approve", "reopen_all", "__init__", "approve", "")
REASON = "Ett skäl som är långt nog för alla."


@pytest.fixture
def cases(session: Session) -> dict[str, Any]:
    """One case of each kind."""
    planned = make_planned()
    return {"challenge": make_submitted(), "mission": planned.mission, "experiment": planned.experiment}


def actors() -> Iterator[tuple[str, Actor]]:
    """Somebody with each role in the whole region, a member of each body, and somebody with no role at all."""
    for role in ROLES:
        yield role, Actor(1, "a", "A", grants=frozenset({(role, REGION)}))
    for body in BODIES:
        yield body, Actor(1, "a", "A", grants=frozenset({("body_member", body_scope(body))}))
    yield "nobody", Actor(1, "a", "A", grants=frozenset({("member", Scope("organisation", "999999"))}))


def is_named(who: str, names: list[str]) -> bool:
    """Whether the file lets this role or body act: by its own name, or by the office a body works through."""
    offices = {BODIES[name]["role"] for name in names if name in BODIES and BODIES[name].get("role")}
    seats = {name for name in names if name in BODIES and not BODIES[name].get("role")}
    if who in BODIES:
        return who in seats or "body_member" in names
    return who in names or who in offices


@pytest.mark.parametrize("kind", KINDS)
def test_every_cell_of_role_state_and_move_is_as_the_method_says(cases: dict[str, Any], kind: str) -> None:
    case, plan, wrong = cases[kind], PLANS[kind], []
    moves = {move["id"]: move for move in plan["move"]}
    others = {move["id"] for other in METHOD["journey"] for move in other["move"]} - moves.keys()
    people = list(actors())
    for state in plan["state"]:
        case.journey.state = state["id"]
        for who, actor in people:
            for name in (*moves, *others, *HIDDEN):
                expected: type[DomainError] | None = None
                if name not in moves:
                    expected = NotFound
                elif not is_named(who, moves[name]["by"]):
                    expected = WrongRole
                elif state["id"] not in moves[name]["from"]:
                    expected = WrongState
                found = _refusal(lambda: journey_queries.get_possible_move(case, name, actor))  # noqa: B023
                if found is not expected:
                    wrong.append((state["id"], who, name, found, expected))
    assert wrong == []
    assert len(people) * len(plan["state"]) * (len(moves) + len(others)) > 500  # it was a matrix


def _refusal(act: Callable[[], object]) -> type[DomainError] | None:
    try:
        act()
    except DomainError as error:
        return type(error)
    return None


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
def test_every_cell_of_role_state_and_gate_is_as_the_method_says(cases: dict[str, Any], kind: str) -> None:
    case, wrong = cases[kind], []
    people = list(actors())
    for gate in (one for one in METHOD["gate"] if one["subject"] == kind):
        elsewhere = next(state["id"] for state in PLANS[kind]["state"] if state["id"] not in gate["from"])
        for state in (gate["from"][0], elsewhere):
            case.journey.state = state
            db.session.flush()
            rights = {who: is_named(who, gate["requested_by"]) for who, _actor in people}
            with db.transaction():
                for who, actor in people:
                    expected = WrongState if state == elsewhere else None if rights[who] else WrongRole
                    found = tried(lambda: ask(case, gate["id"], actor))  # noqa: B023
                    if found is not expected:
                        wrong.append((gate["id"], state, who, found, expected))
    assert wrong == []
    other = next(one["id"] for one in METHOD["gate"] if one["subject"] != kind)
    with db.transaction():
        assert tried(lambda: ask(case, other, people[0][1])) is NotFound
        assert tried(lambda: ask(case, "g99", people[0][1])) is NotFound


def ask(case: Any, gate: str, by: Actor) -> None:
    nobody = Actor(None, by.audit_id, by.name, grants=by.grants)  # a request may be nobody's, so no account is needed
    gate_service.request_gate(case, gate, by=nobody)


def test_a_move_made_again_is_refused_and_changes_nothing(cases: dict[str, Any], session: Session) -> None:
    case = cases["challenge"]
    officer = Actor(make_user().id, "a", "A", grants=frozenset({("secretariat_officer", REGION)}))
    journey_service.move(case, "accept", by=officer, expected_version=case.journey.version)
    entries = len(journey_queries.entries_of(case.journey))

    with pytest.raises(WrongState):
        journey_service.move(case, "accept", by=officer, expected_version=case.journey.version)
    with pytest.raises(UnknownMove):
        journey_service.move(case, "g1.approve", by=officer, expected_version=case.journey.version)

    assert len(journey_queries.entries_of(case.journey)) == entries
    assert gate_queries.decisions_of(case.journey) == []


def test_a_role_taken_away_between_page_and_button_is_refused(client: Any, session: Session) -> None:
    case = make_submitted()
    user = make_user()
    grant_role(user, "secretariat_officer")
    path = f"/journeys/{case.journey.id}/moves/accept"
    assert sign_in(client, user).get(path).status_code == 200
    system = Actor(None, "system", "Missions", is_system=True)
    for grant in grants_of(user):
        revoke(grant, by=system)

    answer = client.post(path, data={"version": str(case.journey.version)})

    assert answer.status_code in (403, 404)
    session.refresh(case.journey)
    assert case.journey.state == "submitted"
