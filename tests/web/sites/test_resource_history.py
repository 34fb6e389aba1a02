"""What something that can be booked has been, and saves that come too late."""

import html
import re
from datetime import time, timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from missions_app import clock
from missions_app.accounts.actor import SYSTEM
from missions_app.audit.names import keep_name
from missions_app.bookings import blackout_service, unit_service
from missions_app.errors import StaleVersion
from missions_app.moments import plain_date
from missions_app.sites import queries, resource_service, rule_queries, rule_service
from missions_app.sites.catalogue_service import ResourceEntry
from missions_app.sites.rule_models import QuotaPeriod
from missions_app.sites.rule_service import QualificationEntry, QuotaEntry
from tests.factories.accounts import actor_of, bearer, sign_in
from tests.factories.bookings import between
from tests.factories.organisations import make_member, make_organisation
from tests.factories.sites import make_manager, make_resource, make_site

DAY = clock.today() + timedelta(days=30)
MORNING = [(time(8), time(12))]


def words_in(page: str) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", page)).split())


def page_of(resource) -> str:  # type: ignore[no-untyped-def]
    return f"/sites/{resource.site.slug}/resources/{resource.slug}"


def test_the_history_tells_what_differs_by_whom_in_both_languages(session: Session, client: FlaskClient) -> None:
    hall = make_resource(name_sv="Hallen", pool_size=2)
    manager, firm = make_manager(hall.site), make_organisation(name="Varvet AB")
    keep_name(actor_of(manager).audit_id, manager.name)
    by = actor_of(manager)
    course = rule_service.add_qualification(hall.site, QualificationEntry("Kranbevis", "Crane licence"), by=by)

    def act(service, *more):  # type: ignore[no-untyped-def]
        service(hall, *more, by=by, expected_version=hall.version)

    act(resource_service.edit_resource, ResourceEntry("Hallen", longest_minutes=240, price_ore=15050))
    act(resource_service.set_opening, {0: MORNING})
    act(resource_service.set_opening, {0: [*MORNING, (time(13), time(17))], 2: MORNING})
    act(resource_service.set_exception, DAY, DAY, MORNING)
    act(resource_service.set_exception, DAY, DAY + timedelta(days=1), [])
    act(rule_service.choose_bookers, [firm])
    act(rule_service.require_qualifications, [course])
    act(unit_service.set_pool_size, 3)
    blackout_service.black_out(hall, between(8, 12), reason="Lektid", by=by)
    rule_service.add_quota(QuotaEntry("Tio", QuotaPeriod.WEEK, 10), [hall], by=by)
    browser, url = sign_in(client, manager), f"{page_of(hall)}/history"

    swedish = words_in(browser.get(url).text)
    browser.get("/language/en")
    english = words_in(browser.get(url).text)

    assert manager.name in swedish
    for text in (
        "Längsta bokning, timmar 336 4", "150,5", "måndag 08.00–12.00 08.00–12.00, 13.00–17.00",
        "onsdag stängt 08.00–12.00", f"{plain_date(DAY)}: 08.00–12.00 stängt", "Varvet AB", "Kranbevis",
        "Hur många det finns 2 3", "Lektid", "kvoten Tio sattes: 10 timmar varje vecka",
    ):  # fmt: skip
        assert text.casefold() in swedish.casefold()
    for text in ("Monday 08:00–12:00 08:00–12:00, 13:00–17:00", "Crane licence", "the quota Tio was set"):
        assert text in english


def test_what_is_out_of_use_keeps_its_history_and_comes_back(session: Session, client: FlaskClient) -> None:
    hall = make_resource(name_sv="Hallen")
    browser, site = sign_in(client, make_manager(hall.site)), hall.site.slug
    browser.post(f"{page_of(hall)}/retire", data={"version": str(hall.version)})

    told = words_in(browser.get(f"/sites/{site}/history").text)
    gone = browser.get(page_of(hall)).status_code
    page = browser.get(f"{page_of(hall)}/history").text
    stale = browser.post(f"{page_of(hall)}/restore", data={"version": str(hall.version - 1)})
    back = browser.post(f"{page_of(hall)}/restore", data={"version": str(hall.version)})

    assert "Hallen (ur bruk)" in told
    assert gone == 404
    assert "Ta i bruk igen" in page
    assert (stale.status_code, back.status_code) == (409, 303)
    assert queries.get_resource(hall.site, hall.slug).retired_at is None


def test_the_history_through_the_api_is_for_the_owner(session: Session, client: FlaskClient) -> None:
    hall, other = make_resource(), make_resource()
    resource_service.set_opening(hall, {0: MORNING}, by=SYSTEM, expected_version=hall.version)
    resource_service.set_opening(other, {1: MORNING}, by=SYSTEM, expected_version=other.version)
    url = f"/api/v1{page_of(hall)}"

    [event, _added] = client.get(f"{url}/history", headers=bearer(make_manager(hall.site))).json["items"]

    assert (event["action"], event["data"]["after"]) == ("resource.opening_set", {"0": "08.00–12.00"})
    assert client.get(f"{url}/history", headers=bearer(make_member(make_organisation()))).status_code == 403


def test_a_late_save_keeps_what_was_typed_and_tells_what_is_saved_now(session: Session, client: FlaskClient) -> None:
    hall, site = make_resource(), make_site()
    chosen, other = make_organisation(name="Varvet AB"), make_organisation(name="Hamnen AB")
    course = rule_service.add_qualification(hall.site, QualificationEntry("Kranbevis"), by=SYSTEM)
    browser, seen = sign_in(client, make_manager(hall.site)), {"version": str(hall.version)}
    resource_service.set_opening(hall, {0: MORNING}, by=SYSTEM, expected_version=hall.version)
    resource_service.set_exception(hall, DAY, DAY, MORNING, by=SYSTEM, expected_version=hall.version)
    rule_service.choose_bookers(hall, [chosen], by=SYSTEM, expected_version=hall.version)
    rule_service.require_qualifications(hall, [course], by=SYSTEM, expected_version=hall.version)
    assert site.slug != hall.site.slug

    def send(path: str, **typed: object) -> str:
        answer = browser.post(f"{page_of(hall)}/{path}", data=typed | seen)
        assert answer.status_code == 409
        assert f'name="version" type="hidden" value="{hall.version}"' in answer.text
        return answer.text

    opening = send("opening", day_0="9-15", day_1="7-8")
    dates = send("exceptions/new", first=DAY.isoformat(), last=DAY.isoformat(), periods="10-14")
    bookers = send("bookers", organisations=[other.slug])
    needed = send("qualifications")

    assert all(text in opening for text in ('value="9-15"', "Sparat nu: ”08.00–12.00”", "Sparat nu: ”stängt”"))
    assert all(text in dates for text in ('value="10-14"', "Sparat nu: ”08.00–12.00”"))
    assert "Sparat nu: ”Varvet AB”" in bookers
    assert "Sparat nu: ”Kranbevis”" in needed
    assert [one.organisation.slug for one in rule_queries.bookers_of(hall)] == [chosen.slug]
    rules = send("edit", name_sv="Hallen", shortest="2", longest="8", step_minutes="30", bookers="everyone",
                 horizon_days="90", approval="none", notice="1")  # fmt: skip
    assert "Sparat nu: ”1”" in rules


@pytest.mark.parametrize("method", ["put", "post"])
def test_a_late_save_through_the_api_is_refused(session: Session, client: FlaskClient, method: str) -> None:
    hall = make_resource()
    head, url = bearer(make_manager(hall.site)), f"/api/v1{page_of(hall)}"
    days = {"first": DAY.isoformat(), "last": DAY.isoformat()}
    sent = {
        "put": {"opening": {"periods": []}, "bookers": {"slugs": []}, "qualifications": {"slugs": []}},
        "post": {"exceptions": days, "exceptions/forget": days},
    }[method]

    for path, body in sent.items():
        unseen = getattr(client, method)(f"{url}/{path}", headers=head, json=body)
        stale = getattr(client, method)(f"{url}/{path}", headers=head | {"If-Match": '"99"'}, json=body)
        assert (unseen.status_code, stale.status_code) == (428, 409)


def test_each_change_is_a_new_version_and_none_where_nothing_differs(session: Session) -> None:
    hall = make_resource()
    first = hall.version
    resource_service.set_opening(hall, {0: MORNING}, by=SYSTEM, expected_version=first)
    second = hall.version
    resource_service.set_opening(hall, {0: MORNING, 1: []}, by=SYSTEM, expected_version=second)

    assert (second, hall.version) == (first + 1, second)
    with pytest.raises(StaleVersion):
        resource_service.set_opening(hall, {}, by=SYSTEM, expected_version=first)
