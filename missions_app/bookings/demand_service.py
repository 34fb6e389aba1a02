"""Remembering what was asked for in vain: it tells owners and the region what is missing."""

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from sqlalchemy import insert, update
from sqlalchemy.exc import IntegrityError

from missions_app import clock, db
from missions_app.bookings.demand_models import DemandKind, UnmetDemand
from missions_app.bookings.events import TimeRefused


def note(kind: DemandKind, wish: Mapping[str, Any], *, resource_id: int | None = None) -> None:
    """Count a wish that was not met. wish: JSON-able, without anything about who wished."""
    with db.transaction() as session:
        today = clock.today()
        about = json.dumps([kind.value, resource_id, wish], sort_keys=True, ensure_ascii=False)
        fingerprint = hashlib.sha256(about.encode()).hexdigest()
        again = (
            update(UnmetDemand)
            .where(UnmetDemand.on_date == today, UnmetDemand.fingerprint == fingerprint)
            .values(times=UnmetDemand.times + 1)
            .returning(UnmetDemand.id)
            .execution_options(synchronize_session=False)
        )
        if session.scalar(again) is not None:
            return
        row = {
            "on_date": today, "fingerprint": fingerprint, "kind": kind, "resource_id": resource_id, "wish": dict(wish),
            "times": 1,
        }  # fmt: skip
        try:
            with session.begin_nested():
                session.execute(insert(UnmetDemand).values(row))
        except IntegrityError:  # a rival wished the same at the same moment
            session.execute(again)


def note_refusal(event: TimeRefused) -> None:
    """Count a time that was asked for and taken."""
    use = event.use
    wish = {"starts_at": use.start.isoformat(), "ends_at": use.end.isoformat(), "units": event.units}
    note(DemandKind.REFUSED, wish, resource_id=event.resource_id)
