"""Role × state × act for everything that travels through the method, and for the lines of bookings: each cell is what
the method's file declares.

The file is read here as plain TOML, apart from the engine, so that the two have to agree.
"""

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy.orm import Session

from missions_app import db
from missions_app.accounts.actor import ANONYMOUS, REGION, Actor, Scope, body_scope, organisation_scope, site_scope
from missions_app.bookings import approval_service, cancel_service
from missions_app.bookings.approval_service import Asked
from missions_app.bookings.errors import NeedsNewDay, NoSuchStep
from missions_app.bookings.models import Booking, Line, LineState
from missions_app.errors import DomainError, NotAllowed, NotFound
from missions_app.paths import METHODS
from missions_app.workflow import gate_doors, journey_queries
from missions_app.workflow.errors import WrongRole, WrongState
from missions_app.workflow.method_service import method_of
from tests.factories.accounts import actor_of, make_user
from tests.factories.bookings import make_booking
from tests.factories.organisations import method_in_force

FILE = tomllib.loads((METHODS / "blekinge-1.toml").read_text("utf-8"))
JOURNEYS = {one["subject"]: one for one in FILE["journey"]}
CASE, ELSEWHERE = Scope("case", "1"), Scope("case", "2")
BODIES = {one["id"]: one.get("role", "") for one in FILE["body"]}
HIDDEN = ("delete", "g1.approve", "reopen_all", "__init__", "approve", "")
STEPS = {(one["from"], one["to"], one["by"]) for one in FILE["booking_transition"]}
LINE_STATES = [one["id"] for one in FILE["booking_state"]]
ANSWERS = ("approved", "conditional", "needs_info", "declined")
WORDS = "Så blir det den här gången."
ROLES = [one["id"] for one in FILE["platform_role"]]


@dataclass
class Case:
    """Something in a state, with one place where roles for it are held."""

    journey: Any
    id: int = 1
    reference: str = "X-1"
    title: str = "Case"
    scopes: frozenset[Scope] = field(default_factory=lambda: frozenset({CASE}))


def someone(*grants: tuple[str, Scope]) -> Actor:
    """Somebody with these rights."""
    return Actor(user_id=1, audit_id="u-1", name="Somebody", grants=frozenset(grants))


def people() -> dict[str, Actor]:
    """A visitor, a stranger, each role where it counts, in the region and elsewhere, and a member of each body."""
    found = {"visitor": ANONYMOUS, "stranger": someone()}
    for role in ROLES:
        for name, scope in (("here", CASE), ("region", REGION), ("elsewhere", ELSEWHERE)):
            found[f"{role} {name}"] = someone((role, scope))
    for body in BODIES:
        found[f"seat in {body}"] = someone(("body_member", body_scope(body)))
    return found


def named(who: list[str], person: str) -> bool:
    """Whether the file's list names this person."""
    for one in who:
        if one in BODIES:
            # A right in the whole region counts everywhere, also in every body.
            holds = {f"{BODIES[one]} region"} if BODIES[one] else {f"seat in {one}", "body_member region"}
        else:
            holds = {f"{one} here", f"{one} region"}
        if person in holds:
            return True
    return False


def cells() -> Iterator[tuple[str, str]]:
    """Every state of every journey."""
    for kind, journey in JOURNEYS.items():
        for state in journey["state"]:
            yield kind, state["id"]


@pytest.fixture
def version(session: Session) -> Any:
    """The adopted method."""
    return method_in_force()


def case_of(kind: str, state: str, version: Any) -> Case:
    return Case(SimpleNamespace(id=0, subject_kind=kind, state=state, method_version=version, version=1))


@pytest.mark.parametrize(("kind", "state"), list(cells()))
def test_a_move_is_open_to_those_whom_the_method_names_in_the_states_it_names(
    version: Any, kind: str, state: str
) -> None:
    case, wrong = case_of(kind, state, version), []
    for person, actor in people().items():
        expected = {
            one["id"] for one in JOURNEYS[kind].get("move", []) if state in one["from"] and named(one["by"], person)
        }
        if {one.id for one in journey_queries.possible_moves(case, actor)} != expected:
            wrong.append((person, sorted(expected)))
    assert wrong == []


@pytest.mark.parametrize(("kind", "state"), list(cells()))
def test_a_move_that_is_not_open_is_refused_for_its_own_reason(version: Any, kind: str, state: str) -> None:
    case, wrong = case_of(kind, state, version), []
    for move in JOURNEYS[kind].get("move", []):
        for person, actor in people().items():
            expected = (
                WrongRole if not named(move["by"], person) else None if state in move["from"] else WrongState
            )  # fmt: skip
            if _refusal(lambda: journey_queries.get_possible_move(case, move["id"], actor)) is not expected:  # noqa: B023
                wrong.append((move["id"], person))
    assert wrong == []


@pytest.mark.parametrize(("kind", "state"), list(cells()))
def test_what_the_method_does_not_declare_is_no_move_for_anybody(version: Any, kind: str, state: str) -> None:
    case = case_of(kind, state, version)
    own = {one["id"] for one in JOURNEYS[kind].get("move", [])}
    others = {one["id"] for journey in JOURNEYS.values() for one in journey.get("move", [])} - own
    wrong = [
        (move, person)
        for move in (*others, *HIDDEN)
        for person, actor in people().items()
        if _refusal(lambda: journey_queries.get_possible_move(case, move, actor)) is not NotFound  # noqa: B023
    ]
    assert wrong == []


@pytest.mark.parametrize("gate", [one["id"] for one in FILE["gate"]])
def test_a_gate_is_worked_by_those_whom_the_method_names(version: Any, gate: str) -> None:
    declared = next(one for one in FILE["gate"] if one["id"] == gate)
    case, method, wrong = case_of(declared["subject"], declared["from"][0], version), method_of(version), []
    acts = {
        "request": declared["requested_by"],
        "recommend": declared["recommended_by"],
        "decide": [declared["decided_by"]],
        **{one["id"]: [one["waivable_by"]] for one in declared["criterion"] if one["waivable_by"] != "none"},
        **{f"attest {one['id']}": [one["params"]["role"]] for one in declared["criterion"] if one["check"] == "attest"},
    }
    for act, who in acts.items():
        for person, actor in people().items():
            expected = None if named(who, person) else WrongRole
            if _refusal(lambda: gate_doors.require(actor, who, case, method)) is not expected:  # noqa: B023
                wrong.append((act, person))
    assert wrong == []


def users_of(booking: Booking) -> dict[str, Actor]:
    """Everybody who might touch a line: who asked, their colleague, managers here and elsewhere, every role."""
    site, user_id = booking.lines[0].resource.site_id, make_user().id
    found = {"requester": actor_of(booking.requested_by)}
    scopes = {"organisation": organisation_scope(booking.organisation_id), "elsewhere": ELSEWHERE}
    for role in ROLES:
        for name, scope in {**scopes, "site": site_scope(site), "region": REGION}.items():
            grants = frozenset({(role, scope)})
            found[f"{role} {name}"] = Actor(user_id=user_id, audit_id="u", name="U", grants=grants)
    return found | {"stranger": Actor(user_id=user_id, audit_id="u", name="U")}


@pytest.mark.parametrize("state", LINE_STATES)
def test_a_line_is_answered_and_given_back_by_those_whom_the_method_names(session: Session, state: str) -> None:
    booking = make_booking()
    line, wrong = booking.lines[0], []
    everybody = users_of(booking)
    line.state = LineState(state)
    session.flush()
    seen = line.version
    for person, actor in everybody.items():
        manages = person in ("site_manager site", "site_manager region")
        asked = person == "requester"
        for to in ANSWERS:
            answered = None if (state, to, "site_manager") in STEPS else NoSuchStep
            expected = NotAllowed if not manages else NeedsNewDay if state == "postponed" else answered
            found = _tried(lambda: answer(line, to, actor, seen))  # noqa: B023
            if found is not expected:
                wrong.append((person, to, found, expected))
        by = "experiment_lead" if asked else "site_manager"
        ends = (state, "cancelled", by) in STEPS or state == "draft"
        expected = NotAllowed if not (manages or asked) else None if ends else NoSuchStep
        found = _tried(lambda: cancel_service.cancel_line(line, reason=WORDS, by=actor, expected_version=seen))  # noqa: B023
        if found is not expected:
            wrong.append((person, "cancelled", found, expected))
    assert wrong == []


def answer(line: Line, to: str, by: Actor, seen: int) -> None:
    conditions = [Asked("Stäng grinden efter er.")] if to == "conditional" else []
    approval_service.decide_line(line, LineState(to), reason=WORDS, by=by, expected_version=seen, conditions=conditions)


class Undo(Exception):
    """Ends a try without keeping what it did."""


def _tried(act: Any) -> type[DomainError] | None:
    """How a service refuses; what it wrote is undone either way."""
    try:
        with db.transaction(), db.session.begin_nested():
            act()
            raise Undo
    except DomainError as error:
        return type(error)
    except Undo:
        return None


def _refusal(act: Any) -> type[DomainError] | None:
    try:
        act()
    except DomainError as error:
        return type(error)
    return None
