"""Following a challenge by e-mail without an account: asked for, confirmed by a letter, ended by one click."""

from datetime import timedelta

from sqlalchemy import func, select

from missions_app import clock, db
from missions_app.accounts.actor import SYSTEM
from missions_app.accounts.secrets import digest, new_token
from missions_app.audit import trail
from missions_app.challenges import policy
from missions_app.challenges.errors import AddressNeeded, LinkOver, NotPublicYet
from missions_app.challenges.models import Challenge, Follower
from missions_app.outbox.mail import queue_mail

KEPT_UNCONFIRMED = timedelta(days=7)
LETTERS_A_DAY = 5


def ask_to_follow(challenge: Challenge, *, email: str, locale: str) -> None:
    """Send a letter that asks the address to confirm. The answer is the same whether it follows already or not.

    Raises:
        AddressNeeded, NotPublicYet.
    """
    address = email.strip().lower()
    if address.count("@") != 1 or address.startswith("@") or "." not in address.partition("@")[2] or len(address) > 254:
        raise AddressNeeded(field="email")
    if not policy.is_public(challenge):
        raise NotPublicYet()
    with db.transaction() as session:
        token = new_token()
        follower = session.scalars(
            select(Follower).where(Follower.challenge_id == challenge.id, Follower.email == address).with_for_update()
        ).first()
        if follower is not None and (follower.confirmed_at or follower.asked_at > clock.now() - timedelta(hours=1)):
            return
        since = clock.now() - timedelta(days=1)
        recent = session.scalar(
            select(func.count()).select_from(Follower).where(Follower.email == address, Follower.asked_at > since)
        )
        if (recent or 0) >= LETTERS_A_DAY:  # nobody's mailbox is filled by somebody else's clicks
            return
        if follower is None:
            follower = Follower(challenge=challenge, email=address, leave_key=new_token())
            session.add(follower)
        follower.locale, follower.asked_at, follower.confirm_hash = locale, clock.now(), digest(token)
        session.flush()
        queue_mail(
            address, "follow_confirm", locale=locale, reference=challenge.reference, title=challenge.title, token=token
        )


def find_asked(token: str) -> Follower:
    """Who asked, by the secret in the letter. Raises LinkOver."""
    found = db.session.scalars(select(Follower).where(Follower.confirm_hash == digest(token))).first()
    if found is None or (found.confirmed_at is None and found.asked_at + KEPT_UNCONFIRMED <= clock.now()):
        raise LinkOver()
    return found


def confirm_following(token: str) -> Challenge:
    """Begin to follow. Doing it twice is the same as once. Raises LinkOver."""
    with db.transaction():
        follower = find_asked(token)
        if follower.confirmed_at is None:
            follower.confirmed_at = clock.now()
            trail.record("challenge.followed", follower.challenge, by=SYSTEM, follower=follower.id)
        return follower.challenge


def find_follower(leave_key: str) -> Follower | None:
    """Whose way out it is; None when it has been taken already."""
    return db.session.scalars(select(Follower).where(Follower.leave_key == leave_key)).first()


def stop_following(leave_key: str) -> None:
    """Forget the address. Doing it twice is the same as once."""
    with db.transaction() as session:
        follower = find_follower(leave_key)
        if follower is not None:
            trail.record("challenge.unfollowed", follower.challenge, by=SYSTEM, follower=follower.id)
            session.delete(follower)


def forget_unconfirmed(_payload: object) -> None:
    """Delete addresses that were never confirmed."""
    with db.transaction() as session:
        old = clock.now() - KEPT_UNCONFIRMED
        rows = select(Follower).where(Follower.confirmed_at.is_(None), Follower.asked_at < old)
        for follower in session.scalars(rows):
            session.delete(follower)
