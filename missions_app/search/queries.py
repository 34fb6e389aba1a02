"""Asking the index. What the reader may not see is left out in the query, counts included."""

from sqlalchemy import ColumnElement, Select, and_, exists, func, or_, select

from missions_app.accounts.actor import Actor
from missions_app.accounts.policy import is_secretariat
from missions_app.search.models import SearchEntry, SearchReader, SearchTerm
from missions_app.search.terms import SHORTEST_PREFIX, prefixes, terms


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
    asked = terms(text)
    query = select(SearchEntry).where(visible_to(actor))
    if kinds:
        query = query.where(SearchEntry.kind.in_(kinds))
    if not asked:
        return query.where(SearchEntry.id.is_(None))
    for term in asked:
        query = query.where(exists().where(SearchTerm.entry_id == SearchEntry.id, _meets(term)))
    rank = (
        select(func.sum(SearchTerm.weight))
        .where(SearchTerm.entry_id == SearchEntry.id, or_(*(_meets(term) for term in asked)))
        .correlate(SearchEntry)
        .scalar_subquery()
    )
    return query.order_by(rank.desc(), SearchEntry.title_sv, SearchEntry.id)


def _meets(term: str) -> ColumnElement[bool]:
    if len(term) < SHORTEST_PREFIX:
        return SearchTerm.term == term
    return or_(SearchTerm.term.startswith(term, autoescape=True), SearchTerm.term.in_(prefixes(term)))
