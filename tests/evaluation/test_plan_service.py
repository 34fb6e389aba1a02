"""How a mission is measured: the baseline from before the test, milestones, divided values, small numbers."""

from datetime import date, timedelta

import pytest
from sqlalchemy.orm import Session

from missions_app import clock, db
from missions_app.errors import InvalidInput, NotAllowed
from missions_app.evaluation import import_service, measurement_service, plan_service
from missions_app.evaluation.errors import BaselineMissing, ValuesFiled
from missions_app.evaluation.measurement_service import Value
from missions_app.evaluation.models import Measurement
from missions_app.evaluation.results import for_public, results_of
from missions_app.indicators.indicator_service import IndicatorValues
from missions_app.indicators.models import IndicatorPlan
from missions_app.missions import queries as missions
from missions_app.portfolio.figure import Figure, Row
from missions_app.portfolio.figure import for_public as figure_for_public
from missions_app.workflow.models import Waiver
from tests.factories.accounts import make_actor
from tests.factories.experiments import Planned, make_planned


def own(**values: object) -> IndicatorValues:
    """An own indicator that counts people, with nothing measured yet."""
    whole: dict[str, object] = {
        "label": "Boende i översvämmat läge", "unit": "antal", "direction": "down", "baseline_kind": "before_test",
        "target_value": 10.0, "target_on": clock.today() + timedelta(days=400), "source": "Egen räkning",
    }  # fmt: skip
    return IndicatorValues(**(whole | values))  # type: ignore[arg-type]


def add(case: Planned, **values: object) -> IndicatorPlan:
    return plan_service.add_indicator(case.mission, own(**values), by=case.region.actor("coordinator"))


def file(case: Planned, plan: IndicatorPlan, figure: float | None, *, days_ago: int = 0, **more: object) -> Measurement:
    value = Value(figure, clock.today() - timedelta(days=days_ago), "Räkning", **more)  # type: ignore[arg-type]
    measurement = measurement_service.submit_for_mission(
        mission=case.mission, indicator=plan, value=value, by=case.region.actor("coordinator")
    )
    measurement_service.approve_measurement(
        measurement, by=case.region.actor("decider"), expected_version=measurement.version
    )
    return measurement


def test_a_baseline_left_for_before_the_test_is_entered_in_the_mission_and_then_stands(session: Session) -> None:
    case = make_planned()
    plan, coordinator = add(case), case.region.actor("coordinator")
    with pytest.raises(BaselineMissing):
        file(case, plan, 30.0)
    with pytest.raises(NotAllowed):
        plan_service.add_indicator(case.mission, own(), by=make_actor())

    measured = own(baseline_value=40.0, baseline_on=clock.today() - timedelta(days=30), baseline_kind="measured")
    plan_service.save_indicator(case.mission, plan, measured, by=coordinator, expected_version=plan.version)
    file(case, plan, 25.0)

    assert results_of([plan])[0].share == pytest.approx(0.5)
    nicer = own(baseline_value=60.0, baseline_on=plan.baseline_on)
    version = plan.version
    with pytest.raises(ValuesFiled) as refused:
        plan_service.save_indicator(case.mission, plan, nicer, by=coordinator, expected_version=version)
    assert refused.value.problems[0].field == "baseline_value"
    session.refresh(plan)
    assert (plan.baseline_value, plan.version) == (40.0, version)
    with pytest.raises(ValuesFiled):
        plan_service.remove_indicator(case.mission, plan, by=coordinator, expected_version=version)


def test_a_value_without_a_baseline_is_taken_in_where_the_requirement_is_waived(session: Session) -> None:
    case = make_planned()
    plan, challenge = add(case), missions.challenges_of(case.mission)[0]
    with pytest.raises(BaselineMissing):
        file(case, plan, 30.0)
    with db.transaction() as added:
        added.add(
            Waiver(
                journey_id=challenge.journey.id, criterion="g1.indicators", reason="Ingen kan mäta före.",
                waived_by_id=case.region.people["recommender"].id, waived_as="secretariat", waived_at=clock.now(),
                expires_on=clock.today() + timedelta(days=30),
            )
        )  # fmt: skip

    file(case, plan, 30.0)

    found = results_of([plan])[0]
    assert found.now is not None and (found.now.value, found.share) == (30.0, None)  # missing stays missing


def test_milestones_stand_between_baseline_and_target_and_are_judged_on_what_was_measured_by_their_day(
    session: Session,
) -> None:
    case, today = make_planned(), clock.today()
    base = {"baseline_value": 40.0, "baseline_on": today - timedelta(days=300)}
    for day, code in [("2027-13-01", "not_a_date"), ((today + timedelta(days=401)).isoformat(), "not_on_the_way"),
                      (base["baseline_on"].isoformat(), "not_on_the_way")]:  # type: ignore[attr-defined]  # fmt: skip
        with pytest.raises(InvalidInput) as refused:
            add(case, **base, milestones={day: 20.0})
        assert [(one.code, one.field) for one in refused.value.problems] == [(code, "milestones")]
    days = [today - timedelta(days=200), today - timedelta(days=100), today + timedelta(days=100)]
    plan = add(
        case, **base, milestones={day.isoformat(): aim for day, aim in zip(days, (35.0, 30.0, 20.0), strict=True)}
    )
    file(case, plan, 33.0, days_ago=210)
    file(case, plan, 32.0, days_ago=120)
    file(case, plan, 12.0)

    found = results_of([plan])[0].milestones

    assert [(one.on, one.actual, one.reached) for one in found] == [
        (days[0], 33.0, True), (days[1], 32.0, False), (days[2], None, None),
    ]  # fmt: skip


def test_parts_of_an_amount_make_up_the_whole(session: Session) -> None:
    case = make_planned()
    plan = add(case, baseline_value=40.0, baseline_on=date(2026, 1, 1), split_by="sex")
    for parts, code in [
        ({"Hundar": 3.0}, "unknown_part"), ({"Kvinnor": 20.0, "women": 5.0}, "part_twice"),
        ({"Kvinnor": 20.0, "Män": 15.0}, "parts_differ"),
        ({"women": 10.0, "men": 10.0, "unknown": 5.0}, "parts_differ"),
    ]:  # fmt: skip
        with pytest.raises(InvalidInput) as refused:
            file(case, plan, 30.0, parts=parts)
        assert [one.code for one in refused.value.problems] == [code]
    with pytest.raises(InvalidInput, match="."):
        file(case, plan, None, parts={"women": 1.0})

    one = file(case, plan, 30.0, parts={"Män": 10.0, "Kvinnor": 18.0})
    sheet = f'indikator;dag;värde;källa;uppdelning\n{plan.label_sv};{clock.today()};28;Räkning;"Kvinnor=17; Män=11"'
    import_service.import_measurements(case.mission, sheet, by=case.region.actor("coordinator"))

    assert one.parts == {"women": 18.0, "men": 10.0}
    assert results_of([plan])[0].points[0].parts == {"women": 18.0, "men": 10.0}
    assert session.query(Measurement).order_by(Measurement.id.desc()).first().parts == {"women": 17.0, "men": 11.0}  # type: ignore[union-attr]


def test_small_counts_are_kept_from_everybody_with_all_that_they_could_be_worked_out_from(session: Session) -> None:
    case = make_planned()
    plan = add(case, baseline_value=40.0, baseline_on=date(2026, 1, 1), target_value=0.0)
    file(case, plan, 20.0, days_ago=9)
    everything = results_of([plan])[0]
    assert for_public(everything) is everything
    file(case, plan, 3.0)

    shown = for_public(results_of([plan])[0])

    assert [(one.value, one.is_small) for one in shown.points] == [(20.0, False), (None, True)]
    assert (shown.now, shown.share, shown.change, shown.reached, shown.hides_now) == (None, None, None, None, True)
    assert shown.baseline == 40.0


@pytest.mark.parametrize(
    ("values", "total", "unit", "shown", "rows"),
    [
        ([12.0, 3.0], 15.0, "antal", None, [12.0, None]),  # the sum would give the three away
        ([12.0, 3.0, 2.0], 17.0, "antal", 17.0, [12.0, None, None]),
        ([12.0, 8.0], -3.0, "antal", None, [12.0, 8.0]),  # a small change
        ([12.0, 3.0], 15.0, "ton", 15.0, [12.0, 3.0]),  # nobody is behind a ton
        ([12.0, None], None, "antal", None, [12.0, None]),  # missing is not small
    ],
)
def test_a_reports_figure_as_everybody_may_see_it(
    values: list[float | None], total: float | None, unit: str, shown: float | None, rows: list[float | None]
) -> None:
    figure = Figure("indicators", "indicator.x", total, [Row("a", "a", one) for one in values], unit=unit)
    public = figure_for_public(figure)
    assert (public.value, [row["value"] for row in public.rows]) == (shown, rows)
    assert public.is_small == (total is not None and shown is None)
