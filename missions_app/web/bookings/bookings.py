"""The list of bookings, a booking's page, its receipt and its thread of messages."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from flask import Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from missions_app import clock
from missions_app.audit import queries as audit
from missions_app.bookings import (
    calendar,
    cancel_service,
    change_service,
    collision_service,
    coverage,
    day_queries,
    day_service,
    occupancy,
    permits,
    policy,
    prices,
    queries,
    quota_standing,
    reserve_days,
    sending,
    states,
    sweep_service,
    thread_service,
)
from missions_app.bookings.as_one import as_one
from missions_app.bookings.models import Booking, BookingPermit, Condition, ConditionDue, Line, LineState, PermitState
from missions_app.bookings.steps import method_for
from missions_app.comments import queries as comments
from missions_app.comments.models import Visibility
from missions_app.edge.access import actor, signed_in
from missions_app.edge.paging import page_of
from missions_app.edge.words import sentence
from missions_app.errors import NotFound
from missions_app.i18n import _, both
from missions_app.sites import weather
from missions_app.web.bookings.blueprint import bp
from missions_app.web.bookings.fee_words import cancelling_words
from missions_app.web.bookings.forms import DETAILS
from missions_app.web.bookings.histories import thread_of
from missions_app.web.bookings.refusals import Refused
from missions_app.web.bookings.rule_words import rule_words
from missions_app.workflow.method_service import method_in_force

MOST_EVENTS = 1500  # a series has five hundred dates, and what was done to all of them at once is one row
GOOD = (LineState.APPROVED, LineState.ONGOING, LineState.COMPLETED, LineState.CLOSED)


def crumbs_of(booking: Booking) -> list[tuple[str, str]]:
    """The way to a booking's page."""
    return [
        (_("Bookings"), url_for("bookings.list_bookings")),
        (booking.reference, url_for("bookings.show_booking", reference=booking.reference)),
    ]


def readable(reference: str) -> Booking:
    """The booking, or NotFound also when the reader may not know of it."""
    booking = queries.get_booking(reference)
    if not policy.can_read(actor(), booking):
        raise NotFound()
    return booking


@bp.get("/bookings")
@signed_in
def list_bookings() -> ResponseReturnValue:
    """My bookings and those of my organisations; and what waits for my answer."""
    own, now = [int(key) for key in actor().scopes_of("site_manager", "site")], clock.now()
    found = page_of(queries.bookings_for(actor(), now))
    waiting = as_one(queries.lines_waiting(own))
    over = [one for one in found.rows if max(line.ends_at for line in one.lines) < now]
    return render_template(
        "bookings/list_bookings.html",
        bookings=found,
        over=over,
        to_come=[one for one in found.rows if one not in over],
        waiting=waiting,
        held=occupancy.held_until([line for line, _number in waiting]),
        method=method_in_force(),
        state_of=lambda one: states.booking_state([line.state for line in one.lines]),
        live_of=lambda one: [line for line in one.lines if line.state not in states.OVER] or one.lines,
        page_url=lambda number: url_for("bookings.list_bookings", page=number),
    )


@bp.get("/bookings/<reference>/receipt")
@signed_in
def show_receipt(reference: str) -> ResponseReturnValue:
    """Do I have the time? What do I do now? Of what is not sent there is no receipt."""
    booking, method = readable(reference), method_in_force()
    if not policy.was_sent(booking):
        return redirect(url_for("bookings.show_booking", reference=reference), 303)
    sent = [line for line in booking.lines if line.state is not LineState.DRAFT]
    live = [line for line in sent if line.state not in states.OVER]
    with_day = [line for line in live if line.state is not LineState.POSTPONED]
    uncovered, held = coverage.uncovered_permits(booking), occupancy.held_until(live)
    return render_template(
        "bookings/show_receipt.html", booking=booking, method=method, crumbs=crumbs_of(booking), live=live, sent=sent,
        with_day=with_day, is_used=not booking.moving,
        steps=[one for one in queries.permits_of(booking) if one.permit in uncovered],
        is_held=bool(held) or any(line.state is LineState.CONDITIONAL for line in live),
        held_until=min(held.values(), default=None),
        waits=any(line.state in (LineState.SUBMITTED, LineState.NEEDS_INFO) for line in live),
        reserve_days=[date.fromisoformat(one) for one in booking.reserve_dates],
        risks=queries.risks_of(booking), total=sum(line.price_ore for line in with_day),
        fees=sum(line.fee_ore for line in booking.lines),
        can_change=policy.can_change(actor(), booking),
    )  # fmt: skip


@bp.get("/bookings/<reference>")
@signed_in
def show_booking(reference: str) -> ResponseReturnValue:
    """What is booked, from whom, on which terms, and what is left to do."""
    return booking_page(readable(reference))


def booking_page(booking: Booking, refused: Refused | None = None) -> str:
    """A booking's page, with what was refused at its line."""
    reader, lines = actor(), booking.lines
    at, conditions = [line.state for line in lines], queries.conditions_of_lines([line.id for line in lines])
    state, can_change, rows = states.booking_state(at), policy.can_change(reader, booking), queries.permits_of(booking)
    manages = {line.id: policy.manages_line(reader, line) for line in lines}
    is_own = actor().user_id in (booking.requested_by_id, booking.booked_for_id)
    answers, turns = [key for key, does in manages.items() if does and not is_own], turns_of(lines, conditions)
    return render_template(
        "bookings/show_booking.html", booking=booking, refused=refused,
        path=url_for("bookings.show_booking", reference=booking.reference), method=method_for(booking),
        crumbs=crumbs_of(booking),
        permits=rows, risks=queries.risks_of(booking), deviations=queries.deviations_of(booking),
        conditions=conditions, turns=turns, held_until=_held_until(turns, answers),
        overrides={line.id: queries.overrides_of(line) for line in lines if line.state is not LineState.DRAFT},
        rule_words=rule_words,
        basis={line.id: prices.basis_of(line) for line in lines}, uncovered=coverage.uncovered_permits(booking),
        collisions=collision_service.open_cases_of(booking), units=day_queries.units_told(lines),
        is_insured=coverage.is_insured(booking), can_change=can_change, lacking=_lacking(booking),
        quotas=quota_standing.standings_of(booking) if can_change else [],
        cancelling={line.id: cancelling_words(line) for line in lines},
        absent_from={line.id: line.starts_at + day_service.grace_of(line.resource.site) for line in lines},
        manages=manages, managed=[key for key, does in manages.items() if does],
        answers=answers, is_own=is_own, gaps=states.gaps(lines),
        earliest=permits.earliest(booking.answers, method_for(booking), today=clock.today()),
        apply_by=_apply_by(booking, rows),
        today=clock.today(), state=state, now=clock.now(), soon=clock.now() + day_service.EARLY,
        is_draft=policy.is_draft(booking), limits=weather.LIMITS, holds=sending.limits_of(booking),
        is_good=state in GOOD,
        asked=(asked := [line for line in lines if line.state is LineState.NEEDS_INFO]),
        asked_until=min(occupancy.held_until(asked).values(), default=None),
        resting=[line for line in lines if line.state is LineState.POSTPONED],
        unsent=[line for line in lines if line.state is LineState.DRAFT], is_cancelled=states.is_cancelled(at),
        can_grow=can_change and states.can_grow(at), can_cancel=cancel_service.stops_cancelling(booking) is None,
        detail_words=DETAILS, **_thread(booking), **_reserves(booking),
    )  # fmt: skip


def _apply_by(booking: Booking, rows: Sequence[BookingPermit]) -> dict[str, date]:
    """The last day to apply for each permit that nobody has applied for, while the booking is ahead."""
    period = coverage.period_of(booking)
    if period is None or period[0] < clock.today():
        return {}
    needed = [one for one in rows if one.state is PermitState.NEEDED]
    return {one.permit: last for one in needed if (last := sweep_service.apply_by(one)) is not None}


def _lacking(booking: Booking) -> dict[int, list[str]]:
    """What whoever uses each line does not hold on the day, in sentences, by the line's id."""
    found: dict[int, list[str]] = {}
    for line, problem in coverage.unqualified([booking]).get(booking.id, []):
        found.setdefault(line.id, []).append(sentence(problem))
    return found


@dataclass(frozen=True, slots=True)
class Turns:
    """What a sent request waits for: owners' answers, conditions that are not met, owners who then confirm."""

    answers: list[Line]
    unmet: list[Condition]
    confirms: list[Line]


def turns_of(lines: Sequence[Line], conditions: Mapping[int, Sequence[Condition]]) -> Turns:
    """What is waited for, line by line."""
    with_terms = [line for line in lines if line.state is LineState.CONDITIONAL]
    left = {
        line.id: [one for one in conditions[line.id] if one.due is ConditionDue.BEFORE and one.ticked_at is None]
        for line in with_terms
    }
    return Turns(
        [line for line in lines if line.state is LineState.SUBMITTED],
        [one for each in left.values() for one in each],
        [line for line in with_terms if not left[line.id]],
    )


def _held_until(turns: Turns, answers: Sequence[int]) -> datetime | None:
    """Until when all that waits for the reader's answer, else for anybody's, is held; None where nothing is."""
    own = [line for line in turns.answers if line.id in answers]
    return min(occupancy.held_until(own or turns.answers).values(), default=None)


def _thread(booking: Booking) -> dict[str, Any]:
    takes_part = policy.takes_part_in(actor(), booking)
    events = audit.history_of([booking], limit=MOST_EVENTS) if policy.can_read_whole(actor(), booking) else []
    return {
        "takes_part": takes_part, "withheld": policy.withheld(actor(), booking),
        "can_copy": policy.can_copy(actor(), booking), "reads_whole": policy.can_read_whole(actor(), booking),
        "messages": comments.comments_on(booking, [Visibility.AUTHORS]) if takes_part else [],
        "history": thread_of(
            events, {line.id: both(line.resource.name_sv, line.resource.name_en) for line in booking.lines}
        ),
    }  # fmt: skip


def days_to_postpone_to(booking: Booking) -> list[date]:
    """The reserve dates to which the reader may move all of a booking in one step."""
    if not policy.keeps_any(actor(), booking):
        return change_service.days_open_to_askers(booking) if policy.can_change(actor(), booking) else []
    return change_service.days_left(booking)


def _reserves(booking: Booking) -> dict[str, Any]:
    held = {date.fromisoformat(day) for days in reserve_days.held(booking).values() for day in days}
    days, later = [date.fromisoformat(one) for one in booking.reserve_dates], days_to_postpone_to(booking)
    return {
        "reserved": sorted(held), "reserve_days": days, "later_days": later,
        "can_go": policy.decides_day(actor(), booking) and _waits_for_weather(booking, bool(held)),
        "can_postpone": bool(later or change_service.resting_of(booking, actor())),
    }  # fmt: skip


def _waits_for_weather(booking: Booking, has_reserves: bool) -> bool:
    """Whether it is to be said that it goes ahead: others wait for the reserve dates, or a moment was named for it."""
    is_ahead = any(line.state is LineState.APPROVED and line.starts_at > clock.now() for line in booking.lines)
    return change_service.can_decide_go(booking) and (has_reserves or (booking.go_no_go_at is not None and is_ahead))


@bp.post("/bookings/<reference>/messages")
@signed_in
def write_message(reference: str) -> ResponseReturnValue:
    """Say something to the other side."""
    thread_service.write_message(readable(reference), text=request.form.get("text", ""), by=actor())
    flash(_("Your message is sent."))
    return redirect(url_for("bookings.show_booking", reference=reference, _anchor="messages"), 303)


@bp.get("/bookings/<reference>/booking.ics")
@signed_in
def download_calendar(reference: str) -> ResponseReturnValue:
    """The booking as a calendar file."""
    booking = readable(reference)
    url = url_for("bookings.show_booking", reference=reference, _external=True)
    response = Response(calendar.booking_ics(booking, url=url), mimetype="text/calendar")
    response.headers["Content-Disposition"] = f'attachment; filename="{booking.reference}.ics"'
    return response
