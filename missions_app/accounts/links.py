"""One-time links sent by e-mail: made, found, used."""

from datetime import timedelta

from sqlalchemy import select, update

from missions_app import clock, db
from missions_app.accounts.errors import LinkExpired
from missions_app.accounts.models import EmailToken, EmailTokenPurpose, User
from missions_app.accounts.secrets import digest, new_token

LIFETIMES = {
    EmailTokenPurpose.INVITATION: timedelta(days=14),
    EmailTokenPurpose.RESET: timedelta(hours=2),
    EmailTokenPurpose.CHANGE_EMAIL: timedelta(hours=24),
}


def make_link(user: User, purpose: EmailTokenPurpose, **data: str) -> str:
    """A new link of one kind; older ones of the same kind stop working. Joins the open transaction."""
    with db.transaction() as session:
        token, now = new_token(), clock.now()
        session.execute(
            update(EmailToken)
            .where(EmailToken.user_id == user.id, EmailToken.purpose == purpose, EmailToken.used_at.is_(None))
            .values(used_at=now)
        )
        session.add(
            EmailToken(
                user=user, purpose=purpose, token_hash=digest(token), created_at=now,
                expires_at=now + LIFETIMES[purpose], data=data,
            )
        )  # fmt: skip
        return token


def find_link(token: str, purpose: EmailTokenPurpose) -> EmailToken:
    """The unused, still valid link of a token.

    Raises:
        LinkExpired: used, replaced, too old or never made.
    """
    link = db.session.scalars(
        select(EmailToken).where(EmailToken.token_hash == digest(token), EmailToken.purpose == purpose)
    ).first()
    if link is None or link.used_at is not None or link.expires_at <= clock.now():
        raise LinkExpired()
    return link


def use_link(token: str, purpose: EmailTokenPurpose) -> EmailToken:
    """The link, now used up. Inside the transaction that does what the link is for; LinkExpired as above."""
    link = find_link(token, purpose)
    link.used_at = clock.now()
    return link
