"""Bookings."""

from missions_app.web.bookings.blueprint import bp

from missions_app.web.bookings import bookings, calendars, safety  # isort: skip

__all__ = ["bookings", "bp", "calendars", "safety"]
