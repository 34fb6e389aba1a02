"""Documents are deleted only when nothing refers to them; a file only when no other document has it."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from missions_app import clock
from missions_app.audit.models import AuditEvent
from missions_app.challenges import challenge_service
from missions_app.challenges.models import Challenge, RevisionKind
from missions_app.challenges.queries import revisions_of
from missions_app.documents import deletion_service, document_service, queries, storage
from missions_app.documents.document_service import organisation_party
from missions_app.documents.errors import ReferredTo
from missions_app.documents.models import Document, StoredFile
from missions_app.errors import NotAllowed
from tests.factories.accounts import bearer, make_actor, sign_in
from tests.factories.challenges import make_draft, make_representative, make_whole
from tests.factories.experiments import make_tested_mission
from tests.factories.organisations import make_member
from tests.factories.outbox import work
from tests.journeys.people import Region


@pytest.fixture
def case(session: Session) -> tuple[Region, Any]:
    """A mission past its second checkpoint."""
    return make_tested_mission()


def attach(case: tuple[Region, Any], content: str = "Mätprotokoll") -> Document:
    region, mission = case
    return document_service.upload(
        subject=mission, kind="evidence", title="Protokoll", file_name="protokoll.txt", content=content.encode(),
        by=region.actor("coordinator"),
    )  # fmt: skip


def codes(document: Document) -> list[str]:
    return [one.code for one in deletion_service.references_to(document)]


def delete(document: Document, case: tuple[Region, Any]) -> None:
    deletion_service.delete(document, subject=case[1], by=case[0].actor("coordinator"))


def test_what_nothing_refers_to_is_deleted_and_the_trail_keeps_its_check_sum(
    case: tuple[Region, Any], session: Session
) -> None:
    document = attach(case)
    checksum = document.checksum

    delete(document, case)

    assert checksum not in {one.checksum for one in queries.documents_of(case[1].journey)}
    [event] = session.scalars(select(AuditEvent).where(AuditEvent.action == "document.deleted"))
    assert event.data["checksum"] == checksum
    assert storage.store().get(checksum)  # the file is thrown away by the worker, a day later


def test_the_file_goes_with_the_last_document_that_has_it(case: tuple[Region, Any], session: Session) -> None:
    one, other = attach(case), attach(case)
    checksum = one.checksum
    delete(one, case)
    with clock.fixed(clock.now() + timedelta(days=2)):
        work(deletion_service.FORGET)
        assert storage.store().get(checksum) == b"M\xc3\xa4tprotokoll"

    delete(other, case)
    with clock.fixed(clock.now() + timedelta(days=2)):
        work(deletion_service.FORGET)

    with pytest.raises(FileNotFoundError):
        storage.store().get(checksum)
    assert session.scalars(select(StoredFile).where(StoredFile.sha256 == checksum)).all() == []


def test_what_was_put_lately_is_not_thrown_away(case: tuple[Region, Any]) -> None:
    document = attach(case)
    checksum = document.checksum
    delete(document, case)
    work(deletion_service.FORGET)

    assert storage.store().get(checksum)


def test_signed_published_and_registered_documents_stay(case: tuple[Region, Any]) -> None:
    region, mission = case
    signed, published, registered = attach(case, "a"), attach(case, "b"), attach(case, "c")
    document_service.sign(
        signed, party=organisation_party(region.town.id), by=region.actor("representative"), authority="Delegation",
        checksum=signed.checksum,
    )  # fmt: skip
    document_service.publish(published, by=region.actor("coordinator"), subject=mission)
    document_service.register(
        registered, registry_number="RB 2026/9", retention="decision_and_final_report", by=region.actor("registrar"),
        expected_version=registered.version, subject=mission,
    )  # fmt: skip

    assert [codes(one) for one in (signed, published, registered)] == [["signed"], ["published"], ["registered"]]
    with pytest.raises(ReferredTo) as refused:
        delete(signed, case)
    assert [one.code for one in refused.value.params["reasons"]] == ["signed"]  # type: ignore[attr-defined]


def test_what_a_decision_rested_on_stays(session: Session) -> None:
    with clock.fixed(clock.now() - timedelta(days=9)):
        region, mission = make_tested_mission()
        agreement = next(one for one in queries.documents_of(mission.journey))

    found = codes(agreement)

    assert "pinned" in found
    assert "linked" in found  # an agreement points to it


def to_challenge(challenge: Challenge, content: str = "Karta över torget") -> Document:
    """An attachment of a challenge, from its representative."""
    return document_service.upload(
        subject=challenge, kind="evidence", title="Karta", file_name="karta.txt", content=content.encode(),
        by=make_representative(challenge),
    )  # fmt: skip


def test_what_a_challenge_was_sent_in_with_or_has_got_since_stays(session: Session) -> None:
    challenge = make_whole()
    kept = to_challenge(challenge)
    assert codes(kept) == []
    challenge_service.submit_challenge(challenge, by=make_representative(challenge))
    later = to_challenge(challenge, "En till")
    for document in (kept, later):
        document_service.void(document, by=make_representative(challenge), subject=challenge)

    assert [codes(one) for one in (kept, later)] == [["in_revision"], ["in_revision"]]


def test_what_was_taken_away_before_the_challenge_was_sent_in_is_erased_with_its_bytes(session: Session) -> None:
    challenge = make_whole()
    document = to_challenge(challenge)
    checksum, representative = document.checksum, make_representative(challenge)

    deletion_service.delete(document, subject=challenge, by=representative)
    challenge_service.submit_challenge(challenge, by=representative)
    with clock.fixed(clock.now() + timedelta(days=2)):
        work(deletion_service.FORGET)

    with pytest.raises(FileNotFoundError):
        storage.store().get(checksum)
    *_created, added, removed = sorted(session.scalars(revisions_of(challenge)), key=lambda one: one.number)
    assert [one.kind for one in (added, removed)] == [RevisionKind.ATTACHMENTS, RevisionKind.ATTACHMENTS]
    assert [len(one.content["attachments"]) for one in (added, removed)] == [1, 0]


def test_an_author_deletes_an_attachment_of_a_draft_by_page_and_by_program(client: Any, session: Session) -> None:
    challenge = make_draft()
    author = make_member(challenge.organisation, "problem_owner_rep")
    one, other = to_challenge(challenge), to_challenge(challenge, "En till")
    where, ids = f"/cases/{challenge.journey_id}/documents", (one.id, other.id)
    sign_in(client, author)
    assert all(f"/documents/{key}/delete" in client.get(where).text for key in ids)

    by_page = client.post(f"/documents/{one.id}/delete")
    headers = bearer(author) | {"If-Match": f'"{other.version}"'}
    by_program = client.delete(f"/api/v1/documents/{other.id}", headers=headers)

    assert (by_page.status_code, by_program.status_code) == (303, 204)
    assert "Karta" not in client.get(where).text
    compared = client.get(f"/challenges/{challenge.reference}/compare?from=1&to=2").text
    assert "En handling som har raderats" in compared


def test_a_stranger_deletes_nothing(case: tuple[Region, Any]) -> None:
    document = attach(case)

    with pytest.raises(NotAllowed):
        deletion_service.delete(document, subject=case[1], by=make_actor())

    assert document in queries.documents_of(case[1].journey)


def test_the_page_deletes_or_says_why_not(client: Any, case: tuple[Region, Any]) -> None:
    region, mission = case
    document = attach(case)
    sign_in(client, region.people["coordinator"])
    where = f"/cases/{mission.journey_id}/documents"
    agreement = next(one for one in queries.documents_of(mission.journey) if one.signatures)
    page = client.get(where).text
    offered = f"/documents/{document.id}/delete"
    assert offered in page
    assert f"/documents/{agreement.id}/delete" not in page

    client.post(f"/documents/{agreement.id}/delete")
    assert "Någon har undertecknat den." in client.get(where).text
    client.post(offered)

    assert offered not in client.get(where).text
