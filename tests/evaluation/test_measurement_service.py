"""Measurements: approved before they count, corrected and never overwritten, settled when they have been reported."""

from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from missions_app import clock
from missions_app.errors import InvalidInput, NotAllowed
from missions_app.evaluation import import_service, measurement_service, queries
from missions_app.evaluation.errors import AlreadySettled, CorrectionWaits, OwnMeasurement
from missions_app.evaluation.measurement_service import Value
from missions_app.evaluation.models import Measurement, MeasurementState
from missions_app.evaluation.results import results_of, short_answer
from missions_app.evaluation.verdict import Verdict
from missions_app.indicators.models import IndicatorPlan
from missions_app.indicators.queries import indicators_of
from tests.factories.accounts import sign_in
from tests.factories.experiments import Planned, make_planned

LATE = "Laboratoriet lämnade svaret två veckor efter att perioden hade redovisats."


def first_indicator(case: Planned) -> IndicatorPlan:
    return indicators_of(case.mission.journey)[0]


def value(figure: float | None, *, days_ago: int = 0, unit: str = "") -> Value:
    return Value(figure, clock.today() - timedelta(days=days_ago), "Nivågivare", "± 5 procent", unit)


def filed(case: Planned, figure: float | None, *, days_ago: int = 0, reason: str = "") -> Measurement:
    return measurement_service.submit_for_mission(
        mission=case.mission, indicator=first_indicator(case), value=value(figure, days_ago=days_ago),
        by=case.region.actor("coordinator"), reason=reason,
    )  # fmt: skip


def approve(case: Planned, measurement: Measurement) -> None:
    measurement_service.approve_measurement(
        measurement, by=case.region.actor("decider"), expected_version=measurement.version
    )


def test_a_value_counts_when_somebody_else_has_approved_it(session: Session) -> None:
    case = make_planned()
    measurement = filed(case, 15.0)
    assert [one.now for one in results_of([first_indicator(case)])] == [None]

    with pytest.raises(OwnMeasurement):
        measurement_service.approve_measurement(
            measurement, by=case.region.actor("coordinator"), expected_version=measurement.version
        )
    approve(case, measurement)

    found = results_of([first_indicator(case)])
    assert [(one.now.value if one.now else None, one.share) for one in found] == [(15.0, 0.5)]
    assert short_answer(found) is Verdict.ON_THE_WAY


def test_a_missing_value_says_why_and_leaves_the_answer_open(session: Session) -> None:
    case = make_planned()
    approve(case, filed(case, None))

    assert short_answer(results_of([first_indicator(case)])) is Verdict.UNKNOWN


def test_a_correction_keeps_the_old_value_readable(session: Session) -> None:
    case = make_planned()
    old = filed(case, 15.0)
    approve(case, old)

    new = measurement_service.correct_measurement(
        old, value(18.0), reason="Givaren var fel kalibrerad i mars.", by=case.region.actor("coordinator"),
        expected_version=old.version,
    )  # fmt: skip
    assert results_of([first_indicator(case)])[0].now is not None
    approve(case, new)

    assert (old.state, old.value) == (MeasurementState.CORRECTED, 15.0)
    assert [one.value for one in queries.corrections_of(new)] == [15.0, 18.0]
    assert results_of([first_indicator(case)])[0].share == 0.6
    with pytest.raises(AlreadySettled):
        measurement_service.correct_measurement(
            old, value(1.0), reason="En gång till, av misstag.", by=case.region.actor("coordinator"),
            expected_version=old.version,
        )  # fmt: skip


def test_a_value_has_one_correction_at_a_time_and_a_form_sent_twice_is_one(session: Session) -> None:
    case, why = make_planned(), "Givaren var fel kalibrerad i mars."
    by, old = case.region.actor("coordinator"), filed(case, 15.0)
    approve(case, old)
    seen = old.version

    def correct(one: Measurement, figure: float) -> Measurement:
        return measurement_service.correct_measurement(
            one, value(figure), reason=why, by=by, expected_version=one.version
        )

    first = correct(old, 18.0)
    assert correct(old, 18.0) is first
    with pytest.raises(CorrectionWaits):
        correct(old, 19.0)
    second = correct(first, 20.0)
    approve(case, second)

    assert old.version > seen
    assert [(one.value, one.state) for one in queries.corrections_of(old)] == [
        (15.0, MeasurementState.CORRECTED), (18.0, MeasurementState.CORRECTED), (20.0, MeasurementState.APPROVED),
    ]  # fmt: skip
    assert [point.value for point in results_of([first_indicator(case)])[0].points] == [20.0]


def test_a_value_may_be_typed_in_another_unit_and_says_so(session: Session) -> None:
    case = make_planned()
    plan = first_indicator(case)
    plan.unit = "h"
    session.flush()

    measurement = measurement_service.submit_for_mission(
        mission=case.mission, indicator=plan, value=value(90.0, unit="minuter"), by=case.region.actor("coordinator")
    )

    assert (measurement.value, measurement.entered) == (1.5, "90 minuter")


def test_a_unit_that_cannot_be_turned_into_the_indicators_is_refused(session: Session) -> None:
    case = make_planned()
    wrong = Value(1.0, clock.today(), "Våg", unit="kg")

    with pytest.raises(InvalidInput) as refused:
        measurement_service.submit_for_mission(
            mission=case.mission, indicator=first_indicator(case), value=wrong, by=case.region.actor("coordinator")
        )

    assert [(one.code, one.field) for one in refused.value.problems] == [("wrong_unit", "unit")]


def test_a_late_value_in_a_reported_period_needs_a_reason_and_the_secretariat(session: Session) -> None:
    case = make_planned()
    today = clock.today()
    measurement_service.lock_period(
        title="Uppföljning", starts_on=today - timedelta(days=30), ends_on=today, by=case.region.actor("decider")
    )

    with pytest.raises(InvalidInput) as refused:
        filed(case, 12.0, days_ago=3)
    assert [(one.code, one.field) for one in refused.value.problems] == [("period_locked", "reason")]

    measurement = filed(case, 12.0, days_ago=3, reason=LATE)
    assert measurement.late_in is not None
    assert measurement.late_in.title == "Uppföljning"
    other = case.region.actor("representative")
    with pytest.raises(NotAllowed):
        measurement_service.approve_measurement(measurement, by=other, expected_version=measurement.version)
    approve(case, measurement)
    assert measurement.state is MeasurementState.APPROVED


def test_outsiders_file_nothing(session: Session) -> None:
    case = make_planned()

    with pytest.raises(NotAllowed):
        measurement_service.submit_for_mission(
            mission=case.mission, indicator=first_indicator(case), value=value(1.0),
            by=case.region.actor("company_admin"),
        )  # fmt: skip


def sheet(case: Planned, *rows: str) -> str:
    return "\n".join(["indikator;dag;värde;källa", *(f"{first_indicator(case).label_sv};{row}" for row in rows)])


def test_a_sheet_is_judged_row_by_row_and_nothing_is_kept(session: Session) -> None:
    case = make_planned()
    text = sheet(
        case,
        "2026-01-05;12,5;Givare",
        "2026-13-05;1;Givare",
        "2026-01-06;många;Givare",
        "2026-01-07;;Trasig",
        "2026-01-08;nan;Givare",
        "2026-01-09;1e999;Givare",
        "2026-01-05;12,5;Givare",
    )

    fates = import_service.judge(case.mission, text, by=case.region.actor("coordinator"))

    told = [(one.line, [problem.code for problem in one.problems]) for one in fates]
    assert told == [
        (2, []),
        (3, ["not_a_date"]),
        (4, ["not_a_number"]),
        (5, []),
        (6, ["not_a_number"]),
        (7, ["not_a_number"]),
        (8, ["row_twice"]),
    ]
    assert list(queries.history_of([first_indicator(case)])) == []


def test_everything_wrong_in_a_row_is_told_at_once_by_column(session: Session) -> None:
    case = make_planned()
    text = "indikator;dag;värde;källa;försök;uppdelning\nNågot annat;i går;många;Givare;F-1;Karlskrona\n"

    (fate,) = import_service.judge(case.mission, text, by=case.region.actor("coordinator"))

    assert [(one.code, one.field) for one in fate.problems] == [
        ("unknown_indicator", "indicator"), ("not_a_number", "value"), ("not_a_date", "measured_on"),
        ("not_a_division", "parts"), ("unknown_experiment", "experiment"),
    ]  # fmt: skip


def test_a_sheet_sent_at_once_shows_what_becomes_of_each_row_when_it_is_refused(
    client: FlaskClient, session: Session
) -> None:
    case = make_planned()
    page = sign_in(client, case.region.people["coordinator"])

    text = sheet(case, "2026-01-05;12,5;Givare", "i går;1;Givare")
    shown = page.post(f"/missions/{case.mission.reference}/measurements/import", data={"sheet": text, "act": "import"})

    assert "Vad som händer med varje rad" in shown.text
    assert "dag: Skriv datumet som år-månad-dag" in shown.text
    assert list(queries.history_of([first_indicator(case)])) == []


def test_a_sheet_is_taken_in_whole_or_not_at_all(session: Session) -> None:
    case, good = make_planned(), "2026-01-05;12,5;Givare"
    by = case.region.actor("coordinator")

    with pytest.raises(InvalidInput) as refused:
        import_service.import_measurements(case.mission, sheet(case, good, "2999-01-01;1;Givare"), by=by)
    assert [(one.code, one.field) for one in refused.value.problems] == [("in_the_future", "line 3")]
    assert list(queries.history_of([first_indicator(case)])) == []

    assert (
        import_service.import_measurements(case.mission, sheet(case, good, "46028;−1;Giv\x00are"), by=by) == 2
    )  # as a spreadsheet counts
    assert [one.value for one in queries.history_of([first_indicator(case)])] == [-1.0, 12.5]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "columns_missing"),
        ("indikator;värde\nx;1", "columns_missing"),
        ("indikator;dag;källa", "no_rows"),
        ("indikator;dag;källa\na\rb;2026-01-05;x", "unreadable"),
    ],
)
def test_a_sheet_without_what_is_needed_says_so(session: Session, text: str, code: str) -> None:
    case = make_planned()

    with pytest.raises(InvalidInput) as refused:
        import_service.judge(case.mission, text, by=case.region.actor("coordinator"))

    assert refused.value.problems[0].code == code


def test_what_is_no_number_or_has_no_room_is_refused_at_its_field(session: Session) -> None:
    case = make_planned()
    for wrong, field in (
        (Value(float("inf"), clock.today(), "Givare"), "value"),
        (Value(float("nan"), clock.today(), "Givare"), "value"),
        (Value(1.0, clock.today(), "Givare", "±" * 201), "uncertainty"),
        (Value(1.0, clock.today(), "Givare", evidence_link="https://" + "a" * 500), "evidence_link"),
    ):  # fmt: skip
        with pytest.raises(InvalidInput) as refused:
            measurement_service.submit_for_mission(
                mission=case.mission, indicator=first_indicator(case), value=wrong, by=case.region.actor("coordinator")
            )
        assert [one.field for one in refused.value.problems] == [field]


def test_a_form_sent_twice_files_one_value(session: Session) -> None:
    case = make_planned()
    with clock.fixed(clock.now()):
        first, again, other = filed(case, 5.0), filed(case, 5.0), filed(case, 6.0)
    with clock.fixed(clock.now() + timedelta(seconds=11)):
        later = filed(case, 5.0)

    assert again is first
    assert len({first.id, other.id, later.id}) == 3
