"""What those who follow a mission's figures owe, and that what is done is never asked for."""

from datetime import timedelta

import pytest
from dateutil.relativedelta import relativedelta
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from missions_app import clock
from missions_app.accounts.actor import organisation_scope
from missions_app.accounts.tasks import Task
from missions_app.bookings import queries as bookings
from missions_app.errors import NotAllowed
from missions_app.evaluation import measurement_service, plan_service
from missions_app.evaluation.measurement_service import Value
from missions_app.evaluation.tasks import tasks_for
from missions_app.indicators.indicator_service import IndicatorValues
from missions_app.work.reminders import presses
from tests.factories.accounts import actor_of, bearer, grant_role, make_actor, make_user, sign_in
from tests.factories.evaluation import day_of_test
from tests.factories.experiments import Planned, make_planned
from tests.factories.organisations import make_organisation

OWED = ("evaluation.submit_mission_measurement", "evaluation.enter_baseline")


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
    assert [one.endpoint for one in owed(case, "Vattnets nivå")] == ["evaluation.enter_baseline"]

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


def test_those_who_answer_for_an_indicator_are_asked_for_a_missing_baseline_before_the_first_test(
    client: FlaskClient, session: Session
) -> None:
    with day_of_test() as case:
        today = clock.today()
        other = make_organisation("Exempel Mätbolag")
        person = make_user()
        grant_role(person, "member", organisation_scope(other.id))
        plan = plan_service.add_indicator(
            case.mission,
            IndicatorValues(
                label="Nivå", unit="cm", direction="down", baseline_kind="before_test", target_value=2.0,
                target_on=today + timedelta(days=900), source="Givare", owner_id=other.id,
            ),
            by=case.region.actor("coordinator"),
        )  # fmt: skip
        (first,) = bookings.first_use_of([case.mission.id]).values()
        asked = [one for one in tasks_for(actor_of(person)) if one.endpoint in OWED]
        assert [(one.endpoint, one.due, one.values["indicator_id"]) for one in asked] == [(OWED[1], first, plan.id)]
        assert any(presses(one, first - timedelta(days=2)) for one in asked)  # a reminder two days before the test

        address = f"/missions/{case.mission.reference}/indicators/{plan.id}/baseline"
        late = (today + timedelta(days=2)).isoformat()
        page = sign_in(client, person)
        refused = page.post(
            address, data={"value": "9,5", "on": late, "kind": "measured", "version": plan.version}
        ).text
        assert "Välj en dag som har varit." in refused and "9,5" in refused
        given = {"value": "9,5", "on": today.isoformat(), "kind": "measured", "version": str(plan.version)}
        page.post(address, data=given)
        session.refresh(plan)
        assert (plan.baseline_value, plan.baseline_on, plan.baseline_kind) == (9.5, today, "measured")
        assert "har redan ett utgångsläge" in page.post(address, data=given | {"version": str(plan.version)}).text
        assert [one for one in tasks_for(actor_of(person)) if one.endpoint in OWED] == []
        url = f"/api/v1/missions/{case.mission.reference}/indicators/{plan.id}/baseline"
        sent = {"value": 4.0, "on": today.isoformat()}
        stranger = client.put(url, json=sent, headers=bearer(make_user()) | {"If-Match": f'"{plan.version}"'})
        assert stranger.status_code == 403
