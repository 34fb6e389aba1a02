"""Bookings."""

from missions_app.web.bookings.blueprint import bp

from missions_app.web.bookings import (  # isort: skip
    answers, bookings, calendars, changes, day, drafts, feeds, lines, outside, planning, requests, safety, series,
    statements,
)  # fmt: skip

__all__ = [
    "answers", "bookings", "bp", "calendars", "changes", "day", "drafts", "feeds", "lines", "outside", "planning",
    "requests", "safety", "series", "statements",
]  # fmt: skip
