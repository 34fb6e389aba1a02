"""Finding time: what is found can be had, and what can be had is found."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from types import SimpleNamespace
from typing import Any, cast

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import event, select
from sqlalchemy.orm import Session

from missions_app import clock
from missions_app.accounts.actor import ANONYMOUS, SYSTEM, Actor
from missions_app.bookings import bookables, finding_service, permits
from missions_app.bookings.availability import Opening
from missions_app.bookings.bookables import Bookable
from missions_app.bookings.demand_models import DemandKind, UnmetDemand
from missions_app.bookings.errors import Taken
from missions_app.bookings.finding import Finder, Search
from missions_app.bookings.intervals import Interval
from missions_app.bookings.needs import Need, need_from
from missions_app.bookings.relaxing import relaxations
from missions_app.bookings.rules import Terms, time_problems
from missions_app.bookings.suggestions import Suggestion
from missions_app.sites import rule_service
from missions_app.sites.models import Bookers, Resource
from missions_app.workflow.method_service import method_in_force
from tests.factories.accounts import actor_of
from tests.factories.bookings import at, make_booking
from tests.factories.organisations import make_member, make_organisation
from tests.factories.sites import make_resource, make_site

NOW = datetime(2027, 3, 1, 7, tzinfo=UTC)
ZONE = clock.zone()
MONDAY = date(2027, 3, 22)
HOUR = timedelta(hours=1)


def bookable(number: int = 1, *, pool: int = 0, opening: Opening | None = None, **terms: Any) -> Bookable:
    """A resource that exists only here; units are ten times its number and on."""
    rules = {"shortest": HOUR, "longest": 72 * HOUR, "step": HOUR / 2, "setup": timedelta(0), "cleanup": timedelta(0),
             "notice": timedelta(0), "horizon": timedelta(days=400)} | terms  # fmt: skip
    site = SimpleNamespace(
        id=number, slug=f"plats-{number}", name_sv=f"Plats {number}", name_en="", description_sv="", description_en="",
        details={}, owner=SimpleNamespace(name=f"Ägare {number}"), municipality=f"108{number}", kind="lab", themes=[],
        trl_from=1, trl_to=9, is_outdoor=False, latitude=None, longitude=None, status=SimpleNamespace(value="open"),
    )  # fmt: skip
    resource = SimpleNamespace(
        id=number, slug=f"sak-{number}", name_sv=f"Sak {number}", name_en="", description_sv="", description_en="",
        kind="", site=site, site_id=number, pool_id=number if pool else None, most_people=None, price_ore=0,
        approval=SimpleNamespace(value="manager"), requests_hold=True, bookers=Bookers.EVERYONE,
    )  # fmt: skip
    units = tuple(range(10 * number, 10 * number + (pool or 1)))
    return Bookable(cast(Resource, resource), units, Terms(**rules), opening or Opening({}, {}))


def finder(search: Search, *there: Bookable, taken: dict[int, list[tuple[int, int]]] | None = None) -> Finder:
    return Finder(search, there, taken or {}, now=NOW, zone=ZONE)


def search(*needs: str, hours: float = 2, days: int = 7, **more: Any) -> Search:
    wanted = tuple(Need(exactly=f"plats-{one}/sak-{one}") for one in needs) or (Need(),)
    return Search(wanted, hours * HOUR, MONDAY, days, **more)


def span(day: date, start: float, end: float) -> tuple[int, int]:
    midnight = datetime.combine(day, time(0), ZONE).timestamp()
    return int(midnight + start * 3600), int(midnight + end * 3600)


def local(use: Interval) -> str:
    start, end = use.start.astimezone(ZONE), use.end.astimezone(ZONE)
    return f"{start:%a %H.%M}–{end:%H.%M}"


SPANS = st.lists(
    st.tuples(st.integers(0, 7 * 48), st.integers(1, 20)).map(
        lambda pair: (
            span(MONDAY, 0, 1)[0] + pair[0] * 1800 + 300, span(MONDAY, 0, 1)[0] + (pair[0] + pair[1]) * 1800
        )
    ),
    max_size=12,
)  # fmt: skip
HOURS = st.sampled_from([(), ((time(8), time(12)), (time(13), time(17))), ((time(9), time(0)),)])


@settings(max_examples=60, deadline=None)
@given(
    taken=SPANS, others=SPANS, pool=st.integers(0, 2), periods=HOURS, minutes=st.sampled_from([60, 90, 240, 600]),
    setup=st.sampled_from([0, 30, 45]), notice=st.sampled_from([0, 24 * 22]),
)  # fmt: skip
def test_a_time_is_found_exactly_when_a_lone_request_would_be_granted(
    taken: list[tuple[int, int]], others: list[tuple[int, int]], pool: int, periods: tuple[Any, ...], minutes: int,
    setup: int, notice: int,
) -> None:  # fmt: skip
    opening = Opening({day: periods for day in range(5)}, {MONDAY + timedelta(days=2): ()}) if periods else None
    one = bookable(
        pool=pool, opening=opening, setup=timedelta(minutes=setup), cleanup=timedelta(minutes=15),
        notice=timedelta(hours=notice), longest=8 * HOUR,
    )  # fmt: skip
    by_unit = {10: taken, **({11: others} if pool == 2 else {})}
    wanted = search(hours=minutes / 60)
    there = finder(wanted, one, taken=by_unit)
    found = there.mask(there.choices[0][0])

    for slot in range(0, 7 * 48, 3):
        start = datetime.fromtimestamp(there.grid.at(slot), UTC)
        use = Interval(start, start + wanted.length)
        occupied = use.widened(one.terms.setup, one.terms.cleanup)
        begin, end = occupied.start.timestamp(), occupied.end.timestamp()
        free = [unit for unit in one.units if not any(s < end and begin < e for s, e in by_unit.get(unit, ()))]
        # Spans of a pool may be re-assigned, so it is the peak that counts.
        peak_free = len(one.units) - _peak([each for unit in one.units for each in by_unit.get(unit, ())], begin, end)
        granted = not time_problems(use, one.terms, one.opening, now=NOW, zone=ZONE) and (
            peak_free > 0 if pool else bool(free)
        )
        assert bool(found >> slot & 1) == granted, local(use)


def _peak(spans: list[tuple[int, int]], begin: float, end: float) -> int:
    moments = [begin, *(start for start, _end in spans if begin < start < end)]
    return max(sum(start <= moment < stop for start, stop in spans) for moment in moments)


def test_a_bundle_is_found_when_all_of_it_is_free_at_once() -> None:
    taken = {10: [span(MONDAY, 0, 10)], 20: [span(MONDAY, 11, 24)]}

    found = finder(search("1", "2"), bookable(1), bookable(2), taken=taken).suggestions(2)

    assert [local(one.use) for one in found] == ["Tue 08.00–10.00", "Wed 08.00–10.00"]
    assert [one.bookable.resource.slug for one in found[0].choices] == ["sak-1", "sak-2"]


@settings(max_examples=60, deadline=None)
@given(taken=st.lists(SPANS, min_size=4, max_size=4), periods=st.lists(HOURS, min_size=4, max_size=4))
def test_a_start_is_left_exactly_when_something_meets_each_need(
    taken: list[list[tuple[int, int]]], periods: list[tuple[Any, ...]]
) -> None:
    there = [
        bookable(number, opening=Opening({day: hours for day in range(5)}, {}) if hours else None)
        for number, hours in enumerate(periods, 1)
    ]
    for one, name in zip(there, ("Hall", "Hall", "Båt", "Båt"), strict=True):
        one.resource.name_sv = name
    wanted = Search((need_from("hall"), need_from("båt")), 2 * HOUR, MONDAY, 7)
    anything = finder(wanted, *(replace(one, opening=Opening({}, {})) for one in there)).starts()

    found = finder(wanted, *there, taken={10 * number: spans for number, spans in enumerate(taken, 1)})
    left = found.starts()

    met = [[found.mask(choice) for choice in choices] for choices in found.choices]
    for slot in range(found.grid.slots):
        can_be_met = all(any(mask >> slot & 1 for mask in masks) for masks in met)
        assert left >> slot & 1 == (anything >> slot & 1 and can_be_met)


@settings(max_examples=60, deadline=None)
@given(taken=st.lists(SPANS, min_size=2, max_size=2), holds=st.booleans(), most=st.integers(1, 4))
def test_a_few_suggestions_are_the_first_of_many(taken: list[list[tuple[int, int]]], holds: bool, most: int) -> None:
    there = bookable(1), bookable(2)
    there[0].resource.requests_hold = holds
    found = finder(Search((Need(),), 6 * HOUR, MONDAY, 6), *there, taken={10: taken[0], 20: taken[1]})

    assert found.suggestions(most) == found.suggestions(20)[:most]


def test_two_needs_never_take_the_same_unit() -> None:
    one = bookable(1)

    assert finder(Search((Need(), Need()), HOUR, MONDAY, 3), one).suggestions(1) == []
    assert len(finder(Search((Need(), Need()), HOUR, MONDAY, 3), one, bookable(2)).suggestions(1)) == 1


def test_weekdays_hours_and_permits_move_the_first_day() -> None:
    one = bookable(1)

    weekday = finder(search(weekdays=frozenset({3})), one).suggestions(1)[0]
    late = finder(search(hours=(2)), one).suggestions(1)[0]
    waits = Finder(search(days=30), [one], {}, now=NOW, zone=ZONE, usable={1: [(date(2027, 4, 1), None)]}).suggestions(
        1
    )[0]

    assert local(weekday.use) == "Thu 08.00–10.00"
    assert local(late.use) == "Mon 08.00–10.00"
    assert waits.use.start.astimezone(ZONE).date() == date(2027, 4, 1)


def test_the_single_wish_that_stands_in_the_way_is_named_with_what_is_found_without_it() -> None:
    there = [bookable(1), bookable(2)]
    there[0].resource.site.municipality = "1083"
    stuck = finder(search(municipalities=frozenset({"1083"}), kind="other"), *there)

    assert stuck.suggestions(1) == []
    assert [(one.wish, one.found) for one in relaxations(stuck)] == [("kind", 1)]


def test_the_nights_when_the_clocks_change_are_searched_like_others() -> None:
    changes = Search((Need(),), 2 * HOUR, date(2027, 3, 27), 2, hours=(time(0), time(6)))

    found = finder(changes, bookable(1)).suggestions(5)

    assert all(one.use.length == 2 * HOUR for one in found)
    assert {one.use.start.astimezone(ZONE).date() for one in found} == {date(2027, 3, 27), date(2027, 3, 28)}


def _search_for(resource: Resource, **more: Any) -> Search:
    values: dict[str, Any] = {"length": 2 * HOUR, "first": clock.today() + timedelta(days=10), "days": 5} | more
    return Search((Need(exactly=f"{resource.site.slug}/{resource.slug}"),), **values)


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_search_says_free_exactly_when_a_request_succeeds_in_the_database(
    session: Session, data: st.DataObject
) -> None:
    resource = make_resource(make_site(), cleanup_minutes=30)
    for start in sorted(data.draw(st.sets(st.integers(0, 8), max_size=3))):
        _try(resource, Interval(at(6 + start), at(6 + start) + HOUR))
    hour = data.draw(st.integers(6, 17))
    use = Interval(at(hour), at(hour) + 2 * HOUR)
    wanted = _search_for(resource, days=1, hours=(time(hour), time(hour + 2)))

    found = finding_service.find(wanted, {}, method_in_force()).suggestions

    assert [one.use for one in found] == ([use] if _try(resource, use) else [])


def _try(resource: Resource, use: Interval) -> bool:
    try:
        make_booking(resource, use=use)
    except Taken:
        return False
    return True


def test_nobody_is_offered_a_time_that_they_may_not_book(session: Session) -> None:
    resource = make_resource(bookers=Bookers.CHOSEN)
    chosen, other = make_organisation(), make_organisation()
    rule_service.choose_bookers(resource, [chosen], by=SYSTEM, expected_version=resource.version)
    wanted = _search_for(resource)

    def found(reader: Actor) -> Sequence[Suggestion]:
        return finding_service.find(wanted, {}, method_in_force(), reader=reader).suggestions

    theirs = found(actor_of(make_member(chosen)))
    assert [one.code for one in theirs[0].reasons if one.is_drawback] == []
    assert not found(actor_of(make_member(other)))
    assert "only_chosen" in [one.code for one in found(ANONYMOUS)[0].reasons]


def test_a_search_without_hits_is_counted_and_says_which_wish_to_give_up(session: Session) -> None:
    resource = make_resource(make_site(municipality="1080"))
    wanted = _search_for(resource, municipalities=frozenset({"1083"}))

    found = finding_service.find(wanted, {}, method_in_force())

    assert found.suggestions == []
    assert [one.wish for one in found.relaxed] == ["municipalities"]
    demand = session.scalars(select(UnmetDemand)).one()
    assert (demand.kind, demand.times) == (DemandKind.SEARCH, 1)
    assert demand.wish["municipalities"] == ["1083"]


def test_the_earliest_day_comes_from_the_slowest_permit_that_the_site_lacks(session: Session) -> None:
    held = {"permit": "water_notice", "valid_from": "2020-01-01", "valid_until": "2099-12-31"}
    without, having = make_resource(make_site()), make_resource(make_site(permits_held=[held]))
    answers = {"sea": True, "bottom_contact": True}
    method = method_in_force()

    late = finding_service.find(_search_for(without, days=120), answers, method)
    soon = finding_service.find(_search_for(having, days=120), answers, method)

    assert late.earliest.decides is not None
    assert late.earliest.decides.id == "water_notice"
    assert late.suggestions[0].use.start.astimezone(ZONE).date() >= late.earliest.day
    assert soon.earliest.decides is None or soon.earliest.decides.id != "water_notice"
    assert soon.suggestions[0].use.start < late.suggestions[0].use.start


def test_a_permit_that_the_site_holds_counts_only_on_the_days_on_which_it_is_valid(session: Session) -> None:
    site, today, answers = make_site(), clock.today(), {"sea": True, "bottom_contact": True}
    method = method_in_force()
    site.permits_held = [
        {"permit": one.id, "valid_from": "2020-01-01", "valid_until": (today + timedelta(days=12)).isoformat()}
        for one in permits.needed(answers, method)
    ]
    place = make_resource(site)

    first = finding_service.find(_search_for(place, days=10), answers, method, most=20).suggestions
    later = finding_service.find(_search_for(place, days=200, first=today + timedelta(days=13)), answers, method)

    assert {clock.day_of(one.use.start) for one in first} == {today + timedelta(days=days) for days in (10, 11, 12)}
    assert clock.day_of(later.suggestions[0].use.start) == permits.earliest(answers, method, today=today).day


@pytest.mark.parametrize("number", [1, 6])
def test_the_number_of_statements_does_not_grow(session: Session, number: int) -> None:
    resources = [make_resource(make_site(), name_sv=f"Båt {one}") for one in range(number)]
    for resource in resources:
        make_booking(resource)
    method, sent = method_in_force(), []
    session.commit()
    session.expire_all()
    connection = session.connection()
    event.listen(connection, "before_cursor_execute", lambda *call: sent.append(call[2]))

    found = finding_service.find(Search((need_from("båt"),), 2 * HOUR, clock.today(), 30), {}, method)

    assert found.suggestions
    assert len(bookables.load()) == number
    assert len([one for one in sent if one.startswith("SELECT")]) == 4 + 3


def test_what_is_called_one_need_does_not_stand_in_for_another_that_its_site_only_speaks_of() -> None:
    seabed, sensors = bookable(1), bookable(2, pool=2)
    seabed.resource.name_sv, sensors.resource.name_sv = "Havsbotten", "Givarsats"
    for one in (seabed, sensors):
        one.resource.site.description_sv = "Givare på havsbotten"
    wanted = Search((need_from("havsbotten"), need_from("givare")), 2 * HOUR, MONDAY, 7)

    met = [[one.bookable for one in each] for each in finder(wanted, seabed, sensors).choices]
    alone = finder(Search((need_from("havsbotten"),), 2 * HOUR, MONDAY, 7), sensors).choices

    assert met == [[seabed], [sensors]]
    assert [one.bookable for one in alone[0]] == [sensors]


def test_a_site_that_has_a_boat_speaks_of_that_one() -> None:
    boat, sensors = bookable(1), bookable(2)
    boat.resource.name_sv, sensors.resource.name_sv, sensors.resource.site_id = "Båt", "Givarsats", 1
    sensors.resource.site = boat.resource.site
    boat.resource.site.description_sv = "Givare, och en båt som tar fyra"
    wanted = Search((need_from("båt"), need_from("båt")), 2 * HOUR, MONDAY, 7)

    there = finder(wanted, boat, sensors)

    assert [[one.bookable for one in each] for each in there.choices] == [[boat], [boat]]
    assert there.suggestions(4) == []


def test_who_asks_for_far_too_long_is_told_how_long_can_be_had() -> None:
    short = bookable(longest=9 * HOUR)

    there = finder(search(hours=168), short)

    assert [(one.wish, one.value) for one in relaxations(there)] == [("length", 4 * HOUR)]
