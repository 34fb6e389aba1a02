"""Asking the index. What the reader may not see is left out in the query, counts included."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import log

from sqlalchemy import ColumnElement, Select, and_, exists, func, or_, select

from missions_app import db
from missions_app.accounts.actor import Actor
from missions_app.accounts.policy import is_secretariat
from missions_app.search.models import SearchEntry, SearchReader, SearchTerm
from missions_app.search.terms import SHORTEST_PREFIX, as_written, asked, beginnings, forms, telling

MOST_WORDS = 40
LEAST_SHARED = 2
LEAST_LIKENESS = 0.16


@dataclass(frozen=True, slots=True)
class Alike:
    """A thing that is about much the same: which words both have, and how much of the question they are, 0 to 1."""

    entry: SearchEntry
    shared: Sequence[str]
    likeness: float


def visible_to(actor: Actor) -> ColumnElement[bool]:
    """Entries that are public, or open to one of the actor's scopes, or to the secretariat."""
    if is_secretariat(actor):
        return SearchEntry.id.is_not(None)
    scopes = sorted({(scope.kind, scope.id) for _role, scope in actor.grants if scope.kind != "region"})
    if not scopes:
        return SearchEntry.is_public.is_(True)
    mine = or_(*(and_(SearchReader.scope_kind == kind, SearchReader.scope_id == key) for kind, key in scopes))
    return or_(SearchEntry.is_public.is_(True), exists().where(SearchReader.entry_id == SearchEntry.id, mine))


def entries_matching(text: str, actor: Actor, *, kinds: tuple[str, ...] = ()) -> Select[SearchEntry]:
    """Entries that hold every word of the question, best first; none for an empty question."""
    words = asked(text)
    query = select(SearchEntry).where(visible_to(actor))
    if kinds:
        query = query.where(SearchEntry.kind.in_(kinds))
    if not words:
        return query.where(SearchEntry.id.is_(None))
    for word in words:
        query = query.where(exists().where(SearchTerm.entry_id == SearchEntry.id, _meets(word)))
    rank = (
        select(func.sum(SearchTerm.weight))
        .where(SearchTerm.entry_id == SearchEntry.id, or_(*(_meets(word) for word in words)))
        .correlate(SearchEntry)
        .scalar_subquery()
    )
    return query.order_by(rank.desc(), SearchEntry.title_sv, SearchEntry.id)


def alike(text: str, actor: Actor, *, kind: str, besides: int | None = None, most: int = 5) -> list[Alike]:
    """Things of a kind that share the telling words of a text, most alike first: two statements whatever the number.

    A word that few have tells more than one that many have. Rare and common are counted only among what the reader
    may see, so that the order says nothing about the rest.

    Args:
        besides: the id of a thing that is left out, usually the one the text is from.
    """
    words = _one_of_each(telling(text))[:MOST_WORDS]
    if len(words) < LEAST_SHARED:
        return []
    meets = {word: tuple(dict.fromkeys(form for form in forms(word))) for word in words}
    seen = select(SearchEntry.id).where(visible_to(actor), SearchEntry.kind == kind)
    rows = db.session.execute(
        select(SearchTerm.entry_id, SearchTerm.term, SearchTerm.weight).where(
            SearchTerm.entry_id.in_(seen), or_(*(_meets(one) for one in meets.values()))
        )
    ).all()
    found: dict[int, set[str]] = {}
    for entry_id, term, _weight in rows:
        found.setdefault(entry_id, set()).update(
            word for word, wanted in meets.items() if any(_is_met(one, term) for one in wanted)
        )
    often = {word: sum(word in shared for shared in found.values()) for word in words}
    total = db.session.scalar(select(func.count()).select_from(seen.subquery())) or 0
    worth = {word: log((total + 1) / (often[word] + 0.5)) for word in words}
    whole = sum(value for word, value in worth.items() if often[word] or value > 0) or 1.0
    ranked = sorted(
        (
            (sum(worth[word] for word in shared) / whole, entry_id)
            for entry_id, shared in found.items()
            if len(shared) >= LEAST_SHARED
        ),
        key=lambda one: (-one[0], one[1]),
    )
    written = as_written(text)
    told = {entry_id: sorted(written.get(word, word) for word in shared) for entry_id, shared in found.items()}
    return _entries([one for one in ranked if one[0] >= LEAST_LIKENESS], told, besides, most)


def _one_of_each(words: Sequence[str]) -> list[str]:
    """Without other forms of a word that was there before: "butiker", not "butikerna" too."""
    seen: set[str] = set()
    found = []
    for word in words:
        if not seen & set(forms(word)):
            found.append(word)
        seen.update(forms(word))
    return found


def _entries(
    ranked: Sequence[tuple[float, int]], told: dict[int, list[str]], besides: int | None, most: int
) -> list[Alike]:
    ids = [entry_id for _likeness, entry_id in ranked[: most + 1]]
    entries = {one.id: one for one in db.session.scalars(select(SearchEntry).where(SearchEntry.id.in_(ids)))}
    rows = [
        Alike(entries[entry_id], told[entry_id], likeness)
        for likeness, entry_id in ranked[: most + 1]
        if entries[entry_id].subject_id != besides
    ]
    return rows[:most]


def _meets(word: Sequence[str]) -> ColumnElement[bool]:
    return or_(*(_form_meets(form) for form in word))


def _form_meets(form: str) -> ColumnElement[bool]:
    if len(form) < SHORTEST_PREFIX:
        return SearchTerm.term == form
    return or_(SearchTerm.term.startswith(form, autoescape=True), SearchTerm.term.in_(beginnings(form)))


def _is_met(form: str, term: str) -> bool:
    """The same as `_form_meets`, in memory."""
    if len(form) < SHORTEST_PREFIX:
        return term == form
    return term.startswith(form) or term in beginnings(form)
