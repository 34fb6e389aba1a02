"""Findings of conflicts as sentences with values, ready for the edge, and as rows to keep."""

from collections.abc import Sequence
from typing import Any

from missions_app.assessments import queries
from missions_app.assessments.conflicts import REASONS, Finding
from missions_app.errors import Problem


def reasons_of(findings: Sequence[Finding]) -> list[Problem]:
    """Each finding as a sentence that names the organisation."""
    names = queries.organisation_names(findings)
    return [
        Problem(one.code, REASONS[one.code], None, {"organisation": names.get(one.organisation_id or 0, "")})
        for one in findings
    ]


def rows_of(findings: Sequence[Finding]) -> list[dict[str, Any]]:
    """Each finding as JSON, kept with a declaration."""
    return [{"code": one.code, "organisation": one.organisation_id, "part": one.part} for one in findings]
