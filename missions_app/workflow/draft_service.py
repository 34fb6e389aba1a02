"""Working on the next version of the method: a draft that several may edit, checked as it goes, then adopted."""

import tomllib
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import delete, select, update

from missions_app import clock, db
from missions_app.accounts.actor import Actor
from missions_app.accounts.policy import permit
from missions_app.audit import trail
from missions_app.errors import InvalidInput, NotFound, Problem, StaleVersion
from missions_app.i18n import N_
from missions_app.workflow import method_document, method_queries, policy
from missions_app.workflow.errors import DraftExists, DraftHasProblems, NumberTaken, OtherMethod, StillInForce
from missions_app.workflow.method_file import MethodProblem, MethodProblems, checksum, parse_method
from missions_app.workflow.method_models import MethodMigration, MethodProposal, ProposalState
from missions_app.workflow.method_schema import Path, fields_of, names, part_at
from missions_app.workflow.method_service import version_in_force
from missions_app.workflow.models import MethodStatus, MethodVersion


def start_draft(*, summary: str, by: Actor) -> MethodVersion:
    """A draft of the next version, equal to the one in force but for its number.

    Raises:
        NotAllowed, DraftExists: one draft at a time, so that nobody works on what another version will undo.
    """
    permit(policy.can_edit_method, by, None)
    with db.transaction():
        base = version_in_force()
        tables = method_document.load(base.document)
        tables["meta"] |= {"version": method_queries.highest_number(base.key) + 1, "status": MethodStatus.DRAFT.value}
        return _add(base, method_document.text_of(tables), tables["meta"]["version"], summary, by)


def import_draft(document: str, *, summary: str, by: Actor) -> MethodVersion:
    """A draft from a file, kept byte for byte. It may still hold problems; it must be of this method and newer.

    Raises:
        NotAllowed, DraftExists, MethodProblems (not TOML), OtherMethod, NumberTaken.
    """
    permit(policy.can_edit_method, by, None)
    with db.transaction():
        base = version_in_force()
        try:
            meta = method_document.load(document).get("meta") or {}
        except tomllib.TOMLDecodeError:
            parse_method(document)  # says where
            raise
        if meta.get("id") != base.key:
            raise OtherMethod(field="file", key=base.key)
        number = meta.get("version")
        if not isinstance(number, int) or number <= method_queries.highest_number(base.key):
            raise NumberTaken(field="file", least=method_queries.highest_number(base.key) + 1)
        return _add(base, document, number, summary, by)


def _add(base: MethodVersion, document: str, number: int, summary: str, by: Actor) -> MethodVersion:
    if not summary.strip():
        raise InvalidInput.of([Problem("missing", N_("Say in a few words what is to change."), "summary")])
    waiting = method_queries.drafts()
    if waiting:
        raise DraftExists(number=waiting[0].number)
    draft = MethodVersion(
        key=base.key, number=number, status=MethodStatus.DRAFT, document=document, checksum=checksum(document),
        created_at=clock.now(), based_on=base, summary=summary.strip(),
    )  # fmt: skip
    db.session.add(draft)
    for proposal in method_queries.proposals(ProposalState.ACCEPTED):
        if proposal.method_version_id is None:
            proposal.method_version = draft
    trail.record("method.drafted", draft, by=by, number=number)
    return draft


def problems_of(version: MethodVersion) -> list[MethodProblem]:
    """Everything that keeps a draft from being adopted: place, reason and remedy."""
    return _problems_in(version.document)


def _problems_in(document: str) -> list[MethodProblem]:
    try:
        parse_method(document)
    except MethodProblems as found:
        return found.found
    return []


def problems_with(draft: MethodVersion, path: Path, value: Mapping[str, Any]) -> list[MethodProblem]:
    """What would keep the draft from being adopted if one part said this. Nothing is written."""
    tables = method_document.put(method_document.load(draft.document), path, dict(value))
    return _problems_in(method_document.text_of(tables))


def save_part(draft: MethodVersion, path: Path, value: Mapping[str, Any], *, seen: str, by: Actor) -> None:
    """Write one part of a draft: a row, a table, or a new row one past the last.

    Args:
        seen: the fingerprint of what the editor opened. Somebody else's change of another part does no harm.

    Raises:
        NotAllowed, NotFound, StaleVersion: this very part has been changed since.
    """
    permit(policy.can_edit_method, by, None)
    with db.transaction():
        tables = _locked(draft, path)
        if method_document.fingerprint(method_document.at(tables, path)) != seen:
            raise StaleVersion(field="seen")
        _write(draft, method_document.put(tables, path, dict(value)))
        trail.record("method.part_saved", draft, by=by, place=place_of(path))


def remove_row(draft: MethodVersion, path: Path, *, seen: str, by: Actor) -> None:
    """Take a row away; what refers to it shows up among the problems."""
    permit(policy.can_edit_method, by, None)
    with db.transaction():
        tables = _locked(draft, path)
        if method_document.fingerprint(method_document.at(tables, path)) != seen:
            raise StaleVersion(field="seen")
        _write(draft, method_document.without(tables, path))
        trail.record("method.row_removed", draft, by=by, place=place_of(path))


def move_row(draft: MethodVersion, path: Path, *, down: bool, seen: str, by: Actor) -> None:
    """Let a row change places with its neighbour."""
    permit(policy.can_edit_method, by, None)
    with db.transaction():
        tables = _locked(draft, path)
        if method_document.fingerprint(method_document.at(tables, path)) != seen:
            raise StaleVersion(field="seen")
        _write(draft, method_document.moved(tables, path, 1 if down else -1))
        trail.record("method.row_moved", draft, by=by, place=place_of(path))


def discard_draft(draft: MethodVersion, *, by: Actor, expected_version: int) -> None:
    """Throw a draft away. The trail keeps that there was one."""
    permit(policy.can_edit_method, by, None)
    with db.transaction() as session:
        _lock(draft)
        db.expect_version(draft, expected_version)
        trail.record("method.draft_discarded", draft, by=by, number=draft.number)
        session.execute(
            update(MethodProposal).where(MethodProposal.method_version_id == draft.id).values(method_version_id=None)
        )
        session.execute(delete(MethodMigration).where(MethodMigration.to_version_id == draft.id))
        session.delete(draft)


def adopt_draft(
    draft: MethodVersion, *, decided_on: date, valid_from: date, registry_number: str, by: Actor, expected_version: int
) -> MethodVersion:
    """Record that the deciding body has adopted a draft: new cases begin under it from a day, running cases stay.

    Raises:
        NotAllowed, DraftHasProblems, StaleVersion, InvalidInput (dates).
    """
    permit(policy.can_edit_method, by, None)
    with db.transaction() as session:
        _lock(draft)
        db.expect_version(draft, expected_version)
        found = problems_of(draft)
        if found:
            raise DraftHasProblems(number=len(found))
        wrong = []
        if decided_on > clock.today():
            wrong.append(Problem("in_the_future", N_("The decision cannot lie ahead."), "decided_on"))
        if valid_from < clock.today():
            wrong.append(Problem("in_the_past", N_("Choose today or a later day."), "valid_from"))
        if wrong:
            raise InvalidInput.of(wrong)
        tables = method_document.load(draft.document)
        tables["meta"] |= {"status": MethodStatus.ADOPTED.value, "valid_from": valid_from, "version": draft.number}
        draft.document = method_document.text_of(tables)
        draft.checksum = checksum(draft.document)
        draft.adopted_on, draft.valid_from = decided_on, valid_from
        draft.decided_body, draft.registry_number = str(tables["meta"]["decided_by"]), registry_number.strip()
        draft.status = MethodStatus.ADOPTED
        for proposal in session.scalars(
            select(MethodProposal).where(
                MethodProposal.method_version_id == draft.id, MethodProposal.state == ProposalState.ACCEPTED
            )
        ):
            proposal.state = ProposalState.DONE
        trail.record("method.adopted", draft, by=by, checksum=draft.checksum, valid_from=valid_from.isoformat())
        return draft


def retire_version(version: MethodVersion, *, by: Actor, expected_version: int) -> None:
    """Say that a version is history. Cases under it go on under it.

    Raises:
        NotAllowed, NotFound, StillInForce, StaleVersion.
    """
    permit(policy.can_edit_method, by, None)
    with db.transaction():
        _lock(version)
        db.expect_version(version, expected_version)
        if version.status is not MethodStatus.ADOPTED:
            raise NotFound()
        if version_in_force().id == version.id:
            raise StillInForce()
        version.status, version.retired_on = MethodStatus.RETIRED, clock.today()
        trail.record("method.retired", version, by=by, number=version.number)


def blank(path: Path) -> dict[str, Any]:
    """A new row, with nothing in it but the lists it must have."""
    part = part_at(names(path)).part
    return {} if part is None else {one.name: [] for one in fields_of(part) if one.form == "rows" and one.required}


def place_of(path: Sequence[str | int]) -> str:
    """A path in one word, for the trail and for addresses: "gate.1.criterion.4"."""
    return ".".join(str(step) for step in path)


def _lock(version: MethodVersion) -> None:
    db.session.execute(
        select(MethodVersion).where(MethodVersion.id == version.id).with_for_update()
        .execution_options(populate_existing=True)
    )  # fmt: skip


def _locked(draft: MethodVersion, path: Path) -> dict[str, Any]:
    """The tables of a locked draft; NotFound when it is no draft or the method has no such part."""
    _lock(draft)
    if draft.status is not MethodStatus.DRAFT:
        raise NotFound()
    try:
        part_at(names(path))
    except KeyError as error:
        raise NotFound() from error
    return method_document.load(draft.document)


def _write(draft: MethodVersion, tables: Mapping[str, Any]) -> None:
    draft.document = method_document.text_of(tables)
    draft.checksum = checksum(draft.document)
