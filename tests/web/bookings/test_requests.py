"""A request on its pages: begun, saved as it goes, sent, answered, talked about."""

import re
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from missions_app import clock
from missions_app.accounts.models import User
from missions_app.bookings import booking_service, cancel_service, queries, series_service
from missions_app.bookings.content import LineWish
from missions_app.bookings.models import Booking, LineState, Reservation
from missions_app.bookings.tasks import tasks_for
from missions_app.moments import local_datetime
from missions_app.organisations.models import Organisation
from missions_app.sites.models import Unit
from tests.factories.accounts import actor_of, sign_in
from tests.factories.bookings import SMALL, at, between, make_booking
from tests.factories.organisations import make_member, make_organisation
from tests.factories.outbox import all_mail
from tests.factories.series import make_draft, make_series, weekly
from tests.factories.sites import make_manager, make_resource


def start(client: FlaskClient, organisation: Organisation, *resources: object) -> str:
    """Begin a request for some resources from eight to twelve; its reference."""
    lines = "&".join(
        f"line={one.site.slug}/{one.slug}&start={at(8):%Y-%m-%dT%H:%M:%SZ}&end={at(12):%Y-%m-%dT%H:%M:%SZ}"
        for one in resources
    )
    url = f"/bookings/new?{lines}"
    page = client.get(url).text
    typed = dict(re.findall(r'name="(line-[^"]+)"[^>]*value="([^"]*)"', page))
    chosen = {f"line-{number}-resource": f"{one.site.slug}/{one.slug}" for number, one in enumerate(resources)}
    answer = client.post(url, data=typed | chosen | {"organisation": organisation.slug})
    return str(answer.headers["Location"]).split("/")[2]


def typed(booking: Booking, **more: object) -> dict[str, object]:
    """What a small test says, as the form sends it."""
    return {**SMALL, "version": booking.version, "visibility": "organisation", **more}


def booking_of(session: Session, reference: str) -> Booking:
    session.expire_all()
    return queries.get_booking(reference)


def test_a_bundle_is_begun_from_a_link_written_and_sent(session: Session, client: FlaskClient) -> None:
    organisation = make_organisation()
    browser = sign_in(client, make_member(organisation))
    reference = start(browser, organisation, make_resource(), make_resource())
    draft = booking_of(session, reference)

    answer = browser.post(f"/bookings/{reference}/edit", data=typed(draft, next="submit"))

    assert answer.headers["Location"] == f"/bookings/{reference}/receipt"
    sent = booking_of(session, reference)
    assert [(line.state, line.starts_at) for line in sent.lines] == [(LineState.SUBMITTED, at(8))] * 2
    receipt = browser.get(f"/bookings/{reference}/receipt").text
    assert sent.lines[0].resource.site.owner.name in receipt
    assert sent.lines[1].resource.site.owner.name in receipt


def test_a_receipt_says_what_is_held_what_is_only_asked_for_and_what_is_over(
    session: Session, client: FlaskClient
) -> None:
    organisation = make_organisation()
    user = make_member(organisation)
    browser, manager = sign_in(client, user), make_manager((free := make_resource(requests_hold=False)).site)
    told = {}
    for name, resource in (("held", make_resource()), ("asked", free)):
        booking = make_booking(resource, user=user, organisation=organisation)
        told[name] = browser.get(f"/bookings/{booking.reference}/receipt").text
    cancel_service.cancel_booking(booking, reason="", by=actor_of(user), expected_version=booking.version)
    told["over"] = browser.get(f"/bookings/{booking.reference}/receipt").text

    said = {"held": "Tiden hålls till", "asked": "Ingen tid hålls innan ägaren har svarat.", "over": "Inget av det är"}
    assert {name: [one for one, text in said.items() if text in page] for name, page in told.items()} == {
        "held": ["held"], "asked": ["asked"], "over": ["over"],
    }  # fmt: skip
    letter = next(one for one in all_mail() if one["to"] == manager.email)
    assert letter["data"]["held_until"] == ""


def test_what_is_missing_is_named_and_nothing_typed_is_lost(session: Session, client: FlaskClient) -> None:
    organisation = make_organisation()
    browser = sign_in(client, make_member(organisation))
    reference = start(browser, organisation, make_resource())
    draft = booking_of(session, reference)

    answer = browser.post(
        f"/bookings/{reference}/edit",
        data=typed(draft, next="submit", on_site_responsible="", purpose="Prova en boj i hamnen"),
    )

    assert answer.status_code == 422
    assert 'href="#on_site_responsible"' in answer.text
    assert "Prova en boj i hamnen" in answer.text
    assert booking_of(session, reference).lines[0].state is LineState.DRAFT


def test_typing_is_saved_as_it_goes(session: Session, client: FlaskClient) -> None:
    organisation = make_organisation()
    browser = sign_in(client, make_member(organisation))
    reference = start(browser, organisation, make_resource())
    draft = booking_of(session, reference)
    seen = draft.version

    answer = browser.post(f"/bookings/{reference}/autosave", data=typed(draft, purpose="Halvvägs"))
    stale = browser.post(f"/bookings/{reference}/autosave", data=typed(draft, version=seen, purpose="Gammal"))

    saved = booking_of(session, reference)
    assert (answer.status_code, answer.json["version"], saved.purpose) == (200, saved.version, "Halvvägs")
    assert (stale.status_code, stale.json["code"]) == (409, "stale_version")


def test_the_permits_that_the_answers_ask_for_come_with_what_is_saved(session: Session, client: FlaskClient) -> None:
    line = make_draft()
    browser = sign_in(client, line.booking.requested_by)

    def panel(*answers: str) -> str:
        said = typed(booking_of(session, line.booking.reference), answers=list(answers))
        return str(
            browser.post(f"/bookings/{line.booking.reference}/autosave", data=said).json["parts"]["asked-permits"]
        )

    assert "Svaren kräver inga tillstånd hittills." in panel()
    assert "Tidigaste rimliga datum" in panel("street")


def test_what_is_half_typed_holds_nothing_else_up(session: Session, client: FlaskClient) -> None:
    organisation = make_organisation()
    browser = sign_in(client, make_member(organisation))
    reference = start(browser, organisation, make_resource())
    draft = booking_of(session, reference)
    browser.post(f"/bookings/{reference}/autosave", data=typed(draft, insurance_valid_to="2030-01-31"))

    answer = browser.post(
        f"/bookings/{reference}/autosave",
        data=typed(draft, purpose="Vidare", insurance_valid_to="31 feb", people_on_site="tr", go_day="i morgon"),
    )

    saved = booking_of(session, reference)
    assert (answer.status_code, saved.purpose, str(saved.insurance_valid_to)) == (200, "Vidare", "2030-01-31")
    assert answer.json["left_out"] == ["go_day", "go_time", "insurance_valid_to", "people_on_site"]
    assert "Försäkringens sista dag" in answer.json["message"]


def test_a_line_is_taken_out_with_everything_typed_kept(session: Session, client: FlaskClient) -> None:
    organisation = make_organisation()
    browser = sign_in(client, make_member(organisation))
    reference = start(browser, organisation, make_resource(), make_resource())
    draft = booking_of(session, reference)

    browser.post(f"/bookings/{reference}/edit", data=typed(draft, next=f"remove-{draft.lines[1].id}", purpose="Kvar"))

    left = booking_of(session, reference)
    assert (len(left.lines), left.purpose) == (1, "Kvar")


def test_a_time_that_is_taken_is_answered_with_others_and_the_draft_stays(
    session: Session, client: FlaskClient
) -> None:
    resource, organisation = make_resource(), make_organisation()
    make_booking(resource)
    browser = sign_in(client, make_member(organisation))
    reference = start(browser, organisation, resource)
    draft = booking_of(session, reference)

    answer = browser.post(f"/bookings/{reference}/edit", data=typed(draft, next="submit"))

    assert answer.status_code == 409
    assert "Närmaste lediga" in answer.text
    assert f'href="/waitlist/new?resource={resource.site.slug}/{resource.slug}&amp;first=' in answer.text
    assert booking_of(session, reference).lines[0].state is LineState.DRAFT


def test_an_owner_approves_with_conditions_that_are_ticked_off(session: Session, client: FlaskClient) -> None:
    booking = make_booking()
    line = booking.lines[0]
    manager = make_manager(line.resource.site)
    url = f"/bookings/{booking.reference}/lines/{line.id}/decide"
    sign_in(client, manager).post(
        url, data={"version": line.version, "to": "conditional", "before": "Visa försäkringen\nBoka nyckel"}
    )
    session.expire_all()
    conditions = queries.conditions_of(line)
    browser = sign_in(client, booking.requested_by)
    for one in conditions:
        browser.post(f"/bookings/{booking.reference}/conditions/{one.id}/tick", data={"version": one.version})
    session.expire_all()
    answer = sign_in(client, manager).post(url, data={"version": line.version, "to": "approved"})

    assert [one.text for one in conditions] == ["Visa försäkringen", "Boka nyckel"]
    assert answer.status_code == 303
    session.expire_all()
    assert line.state is LineState.APPROVED


def test_both_sides_read_the_thread_and_colleagues_do_not(session: Session, client: FlaskClient) -> None:
    booking = make_booking()
    manager = make_manager(booking.lines[0].resource.site)
    colleague = make_member(booking.organisation)
    url = f"/bookings/{booking.reference}"
    sign_in(client, booking.requested_by).post(f"{url}/messages", data={"text": "Får vi låna en stege?"})

    assert "Får vi låna en stege?" in sign_in(client, manager).get(url).text
    page = sign_in(client, colleague).get(url)
    assert (page.status_code, "Får vi låna en stege?" in page.text) == (200, False)
    assert sign_in(client, colleague).post(f"{url}/messages", data={"text": "Hej"}).status_code == 403


def test_the_quay_checks_in_and_out_from_one_page(session: Session, client: FlaskClient) -> None:
    booking = make_booking(state=LineState.APPROVED)
    line = booking.lines[0]
    manager = make_manager(line.resource.site)
    url, eight, ten = f"/bookings/{booking.reference}/lines/{line.id}", at(8), at(10)
    with clock.fixed(eight):
        browser = sign_in(client, manager)
        before = browser.get(f"/sites/{line.resource.site.slug}/today").text
        answer = browser.post(f"{url}/check-in", data={"version": line.version, "people": "5", "from": "site"})
        session.expire_all()
        there = browser.get(f"/sites/{line.resource.site.slug}/today").text
    with clock.fixed(ten):
        left = sign_in(client, manager).post(f"{url}/check-out", data={"version": line.version, "from": "site"})
        session.expire_all()

    assert "Klar att börja" in before
    assert answer.headers["Location"] == f"/sites/{line.resource.site.slug}/today"
    assert "5 personer på plats nu" in there
    assert left.headers["Location"] == answer.headers["Location"]
    assert (line.state, line.people_present) == (LineState.COMPLETED, 5)
    assert make_booking(line.resource, use=between(10, 12))


def test_which_units_of_a_pool_are_used_is_told_when_the_time_has_begun(session: Session, client: FlaskClient) -> None:
    booking = make_booking(make_resource(pool_size=3), units=2, state=LineState.APPROVED)
    line, manager = booking.lines[0], make_manager(booking.lines[0].resource.site)
    pages = (f"/bookings/{booking.reference}", f"/sites/{line.resource.site.slug}/today")
    shown: list[bool] = []
    with clock.fixed(at(7)):
        browser = sign_in(client, manager)
        browser.post(f"{pages[0]}/lines/{line.id}/check-in", data={"version": line.version, "people": "2"})
        session.expire_all()
        shown += ["Använder " in browser.get(one).text for one in pages]
    with clock.fixed(at(8)):
        units = session.scalars(
            select(Unit.name).join(Reservation, Reservation.unit_id == Unit.id).where(Reservation.line_id == line.id)
        ).all()
        browser = sign_in(client, manager)
        shown += [f"Använder {', '.join(sorted(units))}" in browser.get(one).text for one in pages]
        asker = sign_in(client, booking.requested_by)
        shown.append(f"Använder {', '.join(sorted(units))}" in asker.get(pages[0]).text)

    assert (len(units), shown) == (2, [False, False, True, True, True])


def test_who_leaves_before_the_time_begins_gives_all_of_it_back(session: Session, client: FlaskClient) -> None:
    booking = make_booking(state=LineState.APPROVED)
    line, url, slot = booking.lines[0], f"/bookings/{booking.reference}/lines/{booking.lines[0].id}", between(8, 12)
    for act, moment in (("check-in", at(6)), ("check-out", at(7))):
        with clock.fixed(moment):
            browser = sign_in(client, make_manager(line.resource.site))
            browser.post(f"{url}/{act}", data={"version": line.version, "people": "3", "from": "site"})
            session.expire_all()
            page = browser.get(f"/sites/{line.resource.site.slug}/today").text

    assert line.state is LineState.COMPLETED
    assert "3 personer, 06.00–07.00." in page
    assert make_booking(line.resource, use=slot).lines[0].state is LineState.SUBMITTED


def test_the_second_of_two_who_answer_at_once_is_told_and_keeps_the_words(
    session: Session, client: FlaskClient
) -> None:
    booking = make_booking()
    line = booking.lines[0]
    browser = sign_in(client, make_manager(line.resource.site))
    url, version = f"/bookings/{booking.reference}/lines/{line.id}/decide", line.version

    first = browser.post(url, data={"version": version, "to": "approved"})
    second = browser.post(url, data={"version": version, "to": "declined", "reason": "Bryggan är trasig den dagen"})

    session.expire_all()
    assert (first.status_code, second.status_code) == (303, 409)
    assert "Godkänd" in re.sub(r"<[^>]+>", "", second.text)
    assert "Bryggan är trasig den dagen" in second.text
    assert line.state is LineState.APPROVED


def test_how_many_are_asked_for_comes_along_from_the_search(session: Session, client: FlaskClient) -> None:
    booking = make_booking()
    resource = make_resource(pool_size=4)
    key = f"{resource.site.slug}/{resource.slug}"
    asked = f"line={key}&start={at(8).isoformat()}&end={at(10).isoformat()}".replace("+", "%2B")

    def units(tail: str) -> str:
        page = sign_in(client, booking.requested_by).get(f"/bookings/new?{asked}{tail}").text
        field = re.search(r'<input[^>]*name="line-0-units"[^>]*>', page)
        value = re.search(r'value="(\d+)"', field[0]) if field else None
        return value[1] if value else ""

    assert (units("&units=3"), units(""), units("&units=x"), units("&units=900")) == ("3", "1", "1", "60")


def test_the_page_says_whose_turn_it_is(session: Session, client: FlaskClient) -> None:
    booking = make_booking()
    line, url = booking.lines[0], f"/bookings/{booking.reference}"
    asker, manager = booking.requested_by, make_manager(booking.lines[0].resource.site)

    def seen(who: User) -> str:
        session.expire_all()
        return str(re.search(r'class="m-turn".*?</h2>', sign_in(client, who).get(url).text, re.S)[0])

    def answer(**sent: str) -> None:
        sign_in(client, manager).post(f"{url}/lines/{line.id}/decide", data={"version": line.version, **sent})
        session.expire_all()

    assert f"Nu ska {line.resource.site.owner.name} svara" in seen(asker)
    assert "Ditt svar väntas" in seen(manager)
    answer(to="conditional", before="Visa försäkringen")
    assert "Ett villkor återstår innan den bekräftas" in seen(asker)
    condition = queries.conditions_of(line)[0]
    sign_in(client, asker).post(f"{url}/conditions/{condition.id}/tick", data={"version": condition.version})
    assert "nu bekräftar du" in seen(manager)
    assert f"Nu ska {line.resource.site.owner.name} svara" in seen(asker)
    answer(to="approved")
    assert "m-turn" not in sign_in(client, asker).get(url).text


def test_each_owner_reads_until_when_their_own_part_is_held(session: Session, client: FlaskClient) -> None:
    booking, later = make_booking(), make_resource(hold_hours=500)
    first, by = booking.lines[0], actor_of(booking.requested_by)
    early = booking.held_until
    booking_service.add_line(booking, LineWish(later, between(8, 12, days=30)), by=by, expected_version=booking.version)
    booking_service.submit_booking(booking, by=by, expected_version=booking.version)
    session.expire_all()

    def told(who: User) -> str:
        return sign_in(client, who).get(f"/bookings/{booking.reference}").text

    sooner, longer = (f"hålls till {local_datetime(one)}" for one in (early, booking.held_until))
    assert sooner != longer
    assert sooner in told(make_manager(first.resource.site))
    assert longer in told(make_manager(later.site))
    due = [
        one.due for one in tasks_for(actor_of(make_manager(first.resource.site))) if one.reference == booking.reference
    ]
    assert due == [clock.day_of(early)]


def test_what_is_to_come_is_listed_first_and_what_is_over_last(session: Session, client: FlaskClient) -> None:
    organisation = make_organisation()
    user = make_member(organisation)
    made = {
        name: make_booking(make_resource(name_sv=name), use=between(8, 10, days=days), user=user,
                           organisation=organisation, state=LineState.APPROVED)
        for name, days in (("Senare", 30), ("Först", 11), ("Sedan", 20))
    }  # fmt: skip

    with clock.fixed(made["Först"].lines[0].ends_at + timedelta(days=1)):
        page = sign_in(client, user).get("/bookings").text

    found = re.findall(r"Sedan|Senare|Först|Tidigare", page[page.index('id="mine"') :])
    assert found == ["Sedan", "Senare", "Tidigare", "Först"]


def test_what_was_done_to_many_dates_at_once_is_one_row_of_the_history(session: Session, client: FlaskClient) -> None:
    series = make_series(pattern=weekly(4))
    manager = actor_of(make_manager(series.resource.site))
    series_service.decide_series(series, LineState.APPROVED, reason="", by=manager, expected_version=series.version)

    page = sign_in(client, series.booking.requested_by).get(f"/bookings/{series.booking.reference}").text

    assert "Ägarens svar: Godkänd, 4 datum" in page
    assert page.count("Ägarens svar") == 1


@pytest.mark.parametrize("year", ["0001", "1899", "2200", "9999"])
def test_a_year_in_which_nobody_plans_is_told_at_its_day(session: Session, client: FlaskClient, year: str) -> None:
    resource, organisation = make_resource(), make_organisation()
    sign_in(client, make_member(organisation))

    answer = client.post(
        "/bookings/new",
        data={
            "line-0-resource": f"{resource.site.slug}/{resource.slug}", "line-0-day": f"{year}-05-01",
            "line-0-starts": "08.00", "line-0-last_day": f"{year}-05-01", "line-0-ends": "12.00",
            "organisation": organisation.slug,
        },
    )  # fmt: skip

    assert "Skriv ett år från 1900 till 2199." in answer.text
    assert f'value="{year}-05-01"' in answer.text
    assert session.scalars(select(Booking)).all() == []
