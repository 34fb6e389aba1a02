"""Each rule by table: what it lets pass, what it refuses, under which code and at which field."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from missions_app.bookings import rules
from missions_app.bookings.availability import Opening
from missions_app.bookings.intervals import Interval
from missions_app.bookings.rules import Allowance, Ask, Needed, Rules, Terms
from missions_app.edge.words import sentence
from missions_app.i18n import use_locale
from missions_app.sites.models import Bookers
from missions_app.sites.rule_models import QuotaPeriod
from missions_app.workflow.method_parts import Text

ZONE = ZoneInfo("Europe/Stockholm")
NOW = datetime(2026, 9, 1, 6, 0, tzinfo=UTC)  # a Tuesday, 08.00 local time
OWNER, GUEST = 1, 2
TERMS = Terms(
    shortest=timedelta(hours=1), longest=timedelta(hours=8), step=timedelta(minutes=30), setup=timedelta(),
    cleanup=timedelta(), notice=timedelta(days=1), horizon=timedelta(days=100), most_people=6,
)  # fmt: skip
LICENCE = Text(sv="Kranbevis", en="Crane licence")


def _local(day: date, hour: int, minute: int = 0) -> datetime:
    return datetime.combine(day, time(hour, minute), ZONE).astimezone(UTC)


def _use(day: date = date(2026, 9, 10), start: int = 9, hours: float = 2) -> Interval:
    begins = _local(day, start)
    return Interval(begins, begins + timedelta(hours=hours))


def _rules(**values) -> Rules:
    return replace(Rules(terms=TERMS, opening=Opening({}, {}), owner_id=OWNER), **values)


def _codes(ask: Ask, asked: Rules | None = None) -> list[str]:
    return [one.code for one in rules.problems(ask, asked or _rules(), now=NOW, zone=ZONE)]


@pytest.mark.parametrize(
    ("use", "codes"),
    [
        (_use(), []),
        (_use(date(2026, 8, 31)), ["in_the_past"]),
        (_use(date(2026, 9, 1)), ["too_short_notice"]),
        (_use(date(2026, 9, 2), start=8), []),
        (_use(date(2026, 12, 24)), ["too_far_ahead"]),
        (_use(hours=0.5), ["too_short"]),
        (_use(hours=8), []),
        (_use(hours=8.5), ["too_long"]),
        (_use(hours=1.25), ["off_step"]),
        (_use(date(2026, 8, 31), hours=0.25), ["in_the_past", "too_short", "off_step"]),
    ],
)
def test_time_rules_refuse_exactly_what_the_resource_does_not_allow(use, codes):
    assert _codes(Ask(use, GUEST)) == codes


@pytest.mark.parametrize(
    ("day", "start", "hours", "is_open"),
    [
        (date(2026, 9, 10), 8, 4, True),
        (date(2026, 9, 10), 13, 4, True),
        (date(2026, 9, 10), 11, 3, False),  # over the closed hour at noon
        (date(2026, 9, 12), 9, 1, False),  # a Saturday
        (date(2026, 9, 14), 9, 1, False),  # closed that Monday
        (date(2026, 9, 19), 10, 2, True),  # open that Saturday
    ],
)
def test_opening_has_several_periods_a_day_and_dates_that_are_otherwise(day, start, hours, is_open):
    weekly = {weekday: [(time(8), time(12)), (time(13), time(17))] for weekday in range(5)}
    opening = Opening(weekly, {date(2026, 9, 14): [], date(2026, 9, 19): [(time(10), time(12))]})

    assert _codes(Ask(_use(day, start, hours), GUEST), _rules(opening=opening)) == ([] if is_open else ["closed"])


@pytest.mark.parametrize(
    ("bookers", "organisation", "for_experiment", "codes"),
    [
        (Bookers.EVERYONE, GUEST, False, []),
        (Bookers.EXPERIMENTS, GUEST, False, ["experiments_only"]),
        (Bookers.EXPERIMENTS, GUEST, True, []),
        (Bookers.EXPERIMENTS, OWNER, False, []),
        (Bookers.CHOSEN, GUEST, True, ["not_among_bookers"]),
        (Bookers.CHOSEN, 3, False, []),
        (Bookers.OWNER, GUEST, True, ["not_among_bookers"]),
        (Bookers.OWNER, OWNER, False, []),
    ],
)
def test_who_may_book_is_what_the_owner_says(bookers, organisation, for_experiment, codes):
    asked = _rules(bookers=bookers, chosen=frozenset({3}))

    assert _codes(Ask(_use(), organisation, for_experiment), asked) == codes


@pytest.mark.parametrize(
    ("units", "pool_size", "people", "codes"),
    [
        (5, None, None, []),
        (3, 3, 6, []),
        (4, 3, None, ["too_many_units"]),
        (0, 3, None, ["too_many_units"]),
        (1, 3, 7, ["too_many_people"]),
    ],
)
def test_no_more_units_and_people_than_there_is_room_for(units, pool_size, people, codes):
    assert sorted(_codes(Ask(_use(), GUEST, units=units, people=people), _rules(pool_size=pool_size))) == codes


@pytest.mark.parametrize(
    ("period", "words"),
    [
        (
            QuotaPeriod.WEEK,
            "Kvoten Tio räcker inte veckan från 7 september 2026: timmar kvar 1,5 av 10, det här tar 2. Gör tiden "
            "kortare eller välj en annan vecka.",
        ),
        (
            QuotaPeriod.MONTH,
            "Kvoten Tio räcker inte månaden från 1 september 2026: timmar kvar 1,5 av 10, det här tar 2. Gör tiden "
            "kortare eller välj en annan månad.",
        ),
        (
            QuotaPeriod.YEAR,
            "Kvoten Tio räcker inte året från 1 januari 2026: timmar kvar 1,5 av 10, det här tar 2. Gör tiden "
            "kortare eller välj ett annat år.",
        ),
    ],
)
def test_a_quota_that_is_not_enough_says_when_what_is_left_and_what_is_taken(period, words):
    quota = Allowance("Tio", period, timedelta(hours=10), [(_use(date(2026, 9, 7), hours=8.5), 1)])
    with use_locale("sv"):
        assert [sentence(one) for one in rules.quota_problems(_use(date(2026, 9, 8), hours=2), 1, quota, ZONE)] == [
            words
        ]


def test_a_place_for_one_and_an_hour_at_most_are_told_in_the_singular():
    asked = _rules(terms=replace(TERMS, most_people=1, longest=timedelta(hours=1)))
    found = rules.problems(Ask(_use(hours=2), GUEST, people=2), asked, now=NOW, zone=ZONE)
    with use_locale("sv"):
        assert [sentence(one) for one in found] == [
            "För lång. Den längsta bokningen är en timme.", "Det finns plats för en person.",
        ]  # fmt: skip


def test_a_resource_that_takes_no_bookings_says_so():
    assert _codes(Ask(_use(), GUEST), _rules(is_bookable=False)) == ["not_bookable"]


@pytest.mark.parametrize(
    ("held", "codes"),
    [
        ([], ["not_qualified"]),
        ([(date(2026, 1, 1), None)], []),
        ([(date(2026, 1, 1), date(2026, 9, 10))], []),
        ([(date(2026, 1, 1), date(2026, 9, 9))], ["qualification_ends"]),  # holds today, not on the day of use
        ([(date(2026, 9, 11), None)], ["not_qualified"]),
        ([(date(2026, 1, 1), date(2026, 9, 9)), (date(2026, 9, 10), date(2027, 1, 1))], []),
    ],
)
def test_a_qualification_is_checked_on_the_day_of_use(held, codes):
    assert _codes(Ask(_use(), GUEST), _rules(qualifications=[Needed(LICENCE, held)])) == codes


def test_a_use_that_ends_at_midnight_does_not_need_the_qualification_the_day_after():
    held = [(date(2026, 1, 1), date(2026, 9, 10))]

    assert _codes(Ask(_use(start=20, hours=4), GUEST), _rules(qualifications=[Needed(LICENCE, held)])) == []


@pytest.mark.parametrize(
    ("again", "ends"),
    [
        ((date(2026, 9, 11), date(2027, 9, 10)), None),  # renewed from the day after
        ((date(2026, 8, 1), None), None),
        ((date(2026, 9, 12), None), date(2026, 9, 10)),  # a day lacks it
        ((date(2026, 9, 11), date(2026, 9, 11)), date(2026, 9, 11)),
        ((date(2025, 1, 1), date(2025, 12, 31)), date(2026, 9, 10)),
    ],
)
def test_a_qualification_that_is_renewed_holds_through_days_of_both(again, ends):
    terms = replace(TERMS, longest=timedelta(days=3))
    held = [(date(2026, 1, 1), date(2026, 9, 10)), again]

    found = rules.problems(
        Ask(_use(hours=48), GUEST), _rules(terms=terms, qualifications=[Needed(LICENCE, held)]), now=NOW, zone=ZONE
    )  # fmt: skip

    assert [one.params["day"] for one in found] == ([] if ends is None else [ends])


@pytest.mark.parametrize(
    ("period", "uses", "units", "codes"),
    [
        (QuotaPeriod.WEEK, [], 1, []),
        (QuotaPeriod.WEEK, [(_use(date(2026, 9, 7), hours=8), 1)], 1, []),
        (QuotaPeriod.WEEK, [(_use(date(2026, 9, 7), hours=8.5), 1)], 1, ["over_quota"]),
        (QuotaPeriod.WEEK, [(_use(date(2026, 9, 7), hours=4.5), 2)], 1, ["over_quota"]),
        (QuotaPeriod.WEEK, [(_use(date(2026, 9, 6), hours=8), 2)], 1, []),  # the Sunday before
        (QuotaPeriod.WEEK, [(_use(date(2026, 9, 7), hours=8.5), 1), (_use(date(2026, 9, 4)), 2)], 1, ["over_quota"]),
        (QuotaPeriod.MONTH, [(_use(date(2026, 9, 30), hours=8.5), 1)], 1, ["over_quota"]),
        (QuotaPeriod.MONTH, [(_use(date(2026, 10, 1), hours=8.5), 1)], 1, []),
        (QuotaPeriod.YEAR, [(_use(date(2026, 1, 5), hours=8.5), 1)], 1, ["over_quota"]),
        (QuotaPeriod.YEAR, [(_use(date(2025, 12, 31), hours=8.5), 1)], 1, []),
        (QuotaPeriod.WEEK, [], 6, ["over_quota"]),
    ],
)
def test_a_quota_counts_hours_of_use_for_each_unit_in_its_period(period, uses, units, codes):
    quota = Allowance("Tio timmar", period, timedelta(hours=10), uses)

    assert _codes(Ask(_use(hours=2), GUEST, units=units), _rules(quotas=[quota])) == codes


def test_a_use_over_two_weeks_is_counted_in_each_for_its_part():
    # From Sunday 22.00 to Monday 04.00: two hours in the first week, four in the second.
    use, quota = _use(date(2026, 9, 13), 22, 6), Allowance("Fyra", QuotaPeriod.WEEK, timedelta(hours=4))
    before = replace(quota, uses=[(_use(date(2026, 9, 9), hours=2.5), 1)])

    assert _codes(Ask(use, GUEST), _rules(quotas=[quota])) == []
    assert _codes(Ask(use, GUEST), _rules(quotas=[before])) == ["over_quota"]


def test_a_refusal_by_quota_says_what_is_left():
    quota = Allowance("Tio timmar", QuotaPeriod.MONTH, timedelta(hours=10), [(_use(date(2026, 9, 1), hours=7), 1)])

    (problem,) = rules.quota_problems(_use(hours=4), 1, quota, ZONE)

    assert problem.params == {"name": "Tio timmar", "day": date(2026, 9, 1), "hours": 10, "left": 3, "taking": 4}
    assert problem.field == "ends_at"


def test_everything_wrong_is_said_at_once():
    asked = _rules(bookers=Bookers.OWNER, pool_size=2, qualifications=[Needed(LICENCE)])

    assert _codes(Ask(_use(hours=9), GUEST, units=3, people=9), asked) == [
        "not_among_bookers", "too_long", "too_many_people", "too_many_units", "not_qualified",
    ]  # fmt: skip
