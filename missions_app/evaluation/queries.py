"""Reading results."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Select, func, select
from sqlalchemy.orm import joinedload

from missions_app import db
from missions_app.errors import NotFound
from missions_app.evaluation.models import (
    Barrier,
    ContributionStory,
    Dataset,
    Lesson,
    LockedPeriod,
    Measurement,
    MeasurementState,
    Statement,
    SystemChange,
    TestReport,
)
from missions_app.evaluation.progress import Point
from missions_app.experiments.models import Experiment
from missions_app.indicators.models import IndicatorPlan
from missions_app.reading import once, together


def get_measurement(measurement_id: int) -> Measurement:
    """The measurement, or NotFound."""
    found = db.session.get(Measurement, measurement_id)
    if found is None:
        raise NotFound()
    return found


def measurements_of(experiment_id: int) -> Sequence[Measurement]:
    """All measurements of an experiment, newest day first."""
    return db.session.scalars(
        select(Measurement)
        .where(Measurement.experiment_id == experiment_id)
        .options(joinedload(Measurement.indicator))
        .order_by(Measurement.measured_on.desc(), Measurement.id.desc())
    ).all()


def history_of(indicators: Sequence[IndicatorPlan]) -> Sequence[Measurement]:
    """Every measurement of some indicators, those that wait and those corrected included, newest day first."""
    return db.session.scalars(
        select(Measurement)
        .where(Measurement.indicator_id.in_([one.id for one in indicators]))
        .options(joinedload(Measurement.experiment), joinedload(Measurement.booking), joinedload(Measurement.late_in))
        .order_by(Measurement.measured_on.desc(), Measurement.id.desc())
    ).all()


def corrections_of(measurement: Measurement) -> Sequence[Measurement]:
    """A measurement and all that it was corrected from and into, oldest first."""
    chain = [measurement]
    while chain[0].corrects_id is not None:
        chain.insert(0, get_measurement(chain[0].corrects_id))
    while True:
        newer = correction_of(chain[-1])
        if newer is None:
            return chain
        chain.append(newer)


def correction_of(measurement: Measurement) -> Measurement | None:
    """What corrects a measurement, approved or not."""
    return db.session.scalars(select(Measurement).where(Measurement.corrects_id == measurement.id)).first()


def locked_period_on(day: date) -> LockedPeriod | None:
    """The newest locked period that holds a day, or None."""
    return db.session.scalars(
        select(LockedPeriod)
        .where(LockedPeriod.starts_on <= day, LockedPeriod.ends_on >= day)
        .order_by(LockedPeriod.id.desc())
        .limit(1)
    ).first()


@once
def approved_points(indicators: Sequence[IndicatorPlan]) -> dict[int, list[Point]]:
    """Approved values of some indicators by indicator id, oldest first; [] where nothing counts yet."""
    points: dict[int, list[Point]] = {indicator.id: [] for indicator in indicators}
    rows = db.session.execute(
        select(Measurement.indicator_id, Measurement.measured_on, Measurement.value, Measurement.parts)
        .where(Measurement.indicator_id.in_(points), Measurement.state == MeasurementState.APPROVED)
        .order_by(Measurement.measured_on, Measurement.id)
    )
    for indicator_id, on, value, parts in rows:
        points[indicator_id].append(Point(on, value, parts=parts))
    return points


def newest_approved(indicators: Sequence[IndicatorPlan]) -> dict[int, Point]:
    """The newest approved value of each indicator that has one; of two on the same day the one filed last."""
    order = (Measurement.measured_on.desc(), Measurement.id.desc())
    ranked = (
        select(
            Measurement.indicator_id, Measurement.measured_on, Measurement.value,
            func.row_number().over(partition_by=Measurement.indicator_id, order_by=order).label("place"),
        )
        .where(
            Measurement.indicator_id.in_([one.id for one in indicators]),
            Measurement.state == MeasurementState.APPROVED, Measurement.value.is_not(None),
        )
        .subquery()
    )  # fmt: skip
    rows = db.session.execute(
        select(ranked.c.indicator_id, ranked.c.measured_on, ranked.c.value).where(ranked.c.place == 1)
    )
    return {indicator_id: Point(on, value) for indicator_id, on, value in rows}


def newest_filed(indicators: Sequence[IndicatorPlan]) -> dict[int, date]:
    """The day of the newest value handed in of each indicator that has one, approved or not, "none could be had"
    included."""
    rows = db.session.execute(
        select(Measurement.indicator_id, func.max(Measurement.measured_on))
        .where(Measurement.indicator_id.in_([one.id for one in indicators]))
        .group_by(Measurement.indicator_id)
    )
    return {indicator_id: day for indicator_id, day in rows}


def unapproved_measurements(mission_ids: Collection[int] | None) -> Sequence[Measurement]:
    """Measurements that wait for approval, oldest first; in every mission when None."""
    query = select(Measurement).where(Measurement.state == MeasurementState.SUBMITTED)
    if mission_ids is not None:
        query = query.where(Measurement.mission_id.in_(mission_ids))
    loaded = (joinedload(Measurement.experiment), joinedload(Measurement.mission))
    return db.session.scalars(query.options(*loaded).order_by(Measurement.id)).all()


def is_reported(experiment: Experiment) -> bool:
    """Whether the experiment's test report has been submitted."""
    report = report_of(experiment.id)
    return report is not None and report.submitted_at is not None


def report_of(experiment_id: int) -> TestReport | None:
    """The report of an experiment, if one has been begun."""
    return db.session.scalars(select(TestReport).where(TestReport.experiment_id == experiment_id)).first()


@dataclass(frozen=True, slots=True)
class Said:
    """What a mission says of what it did, in words: its contribution story (none or one), what the parties state, its
    lessons, its data sets, and the reports of tests that have been handed in, oldest first."""

    stories: Sequence[ContributionStory]
    statements: Sequence[Statement]
    lessons: Sequence[Lesson]
    datasets: Sequence[Dataset]
    reports: Sequence[TestReport]


@once
def said_of(mission_id: int) -> Said:
    """What a mission says of what it did, by one statement."""
    return Said(
        *together(
            select(ContributionStory).where(ContributionStory.mission_id == mission_id),
            select(Statement).where(Statement.mission_id == mission_id).order_by(Statement.id),
            select(Lesson).where(Lesson.mission_id == mission_id).order_by(Lesson.id),
            select(Dataset).where(Dataset.mission_id == mission_id).order_by(Dataset.id),
            select(TestReport)
            .join(TestReport.experiment)
            .where(Experiment.mission_id == mission_id, TestReport.submitted_at.is_not(None))
            .order_by(TestReport.id),
        )
    )


def lessons_of(mission_id: int) -> Sequence[Lesson]:
    """A mission's lessons, oldest first."""
    return said_of(mission_id).lessons


def open_lessons_of(mission_id: int) -> Sequence[Lesson]:
    """The lessons of a mission that everybody may read, oldest first: published, or of a test whose report is in."""
    said = said_of(mission_id)
    reported = {one.experiment_id for one in said.reports}
    return [one for one in said.lessons if one.published_at is not None or one.experiment_id in reported]


def barriers_of(mission_id: int) -> Sequence[Barrier]:
    """A mission's barriers, oldest first."""
    return db.session.scalars(select(Barrier).where(Barrier.mission_id == mission_id).order_by(Barrier.id)).all()


def get_barrier(barrier_id: int) -> Barrier:
    """The barrier, or NotFound."""
    found = db.session.get(Barrier, barrier_id)
    if found is None:
        raise NotFound()
    return found


def register_of_barriers() -> Select[Barrier]:
    """Every barrier, newest first, for a paged list."""
    return select(Barrier).options(joinedload(Barrier.mission)).order_by(Barrier.id.desc())


def datasets_of(mission_id: int) -> Sequence[Dataset]:
    """A mission's data sets."""
    return said_of(mission_id).datasets


def get_dataset(dataset_id: int) -> Dataset:
    """The data set, or NotFound."""
    found = db.session.get(Dataset, dataset_id)
    if found is None:
        raise NotFound()
    return found


def statements_of(mission_id: int) -> Sequence[Statement]:
    """What the parties state about a mission's outcome, oldest first."""
    return db.session.scalars(
        select(Statement)
        .where(Statement.mission_id == mission_id)
        .options(joinedload(Statement.organisation))
        .order_by(Statement.id)
    ).all()


def changes_of(mission_id: int) -> Sequence[SystemChange]:
    """Changes in the system noticed by a mission, oldest first."""
    return db.session.scalars(
        select(SystemChange).where(SystemChange.mission_id == mission_id).order_by(SystemChange.id)
    ).all()
