"""Sixteen people ask for the same time at the same moment, over HTTP, of a real server on each database."""

import json
import re
import urllib.error
import urllib.parse
import urllib.request
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from http.cookiejar import CookieJar
from threading import Barrier
from typing import Any

import pytest
import sqlalchemy as sa

from scripts import demo_server
from scripts.demo_server import Account, DemoServer
from tests.databases import empty_database

RIVALS = 16
# All computing slots of the simulation cell at once, so that only one request can have the hours.
WHOLE_POOL = 6
CSRF = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')


@pytest.fixture(scope="module")
def server() -> Iterator[DemoServer]:
    """Fresh example data on a database of its own."""
    with empty_database("race") as url, demo_server.running(url) as running:
        yield running


class Person:
    """Somebody with a token made on their own account page."""

    def __init__(self, server: DemoServer, account: Account) -> None:
        self.url = server.url
        browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()))
        self._send(browser, "/sign-in", {"email": account.email, "password": account.password})
        made = self._send(browser, "/account/tokens/new", {"name": "race", "scopes": ["read", "write"], "days": 1})
        found = re.search(r"missions_[A-Za-z0-9_-]{20,}", made)
        assert found is not None
        self.headers = {"Authorization": f"Bearer {found[0]}", "Content-Type": "application/json"}

    def _send(self, browser: urllib.request.OpenerDirector, path: str, fields: dict[str, Any]) -> str:
        found = CSRF.search(browser.open(self.url + path).read().decode())
        assert found is not None
        sent = urllib.parse.urlencode({**fields, "csrf_token": found[1]}, doseq=True).encode()
        return str(browser.open(self.url + path, sent).read().decode())

    def call(self, path: str, body: dict[str, Any] | None = None) -> tuple[int, Any]:
        """Status and JSON of an answer of the API."""
        data = json.dumps(body).encode() if body is not None else None
        request = urllib.request.Request(f"{self.url}/api/v1{path}", data, self.headers)  # noqa: S310
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:  # noqa: S310
                return answer.status, json.loads(answer.read())
        except urllib.error.HTTPError as error:
            return error.code, json.loads(error.read())


def _slot() -> dict[str, str]:
    day = datetime.now(UTC).replace(hour=9, minute=0, second=0, microsecond=0) + timedelta(days=150)
    while day.weekday() != 2:
        day += timedelta(days=1)
    return {"starts_at": day.isoformat(), "ends_at": (day + timedelta(hours=2)).isoformat()}


def _counts(server: DemoServer) -> dict[str, int]:
    """Rows of each table; without offers, which the server's worker makes to those who wait, at a moment of its own."""
    counted = ("booking", "booking_line", "reservation WHERE kind <> 'offer'")
    engine = sa.create_engine(server.environment["DATABASE_URL"])
    with engine.connect() as connection:
        found = {
            rows.split()[0]: connection.exec_driver_sql(f"SELECT count(*) FROM {rows}").scalar_one()  # noqa: S608
            for rows in counted
        }
    engine.dispose()
    return found


@pytest.mark.slow
@pytest.mark.story(6)
def test_one_of_sixteen_gets_the_time_and_fifteen_are_told_what_is_free(server: DemoServer) -> None:
    members = [one for one in server.accounts if one.role.startswith("member")][:RIVALS]
    rivals = [Person(server, account) for account in members]
    places = rivals[0].call("/sites?q=simuleringscell")[1]["items"]
    site = places[0]["slug"]
    resource = rivals[0].call(f"/sites/{site}")[1]["resources"][0]["slug"]
    request = {
        **_slot(),
        "site": site,
        "resource": resource,
        "units": WHOLE_POOL,
        "purpose": "Race",
        "reason": "A test of our own",
        "people_on_site": 2,
        "on_site_responsible": "Engineer",
        "emergency_contact": "On call",
        "insurance_reference": "K-1",
        "insurance_valid_to": "2030-12-31",
        "personal_data_assessment": "None",
        "camera_assessment": "None",
        "ethics_assessment": "None",
    }
    wishes = [(one, {**request, "organisation": _organisation(server, one)}) for one in rivals]
    before, at_once = _counts(server), Barrier(RIVALS)

    def ask(wish: tuple[Person, dict[str, Any]]) -> tuple[int, Any]:
        at_once.wait()
        return wish[0].call("/bookings", wish[1])

    with ThreadPoolExecutor(RIVALS) as pool:
        answers = list(pool.map(ask, wishes))

    assert Counter(status for status, _body in answers) == {201: 1, 409: RIVALS - 1}, answers
    lost = [body for status, body in answers if status == 409]
    assert {one["code"] for one in lost} == {"taken"}
    assert all(one["alternatives"] for one in lost)
    after = _counts(server)
    assert {name: after[name] - before[name] for name in after} == {
        "booking": 1, "booking_line": 1, "reservation": WHOLE_POOL,
    }  # fmt: skip


def _organisation(server: DemoServer, person: Person) -> str:
    roles = person.call("/account")[1]["roles"]
    key = next(one["scope_id"] for one in roles if one["scope_kind"] == "organisation")
    engine = sa.create_engine(server.environment["DATABASE_URL"])
    with engine.connect() as connection:
        slug = connection.execute(
            sa.text("SELECT slug FROM organisation WHERE id = :id"), {"id": int(key)}
        ).scalar_one()
    engine.dispose()
    return str(slug)
