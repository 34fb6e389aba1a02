"""Going back: an earlier revision stands again, whole, and the one of now is kept."""

import pytest
from sqlalchemy.orm import Session

from missions_app import db
from missions_app.accounts.actor import SYSTEM
from missions_app.challenges import challenge_service, plan_service, queries, restore_service
from missions_app.challenges.comparing import changes, rows_changed
from missions_app.challenges.errors import NotEditable, StaleChallenge
from missions_app.challenges.models import Challenge, RevisionKind
from missions_app.documents import document_service
from missions_app.errors import NotAllowed
from missions_app.indicators.indicator_service import IndicatorValues
from missions_app.indicators.queries import indicators_of
from tests.factories.challenges import make_draft, make_representative, make_submitted, make_town, make_whole
from tests.factories.organisations import member_actor


def save(challenge: Challenge, **values: object) -> None:
    by = make_representative(challenge)
    challenge_service.save_challenge(challenge, values, by=by, expected_version=challenge.version)


def test_restoring_brings_fields_claims_and_indicators_back_and_is_a_revision_of_its_own(session: Session) -> None:
    challenge = make_whole(affected="Boende", claims={"affected": "Förhandling pågår"})
    good = queries.latest_revision(challenge).number
    save(challenge, affected="", claims={}, problem="Något annat")
    plan = indicators_of(challenge.journey)[0]
    plan_service.remove_indicator(challenge, plan, by=make_representative(challenge), expected_version=plan.version)

    revision = restore_service.restore_revision(
        challenge, good, by=make_representative(challenge), expected_version=challenge.version
    )

    assert revision is not None
    assert (challenge.affected, challenge.claims) == ("Boende", {"affected": "Förhandling pågår"})
    assert [one.library_key for one in indicators_of(challenge.journey)] == [plan.library_key]
    assert revision.kind is RevisionKind.RESTORED
    kinds = [one.kind.value for one in db.session.scalars(queries.revisions_of(challenge))]
    assert kinds == ["restored", "indicators", "saved", "indicators", "created"]


@pytest.mark.parametrize(
    ("baseline", "target", "restored"),
    [(8.0, 4.0, ("range", 4.0, 8.0)), (None, 8.0, ("hold", None, 8.0)), (8.0, None, ("hold", None, None))],
)
def test_a_range_from_before_it_had_limits_comes_back_with_them(
    session: Session, baseline: float | None, target: float | None, restored: tuple[str, float | None, float | None]
) -> None:
    challenge = make_draft(title="pH")
    by = make_representative(challenge)
    limits = IndicatorValues(label="pH", unit="pH", direction="range", target_low=1.0, target_value=2.0)
    plan = plan_service.add_indicator(challenge, limits, by=by)
    old = queries.latest_revision(challenge)
    row = {**old.content["indicators"][0], "baseline_value": baseline, "target_value": target}
    old.content = {**old.content, "indicators": [{key: value for key, value in row.items() if key != "target_low"}]}
    plan_service.remove_indicator(challenge, plan, by=by, expected_version=plan.version)

    restore_service.restore_revision(challenge, old.number, by=by, expected_version=challenge.version)

    (found,) = indicators_of(challenge.journey)
    assert (found.direction, found.target_low, found.target_value) == restored


def test_restoring_what_stands_already_changes_nothing(session: Session) -> None:
    challenge = make_whole()
    newest = queries.latest_revision(challenge).number

    by = make_representative(challenge)
    assert restore_service.restore_revision(challenge, newest, by=by, expected_version=challenge.version) is None
    assert queries.latest_revision(challenge).number == newest


def test_restoring_is_refused_when_somebody_saved_meanwhile_or_it_is_not_the_authors_turn(session: Session) -> None:
    challenge, opened = make_draft(title="Ett"), 1
    save(challenge, title="Två")
    with pytest.raises(StaleChallenge):
        restore_service.restore_revision(challenge, 1, by=make_representative(challenge), expected_version=opened)
    assert challenge.title == "Två"

    sent = make_submitted()
    with pytest.raises(NotEditable):
        restore_service.restore_revision(sent, 1, by=make_representative(sent), expected_version=sent.version)
    with pytest.raises(NotAllowed):
        stranger = member_actor(make_town("Annan"))
        restore_service.restore_revision(challenge, 1, by=stranger, expected_version=challenge.version)


def test_an_attachment_that_comes_or_goes_is_a_revision_and_shows_in_the_difference(session: Session) -> None:
    challenge = make_draft()
    document = document_service.upload(
        subject=challenge, kind="evidence", title="Karta över torget", file_name="karta.txt", content=b"Torget\n",
        by=make_representative(challenge),
    )  # fmt: skip
    document_service.void(document, by=SYSTEM, subject=challenge)

    revisions = list(reversed(db.session.scalars(queries.revisions_of(challenge)).all()))

    assert [one.kind for one in revisions[1:]] == [RevisionKind.ATTACHMENTS] * 2
    came, went = (
        [kind for kind, _old, _new in rows_changed(change.before, change.after)]
        for before, after in zip(revisions, revisions[1:], strict=False)
        for change in changes(before.content, after.content)
    )
    assert (came, went) == (["added"], ["removed"])
