"""Sites."""

from missions_app.web.sites.blueprint import bp

from missions_app.web.sites import entries, photos, quotas, resources, rules, sites, statistics, transfer  # isort: skip

__all__ = ["bp", "entries", "photos", "quotas", "resources", "rules", "sites", "statistics", "transfer"]
