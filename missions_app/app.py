"""The web application, put together in order on one page."""

from flask import Flask

from config.logging import set_up_logging
from config.region import load_region
from config.settings import Settings
from missions_app import api, clock, db, web, wiring
from missions_app.edge import errors, security, sessions
from missions_app.paths import STATIC, TEMPLATES


def create_app(settings: Settings) -> Flask:
    """A ready application for these settings. Importing this module starts nothing."""
    set_up_logging(settings)
    app = Flask("missions_app", template_folder=str(TEMPLATES), static_folder=str(STATIC))
    app.config.update(
        SECRET_KEY=settings.secret_key,
        MAX_CONTENT_LENGTH=settings.max_upload_bytes,
        SESSION_COOKIE_NAME="missions",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=settings.base_url.startswith("https://"),
        WTF_CSRF_TIME_LIMIT=None,
        WTF_I18N_ENABLED=False,
        TESTING=settings.mode == "test",
    )
    app.extensions["settings"] = settings
    app.extensions["region"] = load_region(settings.region)
    clock.set_zone(settings.timezone)
    clock.follow(settings.clock_file)
    if settings.mode != "test":
        db.connect(settings.database_url)
    wiring.connect(settings)
    sessions.register(app)
    security.register(app)
    errors.register(app)
    web.register(app)
    api.register(app)
    app.teardown_appcontext(lambda _error: db.end())
    return app
