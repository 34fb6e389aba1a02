"""Blocking a resource for some time: what nobody has is taken at once, what somebody has is listed and stays theirs."""

from collections.abc import Iterable, Sequence
from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from missions_app import clock, db
from missions_app.accounts.actor import Actor
from missions_app.accounts.policy import permit
from missions_app.audit import trail
from missions_app.bookings import reservations
from missions_app.bookings.block_models import Blackout, BlackoutReservation
from missions_app.bookings.events import TimeFreed
from missions_app.bookings.intervals import Interval, gaps
from missions_app.bookings.models import Booking, Line, Reservation, ReservationKind
from missions_app.bookings.occupancy import active_between, unit_ids_of
from missions_app.errors import InvalidInput, NotFound, Problem
from missions_app.i18n import N_
from missions_app.sites.models import Resource, ResourceUnit, Unit
from missions_app.sites.policy import can_edit_site

LONGEST = timedelta(days=3 * 366)
MOST_REASON = 200


def lines_within(resource: Resource, window: Interval) -> list[Line]:
    """The bookings that occupy any unit of a resource during a window, by start: what a blackout leaves to decide."""
    held = {one.line_id for one in active_between(unit_ids_of(resource), window)} - {None}
    return list(
        db.session.scalars(
            select(Line)
            .where(Line.id.in_(held))
            .options(
                joinedload(Line.booking).joinedload(Booking.organisation),
                joinedload(Line.resource).joinedload(Resource.site),
            )
            .order_by(Line.starts_at, Line.id)
        )
    )


def blackouts_of(resource: Resource) -> Sequence[Blackout]:
    """The blackouts of a resource that are not over, by start."""
    return db.session.scalars(
        select(Blackout)
        .where(Blackout.resource_id == resource.id, Blackout.lifted_at.is_(None), Blackout.ends_at > clock.now())
        .order_by(Blackout.starts_at, Blackout.id)
    ).all()


def blackouts_of_all(resource_ids: Sequence[int], during: Interval | None = None) -> dict[int, list[Blackout]]:
    """The blackouts of some resources that are not over, by the resources' ids; one statement. `during`: only those
    that have some of this time."""
    query = select(Blackout).where(
        Blackout.resource_id.in_(resource_ids), Blackout.lifted_at.is_(None), Blackout.ends_at > clock.now()
    )
    if during is not None:
        query = query.where(Blackout.starts_at < during.end, Blackout.ends_at > during.start)
    found: dict[int, list[Blackout]] = {}
    for one in db.session.scalars(query.order_by(Blackout.starts_at, Blackout.id)):
        found.setdefault(one.resource_id, []).append(one)
    return found


def get_blackout(resource: Resource, blackout_id: int) -> Blackout:
    """A blackout of this resource that is not over, or NotFound."""
    found = next((one for one in blackouts_of(resource) if one.id == blackout_id), None)
    if found is None:
        raise NotFound()
    return found


def blackout_problems(window: Interval, reason: str) -> list[Problem]:
    """Everything wrong with a time to block, wherever it was written."""
    problems = []
    if not reason.strip():
        problems.append(Problem("missing", N_("Say why, such as maintenance or spawning."), "reason"))
    if len(reason.strip()) > MOST_REASON:
        problems.append(Problem("too_long", N_("Write at most %(most)d characters."), "reason", {"most": MOST_REASON}))
    if window.end <= clock.now():
        problems.append(Problem("in_the_past", N_("The time has passed. Choose a later one."), "ends_on"))
    if window.length > LONGEST:
        problems.append(Problem("too_long", N_("Choose at most three years at a time."), "ends_on"))
    return problems


@db.retried
def black_out(resource: Resource, window: Interval, *, reason: str, by: Actor) -> Blackout:
    """Block a resource. All the time that is free is taken now; bookings that are there stay, and what they give back
    falls to the blackout.

    Raises:
        NotAllowed, InvalidInput.
    """
    permit(can_edit_site, by, resource.site)
    with db.transaction() as session:
        problems = blackout_problems(window, reason)
        if problems:
            raise InvalidInput.of(problems)
        units = reservations.lock_units([resource])[resource.id]
        reservations.release_expired(units)
        made = Blackout(
            resource=resource, starts_at=window.start, ends_at=window.end, reason=reason.strip(), made_at=clock.now(),
            made_by_id=by.user_id,
        )  # fmt: skip
        session.add(made)
        session.flush()
        _fill(made, units, window)
        _record("resource.blacked_out", made, by)
        return made


@db.retried
def lift(blackout: Blackout, *, by: Actor, expected_version: int) -> None:
    """Give the blocked time back."""
    permit(can_edit_site, by, blackout.resource.site)
    with db.transaction() as session:
        reservations.lock_units([blackout.resource])
        db.expect_version(blackout, expected_version)
        blackout.lifted_at, blackout.lifted_by_id = clock.now(), by.user_id
        session.flush()
        held = session.scalars(
            select(BlackoutReservation.reservation_id).where(BlackoutReservation.blackout_id == blackout.id)
        ).all()
        reservations.release_reservations(held)
        _record("resource.blackout_lifted", blackout, by)


def _record(action: str, blackout: Blackout, by: Actor) -> None:
    trail.record(action, blackout.resource.site, by=by, resource=blackout.resource.slug, reason=blackout.reason,
                 starts_at=blackout.starts_at.isoformat(), ends_at=blackout.ends_at.isoformat())  # fmt: skip


def take_freed(event: TimeFreed) -> None:
    """What is given back within a blackout falls to it, before anybody who waits. The units are locked."""
    units = sorted({unit for unit, _span in event.spans})
    for blackout, unit in _over(units, event.spans):
        window = Interval(blackout.starts_at, blackout.ends_at)
        _fill(blackout, [unit], window)


def _over(units: Sequence[int], spans: Iterable[tuple[int, Interval]]) -> list[tuple[Blackout, int]]:
    first, last = min(span.start for _unit, span in spans), max(span.end for _unit, span in spans)
    live = (Blackout.lifted_at.is_(None), Blackout.ends_at > max(first, clock.now()), Blackout.starts_at < last)
    own = (
        select(Blackout, ResourceUnit.unit_id)
        .join(ResourceUnit, ResourceUnit.resource_id == Blackout.resource_id)
        .where(ResourceUnit.unit_id.in_(units), *live)
    )
    pooled = (
        select(Blackout, Unit.id)
        .join(Resource, Resource.id == Blackout.resource_id)
        .join(Unit, Unit.pool_id == Resource.pool_id)
        .where(Unit.id.in_(units), *live)
    )
    return [(row[0], row[1]) for query in (own, pooled) for row in db.session.execute(query)]


def _fill(blackout: Blackout, units: Sequence[int], window: Interval) -> None:
    """Take everything that is free of some units during a window; what has passed is left."""
    if window.end <= clock.now():
        return
    taken: dict[int, list[Interval]] = {unit: [] for unit in units}
    for one in active_between(units, window):
        taken[one.unit_id].append(Interval(one.starts_at, one.ends_at))
    for unit in units:
        for gap in gaps(window, taken[unit]):
            row = Reservation(
                unit_id=unit, kind=ReservationKind.BLOCK, starts_at=gap.start, ends_at=gap.end, active=True,
                reason=blackout.reason,
            )  # fmt: skip
            db.session.add(BlackoutReservation(blackout_id=blackout.id, reservation=row))
    db.session.flush()


def window_of(blackout: Blackout) -> Interval:
    """The time that a blackout is for."""
    return Interval(blackout.starts_at, blackout.ends_at)
