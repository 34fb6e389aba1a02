"""Reading what limits bookings: chosen bookers, quotas, qualifications and who holds them."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date

from sqlalchemy import or_, select
from sqlalchemy.orm import joinedload, selectinload

from missions_app import db
from missions_app.accounts.models import User
from missions_app.errors import NotFound
from missions_app.sites.models import Resource, Site
from missions_app.sites.rule_models import (
    HeldQualification,
    Qualification,
    Quota,
    QuotaResource,
    ResourceBooker,
    ResourceQualification,
)


def bookers_of(resource: Resource) -> Sequence[ResourceBooker]:
    """The organisations chosen for a resource, as they were chosen."""
    return db.session.scalars(
        select(ResourceBooker)
        .where(ResourceBooker.resource_id == resource.id)
        .options(joinedload(ResourceBooker.organisation))
        .order_by(ResourceBooker.id)
    ).all()


def quotas_of(site: Site, *, ended: bool = False) -> Sequence[Quota]:
    """The quotas in force to which something at a site counts, or those that have ended; by name."""
    here = (
        select(QuotaResource.quota_id)
        .join(Resource, Resource.id == QuotaResource.resource_id)
        .where(Resource.site_id == site.id)
    )
    return db.session.scalars(
        select(Quota)
        .where(Quota.id.in_(here), Quota.ended_at.is_not(None) if ended else Quota.ended_at.is_(None))
        .options(joinedload(Quota.organisation), selectinload(Quota.resources).joinedload(Resource.site))
        .order_by(Quota.name, Quota.id)
    ).all()


def get_quota(site: Site, quota_id: int) -> Quota:
    """A quota to which something at this site counts, also one that has ended, or NotFound."""
    every = [*quotas_of(site), *quotas_of(site, ended=True)]
    found = next((one for one in every if one.id == quota_id), None)
    if found is None:
        raise NotFound()
    return found


def quotas_by_id(ids: Collection[int]) -> Sequence[Quota]:
    """Some quotas, also those that have ended, in any order."""
    return db.session.scalars(select(Quota).where(Quota.id.in_(ids))).all() if ids else []


def qualifications_of(site: Site) -> Sequence[Qualification]:
    """What the owner of a site asks people to have shown, by name."""
    return db.session.scalars(
        select(Qualification)
        .where(Qualification.owner_id == site.owner_id)
        .order_by(Qualification.name_sv, Qualification.id)
    ).all()


def find_qualification(site: Site, slug: str) -> Qualification | None:
    """A qualification of the site's owner, if there is one with this name in addresses."""
    return db.session.scalars(
        select(Qualification).where(Qualification.owner_id == site.owner_id, Qualification.slug == slug)
    ).first()


def get_qualification(site: Site, slug: str) -> Qualification:
    """A qualification of the site's owner, or NotFound."""
    found = find_qualification(site, slug)
    if found is None:
        raise NotFound()
    return found


def required_by(resources: Sequence[Resource]) -> dict[int, list[Qualification]]:
    """The qualifications that resources ask for, by resource id."""
    rows = db.session.scalars(
        select(ResourceQualification)
        .where(ResourceQualification.resource_id.in_([one.id for one in resources]))
        .options(joinedload(ResourceQualification.qualification))
        .order_by(ResourceQualification.id)
    )
    found: dict[int, list[Qualification]] = {}
    for row in rows:
        found.setdefault(row.resource_id, []).append(row.qualification)
    return found


def holders_of(site: Site) -> Sequence[HeldQualification]:
    """Who holds qualifications of a site's owner, newest first; those withdrawn are left out."""
    return db.session.scalars(
        select(HeldQualification)
        .join(Qualification, Qualification.id == HeldQualification.qualification_id)
        .where(Qualification.owner_id == site.owner_id, HeldQualification.withdrawn_at.is_(None))
        .options(joinedload(HeldQualification.qualification), joinedload(HeldQualification.user))
        .order_by(HeldQualification.id.desc())
    ).all()


def get_held(site: Site, held_id: int) -> HeldQualification:
    """A qualification held, of this site's owner, or NotFound."""
    found = next((one for one in holders_of(site) if one.id == held_id), None)
    if found is None:
        raise NotFound()
    return found


def held_by(user_id: int) -> Sequence[HeldQualification]:
    """What somebody holds, by when it ends; what has no end comes last."""
    rows = db.session.scalars(
        select(HeldQualification)
        .where(HeldQualification.user_id == user_id, HeldQualification.withdrawn_at.is_(None))
        .options(joinedload(HeldQualification.qualification).joinedload(Qualification.owner))
        .order_by(or_(HeldQualification.valid_until.is_(None)), HeldQualification.valid_until, HeldQualification.id)
    )
    return rows.all()


def days_held(user: User, qualification: Qualification) -> list[tuple[date, date | None]]:
    """The days (first, last) on which somebody holds a qualification."""
    return held_by_any([user.id]).get((user.id, qualification.id), [])


def held_by_any(user_ids: Collection[int]) -> Mapping[tuple[int, int], list[tuple[date, date | None]]]:
    """The days (first, last) on which some people hold qualifications, by (user, qualification): one statement."""
    rows = db.session.execute(
        select(
            HeldQualification.user_id, HeldQualification.qualification_id, HeldQualification.valid_from,
            HeldQualification.valid_until,
        ).where(HeldQualification.user_id.in_(user_ids), HeldQualification.withdrawn_at.is_(None))
    )  # fmt: skip
    found: dict[tuple[int, int], list[tuple[date, date | None]]] = {}
    for user, qualification, first, last in rows:
        found.setdefault((user, qualification), []).append((first, last))
    return found
