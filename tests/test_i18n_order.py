"""The Swedish order."""

import random

from missions_app.i18n import sort_key

ORDERED = ["Abborre", "André", "Andréas", "Bo", "Zebra", "Zorn", "Ål", "Ås", "Ärla", "Ödla", "Örn"]


def test_letters_come_in_the_swedish_order_and_accents_are_ignored() -> None:
    shuffled = random.Random(1).sample(ORDERED, len(ORDERED))

    assert sorted(shuffled, key=sort_key) == ORDERED


def test_case_does_not_matter() -> None:
    assert sort_key("ÅLGRÄS") == sort_key("ålgräs")


def test_a_key_holds_only_digits_so_that_no_collation_can_reorder_it() -> None:
    assert sort_key("Ålgräs & Tång (Exempel) 3").isdigit()
    assert len(sort_key("å" * 1000)) == 400
