"""Time that is given back late costs the same whether it is cancelled, moved away from or shortened."""

from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from missions_app import clock
from missions_app.bookings import (
    approval_service,
    cancel_service,
    change_service,
    series_service,
    statements,
)
from missions_app.bookings.intervals import Interval
from missions_app.bookings.models import Booking, LineState
from missions_app.bookings.series_service import Scope
from missions_app.outbox.mail import Mail
from missions_app.outbox.rendering import renderer
from missions_app.sites.models import Approval, Resource
from tests.factories.accounts import actor_of, sign_in
from tests.factories.bookings import between, make_booking
from tests.factories.organisations import make_member, make_organisation
from tests.factories.outbox import queued_mail
from tests.factories.series import make_series
from tests.factories.sites import make_manager, make_resource

HOUR = 100_00  # öre
USE = between(8, 12)


def _resource(**values: Any) -> Resource:
    return make_resource(price_ore=HOUR, cancel_minutes=24 * 60, notice_minutes=0, **values)


def _booked(resource: Resource, **content: Any) -> Booking:
    organisation = make_organisation()
    user = make_member(organisation)
    waits = resource.approval is not Approval.NONE
    return make_booking(
        resource, use=USE, user=user, organisation=organisation,
        state=LineState.APPROVED if waits else LineState.SUBMITTED, **content,
    )  # fmt: skip


def _by(booking: Booking) -> Any:
    return actor_of(booking.requested_by)


def _change(booking: Booking, use: Interval) -> None:
    line = booking.lines[0]
    change_service.change_time(line, use, by=_by(booking), expected_version=line.version)


def _cancel(booking: Booking) -> None:
    cancel_service.cancel_booking(booking, reason="", by=_by(booking), expected_version=booking.version)


def _late(hours: int = 23) -> Any:
    return clock.fixed(USE.start - timedelta(hours=hours))


FAR = between(8, 12, days=60)
PART = between(11, 20)  # an hour of it is kept


@pytest.mark.parametrize(
    ("use", "fee"),
    [
        (FAR, 4 * HOUR),
        (between(8, 10), 2 * HOUR),  # shortened
        (between(10, 14), 2 * HOUR),  # moved, a part kept
        (between(8, 14), 0),  # lengthened
        (between(12, 16), 4 * HOUR),
    ],
)
def test_what_is_given_back_late_costs_its_price(session: Session, use: Interval, fee: int) -> None:
    booking = _booked(_resource())

    with _late():
        _change(booking, use)

    assert booking.lines[0].fee_ore == fee


@pytest.mark.parametrize("use", [FAR, between(8, 10)])
def test_in_good_time_nothing_costs(session: Session, use: Interval) -> None:
    booking = _booked(_resource())

    with _late(25):
        _change(booking, use)
        _cancel(booking)

    assert booking.lines[0].fee_ore == 0


@pytest.mark.parametrize(
    "steps",
    [
        [FAR], [between(8, 9)], [between(8, 9), FAR], [between(7, 14)], [PART], [PART, FAR],
        [between(10, 14), between(9, 13), between(8, 12)],
    ],
    ids=["far", "shorter", "shorter-far", "longer", "part", "part-far", "to-and-fro"],
)  # fmt: skip
@pytest.mark.parametrize("approval", [Approval.MANAGER, Approval.NONE])
def test_no_way_of_changing_first_makes_a_late_cancellation_cheaper(
    session: Session, steps: list[Interval], approval: Approval
) -> None:
    booking = _booked(_resource(approval=approval))

    with _late():
        for use in steps:
            _change(booking, use)
        _cancel(booking)

    # Also what was taken late and given back: where nobody has to say yes, every new time is confirmed at once.
    assert booking.lines[0].fee_ore >= 4 * HOUR
    if approval is Approval.MANAGER:
        assert booking.lines[0].fee_ore == 4 * HOUR


def test_what_was_kept_in_a_late_change_still_costs_when_it_is_cancelled_later(session: Session) -> None:
    resource = _resource()
    booking, manager = _booked(resource), actor_of(make_manager(resource.site))
    line = booking.lines[0]

    with _late():
        _change(booking, PART)
        approval_service.decide_line(line, LineState.APPROVED, reason="", by=manager, expected_version=line.version)
    fees = [line.fee_ore, line.bound_ore]
    change_service.move_line(line, FAR, reason="Storm", by=manager, expected_version=line.version)
    _cancel(booking)

    assert fees == [3 * HOUR, HOUR]
    # It is the owner who moved it: that costs nothing, and what was bound is let go.
    assert line.fee_ore == 3 * HOUR


def test_an_owner_who_declines_the_new_time_takes_no_more_than_was_given_back(session: Session) -> None:
    resource = _resource()
    booking, manager = _booked(resource), actor_of(make_manager(resource.site))
    line = booking.lines[0]

    with _late():
        _change(booking, PART)
        approval_service.decide_line(
            line, LineState.DECLINED, reason="Vi har stängt då.", by=manager, expected_version=line.version
        )

    assert line.fee_ore == 3 * HOUR


def test_a_series_that_is_moved_late_costs_for_the_dates_that_are_late_only(session: Session) -> None:
    series = make_series(_resource(approval=Approval.NONE))
    lines = sorted(series.booking.lines, key=lambda one: one.starts_at)
    later = [one.starts_at.astimezone(clock.zone()).time().replace(hour=18) for one in lines]

    with clock.fixed(lines[0].starts_at - timedelta(hours=3)):
        series_service.change_series(
            series, str(lines[0].occurs_on), Scope.ALL, starts=later[0], ends=later[0].replace(hour=20),
            by=_by(series.booking), expected_version=series.version,
        )  # fmt: skip

    assert [one.fee_ore > 0 for one in lines] == [True, False, False]


def test_the_fee_stands_in_the_statement_of_the_days_that_were_given_back(session: Session) -> None:
    resource = _resource()
    booking = _booked(resource)

    with _late():
        _change(booking, FAR)
    found = statements.of_site(resource.site_id, USE)
    of_booking = statements.of_booking(booking)

    assert [(one.starts_at, one.fee_ore, one.price_ore, one.to_pay_ore) for one in found] == [
        (USE.start, 4 * HOUR, 0, 4 * HOUR)
    ]
    assert [one.state for one in found] == [LineState.CANCELLED]
    # The new time waits for an answer and costs nothing yet.
    assert of_booking == found


def test_the_page_says_what_it_costs_before_and_after(client: FlaskClient, session: Session) -> None:
    booking = _booked(_resource())
    line = booking.lines[0]
    url, far = f"/bookings/{booking.reference}/lines/{line.id}/time", _local(FAR)

    with _late():
        browser = sign_in(client, booking.requested_by)
        early = browser.get(f"/bookings/{booking.reference}").text
        asked = browser.get(url).text
        done = browser.post(url, data=far | {"version": str(line.version), "resource": str(line.resource.id)},
                            follow_redirects=True)  # fmt: skip

    assert "kostar det att avboka, flytta eller korta" in early
    assert "högst 400" in asked
    assert "Det som lämnades tillbaka sent kostar 400" in done.text
    assert "sent återlämnat 400" in done.text


def _local(use: Interval) -> dict[str, str]:
    start, end = (one.astimezone(clock.zone()) for one in (use.start, use.end))
    return {
        "day": f"{start:%Y-%m-%d}", "last_day": f"{end:%Y-%m-%d}", "starts": f"{start:%H.%M}", "ends": f"{end:%H.%M}",
    }  # fmt: skip


def test_the_owner_and_the_history_are_told_what_each_step_costs_and_until_when(
    client: FlaskClient, session: Session
) -> None:
    booking = _booked(_resource())
    manager, shorter = make_manager(booking.lines[0].resource.site), between(8, 10)
    with _late():
        _change(booking, shorter)
        _cancel(booking)
    changed, cancelled = (queued_mail(one) for one in ("booking_changed", "booking_cancelled"))
    render = renderer("https://missions.example", "Exempelregion")
    texts = [render(Mail(one["to"], one["template"], "sv", one["data"]))[1] for one in (changed, cancelled)]

    assert (changed["to"], cancelled["to"]) == (manager.email, manager.email)
    assert "08.00–12.00. Nu: " in texts[0]
    assert "kostar det dem 200\N{NO-BREAK SPACE}kr." in texts[0]
    assert "kostar det 200\N{NO-BREAK SPACE}kr." in texts[1]
    page = sign_in(client, booking.requested_by).get(f"/bookings/{booking.reference}").text
    assert "kl. 08.00–12.00 till" in page
    assert "kl. 08.00–10.00. Det som lämnades tillbaka sent kostar 200\N{NO-BREAK SPACE}kr." in page
    assert "Avbokad. Det som lämnades tillbaka sent kostar 200\N{NO-BREAK SPACE}kr." in page
    assert "sent återlämnat 400\N{NO-BREAK SPACE}kr" in page


def test_cancelling_says_what_that_has_cost(client: FlaskClient, session: Session) -> None:
    booking = _booked(_resource())
    with _late():
        shown = sign_in(client, booking.requested_by).get(f"/bookings/{booking.reference}").text
        done = client.post(
            f"/bookings/{booking.reference}/cancel",
            data={"version": booking.version, "reason": "Behövs inte."},
            follow_redirects=True,
        ).text
    assert "kostar det att avboka, flytta eller korta" in shown
    assert "Det var sent och kostar 400\N{NO-BREAK SPACE}kr." in done


@pytest.mark.parametrize(
    ("ahead", "words"),
    [
        (25, "utan kostnad att avboka, flytta eller korta till"),
        (23, "när den är bekräftad kostar tid som du lämnar tillbaka sitt pris"),
    ],
)
def test_what_cancelling_will_cost_is_told_before_the_request_is_sent(
    client: FlaskClient, session: Session, ahead: int, words: str
) -> None:
    resource, organisation = _resource(), make_organisation()
    user = make_member(organisation)
    booking = make_booking(resource, use=USE, user=user, organisation=organisation, state=LineState.DRAFT)
    with _late(ahead):
        browser = sign_in(client, user)
        pages = [browser.get(f"/bookings/{booking.reference}{more}").text for more in ("", "/edit")]
    assert [words in one for one in pages] == [True, True]


def test_what_was_booked_keeps_the_price_it_was_booked_at(session: Session) -> None:
    booking = _booked(_resource())
    resource = booking.lines[0].resource
    resource.price_ore = 3 * HOUR
    session.flush()

    (row,), shorter = statements.of_booking(booking), between(8, 10)
    with _late():
        _change(booking, shorter)

    assert (row.hours, row.per_hour_ore, row.price_ore) == (4, HOUR, 4 * HOUR)
    assert booking.lines[0].fee_ore == 2 * HOUR


@pytest.mark.parametrize(("hours_before", "fee"), [(25, 0), (23, 400_00)])
def test_a_late_cancellation_costs_the_price_and_an_early_one_nothing(
    session: Session, hours_before: int, fee: int
) -> None:
    resource = make_resource(price_ore=100_00, cancel_minutes=24 * 60)
    booking = make_booking(resource, state=LineState.APPROVED)

    with clock.fixed(booking.lines[0].starts_at - timedelta(hours=hours_before)):
        cancel_service.cancel_booking(
            booking, reason="", by=actor_of(booking.requested_by), expected_version=booking.version
        )

    assert booking.lines[0].fee_ore == fee


@pytest.mark.parametrize(("by_owner", "fee"), [(False, 4 * HOUR), (True, 0)])
def test_putting_off_late_makes_a_cancellation_cheaper_for_nobody_but_whom_the_owner_moves(
    session: Session, by_owner: bool, fee: int
) -> None:
    booking = _booked(_resource(), reserve_dates=((clock.today() + timedelta(days=40)).isoformat(),))
    manager = actor_of(make_manager(booking.lines[0].resource.site))

    with _late():
        change_service.postpone_to_reserve(
            booking, clock.today() + timedelta(days=31), reason="Kuling", by=manager if by_owner else _by(booking),
            expected_version=booking.version,
        )  # fmt: skip
    line = booking.lines[0]
    assert (line.fee_ore, line.bound_ore) == (0, fee)
    _cancel(booking)

    assert line.fee_ore == fee


def test_whoever_puts_off_late_is_told_what_cancelling_after_that_costs(client: FlaskClient, session: Session) -> None:
    booking = _booked(_resource(), reserve_dates=((clock.today() + timedelta(days=40)).isoformat(),))
    page = f"/bookings/{booking.reference}/postpone"

    with _late():
        asked = sign_in(client, booking.requested_by).get(page).text
        owners = sign_in(client, make_manager(booking.lines[0].resource.site)).get(page).text

    assert ("Du kan skjuta upp ändå" in asked, "Du kan skjuta upp ändå" in owners) == (True, False)
