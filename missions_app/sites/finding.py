"""How a site wants to be found: by its names and description, once it is in the catalogue."""

from missions_app.accounts.actor import organisation_scope, site_scope
from missions_app.search.index import Found
from missions_app.sites.models import Site, SiteStatus


def found(site: Site) -> Found:
    """Its entry in the index; a draft is found by its owner and managers."""
    return Found(
        endpoint="sites.show_site#slug", key=site.slug, title_sv=site.name_sv, title_en=site.name_en or site.name_sv,
        text=f"{site.description_sv} {site.description_en} {site.owner.name}",
        is_public=site.status is not SiteStatus.DRAFT,
        readers=frozenset({site_scope(site.id), organisation_scope(site.owner_id)}),
    )  # fmt: skip
