"""Reading what was asked for in vain."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import joinedload

from missions_app import clock, db
from missions_app.bookings.demand_models import DemandKind, UnmetDemand
from missions_app.sites.models import Resource

YEAR = timedelta(days=365)


def unmet(site_ids: Sequence[int] | None, *, kind: str = "") -> Select[UnmetDemand]:
    """What could not be met, the newest first. None is the whole region; a site's managers see what was asked of their
    sites, and searches, which are about no site in particular."""
    query = select(UnmetDemand).options(joinedload(UnmetDemand.resource).joinedload(Resource.site))
    if site_ids is not None:
        query = query.outerjoin(Resource, Resource.id == UnmetDemand.resource_id).where(
            or_(UnmetDemand.resource_id.is_(None), Resource.site_id.in_(site_ids))
        )
    if kind:
        query = query.where(UnmetDemand.kind == DemandKind(kind))
    return query.order_by(UnmetDemand.on_date.desc(), UnmetDemand.times.desc(), UnmetDemand.id.desc())


def most_wanted(site_ids: Sequence[int] | None, *, most: int = 5) -> list[tuple[Resource, int]]:
    """The resources that were most often asked for in vain during a year, and how many times."""
    times: Any = func.sum(UnmetDemand.times)
    query = (
        select(UnmetDemand.resource_id, times)
        .join(Resource, Resource.id == UnmetDemand.resource_id)
        .where(UnmetDemand.on_date >= clock.today() - YEAR)
        .group_by(UnmetDemand.resource_id)
        .order_by(times.desc(), UnmetDemand.resource_id)
        .limit(most)
    )
    if site_ids is not None:
        query = query.where(Resource.site_id.in_(site_ids))
    rows = [(int(resource), int(number)) for resource, number in db.session.execute(query)]
    there = {
        one.id: one
        for one in db.session.scalars(
            select(Resource).where(Resource.id.in_([key for key, _number in rows])).options(joinedload(Resource.site))
        )
    }
    return [(there[key], number) for key, number in rows]
