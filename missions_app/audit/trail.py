"""Writing the audit trail."""

from dataclasses import dataclass
from typing import Any, Protocol

from missions_app import clock, db
from missions_app.audit.models import AuditEvent
from missions_app.events import announce


class Actor(Protocol):
    """Whoever acts, as far as the trail needs to know: an opaque id and the role acted in."""

    @property
    def audit_id(self) -> str: ...

    @property
    def audit_role(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Recorded:
    """Something was done to a subject; announced with every audit event, so that derived data can follow."""

    action: str
    subject: Any
    by: Actor


def record(action: str, subject: Any, *, by: Actor, role: str | None = None, **data: Any) -> AuditEvent:
    """Add one event to the open transaction.

    Args:
        action: "noun.past_tense", for example "challenge.submitted".
        subject: a mapped object; its kind is its table's name, its label its reference, slug or key.
        by: who acts. role: the role acted in, when the call knows it better than the actor does.
        data: JSON-able details a reader of the history needs; never personal data.
    """
    session = db.session()
    session.flush()  # those who hear of it find it written
    label = getattr(subject, "reference", None) or getattr(subject, "slug", None) or str(subject.id)
    event = AuditEvent(
        at=clock.now(),
        actor_id=by.audit_id,
        actor_role=role or by.audit_role,
        action=action,
        subject_kind=subject.__tablename__,
        subject_id=subject.id,
        subject_label=str(label),
        data=data,
    )
    session.add(event)
    announce(Recorded(action, subject, by))
    return event
