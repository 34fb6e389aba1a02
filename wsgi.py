"""The application for a WSGI server: `gunicorn wsgi:app`."""

from config.settings import Settings
from missions_app.app import create_app

app = create_app(Settings.from_environment())
