"""What waits for those who look after sites: entries to look over."""

from datetime import timedelta

from sqlalchemy import or_, select

from missions_app import clock, db
from missions_app.accounts.actor import Actor, site_scope
from missions_app.accounts.queries import users_with
from missions_app.accounts.tasks import Task
from missions_app.i18n import N_
from missions_app.sites.models import Site, SiteStatus

AHEAD = timedelta(days=14)


def tasks_for(actor: Actor) -> list[Task]:
    """Entries that are soon to be looked over, of sites that one manages; and of those that one's organisation owns
    and nobody manages."""
    keys = {int(key) for key in actor.scopes_of("site_manager", "site")}
    owners = {int(key) for key in actor.scopes_of("org_admin", "organisation")}
    if actor.user_id is None or not (keys or owners):
        return []
    due = db.session.scalars(
        select(Site)
        .where(
            or_(Site.id.in_(keys), Site.owner_id.in_(owners)), Site.status != SiteStatus.RETIRED,
            Site.review_due_on <= clock.today() + AHEAD,
        )
        .order_by(Site.review_due_on, Site.id)
    )  # fmt: skip
    return [
        Task(
            title=N_("Look over the entry of %(name)s"), title_params={"name": one.name},
            reason=N_("Those who look for a site trust what it says."), endpoint="sites.show_site",
            values={"slug": one.slug}, due=one.review_due_on,
        )
        for one in due
        if one.id in keys or not users_with("site_manager", site_scope(one.id))
    ]  # fmt: skip
