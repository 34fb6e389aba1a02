"""Follow-up reports: made for a period that is over, frozen, worded, published."""

from datetime import date

from missions_app import clock, db
from missions_app.accounts.actor import Actor
from missions_app.accounts.policy import permit
from missions_app.audit import trail
from missions_app.evaluation import measurement_service
from missions_app.portfolio import figures, policy
from missions_app.portfolio.errors import AlreadyPublished, PeriodBackwards, PeriodNotOver, TitleMissing
from missions_app.portfolio.models import FollowUpReport, ReportedMeasurement, ReportFigure
from missions_app.references.numbering import next_reference


def make_report(*, title: str, starts_on: date, ends_on: date, by: Actor) -> FollowUpReport:
    """Count every figure as the record stood at the end of the last day, and lock the period's measurements.

    Raises:
        NotAllowed, TitleMissing, PeriodBackwards, PeriodNotOver.
    """
    permit(policy.can_make_report, by, None)
    if not title.strip():
        raise TitleMissing(field="title")
    if starts_on > ends_on:
        raise PeriodBackwards(field="starts_on")
    if ends_on >= clock.today():
        raise PeriodNotOver(field="ends_on")
    with db.transaction() as session:
        counted = figures.count_figures(starts_on, ends_on)
        period = measurement_service.lock_period(title=title.strip(), starts_on=starts_on, ends_on=ends_on, by=by)
        report = FollowUpReport(
            title=title.strip(), starts_on=starts_on, ends_on=ends_on, period=period, made_at=clock.now(),
            made_by_id=by.user_id,
        )  # fmt: skip
        for position, one in enumerate(counted):
            rows = [row.plain() for row in one.rows]
            report.figures.append(
                ReportFigure(position=position, group=one.group, key=one.key, label=dict(one.label), unit=one.unit,
                             value=one.value, rows=rows)
            )  # fmt: skip
        report.reference = next_reference("R")
        session.add(report)
        session.flush()
        used = {row.id for one in counted for row in one.rows if row.kind == "measurement" and row.id is not None}
        session.add_all(ReportedMeasurement(report_id=report.id, measurement_id=key) for key in sorted(used))
        trail.record("follow_up.made", report, by=by, starts_on=starts_on.isoformat(), ends_on=ends_on.isoformat())
        return report


def word_report(report: FollowUpReport, *, summary: str, risks: str, by: Actor, expected_version: int) -> None:
    """Write what the figures mean. The figures stay as they are.

    Raises:
        NotAllowed, StaleVersion, AlreadyPublished.
    """
    permit(policy.can_make_report, by, report)
    with db.transaction():
        db.expect_version(report, expected_version)
        if report.published_at is not None:
            raise AlreadyPublished()
        report.summary, report.risks = summary.strip(), risks.strip()
        trail.record("follow_up.worded", report, by=by)


def publish_report(report: FollowUpReport, *, by: Actor, expected_version: int) -> None:
    """Let everybody read it. Raises NotAllowed, StaleVersion, AlreadyPublished."""
    permit(policy.can_make_report, by, report)
    with db.transaction():
        db.expect_version(report, expected_version)
        if report.published_at is not None:
            raise AlreadyPublished()
        report.published_at = clock.now()
        trail.record("follow_up.published", report, by=by)
