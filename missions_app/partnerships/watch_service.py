"""Letters about new needs that fit an organisation: asked for, stopped, and sent at most once a week."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from sqlalchemy import func, select

from missions_app import clock, db
from missions_app.accounts import queries as accounts
from missions_app.accounts.actor import Actor
from missions_app.accounts.policy import permit
from missions_app.audit import trail
from missions_app.organisations.models import Organisation
from missions_app.outbox.mail import queue_mail
from missions_app.partnerships import gap_queries, policy
from missions_app.partnerships.models import Need, NeedWatch

SEND_DIGESTS = "partnerships.send_digests"
EVERY = timedelta(days=7)
MOST = 10


def find_watch(organisation: Organisation, actor: Actor) -> NeedWatch | None:
    """The actor's wish for letters about an organisation, if there is one."""
    return db.session.scalars(
        select(NeedWatch).where(NeedWatch.organisation_id == organisation.id, NeedWatch.user_id == actor.user_id)
    ).first()


def watch(organisation: Organisation, *, by: Actor) -> NeedWatch:
    """Ask for letters about needs that are new from now on; asking again changes nothing.

    Raises:
        NotAllowed: the actor does not belong to the organisation.
    """
    permit(policy.can_show_interest, by, organisation.id)
    with db.transaction() as session:
        known = find_watch(organisation, by)
        if known is not None:
            return known
        newest = session.scalar(select(func.max(Need.id))) or 0
        made = NeedWatch(
            user_id=by.user_id, organisation=organisation, told_need_id=newest, told_at=clock.now()
        )  # fmt: skip
        session.add(made)
        trail.record("organisation.needs_watched", organisation, by=by)
        return made


def unwatch(organisation: Organisation, *, by: Actor) -> None:
    """No more letters."""
    with db.transaction() as session:
        known = find_watch(organisation, by)
        if known is not None:
            session.delete(known)
            trail.record("organisation.needs_unwatched", organisation, by=by)


def send_digests(_payload: Mapping[str, Any]) -> None:
    """Write to everybody who asked for it and has new needs to read of. Who no longer belongs gets nothing."""
    due = clock.now() - EVERY
    ids = db.session.scalars(select(NeedWatch.id).where(NeedWatch.told_at <= due).order_by(NeedWatch.id)).all()
    for watch_id in ids:
        with db.transaction() as session:
            one = session.get(NeedWatch, watch_id)
            if one is not None and policy.can_show_interest(accounts.load_actor(one.user), one.organisation_id):
                _send(one)


def _send(one: NeedWatch) -> None:
    fits = [fit for fit in gap_queries.fits_of(one.organisation) if fit.need.id > one.told_need_id]
    if not fits:
        return
    needs = [
        {
            "text_sv": fit.need.text, "text_en": fit.need.text_en, "title_sv": fit.need.mission.title_sv,
            "title_en": fit.need.mission.title_en, "mission": fit.need.mission.reference,
        }
        for fit in fits[:MOST]
    ]  # fmt: skip
    queue_mail(
        one.user.email, "needs_digest", locale=one.user.locale, organisation=one.organisation.name,
        slug=one.organisation.slug, needs=needs, number=len(fits),
    )  # fmt: skip
    one.told_need_id, one.told_at = max(fit.need.id for fit in fits), clock.now()
