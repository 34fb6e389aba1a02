"""Sites for tests, what can be booked there, and who manages them."""

import itertools
from typing import Any

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from missions_app.accounts.actor import SYSTEM, site_scope
from missions_app.accounts.models import User
from missions_app.organisations.models import Organisation
from missions_app.sites import catalogue_service
from missions_app.sites.catalogue_service import ResourceEntry, SiteEntry
from missions_app.sites.models import Resource, Site
from tests.factories.accounts import grant_role, make_user
from tests.factories.organisations import make_organisation

_numbers = itertools.count(1)
# Answers that make a real-life demonstration environment.
ANSWERS = {
    "environment": "everyday", "object": "system", "users": "citizens", "in_ordinary_use": "yes", "cocreation": "no",
    "purpose": "validate", "open_access": "yes", "operator": "yes", "evidence_of_test": "no", "duration": "permanent",
}  # fmt: skip


def make_site(owner: Organisation | None = None, **values: Any) -> Site:
    """An open site, indoors and free of charge unless said otherwise."""
    entry: dict[str, Any] = {"name_sv": f"Plats {next(_numbers)}", "answers": ANSWERS, "price_model": "free"}
    owner = owner or make_organisation(sector="public")
    return catalogue_service.add_site(SiteEntry(**(entry | values)), owner=owner, by=SYSTEM)


def make_resource(site: Site | None = None, **values: Any) -> Resource:
    """Something always open that can be booked for hours; its owner has to answer."""
    entry: dict[str, Any] = {"name_sv": f"Sal {next(_numbers)}"}
    return catalogue_service.add_resource(site or make_site(), ResourceEntry(**(entry | values)), by=SYSTEM)


def save_entry(client: FlaskClient, site: Site, **typed: str | list[str]) -> TestResponse:
    """Send the form of a site's entry, with what is typed besides all that it needs."""
    said = {"name_sv": "Kajen", "price_model": "free", "status": "open", "provenance": "illustrative"}
    questions = {f"question_{name}": value for name, value in ANSWERS.items()}
    return client.post(f"/sites/{site.slug}/edit", data={**said, **questions, "version": str(site.version), **typed})


def make_manager(site: Site) -> User:
    """Somebody who manages the site."""
    user = make_user()
    grant_role(user, "site_manager", site_scope(site.id))
    return user
