"""Sites."""

from missions_app.web.sites.blueprint import bp

from missions_app.web.sites import sites  # isort: skip

__all__ = ["bp", "sites"]
