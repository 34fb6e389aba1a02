"""Several selects in one statement give what each gives alone; what was read once is forgotten."""

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from missions_app import clock, db, reading
from missions_app.organisations.models import Organisation
from missions_app.partnerships.models import Commitment, Partner
from missions_app.workflow.models import Journey, StateEntry, Waiver
from tests.factories.accounts import make_user
from tests.factories.challenges import make_draft
from tests.factories.partnerships import make_partnership


def test_records_and_columns_come_as_from_a_statement_each(session: Session) -> None:
    challenge = make_draft()
    journey, somebody = challenge.journey, make_user()
    waiver = Waiver(
        journey_id=journey.id, criterion="g1.x", reason="Säger \"nej\" på å", waived_by_id=somebody.id,
        waived_as="officer", waived_at=clock.now(), expires_on=clock.today(),
    )  # fmt: skip
    session.add(waiver)
    session.flush()
    written = (waiver.id, waiver.reason, waiver.waived_at, waiver.expires_on, waiver.revoked_at)
    entries = [(one.id, one.at) for one in session.scalars(sa.select(StateEntry).order_by(StateEntry.id))]
    session.expunge_all()

    waivers, read, nothing = reading.together(
        sa.select(Waiver), sa.select(StateEntry.id, StateEntry.at).order_by(StateEntry.id),
        sa.select(Journey).where(Journey.id < 0),
    )  # fmt: skip

    (one,) = waivers
    assert (one.id, one.reason, one.waived_at, one.expires_on, one.revoked_at) == written
    assert (read, nothing) == (entries, [])
    assert one is session.get(Waiver, one.id)
    one.reason = "Nytt"
    session.flush()
    assert session.scalars(sa.select(Waiver.reason)).all() == ["Nytt"]


def test_a_record_points_at_the_other_that_was_read_with_it(session: Session) -> None:
    found = make_partnership()
    mission_id, town = found.mission.id, found.region.town.name
    session.flush()
    session.expunge_all()
    ((partner,),) = reading.together(
        sa.select(Partner, Organisation).join(Partner.organisation).where(Partner.mission_id == mission_id)
    )

    assert partner.organisation in session
    assert "organisation" not in sa.inspect(partner).unloaded
    assert partner.organisation.name == town


def test_a_number_with_decimals_is_refused(session: Session) -> None:
    with pytest.raises(TypeError):
        reading.together(sa.select(Commitment.quantity))


def test_an_answer_is_kept_while_nothing_is_written(session: Session) -> None:
    asked: list[int] = []

    @reading.once
    def ask(number: int) -> int:
        asked.append(number)
        return number

    assert (ask(1), ask(1), ask(2), asked) == (1, 1, 2, [1, 2])
    with db.transaction():
        assert (ask(1), ask(1)) == (1, 1)
    ask(1)
    assert asked == [1, 2, 1, 1, 1]
