"""One database per test process, one rolled-back transaction per test, and a client with a context of its own."""

import contextlib
import contextvars
import gc
import os
import re
import time
from collections.abc import Iterator
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from config.settings import Settings
from missions_app import clock, db, reading, schema
from missions_app.app import create_app
from missions_app.i18n import use_locale
from tests.databases import create_database

# A person who reads a page before midnight and sends it after is told so; a test would fail for it.
MIDNIGHT_IS_NEAR = timedelta(seconds=20)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Files with slow tests come first, so that no process is left alone with one at the end."""
    slow = {item.path for item in items if item.get_closest_marker("slow")}
    items.sort(key=lambda item: item.path not in slow)


@pytest.fixture(autouse=True)
def one_day() -> None:
    """No test begins so late that its day ends under it."""
    ahead = clock.now() + MIDNIGHT_IS_NEAR
    if ahead.astimezone(clock.zone()).date() != clock.today():
        time.sleep(MIDNIGHT_IS_NEAR.total_seconds())


@pytest.fixture(scope="session")
def database_url(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The address of this process's own empty database, on the server that TEST_DATABASE_URL names."""
    if server := os.environ.get("TEST_DATABASE_URL", ""):
        return create_database(sa.make_url(server), "test").render_as_string(hide_password=False)
    return f"sqlite:///{tmp_path_factory.mktemp('database') / 'test.sqlite'}"


@pytest.fixture(scope="session")
def engine(database_url: str) -> Iterator[sa.Engine]:
    """The engine, with the whole schema in place."""
    engine = db.create_engine(database_url)
    schema.create_all(engine)
    yield engine
    engine.dispose()


@pytest.fixture(scope="session")
def app(engine: sa.Engine, tmp_path_factory: pytest.TempPathFactory) -> Flask:
    """The whole application on the test database."""
    settings = Settings.for_tests(database_url=str(engine.url), instance=tmp_path_factory.mktemp("instance"))
    app = create_app(settings)
    app.config["WTF_CSRF_ENABLED"] = False
    app.test_client_class = CleanClient
    _bind_nothing()
    gc.freeze()  # as wsgi.py does: what stays anyway is not looked through again and again
    return app


def _bind_nothing() -> None:
    """A test that writes without `session` would leave what it wrote to every test that follows: it fails instead."""
    db.bind(None)


@pytest.fixture
def session(engine: sa.Engine, app: Flask) -> Iterator[Session]:
    """The context's session inside a transaction that is rolled back after the test."""
    with use_locale("sv"), engine.connect() as connection:
        outer = connection.begin()
        db.bind(connection, join_transaction_mode="create_savepoint")
        yield db.session()
        db.end()
        outer.rollback()
        _bind_nothing()


BLOCKS = (
    "address|article|aside|blockquote|body|caption|col|colgroup|dd|details|div|dl|dt|fieldset|figcaption|figure|footer|form|"
    "h[1-6]|head|header|hr|html|legend|li|link|main|meta|nav|ol|optgroup|option|p|script|search|section|summary|table|tbody|"
    "td|tfoot|th|thead|title|tr|ul"
)
BESIDE_A_BLOCK = re.compile(rf"[ \n]*(</?(?:{BLOCKS})(?=[\s>/])(?:\"[^\"]*\"|[^\">])*>)[ \n]*")
# What is typed or quoted keeps its spaces.
SPACES = re.compile(r"(<textarea\b.*?</textarea>|=\"[^\"]*\")|[ \n]+", re.DOTALL)


class Answer(TestResponse):
    """An answer whose text is as a browser tells it: how a template is laid out is nothing that a page says."""

    @property
    def text(self) -> str:
        if self.mimetype != "text/html":
            return super().text
        return SPACES.sub(lambda found: found[1] or " ", BESIDE_A_BLOCK.sub(r"\1", super().text))


class CleanClient(FlaskClient):
    """A client whose requests see only what is in the database: each runs in a context and a session of its own."""

    def __init__(self, application: Flask, *_more: object, **options: bool) -> None:
        super().__init__(application, Answer, **options)

    def run_wsgi_app(self, environ, buffered=False):  # type: ignore[no-untyped-def]
        answer = contextvars.Context().run(self._at, clock.standing_still(), environ, buffered)
        db.session.expire_all()
        reading.forget()
        return answer

    def _at(self, moment, environ, buffered):  # type: ignore[no-untyped-def]
        """The clock is the world's, not the session's: where a test has set it, it stands for requests too."""
        with clock.fixed(moment) if moment else contextlib.nullcontext():
            return super().run_wsgi_app(environ, buffered)


@pytest.fixture
def client(app: Flask, session: Session) -> FlaskClient:
    """A browser without JavaScript, not signed in."""
    return app.test_client()
