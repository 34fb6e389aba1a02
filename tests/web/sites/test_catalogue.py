"""The catalogue as a map and as the same places in a list."""

import html
import json
import re
from datetime import time, timedelta

from flask.testing import FlaskClient
from sqlalchemy import event
from sqlalchemy.orm import Session

from missions_app import clock
from missions_app.accounts.actor import SYSTEM, organisation_scope
from missions_app.bookings import blackout_service
from missions_app.sites import catalogue_service, resource_service
from missions_app.sites.models import SiteStatus
from tests.factories.accounts import grant_role, make_user, sign_in
from tests.factories.bookings import between
from tests.factories.organisations import method_in_force
from tests.factories.sites import ANSWERS, make_manager, make_resource, make_site


def _places(page: str) -> list[dict[str, object]]:
    found = re.search(r'data-places="([^"]*)"', page)
    return json.loads(html.unescape(found[1])) if found else []


def test_the_map_holds_the_places_of_the_list_under_the_same_numbers(session: Session, client: FlaskClient) -> None:
    make_site(name_sv="Kajen <i>", latitude=56.16, longitude=15.58, area=[[56.1, 15.5], [56.2, 15.5], [56.2, 15.6]])
    make_site(name_sv="Bergrummet")
    make_site(name_sv="Ängen", latitude=56.20, longitude=15.20)

    page = client.get("/sites").text

    listed = re.findall(r'<li id="site-(\d+)">.*?<a href="[^"]+">([^<]+)</a>', page, re.DOTALL)
    assert [(one["number"], one["name"]) for one in _places(page)] == [(2, "Kajen <i>"), (3, "Ängen")]
    assert [(int(number), html.unescape(name)) for number, name in listed] == [
        (1, "Bergrummet"), (2, "Kajen <i>"), (3, "Ängen"),
    ]  # fmt: skip
    assert "finns inte på kartan" in page
    assert "js/sitemap.js" in page


def test_only_permits_that_hold_today_are_said_to_be_in_place(session: Session, client: FlaskClient) -> None:
    past, now, later = (
        {"permit": key, "valid_from": str(clock.today() + timedelta(days=first)),
         "valid_until": str(clock.today() + timedelta(days=last)), "number": ""}
        for key, first, last in (("port", -9, -1), ("hydrographic_survey", -9, 9), ("drone", 5, 9))
    )  # fmt: skip
    site = make_site(permits_held=[past, now, later])
    called = {one.id: one.label.sv for one in catalogue_service.method_in_force().permit}

    listed, compared = client.get("/sites").text, client.get(f"/sites/compare?site={site.slug}").text
    page = client.get(f"/sites/{site.slug}").text

    assert "1 tillstånd finns" in listed
    assert [called[one["permit"]] in compared for one in (past, now, later)] == [False, True, False]
    shown = re.findall(r'data-color="(\w+)"', page.partition('id="permits"')[2].partition("</ul>")[0])
    assert shown == ["signal", "success", "neutral"]


def test_the_map_is_filtered_as_the_list_is(session: Session, client: FlaskClient) -> None:
    make_site(name_sv="Kajen", latitude=56.16, longitude=15.58)
    make_site(name_sv="Ängen", latitude=56.20, longitude=15.20)

    assert [one["name"] for one in _places(client.get("/sites?q=kaj").text)] == ["Kajen"]
    assert _places(client.get("/sites?q=finns-inte").text) == []


def test_a_kind_leads_to_its_word_with_version_and_source(session: Session, client: FlaskClient) -> None:
    method_in_force()
    shown = make_site(answers=ANSWERS | {"purpose": "show", "evidence_of_test": "yes"})

    page, words = client.get(f"/sites/{shown.slug}").text, client.get("/about/glossary").text

    assert shown.kind == "demo_environment"
    assert "#demonstration_environment" in page
    for word in ("testbed", "demonstration_environment"):
        entry = words.split(f'<dt id="{word}">')[1].split("</dd>")[0]
        assert "Definition, version 1." in entry
        assert "blekinge version 1" in entry


def test_everybody_reads_when_things_are_open_otherwise_and_blocked(session: Session, client: FlaskClient) -> None:
    resource = make_resource(make_site(), price_ore=40_000, market_price_ore=90_000)
    day = clock.today() + timedelta(days=20)
    resource_service.set_opening(
        resource, {0: [(time(8), time(12)), (time(13), time(17))]}, by=SYSTEM, expected_version=resource.version
    )
    resource_service.set_exception(
        resource, day, day, [(time(10), time(14))], by=SYSTEM, expected_version=resource.version
    )
    blackout_service.black_out(resource, between(8, 12), reason="Lektid", by=SYSTEM)

    page = client.get(f"/sites/{resource.site.slug}").text

    assert "08.00–12.00, 13.00–17.00" in page
    assert "10.00–14.00" in page
    assert "Lektid" in page
    assert "marknadspris 900 kr" in page.replace("\xa0", " ")


def test_a_site_with_many_resources_takes_as_many_statements_as_one(session: Session, client: FlaskClient) -> None:
    def count(number: int) -> int:
        site = make_site()
        for _one in range(number):
            resource = make_resource(site)
            resource_service.set_opening(
                resource, {0: [(time(8), time(12))]}, by=SYSTEM, expected_version=resource.version
            )
        seen: list[str] = []
        connection = session.connection()

        def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
            if statement.startswith("SELECT"):
                seen.append(statement)

        event.listen(connection, "before_cursor_execute", note)
        assert client.get(f"/sites/{site.slug}").status_code == 200
        event.remove(connection, "before_cursor_execute", note)
        return len(seen)

    assert count(4) == count(1)


def test_the_catalogue_is_searched_as_all_else_is(session: Session, client: FlaskClient) -> None:
    make_site(name_sv="Ålgräsytan i Hanöbukten", description_sv="En botten med kablar.")
    make_site(name_sv="Kajen")

    found = {
        text: re.findall(r'<li id="site-\d+">.*?<a href="[^"]+">([^<]+)</a>', client.get(f"/sites?q={text}").text, re.S)
        for text in ("ALGRAS", "ålgräset", "hanöbukten ålgräs", "botten Hanö", "gräsyta", "%25", "_", "kran")
    }

    ours = ["Ålgräsytan i Hanöbukten"]
    assert found == {
        "ALGRAS": ours, "ålgräset": ours, "hanöbukten ålgräs": ours, "botten Hanö": ours, "gräsyta": ours,
        "%25": [], "_": [], "kran": [],
    }  # fmt: skip


def test_drafts_and_sites_out_of_use_are_listed_for_those_who_look_after_them(
    session: Session, client: FlaskClient
) -> None:
    draft = make_site(name_sv="Hallen som kommer", status=SiteStatus.DRAFT)
    gone = make_site(name_sv="Hallen som var")
    catalogue_service.retire_site(gone, reason="Såld.", by=SYSTEM, expected_version=gone.version)
    owner = make_user()
    grant_role(owner, "org_admin", organisation_scope(gone.owner_id))

    pages = [sign_in(client, one).get("/sites").text for one in (make_manager(draft), owner, make_user())]

    assert [("Hallen som kommer" in one, "Hallen som var" in one) for one in pages] == [
        (True, False), (False, True), (False, False),
    ]  # fmt: skip
    assert ["Utkast och platser ur bruk" in one for one in pages] == [True, True, False]


def test_a_site_out_of_use_stays_chosen_where_it_is_compared(session: Session, client: FlaskClient) -> None:
    site = make_site(name_sv="Hallen som var")
    catalogue_service.retire_site(site, reason="Såld.", by=SYSTEM, expected_version=site.version)

    page = client.get(f"/sites/compare?site={site.slug}").text

    assert re.findall(r"<option[^>]*selected[^>]*>([^<]+)<", page)[0] == "Hallen som var"
