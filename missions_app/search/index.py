"""Keeping the index: each thing is indexed in the transaction that changes it."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

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
    """Index the subject of an audit event, if its kind is one that can be found: once, at the transaction's end."""
    subject = event.subject
    source = _sources.get(subject.__tablename__)
    if source is not None:
        db.before_commit(_key(subject), lambda: put(subject, source(subject)))


def is_found(kind: str) -> bool:
    """Whether things of a table are in the index."""
    return kind in _sources


def refresh(kind: str, keys: Iterable[int]) -> None:
    """Index things of a table anew that were changed by one statement over all of them, past any audit event of their
    own. The caller's transaction."""
    model: Any = next(
        one.class_ for one in db.Base.registry.mappers if one.local_table is db.Base.metadata.tables[kind]
    )
    for subject in db.session.scalars(select(model).where(model.id.in_(list(keys)))).all():
        put(subject, _sources[kind](subject))


def forget(subject: Any) -> None:
    """Take something that is about to be deleted out of the index."""
    db.run_before_commit(_key(subject))
    put(subject, None)


def _key(subject: Any) -> str:
    return f"search {subject.__tablename__} {subject.id}"


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
        entry.endpoint, entry.key, entry.is_public = found.endpoint, found.key, found.is_public
        entry.title_sv, entry.title_en = found.title_sv[:300], found.title_en[:300]
        session.flush()
        _write_terms(session, entry.id, _weights(found))
        _write_readers(session, entry.id, {(scope.kind, scope.id) for scope in found.readers})


def _write_terms(session: Session, entry_id: int, wanted: dict[str, int]) -> None:
    """Most events leave most of the text as it was: only what differs is written."""
    rows = select(SearchTerm.term, SearchTerm.weight).where(SearchTerm.entry_id == entry_id)
    there = {term: weight for term, weight in session.execute(rows)}
    gone = [term for term, weight in there.items() if wanted.get(term) != weight]
    new = [(term, weight) for term, weight in wanted.items() if there.get(term) != weight]
    if gone:
        session.execute(delete(SearchTerm).where(SearchTerm.entry_id == entry_id, SearchTerm.term.in_(gone)))
    if new:
        session.execute(insert(SearchTerm), [{"entry_id": entry_id, "term": t, "weight": w} for t, w in new])


def _write_readers(session: Session, entry_id: int, wanted: set[tuple[str, str]]) -> None:
    rows = select(SearchReader.scope_kind, SearchReader.scope_id).where(SearchReader.entry_id == entry_id)
    there = {(kind, scope_id) for kind, scope_id in session.execute(rows)}
    if there == wanted:
        return
    session.execute(delete(SearchReader).where(SearchReader.entry_id == entry_id))
    if wanted:
        readers = [
            {"entry_id": entry_id, "scope_kind": kind, "scope_id": scope_id} for kind, scope_id in sorted(wanted)
        ]
        session.execute(insert(SearchReader), readers)


def _weights(found: Found) -> dict[str, int]:
    weights: dict[str, int] = {}
    for text, weight in ((found.key, 3), (f"{found.title_sv} {found.title_en}", 2), (found.text, 1)):
        for term in terms(text):
            weights.setdefault(term, weight)
    return weights
