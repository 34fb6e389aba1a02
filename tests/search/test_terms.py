"""Words of a text and of a question: folded, stemmed in two languages, met from the first part of a compound."""

import pytest

from missions_app.search.terms import asked, beginnings, fold, telling, terms


@pytest.mark.parametrize(
    ("text", "folded"), [("Ålgräs", "algras"), ("Kafé", "kafe"), ("Øresund", "oresund"), ("Straße", "strasse")]
)
def test_fold_takes_dots_rings_and_accents_away(text: str, folded: str) -> None:
    assert fold(text) == folded


def test_a_reference_is_a_term_of_its_own_and_so_are_its_parts() -> None:
    assert terms("U-2026-014") == ["u-2026-014", "u", "2026", "014"]


def test_common_words_are_not_asked_for_unless_there_are_no_others() -> None:
    assert len(asked("vad är det med skyfall")) == 1
    assert len(asked("vad är det")) == 3


def test_the_telling_words_of_a_text_are_those_that_say_what_it_is_about() -> None:
    assert telling("Det svämmar över vid torget, 4 gånger om året.") == ["svammar", "over", "torget", "ganger", "aret"]


@pytest.mark.parametrize(
    ("term", "head", "is_one"),
    [
        ("oversvamningskarta", "oversvamning", True), ("algraset", "algras", True), ("station", "stat", False),
        ("kommunikation", "kommun", False),
    ],
)  # fmt: skip
def test_the_beginning_of_a_word_counts_when_it_may_be_its_stem_or_the_first_part_of_a_compound(
    term: str, head: str, is_one: bool
) -> None:
    assert (head in beginnings(term)) is is_one
