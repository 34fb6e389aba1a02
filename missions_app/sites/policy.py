"""Who may do what with sites. Pure."""

from missions_app.accounts.actor import Actor, organisation_scope, site_scope
from missions_app.accounts.policy import is_secretariat
from missions_app.organisations.models import Organisation
from missions_app.sites.models import Site, SiteStatus
from missions_app.sites.rule_models import Quota


def manages(actor: Actor, site: Site) -> bool:
    """A manager of the site."""
    return actor.has("site_manager", site_scope(site.id))


def can_edit_site(actor: Actor, site: Site) -> bool:
    """Its managers, its owner's administrators and the secretariat."""
    owner = actor.has("org_admin", organisation_scope(site.owner_id))
    return manages(actor, site) or owner or is_secretariat(actor)


def can_add_site(actor: Actor, owner: Organisation) -> bool:
    """The secretariat enters new sites, and the administrators of an organisation those that it owns."""
    return is_secretariat(actor) or actor.has("org_admin", organisation_scope(owner.id))


def can_read_site(actor: Actor, site: Site) -> bool:
    """Everybody reads entries that are not drafts."""
    return site.status is not SiteStatus.DRAFT or can_edit_site(actor, site)


def can_change_quota(actor: Actor, quota: Quota) -> bool:
    """Those who may change every resource that counts; the region's own quotas the secretariat."""
    if quota.owner_id is None:
        return is_secretariat(actor)
    return all(can_edit_site(actor, one.site) for one in quota.resources)
