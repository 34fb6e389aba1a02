"""What those who follow a mission's figures owe, and that what is done is never asked for."""

from datetime import timedelta

import pytest
from dateutil.relativedelta import relativedelta
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from missions_app import clock
from missions_app.accounts.actor import organisation_scope
from missions_app.accounts.tasks import Task
from missions_app.errors import NotAllowed
from missions_app.evaluation import measurement_service, plan_service
from missions_app.evaluation.measurement_service import Value
from missions_app.evaluation.tasks import tasks_for
from missions_app.indicators.indicator_service import IndicatorValues
from tests.factories.accounts import actor_of, grant_role, make_actor, make_user, sign_in
from tests.factories.experiments import Planned, make_planned
from tests.factories.organisations import make_organisation

OWED = ("evaluation.submit_mission_measurement", "evaluation.edit_indicator")


def owed(case: Planned, label: str) -> list[Task]:
    found = tasks_for(case.region.actor("coordinator"))
    return [one for one in found if one.endpoint in OWED and str(getattr(one.title_params["what"], "sv", "")) == label]


def test_a_baseline_and_then_values_are_owed_until_they_are_handed_in(session: Session) -> None:
    case, today = make_planned(), clock.today()
    by = case.region.actor("coordinator")
    wanted = {"label": "Vattnets nivå", "unit": "cm", "direction": "down", "frequency": "monthly",
              "target_value": 2.0, "target_on": today + timedelta(days=900), "source": "Givare"}  # fmt: skip
    plan = plan_service.add_indicator(
        case.mission,
        IndicatorValues(**wanted, baseline_kind="before_test"),
        by=by,  # type: ignore[arg-type]
    )
    assert [one.endpoint for one in owed(case, "Vattnets nivå")] == ["evaluation.edit_indicator"]

    measured = IndicatorValues(**wanted, baseline_value=9.0, baseline_on=today)  # type: ignore[arg-type]
    plan_service.save_indicator(case.mission, plan, measured, by=by, expected_version=plan.version)
    assert owed(case, "Vattnets nivå") == []  # a month is left

    with clock.fixed(clock.now() + timedelta(days=40)):
        waits = owed(case, "Vattnets nivå")
        assert [(one.endpoint, one.due) for one in waits] == [(OWED[0], today + relativedelta(months=1))]
        nothing = Value(None, clock.today(), "Givaren stod stilla")
        measurement_service.submit_for_mission(mission=case.mission, indicator=plan, value=nothing, by=by)
        assert owed(case, "Vattnets nivå") == []
        assert [one for one in tasks_for(make_actor()) if one.endpoint in OWED] == []


def test_those_who_answer_for_an_indicator_are_asked_and_hand_in_its_values_only(
    client: FlaskClient, session: Session
) -> None:
    case, today = make_planned(), clock.today()
    other = make_organisation("Exempel Mätbolag")
    person, lead = make_user(), case.region.actor("coordinator")
    grant_role(person, "member", organisation_scope(other.id))
    values = {"unit": "cm", "direction": "hold", "frequency": "monthly", "source": "Givare", "baseline_value": 9.0,
              "baseline_on": today, "target_value": 9.0, "target_on": today + timedelta(days=900)}  # fmt: skip
    theirs, not_theirs = (
        plan_service.add_indicator(case.mission, IndicatorValues(label=label, **values, owner_id=owner), by=lead)  # type: ignore[arg-type]
        for label, owner in (("Nivå", other.id), ("Flöde", None))
    )
    address = f"/missions/{case.mission.reference}/measurements/new"
    with clock.fixed(clock.now() + timedelta(days=40)):
        actor = actor_of(person)
        assert [str(one.title_params["what"].sv) for one in tasks_for(actor) if one.endpoint in OWED] == ["Nivå"]  # type: ignore[attr-defined]
        page = sign_in(client, person).get(address).text
        assert "Nivå" in page and "Flöde" not in page
        value = Value(9.5, clock.today(), "Avläst på plats")
        with pytest.raises(NotAllowed):
            measurement_service.submit_for_mission(mission=case.mission, indicator=not_theirs, value=value, by=actor)
        measurement_service.submit_for_mission(mission=case.mission, indicator=theirs, value=value, by=actor)
        assert [one for one in tasks_for(actor) if one.endpoint in OWED] == []
    assert sign_in(client, make_user()).get(address).status_code == 403
