"""The names behind opaque actor ids: kept beside the trail, so that erasing a person leaves the trail whole."""

from sqlalchemy import select

from missions_app import db
from missions_app.audit.models import AuditName


def keep_name(actor_id: str, name: str) -> None:
    """Remember, change or (with "") empty the name of an actor. Joins the open transaction."""
    with db.transaction() as session:
        kept = session.scalars(select(AuditName).where(AuditName.actor_id == actor_id)).first()
        if kept is None:
            session.add(AuditName(actor_id=actor_id, name=name))
        else:
            kept.name = name
