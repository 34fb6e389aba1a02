"""Every mail that the source queues has its text."""

import re

from missions_app.paths import ROOT, TEMPLATES


def test_every_queued_mail_has_a_template() -> None:
    source = "\n".join(file.read_text("utf-8") for file in (ROOT / "missions_app").rglob("*.py"))
    queued = set(re.findall(r'queue_mail\(\s*[\w.\[\]]+,\s*"(\w+)"', source))

    assert len(queued) > 20
    assert {name for name in queued if not (TEMPLATES / "email" / f"{name}.txt").exists()} == set()
