"""Opening hours as people write them."""

from datetime import date, time

import pytest

from missions_app.edge.words import sentence
from missions_app.i18n import use_locale
from missions_app.sites import bounds, hours


@pytest.mark.parametrize(
    ("text", "periods"),
    [
        ("", []),
        ("8-12", [(time(8), time(12))]),
        ("13.30–17, 8:00 - 12", [(time(8), time(12)), (time(13, 30), time(17))]),
        ("18-24", [(time(18), time(0))]),
        ("0–24", [(time(0), time(0))]),
    ],
)
def test_hours_are_read_as_people_write_them(text, periods):
    assert hours.read(text) == periods


@pytest.mark.parametrize("text", ["all day", "12-8", "8-12, 11-13", "25-26", "8-8"])
def test_what_is_no_hours_is_refused(text):
    with pytest.raises(ValueError):
        hours.read(text)


def test_what_was_read_is_written_the_same_way_again():
    assert hours.written(hours.read("8-12, 13.30-24")) == "08.00–12.00, 13.30–24.00"
    assert hours.read(hours.written(hours.read("8-12, 13.30-24"))) == hours.read("8-12, 13.30-24")


@pytest.mark.parametrize(
    ("days", "words"),
    [
        (
            {0: [(time(8), time(12)), (time(11), time(13))]},
            "Måndag: 08.00–12.00 och 11.00–13.00 går in i varandra. Låt den första sluta innan den andra börjar, eller "
            "skriv dem som en period.",
        ),
        (
            {6: [(time(10), time(9))]},
            "Söndag: 10.00–09.00 slutar inte efter att den börjar. Skriv den tidigare tiden först.",
        ),
        (
            {date(2027, 1, 6): [(time(8), time(8))]},
            "6 januari 2027: 08.00–08.00 slutar inte efter att den börjar. Skriv den tidigare tiden först.",
        ),
        ({0: [(time(8), time(12)), (time(12), time(0))]}, None),
    ],
)
def test_a_refusal_names_the_day_the_periods_and_what_to_do(days, words):
    with use_locale("sv"):
        assert [sentence(one) for one in bounds.hour_problems(days)] == ([words] if words else [])
