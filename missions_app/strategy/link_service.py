"""Saying what a case does to strategic documents. The case's own package checks who may, and calls this."""

from missions_app import clock, db
from missions_app.accounts.actor import Actor
from missions_app.audit import trail
from missions_app.strategy import queries
from missions_app.strategy.errors import DocumentRetired, GoalOfAnotherDocument, ReasonForClash
from missions_app.strategy.models import Stance, StrategicDocument, StrategyLink
from missions_app.workflow.models import Journey


def set_link(
    journey: Journey, document: StrategicDocument, *, stance: Stance | None, reason: str, by: Actor,
    goal_id: int | None = None, expected_version: int | None = None,
) -> StrategyLink:  # fmt: skip
    """Say what the case does to a document, or change what was said; one link per document.

    Args:
        stance: None for "concerned, but not reviewed yet".
        goal_id: the goal it is about; None for the whole document.
        expected_version: the link's version the writer saw; ignored for a new link.

    Raises:
        ReasonForClash, GoalOfAnotherDocument, DocumentRetired, StaleVersion.
    """
    if stance is Stance.CLASHES and not reason.strip():
        raise ReasonForClash(field="reason")
    with db.transaction() as session:
        link = queries.find_link(journey, document)
        if link is None:
            if document.retired_at is not None:
                raise DocumentRetired(field="document")
            link = StrategyLink(journey_id=journey.id, document=document)
            session.add(link)
        else:
            db.expect_version(link, expected_version)
        if goal_id is not None and all(goal.id != goal_id for goal in document.goals):
            raise GoalOfAnotherDocument(field="goal")
        link.goal_id, link.stance, link.reason, link.edition = goal_id, stance, reason.strip(), document.edition
        link.reviewed_at = clock.now() if stance else None
        link.reviewed_by_id = by.user_id if stance else None
        session.flush()
        trail.record(
            "strategy_link.set", link, by=by, journey=journey.id, document=document.key,
            stance=stance.value if stance else None,
        )  # fmt: skip
        return link


def remove_link(link: StrategyLink, *, by: Actor, expected_version: int | None = None) -> None:
    """Take a link away; the revision before keeps it readable."""
    with db.transaction() as session:
        db.expect_version(link, expected_version)
        trail.record("strategy_link.removed", link, by=by, journey=link.journey_id, document=link.document.key)
        session.delete(link)
