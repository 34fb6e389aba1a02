"""The application for a WSGI server: `gunicorn wsgi:app`."""

import gc

from sqlalchemy import orm

from config.settings import Settings
from missions_app import i18n
from missions_app.app import create_app

app = create_app(Settings.from_environment())
# What the first request would load, loaded before the server divides: its processes share it.
i18n.load()
orm.configure_mappers()
# What is loaded once stays for good: collections need not look through it again and again.
gc.collect()
gc.freeze()
