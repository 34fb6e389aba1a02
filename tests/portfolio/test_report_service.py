"""Follow-up reports: figures that match the record of a day and stand still afterwards."""

from datetime import date, timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from missions_app import clock
from missions_app.accounts.models import User
from missions_app.audit.models import AuditEvent
from missions_app.errors import InvalidInput, NotAllowed, StaleVersion
from missions_app.evaluation import measurement_service, plan_service
from missions_app.evaluation.measurement_service import Value
from missions_app.indicators.indicator_service import IndicatorValues
from missions_app.indicators.queries import indicators_of
from missions_app.partnerships.queries import partners_of
from missions_app.portfolio import queries, report_service
from missions_app.portfolio.errors import AlreadyPublished
from missions_app.portfolio.figure import coverage, for_public, parts_in
from missions_app.portfolio.figures import count_figures
from missions_app.portfolio.models import FollowUpReport, ReportFigure
from missions_app.portfolio.overview import stuck_missions
from missions_app.portfolio.programme import eu_rows
from missions_app.workflow.method_service import method_in_force
from tests.factories.accounts import sign_in
from tests.factories.evaluation import measured, planned_in_the_past
from tests.factories.experiments import Planned, make_mission, make_planned
from tests.journeys import people


def make_report(case: Planned, ends_on: date = date(2026, 3, 31)) -> FollowUpReport:
    return report_service.make_report(
        title="Första kvartalet", starts_on=date(2026, 3, 1), ends_on=ends_on, by=case.region.actor("decider")
    )


def figures_of(report: FollowUpReport) -> dict[str, tuple[float | None, int]]:
    return {one.key: (one.value, len(one.rows)) for one in report.figures}


@pytest.mark.story(11)
def test_the_figures_are_those_of_the_last_day_and_do_not_change_afterwards(session: Session) -> None:
    case = planned_in_the_past()
    old = measured(case, 12.0, date(2026, 3, 10))

    report = make_report(case)
    frozen = figures_of(report)
    plan = indicators_of(case.mission.journey)[0]
    values = queries.get_figure(report, f"indicator.{plan.library_key}")
    assert [(row["value"], row["id"]) for row in values.rows] == [(12.0, old.id)]
    assert frozen["stage.testing"] == (1.0, 1)
    assert frozen["organisations"] == (4.0, 4)

    measured(case, 20.0, date(2026, 3, 20))
    with clock.fixed(people.START.replace(month=5)):
        correction = measurement_service.correct_measurement(
            old, Value(14.0, old.measured_on, "Nivågivare"), reason="Givaren var fel kalibrerad den veckan.",
            by=case.region.actor("coordinator"), expected_version=old.version,
        )  # fmt: skip
        measurement_service.approve_measurement(
            correction, by=case.region.actor("decider"), expected_version=correction.version
        )
    session.expire_all()

    assert figures_of(queries.get_report(report.reference)) == frozen
    assert [one.reference for one in queries.reports_using(old.id)] == [report.reference]
    assert list(queries.reports_using(correction.id)) == []


def test_what_counts_is_what_was_approved_by_the_last_day(session: Session) -> None:
    case = planned_in_the_past()
    measured(case, 12.0, date(2026, 3, 10))
    key = f"indicator.{indicators_of(case.mission.journey)[0].library_key}"

    def value_at(day: date) -> float | None:
        found = next(one for one in count_figures(date(2026, 3, 1), day) if one.key == key)
        return found.rows[0].value

    assert value_at(date(2026, 3, 10)) is None
    assert value_at(date(2026, 3, 11)) == 12.0


def test_what_nobody_has_entered_is_not_set_and_not_zero(session: Session) -> None:
    case = planned_in_the_past()

    found = figures_of(make_report(case))

    assert found["delivered"] == (None, 0)
    assert found["eu.RCR01"] == (None, 0)
    assert found["waivers"] == (0.0, 0)


def test_an_enterprise_counts_once_in_however_many_missions(session: Session) -> None:
    case = planned_in_the_past()
    partners = [one for one in partners_of(case.mission) if one.organisation_id == case.region.company.id]
    partners[0].size_class = "small"

    rows = eu_rows([*partners, *partners], [], method_in_force())

    assert [row.reference for row in rows["RCO01"]] == [case.region.company.slug]
    before, case.region.company.size_class = rows["RCO01"], "large"  # it has grown since it joined
    assert eu_rows(partners, [], method_in_force())["RCO01"] == before


def test_a_report_locks_its_days(session: Session) -> None:
    case = planned_in_the_past()
    make_report(case)

    with pytest.raises(InvalidInput) as refused:
        measurement_service.submit_for_mission(
            mission=case.mission, indicator=indicators_of(case.mission.journey)[0],
            value=Value(1.0, date(2026, 3, 15), "Nivågivare"), by=case.region.actor("coordinator"),
        )  # fmt: skip

    assert [one.code for one in refused.value.problems] == ["period_locked"]


@pytest.mark.parametrize(
    ("title", "starts_on", "ends_on", "field"),
    [
        ("", date(2026, 1, 1), date(2026, 3, 31), "title"),
        ("Rapport", date(2026, 4, 1), date(2026, 3, 31), "starts_on"),
        ("Rapport", date(2026, 1, 1), date(2999, 3, 31), "ends_on"),
    ],
)
def test_a_period_that_cannot_be_frozen_is_refused(
    session: Session, title: str, starts_on: date, ends_on: date, field: str
) -> None:
    case = make_planned()

    with pytest.raises(InvalidInput) as refused:
        report_service.make_report(title=title, starts_on=starts_on, ends_on=ends_on, by=case.region.actor("decider"))

    assert refused.value.field == field
    assert session.scalars(select(FollowUpReport)).all() == []


def test_only_the_secretariat_makes_reports(session: Session) -> None:
    case = make_planned()

    with pytest.raises(NotAllowed):
        report_service.make_report(
            title="Rapport", starts_on=date(2026, 1, 1), ends_on=date(2026, 3, 31), by=case.region.actor("coordinator")
        )


def test_a_published_report_stands(session: Session) -> None:
    case = planned_in_the_past()
    report, by = make_report(case), case.region.actor("decider")
    with pytest.raises(StaleVersion):
        report_service.word_report(report, summary="S", risks="", by=by, expected_version=report.version + 1)
    report_service.word_report(report, summary="Bra fart.", risks="", by=by, expected_version=report.version)

    report_service.publish_report(report, by=by, expected_version=report.version)

    with pytest.raises(AlreadyPublished):
        report_service.word_report(report, summary="Annat", risks="", by=by, expected_version=report.version)
    assert report.summary == "Bra fart."
    actions = session.scalars(select(AuditEvent.action).where(AuditEvent.action.like("follow_up.%"))).all()
    assert list(actions) == ["follow_up.made", "follow_up.worded", "follow_up.published"]


def test_a_mission_past_its_typical_time_stands_still(session: Session) -> None:
    case = planned_in_the_past()
    with clock.fixed(people.day(30)):
        assert stuck_missions() == []
    with clock.fixed(people.day(78 * 7 + 10)):
        assert [(one.mission.id, one.stage.id) for one in stuck_missions()] == [(case.mission.id, "testing")]


def divided_figure(*values: tuple[float, dict[str, float]], key: str = "ka.stormwater") -> ReportFigure:
    """An indicator by municipality in two missions, of which only the first has the values; as a report froze it."""
    case = planned_in_the_past()
    with clock.fixed(people.day(0)):
        missions = [case.mission, make_mission(case.region)]
        by = case.region.actor("decider")
        wanted = IndicatorValues(
            library_key=key, baseline_value=0.0, baseline_on=date(2026, 1, 1), target_value=900.0,
            target_on=date(2029, 1, 1), source="Mätning", split_by="municipality",
        )  # fmt: skip
        plan, _other = (plan_service.add_indicator(one, wanted, by=by) for one in missions)
    for number, (whole, parts) in enumerate(values):
        with clock.fixed(people.day(10 + number)):
            value = Value(whole, clock.today(), "Nivågivare", parts=parts)
            filed = measurement_service.submit_for_mission(
                mission=case.mission, indicator=plan, value=value, by=case.region.actor("coordinator")
            )
            measurement_service.approve_measurement(filed, by=by, expected_version=filed.version)
    report = report_service.make_report(
        title="R", starts_on=date(2026, 1, 1), ends_on=clock.today() - timedelta(1), by=by
    )
    return queries.get_figure(report, f"indicator.{key}.municipality")


def test_parts_of_an_indicator_are_put_together_over_missions_and_say_what_they_rest_on(
    client: FlaskClient, session: Session
) -> None:
    found = divided_figure((40.0, {"1080": 30.0, "1082": 10.0}), (50.0, {"1080": 35.0, "1082": 15.0}))

    told = {
        name["sv"]: (total and (total.total, total.counted, total.missions)) for name, total, _rows in parts_in(found)
    }
    assert told == {"Karlshamn": (15.0, 1, 2), "Karlskrona": (35.0, 1, 2)}
    assert found.value is None  # parts are never added to each other
    whole = queries.get_figure(found.report, "indicator.ka.stormwater")
    assert (whole.value, coverage(whole)) == (50.0, (1, 2))
    assert [one[1] for one in whole.rows[0]["trend"]["points"]] == [40.0, 50.0]

    page = sign_in(client, session.get_one(User, found.report.made_by_id))
    shown = page.get(f"/reports/{found.report.reference}/figures/{found.key}").text
    assert "1 av 2 missioner har ett värde" in shown and "Karlskrona" in shown
    drawn = page.get(f"/reports/{found.report.reference}/figures/{whole.key}").text
    assert "m-chart--line" in drawn and "50" in drawn


def test_an_amount_nobody_has_a_value_of_is_missing_and_not_said_to_be_a_level(
    client: FlaskClient, session: Session
) -> None:
    with clock.fixed(people.day(0)):
        case = make_planned()
        by = case.region.actor("decider")
        wanted = IndicatorValues(
            library_key="hav.n_load", baseline_value=900.0, baseline_on=date(2026, 1, 1), target_value=450.0,
            target_on=date(2029, 1, 1), source="Mätning",
        )  # fmt: skip
        plan_service.add_indicator(case.mission, wanted, by=by)
    report = make_report(case)

    page = sign_in(client, session.get_one(User, report.made_by_id))
    shown = page.get(f"/reports/{report.reference}/figures/indicator.hav.n_load").text

    assert "Ingen mission har ännu både ett utgångsvärde och ett värde" in shown and "summeras aldrig" not in shown
    assert "saknas, se var för sig" in page.get(f"/reports/{report.reference}").text


def test_of_a_divided_indicator_with_a_small_part_nothing_of_the_parts_is_public(session: Session) -> None:
    found = divided_figure((47.0, {"1080": 45.0, "1082": 2.0}), key="ks.open_data")

    assert [total for _name, total, _rows in parts_in(for_public(found))] == [None, None]
    assert [row["value"] for row in for_public(found).rows if row["id"]] == [None, None]


def test_decisions_are_told_together_and_by_what_each_checkpoint_came_to(session: Session) -> None:
    case = planned_in_the_past()

    found = {one.key: one for one in make_report(case).figures if one.group == "decisions"}

    parts = [one for key, one in found.items() if key.startswith("decisions.")]
    assert found["decisions"].value == sum(one.value or 0 for one in parts) > 0
    rows = sorted(row["sv"] for row in found["decisions"].rows)
    assert sorted(row["sv"] for one in parts for row in one.rows) == rows
    assert found["decisions.g1.approve"].label == {
        "sv": "Utmaningen antas: Anta utmaningen", "en": "Challenge adopted: Adopt the challenge",
    }  # fmt: skip
    assert found["decisions.g2.approve"].label["sv"] == "Partnerskapet är klart"
