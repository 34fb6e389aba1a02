"""How indicators stand against their targets: for the secretariat, theme by theme."""

from datetime import date

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from missions_app.indicators.queries import indicators_of
from missions_app.portfolio.standing import Stand, stand_of, standings
from tests.factories.accounts import bearer, sign_in
from tests.factories.evaluation import measured, planned_in_the_past


@pytest.mark.parametrize(
    ("reached", "share", "stand"),
    [
        (True, 1.4, Stand.REACHED),
        (True, None, Stand.REACHED),
        (False, 0.6, Stand.ON_THE_WAY),
        (False, 0.0, Stand.NOT_ON_THE_WAY),
        (False, -0.2, Stand.NOT_ON_THE_WAY),
        (False, None, Stand.UNKNOWN),
        (None, None, Stand.UNKNOWN),
    ],
)
def test_a_stand_is_told_from_the_way_gone(reached: bool | None, share: float | None, stand: Stand) -> None:
    assert stand_of(reached, share) is stand


def test_the_newest_value_that_is_not_missing_stands_against_the_target(session: Session) -> None:
    case = planned_in_the_past()
    plan = indicators_of(case.mission.journey)[0]
    assert [one.stand for one in standings()[case.mission.theme]] == [Stand.UNKNOWN]
    assert plan.baseline_value is not None and plan.target_value is not None
    half = (plan.baseline_value + plan.target_value) / 2

    measured(case, half, date(2026, 3, 10))
    measured(case, None, date(2026, 3, 20))
    session.expire_all()

    (found,) = standings()[case.mission.theme]
    assert found.result.now is not None and (found.result.now.value, found.result.now.on) == (half, date(2026, 3, 10))
    assert (found.stand, found.result.share) == (Stand.ON_THE_WAY, pytest.approx(0.5))


def test_what_has_ended_is_left_out(session: Session) -> None:
    case = planned_in_the_past()
    case.mission.journey.state = "closed"
    session.flush()

    assert standings() == {}


def test_the_page_and_the_interface_tell_the_same_to_the_secretariat_alone(
    client: FlaskClient, session: Session
) -> None:
    case = planned_in_the_past()
    plan = indicators_of(case.mission.journey)[0]
    assert plan.target_value is not None
    measured(case, plan.target_value, date(2026, 3, 10))
    url = "/api/v1/overview/indicators"

    (told,) = client.get(url, headers=bearer(case.region.people["decider"])).json
    refused = client.get(url, headers=bearer(case.region.people["researcher"]))
    page = sign_in(client, case.region.people["decider"]).get("/overview").text

    assert (told["mission"], told["value"], told["target"], told["measured_on"], told["share"], told["stand"]) == (
        case.mission.reference, plan.target_value, plan.target_value, "2026-03-10", 1.0, "reached",
    )  # fmt: skip
    assert refused.status_code == 403
    theme = page.split('id="targets"', 1)[1]
    assert plan.label_sv in theme and "1 nått" in theme
