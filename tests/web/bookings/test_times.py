"""When something is booked: how days and hours are written, and what a refusal says about them."""

import re
from datetime import date, datetime, time, timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from missions_app import clock
from missions_app.accounts.actor import SYSTEM, site_scope
from missions_app.bookings import approval_service, blackout_service, queries
from missions_app.bookings.approval_service import Asked
from missions_app.bookings.errors import Incomplete
from missions_app.bookings.intervals import Interval
from missions_app.bookings.models import ConditionDue, LineState
from missions_app.sites import resource_service
from missions_app.sites.models import Resource, SiteStatus
from tests.factories.accounts import actor_of, grant_role, make_user, sign_in
from tests.factories.bookings import SMALL, at, make_booking
from tests.factories.organisations import make_member, make_organisation
from tests.factories.series import make_draft
from tests.factories.sites import make_manager, make_resource

DAY = clock.today() + timedelta(days=10)


def begin(client: FlaskClient, resource: Resource, **typed: str) -> str:
    """Begin a request on the page; where that leads."""
    organisation = make_organisation()
    browser = sign_in(client, make_member(organisation))
    key = f"{resource.site.slug}/{resource.slug}"
    said = {"resource": key, "day": DAY.isoformat(), "starts": "20", "last_day": "", "ends": "22"} | typed
    answer = browser.post(
        f"/sites/{resource.site.slug}/resources/{resource.slug}/request",
        data={f"line-0-{name}": value for name, value in said.items()} | {"organisation": organisation.slug},
    )
    return str(answer.headers.get("Location", answer.text))


@pytest.mark.parametrize(
    ("last_day", "ends", "end"),
    [
        ("", "22", (DAY, time(22))),
        ("", "24.00", (DAY + timedelta(days=1), time(0))),
        ((DAY + timedelta(days=1)).isoformat(), "8.30", (DAY + timedelta(days=1), time(8, 30))),
    ],
)
def test_the_last_day_is_the_first_when_it_is_left_out_and_a_day_ends_at_24(
    client: FlaskClient, session: Session, last_day: str, ends: str, end: tuple[date, time]
) -> None:
    address = begin(client, make_resource(), last_day=last_day, ends=ends)

    [line] = queries.get_booking(address.split("/")[2]).lines
    assert line.ends_at.astimezone(clock.zone()) == datetime.combine(*end, clock.zone())


@pytest.mark.parametrize("units", ["0", "-3"])
def test_no_number_below_one_is_begun_with(client: FlaskClient, session: Session, units: str) -> None:
    assert "Skriv minst 1." in begin(client, make_resource(), units=units)


def test_extra_minutes_that_cannot_be_are_told_at_their_field_and_nothing_is_saved(
    client: FlaskClient, session: Session
) -> None:
    line = make_draft()
    browser = sign_in(client, line.booking.requested_by)
    said = {"resource": f"{line.resource.site.slug}/{line.resource.slug}", "day": DAY.isoformat(), "starts": "8",
            "ends": "10", "version": line.version}  # fmt: skip

    answer = browser.post(
        f"/bookings/{line.booking.reference}/lines/{line.id}/time",
        data=said | {"extra_setup_minutes": "-30", "extra_cleanup_minutes": "20000000"},
    )

    assert answer.status_code == 422
    assert answer.text.count("Skriv ett antal minuter från 0 till 10000.") >= 2
    assert 'value="-30"' in answer.text
    session.expire_all()
    assert (line.extra_setup_minutes, line.extra_cleanup_minutes) == (0, 0)


def test_what_is_sent_keeps_how_many_it_asks_for(client: FlaskClient, session: Session) -> None:
    booking = make_booking(make_resource())
    browser = sign_in(client, booking.requested_by)

    page = browser.get(f"/bookings/{booking.reference}/lines/{booking.lines[0].id}/time").text

    assert 'name="starts"' in page
    assert 'name="units"' not in page


def test_nothing_begins_at_24(client: FlaskClient, session: Session) -> None:
    assert "Från: Skriv tiden som timmar och minuter" in begin(client, make_resource(), starts="24.00")


def test_a_refusal_names_the_part_and_its_opening_hours(client: FlaskClient, session: Session) -> None:
    organisation = make_organisation()
    member = make_member(organisation)
    hall, boat = make_resource(name_sv="Hallen"), make_resource(name_sv="Båten")
    resource_service.set_exception(boat, DAY, DAY, [(time(9), time(11))], by=SYSTEM, expected_version=boat.version)
    browser = sign_in(client, member)
    lines = "&".join(
        f"line={one.site.slug}/{one.slug}&start={at(8):%Y-%m-%dT%H:%M:%SZ}&end={at(12):%Y-%m-%dT%H:%M:%SZ}"
        for one in (hall, boat)
    )
    typed = {
        f"line-{number}-{name}": value
        for number, one in enumerate((hall, boat))
        for name, value in {
            "resource": f"{one.site.slug}/{one.slug}", "day": DAY.isoformat(), "starts": "8", "ends": "12",
        }.items()
    }  # fmt: skip
    begun = browser.post(f"/bookings/new?{lines}", data=typed | {"organisation": organisation.slug})
    draft = queries.get_booking(begun.headers["Location"].split("/")[2])

    answer = browser.post(
        f"/bookings/{draft.reference}/edit",
        data=SMALL | {"version": draft.version, "visibility": "organisation", "next": "submit"},
    )

    assert answer.status_code == 422
    assert "Båten: Det är öppet 09.00–11.00 den " in answer.text
    assert "Hallen: Det" not in answer.text


def test_everyone_reads_the_rules_of_what_can_be_booked(client: FlaskClient, session: Session) -> None:
    resource = make_resource(setup_minutes=45, hold_hours=30)

    page = client.get(f"/sites/{resource.site.slug}").text

    assert "Regler och öppettider" in page
    assert "45 minuter före" in page
    assert "hålls tiden i 30 timmar" in page
    assert "Alltid öppet." in page


def test_the_week_of_a_site_tells_closed_from_free(client: FlaskClient, session: Session) -> None:
    resource = make_resource()
    resource_service.set_exception(resource, DAY, DAY, [], by=SYSTEM, expected_version=resource.version)
    url = f"/sites/{resource.site.slug}/week?from="

    one_day, always = client.get(f"{url}{DAY}").text, client.get(f"{url}{DAY + timedelta(days=14)}").text

    assert (one_day.count(">stängt<"), one_day.count(">ledigt<")) == (1, 6)
    assert "Inget är taget." in one_day
    assert "Ledigt hela veckan." in always


def test_what_goes_on_over_midnight_is_taken_on_each_day_until_it_ends(client: FlaskClient, session: Session) -> None:
    resource, monday = make_resource(), DAY - timedelta(days=DAY.weekday())
    days = (monday + timedelta(days=1), monday + timedelta(days=3))
    start, end = (datetime.combine(day, time(8), clock.zone()) for day in days)
    blackout_service.black_out(resource, Interval(start, end), reason="Service", by=SYSTEM)
    url = f"/sites/{resource.site.slug}/week?from={monday}"

    told = re.findall(r"<b>([\d.]+–[\d.]+)</b>", client.get(url).text)

    assert told == ["08.00–24.00", "00.00–24.00", "00.00–08.00"]


@pytest.mark.parametrize("page", ["permits/ufs", "risks/new", "deviations/new"])
def test_a_booking_that_one_may_not_know_of_is_not_found_on_any_of_its_pages(
    client: FlaskClient, session: Session, page: str
) -> None:
    booking = make_booking()
    browser = sign_in(client, make_member(make_organisation()))

    assert browser.get(f"/bookings/{booking.reference}/{page}").status_code == 404


def test_a_plain_yes_with_conditions_that_come_before_says_what_to_choose(session: Session) -> None:
    line = make_booking().lines[0]

    with pytest.raises(Incomplete) as refused:
        approval_service.decide_line(
            line, LineState.APPROVED, reason="", by=actor_of(make_manager(line.resource.site)),
            expected_version=line.version, conditions=[Asked("Visa försäkringen", ConditionDue.BEFORE)],
        )  # fmt: skip

    assert [(one.code, one.field) for one in refused.value.problems] == [("conditions_before", "before")]
    assert line.state is LineState.SUBMITTED


def test_a_series_of_a_request_that_is_not_filled_in_says_what_is_missing_and_leads_there(
    client: FlaskClient, session: Session
) -> None:
    line = make_draft()
    line.booking.purpose = ""
    session.flush()
    sign_in(client, line.booking.requested_by)
    url = f"/bookings/{line.booking.reference}/lines/{line.id}/series"
    first = line.starts_at.astimezone(clock.zone()).date()
    asked = {
        "version": str(line.booking.version), "first_day": first.isoformat(), "starts": "09.00", "ends": "11.00",
        "every": "WEEKLY", "interval": "1", "weekdays": str(first.weekday()), "by_weekday": "day", "count": "3",
        "on_conflict": "refuse", "step": "book",
    }  # fmt: skip

    shown, sent = client.get(url).text, client.post(url, data=asked).text

    assert "Det som saknas: Vad ni ska göra." in shown
    assert f'href="/bookings/{line.booking.reference}/edit"' in shown
    assert "Fyll i begäran först och skicka sedan dagarna härifrån." in sent
    assert "Fyll i det här innan du skickar." not in sent


def test_a_rule_that_is_set_aside_is_named_with_who_and_why_and_a_short_reason_is_told(
    client: FlaskClient, session: Session
) -> None:
    resource = make_resource()
    resource_service.set_exception(resource, DAY, DAY, [], by=SYSTEM, expected_version=resource.version)
    draft = make_booking(resource, state=LineState.DRAFT)
    grant_role(draft.requested_by, "site_manager", site_scope(resource.site_id))
    browser = sign_in(client, draft.requested_by)
    said = SMALL | {"version": draft.version, "visibility": "organisation", "next": "submit"}

    short = browser.post(f"/bookings/{draft.reference}/edit", data=said | {"override_reason": "kort"}).text
    session.refresh(draft)
    sent = browser.post(
        f"/bookings/{draft.reference}/edit",
        data=said | {"version": draft.version, "override_reason": "Vi öppnar extra för provet."},
    )

    assert "Skriv minst 10 tecken om varför." in short
    assert sent.status_code == 303
    page = browser.get(f"/bookings/{draft.reference}").text
    assert "En regel (öppettider) frångicks av" in page
    assert "En regel frångicks (öppettider): Vi öppnar extra för provet." in page


def test_what_is_wrong_in_one_of_several_lines_is_told_with_which_and_leads_to_its_field(
    client: FlaskClient, session: Session
) -> None:
    organisation = make_organisation()
    browser = sign_in(client, make_member(organisation))
    resources = [make_resource(), make_resource()]
    said = {"day": DAY.isoformat(), "starts": "8", "last_day": "", "ends": "12"}
    typed = {f"line-{number}-{name}": text for number in range(2) for name, text in said.items()}
    keys = {f"line-{number}-resource": f"{one.site.slug}/{one.slug}" for number, one in enumerate(resources)}

    page = browser.post(
        "/bookings/new?line=a&line=b", data=typed | keys | {"line-1-ends": "25", "organisation": organisation.slug}
    ).text

    assert 'href="#line-1-ends">Rad 2, Till: Skriv tiden som timmar och minuter' in page


def test_what_is_missing_at_sea_and_a_late_weather_decision_are_told_at_their_fields(
    client: FlaskClient, session: Session
) -> None:
    draft = make_booking(make_resource(), state=LineState.DRAFT)
    sign_in(client, draft.requested_by)
    late = {"go_day": (DAY + timedelta(days=60)).isoformat(), "go_time": "14"}

    page = client.post(
        f"/bookings/{draft.reference}/edit",
        data={**SMALL, **late, "version": draft.version, "visibility": "free_busy", "answers": "sea", "next": "submit"},
    ).text

    assert 'href="#detail_lookout">Till sjöss: utkiken: Fyll i det här innan du skickar.' in page
    assert 'href="#go_day">Ge besked om vädret innan bokningen börjar.' in page


def test_the_dates_of_a_series_are_shown_at_once_with_what_so_many_of_them_still_need(
    client: FlaskClient, session: Session
) -> None:
    line = make_draft(insurance_reference="", insurance_valid_to=None)
    sign_in(client, line.booking.requested_by)
    first = line.starts_at.astimezone(clock.zone()).date()
    asked = {
        "version": str(line.booking.version), "first_day": first.isoformat(), "starts": "09.00", "ends": "11.00",
        "every": "WEEKLY", "interval": "1", "weekdays": str(first.weekday()), "by_weekday": "day", "count": "3",
        "on_conflict": "refuse", "step": "preview",
    }  # fmt: skip
    url = f"/bookings/{line.booking.reference}/lines/{line.id}/series"

    alone, shown = client.get(url).text, client.post(url, data=asked).text

    assert "Det som saknas" not in alone
    assert "Det som saknas: Försäkring; Försäkringens sista dag." in shown
    assert 'id="dates" tabindex="-1" autofocus' in shown


def test_a_short_reason_is_said_to_be_short_and_conditions_without_words_are_asked_for_at_their_field(
    client: FlaskClient, session: Session
) -> None:
    booking = make_booking()
    [line] = booking.lines
    sign_in(client, make_manager(line.resource.site))
    url, version = f"/bookings/{booking.reference}/lines/{line.id}/decide", line.version

    pages = [
        client.post(url, data={"version": version, "to": to, "reason": reason}).text
        for to, reason in (("declined", "Trasig"), ("declined", ""), ("conditional", ""))
    ]
    cancelled = client.post(f"/bookings/{booking.reference}/lines/{line.id}/cancel",
                            data={"version": version, "reason": "Nej"}).text  # fmt: skip

    told = [re.findall(r'href="#(reason|before)">([^<]+)</a>', page) for page in (*pages, cancelled)]
    assert told == [
        [("reason", "Skriv minst 10 tecken om varför.")],
        [("reason", "Skäl eller fråga: Fyll i det här innan du skickar.")],
        [("before", "Skriv minst ett villkor innan du bekräftar, eller skälet.")],
        [("reason", "Skriv minst 10 tecken om varför.")],
    ]


def test_what_the_owner_asks_for_stands_where_it_is_answered(client: FlaskClient, session: Session) -> None:
    booking = make_booking()
    [line] = booking.lines
    approval_service.decide_line(
        line, LineState.NEEDS_INFO, reason="Vem kör båten den dagen?", by=actor_of(make_manager(line.resource.site)),
        expected_version=line.version,
    )  # fmt: skip

    page = sign_in(client, booking.requested_by).get(f"/bookings/{booking.reference}/edit").text

    assert "Ägaren ber om komplettering</b>: Vem kör båten den dagen?" in page


def test_the_page_that_postpones_one_part_names_it(client: FlaskClient, session: Session) -> None:
    booking = make_booking(make_resource(name_sv="Arbetsbåten"), state=LineState.APPROVED)
    [line] = booking.lines

    page = sign_in(client, make_manager(line.resource.site)).get(f"/bookings/{booking.reference}/lines/{line.id}/move")

    assert "Skjut upp Arbetsbåten</h1>" in " ".join(page.text.split()).replace(" </h1>", "</h1>")


def test_what_takes_no_bookings_is_not_offered_and_nothing_else_is_chosen_instead(
    client: FlaskClient, session: Session
) -> None:
    other, closed = make_resource(), make_resource()
    closed.site.status = SiteStatus.CLOSED
    session.flush()
    url = f"/sites/{closed.site.slug}"
    browser = sign_in(client, make_member(make_organisation()))

    page, asked = browser.get(url).text, browser.get(f"{url}/resources/{closed.slug}/request")
    begun = browser.get(f"/bookings/new?line={closed.site.slug}/{closed.slug}").text

    assert "Platsen är stängd för tillfället" in page and "Be om en tid" not in page
    assert (asked.status_code, asked.location) == (303, url)
    assert '<option value="">Välj</option>' in begun or '<option selected value="">Välj</option>' in begun
    assert f'selected value="{other.site.slug}' not in begun
    assert "Be om en tid" in browser.get(f"/sites/{other.site.slug}").text


def test_who_belongs_to_no_organisation_is_told_why_there_is_nothing_to_press(
    client: FlaskClient, session: Session
) -> None:
    url = f"/sites/{make_resource().site.slug}"

    alone = sign_in(client, make_user()).get(url).text
    member = sign_in(client, make_member(make_organisation())).get(url).text

    assert "Du hör inte till någon än." in alone and "Be om en tid" not in alone
    assert "Du hör inte till någon än." not in member and "Be om en tid" in member
