"""The same services for machines, under /api/v1: one module per domain, each with its blueprint `bp`."""

from importlib import import_module

from flask import Flask

from missions_app.api import docs, frame

# A module here offers `bp`, an ApiBlueprint.
DOMAINS: tuple[str, ...] = (
    "accounts",
    "organisations",
    "imports",
    "challenges",
    "proposals",
    "signals",
    "cases",
    "method",
    "messages",
    "assessments",
    "missions",
    "partnerships",
    "matching",
    "commitments",
    "coordination",
    "agreements",
    "documents",
    "disclosures",
    "experiments",
    "sites",
    "booking_changes",
    "site_rules",
    "site_quotas",
    "site_entries",
    "site_photos",
    "series",
    "calendars",
    "measurements",
    "finding",
    "evaluation",
    "portfolio",
)


def register(app: Flask) -> None:
    """Mount the frame, every domain, and the pages that describe them."""
    api = frame.make_api(app)
    for domain in DOMAINS:
        api.register_blueprint(import_module(f"missions_app.api.{domain}").bp)
    frame.register(app)
    docs.register(app, api)
