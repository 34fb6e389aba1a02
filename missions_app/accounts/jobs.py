"""What the worker does for accounts."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from sqlalchemy import delete, or_

from missions_app import clock, db
from missions_app.accounts.models import (
    AccountRequest,
    ApiToken,
    EmailToken,
    KeptForm,
    RequestState,
    SignInAttempt,
    UserSession,
)

DAY, MONTH = timedelta(days=1), timedelta(days=30)


def forget_old(_payload: Mapping[str, Any]) -> None:
    """Delete what has served: attempts and kept forms after a day, unconfirmed requests after a week, ended
    sessions, used links and dead tokens after 30 days."""
    now = clock.now()
    with db.transaction() as session:
        session.execute(delete(SignInAttempt).where(SignInAttempt.at < now - DAY))
        session.execute(delete(KeptForm).where(KeptForm.created_at < now - DAY))
        session.execute(
            delete(AccountRequest).where(
                AccountRequest.state == RequestState.UNCONFIRMED, AccountRequest.requested_at < now - 7 * DAY
            )
        )
        session.execute(
            delete(UserSession).where(or_(UserSession.ended_at < now - MONTH, UserSession.last_seen_at < now - MONTH))
        )
        session.execute(delete(EmailToken).where(EmailToken.expires_at < now - MONTH))
        session.execute(
            delete(ApiToken).where(or_(ApiToken.expires_at < now - MONTH, ApiToken.revoked_at < now - MONTH))
        )
