"""What machines that watch are told."""

import sqlalchemy as sa
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from missions_app.outbox import jobs


def test_the_process_answers_and_is_ready(client: FlaskClient, session: Session) -> None:
    assert client.get("/healthz").text == "ok\n"
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json) == (200, {"status": "ready", "faults": []})


def test_a_database_without_its_guard_is_not_ready(client: FlaskClient, session: Session) -> None:
    if session.get_bind().dialect.name == "postgresql":
        session.execute(sa.text("ALTER TABLE reservation DROP CONSTRAINT reservation_no_overlap"))
    else:
        session.execute(sa.text("DROP TRIGGER reservation_no_overlap_insert"))

    answer = client.get("/readyz")

    assert answer.status_code == 503
    assert len(answer.json["faults"]) == 1
    assert "reservation_no_overlap" in answer.json["faults"][0]


def test_metrics_count_what_waits(client: FlaskClient, session: Session) -> None:
    jobs.queue("mail", dedupe_key="one", to="a@example.se")
    session.commit()

    text = client.get("/metrics").text

    assert 'missions_jobs{state="waiting"} 1\n' in text
    assert "# TYPE missions_jobs_oldest_wait_seconds gauge\n" in text
