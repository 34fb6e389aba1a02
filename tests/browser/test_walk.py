"""One mission goes from draft to closed in a browser, with script and without, and leaves the trail the API leaves."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from playwright.sync_api import Browser
from sqlalchemy.orm import Session

from missions_app import clock
from missions_app.audit.models import AuditEvent
from scripts import demo_server
from scripts.demo_server import DemoServer
from tests.api.test_walk import walk_through
from tests.browser import story
from tests.browser.moments import ON_THE_WAY
from tests.browser.walking import Walker
from tests.databases import empty_database
from tests.journeys.shape import Shape, shape_of

# The story plays in the past and ends before today, so that every day of it can be waited for.
BEGAN_DAYS_AGO = 150
TOLD_APART = 5


@pytest.fixture(scope="module")
def clock_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Tells the server, its worker and the example data which moment it is."""
    file = tmp_path_factory.mktemp("clock") / "now"
    file.write_text((clock.now() - timedelta(days=BEGAN_DAYS_AGO + 1)).isoformat(), "ascii")
    return file


@pytest.fixture(scope="module")
def past(clock_file: Path) -> Iterator[DemoServer]:
    """A demonstration of its own that stands where the clock file says."""
    with empty_database("walk") as url, demo_server.running(url, MISSIONS_CLOCK_FILE=str(clock_file)) as server:
        yield server


def trail_of(server: DemoServer, after: int) -> list[tuple[int, str, str, str]]:
    """The events after one of them, as (id, kind of subject, its reference, action)."""
    engine = sa.create_engine(server.environment["DATABASE_URL"])
    rows = sa.select(AuditEvent.id, AuditEvent.subject_kind, AuditEvent.subject_label, AuditEvent.action).where(
        AuditEvent.id > after
    )
    with engine.connect() as connection:
        found = [tuple(row) for row in connection.execute(rows.order_by(AuditEvent.id))]
    engine.dispose()
    return found  # type: ignore[return-value]


@pytest.fixture
def by_api(session: Session, client: FlaskClient) -> Shape:
    """The trail of the same story told through the API."""
    walk_through(client)
    events = session.execute(sa.select(AuditEvent.subject_kind, AuditEvent.action).order_by(AuditEvent.id))
    return shape_of((kind, action) for kind, action in events)


@pytest.mark.slow
@pytest.mark.parametrize("script", [True, False], ids=["with script", "without script"])
def test_a_mission_goes_from_draft_to_closed_by_nine_people_and_more(
    browser: Browser, past: DemoServer, clock_file: Path, tmp_path: Path, by_api: Shape, script: bool
) -> None:
    begins = clock.today() - timedelta(days=BEGAN_DAYS_AGO)
    use = begins + timedelta(days=100 if script else 100 - TOLD_APART)
    before = max((event[0] for event in trail_of(past, 0)), default=0)
    walk = Walker(browser, past, clock_file, script=script)
    case = story.Case("Torr gata i norr" if script else "Torr gata i söder")

    story.tell(walk, case, tmp_path, begins, use)

    # The example has other bookings, whose days go by meanwhile.
    own = case.booking.split("/")[-1]
    events = [(kind, action) for _id, kind, name, action in trail_of(past, before) if kind != "booking" or name == own]
    told = shape_of(events)
    assert len(walk.acted) >= 9
    assert told.ways == by_api.ways
    assert told.acts == by_api.acts
    if walk.moments:
        assert walk.moments.seen == ON_THE_WAY
        assert walk.moments.faults == []
