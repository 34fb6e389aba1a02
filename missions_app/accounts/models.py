"""Users, what they may do (grants), and how they prove who they are (sessions, tokens)."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from missions_app.db import Base, text_enum


class UserState(StrEnum):
    """`invited` has no password yet, `erased` is a pseudonym."""

    INVITED = "invited"
    ACTIVE = "active"
    SUSPENDED = "suspended"
    ERASED = "erased"


class User(Base):
    """A person with an account. `opaque_id` is what history keeps."""

    __tablename__ = "user_account"

    opaque_id: Mapped[str] = mapped_column(sa.String(40), unique=True)
    email: Mapped[str] = mapped_column(sa.String(254), unique=True)
    name: Mapped[str] = mapped_column(sa.String(200))
    function: Mapped[str] = mapped_column(sa.String(200), default="")
    locale: Mapped[str] = mapped_column(sa.String(2))
    state: Mapped[UserState] = mapped_column(text_enum(UserState))
    password_hash: Mapped[str | None] = mapped_column(sa.String(200))
    is_demo: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime]
    last_seen_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column()

    __mapper_args__ = {"version_id_col": version}


class Grant(Base):
    """A right: this user has this role in this scope, from a day until a day, given by somebody.

    Roles are the method's platform roles. Scope kinds are region, organisation, body, mission, challenge,
    experiment and site; the id is the row's id as text, a body's key, or "" for the region.
    """

    __tablename__ = "role_grant"
    __table_args__ = (
        sa.UniqueConstraint("user_id", "role", "scope_kind", "scope_id", "valid_from"),
        sa.Index("ix_role_grant_scope_kind_scope_id", "scope_kind", "scope_id"),
    )

    user_id: Mapped[int] = mapped_column(sa.ForeignKey("user_account.id"))
    role: Mapped[str] = mapped_column(sa.String(40))
    scope_kind: Mapped[str] = mapped_column(sa.String(20))
    scope_id: Mapped[str] = mapped_column(sa.String(40))
    valid_from: Mapped[date]
    valid_until: Mapped[date | None]
    granted_by: Mapped[str] = mapped_column(sa.String(40))
    deputy_for_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"))
    revoked_at: Mapped[datetime | None]

    user: Mapped[User] = relationship(foreign_keys=user_id)


class UserSession(Base):
    """One signed-in browser. The cookie holds a random token; the row holds its hash."""

    __tablename__ = "user_session"

    user_id: Mapped[int] = mapped_column(sa.ForeignKey("user_account.id"), index=True)
    token_hash: Mapped[str] = mapped_column(sa.String(64), unique=True)
    created_at: Mapped[datetime]
    last_seen_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    agent: Mapped[str] = mapped_column(sa.String(200))

    user: Mapped[User] = relationship()


class ApiToken(Base):
    """A bearer token made on the account page, for machines acting as the user within some scopes."""

    __tablename__ = "api_token"

    user_id: Mapped[int] = mapped_column(sa.ForeignKey("user_account.id"), index=True)
    name: Mapped[str] = mapped_column(sa.String(100))
    token_hash: Mapped[str] = mapped_column(sa.String(64), unique=True)
    scopes: Mapped[list[Any]]
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    last_used_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]

    user: Mapped[User] = relationship()


class EmailTokenPurpose(StrEnum):
    """What a link in an e-mail is for."""

    INVITATION = "invitation"
    RESET = "reset"
    CHANGE_EMAIL = "change_email"


class EmailToken(Base):
    """A one-time link sent by e-mail. `data` holds what the link will do (a new address, a grant)."""

    __tablename__ = "email_token"

    user_id: Mapped[int] = mapped_column(sa.ForeignKey("user_account.id"), index=True)
    purpose: Mapped[EmailTokenPurpose] = mapped_column(text_enum(EmailTokenPurpose))
    token_hash: Mapped[str] = mapped_column(sa.String(64), unique=True)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
    data: Mapped[dict[str, Any]]

    user: Mapped[User] = relationship()


class SignInAttempt(Base):
    """A failed sign-in, counted per address and per origin for the growing delay."""

    __tablename__ = "sign_in_attempt"
    __table_args__ = (sa.Index("ix_sign_in_attempt_key_at", "key", "at"),)

    key: Mapped[str] = mapped_column(sa.String(64))
    at: Mapped[datetime]


class KeptForm(Base):
    """What somebody had typed when the session ran out, given back after the next sign-in.

    `user_id` is whose session it was; only that user gets it back. Without one, whoever holds the token in the
    same browser does. `fields` is a list of [name, value].
    """

    __tablename__ = "kept_form"

    token_hash: Mapped[str] = mapped_column(sa.String(64), unique=True)
    user_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"))
    path: Mapped[str] = mapped_column(sa.String(500))
    fields: Mapped[list[Any]]
    created_at: Mapped[datetime] = mapped_column(index=True)


class RequestState(StrEnum):
    """A request for an account waits first for the link in the e-mail, then for an answer."""

    UNCONFIRMED = "unconfirmed"
    CONFIRMED = "confirmed"
    ACCEPTED = "accepted"
    DECLINED = "declined"


class AccountRequest(Base):
    """Somebody without an account asks for one. There is no user until the answer is yes."""

    __tablename__ = "account_request"

    email: Mapped[str] = mapped_column(sa.String(254), index=True)
    name: Mapped[str] = mapped_column(sa.String(200))
    function: Mapped[str] = mapped_column(sa.String(200), default="")
    organisation: Mapped[str] = mapped_column(sa.String(200), default="")
    message: Mapped[str] = mapped_column(sa.Text, default="")
    locale: Mapped[str] = mapped_column(sa.String(2))
    state: Mapped[RequestState] = mapped_column(text_enum(RequestState))
    token_hash: Mapped[str] = mapped_column(sa.String(64), unique=True)
    requested_at: Mapped[datetime]
    confirmed_at: Mapped[datetime | None]
    answered_at: Mapped[datetime | None]
    answered_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"))
    reason: Mapped[str] = mapped_column(sa.Text, default="")
    version: Mapped[int] = mapped_column()

    __mapper_args__ = {"version_id_col": version}


class Seat(Base):
    """A place in a body (the body's key is in the method): held by a user or vacant, from a day until a day."""

    __tablename__ = "seat"

    body: Mapped[str] = mapped_column(sa.String(40), index=True)
    function: Mapped[str] = mapped_column(sa.String(200))
    organisation_label: Mapped[str] = mapped_column(sa.String(200), default="")
    user_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"))
    valid_from: Mapped[date]
    valid_until: Mapped[date | None]

    user: Mapped[User | None] = relationship()
