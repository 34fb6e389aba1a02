"""Finding time as somebody: what is found is what a lone request of theirs would be granted, quotas and qualifications
weighed, and what is free but not for them says why."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import event, select
from sqlalchemy.orm import Session

from missions_app import clock
from missions_app.accounts.actor import SYSTEM
from missions_app.accounts.models import User
from missions_app.bookings import booking_service, finding_service
from missions_app.bookings.content import BookingContent, LineWish
from missions_app.bookings.demand_models import UnmetDemand
from missions_app.bookings.errors import Taken, Way
from missions_app.bookings.finding import Search
from missions_app.bookings.finding_service import Found
from missions_app.bookings.grid import STEP, Grid
from missions_app.bookings.intervals import Interval
from missions_app.bookings.needs import Need, need_from
from missions_app.bookings.rules import Allowance, Needed, qualification_problems, quota_problems
from missions_app.bookings.starts import qualified_starts, starts_within_quota
from missions_app.errors import InvalidInput
from missions_app.organisations.models import Organisation
from missions_app.sites import rule_service
from missions_app.sites.models import Bookers, Resource
from missions_app.sites.rule_models import Qualification, QuotaPeriod
from missions_app.sites.rule_service import QualificationEntry, QuotaEntry
from missions_app.workflow.method_parts import Text
from missions_app.workflow.method_service import method_in_force
from tests.factories.accounts import actor_of
from tests.factories.bookings import SMALL, at, between, make_booking
from tests.factories.organisations import make_member, make_organisation
from tests.factories.series import INSURED
from tests.factories.sites import make_resource, make_site

ZONE = clock.zone()
HOUR = timedelta(hours=1)
# Around a change of the clocks, of the month and, a little earlier, of the year.
BEGIN = date(2027, 3, 20)
DAYS = st.integers(-40, 40).map(lambda days: BEGIN + timedelta(days=days))
LENGTHS = st.sampled_from([0.5, 1, 6, 24, 47.5, 24 * 9]).map(lambda hours: hours * HOUR)
USES = st.lists(
    st.tuples(st.integers(-900, 900), st.integers(1, 60), st.integers(1, 3)).map(
        lambda one: (
            Interval(_moment(one[0]), _moment(one[0]) + one[1] * HOUR / 2 + timedelta(minutes=10)), one[2]
        )
    ),
    max_size=6,
)  # fmt: skip


def _moment(hours: int) -> datetime:
    return datetime(2027, 3, 20, tzinfo=UTC) + hours * HOUR


def _grid() -> Grid:
    return Grid(int(datetime.combine(BEGIN, time(0), ZONE).timestamp()), 20 * 48)


def _uses(grid: Grid, length: timedelta) -> list[Interval]:
    starts = [datetime.fromtimestamp(grid.origin + slot * STEP, UTC) for slot in range(grid.slots)]
    return [Interval(start, start + length) for start in starts]


@settings(max_examples=60, deadline=None)
@given(
    uses=USES, hours=st.integers(1, 300), units=st.integers(1, 3), period=st.sampled_from(QuotaPeriod), length=LENGTHS
)
def test_a_quota_leaves_exactly_the_starts_that_a_request_would_be_granted(
    uses: list[tuple[Interval, int]], hours: int, units: int, period: QuotaPeriod, length: timedelta
) -> None:
    grid, quota = _grid(), Allowance("Kvot", period, hours * HOUR, uses)

    left = starts_within_quota(quota, units, grid, length, ZONE)

    refused = [bool(quota_problems(use, units, quota, ZONE)) for use in _uses(grid, length)]
    assert [not left >> slot & 1 for slot in range(grid.slots)] == refused


@settings(max_examples=60, deadline=None)
@given(
    held=st.lists(st.lists(st.tuples(DAYS, st.none() | st.integers(0, 40)), max_size=3), min_size=1, max_size=2),
    length=LENGTHS,
)
def test_qualifications_leave_exactly_the_starts_that_a_request_would_be_granted(
    held: list[list[tuple[date, int | None]]], length: timedelta
) -> None:
    grid = _grid()
    needed = [
        Needed(
            Text(sv="Kurs", en="Course"),
            [(first, None if days is None else first + timedelta(days=days)) for first, days in one],
        )
        for one in held
    ]

    left = qualified_starts(needed, grid, length, ZONE)

    refused = [bool(qualification_problems(use, needed, ZONE)) for use in _uses(grid, length)]
    assert [not left >> slot & 1 for slot in range(grid.slots)] == refused


def _exactly(*resources: Resource, **more: Any) -> Search:
    needs = tuple(Need(exactly=f"{one.site.slug}/{one.slug}") for one in resources)
    values: dict[str, Any] = {"length": 2 * HOUR, "first": clock.today() + timedelta(days=10), "days": 5} | more
    return Search(needs, **values)


def _find(search: Search, user: User, organisation: Organisation | None = None, most: int = 4) -> Found:
    return finding_service.find(
        search, {}, method_in_force(), most=most, reader=actor_of(user),
        organisation_id=organisation.id if organisation else None,
    )  # fmt: skip


def _request(resources: Sequence[Resource], use: Interval, user: User, organisation: Organisation) -> bool:
    """Whether a lone request for all of them is granted."""
    try:
        booking_service.request_booking(
            lines=[LineWish(one, use) for one in resources], organisation=organisation, by=actor_of(user),
            requested_by=user, content=BookingContent(**(SMALL | INSURED)),
        )  # fmt: skip
    except (Taken, InvalidInput):
        return False
    return True


def _needing(resource: Resource, name: str = "Introduktion") -> Qualification:
    found = rule_service.add_qualification(resource.site, QualificationEntry(name), by=SYSTEM)
    rule_service.require_qualifications(resource, [found], by=SYSTEM, expected_version=resource.version)
    return found


def _grant(needed: Qualification, user: User, resource: Resource, *, until: int) -> None:
    rule_service.grant_qualification(
        needed, user, site=resource.site, valid_from=clock.today(), valid_until=clock.today() + timedelta(days=until),
        by=SYSTEM,
    )  # fmt: skip


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_search_says_free_to_a_reader_exactly_when_a_lone_request_of_theirs_succeeds(
    session: Session, data: st.DataObject
) -> None:
    organisation = make_organisation()
    user = make_member(organisation)
    one, other = make_resource(make_site(), cleanup_minutes=30), make_resource(make_site())
    for name, counted in (("Båda", [one, other]), ("Den ena", [one])):
        if hours := data.draw(st.none() | st.integers(1, 14), label=name):
            period = data.draw(st.sampled_from(QuotaPeriod))
            rule_service.add_quota(QuotaEntry(name, period, hours), counted, by=SYSTEM)
    if (until := data.draw(st.none() | st.integers(9, 12), label="qualified")) is not None:
        _grant(_needing(one), user, one, until=until)
    for days in data.draw(st.sets(st.integers(9, 12), max_size=3), label="booked before"):
        _request([data.draw(st.sampled_from([one, other]))], between(6, 9, days=days), user, organisation)
    wanted = data.draw(st.sampled_from([[one], [other], [one, other]]), label="wanted")
    hour, days = data.draw(st.integers(6, 17)), data.draw(st.integers(10, 13))
    use = Interval(at(hour, days=days), at(hour + 2, days=days))
    first = clock.today() + timedelta(days=days)

    found = _find(_exactly(*wanted, first=first, days=1, hours=(time(hour), time(hour + 2))), user, organisation)
    granted = _request(wanted, use, user, organisation)

    assert [each.use for each in found.suggestions] == ([use] if granted else [])
    assert not (granted and found.barred)


def test_a_missing_qualification_is_told_with_the_time_and_is_no_suggestion(session: Session) -> None:
    resource, user = make_resource(), make_member(make_organisation())
    _needing(resource, "Dykintyg")

    found = _find(_exactly(resource), user)

    assert found.suggestions == []
    assert [one.codes for one in found.barred] == [{"not_qualified"}]
    assert found.waitable == ()
    assert found.barred[0].suggestion.use == Interval(at(8), at(10))
    assert str(found.barred[0].problems[0][1].params["name"].in_("sv")) == "Dykintyg"  # type: ignore[attr-defined]


def test_a_place_that_one_may_not_use_yet_is_told_beside_the_ones_that_can_be_booked(session: Session) -> None:
    user = make_member(make_organisation())
    best, next_best = (make_resource(make_site(), name_sv="Mäthall", price_ore=price) for price in (0, 100))
    _needing(best)
    make_booking(next_best, use=between(8, 12))

    found = _find(Search((need_from("mäthall"),), 2 * HOUR, clock.today() + timedelta(days=10), 5), user)

    assert {one.choices[0].bookable.resource.id for one in found.suggestions} == {next_best.id}
    assert [one.suggestion.choices[0].bookable.resource.id for one in found.barred[:1]] == [best.id]


def test_a_qualification_that_ends_bars_the_days_after_it(session: Session) -> None:
    resource, user = make_resource(), make_member(make_organisation())
    _grant(_needing(resource), user, resource, until=11)

    found = _find(_exactly(resource), user)
    later = _find(_exactly(resource, first=clock.today() + timedelta(days=12)), user)

    assert {clock.day_of(one.use.start) for one in found.suggestions} == {
        clock.today() + timedelta(days=days) for days in (10, 11)
    }
    assert later.suggestions == []
    assert later.barred[0].codes == {"qualification_ends"}


def test_a_quota_over_several_owners_counts_everything_in_a_bundle(session: Session) -> None:
    organisation = make_organisation()
    user, one, other = make_member(organisation), make_resource(make_site()), make_resource(make_site())
    rule_service.add_quota(QuotaEntry("Tre timmar", QuotaPeriod.YEAR, 3), [one, other], by=SYSTEM)

    together = _find(_exactly(one, other), user)

    assert _find(_exactly(one), user).suggestions
    assert together.suggestions == []
    assert [each.codes for each in together.barred[:1]] == [{"over_quota"}]
    assert session.scalars(select(UnmetDemand)).one().wish["rules"] == ["over_quota"]


def test_a_quota_lets_the_next_need_be_met_by_something_it_does_not_count(session: Session) -> None:
    user = make_member(make_organisation())
    main, counted, free = (make_resource(make_site(), name_sv=name) for name in ("Mäthall", "Båt ett", "Båt två"))
    rule_service.add_quota(QuotaEntry("Tre timmar", QuotaPeriod.YEAR, 3), [main, counted], by=SYSTEM)
    wanted = Search((need_from("mäthall"), need_from("båt")), 2 * HOUR, clock.today() + timedelta(days=10), 3)

    chosen = _find(wanted, user).suggestions[0].choices

    assert [one.bookable.resource.id for one in chosen] == [main.id, free.id]


def test_what_meets_one_need_is_left_for_the_next_that_only_it_can_meet(session: Session) -> None:
    hall, large = make_resource(name_sv="Mäthall"), make_resource(name_sv="Båt", most_people=8)
    small = make_resource(name_sv="Båt", most_people=2)
    needs = (need_from("mäthall"), need_from("båt"), need_from("båt för 6 personer"))

    found = finding_service.find(Search(needs, 2 * HOUR, clock.today() + timedelta(days=10), 3), {}, method_in_force())

    assert [one.bookable.resource.id for one in found.suggestions[0].choices] == [hall.id, small.id, large.id]


def test_somebody_of_several_organisations_searches_for_one_of_them(session: Session) -> None:
    resource, used_up, fresh = make_resource(), make_organisation(), make_organisation()
    user = make_member(used_up)
    rule_service.add_quota(QuotaEntry("En timme", QuotaPeriod.WEEK, 1, used_up), [resource], by=SYSTEM)

    assert _find(_exactly(resource), user, used_up).suggestions == []
    assert _find(_exactly(resource), user, fresh).suggestions


def test_what_is_for_others_only_is_told_where_nothing_else_is_found(session: Session) -> None:
    chosen, other = (make_resource(make_site(), name_sv="Mäthall") for _number in range(2))
    chosen.bookers = Bookers.CHOSEN
    user = make_member(make_organisation())
    make_booking(other, use=between(8, 12))

    alone = _find(_exactly(chosen), user)
    beside = _find(Search((need_from("mäthall"),), 2 * HOUR, clock.today() + timedelta(days=10), 5), user)

    assert (list(alone.suggestions), alone.barred[0].codes) == ([], {"not_among_bookers"})
    assert (bool(beside.suggestions), list(beside.barred), alone.waitable) == (True, [], ())


@pytest.mark.parametrize("number", [1, 6])
def test_the_number_of_statements_does_not_grow_with_quotas_qualifications_or_bookings(
    session: Session, number: int
) -> None:
    organisation = make_organisation()
    reader, sent = actor_of(make_member(organisation)), []
    for one in range(number):
        resource, closed = (make_resource(make_site(), name_sv=f"Båt {one}{each}") for each in (1, 2))
        rule_service.add_quota(QuotaEntry(f"Kvot {one}", QuotaPeriod.WEEK, 40), [resource, closed], by=SYSTEM)
        _needing(closed)
        make_booking(resource, organisation=organisation)
    method = method_in_force()
    session.commit()
    session.expire_all()
    event.listen(session.connection(), "before_cursor_execute", lambda *call: sent.append(call[2]))

    found = finding_service.find(Search((need_from("båt"),), 2 * HOUR, clock.today(), 30), {}, method, reader=reader)

    assert found.suggestions
    assert len([one for one in sent if one.startswith("SELECT")]) == 4 + 5


def test_nothing_is_told_instead_of_a_taken_time_that_the_rules_would_refuse(session: Session) -> None:
    taken, organisation = make_resource(make_site(), kind="båt"), make_organisation()
    free, closed, limited = (make_resource(make_site(), kind="båt") for _number in range(3))
    make_booking(taken)
    _needing(closed)
    rule_service.add_quota(QuotaEntry("En timme", QuotaPeriod.WEEK, 1, organisation), [limited], by=SYSTEM)

    with pytest.raises(Taken) as refused:
        make_booking(taken, organisation=organisation)
    with pytest.raises(Taken) as another:
        make_booking(taken)

    told, others = (
        {one.resource.id for one in each.value.alternatives if one.way is Way.OTHER_SITE} for each in (refused, another)
    )
    assert (told, others) == ({free.id}, {free.id, limited.id})
    assert [one.way for one in refused.value.alternatives].count(Way.SHIFTED) == 3
