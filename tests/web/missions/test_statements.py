"""What the page of a mission costs the database: product figures that hold for whoever opens it, wherever it stands."""

from flask.testing import FlaskClient
from sqlalchemy import event
from sqlalchemy.orm import Session

from missions_app import clock
from missions_app.missions.models import Mission
from missions_app.workflow import gate_service
from missions_app.workflow.subjects import Subject
from tests.factories.accounts import sign_in
from tests.journeys import people
from tests.journeys import region as story
from tests.journeys.way import walk

MOST = 18
WHO = ("coordinator", "recommender", "decider", "representative", "company_admin", "assessor_a", "manager")


def statements(session: Session, client: FlaskClient, mission: Mission) -> int:
    """How many statements the page takes, savepoints aside."""
    address, title = f"/missions/{mission.reference}", mission.title_sv
    seen: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_more: object) -> None:
        if not statement.startswith(("SAVEPOINT", "RELEASE", "ROLLBACK")):
            seen.append(statement)

    connection = session.connection()
    event.listen(connection, "before_cursor_execute", note)
    answer = client.get(address)
    event.remove(connection, "before_cursor_execute", note)
    assert title in answer.text
    return len(seen)


def test_the_page_before_every_checkpoint_takes_few_statements_for_everybody(
    session: Session, client: FlaskClient
) -> None:
    taken: dict[tuple[str, str], int] = {}
    with clock.fixed(people.day(0)):
        region = people.make_region()

    def look_then_decide(subject: Subject, gate: str, outcome: str, decider: str) -> None:
        if isinstance(subject, Mission):
            taken[gate, "visitor"] = statements(session, client.application.test_client(), subject)
            for who in WHO:
                sign_in(client, region.people[who])
                taken[gate, who] = statements(session, client, subject)
        gate_service.decide(
            subject, gate, outcome=outcome, reasons="Kraven är uppfyllda och underlaget håller.",
            by=region.actor(decider), declared=True,
        )  # fmt: skip

    region.decides = look_then_decide
    mission = walk(region, "scale_up")
    with clock.fixed(people.day(150)):
        story.close(region, mission)

    assert {gate for gate, _who in taken} == {"g2", "g5", "g6"}
    assert {key: number for key, number in taken.items() if number > MOST} == {}
