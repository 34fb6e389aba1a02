"""Keeping what an entry has said: the whole content as plain values each time it is saved."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date
from enum import Enum
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from missions_app import clock, db
from missions_app.accounts.actor import Actor
from missions_app.errors import NotFound
from missions_app.sites.entry_models import SiteRevision
from missions_app.sites.models import Site


@dataclass(frozen=True, slots=True)
class Change:
    """One field that differs between two contents; `name` is "details.depth_m" for a further field."""

    name: str
    before: Any
    after: Any


def plain(value: Any) -> Any:
    """A value as JSON keeps it."""
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {str(key): plain(one) for key, one in value.items()}
    return [plain(one) for one in value] if isinstance(value, list | tuple) else value


def content_of(entry: Any) -> dict[str, Any]:
    """An entry as written, as plain values."""
    return {one.name: plain(getattr(entry, one.name)) for one in fields(entry)}


def keep(site: Site, entry: Any, *, by: Actor) -> SiteRevision:
    """Store what was saved under the next number."""
    session = db.session()
    session.flush()
    last = session.scalar(select(func.max(SiteRevision.number)).where(SiteRevision.site_id == site.id))
    revision = SiteRevision(
        site=site, number=(last or 0) + 1, site_version=site.version, content=content_of(entry),
        saved_at=clock.now(), saved_by_id=by.user_id,
    )  # fmt: skip
    session.add(revision)
    return revision


def revisions_of(site: Site) -> Sequence[SiteRevision]:
    """Every revision, newest first."""
    return db.session.scalars(
        select(SiteRevision)
        .where(SiteRevision.site_id == site.id)
        .options(joinedload(SiteRevision.saved_by))
        .order_by(SiteRevision.number.desc())
    ).all()


def get_revision(site: Site, number: int) -> SiteRevision:
    """One revision by its number, or NotFound."""
    found = db.session.scalars(
        select(SiteRevision).where(SiteRevision.site_id == site.id, SiteRevision.number == number)
    ).first()
    if found is None:
        raise NotFound()
    return found


def changes(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Change]:
    """What differs between two contents, field by field."""
    old, new = _flat(before), _flat(after)
    names = [*new, *(name for name in old if name not in new)]
    return [
        Change(name, old.get(name), new.get(name))
        for name in names
        if old.get(name) != new.get(name) and (old.get(name) or new.get(name))
    ]


def _flat(content: Mapping[str, Any]) -> dict[str, Any]:
    flat = {name: value for name, value in content.items() if name not in ("details", "answers")}
    flat |= {f"answers.{name}": value for name, value in (content.get("answers") or {}).items()}
    return flat | {f"details.{name}": value for name, value in (content.get("details") or {}).items()}
