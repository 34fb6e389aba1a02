"""Story 5: a waiver leaves a trace."""

from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from missions_app import clock, db
from missions_app.portfolio.figures import count_figures
from missions_app.workflow import gate_queries
from tests.factories.accounts import sign_in, sign_out
from tests.factories.experiments import make_mission
from tests.journeys import people
from tests.journeys import region as story

WHY = "Byalaget kommer med i höst; till dess för kommunen de boendes talan."
REASONS = "Allt annat är på plats och gatan byggs om i april."


@pytest.mark.story(5)
def test_a_waiver_lets_the_mission_pass_and_shows_everywhere(client: FlaskClient, session: Session) -> None:
    region = people.make_region()
    mission = make_mission(region)
    story.gather_partners(region, mission)
    with db.transaction():
        region.university.sector, region.village.sector = "public", "business"
    gate = f"/gates/{mission.journey.id}/g2"
    unmet = [one.criterion.id for one in gate_queries.standing(mission, "g2").blocking]
    assert unmet == ["g2.sectors"]

    sign_in(client, region.people["recommender"])
    page = client.get(gate).text
    assert f"{gate}/waive/g2.sectors" in page
    with db.transaction():
        mission.ip_model = ""
    page = client.get(gate).text
    assert "g2.ipdata" in page  # missing now, and nobody may set it aside
    assert f"{gate}/waive/g2.ipdata" not in page
    assert client.post(f"{gate}/waive/g2.ipdata", data=waiver(mission)).status_code != 303
    with db.transaction():
        mission.ip_model = "owner_keeps"

    assert client.post(f"{gate}/waive/g2.sectors", data=waiver(mission)).status_code == 303
    paper = client.get(f"{gate}/paper").text
    assert WHY in paper
    version = str(mission.journey.version)
    recommended = {"version": version, "outcome": "approve", "reasons": REASONS}
    assert client.post(f"{gate}/recommend", data=recommended).status_code == 303
    sign_in(client, region.people["decider"])
    decided = recommended | {"decided_on": clock.today().isoformat(), "publish": "at_once", "declared": "y"}
    assert client.post(f"{gate}/decide", data=decided).status_code == 303

    db.session.refresh(mission.journey)
    assert mission.journey.state == "testing"
    for reader, path in ((None, f"/missions/{mission.reference}"), ("decider", gate)):
        sign_in(client, region.people[reader]) if reader else sign_out(client)
        shown = client.get(path).text
        assert WHY in shown
        assert "Minst tre av fyra sektorer" in shown
        assert "av Strategins sekretariat:" in shown
    figures = client.get("/method/versions/1/statistics").text
    row = figures[figures.index("g2.sectors") :].split("</tr>")[0]
    assert 'data-label="Avsteg" class="m-num">1</td>' in row and row.count('class="m-num">1</td>') == 1
    assert WHY in figures and "av Strategins sekretariat:" in figures
    for reader, told in (("recommender", True), ("representative", False)):
        sign_in(client, region.people[reader])
        work = client.get("/work").text
        assert ("Minst tre av fyra sektorer deltar med åtagande, <b>en gång</b>" in work) is told
    given = clock.today()
    with clock.fixed(clock.now() + timedelta(days=1)):
        counted = {one.key: one for one in count_figures(given, given)}
    assert [(one.sv, one.reference) for one in counted["waivers"].rows] == [
        (f"{mission.title}: Minst tre av fyra sektorer deltar med åtagande. "
         f"Avsteg {given.isoformat()} av Strategins sekretariat: ”{WHY}”", mission.reference)
    ]  # fmt: skip


def waiver(mission) -> dict[str, str]:  # type: ignore[no-untyped-def]
    until = clock.today() + timedelta(days=60)
    return {"version": str(mission.journey.version), "reason": WHY, "expires_on": until.isoformat()}
