"""A site as one file."""

import json

import pytest

from missions_app.accounts.actor import SYSTEM
from missions_app.errors import InvalidInput
from missions_app.sites import queries, transfer_service
from missions_app.sites.errors import BadFile
from tests.factories.organisations import make_organisation
from tests.factories.sites import make_resource, make_site


def _site():
    site = make_site(details={"depth_m": "2–5"}, latitude=56.1, longitude=15.0)
    make_resource(site, name_sv="Hallen", units=["Norra", "Södra"], notice_minutes=60)
    make_resource(site, name_sv="Givare", pool_size=3)
    return site


def test_a_site_written_and_taken_in_elsewhere_is_the_same_file(session):
    text = transfer_service.written(_site())

    twin = transfer_service.take_in_new(make_organisation(), transfer_service.read(text), by=SYSTEM)

    again, first = json.loads(transfer_service.written(twin)), json.loads(text)
    again["entry"].pop("review_due_on"), first["entry"].pop("review_due_on")
    assert again == first
    assert len(queries.units_of(queries.get_resource(twin, "givare"))) == 3


def test_a_dry_run_says_what_would_change_and_changes_nothing(session):
    site = _site()
    raw = json.loads(transfer_service.written(site))
    raw["entry"]["details"]["depth_m"] = "3–6"
    raw["resources"][0]["notice_minutes"] = 120
    raw["resources"].append({"slug": "bat", "name_sv": "Båt", "units": [], "weekly": {"0": [["08:00", "12:00"]]}})
    file = transfer_service.read(json.dumps(raw))

    changes, added, changed = transfer_service.plan(site, file)

    assert [one.name for one in changes] == ["details.depth_m"]
    assert (added, changed) == (["Båt"], [raw["resources"][0]["name_sv"]])
    assert site.details["depth_m"] == "2–5"

    transfer_service.take_in(site, file, by=SYSTEM, expected_version=site.version)
    assert transfer_service.plan(site, file) == ([], [], [])
    assert len(queries.opening_of(queries.get_resource(site, "bat"))) == 1


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"format": "other"}', '{"format": "missions-site-1", "entry": 3}'])
def test_what_is_no_such_file_is_refused(session, text):
    make_site()
    with pytest.raises(BadFile):
        transfer_service.read(text)


def test_a_file_with_a_wrong_rule_changes_nothing(session):
    site = _site()
    raw = json.loads(transfer_service.written(site))
    raw["entry"]["name_sv"] = ""
    raw["resources"][0]["step_minutes"] = 0

    with pytest.raises(InvalidInput) as refused:
        transfer_service.read(json.dumps(raw))

    assert [one.code for one in refused.value.problems] == ["missing", "negative"]


def test_what_is_not_in_the_file_is_kept(session):
    site = _site()
    raw = json.loads(transfer_service.written(site))
    raw["resources"] = raw["resources"][:1]

    transfer_service.take_in(site, transfer_service.read(json.dumps(raw)), by=SYSTEM, expected_version=site.version)

    assert len(queries.resources_of(site)) == 2
