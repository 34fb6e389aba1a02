"""Missions."""

from missions_app.web.missions.blueprint import bp

from missions_app.web.missions import missions  # isort: skip

__all__ = ["bp", "missions"]
