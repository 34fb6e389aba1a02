"""All partnerships together."""

from hypothesis import given, settings
from hypothesis import strategies as st

from missions_app.partnerships.network import Place, Tie, ties, years
from missions_app.web.partnerships.pictures import network_picture


def place(mission: int, organisation: int, year: int = 2026, sector: str = "business") -> Place:
    return Place(mission, organisation, f"Bolag {organisation}", sector, year)


def test_those_who_have_met_most_often_come_first() -> None:
    found = ties([place(1, 1), place(1, 2), place(2, 1), place(2, 2), place(2, 3), place(3, 4)])

    assert found == [Tie(1, 2, 2), Tie(1, 3, 1), Tie(2, 3, 1)]


def test_newcomers_and_new_pairs_count_in_the_year_they_were_new() -> None:
    found = years([place(1, 1, 2025), place(1, 2, 2025, "civil"), place(2, 1, 2026), place(2, 2, 2026),
                   place(2, 3, 2026), place(1, 3, 2027)])  # fmt: skip

    assert [(one.year, dict(one.sectors), one.newcomers, one.new_pairs) for one in found] == [
        (2025, {"business": 1, "civil": 1}, 2, 1), (2026, {"business": 3}, 1, 2), (2027, {"business": 1}, 0, 0),
    ]  # fmt: skip


@settings(deadline=None)
@given(st.lists(st.builds(place, st.integers(1, 8), st.integers(1, 60), st.integers(2024, 2027)), max_size=80))
def test_the_picture_holds_every_line_inside_and_names_both_ends(places: list[Place]) -> None:
    picture = network_picture(places, ties(places))

    assert len(picture.nodes) == min(24, len({one.organisation_id for one in places}))
    dots = {(one.x, one.y) for one in picture.nodes}
    assert all((one.x1, one.y1) in dots and (one.x2, one.y2) in dots for one in picture.lines)
    assert sum(one.newcomers for one in years(places)) == len({one.organisation_id for one in places})
