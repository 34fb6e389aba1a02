"""Beginning, saving and sending in: every save is a revision, and nothing is overwritten unseen."""

from datetime import date

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from missions_app.audit.queries import history_of
from missions_app.challenges import challenge_service, plan_service, queries
from missions_app.challenges.errors import NotEditable, NotReady, StaleChallenge
from missions_app.challenges.models import RevisionKind, Submission
from missions_app.errors import InvalidInput, NotAllowed
from missions_app.outbox.models import Job
from missions_app.workflow import journey_service
from missions_app.workflow.errors import WrongRole, WrongState
from tests.factories.accounts import actor_of, make_actor, make_user
from tests.factories.challenges import make_draft, make_representative, make_submitted, make_town, make_whole
from tests.factories.indicators import whole_indicator
from tests.factories.organisations import make_member, member_actor


def test_start_challenge_makes_a_draft_that_its_beginner_writes(session: Session) -> None:
    town = make_town()
    user = make_member(town)

    challenge = challenge_service.start_challenge(town, by=actor_of(user), values={"title": "Torr gata"})

    assert challenge.reference.startswith("U-")
    assert challenge.journey.state == "draft"
    assert [one.name for one in queries.writers_of(challenge)] == [user.name]
    assert [(one.number, one.kind) for one in session.scalars(queries.revisions_of(challenge))] == [
        (1, RevisionKind.CREATED)
    ]


def test_start_challenge_is_refused_for_somebody_elses_organisation(session: Session) -> None:
    with pytest.raises(NotAllowed):
        challenge_service.start_challenge(make_town(), by=make_actor())


def test_save_challenge_keeps_a_revision_with_author_and_content(session: Session) -> None:
    town = make_town()
    author = member_actor(town)
    challenge = make_draft(town, by=author)
    author = actor_of(queries.writers_of(challenge)[0])

    revision = challenge_service.save_challenge(
        challenge, {"title": "Torr gata", "target_date": date(2029, 6, 30)}, by=author,
        expected_version=challenge.version,
    )  # fmt: skip

    assert revision is not None
    assert (revision.number, revision.saved_by_id) == (2, author.user_id)
    assert (revision.content["title"], revision.content["target_date"]) == ("Torr gata", "2029-06-30")
    assert (challenge.title, challenge.target_date) == ("Torr gata", date(2029, 6, 30))
    assert history_of([challenge])[0].action == "challenge.saved"


def test_save_challenge_without_a_difference_keeps_nothing(session: Session) -> None:
    challenge = make_draft(title="Torr gata")
    version = challenge.version

    saved = challenge_service.save_challenge(
        challenge, {"title": " Torr gata "}, by=make_representative(challenge), expected_version=version
    )

    assert saved is None
    assert challenge.version == version


def test_save_challenge_refuses_a_stale_version_and_overwrites_nothing(session: Session) -> None:
    challenge = make_draft(title="Först")
    seen, by = challenge.version, make_representative(challenge)
    challenge_service.save_challenge(challenge, {"title": "Kollegans"}, by=by, expected_version=seen)

    with pytest.raises(StaleChallenge):
        challenge_service.save_challenge(challenge, {"title": "Min"}, by=by, expected_version=seen)

    assert challenge.title == "Kollegans"
    assert queries.revision_seen(challenge, seen).content["title"] == "Först"


def test_save_challenge_leaves_unseen_fields_alone_claims_least_of_all(session: Session) -> None:
    challenge = make_draft(
        resources="Två miljoner", claims={"resources": "Pågående förhandling"}, bottlenecks=["funding"]
    )

    challenge_service.save_challenge(
        challenge, {"title": "Ny"}, by=make_representative(challenge), expected_version=challenge.version
    )

    assert challenge.claims == {"resources": "Pågående förhandling"}
    assert (challenge.resources, challenge.bottlenecks) == ("Två miljoner", ["funding"])


def test_save_challenge_lists_every_wrong_value_and_writes_none(session: Session) -> None:
    challenge = make_draft(title="Torr gata")

    with pytest.raises(InvalidInput) as refused:
        challenge_service.save_challenge(
            challenge, {"title": "x" * 201, "theme": "space"}, by=make_representative(challenge),
            expected_version=challenge.version,
        )  # fmt: skip

    assert [one.field for one in refused.value.problems] == ["title", "theme"]
    assert challenge.title == "Torr gata"


def test_save_challenge_is_for_its_authors(session: Session) -> None:
    challenge = make_draft()

    for stranger in (make_actor(), member_actor(challenge.organisation), make_actor("secretariat_officer")):
        with pytest.raises(NotAllowed):
            challenge_service.save_challenge(challenge, {"title": "x"}, by=stranger, expected_version=None)


def test_save_challenge_is_closed_while_the_secretariat_has_it(session: Session) -> None:
    challenge = make_submitted()

    with pytest.raises(NotEditable):
        challenge_service.save_challenge(
            challenge, {"title": "x"}, by=make_representative(challenge), expected_version=challenge.version
        )


def test_submit_challenge_lists_everything_missing_and_moves_nothing(session: Session) -> None:
    challenge = make_draft(title="Minska översvämningar i centrum")

    with pytest.raises(NotReady) as refused:
        challenge_service.submit_challenge(challenge, by=make_representative(challenge))

    assert [one.field for one in refused.value.problems] == [
        "problem", "affected", "place", "target_statement", "target_date", "theme", "specialisation", "indicators",
    ]  # fmt: skip
    assert challenge.journey.state == "draft"


def test_submit_challenge_makes_an_incoming_document_and_tells_both_sides(session: Session) -> None:
    officer = make_user(email="sekretariat@example.test")
    from_secretariat = make_actor("secretariat_officer")
    challenge = make_whole()
    representative = make_representative(challenge)

    challenge_service.submit_challenge(challenge, by=representative)

    submission = session.scalars(select(Submission)).one()
    assert challenge.journey.state == "submitted"
    assert (submission.revision_number, submission.submitted_by_id) == (2, representative.user_id)
    assert submission.document.kind == "challenge"
    assert "Vid skyfall står vatten på Storgatan i fyra timmar." in (submission.document.body or "")
    templates = sorted(
        (job.payload["template"], job.payload["to"]) for job in session.scalars(select(Job).where(Job.kind == "mail"))
    )
    assert {name for name, _to in templates} == {"challenge_received", "challenge_submitted"}
    assert officer.email not in {to for _name, to in templates}
    assert len([to for name, to in templates if name == "challenge_received"]) == 1
    assert from_secretariat.is_signed_in


def test_submit_challenge_twice_is_refused_and_counts_once(session: Session) -> None:
    challenge = make_submitted()

    with pytest.raises(WrongState):
        challenge_service.submit_challenge(challenge, by=make_representative(challenge))

    assert len(queries.submissions_of(challenge)) == 1


def test_submit_challenge_is_for_representatives(session: Session) -> None:
    challenge = make_whole()

    with pytest.raises(WrongRole):
        challenge_service.submit_challenge(challenge, by=member_actor(challenge.organisation))


def test_the_bare_move_cannot_go_around_what_is_missing(session: Session) -> None:
    challenge = make_whole(target_date=date(2020, 1, 1))

    with pytest.raises(NotReady):
        journey_service.move(challenge, "submit", by=make_representative(challenge))

    session.refresh(challenge.journey)
    assert challenge.journey.state == "draft"


def test_an_indicator_is_part_of_the_revision(session: Session) -> None:
    challenge = make_draft()
    by = make_representative(challenge)
    version = challenge.version

    plan = plan_service.add_indicator(challenge, whole_indicator(challenge.organisation_id), by=by)

    latest = queries.latest_revision(challenge)
    assert (latest.number, latest.kind) == (2, RevisionKind.INDICATORS)
    assert [(row["id"], row["target_value"]) for row in latest.content["indicators"]] == [(plan.id, 30.0)]
    assert challenge.version == version  # an open form is not made stale by it
