"""A site as one file."""

import io
import json
from datetime import time, timedelta

import pytest

from missions_app import clock
from missions_app.accounts.actor import SYSTEM, organisation_scope
from missions_app.errors import InvalidInput
from missions_app.sites import queries, resource_service, transfer_service
from missions_app.sites.errors import BadFile
from tests.factories.accounts import bearer, grant_role, make_user, sign_in
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


def test_a_file_that_says_something_unknown_is_told_what(session):
    raw = json.loads(transfer_service.written(_site()))
    told = {}
    for name, value in (("colour", "red"), ("latitude", "north"), ("status", "sold")):
        changed = {**raw, "entry": {**raw["entry"], name: value}}
        with pytest.raises(BadFile) as refused:
            transfer_service.read(json.dumps(changed))
        told[name] = refused.value.params["what"]
    with pytest.raises(BadFile) as cut:
        transfer_service.read(json.dumps(raw)[:-5])

    assert told == {"colour": "colour", "latitude": "latitude: north", "status": "status: sold"}
    assert ":" in str(cut.value.params["what"])


def test_a_whole_pool_in_a_file_is_the_whole_pool_again(session):
    site = _site()
    make_resource(site, name_sv="Alla givare", whole_of="givare")

    twin = transfer_service.take_in_new(
        make_organisation(), transfer_service.read(transfer_service.written(site)), by=SYSTEM
    )

    whole, some = queries.get_resource(twin, "alla-givare"), queries.get_resource(twin, "givare")
    assert {one.id for one in whole.units} == {one.id for one in queries.units_of(some)}


def test_a_new_site_is_shown_before_it_is_entered_and_comes_by_page_and_api(session, client):
    text, owner = transfer_service.written(_site()), make_organisation("Hamnbolaget")
    user = make_user()
    grant_role(user, "org_admin", organisation_scope(owner.id))
    browser, headers = sign_in(client, user), bearer(user)

    def sent(**form):
        upload = {"upload": (io.BytesIO(text.encode()), "plats.json"), "owner": owner.slug}
        return browser.post("/sites/import", data=upload | form, content_type="multipart/form-data")

    looked = sent(act="look")
    before = len(queries.in_catalogue())
    done = sent(act="do")
    dry = client.post("/api/v1/site-files", headers=headers, json={"file": text, "owner": owner.slug})
    wanted = {"file": text, "owner": owner.slug, "dry_run": False}
    made = client.post("/api/v1/site-files", headers=headers, json=wanted)
    other = client.post("/api/v1/site-files", headers=headers, json={"file": text, "owner": make_organisation().slug})

    assert "Hallen" in looked.text
    assert "missions-site-1" in looked.text
    assert done.status_code == 303
    assert (dry.json["slug"], dry.json["added"]) == (None, ["Givare", "Hallen"])
    assert made.json["slug"]
    assert other.status_code == 403
    assert len(queries.in_catalogue()) == before + 2


def test_dates_that_are_otherwise_go_along_and_are_not_asked_for(session):
    site = _site()
    day = clock.today() + timedelta(days=30)
    hall = queries.get_resource(site, "hallen")
    resource_service.set_exception(hall, day, day, [(time(10), time(14))], by=SYSTEM)
    resource_service.set_exception(hall, day + timedelta(days=1), day + timedelta(days=1), [], by=SYSTEM)
    text = transfer_service.written(site)

    twin = transfer_service.take_in_new(make_organisation(), transfer_service.read(text), by=SYSTEM)

    kept = [(one.on_date, one.opens) for one in queries.opening_of(queries.get_resource(twin, "hallen"))]
    assert kept == [(day, time(10)), (day + timedelta(days=1), None)]
    assert transfer_service.plan(site, transfer_service.read(text)) == ([], [], [])
    resource_service.forget_exceptions(hall, day, day, by=SYSTEM)
    assert transfer_service.plan(site, transfer_service.read(text))[2] == ["Hallen"]
    older = json.loads(text)
    for one in older["resources"]:
        del one["otherwise"]
    assert transfer_service.plan(site, transfer_service.read(json.dumps(older))) == ([], [], [])
