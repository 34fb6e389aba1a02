"""A site as one file."""

import base64
import io
import json
import re
from dataclasses import fields
from datetime import time, timedelta

import pytest

from missions_app import clock
from missions_app.accounts.actor import SYSTEM, organisation_scope
from missions_app.bookings import blackout_service
from missions_app.bookings.occupancy import taken_on
from missions_app.errors import InvalidInput
from missions_app.sites import (
    catalogue_service,
    photo_service,
    queries,
    resource_service,
    rule_service,
    transfer_service,
)
from missions_app.sites.catalogue_service import ResourceEntry
from missions_app.sites.errors import BadFile
from missions_app.sites.models import Bookers
from missions_app.sites.photo_service import PhotoWords
from missions_app.sites.rule_models import QuotaPeriod
from missions_app.sites.rule_service import QualificationEntry, QuotaEntry
from tests.factories.accounts import bearer, grant_role, make_user, sign_in
from tests.factories.bookings import PNG, between
from tests.factories.organisations import make_organisation
from tests.factories.sites import make_resource, make_site

PARTS = ("qualifications", "bookers", "quotas", "photos", "blackouts")


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
    assert twin.reviewed_on is None  # nobody has looked it over
    assert len(queries.units_of(queries.get_resource(twin, "givare"))) == 3


def test_a_file_that_was_written_earlier_is_still_read(session):
    site = _site()
    raw = json.loads(transfer_service.written(site))
    raw["entry"]["surroundings"] = ["hamn"]

    assert not transfer_service.plan(site, transfer_service.read(json.dumps(raw)))


def test_a_dry_run_says_what_would_change_and_changes_nothing(session):
    site = _site()
    raw = json.loads(transfer_service.written(site))
    raw["entry"]["details"]["depth_m"] = "3–6"
    raw["resources"][0]["notice_minutes"] = 120
    raw["resources"].append({"slug": "bat", "name_sv": "Båt", "units": [], "weekly": {"0": [["08:00", "12:00"]]}})
    file = transfer_service.read(json.dumps(raw))

    plan = transfer_service.plan(site, file)

    assert [one.name for one in plan.fields] == ["details.depth_m"]
    assert (plan.added, plan.changed, plan.parts) == (["Båt"], [raw["resources"][0]["name_sv"]], {})
    assert site.details["depth_m"] == "2–5"

    transfer_service.take_in(site, file, by=SYSTEM, expected_version=site.version)
    assert not transfer_service.plan(site, file)
    assert len(queries.opening_of(queries.get_resource(site, "bat"))) == 1


NO_FILES = ["", "[]", "{}", "1e999", '{"format": "other"}', '{"format": "missions-site-1", "entry": 3}', "[" * 200_000]


@pytest.mark.parametrize("text", NO_FILES, ids=range(len(NO_FILES)))
def test_what_is_no_such_file_is_refused(session, text):
    make_site()
    with pytest.raises(BadFile):
        transfer_service.read(text)


@pytest.mark.parametrize(
    ("first", "last"), [("igår", "åter"), ("2026-1-1", "2027-01-01"), ("2027-02-30", "2027-03-01")]
)
def test_a_permit_that_a_site_holds_has_days_that_are_days(session, first, last):
    raw = json.loads(transfer_service.written(_site()))
    raw["entry"]["permits_held"] = [{"permit": "port", "valid_from": first, "valid_until": last, "number": ""}]

    with pytest.raises(InvalidInput) as refused:
        transfer_service.read(json.dumps(raw))

    assert [one.code for one in refused.value.problems] == ["permit_dates"]


@pytest.mark.parametrize(
    ("part", "name", "value"),
    [
        ("entry", "answers", {"operator": ["a"]}), ("entry", "area", [None]), ("entry", "latitude", [None]),
        ("entry", "latitude", 10**400), ("entry", "latitude", float("nan")), ("entry", "overlays", ["a"]),
        ("entry", "permits_held", [None]), ("resource", "units", [None]), ("resource", "units", [{}]),
        ("resource", "slug", "../Båt"), ("resource", "weekly", {"0": [["8"]]}),
        ("resource", "weekly", {"7": [["08:00", "12:00"]]}),
    ],
)  # fmt: skip
def test_what_has_another_shape_is_no_such_file(session, part, name, value):
    raw = json.loads(transfer_service.written(_site()))
    (raw["entry"] if part == "entry" else raw["resources"][0])[name] = value

    with pytest.raises(BadFile):
        transfer_service.read(json.dumps(raw))


def test_what_has_another_name_since_keeps_its_address_in_a_new_site(session):
    site = _full_site(make_organisation("Varvet"))
    hall = queries.resources_of(site)[0]
    entry = ResourceEntry(**{one.name: getattr(hall, one.name) for one in fields(ResourceEntry)
                             if one.name not in catalogue_service.UNIT_FIELDS} | {"name_sv": "Nya hallen"})  # fmt: skip
    resource_service.edit_resource(hall, entry, by=SYSTEM, expected_version=hall.version)

    file = transfer_service.read(transfer_service.written(site))
    twin = transfer_service.take_in_new(make_organisation("Hamnbolaget"), file, by=SYSTEM)

    assert queries.get_resource(twin, hall.slug).name_sv == "Nya hallen"


def test_a_file_with_a_wrong_rule_changes_nothing(session):
    site = _site()
    raw = json.loads(transfer_service.written(site))
    raw["entry"]["name_sv"] = ""
    raw["entry"]["name_en"] = "x" * 201
    raw["resources"][0]["step_minutes"] = 0
    raw["resources"][0]["weekly"] = {"0": [["10:00", "09:00"]]}
    raw["resources"][1]["price_ore"] = 10**30
    raw["resources"][1]["otherwise"] = {"2030-01-01": [["08:00", "12:00"], ["11:00", "13:00"]]}

    with pytest.raises(InvalidInput) as refused:
        transfer_service.read(json.dumps(raw))

    assert [one.code for one in refused.value.problems] == [
        "missing", "too_long", "out_of_range", "periods", "too_much", "periods",
    ]  # fmt: skip
    places = [one.params["place"] for one in refused.value.problems]
    assert (places[0], places[2]) == ("entry.name_sv", f"{raw['resources'][0]['slug']}.step_minutes")


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
    assert done.status_code == 303
    assert (dry.json["slug"], dry.json["added"]) == (None, ["Givare", "Hallen"])
    assert made.json["slug"]
    assert other.status_code == 403
    assert len(queries.in_catalogue()) == before + 2


def test_dates_that_are_otherwise_go_along_and_are_not_asked_for(session):
    site = _site()
    day = clock.today() + timedelta(days=30)
    hall = queries.get_resource(site, "hallen")
    resource_service.set_exception(hall, day, day, [(time(10), time(14))], by=SYSTEM, expected_version=hall.version)
    resource_service.set_exception(
        hall, day + timedelta(days=1), day + timedelta(days=1), [], by=SYSTEM, expected_version=hall.version
    )
    text = transfer_service.written(site)

    twin = transfer_service.take_in_new(make_organisation(), transfer_service.read(text), by=SYSTEM)

    kept = [(one.on_date, one.opens) for one in queries.opening_of(queries.get_resource(twin, "hallen"))]
    assert kept == [(day, time(10)), (day + timedelta(days=1), None)]
    assert not transfer_service.plan(site, transfer_service.read(text))
    with clock.fixed(clock.now() + timedelta(days=40)):
        assert not transfer_service.plan(site, transfer_service.read(text))
    resource_service.forget_exceptions(hall, day, day, by=SYSTEM, expected_version=hall.version)
    assert transfer_service.plan(site, transfer_service.read(text)).changed == ["Hallen"]
    older = json.loads(text)
    for one in older["resources"]:
        del one["otherwise"]
    for name in PARTS:
        del older[name]
    assert not transfer_service.plan(site, transfer_service.read(json.dumps(older)))


def _full_site(chosen):
    """A site with everything that a file holds."""
    site = make_site(review_due_on=clock.today() + timedelta(days=90))
    hall = make_resource(site, name_sv="Hallen", bookers=Bookers.CHOSEN)
    boat = make_resource(site, name_sv="Båt")
    entry = QualificationEntry("Kranbevis", "Crane licence", "Gå kursen.", "Take the course.", 24)
    crane = rule_service.add_qualification(site, entry, by=SYSTEM)
    rule_service.require_qualifications(hall, [crane], by=SYSTEM, expected_version=hall.version)
    rule_service.choose_bookers(hall, [chosen], by=SYSTEM, expected_version=hall.version)
    rule_service.add_quota(QuotaEntry("Hall och båt", QuotaPeriod.MONTH, 40), [hall, boat], by=SYSTEM)
    rule_service.add_quota(QuotaEntry("Särskild", QuotaPeriod.WEEK, 8, chosen), [boat], by=SYSTEM)
    photo_service.add_photo(site, PNG, PhotoWords("Kajen med kranen", "The quay", "Hamnen"), by=SYSTEM)
    blackout_service.black_out(boat, between(8, 16), reason="Lektid", by=SYSTEM)
    return site


def test_everything_about_a_site_goes_with_its_file_and_a_second_time_changes_nothing(session):
    text = transfer_service.written(_full_site(make_organisation("Varvet")))
    file = transfer_service.read(text)

    new = transfer_service.plan(None, file)
    twin = transfer_service.take_in_new(make_organisation("Hamnbolaget"), file, by=SYSTEM)

    assert transfer_service.written(twin) == text
    assert {name: len(one.added) + len(one.changed) for name, one in new.parts.items()} == {
        "qualifications": 1, "bookers": 1, "quotas": 2, "photos": 1, "blackouts": 1,
    }  # fmt: skip
    assert not transfer_service.plan(twin, file)
    transfer_service.take_in(twin, file, by=SYSTEM, expected_version=twin.version)
    assert transfer_service.written(twin) == text
    boat = queries.get_resource(twin, "bat")
    assert taken_on(boat, between(9, 10)) == [between(8, 16)]


def test_a_dry_run_names_what_differs_in_every_part(session):
    site = _full_site(make_organisation("Varvet"))
    other, day = make_organisation("Dykarna"), clock.today() + timedelta(days=10)
    raw = json.loads(transfer_service.written(site))
    raw["entry"]["operator"] = "Hamnbolaget"
    raw["qualifications"].append(dict(raw["qualifications"][0], name_sv="Dykbevis"))
    raw["qualifications"][0]["asked_by"].append("bat")
    raw["bookers"][0]["organisations"].append(other.slug)
    raw["quotas"][0]["hours"] = 50
    raw["quotas"].append(dict(raw["quotas"][0], name="Ny"))
    raw["photos"][0]["alt_en"] = "The quay with the crane"
    raw["blackouts"].append(dict(raw["blackouts"][0], resource="hallen"))
    file = transfer_service.read(json.dumps(raw))

    plan = transfer_service.plan(site, file)
    before = transfer_service.written(site)
    transfer_service.take_in(site, file, by=SYSTEM, expected_version=site.version)

    assert {name: (one.added, one.changed) for name, one in plan.parts.items()} == {
        "qualifications": (("Dykbevis",), ("Kranbevis",)), "bookers": ((), ("hallen",)),
        "quotas": (("Ny",), ("Hall och båt",)), "photos": ((), ("Kajen med kranen",)),
        "blackouts": ((f"hallen, {day}–{day}: Lektid",), ()),
    }  # fmt: skip
    assert before != transfer_service.written(site)
    assert not transfer_service.plan(site, file)


def test_a_file_that_names_what_is_not_here_says_which(session):
    text = transfer_service.written(_full_site(make_organisation("Varvet")))
    stranger, lost, broken, blank, long = (json.loads(text) for _number in range(5))
    stranger["quotas"][0]["organisation"] = "okand"
    lost["blackouts"][0]["resource"] = "kranen"
    broken["photos"][0]["content"] = base64.b64encode(b"not a picture").decode()
    blank["photos"][0]["alt_sv"] = ""
    long["blackouts"][0] |= {"ends_at": between(8, 9, days=4 * 366).end.isoformat(), "reason": "x" * 201}

    told = {}
    files = {"stranger": stranger, "lost": lost, "broken": broken, "blank": blank, "long": long}
    for name, raw in files.items():
        with pytest.raises(InvalidInput) as refused:
            transfer_service.read(json.dumps(raw))
        told[name] = [(one.code, one.field) for one in refused.value.problems]
    text, words = "Choose at most three years at a time.", [one.message for one in refused.value.problems]

    assert words == ["Write at most %(most)d characters.", text]
    assert told == {
        "stranger": [("unknown_organisations", "file")], "lost": [("bad_file", "file")],
        "broken": [("wrong_content", "file")], "blank": [("alt_missing", "file")],
        "long": [("too_long", "file"), ("too_long", "file")],
    }  # fmt: skip


def test_a_file_can_be_read_also_when_what_it_counted_or_was_a_whole_of_is_out_of_use(session):
    site = make_site()
    boat, some = make_resource(site, name_sv="Båt"), make_resource(site, name_sv="Givare", pool_size=2)
    make_resource(site, name_sv="Alla givare", whole_of="givare")
    rule_service.add_quota(QuotaEntry("Båten", QuotaPeriod.WEEK, 8), [boat], by=SYSTEM)
    for one in (boat, some):
        resource_service.retire_resource(one, by=SYSTEM, expected_version=one.version)
    text = transfer_service.written(site)

    twin = transfer_service.take_in_new(make_organisation(), transfer_service.read(text), by=SYSTEM)

    assert [one.slug for one in queries.resources_of(twin)] == ["alla-givare"]
    assert json.loads(text)["quotas"] == []
    assert transfer_service.written(twin) == text


def test_shared_units_are_written_alike_whichever_was_made_first(session):
    site = make_site()
    make_resource(site, name_sv="Hallen", units=["Södra", "Norra"])
    make_resource(site, name_sv="A-delen", units=["Norra"])
    text = transfer_service.written(site)

    twin = transfer_service.take_in_new(make_organisation(), transfer_service.read(text), by=SYSTEM)

    assert json.loads(transfer_service.written(twin))["resources"] == json.loads(text)["resources"]


def test_blocked_times_that_are_over_are_left_out(session):
    text = transfer_service.written(_full_site(make_organisation("Varvet")))

    with clock.fixed(between(8, 16).end):
        twin = transfer_service.take_in_new(make_organisation(), transfer_service.read(text), by=SYSTEM)

    assert json.loads(transfer_service.written(twin))["blackouts"] == []


def test_nothing_sent_is_told_at_the_file(session, client):
    owner, user = make_organisation("Hamnbolaget"), make_user()
    grant_role(user, "org_admin", organisation_scope(owner.id))

    page = sign_in(client, user).post("/sites/import", data={"owner": owner.slug, "file": " ", "act": "look"}).text

    assert '<a class="ds-link" href="#upload">Välj en fil, eller klistra in texten i en.</a>' in page
    assert "ingen fil med en plats" not in page


def test_a_file_that_was_looked_at_is_taken_in_by_the_second_press_alone(session, client):
    site = _full_site(make_organisation("Varvet"))
    text, owner = transfer_service.written(site), make_organisation("Hamnbolaget")
    user, other = make_user(), make_user()
    for one in (user, other):
        grant_role(one, "org_admin", organisation_scope(owner.id))
    upload = {"upload": (io.BytesIO(text.encode()), "plats.json"), "owner": owner.slug, "act": "look"}

    looked = sign_in(client, user).post("/sites/import", data=upload, content_type="multipart/form-data")
    token = re.search(r'name="looked_at"[^>]*value="([^"]+)"', looked.text).group(1)
    by_another = sign_in(client, other).post(
        "/sites/import", data={"looked_at": token, "owner": owner.slug, "act": "do"}
    )
    done = sign_in(client, user).post("/sites/import", data={"looked_at": token, "owner": owner.slug, "act": "do"})

    assert "Kajen med kranen" in looked.text
    assert by_another.status_code == 200
    assert done.status_code == 303
    twin = queries.get_site(done.location.rsplit("/", 1)[1])
    assert transfer_service.written(twin) == text
