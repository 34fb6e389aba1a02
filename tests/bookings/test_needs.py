"""What people write is read as a need, and compared with what places say of themselves."""

from typing import Any

import pytest

from missions_app.bookings.needs import Need, Offered, answering, match, need_from, need_typed, numbers_in, plain


def offer(own: str, site: str = "", **more: Any) -> Offered:
    values: dict[str, Any] = {"people": None, "units": 1, "depth": None, "power": None} | more
    return Offered("plats/sak", plain(own), f" {plain(site)}", **values)


@pytest.mark.parametrize(
    ("text", "words", "numbers"),
    [
        ("båt för 4 personer", ("bat",), {"people": 4}),
        ("havsbotten 2–5 m", ("havsbotten",), {"depth": (2.0, 5.0)}),
        ("djup 25 meter", (), {"depth": (25.0, 10_000.0)}),
        ("boat for 4 people", ("boat",), {"people": 4}),
        ("el 100 kW", ("el",), {"power": 100.0}),
        ("2 st givare", ("givare",), {"units": 2}),
        ("", (), {}),
    ],
)
def test_words_and_numbers_are_told_apart(text: str, words: tuple[str, ...], numbers: dict[str, Any]) -> None:
    need = need_from(text)

    assert need.words == words
    assert {name: getattr(need, name) for name in ("people", "depth", "power") if getattr(need, name)} | (
        {"units": need.units} if need.units > 1 else {}
    ) == numbers


def test_an_address_is_exactly_one_thing() -> None:
    assert need_typed("plats/sak") == Need(exactly="plats/sak")
    assert match(need_typed("plats/sak"), offer("Vad som helst")) is not None
    assert match(need_typed("plats/annan"), offer("Vad som helst")) is None


@pytest.mark.parametrize(
    ("text", "own", "weak"),
    [
        ("båt", "Arbetsbåt", False), ("havsbotten", "Bottenytan med kablar", True), ("syregivare", "Givarsats", True),
        ("BASSÄNG", "Bassängen", False),
    ],
)  # fmt: skip
def test_compounds_and_endings_meet(text: str, own: str, weak: bool) -> None:
    found = match(need_from(text), offer(own))

    assert found is not None
    assert found.weak is weak


def test_parts_of_compounds_count_only_when_nothing_answers_to_the_whole_word() -> None:
    offers = [offer("Givarsats"), offer("Syregivare")]

    assert [place for place, _match in answering(need_from("syregivare"), offers)] == [1]
    assert [place for place, _match in answering(need_from("syregivare"), offers[:1])] == [0]


def test_too_small_too_shallow_and_too_weak_do_not_answer_and_what_is_not_said_is_noted() -> None:
    assert match(need_from("båt för 4 personer"), offer("Båt", people=3)) is None
    assert match(need_from("botten 5–9 m"), offer("Botten", depth=(2.0, 4.0))) is None
    assert match(need_from("kaj 100 kW"), offer("Kaj", power=63.0)) is None
    unsaid = match(need_from("botten 2 m"), offer("Botten"))
    assert unsaid is not None
    assert unsaid.unsaid == ("depth",)


def test_what_a_site_only_speaks_of_is_told_apart_from_what_is_called_so() -> None:
    mentioned = match(need_from("båt för 4 personer"), offer("Givarsats", site="Arbete från båt."))

    assert mentioned is not None
    assert (mentioned.is_mentioned, mentioned.unsaid) == (True, ("people",))
    assert match(need_from("båt"), offer("Givarsats", site="En debatt om stränder.")) is None


def test_a_mention_does_not_stand_in_for_what_is_called_so_and_too_small() -> None:
    offers = [offer("Arbetsbåt", people=6), offer("Givarsats", site="Arbete från båt.")]

    assert [place for place, _match in answering(need_from("båt för 4 personer"), offers)] == [0, 1]
    assert answering(need_from("båt för 400 personer"), offers) == []
    assert [place for place, _match in answering(need_from("båt för 400 personer"), offers[1:])] == [0]


@pytest.mark.parametrize(
    ("value", "range_"),
    [(3, (3.0, 3.0)), ("2–4 m", (2.0, 4.0)), ({"sv": "2,5 till 6", "en": "2.5 to 6"}, (2.5, 6.0)), ([1, 8], (1.0, 8.0)),
     (None, None), ("djupt", None), (True, None)],
)  # fmt: skip
def test_numbers_are_found_in_what_people_write(value: Any, range_: tuple[float, float] | None) -> None:
    assert numbers_in(value) == range_
