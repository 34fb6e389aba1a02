"""What waits for those who look after sites: entries to look over."""

from datetime import timedelta

from sqlalchemy import select

from missions_app import clock, db
from missions_app.accounts.actor import Actor
from missions_app.accounts.tasks import Task
from missions_app.i18n import N_
from missions_app.sites.models import Site, SiteStatus

AHEAD = timedelta(days=14)


def tasks_for(actor: Actor) -> list[Task]:
    """Entries of one's sites that are soon to be looked over."""
    keys = [int(key) for key in actor.scopes_of("site_manager", "site")]
    if actor.user_id is None or not keys:
        return []
    due = db.session.scalars(
        select(Site)
        .where(Site.id.in_(keys), Site.status != SiteStatus.RETIRED, Site.review_due_on <= clock.today() + AHEAD)
        .order_by(Site.review_due_on, Site.id)
    )
    return [
        Task(
            title=N_("Look over the entry of %(name)s"), title_params={"name": one.name},
            reason=N_("Those who look for a site trust what it says."), endpoint="sites.show_site",
            values={"slug": one.slug}, due=one.review_due_on,
        )
        for one in due
    ]  # fmt: skip
