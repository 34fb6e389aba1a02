"""Bringing together is one act with two histories, and can be undone until the other one has been decided."""

import pytest
from sqlalchemy.orm import Session

from missions_app.accounts.queries import get_user, load_actor
from missions_app.assessments import conflicts, panel_service
from missions_app.assessments.errors import ConflictOfInterest
from missions_app.audit.queries import history_of
from missions_app.challenges import merge_queries, merge_service, policy, queries
from missions_app.challenges.errors import MergeTargetMissing, SplitTooLate
from missions_app.challenges.models import Challenge
from missions_app.errors import NotAllowed, StaleVersion
from missions_app.workflow import journey_service
from tests.factories.accounts import make_secretariat
from tests.factories.challenges import make_assessed_now, make_draft, make_representative, make_submitted, make_town
from tests.factories.organisations import make_member
from tests.factories.outbox import queued_mail

WHY = "Båda handlar om skyfall på samma gata."


def brought_together() -> tuple[Challenge, Challenge]:
    """A challenge of one town that is part of another town's."""
    one, other = make_submitted(make_town("Ettan")), make_assessed_now(make_town("Tvåan"))
    merge_service.merge_challenge(one, other, reason=WHY, by=make_secretariat())
    return one, other


def test_merging_is_one_act_that_keeps_both_histories_and_tells_both(session: Session) -> None:
    one, other = brought_together()

    assert one.journey.state == "merged"
    assert [part.challenge.reference for part in merge_queries.parts_of(other)] == [one.reference]
    assert queries.latest_revision(one).content["title"] == one.title
    assert "challenge.took_in" in {event.action for event in history_of([other])}
    assert queued_mail("challenge_merged")["data"]["other"] == one.reference
    assert queued_mail("challenge_moved")["data"]["reason"] == WHY


def test_those_who_wrote_the_one_write_the_other_too_until_they_are_split(session: Session) -> None:
    one, other = brought_together()
    writer_id = queries.writers_of(one)[0].id
    assert policy.can_edit(load_actor(get_user(writer_id)), other)

    merge_service.split_challenge(one, reason="De skiljer sig ändå åt.", by=make_secretariat())

    assert one.journey.state == "submitted"
    assert merge_queries.parts_of(other) == []
    assert not policy.can_edit(load_actor(get_user(writer_id)), other)


def test_the_owner_of_a_part_is_a_party_when_conflicts_are_looked_for(session: Session) -> None:
    one, other = brought_together()
    colleague = make_member(one.organisation)

    assert {party.organisation_id for party in conflicts.parties_of(other)} == {
        one.organisation_id, other.organisation_id,
    }  # fmt: skip
    with pytest.raises(ConflictOfInterest):
        panel_service.assign_assessor(other, "challenge", colleague, by=make_secretariat())


def test_merging_is_refused_with_itself_a_draft_one_that_has_ended_and_without_the_right(session: Session) -> None:
    one = make_submitted()
    draft, ended = make_draft(), make_submitted()
    journey_service.move(ended, "decline", by=make_secretariat(), reason="Ett vanligt inköp.")

    for into in (one, draft, ended):
        with pytest.raises(MergeTargetMissing):
            merge_service.merge_challenge(one, into, reason=WHY, by=make_secretariat())
    with pytest.raises(NotAllowed):
        merge_service.merge_challenge(one, make_submitted(), reason=WHY, by=make_representative(one))
    with pytest.raises(StaleVersion):
        merge_service.merge_challenge(one, make_submitted(), reason=WHY, by=make_secretariat(), expected_version=99)
    assert one.journey.state == "submitted"
    assert merge_queries.merge_of(one) is None


def test_the_bare_move_without_another_challenge_is_refused(session: Session) -> None:
    one = make_submitted()

    with pytest.raises(MergeTargetMissing):
        journey_service.move(one, "merge", by=make_secretariat(), reason=WHY)

    session.refresh(one.journey)
    assert one.journey.state == "submitted"


@pytest.mark.parametrize("door", ["service", "move"])
def test_they_can_no_longer_be_split_when_the_other_one_has_been_decided(session: Session, door: str) -> None:
    one, other = brought_together()
    journey_service.move(other, "decline", by=make_secretariat(), reason="Ett vanligt inköp.")

    with pytest.raises(SplitTooLate):
        if door == "service":
            merge_service.split_challenge(one, reason="Åter", by=make_secretariat())
        else:
            journey_service.move(one, "split", by=make_secretariat(), reason="Åter")

    session.refresh(one.journey)
    assert one.journey.state == "merged"


def test_a_challenge_can_be_brought_together_again_after_a_split(session: Session) -> None:
    one, other = brought_together()
    merge_service.split_challenge(one, reason="Fel", by=make_secretariat())
    third = make_submitted()

    merge_service.merge_challenge(one, third, reason=WHY, by=make_secretariat())

    merge = merge_queries.merge_of(one)
    assert merge is not None
    assert merge.into_id == third.id
