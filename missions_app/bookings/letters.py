"""Who is told what about a booking, by mail. Queued in the transaction, so nobody is told of what did not happen."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from missions_app import db
from missions_app.accounts.actor import site_scope
from missions_app.accounts.models import User
from missions_app.accounts.queries import users_with
from missions_app.bookings import calendar, occupancy, queries, reserve_days, states
from missions_app.bookings.intervals import Interval
from missions_app.bookings.models import Booking, Line, LineState
from missions_app.bookings.outside_models import OutsideCalendar, OutsideConflict
from missions_app.bookings.outside_read import Unread
from missions_app.missions.models import Mission
from missions_app.outbox.mail import queue_mail
from missions_app.partnerships.models import Partner
from missions_app.sites.models import Resource, Site
from missions_app.workflow.gate_queries import outcome_of
from missions_app.workflow.method_service import method_in_force, method_of
from missions_app.workflow.models import GateDecision

# A letter names so many events; the rest stand at the calendar.
MOST_TOLD = 10


def askers(booking: Booking) -> list[User]:
    """Whoever asked, and the colleague it is for."""
    both = [booking.requested_by, *([booking.booked_for] if booking.booked_for else [])]
    return list({user.id: user for user in both}.values())


def managers(lines: Iterable[Line]) -> list[User]:
    """The managers of the lines' sites, each once. Nobody is told of what is not sent to them yet."""
    scopes = sorted({site_scope(line.resource.site_id) for line in lines if line.state is not LineState.DRAFT})
    return users_with("site_manager", *scopes)


def _name(resource: Resource, user: User) -> str:
    return resource.name_en if user.locale == "en" and resource.name_en else resource.name_sv


def _names(lines: Iterable[Line], user: User) -> str:
    """What the lines are about, each thing once: a series has many lines of the same."""
    return ", ".join(dict.fromkeys(_name(line.resource, user) for line in lines))


def _when(moment: datetime | None) -> str:
    return moment.isoformat() if moment else ""


def tell_managers(booking: Booking, lines: Sequence[Line]) -> None:
    """The managers of each site get one letter about what is asked for there; nobody about their own request."""
    by_site: dict[int, list[Line]] = {}
    for line in lines:
        by_site.setdefault(line.resource.site_id, []).append(line)
    for site_id, asked in by_site.items():
        waiting = [line for line in asked if line.state is LineState.SUBMITTED]
        with db.session.no_autoflush:
            managing = users_with("site_manager", site_scope(site_id))
        own = (booking.requested_by_id, booking.booked_for_id)
        for user in managing:
            if user.id in own:
                continue
            queue_mail(
                user.email, "booking_submitted", locale=user.locale, reference=booking.reference,
                resource=_names(asked, user), starts_at=_when(asked[0].starts_at),
                held_until=_when(_answer_by(booking, waiting)), is_waiting=bool(waiting),
            )  # fmt: skip


def tell_colleague(booking: Booking, lines: Sequence[Line], *, by_id: int | None, name: str) -> None:
    """The colleague a request is for learns that it has been sent, unless they sent it themselves: the answers come to
    them, and they may change and cancel it."""
    user = booking.booked_for
    if user is None or user.id == by_id:
        return
    queue_mail(
        user.email, "booking_for_you", locale=user.locale, reference=booking.reference, name=name,
        resource=_names(lines, user), starts_at=_when(min(line.starts_at for line in lines)),
        held_until=_when(_answer_by(booking, lines)),
    )  # fmt: skip


def _answer_by(booking: Booking, lines: Iterable[Line]) -> datetime | None:
    """Until when time is held for what has just been sent: its hold ends, or its use begins. None where none is."""
    starts = [line.starts_at for line in lines if line.state is LineState.SUBMITTED and line.resource.requests_hold]
    return min(booking.held_until, *starts) if booking.held_until and starts else None


def tell_decided(lines: Sequence[Line], conditions: Sequence[str] = ()) -> None:
    """Whoever asked learns the owner's answer to one line, or the same answer to several, and that the rest is held
    where something is left. One answer is one letter: the yes that confirms all of the booking comes with that."""
    booking, answer = lines[0].booking, lines[0].state
    live = [one.state for one in booking.lines if one.state not in states.OVER]
    if answer is LineState.APPROVED and all(one is LineState.APPROVED for one in live):
        tell_confirmed(booking, lines, conditions)
        return
    until = min(occupancy.held_until(lines).values(), default=None) if answer is LineState.NEEDS_INFO else None
    for user in askers(booking):
        words = method_in_force().term("booking_state", answer.value).label.in_(user.locale)
        queue_mail(
            user.email, "booking_decided", locale=user.locale, reference=booking.reference, state=words,
            reason=lines[0].decision_reason, resource=_names(lines, user), conditions=list(conditions),
            is_gap=bool(live) and answer in (LineState.DECLINED, LineState.EXPIRED), answer=answer.value,
            held_until=_when(until), **_each(lines, user),
        )  # fmt: skip


def _each(lines: Sequence[Line], user: User) -> dict[str, Any]:
    """Each line of a letter with its time, no more than can be read, and how many are left out; none where the booking
    has no other."""
    told = lines[:MOST_TOLD] if len(lines[0].booking.lines) > 1 else []
    return {
        "lines": [{"name": _name(one.resource, user), "starts_at": _when(one.starts_at)} for one in told],
        "more": max(len(lines) - MOST_TOLD, 0),
    }


def tell_confirmed(booking: Booking, answered: Sequence[Line] = (), conditions: Sequence[str] = ()) -> None:
    """Everything is confirmed: when and where, how to get in, whom to call, with the booking as a calendar file.

    Args:
        answered: what the owner has just said yes to, and whose words come along; none where nobody had to answer.
        conditions: what the owner asks for on site.
    """
    live = [line for line in booking.lines if line.state is LineState.APPROVED]
    for user in askers(booking):
        sites = {line.resource.site_id: line.resource.site for line in live}
        queue_mail(
            user.email, "booking_confirmed", locale=user.locale, reference=booking.reference,
            lines=[
                {"name": _name(line.resource, user), "starts_at": _when(line.starts_at), "ends_at": _when(line.ends_at)}
                for line in live
            ],
            sites=[_site(site, user) for site in sites.values()], reserve_dates=reserve_days.held_days(booking),
            answered=_names(answered, user), reason=answered[0].decision_reason if answered else "",
            conditions=list(conditions),
        )  # fmt: skip


def _site(site: Site, user: User) -> dict[str, str]:
    return {
        "name": site.name_en if user.locale == "en" and site.name_en else site.name_sv,
        "access": text_of(site, "access_instructions", user.locale),
        "safety": text_of(site, "safety_rules", user.locale),
        "contact": ", ".join(part for part in (site.contact_function, site.contact_email) if part),
    }  # fmt: skip


def text_of(site: Site, key: str, locale: str) -> str:
    """One of the entry's texts in a language, in Swedish where it has no other; "" when there is none."""
    value = site.details.get(key)
    if isinstance(value, dict):
        return str(value.get(locale) or value.get("sv") or "")
    return str(value or "")


def tell_moved(booking: Booking, moved: Sequence[tuple[Line, datetime]], *, reason: str, uncovered: Sequence[str],
               by_id: int | None) -> None:  # fmt: skip
    """Everybody who takes part learns the old and the new time, and which permits the new one lacks.

    Args:
        moved: the lines and when each began before.
        uncovered: the method's keys of the permits that do not cover the new time.
    """
    for user in {user.id: user for user in (*askers(booking), *managers(line for line, _was in moved))}.values():
        if user.id == by_id:
            continue
        queue_mail(
            user.email, "booking_postponed", locale=user.locale, reference=booking.reference, reason=reason,
            lines=[
                {"name": _name(line.resource, user), "from": _when(was), "starts_at": _when(line.starts_at)}
                for line, was in moved
            ],
            starts_at=_when(min(line.starts_at for line, _was in moved)), permits=_permits(uncovered, user.locale),

        )  # fmt: skip


def tell_put_off(booking: Booking, resting: Sequence[Line], *, reason: str, by_id: int | None) -> None:
    """Everybody who takes part learns what is postponed without a new day, also the owners of what else is booked."""
    for user in {user.id: user for user in (*askers(booking), *managers(states.standing(booking.lines)))}.values():
        if user.id != by_id:
            queue_mail(
                user.email, "booking_put_off", locale=user.locale, reference=booking.reference, reason=reason,
                resource=_names(resting, user), starts_at=_when(min(line.starts_at for line in resting)),
            )  # fmt: skip


def tell_goes_ahead(booking: Booking, *, by_id: int | None) -> None:
    """Both sides learn that it has been decided to go ahead, and that the reserve dates are given back."""
    for user, _answers in _both(booking, states.standing(booking.lines), by_id):
        queue_mail(
            user.email, "booking_goes_ahead", locale=user.locale, reference=booking.reference,
            resource=_names(booking.moving, user), starts_at=_when(min(line.starts_at for line in booking.moving)),
            has_reserves=bool(booking.reserve_dates),
        )  # fmt: skip


def tell_reserve_given_up(booking: Booking, day: str, *, reason: str, by_id: int | None) -> None:
    """Those who booked, and the other owners, learn that a reserve date is no longer held."""
    for user in {user.id: user for user in (*askers(booking), *managers(states.standing(booking.lines)))}.values():
        if user.id != by_id:
            queue_mail(
                user.email, "booking_reserve_given_up", locale=user.locale, reference=booking.reference, day=day,
                reason=reason, left=reserve_days.held_days(booking),
            )  # fmt: skip


def _permits(keys: Iterable[str], locale: str) -> list[str]:
    method = method_in_force()
    return [method.term("permit", key).label.in_(locale) for key in keys]


def tell_change_asked(line: Line, was: Interval, *, by_id: int | None, fee_ore: int = 0) -> None:
    """The owner, and those who booked besides whoever did it, learn that a time was changed and what giving the old one
    back costs; the owner also whether it waits for an answer."""
    for user, answers in _both(line.booking, [line], by_id):
        queue_mail(
            user.email, "booking_changed", locale=user.locale, reference=line.booking.reference,
            resource=_name(line.resource, user), was=_when(was.start), was_until=_when(was.end),
            starts_at=_when(line.starts_at), ends_at=_when(line.ends_at), fee_ore=fee_ore,
            **_asking([line], answers=answers),
        )  # fmt: skip


def _both(booking: Booking, lines: Sequence[Line], by_id: int | None) -> list[tuple[User, bool]]:
    """Everybody on both sides but whoever did it, and whether they are of those who answer."""
    found = {user.id: (user, False) for user in askers(booking)}
    found |= {user.id: (user, True) for user in managers(lines)}
    return [each for key, each in found.items() if key != by_id]


def _asking(lines: Sequence[Line], *, answers: bool) -> dict[str, Any]:
    """Whether the reader has to answer about lines, and whether these hold their time meanwhile."""
    waiting = [line for line in lines if line.state is LineState.SUBMITTED]
    return {
        "needs_answer": answers and bool(waiting), "is_held": any(line.resource.requests_hold for line in waiting),
    }  # fmt: skip


def tell_series_changed(booking: Booking, lines: Sequence[Line], *, by_id: int | None, fee_ore: int = 0) -> None:
    """The same about several dates of a series that have other hours."""
    for user, answers in _both(booking, lines, by_id):
        queue_mail(
            user.email, "booking_series_changed", locale=user.locale, reference=booking.reference,
            resource=_names(lines, user), starts_at=_when(lines[0].starts_at), ends_at=_when(lines[0].ends_at),
            dates=len(lines), fee_ore=fee_ore, **_asking(lines, answers=answers),
        )  # fmt: skip


def tell_cancelled(lines: Sequence[Line], *, reason: str, by_id: int | None, by_owner: bool, fee_ore: int = 0) -> None:
    """Those who had the time learn that it was given back, why, and what that costs them; where they did it themselves
    the owner too."""
    booking = lines[0].booking
    for user, _answers in _both(booking, () if by_owner else lines, by_id):
        queue_mail(
            user.email, "booking_cancelled", locale=user.locale, reference=booking.reference, reason=reason,
            resource=_names(lines, user), starts_at=_when(lines[0].starts_at),
            by_owner=by_owner, fee_ore=fee_ore, **_each(lines, user),
        )  # fmt: skip


def tell_released(lines: Sequence[Line], mission: Mission, decision: GateDecision, *, by_id: int | None) -> None:
    """Those who booked and the owners learn that time was given back because of what was decided on the mission."""
    gate, booking = method_of(mission.journey.method_version).gate(decision.gate), lines[0].booking
    outcome = outcome_of(gate, decision.outcome).label
    for user in {user.id: user for user in (*askers(booking), *managers(lines))}.values():
        if user.id != by_id:
            queue_mail(
                user.email, "booking_cancelled", locale=user.locale, reference=booking.reference,
                reason=decision.reasons, resource=_names(lines, user), starts_at=_when(lines[0].starts_at),
                by_owner=False, fee_ore=0, mission=mission.reference, title_sv=mission.title_sv,
                title_en=mission.title_en, outcome_sv=outcome.sv, outcome_en=outcome.en,
            )  # fmt: skip


def tell_expired(lines: Sequence[Line]) -> None:
    """Whoever asked learns that nobody answered in time, and the owners that the time is free again: one letter each
    about all of a booking that concerns them."""
    by_booking: dict[int, list[Line]] = {}
    for line in sorted(lines, key=lambda one: (one.starts_at, one.id)):
        by_booking.setdefault(line.booking_id, []).append(line)
    for freed in by_booking.values():
        booking = freed[0].booking
        told: dict[int, tuple[User, list[Line]]] = {user.id: (user, freed) for user in askers(booking)}
        for line in freed:
            for user in managers([line]):
                _user, own = told.setdefault(user.id, (user, []))
                if line not in own:
                    own.append(line)
        for user, own in told.values():
            queue_mail(
                user.email, "booking_expired", locale=user.locale, reference=booking.reference,
                resource=_names(own, user), starts_at=_when(own[0].starts_at), **_each(own, user),
                dedupe_key=f"booking_expired:{min(one.id for one in own)}:{user.id}:{_when(booking.held_until)}",
            )  # fmt: skip


def tell_no_show(line: Line, *, by_id: int | None) -> None:
    """Whoever booked learns that the owner has noted that nobody came, and what it costs."""
    for user in askers(line.booking):
        if user.id != by_id:
            queue_mail(
                user.email, "booking_no_show", locale=user.locale, reference=line.booking.reference,
                resource=_name(line.resource, user), starts_at=_when(line.starts_at), price_ore=line.price_ore,
            )  # fmt: skip


def tell_conditions_met(line: Line) -> None:
    """The owner learns that everything asked for has been ticked off."""
    for user in managers([line]):
        queue_mail(
            user.email, "booking_conditions_met", locale=user.locale, reference=line.booking.reference,
            resource=_name(line.resource, user),
        )  # fmt: skip


def tell_message(booking: Booking, text: str, *, by_id: int | None, name: str) -> None:
    """Everybody in the thread but the writer."""
    people: dict[int, Any] = {user.id: user for user in (*askers(booking), *managers(booking.lines))}
    for user in people.values():
        if user.id != by_id:
            queue_mail(
                user.email, "booking_message", locale=user.locale, reference=booking.reference, text=text, name=name
            )


def calendar_file(data: Mapping[str, Any]) -> list[tuple[str, str, bytes]]:
    """The booking as it now stands, as an attachment to a letter about it."""
    booking = queries.find_booking(str(data["reference"]))
    if booking is None:
        return []
    return [(f"{booking.reference}.ics", "text/calendar", calendar.booking_ics(booking))]


def tell_collisions(followed: OutsideCalendar, cases: Sequence[OutsideConflict]) -> None:
    """The managers of a resource get one letter about all that an outside calendar has met."""
    first = min(case.event.starts_at for case in cases)
    for user in users_with("site_manager", site_scope(followed.resource.site_id)):
        queue_mail(
            user.email, "outside_conflict", locale=user.locale, resource=_name(followed.resource, user),
            number=len({case.line_id for case in cases}), calendar=followed.name, starts_at=_when(first),
        )  # fmt: skip


def tell_unread(followed: OutsideCalendar, unread: Sequence[Unread]) -> None:
    """The managers of a resource learn which events of an outside calendar could not be read, and why."""
    for user in users_with("site_manager", site_scope(followed.resource.site_id)):
        queue_mail(
            user.email, "outside_unread", locale=user.locale, resource=_name(followed.resource, user),
            calendar=followed.name, site=followed.resource.site.slug, slug=followed.resource.slug,
            events=[{"name": one.name, "start": one.start, "why": one.why} for one in unread[:MOST_TOLD]],
            number=len(unread),
        )  # fmt: skip


def tell_partner_left(booking: Booking, lines: Sequence[Line], partner: Partner) -> None:
    """Whoever asked and the managers of the sites learn that a partner the booking relied on has left its mission."""
    mission = partner.mission
    users = {user.id: user for user in (*askers(booking), *managers(lines))}
    for user in users.values():
        queue_mail(
            user.email, "booking_partner_left", locale=user.locale, reference=booking.reference,
            organisation=partner.organisation.name, resource=_names(lines, user), mission=mission.reference,
            title_sv=mission.title_sv, title_en=mission.title_en, starts_at=_when(lines[0].starts_at),
        )  # fmt: skip
