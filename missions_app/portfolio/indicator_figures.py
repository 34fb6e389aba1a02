"""The figures of a report that say how the indicators stand over missions, as counted at the end of a day."""

from collections.abc import Iterable, Mapping, Sequence

from sqlalchemy import select

from missions_app import db
from missions_app.evaluation.models import Measurement
from missions_app.evaluation.rollup import MissionValue, roll_up
from missions_app.i18n import use_locale
from missions_app.indicators.library import RANGE
from missions_app.indicators.models import IndicatorPlan
from missions_app.indicators.splits import parts_of
from missions_app.indicators.units import is_additive
from missions_app.missions.models import Mission
from missions_app.portfolio.figure import Figure, Row, Span
from missions_app.portfolio.trends import trend_of
from missions_app.workflow.method import Method
from missions_app.workflow.method_service import method_in_force

Followed = Sequence[tuple[IndicatorPlan, Mission]]
Values = Mapping[int, Sequence[Measurement]]
# "municipality" -> how a label is said to be divided.
DIVIDED = {
    "municipality": ("per kommun", "by municipality"), "sector": ("per sektor", "by sector"),
    "sex": ("per kön", "by sex"),
}  # fmt: skip


def indicator_figures(span: Span) -> Iterable[Figure]:
    """Each indicator of the library that missions follow: what is summed where it may be, and every latest value; then
    the same part by part, for missions that divide it."""
    plans = db.session.execute(
        select(IndicatorPlan, Mission)
        .join(Mission, Mission.journey_id == IndicatorPlan.journey_id)
        .where(IndicatorPlan.library_key != "", IndicatorPlan.removed_at.is_(None))
        .order_by(IndicatorPlan.library_key, Mission.reference)
    ).all()
    method = method_in_force()
    values = counted_values([plan.id for plan, _mission in plans], span)
    by_key: dict[str, list[tuple[IndicatorPlan, Mission]]] = {}
    for plan, mission in plans:
        by_key.setdefault(plan.library_key, []).append((plan, mission))
    for key, followed in by_key.items():
        yield _whole(key, followed, values)
        yield from _divided(key, followed, values, method)


def counted_values(plan_ids: Sequence[int], span: Span) -> Values:
    """The values of each indicator that counted at the end of the last day, oldest first: approved by then, and not yet
    replaced by a correction approved by then."""
    corrected = set(
        db.session.scalars(
            select(Measurement.corrects_id).where(
                Measurement.corrects_id.is_not(None), Measurement.approved_at < span.ends
            )
        )
    )
    found: dict[int, list[Measurement]] = {plan_id: [] for plan_id in plan_ids}
    for one in db.session.scalars(
        select(Measurement)
        .where(
            Measurement.indicator_id.in_(plan_ids), Measurement.approved_at < span.ends,
            Measurement.measured_on <= span.ends_on,
        )
        .order_by(Measurement.measured_on, Measurement.id)
    ):  # fmt: skip
        if one.id not in corrected:
            found[one.indicator_id].append(one)
    return found


def newest(values: Sequence[Measurement]) -> Measurement | None:
    """The newest that has a value: missing is missing."""
    return next((one for one in reversed(values) if one.value is not None), None)


def _whole(key: str, followed: Followed, values: Values) -> Figure:
    rows, figures = [], []
    for plan, mission in followed:
        now = newest(values[plan.id])
        value = now.value if now else None
        aim = None if plan.direction == RANGE else plan.target_value  # towards limits there is no one change to sum
        figures.append(MissionValue(mission.id, plan.baseline_value, aim, value))
        rows.append(
            Row(mission.title_sv, mission.title_en or mission.title_sv, value, "measurement", mission.reference,
                now.id if now else None, trend=trend_of(plan, values[plan.id]))
        )  # fmt: skip
    plan = followed[0][0]
    total = roll_up(figures, additive=is_additive(plan.unit))
    return Figure(
        "indicators", f"indicator.{key}", total.change, rows, unit=plan.unit,
        label={"sv": plan.label_sv, "en": plan.label_en},
    )  # fmt: skip


def _divided(key: str, followed: Followed, values: Values, method: Method) -> Iterable[Figure]:
    """A figure for each way in which missions divide the indicator, its rows by part. What the parts come to is counted
    where they are shown: parts are never added to each other."""
    for split, (sv, en) in DIVIDED.items():
        dividing = [(plan, mission) for plan, mission in followed if plan.split_by == split]
        if not dividing:
            continue
        with use_locale("sv"):
            swedish = parts_of(split, method)
        with use_locale("en"):
            english = parts_of(split, method)
        rows = [_part(plan, mission, values, part, words, english[part])
                for part, words in swedish.items() for plan, mission in dividing]  # fmt: skip
        told = {row.part_sv for row in rows if row.value is not None}
        plan = dividing[0][0]
        yield Figure(
            "indicators", f"indicator.{key}.{split}", None, [row for row in rows if row.part_sv in told],
            unit=plan.unit, label={"sv": f"{plan.label_sv}, {sv}", "en": f"{plan.label_en}, {en}"},
        )  # fmt: skip


def _part(plan: IndicatorPlan, mission: Mission, values: Values, part: str, swedish: str, english: str) -> Row:
    now = newest(values[plan.id])
    value = now.parts.get(part) if now else None
    return Row(
        mission.title_sv, mission.title_en or mission.title_sv, None if value is None else float(value), "measurement",
        mission.reference, now.id if now and value is not None else None, part_sv=swedish, part_en=english,
    )  # fmt: skip
