"""Bookings."""

from missions_app.web.bookings.blueprint import bp

from missions_app.web.bookings import bookings, calendars, feeds, planning, safety, series  # isort: skip

__all__ = ["bookings", "bp", "calendars", "feeds", "planning", "safety", "series"]
