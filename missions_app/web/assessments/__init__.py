"""Assessments: appointing, declaring interests, scoring, the result, the pool of assessors."""

from missions_app.web.assessments.blueprint import bp

from missions_app.web.assessments import assignments, panels, people, questions  # isort: skip

__all__ = ["assignments", "bp", "panels", "people", "questions"]
