"""Sites."""

from missions_app.web.sites.blueprint import bp

from missions_app.web.sites import entries, histories, photos, quotas, resources, rules, sites, statistics, transfer  # isort: skip

__all__ = ["bp", "entries", "histories", "photos", "quotas", "resources", "rules", "sites", "statistics", "transfer"]
