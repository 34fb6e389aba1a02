"""A site's file that somebody has written by hand, or another program: what is wrong is told, and nothing breaks."""

import json
import re
from dataclasses import replace
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from missions_app.accounts.actor import SYSTEM, organisation_scope
from missions_app.bookings import blackout_service
from missions_app.errors import InvalidInput
from missions_app.sites import catalogue_service, queries, rule_queries, transfer_service
from missions_app.sites.catalogue_service import entry_of
from missions_app.sites.errors import BadFile
from missions_app.sites.models import Site
from tests.factories.accounts import grant_role, make_user, sign_in
from tests.factories.organisations import make_organisation
from tests.factories.sites import ANSWERS, make_manager, make_resource, make_site

BLOCKED = {"resource": "hallen", "starts_at": "2027-03-01T08:00+01:00", "ends_at": "2027-03-02T08:00+01:00"}
QUOTA = {"name": "Tio", "period": "week", "hours": 10, "organisation": None}


def _raw(**changed: Any) -> dict[str, Any]:
    site = make_site()
    make_resource(site, name_sv="Hallen")
    return {**json.loads(transfer_service.written(site)), **changed}


def _taken_in(raw: dict[str, Any]) -> Site:
    return transfer_service.take_in_new(make_organisation(), transfer_service.read(json.dumps(raw)), by=SYSTEM)


@pytest.mark.parametrize(
    ("name", "value", "place"),
    [
        ("weekly", {"7": []}, "hallen, weekly, 7: []"), ("weekly", [], "hallen, weekly"),
        ("weekly", {"1": [["08:00", "24:00"]]}, 'hallen, weekly, 1: [["08:00", "24:00"]]'),
        ("otherwise", {"snart": []}, "hallen, otherwise, snart: []"), ("slug", None, "resources 1"),
        ("slug", "new", "resources 1, slug: new"), ("price_ore", True, "hallen, price_ore: True"),
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_resource_is_told_with_its_place(
    session: Session, name: str, value: Any, place: str
) -> None:  # fmt: skip
    raw = _raw()
    raw["resources"][0][name] = value

    with pytest.raises(BadFile) as refused:
        transfer_service.read(json.dumps(raw))

    assert refused.value.params["what"] == place


@pytest.mark.parametrize(
    ("part", "value", "place"),
    [
        ("quotas", [{**QUOTA, "period": [], "resources": ["hallen"]}], "quotas"),
        ("quotas", [{**QUOTA, "resources": ["källaren"]}], "quotas, källaren"),
        ("qualifications", None, "qualifications"),
        ("blackouts", [{**BLOCKED, "starts_at": "i mars", "reason": "x"}], "blackouts, i mars"),
    ],
)  # fmt: skip
def test_what_is_wrong_with_another_part_is_told_with_its_place(
    session: Session, part: str, value: Any, place: str
) -> None:  # fmt: skip
    with pytest.raises(BadFile) as refused:
        transfer_service.read(json.dumps(_raw(**{part: value})))

    assert refused.value.params["what"] == place


def test_a_time_that_ends_before_it_begins_is_said_to(session: Session) -> None:
    turned = {**BLOCKED, "starts_at": BLOCKED["ends_at"], "ends_at": BLOCKED["starts_at"], "reason": "Service"}

    with pytest.raises(InvalidInput) as refused:
        transfer_service.read(json.dumps(_raw(blackouts=[turned])))

    assert [one.code for one in refused.value.problems] == ["ends_first"]


def test_what_is_named_twice_is_taken_in_once(session: Session) -> None:
    blocked = {**BLOCKED, "reason": "Service"}
    site = _taken_in(_raw(blackouts=[blocked, blocked], quotas=[{**QUOTA, "resources": ["hallen", "hallen"]}]))

    [hall] = queries.resources_of(site)
    assert len(blackout_service.blackouts_of(hall)) == 1
    assert [one.resources for one in rule_queries.quotas_of(site)] == [[hall]]


def test_a_mark_that_a_program_wrote_before_the_text_is_nothing(session: Session) -> None:
    text = transfer_service.written(make_site())

    assert transfer_service.read("\ufeff" + text) == transfer_service.read(text)


def test_a_dry_run_refuses_what_could_not_be_taken_in(session: Session) -> None:
    retired, whole = _raw(), _raw()
    retired["entry"]["status"] = "retired"
    whole["resources"][0] |= {"units": [], "whole_of": "givare"}

    for raw, place in ((retired, "entry.status"), (whole, "hallen.whole_of")):
        with pytest.raises(InvalidInput) as refused:
            transfer_service.plan(None, transfer_service.read(json.dumps(raw)))
        assert [one.params["place"] for one in refused.value.problems] == [place]


def test_no_site_is_entered_as_out_of_use(session: Session) -> None:
    site = make_site()
    catalogue_service.retire_site(site, reason="Såld.", by=SYSTEM, expected_version=site.version)

    with pytest.raises(InvalidInput) as refused:
        catalogue_service.add_site(entry_of(site), owner=make_organisation(), by=SYSTEM)

    assert [(one.code, one.field) for one in refused.value.problems] == [("retired_apart", "status")]


def test_who_looks_again_after_somebody_else_saved_can_take_the_file_in(session: Session, client: FlaskClient) -> None:
    site = make_site()
    raw = json.loads(transfer_service.written(site))
    raw["entry"]["operator"] = "Hamnbolaget"
    sign_in(client, make_manager(site))
    url, sent = f"/sites/{site.slug}/import", {"file": json.dumps(raw), "version": str(site.version)}
    theirs = replace(entry_of(site), contact_function="Hamnkontoret")
    catalogue_service.edit_site(site, theirs, by=SYSTEM, expected_version=site.version)

    late = client.post(url, data={**sent, "act": "do"}).text
    seen = re.search(r'name="version"[^>]*value="(\d+)"', late)

    assert "Någon har ändrat platsen sedan du tittade" in late and "Hamnbolaget" in late
    assert seen is not None
    assert client.post(url, data={**sent, "version": seen[1], "act": "do"}).status_code == 303
    session.refresh(site)
    assert site.operator == "Hamnbolaget"


def test_a_new_site_that_is_sent_twice_is_entered_once(session: Session, client: FlaskClient) -> None:
    owner, text = make_organisation(), transfer_service.written(make_site())
    user = make_user()
    grant_role(user, "org_admin", organisation_scope(owner.id))
    browser = sign_in(client, user)
    marked = {
        path: re.search(r'name="once" value="([^"]+)"', browser.get(path).text)
        for path in ("/sites/new", "/sites/import")
    }
    typed = {f"question_{name}": answer for name, answer in ANSWERS.items()}
    typed |= {"name_sv": "Torget", "price_model": "free", "status": "draft", "provenance": "illustrative"}
    sent = {"/sites/new": typed, "/sites/import": {"file": text, "act": "do"}}

    for path, data in sent.items():
        mark = marked[path]
        assert mark is not None
        answers = [browser.post(path, data={**data, "owner": owner.slug, "once": mark[1]}) for _press in range(2)]
        assert [one.status_code for one in answers] == [303, 303]
        assert answers[0].location == answers[1].location
