"""Bookings."""

from missions_app.web.bookings.blueprint import bp

from missions_app.web.bookings import bookings, calendars, feeds, safety, series  # isort: skip

__all__ = ["bookings", "bp", "calendars", "feeds", "safety", "series"]
