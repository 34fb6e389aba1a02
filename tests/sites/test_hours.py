"""Opening hours as people write them."""

from datetime import time

import pytest

from missions_app.sites import hours


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
