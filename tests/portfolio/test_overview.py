"""What the secretariat's overview costs the database: the same however many missions there are."""

from typing import Any

from flask.testing import FlaskClient
from sqlalchemy import event, inspect
from sqlalchemy.orm import Session

from missions_app import clock
from missions_app.missions.models import Mission
from missions_app.portfolio.overview import MOST_STUCK, stuck_missions
from missions_app.workflow.models import StateEntry
from tests.factories.accounts import sign_in
from tests.factories.experiments import make_planned
from tests.journeys import people

FACTS = 6  # statements that the facts behind one mission's checkpoint take


def copied(row: Any, **changes: object) -> Any:
    kept = {one.key: getattr(row, one.key) for one in inspect(type(row)).column_attrs if one.key != "id"}
    return type(row)(**(kept | changes))


def add_missions(session: Session, like: Mission, number: int) -> None:
    """More missions that stand before the same checkpoint, as long as this one."""
    for _each in range(number):
        journey = copied(like.journey)
        session.add(journey)
        session.flush()
        for entry in session.query(StateEntry).filter_by(journey_id=like.journey_id).all():
            session.add(copied(entry, journey_id=journey.id))
        session.add(copied(like, journey_id=journey.id, reference=f"M-2026-{journey.id + 500}"))
    session.flush()


def statements(session: Session, client: FlaskClient) -> int:
    seen: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_more: object) -> None:
        if not statement.startswith(("SAVEPOINT", "RELEASE", "ROLLBACK")):
            seen.append(statement)

    connection = session.connection()
    event.listen(connection, "before_cursor_execute", note)
    assert "Det som står still" in client.get("/overview").text
    event.remove(connection, "before_cursor_execute", note)
    return len(seen)


def test_forty_missions_cost_what_a_dozen_that_stand_still_cost(client: FlaskClient, session: Session) -> None:
    with clock.fixed(people.day(0)):
        case = make_planned()
    case.mission.journey.state = "evaluation"
    session.flush()
    with clock.fixed(people.day(2000)):
        sign_in(client, case.region.people["decider"]).get("/overview")
        five = _with(session, client, case.mission, 5)
        dozen = _with(session, client, case.mission, MOST_STUCK)
        forty = _with(session, client, case.mission, 40)
        assert len(stuck_missions()) == MOST_STUCK
    assert forty <= dozen
    assert dozen - five <= FACTS * (MOST_STUCK - 5)


def _with(session: Session, client: FlaskClient, like: Mission, number: int) -> int:
    add_missions(session, like, number - session.query(Mission).count())
    return statements(session, client)
