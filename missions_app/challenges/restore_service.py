"""Going back to an earlier revision: its fields, indicators and links stand again, as a new revision."""

from collections.abc import Mapping
from dataclasses import fields
from datetime import date
from typing import Any

from missions_app import db
from missions_app.accounts.actor import Actor
from missions_app.accounts.policy import permit
from missions_app.audit import trail
from missions_app.challenges import locking, policy, queries
from missions_app.challenges.challenge_service import require_fresh
from missions_app.challenges.content import BY_NAME, plain, typed
from missions_app.challenges.models import Challenge, Revision, RevisionKind
from missions_app.challenges.revisions import INDICATOR_FIELDS, LATER_FIELDS, keep_revision, whole_content
from missions_app.indicators import indicator_service
from missions_app.indicators.indicator_service import IndicatorValues
from missions_app.indicators.library import RANGE
from missions_app.indicators.queries import indicators_of
from missions_app.strategy import link_service
from missions_app.strategy import queries as strategy
from missions_app.strategy.models import Stance

TABLES = ("indicators", "strategy_links")


def restore_revision(challenge: Challenge, number: int, *, by: Actor, expected_version: int | None) -> Revision | None:
    """Let an earlier revision stand again. Nothing is lost: what stood until now stays in the history.

    Attachments are documents of the case and stay as they are.

    Returns:
        the new revision, or None when nothing differs.

    Raises:
        NotFound, NotEditable, StaleChallenge.
    """
    permit(policy.can_edit, by, challenge)
    with db.transaction() as session:
        locking.lock(challenge)
        locking.require_editable(challenge)
        wanted = queries.revision_of(challenge, number).content
        names = [*BY_NAME, *TABLES]
        if _comparable(wanted, names) == _comparable(whole_content(challenge), names):
            return None
        require_fresh(challenge, expected_version)
        for name in BY_NAME:
            setattr(challenge, name, typed(name, wanted.get(name)))
        _restore_indicators(challenge, wanted.get("indicators") or [], by)
        _restore_links(challenge, wanted.get("strategy_links") or [], by)
        session.flush()
        revision = keep_revision(challenge, RevisionKind.RESTORED, by=by)
        trail.record("challenge.restored", challenge, by=by, revision=revision.number, restored=number)
        return revision


def _comparable(content: Mapping[str, Any], names: list[str]) -> dict[str, Any]:
    return {name: content.get(name) or None for name in names}


def _restore_indicators(challenge: Challenge, rows: list[dict[str, Any]], by: Actor) -> None:
    present = {plan.id: plan for plan in indicators_of(challenge.journey)}
    kept = {row["id"] for row in rows}
    for plan in present.values():
        if plan.id not in kept:
            indicator_service.remove_indicator(plan, by=by)
    for row in rows:
        known = present.get(row["id"])
        if known is None:
            indicator_service.add_indicator(challenge.journey, _values(row), by=by)
        elif any(plain(getattr(known, name)) != row[name] for name in INDICATOR_FIELDS) or any(
            getattr(known, name) != row.get(name, empty) for name, empty in LATER_FIELDS.items()
        ):
            indicator_service.save_indicator(known, _values(row), journey=challenge.journey, by=by)


def _values(row: Mapping[str, Any]) -> IndicatorValues:
    known = {one.name for one in fields(IndicatorValues)}
    values = {name: row[name] for name in INDICATOR_FIELDS if name in known}
    values |= {name: row.get(name, empty) for name, empty in LATER_FIELDS.items()}
    for name in ("baseline_on", "target_on"):
        values[name] = date.fromisoformat(row[name]) if row[name] else None
    if row["direction"] == RANGE and "target_low" not in row:
        values |= _limits_of(row)
    return IndicatorValues(**values, label="" if row["library_key"] else row["label_sv"])


def _limits_of(row: Mapping[str, Any]) -> dict[str, Any]:
    """A range from before it had limits of its own lay between baseline and target; where one is missing, the target
    says how far the value may move."""
    ends = sorted(one for one in (row["baseline_value"], row["target_value"]) if one is not None)
    return {"target_low": ends[0], "target_value": ends[1]} if len(set(ends)) > 1 else {"direction": "hold"}


def _restore_links(challenge: Challenge, rows: list[dict[str, Any]], by: Actor) -> None:
    kept = {row["document"] for row in rows}
    for link in strategy.links_of(challenge.journey):
        if link.document.key not in kept:
            link_service.remove_link(link, by=by)
    db.session.flush()
    for row in rows:
        document = strategy.find_document(row["document"])
        if document is None:
            continue
        known = strategy.find_link(challenge.journey, document)
        stance = Stance(row["stance"]) if row["stance"] else None
        if known is None and document.retired_at is not None:
            continue
        if known is None or (known.stance, known.reason, known.goal_id) != (stance, row["reason"], row["goal"]):
            link_service.set_link(
                challenge.journey, document, stance=stance, reason=row["reason"], by=by, goal_id=row["goal"]
            )
