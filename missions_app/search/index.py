"""Keeping the index: each thing is indexed in the transaction that changes it."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import delete, select

from missions_app import db
from missions_app.accounts.actor import Scope
from missions_app.audit.trail import Recorded
from missions_app.search.models import SearchEntry, SearchReader, SearchTerm
from missions_app.search.terms import terms


@dataclass(frozen=True, slots=True)
class Found:
    """How a thing wants to be found: its page, its titles, further text, whether everybody may, and else who."""

    endpoint: str
    key: str
    title_sv: str
    title_en: str
    text: str = ""
    is_public: bool = False
    readers: frozenset[Scope] = field(default_factory=frozenset)


Source = Callable[[Any], Found | None]
_sources: dict[str, Source] = {}


def register(kind: str, source: Source) -> None:
    """Say how things of a table want to be found; None takes them out of the index."""
    _sources[kind] = source


def reindex(event: Recorded) -> None:
    """Index the subject of an audit event, if its kind is one that can be found."""
    source = _sources.get(event.subject.__tablename__)
    if source is not None:
        put(event.subject, source(event.subject))


def put(subject: Any, found: Found | None) -> None:
    """Write the subject's entry, or remove it."""
    with db.transaction() as session:
        session.flush()
        entry = session.scalars(
            select(SearchEntry).where(SearchEntry.kind == subject.__tablename__, SearchEntry.subject_id == subject.id)
        ).first()
        if found is None:
            if entry is not None:
                session.delete(entry)
            return
        if entry is None:
            entry = SearchEntry(kind=subject.__tablename__, subject_id=subject.id)
            session.add(entry)
        elif _is_as_written(entry, found):
            return  # most acts change no word; rivals then have nothing to wait for here
        else:
            db.lock_row(entry)
        entry.endpoint, entry.key, entry.is_public = found.endpoint, found.key, found.is_public
        entry.title_sv, entry.title_en = found.title_sv[:300], found.title_en[:300]
        session.flush()
        session.execute(delete(SearchTerm).where(SearchTerm.entry_id == entry.id))
        session.execute(delete(SearchReader).where(SearchReader.entry_id == entry.id))
        session.add_all(SearchTerm(entry_id=entry.id, term=term, weight=weight) for term, weight in _weights(found))
        session.add_all(SearchReader(entry_id=entry.id, scope_kind=s.kind, scope_id=s.id) for s in found.readers)


def _is_as_written(entry: SearchEntry, found: Found) -> bool:
    wanted = (found.endpoint, found.key, found.title_sv[:300], found.title_en[:300], found.is_public)
    if (entry.endpoint, entry.key, entry.title_sv, entry.title_en, entry.is_public) != wanted:
        return False
    readers = select(SearchReader.scope_kind, SearchReader.scope_id).where(SearchReader.entry_id == entry.id)
    if {tuple(row) for row in db.session.execute(readers)} != {(one.kind, one.id) for one in found.readers}:
        return False
    known = db.session.execute(select(SearchTerm.term, SearchTerm.weight).where(SearchTerm.entry_id == entry.id))
    return {tuple(row) for row in known} == set(_weights(found))


def _weights(found: Found) -> list[tuple[str, int]]:
    weights: dict[str, int] = {}
    for text, weight in ((found.key, 3), (f"{found.title_sv} {found.title_en}", 2), (found.text, 1)):
        for term in terms(text):
            weights.setdefault(term, weight)
    return list(weights.items())
