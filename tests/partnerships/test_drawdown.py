"""Promises are drawn down by what happens, never by more than was brought, and what is over is shown."""

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from missions_app import clock, db
from missions_app.bookings import queries as bookings
from missions_app.errors import InvalidInput, NotAllowed
from missions_app.partnerships import commitment_service, drawdown_service, queries, rules, statements
from missions_app.partnerships.commitment_service import PromiseContent
from missions_app.partnerships.errors import LessThanKept, TooMuch
from missions_app.partnerships.models import CommitmentState, Partner
from missions_app.partnerships.rules import Hours, Running, allocate, promised_twice
from tests.factories.accounts import make_actor
from tests.factories.evaluation import day_of_test
from tests.factories.experiments import make_mission
from tests.factories.partnerships import Partnership, make_partnership
from tests.journeys import region as story

SPRING = (date(2026, 1, 1), date(2026, 6, 30))
quantities = st.floats(0.25, 500, allow_nan=False)
days = st.dates(date(2026, 1, 1), date(2027, 12, 31))
open_days = st.one_of(st.none(), days)
running = st.builds(
    Running, id=st.integers(1, 10_000), left=st.floats(0, 300, allow_nan=False), period_from=open_days,
    period_until=open_days,
)  # fmt: skip


@settings(deadline=None)
@given(quantities, days, st.lists(running, max_size=6, unique_by=lambda one: one.id))
def test_what_is_drawn_and_what_is_over_make_up_what_was_brought(
    quantity: float, on: date, promises: list[Running]
) -> None:
    drawn, over = allocate(quantity, on, promises)

    left = {one.id: one.left for one in promises}
    assert sum(amount for _key, amount in drawn) <= quantity + rules.ROUNDING
    assert abs(sum(amount for _key, amount in drawn) + over - quantity) < 1e-3
    assert all(0 < amount <= left[key] + rules.ROUNDING for key, amount in drawn)


def test_the_promise_whose_period_holds_the_day_comes_first() -> None:
    promises = [Running(1, 10, date(2026, 7, 1), date(2026, 8, 1)), Running(2, 10, *SPRING), Running(3, 10)]

    assert allocate(15, date(2026, 3, 1), promises) == ([(2, 10), (3, 5)], 0.0)


@pytest.mark.parametrize(
    ("other", "missions"),
    [
        (Hours(2, 8, 1, 100, "Projektledare 20 %", *SPRING), [8]),
        (Hours(2, 8, 1, 100, "", *SPRING), [8]),
        (Hours(2, 8, 1, 100, "projektledare 20 % ", date(2026, 6, 1), None), [8]),
        (Hours(2, 8, 1, 100, "Projektledare 20 %", date(2026, 7, 1), date(2026, 8, 1)), []),
        (Hours(2, 8, 1, 40, "", *SPRING), []),
        (Hours(2, 8, 9, 100, "Projektledare 20 %", *SPRING), []),
        (Hours(2, 7, 1, 100, "Projektledare 20 %", *SPRING), [7]),
    ],
)
def test_the_same_hours_promised_twice_are_found(other: Hours, missions: list[int]) -> None:
    one = Hours(1, 7, 1, 100, "Projektledare 20 %", *SPRING)

    assert promised_twice(one, [one, other]) == missions


def promised(found: Partnership, kind: str = "hours", quantity: float = 100.0, **more: object):  # type: ignore[no-untyped-def]
    partner = queries.find_partner(found.mission, found.region.company)
    partner = partner or found.join(found.region.company, "solution_provider")
    content = PromiseContent(kind, quantity=quantity, rate_ore=1_000_00, **more)  # type: ignore[arg-type]
    return partner, commitment_service.promise(partner, content, by=found.lead)


def logged(found: Partnership, partner: Partner, hours: float, on: date | None = None) -> None:
    drawdown_service.log_hours(
        partner, worked_on=on or clock.today(), hours=hours, function="Konstruktör", what="Montering",
        by=found.region.actor("company_admin"),
    )  # fmt: skip


@pytest.mark.usefixtures("session")
def test_logged_hours_draw_the_promise_down_and_what_is_over_is_shown() -> None:
    found = make_partnership()
    partner, promise = promised(found)

    logged(found, partner, 60)
    half = statements.rows_of(partner)[0]
    logged(found, partner, 60)
    row = statements.rows_of(partner)[0]

    assert (half.kept, half.left, half.kept_ore, half.left_ore) == (60, 40, 60_000_00, 40_000_00)
    assert (row.kept, row.left, row.extra, row.kept_ore, row.extra_ore) == (100, 0, 20, 100_000_00, 20_000_00)
    assert promise.state is CommitmentState.DELIVERED


@pytest.mark.usefixtures("session")
def test_one_record_draws_once_and_without_a_promise_nothing_is_noted() -> None:
    found = make_partnership()
    partner, promise = promised(found, "site_access", 10.0)

    def draw(kind: str, key: str) -> int:
        return len(
            drawdown_service.draw_for(
                found.mission, found.region.company.id, kind, 2.0, clock.today(), source_kind="booking",
                source_key=key, source="B-2026-0001", by=found.lead,
            )
        )  # fmt: skip

    assert [draw("site_access", "B-1"), draw("site_access", "B-1"), draw("data", "B-2")] == [1, 0, 0]
    assert rules.delivered(promise.deliveries).quantity == 2.0


@pytest.mark.usefixtures("session")
def test_what_is_wrong_with_hours_is_named_and_strangers_may_not() -> None:
    found = make_partnership()
    partner, _promise = promised(found)
    admin = found.region.actor("company_admin")

    with pytest.raises(InvalidInput) as refused:
        drawdown_service.log_hours(
            partner, worked_on=clock.today() + timedelta(days=1), hours=0, function=" ", what="", by=admin
        )
    with pytest.raises(NotAllowed):
        drawdown_service.log_hours(partner, worked_on=clock.today(), hours=1, function="x", what="", by=make_actor())

    assert {one.field for one in refused.value.problems} == {"worked_on", "hours", "function"}


@pytest.mark.usefixtures("session")
def test_more_than_promised_is_refused_unless_it_is_said() -> None:
    found = make_partnership()
    _partner, promise = promised(found)

    def deliver(quantity: float, *, more: bool) -> None:
        commitment_service.deliver(
            promise, quantity=quantity, value_ore=None, delivered_on=clock.today(), source="", by=found.lead,
            expected_version=promise.version, more=more,
        )  # fmt: skip

    with pytest.raises(TooMuch):
        deliver(130, more=False)
    deliver(130, more=True)

    assert (rules.delivered(promise.deliveries), rules.extra(promise.deliveries)) == (
        rules.Sum(100, 100_000_00), rules.Sum(30, 30_000_00),
    )  # fmt: skip


@pytest.mark.usefixtures("session")
def test_a_promise_is_late_after_its_last_day_and_not_once_it_is_kept() -> None:
    found = make_partnership()
    partner, _promise = promised(found, period_until=clock.today())
    on_time = statements.rows_of(partner)[0].is_late
    with clock.fixed(clock.now() + timedelta(days=1)):
        late = statements.rows_of(partner)[0].is_late
        logged(found, partner, 100)
        kept = statements.rows_of(partner)[0].is_late

    assert (on_time, late, kept) == (False, True, False)


@pytest.mark.usefixtures("session")
def test_promises_of_hours_in_two_missions_are_compared_without_words_claimed_as_secret() -> None:
    found = make_partnership()
    partner, _promise = promised(found, text="Projektledare", period_from=SPRING[0], period_until=SPRING[1])
    other = Partnership(found.region, make_mission(found.region))

    known = queries.hours_promised()

    assert [(one.words, one.mission_id) for one in known] == [("Projektledare", found.mission.id)]
    assert other.mission.id != partner.mission_id


@pytest.mark.usefixtures("session")
def test_a_used_booking_and_a_report_handed_in_draw_their_promises_down() -> None:
    with day_of_test() as found:
        partners = {one.organisation_id: one for one in queries.partners_of(found.mission)}
        lead, town, university = (
            found.region.actor("coordinator"), partners[found.region.town.id], partners[found.region.university.id],
        )  # fmt: skip
        promises = [
            commitment_service.promise(town, PromiseContent("site_access", quantity=5.0), by=lead),
            commitment_service.promise(university, PromiseContent("data", quantity=2.0), by=lead),
        ]
        booking = bookings.bookings_of_experiment(found.experiment.id)[0]
        story.test_and_report(found.region, found.mission, found.experiment, booking)

    parts = [[(part.quantity, part.source, part.is_extra) for part in one.deliveries] for one in promises]
    assert parts == [[(1.0, booking.reference, False)], [(1.0, found.experiment.reference, False)]]


@pytest.mark.usefixtures("session")
def test_a_promise_does_not_shrink_below_what_it_has_brought() -> None:
    found = make_partnership()
    partner, hours = promised(found)
    cash = commitment_service.promise(partner, PromiseContent("cash", value_ore=500_00), by=found.lead)
    logged(found, partner, 60)
    commitment_service.deliver(
        cash, quantity=None, value_ore=300_00, delivered_on=clock.today(), source="", by=found.lead,
        expected_version=cash.version,
    )  # fmt: skip

    for promise, less in ((hours, PromiseContent("hours", quantity=50.0)), (cash, PromiseContent("cash", value_ore=1))):
        with pytest.raises(LessThanKept), db.transaction():
            commitment_service.edit_promise(promise, less, by=found.lead, expected_version=promise.version)
        db.session.expire_all()

    assert (hours.quantity, cash.value_ore) == (100.0, 500_00)
