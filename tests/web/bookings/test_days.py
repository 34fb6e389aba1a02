"""The day of use on its pages, what a draft tells, and what has happened to a booking."""

import re
from datetime import timedelta
from io import BytesIO

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from missions_app import clock
from missions_app.accounts.actor import site_scope
from missions_app.bookings import booking_service, queries, safety_service
from missions_app.bookings.booking_service import BookingContent
from missions_app.bookings.models import LineState, PermitState
from missions_app.bookings.safety_service import PermitAnswer
from missions_app.bookings.tasks import tasks_for
from missions_app.moments import plain_date
from missions_app.workflow.method_service import method_in_force
from tests.factories.accounts import actor_of, grant_role, sign_in
from tests.factories.bookings import SMALL, at, make_booking
from tests.factories.outbox import all_mail
from tests.factories.pictures import make_png
from tests.factories.sites import make_manager, make_resource


@pytest.mark.parametrize("people", ["fyra", "-5", "0", "9" * 30])
def test_how_many_came_has_to_be_a_number_of_people(client: FlaskClient, session: Session, people: str) -> None:
    booking = make_booking(state=LineState.APPROVED)
    line = booking.lines[0]
    url = f"/bookings/{booking.reference}/lines/{line.id}/check-in"

    with clock.fixed(line.starts_at):
        sign_in(client, booking.requested_by)
        answer = client.post(url, data={"people": people, "version": line.version})

    assert answer.status_code == 422
    assert f'<a class="ds-link" href="#people-{line.id}">' in answer.text
    assert f'value="{people}" aria-invalid="true" aria-describedby="why-not"' in answer.text
    assert line.state is LineState.APPROVED


def test_times_on_paper_are_entered_on_a_page_of_their_own(client: FlaskClient, session: Session) -> None:
    booking = make_booking(state=LineState.APPROVED)
    line = booking.lines[0]
    url = f"/bookings/{booking.reference}/lines/{line.id}/afterwards"
    day = clock.day_of(line.starts_at).isoformat()
    typed = {"came_day": day, "came": "8.15", "left_day": day, "left": "11", "people": "3", "version": line.version}

    with clock.fixed(line.ends_at + timedelta(days=1)):
        sign_in(client, booking.requested_by)
        page = client.get(f"/bookings/{booking.reference}").text
        wrong = client.post(url, data={**typed, "left": "7"})
        right = client.post(url, data=typed)

    assert f'href="{url}"' in page
    assert "check-in" not in page
    assert (wrong.status_code, 'value="8.15"' in wrong.text) == (200, True)
    assert (right.status_code, line.state, line.people_present) == (303, LineState.COMPLETED, 3)
    assert line.checked_in_at is not None and line.checked_in_at.astimezone(clock.zone()).minute == 15


def test_a_request_shows_what_a_colleague_has_written_in_it_meanwhile(client: FlaskClient, session: Session) -> None:
    booking = make_booking(state=LineState.DRAFT)
    sign_in(client, booking.requested_by)
    url, opened = f"/bookings/{booking.reference}/edit", booking.version
    theirs = BookingContent(**(SMALL | {"purpose": "Prova två givare", "answers": {"camera": True}}))
    booking_service.save_booking(booking, theirs, by=actor_of(booking.requested_by), expected_version=opened)

    late = client.post(
        url, data={**SMALL, "visibility": "organisation", "purpose": "Prova en boj", "version": opened, "next": "save"}
    )

    assert late.status_code == 409
    assert "Sparat nu: ”Prova två givare”." in late.text
    assert ">Prova en boj</textarea>" in late.text


def test_a_draft_tells_which_permits_its_answers_ask_for(client: FlaskClient, session: Session) -> None:
    booking = make_booking(state=LineState.DRAFT, answers={"camera": True})
    sign_in(client, booking.requested_by)

    page = client.get(f"/bookings/{booking.reference}").text

    assert "Listan görs när du skickar. Svaren kräver: " in page
    assert "Svaren kräver inga tillstånd." not in page


def test_a_permit_is_not_applied_for_in_the_future_and_says_its_days_only_while_it_holds(
    client: FlaskClient, session: Session
) -> None:
    booking = make_booking(answers={"camera": True})
    row = queries.permits_of(booking)[0]
    sign_in(client, booking.requested_by)
    url = f"/bookings/{booking.reference}/permits/{row.permit}"
    first, last = clock.today(), clock.today() + timedelta(days=30)
    held = {"state": "granted", "valid_from": first.isoformat(), "valid_until": last.isoformat()}

    ahead = client.post(url, data={"version": row.version, "state": "applied", "applied_on": last.isoformat()}).text
    short = client.post(url, data={"version": row.version, "state": "not_needed", "reason": "Nej"}).text
    granted = client.post(url, data=held | {"version": row.version}, follow_redirects=True).text
    session.refresh(row)
    refused = client.post(url, data=held | {"version": row.version, "state": "refused"}, follow_redirects=True).text

    assert "Välj dagens datum eller ett tidigare." in ahead
    assert "Skriv varför inget tillstånd behövs, med minst 10 tecken." in short
    assert f"–{plain_date(last)}" in granted
    assert f"–{plain_date(last)}" not in refused


def test_the_history_names_each_permit_and_where_it_stands(client: FlaskClient, session: Session) -> None:
    booking = make_booking(answers={"camera": True})
    row = queries.permits_of(booking)[0]
    by = actor_of(booking.requested_by)
    for answer in (PermitAnswer(PermitState.APPLIED), PermitAnswer(PermitState.NOT_NEEDED, reason="Ingen filmas.")):
        safety_service.set_permit(row, answer, by=by, expected_version=row.version)
        session.flush()
    sign_in(client, booking.requested_by)

    page = client.get(f"/bookings/{booking.reference}").text

    assert ": Sökt<" in page
    assert ": Behövs inte<" in page


def test_nobody_is_asked_to_answer_their_own_request(client: FlaskClient, session: Session) -> None:
    resource = make_resource()
    booking = make_booking(resource)
    manager, colleague = booking.requested_by, make_manager(resource.site)
    grant_role(manager, "site_manager", site_scope(resource.site_id))

    pages = {}
    for who, user in (("asker", manager), ("colleague", colleague)):
        sign_in(client, user)
        pages[who] = client.get(f"/bookings/{booking.reference}").text

    asked = {who: "/decide" in text for who, text in pages.items()}
    assert asked == {"asker": False, "colleague": True}
    assert "Ingen godkänner sin egen begäran." in pages["asker"]
    tasks = [any("Answer" in one.title for one in tasks_for(actor_of(user))) for user in (manager, colleague)]
    assert tasks == [False, True]


def test_a_time_that_is_not_another_is_told_and_nobody_is_written_to(client: FlaskClient, session: Session) -> None:
    booking = make_booking()
    line = booking.lines[0]
    sign_in(client, booking.requested_by)
    start, end = (moment.astimezone(clock.zone()) for moment in (line.starts_at, line.ends_at))
    typed = {"day": start.date().isoformat(), "starts": f"{start:%H:%M}", "ends": f"{end:%H:%M}"}
    written = len(all_mail())

    answer = client.post(f"/bookings/{booking.reference}/lines/{line.id}/plan", data=typed | {"version": line.version})

    assert "Den har redan den tiden. Välj en annan." in answer.text
    assert len(all_mail()) == written


def test_a_time_that_is_over_asks_what_became_of_it_instead_of_offering_to_check_in(
    session: Session, client: FlaskClient
) -> None:
    booking = make_booking(state=LineState.APPROVED)
    line = booking.lines[0]
    url = f"/sites/{line.resource.site.slug}/today"
    pages = []
    for moment in (at(11), at(12)):
        with clock.fixed(moment):
            pages.append(sign_in(client, make_manager(line.resource.site)).get(url).text)

    check_in, afterwards = f"lines/{line.id}/check-in", f"lines/{line.id}/afterwards"
    assert [(check_in in one, afterwards in one) for one in pages] == [(True, True), (False, True)]
    assert ["Tiden är över" in one for one in pages] == [False, True]


def test_a_picture_is_asked_for_again_when_something_else_is_wrong(session: Session, client: FlaskClient) -> None:
    booking = make_booking(state=LineState.APPROVED)
    page = sign_in(client, booking.requested_by).post(
        f"/bookings/{booking.reference}/deviations/new",
        data={"text": "Bojen drev", "photo": (BytesIO(make_png()), "boj.png")},
    ).text  # fmt: skip

    assert "Välj filen igen" in page
    assert "Bojen drev" in page
    assert "Behövs när det finns en bild" in page


def test_those_who_booked_postpone_to_the_held_day_from_their_own_page(session: Session, client: FlaskClient) -> None:
    later = (clock.today() + timedelta(days=17)).isoformat()
    booking = make_booking(state=LineState.APPROVED, reserve_dates=(later,))
    browser, url = sign_in(client, booking.requested_by), f"/bookings/{booking.reference}"

    assert "Skjut upp till" in browser.get(url).text
    form = browser.get(f"{url}/postpone").text
    assert f'value="{later}"' in form
    assert 'value="none"' not in form
    moved = browser.post(f"{url}/postpone", data={"version": booking.version, "day": later, "reason": "Kuling"})

    session.expire_all()
    assert moved.status_code == 303
    assert booking.lines[0].starts_at == at(8, days=17)
    # Nothing is held any more: the button is not there, and the page says why.
    assert "Skjut upp till" not in browser.get(url).text
    assert browser.get(f"{url}/postpone").status_code == 409


def test_a_reserve_date_that_is_set_up_the_evening_before_is_shown_as_held(client: FlaskClient) -> None:
    later = (clock.today() + timedelta(days=17)).isoformat()
    resource = make_resource(setup_minutes=12 * 60)
    booking = make_booking(resource, state=LineState.APPROVED, reserve_dates=(later,))
    url = f"/bookings/{booking.reference}"

    own = sign_in(client, booking.requested_by).get(url).text
    offered = sign_in(client, make_manager(booking.lines[0].resource.site)).get(f"{url}/postpone").text

    assert "Skjut upp till" in own
    assert f'value="{later}"' in offered
    assert "hålls inte längre" not in own + offered


def test_what_was_used_stands_on_the_booking_and_on_paper_with_whom_to_call(
    session: Session, client: FlaskClient
) -> None:
    booking = make_booking(state=LineState.APPROVED, limits={"wind": 8.5}, emergency_contact="Räddningsledaren")
    line, manager = booking.lines[0], make_manager(booking.lines[0].resource.site)
    url, paper = f"/bookings/{booking.reference}", f"/sites/{line.resource.site.slug}/week/paper"
    for act, moment in (("check-in", at(8)), ("check-out", at(10))):
        with clock.fixed(moment):
            browser = sign_in(client, manager)
            blank = browser.get(paper).text
            browser.post(f"{url}/lines/{line.id}/{act}", data={"version": line.version, "people": "5"})
            session.expire_all()
            printed = browser.get(paper).text

    page = sign_in(client, booking.requested_by).get(url).text
    assert "Användes: 5 personer, 08.00–10.00." in page
    assert "08.00–12.00" in page
    came, left, many = ('data-label="In">08.00<', 'data-label="Ut">10.00<', 'data-label="Hur många">5<')
    for words in ("Räddningsledaren", "8,5 m/s", came, left, many):
        assert words in printed
    assert (came in blank, left in blank) == (True, False)


@pytest.mark.parametrize(
    ("hour", "people", "said", "mended"),
    [(8, "fyra", "Skriv hur många som kom som ett heltal", "#people-"), (8, "99", "Det finns plats för 12", "#people-"),
     (3, "4", "Incheckningen öppnar", "/bookings/"), (12, "4", "Tiden är över", "/afterwards")],
)  # fmt: skip
def test_a_check_in_that_is_refused_says_why_on_todays_page_and_keeps_what_was_typed(
    session: Session, client: FlaskClient, hour: int, people: str, said: str, mended: str
) -> None:
    booking = make_booking(make_resource(most_people=12), state=LineState.APPROVED)
    line = booking.lines[0]
    today = f"/sites/{line.resource.site.slug}/today"
    with clock.fixed(at(hour)):
        browser = sign_in(client, make_manager(line.resource.site))
        answer = browser.post(
            f"/bookings/{booking.reference}/lines/{line.id}/check-in",
            data={"version": line.version, "people": people, "from": "site"},
        )

    session.expire_all()
    refusal = re.search(r'<div [^>]*tabindex="-1" autofocus .*?</div>', answer.text, re.DOTALL)
    field = re.search(rf'<input [^>]*id="people-{line.id}"[^>]*>', answer.text)
    assert (answer.status_code in (409, 422), line.state) == (True, LineState.APPROVED)
    assert "<title>Fel: " in answer.text
    assert refusal is not None
    assert answer.text.index('<h2 class="m-gap-xs"') < refusal.start()  # at the booking, not over the page
    assert said in refusal[0]
    assert mended in refusal[0]
    assert (field is None) == (hour == 12)
    if field is not None:
        assert (f'value="{people}"' in field[0], "aria-invalid" in field[0]) == (True, mended == "#people-")
    assert f"next={today}" in answer.text.replace("%2F", "/")


def test_what_was_used_and_closed_stands_on_todays_page_and_no_longer_speaks_of_cancelling(
    session: Session, client: FlaskClient
) -> None:
    booking = make_booking(make_resource(cancel_minutes=30 * 24 * 60, price_ore=100_00), state=LineState.APPROVED)
    line, url = booking.lines[0], f"/bookings/{booking.reference}"
    manager = make_manager(line.resource.site)
    late = "kostar det att avboka"
    before = sign_in(client, booking.requested_by).get(url).text
    for act, moment in (("check-in", at(8)), ("check-out", at(10)), ("close", at(11))):
        with clock.fixed(moment):
            browser = sign_in(client, manager)
            browser.post(f"{url}/lines/{line.id}/{act}", data={"version": line.version, "from": "site"})
            session.expire_all()
            page = browser.get(f"/sites/{line.resource.site.slug}/today").text
    after = sign_in(client, booking.requested_by).get(url).text

    assert line.state is LineState.CLOSED
    assert (booking.reference in page, "Har gått" in page, "Ingen kommer i dag" in page) == (True, True, False)
    assert (late in before, late in after) == (True, False)


def test_what_somebody_else_has_done_meanwhile_is_told_where_the_act_was_sent_from(
    session: Session, client: FlaskClient
) -> None:
    booking = make_booking(state=LineState.APPROVED)
    line, manager = booking.lines[0], make_manager(booking.lines[0].resource.site)
    url = f"/bookings/{booking.reference}/lines/{line.id}"
    with clock.fixed(at(9)):
        browser = sign_in(client, manager)
        seen = {"version": line.version, "from": "site"}
        browser.post(f"{url}/no-show", data=seen)
        session.expire_all()
        answer = browser.post(f"{url}/check-in", data=seen)
        elsewhere = browser.post(f"{url}/check-in", data={"version": seen["version"]})

    assert (answer.status_code, elsewhere.status_code) == (409, 409)
    for page in (answer.text, elsewhere.text):
        assert f"Inget noterades för {booking.reference}" in page
        assert "Du ser hur det står nu." in page
    assert "Ingen kommer i dag" in answer.text
    assert f'<h1 class="ds-heading m-gap-xs" data-size="lg">Bokning {booking.reference}</h1>' in elsewhere.text
    assert "Se bokningen som den är nu" not in elsewhere.text


def test_what_the_state_does_not_allow_is_not_blamed_on_somebody_else(session: Session, client: FlaskClient) -> None:
    booking = make_booking(state=LineState.APPROVED)
    line = booking.lines[0]
    with clock.fixed(at(3)):
        browser = sign_in(client, booking.requested_by)
        answer = browser.post(
            f"/bookings/{booking.reference}/lines/{line.id}/check-in", data={"version": line.version, "people": "2"}
        )

    assert answer.status_code == 409
    assert f"Inget noterades för {booking.reference}" in answer.text
    assert "Incheckningen öppnar" in answer.text
    assert "Någon annan har ändrat" not in answer.text


def test_a_missing_permit_stands_on_the_paper_week_and_is_pointed_to_when_check_in_is_refused(
    session: Session, client: FlaskClient
) -> None:
    booking = make_booking(state=LineState.APPROVED, answers={"camera": True})
    line, manager = booking.lines[0], make_manager(booking.lines[0].resource.site)
    site = f"/sites/{line.resource.site.slug}"
    name = method_in_force().term("permit", queries.permits_of(booking)[0].permit).label.sv
    with clock.fixed(at(8)):
        browser = sign_in(client, manager)
        paper = browser.get(f"{site}/week/paper").text
        refused = browser.post(
            f"/bookings/{booking.reference}/lines/{line.id}/check-in", data={"version": line.version, "from": "site"}
        )
        for row in queries.permits_of(booking):
            answer = PermitAnswer(PermitState.NOT_NEEDED, reason="Ingen filmas vid provet.")
            safety_service.set_permit(
                row, answer, by=actor_of(booking.requested_by), expected_version=row.version
            )  # fmt: skip
        covered = browser.get(f"{site}/week/paper").text

    assert (f"Tillstånd saknas: {name}" in paper, "Tillstånd saknas" in covered) == (True, False)
    assert (refused.status_code, f"/bookings/{booking.reference}#permits" in refused.text) == (409, True)


def test_no_act_opens_for_what_is_over_and_its_page_says_why(session: Session, client: FlaskClient) -> None:
    booking = make_booking(state=LineState.APPROVED)
    line, url = booking.lines[0], f"/bookings/{booking.reference}"
    manager = make_manager(line.resource.site)
    browser = sign_in(client, booking.requested_by)
    offered, opened = f"{url}/cancel" in browser.get(url).text, browser.get(f"{url}/cancel")
    for act, moment in (("check-in", at(8)), ("check-out", at(10))):
        with clock.fixed(moment):
            sign_in(client, manager).post(f"{url}/lines/{line.id}/{act}", data={"version": line.version})
            session.expire_all()
    browser = sign_in(client, booking.requested_by)
    acts = ("/cancel", *(f"/lines/{line.id}/{act}" for act in ("cancel", "time", "afterwards")))
    closed = [browser.get(f"{url}{act}") for act in acts]

    assert (offered, opened.status_code) == (True, 200)
    assert f"{url}/cancel" not in browser.get(url).text
    browser = sign_in(client, manager)
    closed += [browser.get(f"{url}/lines/{line.id}/{act}") for act in ("decide", "move", "cancel")]
    for answer in closed:
        assert answer.status_code == 409
        assert "Det går inte medan bokningen är i läget" in answer.text
        assert 'name="version"' not in answer.text


def test_conditions_of_one_part_that_are_ticked_at_once_are_no_dates(session: Session, client: FlaskClient) -> None:
    booking = make_booking()
    [line] = booking.lines
    browser, url = sign_in(client, make_manager(line.resource.site)), f"/bookings/{booking.reference}"
    browser.post(
        f"{url}/lines/{line.id}/decide",
        data={"version": line.version, "to": "conditional", "before": "Visa försäkringen\nBoka nyckel"},
    )
    for condition in queries.conditions_of(line):
        browser.post(f"{url}/conditions/{condition.id}/tick", data={"version": condition.version})

    page = browser.get(url).text

    assert page.count("Ett villkor bockades av") == 2
    assert "datum" not in page.partition("Vad som har hänt")[2].partition("<aside")[0]
