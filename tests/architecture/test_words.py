"""Every word a person sees exists in Swedish, and the same text never in two ways."""

import pytest

from scripts import translations

pytestmark = pytest.mark.once


def test_every_text_has_one_swedish_translation() -> None:
    report = translations.compare([])

    missing = {file: len(rows) for file, rows in report.missing.items()}
    assert missing == {}, "scripts/translations.py check lists them"
    assert report.faults == []


def test_no_translation_is_left_over() -> None:
    assert translations.compare([]).unused == []
