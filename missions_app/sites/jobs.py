"""What the worker does for sites: reminding of entries to look over."""

from typing import Any

from sqlalchemy import select

from missions_app import clock, db
from missions_app.accounts.actor import site_scope
from missions_app.accounts.queries import users_with
from missions_app.outbox.mail import queue_mail
from missions_app.sites.models import Site, SiteStatus

REMIND = "sites.remind_of_reviews"
EVERY_DAYS = 14


def remind_of_reviews(_payload: Any) -> None:
    """Write to the managers of entries that are to be looked over: on the day, and every second week after it."""
    today = clock.today()
    with db.transaction() as session:
        due = session.scalars(
            select(Site).where(Site.status != SiteStatus.RETIRED, Site.review_due_on <= today).order_by(Site.id)
        ).all()
        for site in due:
            if site.review_due_on is None or (today - site.review_due_on).days % EVERY_DAYS:
                continue
            for user in users_with("site_manager", site_scope(site.id)):
                queue_mail(
                    user.email, "site_review_due", locale=user.locale, slug=site.slug,
                    name=site.name_en if user.locale == "en" and site.name_en else site.name_sv,
                )  # fmt: skip
