"""Every act that can be tried: blindly at each address of the map, and with the forms that the pages themselves offer,
filled with anything and as if the page were old. What is written by it is taken back."""

import re
from collections.abc import Iterator, Mapping
from html.parser import HTMLParser

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from missions_app.accounts.models import User
from tests.databases import taken_back
from tests.factories.accounts import bearer, sign_in, sign_out
from tests.factories.reached import Secrets
from tests.reading import NOISE, OF_ITSELF, addresses, content_of

WRITES = ("POST", "PUT", "PATCH", "DELETE")
OLD = "0"
ANYTHING = "Något annat"
NUMBER = re.compile(r"\d+")
FORM = re.compile(r"<form\b.*?</form>", re.DOTALL | re.IGNORECASE)


class Forms(HTMLParser):
    """The forms of a page that are sent: (address, fields), every field filled."""

    def __init__(self, url: str, html: str) -> None:
        super().__init__()
        self.url, self.found = url, list[tuple[str, dict[str, str]]]()
        self._fields: dict[str, str] | None = None
        self._select = ""
        # What stands outside of forms is most of a page, and says nothing of them.
        self.feed("".join(FORM.findall(html)))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Take in a form, or a field of the one that is open."""
        given = {name: value or "" for name, value in attrs}
        name, value = given.get("name", ""), given.get("value", "")
        if tag == "form":
            self._fields = {} if given.get("method", "").lower() == "post" else None
            if self._fields is not None:
                self.found.append((given.get("action") or self.url, self._fields))
        elif self._fields is None or not name:
            if tag == "option" and self._fields is not None and self._select and value:
                self._fields.setdefault(self._select, value)
        elif tag == "select":
            self._select = name
        elif tag == "textarea" or (tag == "input" and given.get("type") not in ("file", "submit", "button")):
            self._fields.setdefault(name, value or ANYTHING)

    def handle_endtag(self, tag: str) -> None:
        """A form or a list of alternatives ends."""
        if tag == "form":
            self._fields = None
        elif tag == "select":
            self._select = ""


def answers_to_acts(
    app: Flask, client: FlaskClient, session: Session, reader: User | None, pages: Mapping[str, str], *,
    secrets: Secrets | None = None, blindly: bool = True,
) -> dict[str, str]:  # fmt: skip
    """What is answered to everything the reader may try to do.

    Args:
        pages: address -> HTML of what the reader was shown; their forms are sent. blindly: also each address of the
        map, whether a page offers it or not.
    """
    found: dict[str, str] = {}
    headers = {**(bearer(reader) if reader else {}), "If-Match": f'"{OLD}"'}
    machine = app.test_client()
    sign_in(client, reader) if reader else sign_out(client)
    for name, method, url, body in _acts(
        app, session, pages, secrets or {}, WRITES if blindly else (), public_only=reader is None
    ):
        with taken_back(session):
            if url.startswith("/api/"):
                answer = machine.open(url, method=method, json={}, headers=headers)
            else:
                answer = client.open(url, method=method, data=body)
            told = f"{answer.location or ''} {NOISE.sub('', content_of(answer.data))}"
            # What is made has a number of its own each time, also when it is taken back.
            found[name] = f"{answer.status_code} {NUMBER.sub('#', told) if answer.status_code < 400 else told}"
    assert [name for name, said in found.items() if said.startswith("5")] == []
    return found


def _acts(
    app: Flask, session: Session, pages: Mapping[str, str], secrets: Secrets, methods: tuple[str, ...], *,
    public_only: bool,
) -> Iterator[tuple[str, str, str, dict[str, str]]]:  # fmt: skip
    """(what it is called, method, address, fields) of every act."""
    for method in methods:
        for url in addresses(
            app, session, public_only=public_only, without=OF_ITSELF, method=method, secrets=secrets, most=2
        ):
            yield f"{method} {url}", method, url, {"version": OLD}
    seen = set()
    for url, html in pages.items():
        for action, fields in Forms(url, html).found:
            key = (action, tuple(fields))
            if key not in seen and action.startswith("/") and not action.startswith(("/sign-out", "/language")):
                seen.add(key)
                yield f"form {action} {sorted(fields)}", "POST", action, {**fields, "version": OLD}
