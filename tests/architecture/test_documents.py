"""What docs/ says about the code is what the code says."""

import re
from pathlib import Path

import pytest

from scripts import documents

pytestmark = pytest.mark.once
ROOT = Path(__file__).resolve().parents[2]
LINK = re.compile(r"\]\((?!https?:)([^)#]+)")


def test_made_documents_are_up_to_date_and_complete() -> None:
    assert documents.faults() == []


def test_every_link_between_documents_leads_somewhere() -> None:
    broken = [
        f"{page.relative_to(ROOT)}: {target}"
        for page in [ROOT / "README.md", ROOT / "CHANGELOG.md", *(ROOT / "docs").rglob("*.md")]
        for target in LINK.findall(page.read_text("utf-8"))
        if not (page.parent / target).exists()
    ]
    assert broken == []


def test_every_acceptance_story_is_told() -> None:
    stories = (ROOT / "docs" / "stories.md").read_text("utf-8")
    assert re.findall(r"^## (\d+)\. ", stories, re.MULTILINE) == [str(number) for number in range(1, 13)]
