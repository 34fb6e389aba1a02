"""The calendar's pages, and what strangers see in them."""

import re
from datetime import date, datetime, time, timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import event
from sqlalchemy.orm import Session

from missions_app import clock
from missions_app.accounts.actor import ANONYMOUS
from missions_app.bookings import schedule
from missions_app.bookings.intervals import Interval
from missions_app.bookings.local_days import local_days
from missions_app.bookings.models import LineState, Tier
from missions_app.bookings.schedule import Filters
from missions_app.i18n import use_locale
from missions_app.web.bookings import weeks
from tests.factories.accounts import actor_of, grant_role, make_user, sign_in
from tests.factories.bookings import between, make_booking
from tests.factories.organisations import make_member, make_organisation
from tests.factories.sites import make_manager, make_resource, make_site

WEEK = 10


def page(client: FlaskClient, **choices: str) -> str:
    day = (clock.today() + timedelta(days=WEEK)).isoformat()
    answer = client.get("/calendar", query_string={"date": day, **choices})
    assert answer.status_code == 200
    return answer.text


@pytest.mark.parametrize("view", ["week", "month", "list"])
def test_a_stranger_sees_that_it_is_taken_and_no_more(client: FlaskClient, session: Session, view: str) -> None:
    booking = make_booking(visibility=Tier.FREE_BUSY, purpose="Hemligt prov")
    text = page(client, view=view)

    assert "08–12" in text
    assert "Upptaget" in text
    assert "Hemligt prov" not in text
    assert booking.reference not in text


@pytest.mark.parametrize("view", ["week", "month", "list"])
def test_ones_own_booking_is_a_link(client: FlaskClient, session: Session, view: str) -> None:
    booking = make_booking(purpose="Prova en boj")
    sign_in(client, booking.requested_by)
    text = page(client, view=view)
    assert "Prova en boj" in text
    assert f'href="/bookings/{booking.reference}"' in text


def test_tiers_show_purpose_and_organisation_as_chosen(client: FlaskClient, session: Session) -> None:
    organisation = make_organisation("Exempel Hamn AB")
    make_booking(visibility=Tier.PURPOSE, purpose="Laddprov", organisation=organisation)
    make_booking(visibility=Tier.ORGANISATION, purpose="Fartprov", organisation=organisation)
    text = page(client)
    assert text.count("Exempel Hamn AB") == text.count("Exempel Hamn AB: Fartprov") > 0
    assert "Laddprov" in text


@pytest.mark.parametrize(("view", "times"), [("week", 2), ("month", 1), ("list", 1)])
def test_a_hall_is_taken_through_its_bay(client: FlaskClient, session: Session, view: str, times: int) -> None:
    bay = make_resource(name_sv="Fack 1")
    hall = make_resource(bay.site, name_sv="Hela hallen")
    hall.units = list(bay.units)
    session.flush()
    make_booking(bay)
    text = page(client, site=bay.site.slug, view=view)
    assert text.count("genom Fack 1") == times


def test_filters_keep_to_what_was_chosen_and_only_mine_to_mine(client: FlaskClient, session: Session) -> None:
    one, other = make_resource(name_sv="Ena salen"), make_resource(name_sv="Andra salen")
    booking = make_booking(one)
    make_booking(other)
    sign_in(client, booking.requested_by)

    of_site = page(client, site=one.site.slug)
    mine = page(client, mine="1", view="list")

    assert "Ena salen" in of_site
    assert "Andra salen</a>" not in of_site
    assert "Ena salen" in mine
    assert "Andra salen" not in mine


def test_what_is_left_out_by_only_mine_is_not_called_free(client: FlaskClient, session: Session) -> None:
    resource = make_resource()
    beside = WEEK - 1 if between(8, 12, days=WEEK).start.weekday() == 6 else WEEK + 1
    mine, others = make_booking(resource), make_booking(resource, use=between(8, 12, days=beside))
    sign_in(client, mine.requested_by)
    day = clock.day_of(others.lines[0].starts_at)

    text = page(client, mine="1", date=day.isoformat())

    cell = text.partition(f'<td data-day="{day}">')[2].partition("</td>")[0]
    assert "Upptaget" in cell
    assert "ledigt" not in cell
    assert others.reference not in text


def test_all_resources_keeps_the_filters_and_another_week_the_page(client: FlaskClient, session: Session) -> None:
    resource = make_resource()
    text = page(client, resource=f"{resource.site.slug}/{resource.slug}", owner=resource.site.owner.slug)
    assert re.search(rf'href="[^"]*owner={resource.site.owner.slug}">Alla resurser', text)
    assert re.search(r'rel="next" href="[^"]*page=2', page(client, page="2"))


def test_today_is_told_in_the_month_and_is_the_first_day_to_choose(client: FlaskClient, session: Session) -> None:
    make_resource()
    sign_in(client, make_member(make_organisation()))
    today = clock.today()
    month = page(client, view="month", date=today.isoformat())
    assert re.search(rf'aria-current="date"><span\s+aria-hidden="true">{today.day}<', month)
    week = page(client, date=weeks.monday_of(today).isoformat())
    assert f'name="day" value="{today}"' in week


def test_the_days_of_a_list_are_headings_under_the_page(client: FlaskClient, session: Session) -> None:
    make_booking()
    assert 'id="day-' in (text := page(client, view="list"))
    assert "<h3" not in text
    assert 'class="m-key"' not in text


def test_a_time_that_cannot_be_read_is_asked_for_again_with_what_it_is_for(
    client: FlaskClient, session: Session
) -> None:
    resource = make_resource(name_sv="Salen")
    sign_in(client, make_member(make_organisation()))
    wanted = {"resource": f"{resource.site.slug}/{resource.slug}", "day": "31/2", "starts": "9", "ends": "12"}
    asked = client.get("/calendar/plan", query_string=wanted).text
    assert f"Salen, {resource.site.name_sv}" in asked
    assert 'value="31/2"' in asked


def test_nonsense_in_the_address_is_no_fault(client: FlaskClient, session: Session) -> None:
    make_resource()
    for odd in ("date=igår", "date=0001-01-01", "date=9999-12-31", "view=år", "page=-3", "page=x", "view=month&date=x"):
        assert client.get(f"/calendar?{odd}").status_code == 200
    assert client.get("/calendar?resource=saknas/saknas").status_code == 404


def statements(session: Session, act: object) -> int:
    seen: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_more: object) -> None:
        seen.append(statement)

    connection = session.connection()
    event.listen(connection, "before_cursor_execute", note)
    act()  # type: ignore[operator]
    event.remove(connection, "before_cursor_execute", note)
    return len([one for one in seen if not one.startswith(("SAVEPOINT", "RELEASE"))])


def test_one_week_of_one_resource_is_four_statements(session: Session) -> None:
    resource = make_resource()
    make_booking(resource)
    today = clock.today()
    stranger, window = actor_of(make_member(make_organisation())), local_days(today, today + timedelta(days=6))
    _site = resource.site.owner
    assert statements(session, lambda: schedule.of_resource(stranger, resource, window)) <= 4


def test_a_week_of_many_resources_takes_as_many_statements_as_one(session: Session) -> None:
    first = clock.today() + timedelta(days=WEEK)
    window = local_days(first, first + timedelta(days=6))

    def read() -> object:
        session.expire_all()
        return schedule.schedule(ANONYMOUS, window, Filters())

    make_booking(make_resource())
    few = statements(session, read)
    for _number in range(4):
        make_booking(make_resource(make_site()))
    assert statements(session, read) == few <= 7


@pytest.mark.parametrize(
    ("start", "end", "words"),
    [(8, 14, "08–14"), (-2, 26, "hela dagen"), (-4, 10, "–10"), (20, 30, "20–"), (22, 24, "22–24")],
)
def test_times_of_a_day_in_words(start: int, end: int, words: str) -> None:
    day = date(2027, 3, 17)
    midnight = datetime.combine(day, time(0), clock.zone())
    occupied = Interval(midnight + timedelta(hours=start), midnight + timedelta(hours=end))
    with use_locale("sv"):
        assert weeks.hours_words(occupied, local_days(day, day)) == words


def test_two_links_to_the_same_are_told_apart_by_when_they_were_made(client: FlaskClient, session: Session) -> None:
    sign_in(client, make_member(make_organisation()))
    now = clock.now()
    for at in (now, now + timedelta(minutes=5)):
        with clock.fixed(at):
            page_of_links = client.post("/calendar/links", data={"target": "mine:"}).text

    named = re.findall(r"Ta tillbaka<span[^>]*>([^<]*)</span>", page_of_links)
    assert len(named) == len(set(named)) == 2


def test_a_link_is_made_read_by_an_app_and_taken_back(client: FlaskClient, session: Session) -> None:
    booking = make_booking(state=LineState.APPROVED)
    sign_in(client, booking.requested_by)
    made = client.post("/calendar/links", data={"target": "mine:"}).text
    address = made.split('readonly value="')[1].split('"')[0].split("localhost")[1]

    app = client.application.test_client()
    first = app.get(address)
    again = app.get(address, headers={"If-None-Match": first.headers["ETag"]})
    revoke = next(part.split('"')[0] for part in made.split('action="') if "/revoke" in part.split('"')[0])
    client.post(revoke)

    assert (first.status_code, first.mimetype) == (200, "text/calendar")
    assert booking.reference in first.text.replace("\r\n ", "")
    assert (again.status_code, again.data) == (304, b"")
    assert app.get(address).status_code == 404


def test_a_time_chosen_in_the_calendar_leads_to_a_request_or_to_the_booking(
    client: FlaskClient, session: Session
) -> None:
    booking = make_booking()
    line, resource = booking.lines[0], booking.lines[0].resource
    sign_in(client, booking.requested_by)
    day = (clock.today() + timedelta(days=WEEK + 1)).isoformat()
    chosen = {"day": day, "starts": "13:00", "ends": "15:00"}

    new = client.get("/calendar/plan", query_string={**chosen, "resource": f"{resource.site.slug}/{resource.slug}"})
    moving = client.get("/calendar/plan", query_string={**chosen, "line": f"{booking.reference}/{line.id}"})
    form = client.get(moving.headers["Location"]).text
    moved = client.post(f"/bookings/{booking.reference}/lines/{line.id}/plan", data={**chosen, "version": line.version})

    request = client.get(new.headers["Location"]).text
    assert (f'value="{day}"' in request, 'value="13.00"' in request) == (True, True)
    assert f'value="{day}"' in form
    assert moved.status_code == 303
    assert line.starts_at.astimezone(clock.zone()).hour == 13


@pytest.mark.parametrize(("ends", "words"), [("12:00", "efter"), ("x", "08.00")])
def test_a_move_that_cannot_be_says_why_and_keeps_what_was_typed(
    client: FlaskClient, session: Session, ends: str, words: str
) -> None:
    booking = make_booking()
    line = booking.lines[0]
    sign_in(client, booking.requested_by)
    answer = client.post(
        f"/bookings/{booking.reference}/lines/{line.id}/plan",
        data={"day": "2031-01-07", "starts": "13:00", "ends": ends, "version": line.version},
    )
    assert answer.status_code == 200
    assert words in answer.text
    assert 'value="2031-01-07"' in answer.text


def test_what_is_dragged_is_the_use_and_not_what_is_around_it(client: FlaskClient, session: Session) -> None:
    booking = make_booking(make_resource(setup_minutes=30, cleanup_minutes=60))
    line = booking.lines[0]
    sign_in(client, booking.requested_by)

    text = page(client)

    assert "07.30–13" in text
    assert f'data-line="{booking.reference}/{line.id}" data-starts="480" data-minutes="240"' in text


def test_only_those_who_may_move_it_get_something_to_drag(client: FlaskClient, session: Session) -> None:
    booking = make_booking(state=LineState.APPROVED)
    officer = make_user()
    grant_role(officer, "secretariat_officer")
    readers = {
        "asker": booking.requested_by, "manager": make_manager(booking.lines[0].resource.site),
        "colleague": make_member(booking.organisation), "secretariat": officer,
    }  # fmt: skip

    drags = {}
    for who, reader in readers.items():
        sign_in(client, reader)
        text = page(client)
        assert f'href="/bookings/{booking.reference}"' in text
        drags[who] = "data-line=" in text

    assert drags == {"asker": True, "manager": True, "colleague": False, "secretariat": False}


def test_a_reserve_date_and_a_night_are_not_dragged(client: FlaskClient, session: Session) -> None:
    day = clock.today() + timedelta(days=WEEK)
    night = Interval(between(20, 22).start, between(2, 4, days=WEEK + 1).end)
    reserve = (day + timedelta(days=2)).isoformat()
    booking = make_booking(make_resource(longest_minutes=1440), use=night, reserve_dates=(reserve,))
    sign_in(client, booking.requested_by)

    text = page(client) + client.get(f"/calendar?date={reserve}").text

    assert text.count(f'href="/bookings/{booking.reference}"') >= 2
    assert "Reservdag" in text
    assert "data-line=" not in text


@pytest.mark.parametrize(
    ("typed", "words"),
    [({"day": "14/12"}, "år-månad-dag"), ({"starts": "25:00"}, "timmar och minuter"), ({"ends": "9"}, "sluta efter")],
)
def test_a_time_beside_the_week_that_cannot_be_read_is_asked_for_again_as_it_was_typed(
    client: FlaskClient, session: Session, typed: dict[str, str], words: str
) -> None:
    resource = make_resource()
    sign_in(client, make_member(make_organisation()))
    url = f"/calendar/plan?resource={resource.site.slug}/{resource.slug}"
    beside = {"resource": f"{resource.site.slug}/{resource.slug}", "day": "2031-01-07", "starts": "10", "ends": "12"}
    answer = client.get("/calendar/plan", query_string=beside | typed)
    [value] = typed.values()
    assert (answer.status_code, words in answer.text, f'value="{value}"' in answer.text) == (200, True, True)

    mended = client.post(url, data={"day": "2031-01-07", "starts": "9", "ends": "10.30"})
    request = client.get(mended.headers["Location"]).text
    assert ('value="2031-01-07"' in request, 'value="10.30"' in request) == (True, True)


def test_whoever_moves_what_was_approved_is_told_that_the_owner_answers_again(
    client: FlaskClient, session: Session
) -> None:
    booking = make_booking(state=LineState.APPROVED)
    line = booking.lines[0]
    sign_in(client, booking.requested_by)
    url = f"/bookings/{booking.reference}/lines/{line.id}/plan"
    day = (clock.today() + timedelta(days=WEEK + 1)).isoformat()

    before = client.get(url).text
    typed = {"day": day, "starts": "13", "ends": "15", "version": line.version}
    after = client.post(url, data=typed, follow_redirects=True).text

    assert "behöver ägarens svar igen" in before
    assert "Ägaren får frågan på nytt." in after
    assert line.state is LineState.SUBMITTED


def test_a_booking_over_a_night_is_moved_on_the_page_that_can_say_both_days(
    client: FlaskClient, session: Session
) -> None:
    night = Interval(between(20, 22).start, between(2, 4, days=WEEK + 1).end)
    booking = make_booking(make_resource(longest_minutes=1440), use=night)
    sign_in(client, booking.requested_by)
    answer = client.get(f"/bookings/{booking.reference}/lines/{booking.lines[0].id}/plan?day=2031-01-07")
    assert answer.headers["Location"].endswith(f"/bookings/{booking.reference}/lines/{booking.lines[0].id}/time")


def test_choices_fold_until_one_is_made_and_say_what_is_chosen(client: FlaskClient, session: Session) -> None:
    site = make_booking().lines[0].resource.site
    member = make_member(make_organisation())

    assert '<details class="m-more m-fold m-noprint"><summary>Välj vad som visas</summary>' in page(client)
    chosen = page(sign_in(client, member), site=site.slug, mine="1")
    words = f"Visas: {site.name_sv}, Bara mina och min organisations"
    assert f'<details class="m-more m-fold" open><summary>{words}</summary>' in chosen


def test_a_time_is_not_chosen_among_days_that_have_been_and_the_days_of_a_list_follow_its_heading(
    client: FlaskClient, session: Session
) -> None:
    booking = make_booking()
    browser, day = sign_in(client, booking.requested_by), clock.day_of(booking.lines[0].starts_at)

    week = browser.get("/calendar").text
    listed = browser.get(f"/calendar?view=list&date={day}").text

    assert f'id="plan-day" name="day" value="{clock.today()}"' in week
    assert f'id="day-{day}"' in listed
    assert "<h3" not in listed.partition("<footer")[0]
