"""Finding time, waiting for it, and what was asked for in vain."""

from missions_app.web.finding.blueprint import bp

from missions_app.web.finding import demand, searching, waitlist  # isort: skip

__all__ = ["bp", "demand", "searching", "waitlist"]
