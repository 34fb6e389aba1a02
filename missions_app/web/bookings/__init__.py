"""Bookings."""

from missions_app.web.bookings.blueprint import bp

from missions_app.web.bookings import bookings, calendars, feeds, outside, planning, safety, series  # isort: skip

__all__ = ["bookings", "bp", "calendars", "feeds", "outside", "planning", "safety", "series"]
