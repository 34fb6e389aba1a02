"""What is to stay within two limits, as it is told, drawn, frozen and taken out."""

import json
from datetime import date, timedelta
from itertools import pairwise
from xml.etree import ElementTree

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from missions_app import clock
from missions_app.evaluation import measurement_service, plan_service
from missions_app.evaluation.measurement_service import Value
from missions_app.evaluation.progress import Point
from missions_app.evaluation.queries import history_of
from missions_app.evaluation.results import result_of, results_of, short_answer
from missions_app.evaluation.verdict import Verdict
from missions_app.indicators.indicator_service import IndicatorValues
from missions_app.indicators.models import IndicatorPlan
from missions_app.portfolio import dossier_service
from missions_app.portfolio.chart_svg import line_svg
from missions_app.portfolio.charts import bullet, line_chart
from missions_app.portfolio.frozen_charts import results_in
from missions_app.portfolio.sentences import standing_of
from missions_app.portfolio.trends import result_in, trend_of
from missions_app.web.filters import plain_date
from tests.factories.accounts import sign_in
from tests.factories.experiments import make_planned

SVG = "{http://www.w3.org/2000/svg}"


def test_both_limits_of_a_range_are_drawn_apart_and_said(client: FlaskClient, session: Session) -> None:
    case = make_planned()
    by, today = case.region.actor("coordinator"), clock.today()
    plan = plan_service.add_indicator(
        case.mission,
        IndicatorValues(
            label="Vattnets pH", unit="pH", direction="range", target_low=7.9, target_value=8.3, baseline_value=7.4,
            baseline_on=today - timedelta(days=90), target_on=today + timedelta(days=400), source="Sond",
        ),
        by=by,
    )  # fmt: skip
    for days, figure in ((40, 7.6), (1, 7.8)):
        filed = measurement_service.submit_for_mission(
            mission=case.mission, indicator=plan, value=Value(figure, today - timedelta(days=days), "Sond"), by=by
        )
        measurement_service.approve_measurement(filed, by=case.region.actor("decider"), expected_version=filed.version)
    (live,) = results_of([plan])
    with clock.fixed(clock.now() + timedelta(days=2)):
        made = dossier_service.make_dossier(case.mission, today, by=by)
    frozen = next(one for one in results_in(json.loads(made.content)) if one.plan.unit == "pH")
    trend = trend_of(plan, list(reversed(history_of([plan]))))
    kept = result_in({"sv": "Gata", "en": "Street", "trend": trend}, {"sv": "pH", "en": "pH"}, "pH")

    assert standing_of(live) == (
        f"Vattnets pH: 7,8 pH, mot 7,4 före missionen. Målet är mellan 7,9 och 8,3 senast {plain_date(plan.target_on)}."
        " Det ligger utanför gränserna. Det är 80 procent av vägen."
    )
    for one in (live, frozen, kept):
        assert one is not None and (one.share, one.reached) == (pytest.approx(0.8), False)
        chart, way = line_chart(one), bullet(one)
        assert chart is not None and way is not None
        said = [text.text for text in ElementTree.fromstring(line_svg(chart)).iter(f"{SVG}text")]
        assert {"Före 7,4", "Högst 8,3", "Minst 7,9", "Nu 7,8"} <= set(said)
        (upper, _at, _text), (lower, _below, _words) = chart.targets
        assert upper < lower and lower - upper > 40  # seen from near: from zero they would be nine apart
        assert "mål mellan 7,9 och 8,3 pH" in chart.description and "mål mellan 7,9 och 8,3 pH" in way.text
        assert way.bar == tuple(sorted(way.targets)) and way.base < way.bar[0]
    secretariat = sign_in(client, case.region.people["decider"])
    for url in ("/overview", f"/missions/{case.mission.reference}/evaluation", f"/missions/{case.mission.reference}"):
        assert "mellan 7,9 och 8,3" in secretariat.get(url).text


@pytest.mark.parametrize(
    ("direction", "low", "high", "value", "answer"),
    [
        ("hold", None, 12.0, 11.0, Verdict.REACHED), ("hold", None, 12.0, 12.5, Verdict.NO_CHANGE),
        ("range", 8.0, 12.0, 11.0, Verdict.REACHED), ("range", 8.0, 12.0, 12.5, Verdict.NO_CHANGE),
        ("range", 20.0, 24.0, 15.0, Verdict.ON_THE_WAY), ("range", 20.0, 24.0, 9.0, Verdict.NO_CHANGE),
    ],
)  # fmt: skip
def test_what_was_to_be_kept_and_was_not_is_not_on_the_way(
    direction: str, low: float | None, high: float, value: float, answer: Verdict
) -> None:
    plan = IndicatorPlan(label_sv="pH", label_en="pH", unit="pH", direction=direction, level="outcome", milestones={},
                         target_low=low, target_value=high, baseline_value=10.0)  # fmt: skip

    assert short_answer([result_of(plan, [Point(date(2026, 2, 1), value)])]) is answer


def test_texts_beside_lines_that_lie_close_do_not_cover_each_other() -> None:
    plan = IndicatorPlan(label_sv="Temperatur", label_en="Temperature", unit="°C", direction="range", milestones={},
                         target_low=23.8, target_value=24.0, baseline_value=23.9, baseline_on=date(2026, 1, 1),
                         source="")  # fmt: skip
    chart = line_chart(result_of(plan, [Point(date(2026, 2, 1), 60.0)]))

    assert chart is not None and chart.base is not None
    places = sorted([chart.base[1], *(at for _y, at, _text in chart.targets)])
    assert all(below - above >= 14 for above, below in pairwise(places))
