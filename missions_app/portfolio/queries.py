"""Reading reports, and the whole of the region's work."""

from collections.abc import Sequence

from sqlalchemy import Select, select
from sqlalchemy.orm import selectinload

from missions_app import db
from missions_app.accounts.actor import Actor
from missions_app.errors import NotFound
from missions_app.portfolio import policy
from missions_app.portfolio.models import FollowUpReport, ReportedMeasurement, ReportFigure


def reports(actor: Actor) -> Select[FollowUpReport]:
    """The reports the actor may read, newest first, for a paged list."""
    query = select(FollowUpReport).order_by(FollowUpReport.ends_on.desc(), FollowUpReport.id.desc())
    return query if policy.can_oversee(actor) else query.where(FollowUpReport.published_at.is_not(None))


def get_report(reference: str) -> FollowUpReport:
    """The report with its figures, or NotFound."""
    found = db.session.scalars(
        select(FollowUpReport)
        .where(FollowUpReport.reference == reference)
        .options(selectinload(FollowUpReport.figures))
    ).first()
    if found is None:
        raise NotFound()
    return found


def get_figure(report: FollowUpReport, key: str) -> ReportFigure:
    """One of a report's figures, or NotFound."""
    found = next((one for one in report.figures if one.key == key), None)
    if found is None:
        raise NotFound()
    return found


def reports_using(measurement_id: int) -> Sequence[FollowUpReport]:
    """The reports whose figures rest on a measurement, oldest first."""
    return db.session.scalars(
        select(FollowUpReport)
        .join(ReportedMeasurement, ReportedMeasurement.report_id == FollowUpReport.id)
        .where(ReportedMeasurement.measurement_id == measurement_id)
        .order_by(FollowUpReport.id)
    ).all()
