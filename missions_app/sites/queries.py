"""Reading the catalogue."""

from collections.abc import Sequence

from sqlalchemy import Select, bindparam, or_, select
from sqlalchemy.orm import contains_eager, joinedload, selectinload

from missions_app import db
from missions_app.accounts.actor import ANONYMOUS, Actor
from missions_app.accounts.policy import is_secretariat
from missions_app.errors import NotFound
from missions_app.search.models import SearchEntry
from missions_app.search.queries import entries_matching
from missions_app.sites.models import OpeningPeriod, Resource, Site, SiteStatus, Unit


def get_site(slug: str) -> Site:
    """The site with this name in addresses, or NotFound."""
    found = db.session.scalars(select(Site).where(Site.slug == slug).options(joinedload(Site.owner))).first()
    if found is None:
        raise NotFound()
    return found


def get_resource(site: Site, slug: str, *, in_use: bool = True) -> Resource:
    """A resource of this site, or NotFound; one that is out of use only when asked for."""
    found = db.session.scalars(
        select(Resource)
        .where(Resource.site_id == site.id, Resource.slug == slug)
        .options(joinedload(Resource.site), selectinload(Resource.units))
    ).first()
    if found is None or (in_use and found.retired_at is not None):
        raise NotFound()
    return found


_RESOURCE_AT = (
    select(Resource)
    .join(Resource.site)
    .where(Site.slug == bindparam("site"), Resource.slug == bindparam("resource"), Resource.retired_at.is_(None))
    .options(contains_eager(Resource.site))
)


def get_resource_at(site_slug: str, slug: str) -> Resource:
    """A resource with its site by both names in addresses, in one statement, or NotFound. Its units are not loaded."""
    found = db.session.scalars(_RESOURCE_AT, {"site": site_slug, "resource": slug}).first()
    if found is None:
        raise NotFound()
    return found


def is_named(site: Site, slug: str) -> bool:
    """Whether a site has a resource with this name in addresses, also one no longer in use."""
    return db.session.scalar(select(Resource.id).where(Resource.site_id == site.id, Resource.slug == slug)) is not None


def catalogue(*, text: str = "", kind: str = "", municipality: str = "") -> Select[Site]:
    """Sites in the catalogue in Swedish order, for a paged list. text: every word of it is found, in whatever form, or
    the text stands in a name or in the description as it is."""
    query = select(Site).where(Site.status.in_((SiteStatus.OPEN, SiteStatus.LIMITED, SiteStatus.CLOSED)))
    if text:
        found = entries_matching(text, ANONYMOUS, kinds=("site",)).order_by(None)
        there = (Site.name_sv, Site.name_en, Site.description_sv)
        query = query.where(
            or_(
                Site.id.in_(found.with_only_columns(SearchEntry.subject_id)),
                *(one.icontains(text, autoescape=True) for one in there),
            )
        )
    if kind:
        query = query.where(Site.kind == kind)
    if municipality:
        query = query.where(Site.municipality == municipality)
    return query.options(joinedload(Site.owner)).order_by(Site.sort_key, Site.id)


def unlisted_for(actor: Actor) -> Sequence[Site]:
    """The drafts, and the sites out of use, that somebody looks after: they stand in no catalogue."""
    keys = [int(key) for key in actor.scopes_of("site_manager", "site")]
    owners = [int(key) for key in actor.scopes_of("org_admin", "organisation")]
    if not (keys or owners or is_secretariat(actor)):
        return []
    query = select(Site).where(Site.status.in_((SiteStatus.DRAFT, SiteStatus.RETIRED)))
    if not is_secretariat(actor):
        query = query.where(or_(Site.id.in_(keys), Site.owner_id.in_(owners)))
    return db.session.scalars(query.options(joinedload(Site.owner)).order_by(Site.sort_key, Site.id)).all()


def resources_of(site: Site) -> Sequence[Resource]:
    """What can be booked at a site, by name."""
    return db.session.scalars(
        select(Resource)
        .where(Resource.site_id == site.id, Resource.retired_at.is_(None))
        .options(selectinload(Resource.units))
        .order_by(Resource.name_sv, Resource.id)
    ).all()


def opening_of(resource: Resource) -> Sequence[OpeningPeriod]:
    """A resource's opening hours: weekdays first, then dated exceptions."""
    return db.session.scalars(
        select(OpeningPeriod)
        .where(OpeningPeriod.resource_id == resource.id)
        .order_by(OpeningPeriod.on_date, OpeningPeriod.weekday, OpeningPeriod.opens)
    ).all()


def opening_of_all(resource_ids: Sequence[int]) -> dict[int, list[OpeningPeriod]]:
    """The opening hours of some resources by their ids, each as opening_of gives them; one statement."""
    found: dict[int, list[OpeningPeriod]] = {}
    for one in db.session.scalars(
        select(OpeningPeriod)
        .where(OpeningPeriod.resource_id.in_(resource_ids))
        .order_by(OpeningPeriod.on_date, OpeningPeriod.weekday, OpeningPeriod.opens)
    ):
        found.setdefault(one.resource_id, []).append(one)
    return found


def units_of(resource: Resource) -> Sequence[Unit]:
    """The units a resource may take, by name."""
    if resource.pool_id is not None:
        return db.session.scalars(select(Unit).where(Unit.pool_id == resource.pool_id).order_by(Unit.id)).all()
    return resource.units


def all_resources() -> Sequence[Resource]:
    """Everything that can be booked anywhere, by site and name."""
    return db.session.scalars(
        select(Resource)
        .join(Site, Site.id == Resource.site_id)
        .where(Resource.retired_at.is_(None), Site.status != SiteStatus.RETIRED)
        .options(joinedload(Resource.site).joinedload(Site.owner))
        .order_by(Site.sort_key, Resource.name_sv, Resource.id)
    ).all()


def sites_named(slugs: Sequence[str]) -> Sequence[Site]:
    """The sites with these names in addresses, in any order."""
    return db.session.scalars(select(Site).where(Site.slug.in_(slugs)).options(joinedload(Site.owner))).all()


def in_catalogue() -> Sequence[Site]:
    """Every site in the catalogue, in Swedish order."""
    return db.session.scalars(catalogue()).all()


def find_pooled(site: Site, slug: str) -> Resource | None:
    """The resource of a site that has a pool and this name in addresses, if there is one."""
    return db.session.scalars(
        select(Resource).where(
            Resource.site_id == site.id, Resource.slug == slug, Resource.pool_id.is_not(None),
            Resource.retired_at.is_(None),
        )
    ).first()  # fmt: skip


def pools_at(site: Site) -> Sequence[Resource]:
    """The resources of a site of which a booking takes some."""
    return [one for one in resources_of(site) if one.pool_id is not None]


def pooled_under(resource: Resource) -> Resource | None:
    """The resource with the pool all of which this one takes; None where it has units of its own."""
    pools = {unit.pool_id for unit in resource.units} - {None}
    if resource.pool_id is not None or not pools:
        return None
    return db.session.scalars(select(Resource).where(Resource.pool_id.in_(pools)).order_by(Resource.id)).first()


def every_resource_of(site: Site) -> Sequence[Resource]:
    """Everything that could ever be booked at a site, also what is out of use."""
    return db.session.scalars(select(Resource).where(Resource.site_id == site.id).order_by(Resource.id)).all()
