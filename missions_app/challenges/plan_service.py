"""A challenge's indicators and strategic documents: each change is a revision of the challenge too."""

from missions_app import db
from missions_app.accounts.actor import Actor
from missions_app.accounts.policy import is_secretariat, permit
from missions_app.challenges import locking, policy
from missions_app.challenges.models import Challenge, RevisionKind
from missions_app.challenges.revisions import keep_revision
from missions_app.indicators import indicator_service
from missions_app.indicators.indicator_service import IndicatorValues
from missions_app.indicators.models import IndicatorPlan
from missions_app.strategy import link_service
from missions_app.strategy.models import Stance, StrategicDocument, StrategyLink


def add_indicator(challenge: Challenge, values: IndicatorValues, *, by: Actor) -> IndicatorPlan:
    """Measure the challenge by one more indicator. Raises NotEditable and those of indicator_service."""
    permit(policy.can_edit, by, challenge)
    with db.transaction():
        _open(challenge)
        plan = indicator_service.add_indicator(challenge.journey, values, by=by)
        keep_revision(challenge, RevisionKind.INDICATORS, by=by)
        return plan


def save_indicator(
    challenge: Challenge, plan: IndicatorPlan, values: IndicatorValues, *, by: Actor, expected_version: int | None
) -> None:
    """Change one of its indicators. Raises NotEditable, StaleVersion and those of indicator_service."""
    permit(policy.can_edit, by, challenge)
    with db.transaction():
        _open(challenge)
        indicator_service.save_indicator(
            plan, values, journey=challenge.journey, by=by, expected_version=expected_version
        )
        keep_revision(challenge, RevisionKind.INDICATORS, by=by)


def remove_indicator(challenge: Challenge, plan: IndicatorPlan, *, by: Actor, expected_version: int | None) -> None:
    """Take one of its indicators away; the earlier revisions keep it."""
    permit(policy.can_edit, by, challenge)
    with db.transaction():
        _open(challenge)
        indicator_service.remove_indicator(plan, by=by, expected_version=expected_version)
        keep_revision(challenge, RevisionKind.INDICATORS, by=by)


def can_link(actor: Actor, challenge: Challenge) -> bool:
    """Authors while they write; the secretariat also while the challenge is being tried, since it reviews clashes."""
    return policy.can_edit(actor, challenge) or is_secretariat(actor)


def link_document(
    challenge: Challenge, document: StrategicDocument, *, stance: Stance | None, reason: str, by: Actor,
    goal_id: int | None = None, expected_version: int | None = None,
) -> StrategyLink:  # fmt: skip
    """Say what the challenge does to a strategic document. Raises NotEditable and those of link_service."""
    permit(can_link, by, challenge)
    with db.transaction():
        _open_for_links(challenge, by)
        link = link_service.set_link(
            challenge.journey, document, stance=stance, reason=reason, by=by, goal_id=goal_id,
            expected_version=expected_version,
        )  # fmt: skip
        keep_revision(challenge, RevisionKind.STRATEGY, by=by)
        return link


def unlink_document(challenge: Challenge, link: StrategyLink, *, by: Actor, expected_version: int | None) -> None:
    """Take a link to a document away."""
    permit(can_link, by, challenge)
    with db.transaction() as session:
        _open_for_links(challenge, by)
        link_service.remove_link(link, by=by, expected_version=expected_version)
        session.flush()
        keep_revision(challenge, RevisionKind.STRATEGY, by=by)


def _open(challenge: Challenge) -> None:
    locking.lock(challenge)
    locking.require_editable(challenge)


def _open_for_links(challenge: Challenge, by: Actor) -> None:
    locking.lock(challenge)
    db.session.refresh(challenge.journey)
    waiting = policy.state_of(challenge).kind == "waiting"
    if not (waiting and is_secretariat(by)):
        locking.require_editable(challenge)
