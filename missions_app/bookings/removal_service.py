"""Removing a site that nobody has ever booked. One with a history is retired instead."""

from sqlalchemy import Select, delete, select
from sqlalchemy.exc import IntegrityError

from missions_app import clock, db
from missions_app.accounts.actor import Actor, site_scope
from missions_app.accounts.grant_service import revoke
from missions_app.accounts.models import Grant
from missions_app.accounts.policy import permit
from missions_app.audit import trail
from missions_app.bookings import reservations
from missions_app.bookings.block_models import Blackout, BlackoutReservation
from missions_app.bookings.demand_models import UnmetDemand
from missions_app.bookings.models import Line, Reservation
from missions_app.search import index
from missions_app.sites import queries
from missions_app.sites.entry_models import SitePhoto, SiteRevision
from missions_app.sites.errors import SiteInUse
from missions_app.sites.models import OpeningPeriod, Pool, Resource, ResourceUnit, Site, Unit
from missions_app.sites.policy import can_edit_site
from missions_app.sites.rule_models import Quota, QuotaResource, ResourceBooker, ResourceQualification


def has_history(site: Site) -> bool:
    """Whether anything has been booked at a site, drafts included."""
    query = select(Line.id).join(Resource, Resource.id == Line.resource_id).where(Resource.site_id == site.id)
    return db.session.scalar(query.limit(1)) is not None


@db.retried
def remove_site(site: Site, *, by: Actor, expected_version: int) -> None:
    """Remove a site with everything that belongs to it alone; what it was stands in the audit trail.

    Raises:
        NotAllowed, StaleVersion, SiteInUse (somebody has booked, waits for or follows something there).
    """
    permit(can_edit_site, by, site)
    with db.transaction() as session:
        reservations.lock_units(queries.every_resource_of(site))
        db.expect_version(site, expected_version)
        if has_history(site):
            raise SiteInUse()
        trail.record("site.removed", site, by=by, name=site.name_sv, slug=site.slug, owner=site.owner_id)
        index.forget(site)
        for held in session.scalars(_grants(site)):
            revoke(held, by=by)
        try:
            with session.begin_nested():
                _remove(site)
        except IntegrityError as error:
            raise SiteInUse() from error


def _grants(site: Site) -> Select[Grant]:
    scope = site_scope(site.id)
    return select(Grant).where(Grant.scope_kind == scope.kind, Grant.scope_id == scope.id, Grant.revoked_at.is_(None))


def _remove(site: Site) -> None:
    session = db.session()
    mine = select(Resource.id).where(Resource.site_id == site.id)
    units = select(Unit.id).where(Unit.site_id == site.id)
    blackouts = select(Blackout.id).where(Blackout.resource_id.in_(mine))
    quotas = session.scalars(select(QuotaResource.quota_id).where(QuotaResource.resource_id.in_(mine))).all()
    for model, which in (
        (BlackoutReservation, BlackoutReservation.blackout_id.in_(blackouts)),
        (Reservation, Reservation.unit_id.in_(units)),
        (Blackout, Blackout.resource_id.in_(mine)),
        (OpeningPeriod, OpeningPeriod.resource_id.in_(mine)),
        (ResourceBooker, ResourceBooker.resource_id.in_(mine)),
        (ResourceQualification, ResourceQualification.resource_id.in_(mine)),
        (QuotaResource, QuotaResource.resource_id.in_(mine)),
        (UnmetDemand, UnmetDemand.resource_id.in_(mine)),
        (ResourceUnit, ResourceUnit.resource_id.in_(mine)),
        (Resource, Resource.site_id == site.id),
        (Unit, Unit.site_id == site.id),
        (Pool, Pool.site_id == site.id),
        (SitePhoto, SitePhoto.site_id == site.id),
        (SiteRevision, SiteRevision.site_id == site.id),
        (Site, Site.id == site.id),
    ):
        session.execute(delete(model).where(which).execution_options(synchronize_session=False))
    left = select(QuotaResource.quota_id)
    for quota in session.scalars(select(Quota).where(Quota.id.in_(quotas), Quota.id.not_in(left))):
        quota.ended_at = quota.ended_at or clock.now()
    session.flush()
