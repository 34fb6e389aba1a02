"""Deny by default: every view says who may call it."""

from collections.abc import Iterator

import pytest
from flask import Flask
from wtforms.fields.core import UnboundField

from missions_app.web.forms import Form

pytestmark = pytest.mark.once
MARKS = ("public", "signed_in")


def test_every_view_carries_exactly_one_access_mark(app: Flask) -> None:
    unmarked = []
    for endpoint, view in app.view_functions.items():
        handlers = [view]
        if view_class := getattr(view, "view_class", None):
            handlers = [getattr(view_class, method.lower()) for method in view_class.methods or ()]
        if not endpoint.endswith("static") and any(getattr(one, "access", None) not in MARKS for one in handlers):
            unmarked.append(endpoint)
    assert unmarked == []


def test_every_endpoint_is_named_by_its_domain_and_its_view(app: Flask) -> None:
    plain = {"static", "choose_language_by_link"}
    unnamed = [endpoint for endpoint in app.view_functions if "." not in endpoint and endpoint not in plain]
    assert unnamed == []


def test_only_safe_methods_are_without_csrf_protection(app: Flask) -> None:
    exempt = app.extensions["csrf"]._exempt_views | {name for name in app.extensions["csrf"]._exempt_blueprints}
    assert {name for name in exempt if not str(name).startswith(("api", "missions_app.api"))} == set()


def forms(kind: type[Form]) -> Iterator[type[Form]]:
    for one in kind.__subclasses__():
        yield one
        yield from forms(one)


def test_no_field_hides_what_a_form_can_do(app: Flask) -> None:
    """A field named like a method takes its place, and the page breaks when something is to be corrected."""
    hidden = [
        (kind.__name__, name)
        for kind in forms(Form)
        for name, value in vars(kind).items()
        if isinstance(value, UnboundField) and hasattr(Form, name)
    ]
    assert hidden == []
    assert len(list(forms(Form))) > 50
