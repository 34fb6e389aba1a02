"""Agreements: written with their clauses, signed per party on exactly one version, voided by a new one."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from missions_app import clock, db
from missions_app.accounts.actor import Actor
from missions_app.accounts.policy import permit
from missions_app.audit import trail
from missions_app.documents import document_service
from missions_app.documents.document_service import Authority, OutsideSignature, organisation_party
from missions_app.documents.errors import OtherVersion
from missions_app.documents.models import Document, DocumentState, Signature
from missions_app.errors import InvalidInput, Problem
from missions_app.i18n import N_
from missions_app.missions.models import Mission
from missions_app.organisations.models import Organisation
from missions_app.partnerships import checking, clauses, letters, policy, queries
from missions_app.partnerships.errors import (
    AgreementEnded,
    AlreadyCountersigned,
    NotAParty,
    NothingChanged,
    NotSignedYet,
)
from missions_app.partnerships.models import Agreement, AgreementParty, AgreementVersion
from missions_app.workflow import method_parts
from missions_app.workflow.method_service import method_of
from missions_app.workflow.models import Journey
from missions_app.workflow.subjects import subject_of

INTENT = "intent"
# Days before an agreement ends when its parties are told.
REMIND_DAYS = (30, 7)
REMIND = "partnerships.remind_of_endings"
REPLACED = N_("Replaced by another agreement that everybody has signed.")


def write_agreement(
    mission: Mission, *, kind: str, title: str, clauses: Mapping[str, str], parties: Sequence[Organisation], by: Actor,
    journey: Journey | None = None, valid_until: date | None = None, replaces: Agreement | None = None,
) -> Agreement:  # fmt: skip
    """Draw up an agreement for some organisations to sign.

    Args:
        kind: an agreement of the method; every clause it must hold is needed.
        journey: of the case it belongs to; the mission's own when not given.
        valid_until: its last day; after it the signatures no longer hold.
        replaces: a running agreement of the mission that ends when everybody has signed this one.

    Raises:
        NotAllowed, InvalidInput (names every missing clause).
    """
    permit(policy.can_coordinate, by, mission)
    with db.transaction():
        if replaces is not None:
            _require_running(replaces)
        made = _draw_up(mission, kind, title, clauses, parties, by=by, journey=journey, valid_until=valid_until)
        made.replaces = replaces
        return made


def write_intent(mission: Mission, organisation: Organisation, clauses: Mapping[str, str], *, by: Actor) -> Agreement:
    """One party's letter of intent. A party writes its own; the coordinator may write it for them to sign. One that is
    there already gets a new version.

    Raises:
        NotAllowed, InvalidInput, NothingChanged.
    """
    if not (policy.can_coordinate(by, mission) or by.is_system):
        permit(policy.can_speak_for, by, organisation.id)
    with db.transaction():
        known = queries.find_intent(mission, organisation)
        if known is None:
            return _draw_up(mission, INTENT, organisation.name, clauses, [organisation], by=by)
        _replace(known, clauses, changed="", by=by)
        return known


def new_version(
    agreement: Agreement, clauses: Mapping[str, str], *, changed: str, by: Actor, expected_version: int,
    valid_until: date | None = None,
) -> AgreementVersion:  # fmt: skip
    """Word an agreement anew. The version before is voided, and with it every signature on it.

    Args:
        changed: what is different, for those who are to sign again.

    Raises:
        NotAllowed, StaleVersion, AgreementEnded, NothingChanged, InvalidInput.
    """
    permit(policy.can_write_agreement, by, agreement)
    with db.transaction():
        db.expect_version(agreement, expected_version)
        return _replace(agreement, clauses, changed=changed, by=by, valid_until=valid_until)


def sign_agreement(
    agreement: Agreement, *, organisation: Organisation, authority: str | Authority, checksum: str, by: Actor
) -> Signature:
    """Sign for an organisation, on exactly the text that was read.

    Raises:
        NotAllowed (does not speak for it), NotAParty, OtherVersion, AlreadySigned, VoidDocument, InvalidInput.
    """
    if not by.is_system:
        permit(policy.can_speak_for, by, organisation.id)
    with db.transaction():
        _lock(agreement)
        if isinstance(authority, Authority) and not authority.source.strip():
            text = N_("Say where the right to sign can be read, such as the registration certificate.")
            raise InvalidInput.of([Problem("missing", text, "authority_source")])
        if organisation.id not in {one.organisation_id for one in agreement.parties}:
            raise NotAParty()
        signature = document_service.sign(
            agreement.document, party=organisation_party(organisation.id), by=by, authority=authority, checksum=checksum
        )
        trail.record("agreement.signed", agreement.mission, by=by, kind=agreement.kind, organisation=organisation.slug,
                     agreement=agreement.id)  # fmt: skip
        _tell_when_held(agreement, by)
        return signature


def upload_signed(
    agreement: Agreement, *, file_name: str, content: bytes, signed_by: Mapping[int, tuple[str, str]], by: Actor,
    expected_version: int, valid_until: date | None = None,
) -> AgreementVersion:  # fmt: skip
    """Enter an agreement that was signed on paper or elsewhere, as a new version with the file as its text.

    Args:
        signed_by: organisation id -> (who signed, with which authority), for those parties that have.

    Raises:
        NotAllowed, StaleVersion, AgreementEnded, NotAParty, InvalidInput and what documents refuse about files.
    """
    permit(policy.can_coordinate, by, agreement.mission)
    with db.transaction() as session:
        _lock(agreement)
        db.expect_version(agreement, expected_version)
        _require_running(agreement)
        checking.refuse(_past(valid_until))
        if not signed_by:
            raise InvalidInput.of([Problem("missing", N_("Say who has signed."), "signed_by")])
        if signed_by.keys() - {one.organisation_id for one in agreement.parties}:
            raise NotAParty()
        document = document_service.upload(
            subject=subject_of(agreement.journey), kind=agreement.kind, title=agreement.title, file_name=file_name,
            content=content, by=by, valid_until=valid_until,
        )  # fmt: skip
        session.flush()
        version = _add_version(agreement, document, {}, N_("Signed outside the platform."))
        given = [
            OutsideSignature(organisation_party(key), name, authority) for key, (name, authority) in signed_by.items()
        ]
        document_service.enter_outside_signatures(document, given, by=by)
        trail.record("agreement.uploaded", agreement.mission, by=by, kind=agreement.kind, agreement=agreement.id)
        _tell_when_held(agreement, by)
        return version


def countersign(agreement: Agreement, *, checksum: str, by: Actor) -> None:
    """The coordinator confirms that exactly this version has come in with every signature.

    Raises:
        NotAllowed, AgreementEnded, OtherVersion, NotSignedYet, AlreadyCountersigned.
    """
    permit(policy.can_coordinate, by, agreement.mission)
    with db.transaction():
        _lock(agreement)
        _require_running(agreement)
        version = agreement.newest
        if version.document.checksum != checksum:
            raise OtherVersion()
        if not queries.is_held(agreement):
            raise NotSignedYet()
        if version.countersigned_at is not None:
            raise AlreadyCountersigned()
        version.countersigned_at, version.countersigned_name = clock.now(), by.name
        version.countersigned_by_id = by.user_id
        trail.record("agreement.countersigned", agreement.mission, by=by, kind=agreement.kind, agreement=agreement.id)


def remind_of_endings(_payload: Mapping[str, object]) -> None:
    """Write to the parties and the coordinator when an agreement that holds ends in thirty and in seven days; once
    each, also when the worker slept over the very day."""
    today = clock.today()
    for agreement in queries.ending_agreements(today, today + timedelta(days=max(REMIND_DAYS))):
        last = agreement.document.valid_until
        if last is None or not queries.is_held(agreement):
            continue
        days = min(one for one in REMIND_DAYS if last <= today + timedelta(days=one))
        with db.transaction():
            parties = [one.organisation_id for one in agreement.parties]
            letters.ends_soon(agreement.mission, parties, agreement=agreement.id, version=agreement.newest.number,
                              title=agreement.title, last=last, days=days)  # fmt: skip


def terminate(agreement: Agreement, *, reason: str, by: Actor, expected_version: int) -> None:
    """End an agreement before its time; it stays readable, its signatures no longer hold.

    Raises:
        NotAllowed, StaleVersion, AgreementEnded, InvalidInput.
    """
    permit(policy.can_write_agreement, by, agreement)
    with db.transaction():
        _lock(agreement)
        db.expect_version(agreement, expected_version)
        _require_running(agreement)
        checking.refuse(checking.short_reason(reason, "reason"))
        agreement.document.state = DocumentState.VOID
        agreement.terminated_at, agreement.terminated_because = clock.now(), reason.strip()
        trail.record("agreement.terminated", agreement.mission, by=by, kind=agreement.kind, agreement=agreement.id)
        parties = [one.organisation_id for one in agreement.parties]
        letters.ended(agreement.mission, parties, agreement=agreement.id, title=agreement.title,
                      reason=agreement.terminated_because, by=by)  # fmt: skip


def _draw_up(
    mission: Mission, kind: str, title: str, worded: Mapping[str, str], parties: Sequence[Organisation], *, by: Actor,
    journey: Journey | None = None, valid_until: date | None = None,
) -> Agreement:  # fmt: skip
    with db.transaction() as session:
        declared = _declared(mission, kind)
        problems = _missing(declared, worded)
        if not title.strip():
            problems.append(Problem("missing", N_("Write a title."), "title"))
        if not parties:
            problems.append(Problem("missing", N_("Choose who is to sign."), "parties"))
        problems += _past(valid_until)
        checking.refuse(problems)
        agreement = Agreement(mission=mission, journey=journey or mission.journey, kind=kind, title=title.strip())
        session.add(agreement)
        session.add_all(AgreementParty(agreement=agreement, organisation=one) for one in parties)
        _write_version(agreement, declared, worded, "", by, valid_until)
        trail.record("agreement.written", mission, by=by, kind=kind, agreement=agreement.id)
        _ask_to_sign(agreement, by)
        return agreement


def _replace(
    agreement: Agreement, worded: Mapping[str, str], *, changed: str, by: Actor, valid_until: date | None = None
) -> AgreementVersion:
    _lock(agreement)
    _require_running(agreement)
    declared = _declared(agreement.mission, agreement.kind)
    checking.refuse([*_missing(declared, worded), *_past(valid_until)])
    if clauses.text_of(declared, worded) == agreement.document.body and valid_until == agreement.document.valid_until:
        raise NothingChanged()
    version = _write_version(agreement, declared, worded, changed.strip(), by, valid_until)
    trail.record("agreement.new_version", agreement.mission, by=by, kind=agreement.kind, agreement=agreement.id,
                 number=version.number)  # fmt: skip
    _ask_to_sign(agreement, by)
    return version


def _write_version(
    agreement: Agreement, declared: method_parts.Agreement, worded: Mapping[str, str], changed: str, by: Actor,
    valid_until: date | None,
) -> AgreementVersion:  # fmt: skip
    document = document_service.register_written(
        kind=agreement.kind,
        title=agreement.title,
        journey=agreement.journey,
        text=clauses.text_of(declared, worded),
        by=by,
    )
    document.valid_until = valid_until
    return _add_version(agreement, document, {name: worded[name].strip() for name in declared.must_hold}, changed)


def _add_version(agreement: Agreement, document: Document, worded: dict[str, str], changed: str) -> AgreementVersion:
    """The newest version; the one before no longer holds."""
    number = 1
    if agreement.versions:
        agreement.document.state = DocumentState.VOID
        number = agreement.newest.number + 1
    version = AgreementVersion(number=number, document=document, clauses=worded, changed=changed, made_at=clock.now())
    agreement.versions.append(version)
    db.session.flush()
    return version


def _declared(mission: Mission, kind: str) -> method_parts.Agreement:
    declared = method_of(mission.journey.method_version).find_term("agreement", kind)
    if not isinstance(declared, method_parts.Agreement):
        raise InvalidInput.of([Problem("unknown_choice", checking.CHOOSE, "kind")])
    return declared


def _missing(declared: method_parts.Agreement, worded: Mapping[str, str]) -> list[Problem]:
    return [
        Problem("clause_missing", N_("The agreement must say this."), f"clause_{clause}")
        for clause in declared.must_hold
        if not worded.get(clause, "").strip()
    ]


def _past(valid_until: date | None) -> list[Problem]:
    """An agreement whose last day has passed could never hold."""
    if valid_until is None or valid_until >= clock.today():
        return []
    return [Problem("in_the_past", N_("The last day has passed. Choose a later day."), "valid_until")]


def _lock(agreement: Agreement) -> None:
    """Signatures and new versions queue for the agreement, so that nobody signs what is being replaced."""
    db.lock_row(agreement)


def _require_running(agreement: Agreement) -> None:
    if agreement.terminated_at is not None:
        raise AgreementEnded()


def _ask_to_sign(agreement: Agreement, by: Actor) -> None:
    """Tell the parties; where an earlier version had been signed, that those signatures no longer hold."""
    parties = [one.organisation_id for one in agreement.parties]
    had = any(version.document.signatures for version in agreement.versions[:-1])
    letters.to_sign(
        agreement.mission, parties, agreement=agreement.id, title=agreement.title, by=by, voided=had,
        changed=agreement.newest.changed,
    )  # fmt: skip


def _tell_when_held(agreement: Agreement, by: Actor) -> None:
    db.session.flush()
    if queries.is_held(agreement):
        trail.record("agreement.held", agreement.mission, by=by, kind=agreement.kind, agreement=agreement.id)
        parties = [one.organisation_id for one in agreement.parties]
        letters.all_signed(agreement.mission, parties, agreement=agreement.id, title=agreement.title)
        before = agreement.replaces
        if before is not None and before.terminated_at is None:
            before.document.state = DocumentState.VOID
            before.terminated_at, before.terminated_because = clock.now(), REPLACED
            trail.record("agreement.superseded", agreement.mission, by=by, kind=before.kind, agreement=before.id)
            letters.ended(
                agreement.mission, [one.organisation_id for one in before.parties], agreement=before.id,
                title=before.title, reason=REPLACED, by=by,
            )  # fmt: skip
