"""Reading documents, links, clashes and signals."""

from collections.abc import Collection, Sequence

from sqlalchemy import Select, select
from sqlalchemy.orm import joinedload, selectinload

from missions_app import db
from missions_app.errors import NotFound
from missions_app.strategy.models import Signal, SignalState, Stance, StrategicDocument, StrategicGoal, StrategyLink
from missions_app.workflow.models import Journey


def documents(*, with_retired: bool = False) -> Sequence[StrategicDocument]:
    """The register with the goals of each document, by level and title."""
    query = (
        select(StrategicDocument)
        .options(selectinload(StrategicDocument.goals))
        .order_by(StrategicDocument.level, StrategicDocument.title_sv, StrategicDocument.id)
    )
    return db.session.scalars(query if with_retired else query.where(StrategicDocument.retired_at.is_(None))).all()


def find_document(key: str) -> StrategicDocument | None:
    """The document with this short name, or None."""
    return db.session.scalars(select(StrategicDocument).where(StrategicDocument.key == key)).first()


def get_document(key: str) -> StrategicDocument:
    """The document with this short name, or NotFound."""
    document = find_document(key)
    if document is None:
        raise NotFound()
    return document


def get_goal(document: StrategicDocument, goal_id: int) -> StrategicGoal:
    """A goal of this very document, or NotFound."""
    goal = db.session.get(StrategicGoal, goal_id)
    if goal is None or goal.document_id != document.id:
        raise NotFound()
    return goal


def links_of(journey: Journey) -> Sequence[StrategyLink]:
    """What a case does to documents, in the order it was said."""
    return links_of_journeys([journey.id])


def links_of_journeys(journey_ids: Collection[int]) -> Sequence[StrategyLink]:
    """What some cases do to documents, in the order it was said."""
    return db.session.scalars(
        select(StrategyLink)
        .where(StrategyLink.journey_id.in_(journey_ids))
        .options(joinedload(StrategyLink.document), joinedload(StrategyLink.goal))
        .order_by(StrategyLink.id)
    ).all()


def find_link(journey: Journey, document: StrategicDocument) -> StrategyLink | None:
    """What a case does to one document, or None."""
    return db.session.scalars(
        select(StrategyLink).where(StrategyLink.journey_id == journey.id, StrategyLink.document_id == document.id)
    ).first()


def get_link(journey: Journey, link_id: int) -> StrategyLink:
    """A link of this very case, or NotFound."""
    link = db.session.get(StrategyLink, link_id)
    if link is None or link.journey_id != journey.id:
        raise NotFound()
    return link


def clashes() -> Select[StrategyLink]:
    """Every clash of a case with a document, newest first: what the reference group and the board want to see."""
    return (
        select(StrategyLink)
        .where(StrategyLink.stance == Stance.CLASHES)
        .options(joinedload(StrategyLink.document), joinedload(StrategyLink.goal))
        .order_by(StrategyLink.reviewed_at.desc(), StrategyLink.id.desc())
    )


def signals(state: SignalState | None = None, *, noted_by: int | None = None) -> Select[Signal]:
    """Signals, newest first; only those of one person when noted_by is given."""
    query = select(Signal).options(joinedload(Signal.noted_by)).order_by(Signal.noted_at.desc(), Signal.id.desc())
    if state is not None:
        query = query.where(Signal.state == state)
    return query.where(Signal.noted_by_id == noted_by) if noted_by is not None else query


def get_signal(signal_id: int) -> Signal:
    """The signal, or NotFound."""
    signal = db.session.get(Signal, signal_id)
    if signal is None:
        raise NotFound()
    return signal
