"""An indicator over several missions."""

from hypothesis import given
from hypothesis import strategies as st

from missions_app.evaluation.rollup import MissionValue, PartTotal, Rollup, roll_up, roll_up_parts
from missions_app.indicators.small_numbers import is_small

maybe = st.none() | st.integers(-1000, 1000).map(float)
rows = st.lists(st.builds(MissionValue, st.integers(1, 8), maybe, maybe, maybe), max_size=20)


def test_amounts_are_added_and_what_is_missing_is_said() -> None:
    found = roll_up(
        [
            MissionValue(1, baseline=212.0, target=127.0, value=141.0),
            MissionValue(2, baseline=50.0, target=None, value=40.0),
            MissionValue(3, baseline=80.0, target=40.0, value=None),
        ],
        additive=True,
    )

    assert found == Rollup(change=-81.0, aim=-85.0, counted=2, missions=3)
    assert not found.is_whole


def test_shares_are_never_added() -> None:
    found = roll_up([MissionValue(1, 20.0, 60.0, 31.0), MissionValue(2, 10.0, 60.0, 40.0)], additive=False)

    assert (found.change, found.aim, found.counted, found.missions) == (None, None, 2, 2)


@given(rows)
def test_a_mission_counts_once_however_often_it_stands(listed: list[MissionValue]) -> None:
    assert roll_up([*listed, *listed], additive=True) == roll_up(listed, additive=True)


@given(rows)
def test_the_sum_is_that_of_the_distinct_rows(listed: list[MissionValue]) -> None:
    first = {}
    for one in listed:
        first.setdefault(one.mission_id, one)
    known = [one.value - one.baseline for one in first.values() if one.value is not None and one.baseline is not None]

    found = roll_up(listed, additive=True)

    assert found.change == (sum(known) if known else None)
    assert (found.counted, found.missions) == (len(known), len(first))


def test_a_handful_of_people_is_hidden_and_none_is_not() -> None:
    assert [is_small(count, "antal") for count in (0.0, 1.0, 4.0, 5.0)] == [False, True, True, False]
    assert not is_small(3.0, "ton")


def test_parts_are_added_over_missions_each_for_itself_and_say_how_many_they_rest_on() -> None:
    divided = [(1, "women", 30.0), (1, "men", 20.0), (2, "women", None), (2, "men", 5.0), (1, "men", 999.0)]

    assert roll_up_parts(divided, additive=True) == {"women": PartTotal(30.0, 1, 2), "men": PartTotal(25.0, 2, 2)}
    assert roll_up_parts(divided, additive=False) == {"women": PartTotal(None, 1, 2), "men": PartTotal(None, 2, 2)}


@given(st.lists(st.tuples(st.integers(1, 5), st.sampled_from("abc"), maybe), max_size=20))
def test_a_part_is_the_sum_of_the_distinct_missions_that_have_it(listed: list[tuple[int, str, float | None]]) -> None:
    assert roll_up_parts([*listed, *listed], additive=True) == roll_up_parts(listed, additive=True)
    for part, total in roll_up_parts(listed, additive=True).items():
        own: dict[int, float | None] = {}
        for mission, name, value in listed:
            if name == part:
                own.setdefault(mission, value)
        known = [value for value in own.values() if value is not None]
        assert total == PartTotal(sum(known) if known else None, len(known), len(own))
