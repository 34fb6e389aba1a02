"""Series on pages, without JavaScript: looked at, chosen, sent, answered, changed and cancelled."""

import re
from datetime import date, datetime, time, timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from missions_app import clock
from missions_app.bookings import approval_service, change_service, series_queries, series_service
from missions_app.bookings.intervals import Interval
from missions_app.bookings.models import LineState, Series
from missions_app.bookings.recurrence import Every, Pattern, occurrences
from missions_app.bookings.series_check import DateCheck, key_of
from missions_app.i18n import use_locale
from missions_app.moments import local_date, local_datetime
from missions_app.web.bookings.series_words import offers, rule_words
from tests.factories.accounts import actor_of, sign_in
from tests.factories.bookings import make_booking
from tests.factories.series import make_draft, make_series, weekly
from tests.factories.sites import make_manager, make_resource

FIRST = weekly().first_day


def asked(line: object, **more: str) -> dict[str, str]:
    """Three weeks from nine to eleven."""
    return {
        "version": str(line.booking.version), "first_day": FIRST.isoformat(), "starts": "09.00", "ends": "11.00",  # type: ignore[attr-defined]
        "every": "WEEKLY", "interval": "1", "weekdays": str(FIRST.weekday()), "by_weekday": "day", "count": "3",
        "on_conflict": "refuse", **more,
    }  # fmt: skip


def url_of(line: object) -> str:
    return f"/bookings/{line.booking.reference}/lines/{line.id}/series"  # type: ignore[attr-defined]


def states_of(series: Series) -> list[LineState]:
    return [one.state for one in series_queries.lines_of(series)]


def test_the_dates_are_shown_before_anything_is_held_and_then_sent(client: FlaskClient, session: Session) -> None:
    line = make_draft()
    sign_in(client, line.booking.requested_by)

    shown = client.post(url_of(line), data=asked(line, step="preview"))
    assert "3 dagar" in shown.text
    assert line.state is LineState.DRAFT

    sent = client.post(url_of(line), data=asked(line, step="book"))
    series = session.query(Series).one()
    assert sent.headers["Location"] == f"/bookings/{line.booking.reference}/series/{series.id}"
    assert states_of(series) == [LineState.SUBMITTED] * 3


@pytest.mark.parametrize(("chosen", "dates"), [("leave_out", 2), ("first", 3)])
def test_a_date_that_is_taken_is_named_and_chosen_about(
    client: FlaskClient, session: Session, chosen: str, dates: int
) -> None:
    line = make_draft()
    second = FIRST + timedelta(days=7)
    start = datetime.combine(second, datetime.min.time().replace(hour=10), clock.zone())
    make_booking(line.resource, use=Interval(start, start + timedelta(hours=1)))
    sign_in(client, line.booking.requested_by)

    shown = client.post(url_of(line), data=asked(line, step="book", on_conflict="ask")).text
    assert "Några dagar går inte att få" in shown
    select = shown.split(f'name="choice-{second}T09:00"')[1].split("</select>")[0]
    offers = [part.split('"')[0] for part in select.split('<option value="')[1:]]
    choice = offers[1] if chosen == "first" else chosen
    sent = client.post(
        url_of(line), data=asked(line, step="book", on_conflict="ask", **{f"choice-{second}T09:00": choice})
    )

    assert sent.status_code == 303
    assert len(states_of(session.query(Series).one())) == dates


@pytest.mark.parametrize(
    ("change", "words"),
    [({"count": ""}, "Ange hur många gånger"), ({"count": "900"}, "fler än 500"), ({"starts": "nio"}, "08.00"),
     ({"version": "99"}, "har ändrat")],
)  # fmt: skip
def test_what_is_wrong_is_said_and_nothing_typed_is_lost(
    client: FlaskClient, session: Session, change: dict[str, str], words: str
) -> None:
    line = make_draft()
    sign_in(client, line.booking.requested_by)
    answer = client.post(url_of(line), data=asked(line, step="book", **change))
    assert answer.status_code == 200
    assert words in answer.text
    assert f'value="{FIRST.isoformat()}"' in answer.text


def test_the_owner_answers_all_dates_in_one_step(client: FlaskClient, session: Session) -> None:
    series = make_series()
    sign_in(client, make_manager(series.resource.site))
    url = f"/bookings/{series.booking.reference}/series/{series.id}"
    assert "3 dagar väntar på ditt svar" in client.get(url).text
    client.post(f"{url}/decide", data={"version": series.version, "to": "approved", "reason": ""})
    assert states_of(series) == [LineState.APPROVED] * 3


def test_hours_are_changed_from_one_date_and_dates_given_back(client: FlaskClient, session: Session) -> None:
    series = make_series()
    sign_in(client, series.booking.requested_by)
    url = f"/bookings/{series.booking.reference}/series/{series.id}"
    second = series_queries.lines_of(series)[1].occurs_on
    changed = client.post(
        f"{url}/dates/{second}/change",
        data={"version": series.version, "scope": "following", "starts": "13", "ends": "15", "on_conflict": "refuse"},
    )
    session.refresh(series)
    first = series_queries.lines_of(series)[0].occurs_on
    cancelled = client.post(
        f"{url}/dates/{first}/cancel", data={"version": series.version, "scope": "all", "reason": ""}
    )

    assert (changed.status_code, cancelled.status_code) == (303, 303)
    assert states_of(series) == [LineState.CANCELLED]
    later = session.query(Series).order_by(Series.id.desc()).first()
    assert later is not None
    assert [one.starts_at.astimezone(clock.zone()).hour for one in series_queries.lines_of(later)] == [13, 13]


def test_the_booking_leads_to_its_series_and_a_draft_to_repeating_it(client: FlaskClient, session: Session) -> None:
    series, draft = make_series(), make_draft()
    sign_in(client, series.booking.requested_by)
    assert f"/series/{series.id}" in client.get(f"/bookings/{series.booking.reference}").text
    sign_in(client, draft.booking.requested_by)
    assert url_of(draft) in client.get(f"/bookings/{draft.booking.reference}").text


def test_a_date_that_ends_the_day_after_says_so_and_giving_dates_back_says_which_it_is_about(
    client: FlaskClient, session: Session
) -> None:
    series = make_series()
    sign_in(client, series.booking.requested_by)
    url = f"/bookings/{series.booking.reference}/series/{series.id}"
    [first, *_rest] = series_queries.lines_of(series)
    hours = {"version": series.version, "scope": "this", "starts": "15", "ends": "14", "on_conflict": "refuse"}

    told = client.get(f"{url}/dates/{first.occurs_on}/change").text
    client.post(f"{url}/dates/{first.occurs_on}/change", data=hours)

    assert "En tid före den första räknas till dagen efter." in told
    assert f"15.00–{local_datetime(first.ends_at)}" in client.get(url).text
    assert f"Det gäller {local_date(first.starts_at)}." in client.get(f"{url}/dates/{first.occurs_on}/cancel").text


def test_in_my_bookings_a_series_is_so_many_dates_and_what_was_given_back_is_not_counted(
    client: FlaskClient, session: Session
) -> None:
    series = make_series()
    browser = sign_in(client, series.booking.requested_by)
    [first, *_rest] = series_queries.lines_of(series)
    page = " ".join(browser.get("/bookings").text.split())

    browser.post(
        f"/bookings/{series.booking.reference}/series/{series.id}/dates/{first.occurs_on}/cancel",
        data={"version": series.version, "scope": "this", "reason": ""},
    )

    assert "</a>, 3 dagar <span" in page
    assert "</a>, 2 dagar <span" in " ".join(browser.get("/bookings").text.split())


def taken_second(line: object) -> str:
    """The second of three dates is taken; its name."""
    second = FIRST + timedelta(days=7)
    start = datetime.combine(second, datetime.min.time().replace(hour=10), clock.zone())
    make_booking(line.resource, use=Interval(start, start + timedelta(hours=1)))  # type: ignore[attr-defined]
    return f"choice-{second}T09:00"


@pytest.mark.parametrize(
    ("on_conflict", "offered"),
    [("refuse", []), ("skip", ["", "leave_out"]), ("ask", ["", "+", "+", "+", "leave_out"])],
)
def test_only_what_would_be_done_is_offered_for_a_date(
    client: FlaskClient, session: Session, on_conflict: str, offered: list[str]
) -> None:
    line = make_draft()
    name = taken_second(line)
    sign_in(client, line.booking.requested_by)

    shown = client.post(url_of(line), data=asked(line, step="book", on_conflict=on_conflict)).text

    select = shown.split(f'name="{name}"')[1].split("</select>")[0] if f'name="{name}"' in shown else ""
    values = [part.split('"')[0] for part in select.split('<option value="')[1:]]
    assert ["+" if "/" in one else one for one in values] == offered
    assert ("så inget är gjort" in shown) == (on_conflict == "refuse")


def test_a_date_left_out_of_a_change_is_called_what_it_is_cancelled(client: FlaskClient, session: Session) -> None:
    series = make_series()
    second = series_queries.lines_of(series)[1]
    make_booking(series.resource, use=Interval(second.ends_at, second.ends_at + timedelta(hours=1)))
    sign_in(client, series.booking.requested_by)
    url = f"/bookings/{series.booking.reference}/series/{series.id}/dates/{second.occurs_on}/change"

    page = client.post(
        url, data={"version": series.version, "scope": "all", "starts": "9", "ends": "12", "on_conflict": "skip"}
    ).text

    assert "Avboka de dagar jag pekar ut" in page
    assert '<option value="leave_out">Avboka dagen</option>' in page
    assert "Hoppa över" not in page


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"weekdays": (0, 2)}, "Varje vecka (mån, ons) 09.00–11.00"),
        ({"interval": 2}, "Varannan vecka 09.00–11.00"),
        ({"interval": 3, "every": Every.DAY}, "Var 3:e dag 09.00–11.00"),
    ],
)
def test_a_rule_in_words_says_on_which_days(more: dict[str, Any], words: str) -> None:
    with use_locale("sv"):
        assert rule_words(weekly(3, **more)).startswith(words)


@pytest.mark.parametrize(
    "chosen", ["2027-03-01T09:00/2027-03-01T11:00", "2027-03-01T09:00+01:00/2027-03-01T11:00", "x"]
)
def test_a_time_that_is_no_instant_is_not_chosen(client: FlaskClient, session: Session, chosen: str) -> None:
    line = make_draft()
    name = taken_second(line)
    sign_in(client, line.booking.requested_by)
    answer = client.post(url_of(line), data=asked(line, step="book", on_conflict="ask", **{name: chosen}))
    assert answer.status_code == 200
    assert "Några dagar går inte att få" in answer.text


def test_the_owner_sees_which_dates_each_answer_is_about(client: FlaskClient, session: Session) -> None:
    series = make_series()
    first, manager = series_queries.lines_of(series)[0], make_manager(series.resource.site)
    approval_service.decide_line(
        first, LineState.NEEDS_INFO, reason="Vilken båt blir det?", by=actor_of(manager), expected_version=first.version
    )
    sign_in(client, manager)
    url = f"/bookings/{series.booking.reference}/series/{series.id}"

    assert "2 dagar väntar på ditt svar" in client.get(url).text
    asked = client.get(f"{url}/decide").text
    client.post(f"{url}/decide", data={"version": series.version, "to": "declined", "reason": "Hallen byggs om."})
    after = client.get(f"{url}/decide")

    assert "Godkänn, 2 dagar" in asked
    assert "Avslå, 3 dagar" in asked
    assert "(Komplettering begärd)" in asked
    assert after.status_code == 409
    assert states_of(series) == [LineState.DECLINED] * 3


def offered_for(page: str, name: str) -> list[str]:
    """The values that can be chosen for a date, the one that is chosen with a star."""
    select = page.split(f'name="{name}"')[1].split("</select>")[0]
    return [
        part.split('"')[0] + "*" * ("selected" in part.split(">")[0]) for part in select.split('<option value="')[1:]
    ]


def test_a_time_chosen_for_a_date_stays_chosen_when_the_dates_are_shown_again(
    client: FlaskClient, session: Session
) -> None:
    line = make_draft()
    name = taken_second(line)
    sign_in(client, line.booking.requested_by)
    page = client.post(url_of(line), data=asked(line, step="preview", on_conflict="ask")).text
    choice = offered_for(page, name)[1]

    again = client.post(url_of(line), data=asked(line, step="preview", on_conflict="ask", **{name: choice})).text

    assert "Alla går att få" in again
    assert offered_for(again, name) == ["", f"{choice}*", "leave_out"]


def test_a_time_on_another_day_than_its_date_says_which(client: FlaskClient, session: Session) -> None:
    line = make_draft()
    name = taken_second(line)
    start = datetime.combine(FIRST + timedelta(days=8), datetime.min.time().replace(hour=9), clock.zone())
    choice = f"{start.isoformat()}/{(start + timedelta(hours=2)).isoformat()}"
    sign_in(client, line.booking.requested_by)

    page = client.post(url_of(line), data=asked(line, step="preview", on_conflict="ask", **{name: choice})).text

    assert f"{local_datetime(start)}–11.00" in page.split("</h3>")[2]


def test_what_was_chosen_for_one_date_stays_while_another_is_decided_about(
    client: FlaskClient, session: Session
) -> None:
    series = make_series()
    second, third = series_queries.lines_of(series)[1:]
    for one in (second, third):
        make_booking(series.resource, use=Interval(one.ends_at, one.ends_at + timedelta(hours=1)))
    sign_in(client, series.booking.requested_by)
    url = f"/bookings/{series.booking.reference}/series/{series.id}/dates/{second.occurs_on}/change"
    hours = {"version": series.version, "scope": "all", "starts": "9", "ends": "12", "on_conflict": "ask"}
    names = [f"choice-{one.occurs_on}" for one in (second, third)]
    first_choice = offered_for(client.post(url, data=hours).text, names[0])[1]

    page = client.post(url, data=hours | {names[0]: first_choice}).text
    changed = client.post(url, data=hours | {names[0]: first_choice, names[1]: offered_for(page, names[1])[1]})

    assert f"{first_choice}*" in offered_for(page, names[0])
    assert changed.status_code == 303


def test_an_owner_is_told_before_that_cancelling_dates_needs_a_reason(client: FlaskClient, session: Session) -> None:
    series = make_series()
    [first, *_rest] = series_queries.lines_of(series)
    url = f"/bookings/{series.booking.reference}/series/{series.id}/dates/{first.occurs_on}/cancel"

    owners = sign_in(client, make_manager(series.resource.site)).get(url).text
    askers = sign_in(client, series.booking.requested_by).get(url).text

    assert "(frivilligt)" not in owners.split(">Skäl")[1].split("<textarea")[0]
    assert "(frivilligt)" in askers.split(">Skäl")[1].split("<textarea")[0]


def test_what_other_hours_or_giving_dates_back_late_comes_to_is_said_when_it_is_done(
    client: FlaskClient, session: Session
) -> None:
    resource = make_resource(price_ore=100_00, cancel_minutes=24 * 60, notice_minutes=0)
    series = make_series(resource)
    manager = actor_of(make_manager(resource.site))
    series_service.decide_series(series, LineState.APPROVED, reason="", by=manager, expected_version=series.version)
    [first, second, _third] = series_queries.lines_of(series)
    url = f"/bookings/{series.booking.reference}/series/{series.id}/dates"

    with clock.fixed(first.starts_at - timedelta(hours=3)):
        browser = sign_in(client, series.booking.requested_by)
        changed = browser.post(
            f"{url}/{second.occurs_on}/change", follow_redirects=True,
            data={"version": series.version, "scope": "this", "starts": "13", "ends": "15", "on_conflict": "refuse"},
        ).text  # fmt: skip
        session.refresh(series)
        cancelled = browser.post(
            f"{url}/{first.occurs_on}/cancel", follow_redirects=True,
            data={"version": series.version, "scope": "this", "reason": ""},
        ).text  # fmt: skip

    assert "Tiden är ändrad. Ägaren får frågan på nytt." in changed
    assert "Det var sent och kostar 200" in cancelled


def test_an_answer_is_about_the_dates_that_were_read_and_no_others(client: FlaskClient, session: Session) -> None:
    series = make_series()
    url = f"/bookings/{series.booking.reference}/series/{series.id}/decide"
    [_first, second, _third] = series_queries.lines_of(series)
    answer = {"version": series.version, "to": "approved", "reason": ""}
    by = actor_of(series.booking.requested_by)
    later = Interval(second.starts_at + timedelta(hours=6), second.ends_at + timedelta(hours=6))
    change_service.change_time(second, later, by=by, expected_version=second.version)

    refused = sign_in(client, make_manager(series.resource.site)).post(url, data=answer)
    again = client.post(
        url, data=answer | {"version": re.findall(r'name="version"[^>]*value="(\d+)"', refused.text)[0]}
    )

    assert refused.status_code == 409
    assert "Någon annan har ändrat" in refused.text
    assert again.status_code == 303
    assert states_of(series) == [LineState.APPROVED] * 3


@pytest.mark.parametrize(
    ("starts", "ends", "said"),
    [
        (time(2), time(5), ["En timme tidigare: 01.00–05.00", "En timme senare: 03.00–05.00"]),
        (time(0), time(2, 30), ["En timme tidigare: 00.00–01.30", "En timme senare: 00.00–03.30"]),
        (time(1, 30), time(2, 30), ["En timme senare: 01.30–03.30"]),
    ],
)
def test_what_can_be_chosen_where_the_clocks_skip_a_time_says_what_it_comes_to(
    starts: time, ends: time, said: list[str]
) -> None:
    night = Pattern(date(2027, 3, 28), starts, ends, Every.DAY, count=1)
    [one] = occurrences(night, clock.zone())
    check = DateCheck(key_of(one.local), one, None)
    with use_locale("sv"):
        assert [words for _value, words in offers(check, "refuse", "Hoppa över den")] == [*said, "Hoppa över den"]
