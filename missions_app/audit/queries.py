"""Reading the trail."""

from collections.abc import Collection, Iterable, Sequence
from typing import Any

from sqlalchemy import select, tuple_

from missions_app import db
from missions_app.audit.models import AuditEvent, AuditName


def history_of(
    subjects: Iterable[Any], limit: int = 100, actions: Collection[str] | None = None
) -> Sequence[AuditEvent]:
    """The newest events of some mapped objects, newest first; only these actions when they are named."""
    keys = [(subject.__tablename__, subject.id) for subject in subjects]
    if not keys:
        return []
    query = select(AuditEvent).where(tuple_(AuditEvent.subject_kind, AuditEvent.subject_id).in_(keys))
    if actions is not None:
        query = query.where(AuditEvent.action.in_(actions))
    return db.session.scalars(query.order_by(AuditEvent.at.desc(), AuditEvent.id.desc()).limit(limit)).all()


def names_of(events: Iterable[AuditEvent]) -> dict[str, str]:
    """Actor id -> name, for those whose name is still kept."""
    ids = {event.actor_id for event in events}
    rows = db.session.execute(select(AuditName.actor_id, AuditName.name).where(AuditName.actor_id.in_(ids)))
    return {actor_id: name for actor_id, name in rows if name}
