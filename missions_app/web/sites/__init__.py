"""Sites."""

from missions_app.web.sites.blueprint import bp

from missions_app.web.sites import resources, rules, sites  # isort: skip

__all__ = ["bp", "resources", "rules", "sites"]
