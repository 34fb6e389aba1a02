"""Calendar links: made by their user, told once, read by whoever has them, taken back at once."""

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import joinedload

from missions_app import clock, db
from missions_app.accounts import queries as accounts
from missions_app.accounts.actor import Actor, mission_scope
from missions_app.accounts.models import UserState
from missions_app.accounts.policy import is_secretariat
from missions_app.accounts.secrets import digest, new_token
from missions_app.audit import trail
from missions_app.bookings import feeds
from missions_app.bookings.link_models import CalendarLink, FeedKind
from missions_app.errors import InvalidInput, NotFound, Problem
from missions_app.i18n import N_, use_locale
from missions_app.missions.models import Mission
from missions_app.sites import policy as site_policy
from missions_app.sites.models import Resource, Site

MOST = 20
NAME = 200
READ_EVERY = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Target:
    """What a link is about, and what it is called."""

    kind: FeedKind
    target_id: int | None
    name: str


def make_link(target: Target, *, by: Actor) -> tuple[CalendarLink, str]:
    """A new link for the actor and its secret, which is told only now.

    Raises:
        NotFound: there is no such thing, or the actor may not know of it. InvalidInput: too many links.
    """
    with db.transaction() as session:
        user = accounts.get_user(by.user_id or 0)
        _require_readable(target, by)
        if len(links_of(user.id)) >= MOST:
            text = N_("You have %(most)d links already. Take one back first.")
            raise InvalidInput.of([Problem("too_many", text, "target", {"most": MOST})])
        secret = new_token()
        link = CalendarLink(
            user=user, kind=target.kind, target_id=target.target_id, name=target.name[:NAME],
            token_hash=digest(secret), created_at=clock.now(),
        )  # fmt: skip
        session.add(link)
        trail.record("calendar_link.made", link, by=by, kind=target.kind.value)
        return link, secret


def _require_readable(target: Target, by: Actor) -> None:
    if not can_follow(by, target.kind, target.target_id):
        raise NotFound()


def can_follow(actor: Actor, kind: FeedKind, target_id: int | None) -> bool:
    """Whether somebody may follow this: their own, any site that is shown, missions they take part in."""
    if kind is FeedKind.MINE:
        return target_id is None
    if kind is FeedKind.MISSION:
        takes_part = actor.has_any(("coordinator", "partner"), mission_scope(target_id or 0))
        return (takes_part or is_secretariat(actor)) and db.session.get(Mission, target_id) is not None
    site = db.session.get(Site, target_id)
    if kind is FeedKind.RESOURCE:
        resource = db.session.get(Resource, target_id)
        site = resource.site if resource is not None else None
    return site is not None and site_policy.can_read_site(actor, site)


def revoke_link(link: CalendarLink, *, by: Actor) -> None:
    """Take a link back at once; twice is the same as once."""
    if link.user_id != by.user_id:
        raise NotFound()
    with db.transaction():
        if link.revoked_at is None:
            link.revoked_at = clock.now()
            trail.record("calendar_link.revoked", link, by=by)


def links_of(user_id: int) -> list[CalendarLink]:
    """A user's links that still hold, newest first."""
    return list(
        db.session.scalars(
            select(CalendarLink)
            .where(CalendarLink.user_id == user_id, CalendarLink.revoked_at.is_(None))
            .order_by(CalendarLink.id.desc())
        )
    )


def get_link(link_id: int, *, by: Actor) -> CalendarLink:
    """One of the actor's own links, or NotFound."""
    link = db.session.get(CalendarLink, link_id)
    if link is None or link.user_id != by.user_id:
        raise NotFound()
    return link


def read(secret: str, *, base_url: str) -> bytes:
    """What whoever has the secret reads: what the link's user may see now.

    Raises:
        NotFound: there is no such link, it was taken back, or its user no longer has an account or the right.
    """
    link = db.session.scalars(
        select(CalendarLink).where(CalendarLink.token_hash == digest(secret)).options(joinedload(CalendarLink.user))
    ).first()
    if link is None or link.revoked_at is not None or link.user.state is not UserState.ACTIVE:
        raise NotFound()
    actor = accounts.load_actor(link.user)
    if not can_follow(actor, link.kind, link.target_id):
        raise NotFound()
    now = clock.now()
    if link.last_read_at is None or now - link.last_read_at >= READ_EVERY:
        with db.transaction() as session:
            session.execute(update(CalendarLink).where(CalendarLink.id == link.id).values(last_read_at=now))
    with use_locale(link.user.locale):
        return feeds.feed(actor, link.kind, link.target_id, name=link.name, base_url=base_url)
