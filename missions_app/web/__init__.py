"""Pages for people: one sub-package per domain, each with its blueprint."""

from importlib import import_module

import jinja2
from flask import Flask

from missions_app.web import filters, language, navigation

# A package here offers `bp`.
DOMAINS: tuple[str, ...] = (
    "start",
    "about",
    "accounts",
    "organisations",
    "challenges",
    "assessments",
    "strategy",
    "messages",
    "missions",
    "partnerships",
    "documents",
    "experiments",
    "evaluation",
    "portfolio",
    "sites",
    "bookings",
    "finding",
    "search",
    "work",
    "workflow",
    "health",
)


def register(app: Flask) -> None:
    """Mount every domain's blueprint, and what all templates share."""
    app.jinja_env.undefined = jinja2.StrictUndefined
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    language.register(app)
    filters.register(app)
    navigation.register(app)
    for domain in DOMAINS:
        app.register_blueprint(import_module(f"missions_app.web.{domain}").bp)
