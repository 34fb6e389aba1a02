"""Reading bookings."""

from collections.abc import Collection, Iterable, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, bindparam, case, func, literal, or_, select
from sqlalchemy.orm import contains_eager, joinedload, selectinload

from missions_app import clock, db
from missions_app.accounts.actor import Actor
from missions_app.bookings import states
from missions_app.bookings.intervals import Interval
from missions_app.bookings.models import (
    Booking,
    BookingPermit,
    Condition,
    ConditionDue,
    Deviation,
    Line,
    LineState,
    PermitState,
    Reservation,
    ReservationKind,
    Risk,
    RuleOverride,
)
from missions_app.errors import NotFound
from missions_app.sites.models import Resource, Site, SiteStatus

_LOADED = (
    selectinload(Booking.lines).joinedload(Line.resource).joinedload(Resource.site),
    joinedload(Booking.organisation),
    joinedload(Booking.requested_by),
    joinedload(Booking.booked_for),
    joinedload(Booking.experiment),
)

# Lines with a condition left to tick off before the owner confirms.
UNMET = select(Condition.line_id).where(Condition.due == ConditionDue.BEFORE, Condition.ticked_at.is_(None))
_WAITS = or_(
    Line.state.in_((LineState.SUBMITTED, LineState.POSTPONED)),
    (Line.state == LineState.CONDITIONAL) & Line.id.not_in(UNMET),
)
NOT_TO_COME = (LineState.DRAFT, LineState.COMPLETED, LineState.CLOSED)


# Built once, with all that it loads: every page of a booking asks it.
_BY_REFERENCE = select(Booking).where(Booking.reference == bindparam("reference")).options(*_LOADED)


def find_booking(reference: str) -> Booking | None:
    """The booking with this reference, if there is one."""
    return db.session.scalars(_BY_REFERENCE, {"reference": reference}).first()


def get_booking(reference: str) -> Booking:
    """The booking with this reference, or NotFound."""
    found = find_booking(reference)
    if found is None:
        raise NotFound()
    return found


def get_line(booking: Booking, line_id: int) -> Line:
    """A line of this booking, or NotFound."""
    found = next((line for line in booking.lines if line.id == line_id), None)
    if found is None:
        raise NotFound()
    return found


def bookings_for(actor: Actor, now: datetime | None = None) -> Select[Booking]:
    """The actor's own bookings and those of their organisations: the newest first; or with a moment those that are to
    come, the next one first, and after them those that are over, the latest first."""
    own = or_(
        Booking.requested_by_id == actor.user_id,
        Booking.booked_for_id == actor.user_id,
        Booking.organisation_id.in_(actor.organisations()),
    )
    order: tuple[ColumnElement[Any], ...] = (Booking.id.desc(),)
    if now is not None:
        mine = Line.booking_id == Booking.id
        start = select(func.min(Line.starts_at)).where(mine).correlate(Booking).scalar_subquery()
        is_over = select(func.max(Line.ends_at) < now).where(mine).correlate(Booking).scalar_subquery()
        order = (is_over, case((~is_over, start)), start.desc(), *order)
    return select(Booking).where(own).options(*_LOADED).order_by(*order)


def bookings_of_experiment(experiment_id: int) -> Sequence[Booking]:
    """An experiment's bookings, oldest first."""
    return db.session.scalars(
        select(Booking).where(Booking.experiment_id == experiment_id).options(*_LOADED).order_by(Booking.id)
    ).all()


def bookings_of_mission(mission_id: int) -> Sequence[Booking]:
    """A mission's bookings, oldest first."""
    return db.session.scalars(
        select(Booking).where(Booking.mission_id == mission_id).options(*_LOADED).order_by(Booking.id)
    ).all()


def first_use_of(mission_ids: Collection[int]) -> dict[int, date]:
    """The first day on which anything is booked for each of some missions that has a booking which stands."""
    rows = db.session.execute(
        select(Booking.mission_id, func.min(Line.starts_at))
        .join(Line, Line.booking_id == Booking.id)
        .where(Booking.mission_id.in_(mission_ids), Line.state.not_in((LineState.DRAFT, *states.OVER)))
        .group_by(Booking.mission_id)
    )
    return {mission_id: clock.day_of(first) for mission_id, first in rows if mission_id is not None}


def lines_waiting(site_ids: Sequence[int]) -> list[Line]:
    """Lines at some sites that wait for their owner, by start: for an answer, for the yes when every condition is met,
    or for a new day."""
    rows = db.session.scalars(
        select(Line)
        .join(Resource, Resource.id == Line.resource_id)
        .where(Resource.site_id.in_(site_ids), _WAITS)
        .options(
            joinedload(Line.booking).joinedload(Booking.organisation),
            joinedload(Line.resource).joinedload(Resource.site),
        )
        .order_by(Line.starts_at, Line.id)
    )
    return list(rows)


def lines_sent_by(user_id: int) -> Sequence[Line]:
    """Lines of a user's bookings that wait for their owner, by start: for an answer, for the yes when every condition
    is met, or for a new day."""
    return db.session.scalars(
        select(Line)
        .join(Line.booking)
        .where(_WAITS, is_mine(user_id))
        .options(joinedload(Line.booking), joinedload(Line.resource).joinedload(Resource.site).joinedload(Site.owner))
        .order_by(Line.starts_at, Line.id)
    ).all()


def is_mine(user_id: int) -> ColumnElement[bool]:
    """Whether a user asked for a booking, or it is for them."""
    return or_(Booking.requested_by_id == user_id, Booking.booked_for_id == user_id)


def lines_asked_about(user_id: int) -> Sequence[Line]:
    """Lines of a user's bookings about which the owner asks for more, by start."""
    return db.session.scalars(
        select(Line)
        .join(Booking, Booking.id == Line.booking_id)
        .where(is_mine(user_id), Line.state == LineState.NEEDS_INFO)
        .options(joinedload(Line.booking), joinedload(Line.resource))
        .order_by(Line.starts_at)
    ).all()


def open_permits(user_id: int, now: datetime) -> list[tuple[BookingPermit, Line]]:
    """For each of a user's bookings to come that still lacks a permit: one such permit, and its first line of use."""
    rows = db.session.execute(
        select(BookingPermit, Line)
        .join(Booking, Booking.id == BookingPermit.booking_id)
        .join(Line, Line.booking_id == Booking.id)
        .where(
            is_mine(user_id),
            BookingPermit.state.in_((PermitState.NEEDED, PermitState.APPLIED)),
            Line.state.in_((LineState.SUBMITTED, LineState.CONDITIONAL, LineState.APPROVED)),
            Line.ends_at > now,
        )
        .options(joinedload(BookingPermit.booking))
        .order_by(Line.starts_at, BookingPermit.id)
    )
    first: dict[int, tuple[BookingPermit, Line]] = {}
    for permit, line in rows:
        first.setdefault(permit.booking_id, (permit, line))
    return list(first.values())


def lines_at(site_id: int, window: Interval) -> Sequence[Line]:
    """Lines of use at a site during a window, by start, also those that were used; what came to nothing is left out."""
    live = (
        LineState.SUBMITTED, LineState.NEEDS_INFO, LineState.CONDITIONAL, LineState.APPROVED, LineState.ONGOING,
        LineState.COMPLETED, LineState.CLOSED,
    )  # fmt: skip
    return db.session.scalars(
        select(Line)
        .join(Resource, Resource.id == Line.resource_id)
        .where(
            Resource.site_id == site_id, Line.starts_at < window.end, Line.ends_at > window.start, Line.state.in_(live)
        )
        .options(
            joinedload(Line.booking).joinedload(Booking.organisation),
            joinedload(Line.resource).joinedload(Resource.site),
        )
        .order_by(Line.starts_at, Line.id)
    ).all()


def unoccupied(lines: Sequence[Line]) -> list[Line]:
    """Those of some lines that occupy nothing."""
    ids = [line.id for line in lines]
    busy = set(db.session.scalars(select(Reservation.line_id).where(Reservation.line_id.in_(ids), Reservation.active)))
    return [line for line in lines if line.id not in busy]


def units_with_expired_holds(now: datetime) -> list[int]:
    """The units that are still marked as held although the deadline has passed, in id order."""
    return sorted(
        set(db.session.scalars(select(Reservation.unit_id).where(Reservation.active, Reservation.expires_at <= now)))
    )


def permits_of(booking: Booking) -> Sequence[BookingPermit]:
    """The permits of a booking, in the order they were derived."""
    return db.session.scalars(
        select(BookingPermit).where(BookingPermit.booking_id == booking.id).order_by(BookingPermit.id)
    ).all()


def get_permit(booking: Booking, permit: str) -> BookingPermit:
    """One permit of a booking by the method's key, or NotFound."""
    found = next((one for one in permits_of(booking) if one.permit == permit), None)
    if found is None:
        raise NotFound()
    return found


def risks_of(booking: Booking) -> Sequence[Risk]:
    """The risks of a booking, oldest first."""
    if booking.id is None:
        return []
    return db.session.scalars(select(Risk).where(Risk.booking_id == booking.id).order_by(Risk.id)).all()


def deviations_of(booking: Booking) -> Sequence[Deviation]:
    """What went otherwise, oldest first."""
    return db.session.scalars(select(Deviation).where(Deviation.booking_id == booking.id).order_by(Deviation.id)).all()


def conditions_of(line: Line) -> Sequence[Condition]:
    """What the owner asks for in return for a yes, in the order it was written."""
    return db.session.scalars(select(Condition).where(Condition.line_id == line.id).order_by(Condition.id)).all()


def conditions_of_lines(line_ids: Sequence[int]) -> dict[int, list[Condition]]:
    """The conditions of some lines by line; one statement."""
    found: dict[int, list[Condition]] = {one: [] for one in line_ids}
    for one in db.session.scalars(select(Condition).where(Condition.line_id.in_(line_ids)).order_by(Condition.id)):
        found[one.line_id].append(one)
    return found


def unmet_before(line_ids: Iterable[int]) -> set[int]:
    """Those of some lines with a condition left to tick off before the owner confirms; one statement."""
    return set(db.session.scalars(UNMET.where(Condition.line_id.in_(list(line_ids)))))


def get_condition(booking: Booking, condition_id: int) -> Condition:
    """A condition of one of this booking's lines, or NotFound."""
    found = db.session.get(Condition, condition_id)
    if found is None or found.line_id not in {line.id for line in booking.lines}:
        raise NotFound()
    return found


def overrides_of(line: Line) -> Sequence[RuleOverride]:
    """The rules set aside for a line, in the order they were."""
    return db.session.scalars(
        select(RuleOverride)
        .where(RuleOverride.line_id == line.id)
        .options(joinedload(RuleOverride.given_by))
        .order_by(RuleOverride.id)
    ).all()


def rules_set_aside(line_ids: Sequence[int]) -> set[tuple[int, str]]:
    """(line, code of the rule) of what managers have set aside for some lines; one statement."""
    rows = db.session.execute(select(RuleOverride.line_id, RuleOverride.rule).where(RuleOverride.line_id.in_(line_ids)))
    return {(line, rule) for line, rule in rows}


def held_reserve_dates(booking: Booking) -> list[Reservation]:
    """The reserve dates that a booking still holds, by start; one row for each unit."""
    lines = [line.id for line in booking.lines]
    return list(
        db.session.scalars(
            select(Reservation)
            .where(Reservation.line_id.in_(lines), Reservation.active, Reservation.kind == ReservationKind.RESERVE)
            .order_by(Reservation.starts_at)
        )
    )


def resources_to_choose() -> Sequence[Resource]:
    """Everything that takes bookings, by site and name."""
    return db.session.scalars(
        select(Resource)
        .join(Site, Site.id == Resource.site_id)
        .where(Resource.retired_at.is_(None), Site.status.in_((SiteStatus.OPEN, SiteStatus.LIMITED)))
        .options(contains_eager(Resource.site))
        .order_by(Site.sort_key, Resource.name_sv, Resource.id)
    ).all()


def deviation_of(booking: Booking, deviation_id: int) -> Deviation:
    """A deviation of this booking, or NotFound."""
    found = db.session.get(Deviation, deviation_id)
    if found is None or found.booking_id != booking.id:
        raise NotFound()
    return found


def bookings_to_come(now: datetime, until: datetime) -> Sequence[Booking]:
    """Bookings that have been sent, are not over, and begin before a moment; oldest first."""
    live = select(Line.booking_id).where(
        Line.state.in_((LineState.SUBMITTED, LineState.CONDITIONAL, LineState.APPROVED)), Line.ends_at > now,
        Line.starts_at < until,
    )  # fmt: skip
    return db.session.scalars(select(Booking).where(Booking.id.in_(live)).options(*_LOADED).order_by(Booking.id)).all()


def bookings_to_decide(now: datetime, until: datetime, *, with_late: bool = False) -> Sequence[Booking]:
    """Approved bookings whose weather has to be decided on before a moment, and is not; with those that are late."""
    approved = select(Line.booking_id).where(Line.state == LineState.APPROVED, Line.starts_at > now)
    return db.session.scalars(
        select(Booking)
        .where(
            Booking.go_no_go_at <= until, Booking.decided_go_at.is_(None), Booking.id.in_(approved),
            or_(Booking.go_no_go_at > now, literal(with_late)),
        )
        .options(*_LOADED)
        .order_by(Booking.id)
    ).all()  # fmt: skip


def lines_over_with_reserves(now: datetime) -> Sequence[Line]:
    """Lines whose time is past and that still hold reserve dates although they are used or over."""
    holding = select(Reservation.line_id).where(Reservation.active, Reservation.kind == ReservationKind.RESERVE)
    done = (LineState.COMPLETED, LineState.CLOSED, LineState.APPROVED)
    return db.session.scalars(
        select(Line)
        .where(Line.id.in_(holding), Line.ends_at < now, Line.state.in_(done))
        .options(joinedload(Line.booking), joinedload(Line.resource))
        .order_by(Line.id)
    ).all()


def lines_by_id(line_ids: Sequence[int]) -> Sequence[Line]:
    """Some lines with their bookings, by id."""
    return db.session.scalars(
        select(Line)
        .where(Line.id.in_(line_ids))
        .options(joinedload(Line.booking), joinedload(Line.resource).joinedload(Resource.site))
        .order_by(Line.id)
        .execution_options(populate_existing=True)
    ).all()


def bookings_confirmed(user_id: int, site_ids: Sequence[int], now: datetime) -> Sequence[Booking]:
    """Confirmed bookings to come: a user's own, and those at some sites; oldest first."""
    live = (
        select(Line.booking_id)
        .join(Resource, Resource.id == Line.resource_id)
        .where(Line.state == LineState.APPROVED, Line.ends_at > now, Resource.site_id.in_(site_ids))
    )
    own = select(Line.booking_id).where(Line.state == LineState.APPROVED, Line.ends_at > now)
    return db.session.scalars(
        select(Booking)
        .where(or_(Booking.id.in_(live), is_mine(user_id) & Booking.id.in_(own)))
        .options(*_LOADED)
        .order_by(Booking.id)
    ).all()


def permits_by_booking(booking_ids: Sequence[int]) -> dict[int, list[BookingPermit]]:
    """The permits of some bookings by booking; one statement."""
    found: dict[int, list[BookingPermit]] = {one: [] for one in booking_ids}
    rows = select(BookingPermit).where(BookingPermit.booking_id.in_(booking_ids)).order_by(BookingPermit.id)
    for one in db.session.scalars(rows):
        found[one.booking_id].append(one)
    return found


def lines_to_come(now: datetime, *which: ColumnElement[bool]) -> Sequence[Line]:
    """Lines that are not over, or wait for a day, by start: what stays when the site or the resource that `which` tells
    is taken out of use."""
    return db.session.scalars(
        select(Line)
        .join(Resource, Resource.id == Line.resource_id)
        .where(
            or_(Line.ends_at > now, Line.state == LineState.POSTPONED),
            Line.state.not_in((*states.OVER, *NOT_TO_COME)),
            *which,
        )
        .options(joinedload(Line.booking).joinedload(Booking.organisation), joinedload(Line.resource))
        .order_by(Line.starts_at, Line.id)
    ).all()
