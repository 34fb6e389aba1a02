"""Keeping revisions: the whole content as plain values."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import func, select

from missions_app import clock, db
from missions_app.accounts.actor import Actor
from missions_app.challenges.content import Content, fields_of, plain
from missions_app.challenges.models import Challenge, Revision, RevisionKind, Submission
from missions_app.documents.models import Document, DocumentState
from missions_app.documents.queries import documents_of
from missions_app.errors import Problem
from missions_app.i18n import N_
from missions_app.indicators.models import IndicatorPlan
from missions_app.indicators.queries import indicators_of
from missions_app.strategy.models import StrategyLink
from missions_app.strategy.queries import links_of

INDICATOR_FIELDS = (
    "library_key", "label_sv", "label_en", "level", "unit", "direction", "frequency", "source", "baseline_kind",
    "baseline_value", "baseline_on", "baseline_method", "uncertainty", "target_value", "target_on", "owner_id",
    "owner_function",
)  # fmt: skip


# Came later: older revisions lack them.
LATER_FIELDS: dict[str, Any] = {"milestones": {}, "split_by": "", "target_low": None}


def whole_content(challenge: Challenge) -> Content:
    """Everything the challenge says now: fields, indicators, strategic documents and attachments."""
    return {
        **fields_of(challenge),
        "indicators": [_indicator(plan) for plan in indicators_of(challenge.journey)],
        "strategy_links": [_link(link) for link in links_of(challenge.journey)],
        "attachments": [_attachment(one) for one in attachments_of(challenge)],
    }


def attachments_of(challenge: Challenge) -> list[Document]:
    """The files that go with the challenge now, newest first; texts drawn up here are no attachments."""
    found = documents_of(challenge.journey)
    return [one for one in found if one.file is not None and one.state is not DocumentState.VOID]


def references_to(document: Document) -> Iterator[Problem]:
    """Says so when a challenge has been sent in with the document as an attachment, or has got it since. What was only
    ever in a draft is nobody's official document; the draft's revisions keep its title and check sum."""
    first_sent = select(func.min(Submission.revision_number)).where(Submission.challenge_id == Challenge.id)
    kept = db.session.scalars(
        select(Revision.content)
        .join(Challenge, Challenge.id == Revision.challenge_id)
        .where(Challenge.journey_id == document.journey_id, Revision.number >= first_sent.scalar_subquery())
    )
    if any(one["id"] == document.id for content in kept for one in content.get("attachments", [])):
        yield Problem("in_revision", N_("The challenge has been sent in with it."))


def keep_revision(challenge: Challenge, kind: RevisionKind, *, by: Actor) -> Revision:
    """Store the content of now under the next number. The caller holds the challenge's lock."""
    session = db.session()
    last = session.scalar(select(func.max(Revision.number)).where(Revision.challenge_id == challenge.id))
    revision = Revision(
        challenge=challenge, number=(last or 0) + 1, challenge_version=challenge.version, kind=kind,
        content=whole_content(challenge), saved_at=clock.now(), saved_by_id=by.user_id,
    )  # fmt: skip
    session.add(revision)
    session.flush()
    return revision


def _indicator(plan: IndicatorPlan) -> dict[str, Any]:
    return {
        "id": plan.id, **{name: plain(getattr(plan, name)) for name in INDICATOR_FIELDS},
        "milestones": dict(plan.milestones), "split_by": plan.split_by, "target_low": plan.target_low,
    }  # fmt: skip


def _attachment(document: Document) -> dict[str, Any]:
    return {
        "id": document.id, "title": document.title, "kind": document.kind, "file_name": document.file_name or "",
        "checksum": document.checksum,
    }  # fmt: skip


def _link(link: StrategyLink) -> dict[str, Any]:
    return {
        "id": link.id,
        "document": link.document.key,
        "goal": link.goal_id,
        "stance": link.stance.value if link.stance else None,
        "reason": link.reason,
        "edition": link.edition,
    }
