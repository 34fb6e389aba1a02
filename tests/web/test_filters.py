"""Words that templates make of values."""

import pytest

from missions_app.i18n import use_locale
from missions_app.web.filters import in_days


@pytest.mark.parametrize(
    ("minutes", "sv", "en"),
    [
        (0, "0 dagar", "0 days"),
        (30, "30 min", "30 min"),
        (720, "12 h", "12 h"),
        (1440, "1 dag", "1 day"),
        (2160, "1,5 dagar", "1.5 days"),
        (20160, "14 dagar", "14 days"),
    ],
)
def test_a_time_before_is_told_in_days_or_in_hours_when_it_is_shorter(minutes: int, sv: str, en: str) -> None:
    for locale, words in (("sv", sv), ("en", en)):
        with use_locale(locale):
            assert in_days(minutes).replace("\u00a0", " ") == words
