"""Keeping the register of strategic documents and their goals."""

from dataclasses import dataclass, fields
from datetime import date

from missions_app import clock, db
from missions_app.accounts.actor import Actor
from missions_app.accounts.policy import permit
from missions_app.audit import trail
from missions_app.strategy import policy, queries
from missions_app.strategy.errors import KeyTaken, TitleMissing
from missions_app.strategy.models import StrategicDocument, StrategicGoal
from missions_app.workflow.method import Method


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentValues:
    """What is known about a document. `edition` names the revision in force."""

    title_sv: str
    title_en: str
    level: str
    publisher: str = ""
    url: str = ""
    edition: str = ""
    adopted_on: date | None = None
    valid_until: date | None = None
    named_in_strategy: bool = False


def add_document(key: str, values: DocumentValues, *, by: Actor) -> StrategicDocument:
    """Enter a document in the register.

    Raises:
        KeyTaken, TitleMissing.
    """
    permit(policy.can_manage_register, by, None)
    _require_title(values)
    with db.transaction() as session:
        if queries.find_document(key) is not None:
            raise KeyTaken(field="key")
        document = StrategicDocument(key=key, title_sv="", title_en="", level="")
        _write(document, values)
        session.add(document)
        session.flush()
        trail.record("strategic_document.added", document, by=by, edition=values.edition)
        return document


def save_document(
    document: StrategicDocument, values: DocumentValues, *, by: Actor, expected_version: int | None = None
) -> None:
    """Correct an entry or bring in a new edition. Links keep the edition they were judged against."""
    permit(policy.can_manage_register, by, None)
    _require_title(values)
    with db.transaction():
        db.expect_version(document, expected_version)
        before = document.edition
        _write(document, values)
        trail.record("strategic_document.saved", document, by=by, edition=values.edition, edition_before=before)


def retire_document(document: StrategicDocument, *, by: Actor, expected_version: int | None = None) -> None:
    """Say that a document is no longer in force. What was linked to it stays readable."""
    permit(policy.can_manage_register, by, None)
    with db.transaction():
        db.expect_version(document, expected_version)
        if document.retired_at is None:
            document.retired_at = clock.now()
            trail.record("strategic_document.retired", document, by=by)


def add_goal(document: StrategicDocument, *, text_sv: str, text_en: str, by: Actor) -> StrategicGoal:
    """Enter one of the document's goals, under its present edition."""
    permit(policy.can_manage_register, by, None)
    if not text_sv.strip():
        raise TitleMissing(field="text_sv")
    with db.transaction() as session:
        goal = StrategicGoal(
            document=document, position=len(document.goals) + 1, text_sv=text_sv.strip(),
            text_en=text_en.strip() or text_sv.strip(), edition=document.edition,
        )  # fmt: skip
        session.add(goal)
        session.flush()
        trail.record("strategic_goal.added", goal, by=by, document=document.key)
        return goal


def retire_goal(goal: StrategicGoal, *, by: Actor) -> None:
    """Say that a goal no longer holds."""
    permit(policy.can_manage_register, by, None)
    with db.transaction():
        if goal.retired_at is None:
            goal.retired_at = clock.now()
            trail.record("strategic_goal.retired", goal, by=by)


def load_from_method(method: Method, *, by: Actor) -> list[StrategicDocument]:
    """Enter the documents the method names that the register does not have yet; returns the new ones."""
    with db.transaction():
        return [
            add_document(
                term.id,
                DocumentValues(
                    title_sv=term.label.sv, title_en=term.label.en, level=term.level,
                    named_in_strategy=term.named_in_seed,
                ),
                by=by,
            )
            for term in method.strategic_document
            if queries.find_document(term.id) is None
        ]  # fmt: skip


def _require_title(values: DocumentValues) -> None:
    if not values.title_sv.strip():
        raise TitleMissing(field="title_sv")


def _write(document: StrategicDocument, values: DocumentValues) -> None:
    for field in fields(values):
        value = getattr(values, field.name)
        setattr(document, field.name, value.strip() if isinstance(value, str) else value)
    document.title_en = document.title_en or document.title_sv
