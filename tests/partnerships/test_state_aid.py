"""State aid: assessed, registered within twenty working days, reminded of, with days that hold together."""

from datetime import date, timedelta

import pytest

from missions_app import clock
from missions_app.errors import InvalidInput
from missions_app.partnerships import queries, state_aid_service, tasks
from missions_app.partnerships.models import StateAidAssessment
from tests.factories.accounts import make_secretariat
from tests.factories.partnerships import Partnership, make_partnership
from tests.journeys.people import START

pytestmark = pytest.mark.usefixtures("session")


def assessed(found: Partnership, ground: str = "de_minimis", value_ore: int = 12_500_55) -> StateAidAssessment:
    return state_aid_service.assess_state_aid(
        found.owner(), ground=ground, value_ore=value_ore, reasons="Gratis testbädd i två veckor.",
        by=make_secretariat(),
    )  # fmt: skip


def test_aid_of_minor_importance_is_asked_for_until_it_is_registered_and_nothing_else_is() -> None:
    with clock.fixed(START.replace(month=11, day=2)):
        found = make_partnership()
        one, other = assessed(found), assessed(found, "market_price")
        waiting = [task.due for task in tasks.tasks_for(make_secretariat())]
    officer = make_secretariat()
    with clock.fixed(START.replace(month=11, day=20)):
        state_aid_service.note_registration(one, registered_on=clock.today(), by=officer)

    assert (one.register_by, other.register_by) == (date(START.year, 11, 30), None)
    assert waiting == [one.register_by]
    assert queries.unregistered_aid() == []


@pytest.mark.parametrize("days", [-1, 1])
def test_it_is_registered_neither_before_it_was_assessed_nor_in_the_future(days: int) -> None:
    one = assessed(make_partnership())
    with pytest.raises(InvalidInput) as refused:
        state_aid_service.note_registration(
            one, registered_on=clock.today() + timedelta(days=days), by=make_secretariat()
        )

    assert (refused.value.field, one.registered_on) == ("registered_on", None)


@pytest.mark.parametrize("value", [-1, 10**18])
def test_a_value_that_cannot_be_meant_is_refused(value: int) -> None:
    with pytest.raises(InvalidInput) as refused:
        assessed(make_partnership(), value_ore=value)

    assert refused.value.field == "value"
