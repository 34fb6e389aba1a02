"""Requests that several managers have to agree to."""

from collections.abc import Sequence

from sqlalchemy import delete, select

from missions_app import clock, db
from missions_app.accounts.actor import Actor
from missions_app.audit import trail
from missions_app.bookings import states
from missions_app.bookings.consent_models import Consent
from missions_app.bookings.errors import AlreadyAgreed
from missions_app.bookings.models import Line
from missions_app.sites.models import Approval, Resource


def consents_of(line: Line) -> Sequence[Consent]:
    """The yeses to a line at its present time, oldest first."""
    return db.session.scalars(
        select(Consent)
        .where(Consent.line_id == line.id, Consent.starts_at == line.starts_at, Consent.ends_at == line.ends_at)
        .order_by(Consent.id)
    ).all()


def needed(line: Line) -> int:
    """How many managers have to say yes."""
    return needed_by(line.resource)


def needed_by(resource: Resource) -> int:
    """How many managers have to say yes to what is asked for of a resource that needs an answer."""
    return resource.approvals_needed if resource.approval is Approval.SEVERAL else 1


def still_to_agree(lines: Sequence[Line], *, by: Actor) -> list[Line]:
    """Those of some lines to whose present time a manager has not said yes yet."""
    given = db.session.scalars(
        select(Consent.line_id)
        .join(Line, (Line.id == Consent.line_id) & (Line.starts_at == Consent.starts_at))
        .where(
            Consent.line_id.in_([one.id for one in lines]), Consent.user_id == by.user_id,
            Consent.ends_at == Line.ends_at,
        )
    ).all()  # fmt: skip
    return [one for one in lines if one.id not in given]


def agree(line: Line, *, by: Actor) -> bool:
    """Note a manager's yes; whether that was the last one needed. The caller has locked the line and checked the right.

    Raises:
        AlreadyAgreed: the same person has said yes to this time before.
    """
    if needed(line) <= 1:
        return True
    given = consents_of(line)
    if any(one.user_id == by.user_id for one in given):
        raise AlreadyAgreed()
    db.session.add(
        Consent(
            line_id=line.id, user_id=by.user_id, starts_at=line.starts_at, ends_at=line.ends_at, given_at=clock.now()
        )
    )  # fmt: skip
    left = needed(line) - len(given) - 1
    trail.record("booking.agreed", line.booking, by=by, role=states.MANAGER, line=line.id, left=left)
    return left <= 0


def forget(lines: Sequence[Line]) -> None:
    """Some lines that were approved are asked for again: every manager is asked anew, also about a time they have said
    yes to before. What the trail says stays."""
    db.session.execute(delete(Consent).where(Consent.line_id.in_([line.id for line in lines])))
