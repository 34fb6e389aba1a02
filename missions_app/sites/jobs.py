"""What the worker does for sites: reminding of entries to look over."""

from typing import Any

from sqlalchemy import select

from missions_app import clock, db
from missions_app.accounts.actor import organisation_scope, site_scope
from missions_app.accounts.models import User
from missions_app.accounts.queries import users_with
from missions_app.outbox.mail import queue_mail
from missions_app.sites.models import Site, SiteStatus

REMIND = "sites.remind_of_reviews"
EVERY_DAYS = 14


def remind_of_reviews(_payload: Any) -> None:
    """Write to those who look after entries that are to be looked over: on the day, and every second week after it,
    also when nothing was sent on the very day."""
    today = clock.today()
    with db.transaction() as session:
        due = session.scalars(
            select(Site).where(Site.status != SiteStatus.RETIRED, Site.review_due_on <= today).order_by(Site.id)
        ).all()
        for site in due:
            number = (today - site.review_due_on).days // EVERY_DAYS if site.review_due_on else 0
            for user in _keepers(site):
                queue_mail(
                    user.email, "site_review_due", locale=user.locale, slug=site.slug,
                    name=site.name_en if user.locale == "en" and site.name_en else site.name_sv,
                    dedupe_key=f"site_review_due:{site.id}:{site.review_due_on}:{number}:{user.id}",
                )  # fmt: skip


def _keepers(site: Site) -> list[User]:
    """Its managers; where there are none, the administrators of its owner."""
    managers = users_with("site_manager", site_scope(site.id))
    return managers or users_with("org_admin", organisation_scope(site.owner_id))
