"""The application for a WSGI server: `gunicorn wsgi:app`."""

import gc

from config.settings import Settings
from missions_app.app import create_app

app = create_app(Settings.from_environment())
# What is loaded once stays for good: collections need not look through it again and again.
gc.collect()
gc.freeze()
