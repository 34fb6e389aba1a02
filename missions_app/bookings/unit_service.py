"""Changing what a resource occupies: its units, or how many there are of a pool. Never below what is booked. Blocked
time is no obstacle: it follows what is blocked, to the units that it has then."""

from collections.abc import Sequence

from sqlalchemy import delete, func, select

from missions_app import clock, db
from missions_app.accounts.actor import Actor
from missions_app.accounts.policy import permit
from missions_app.bookings import pooling, reservations, states
from missions_app.bookings.intervals import Interval
from missions_app.bookings.models import Booking, Line, Reservation, ReservationKind
from missions_app.errors import InvalidInput, Problem
from missions_app.i18n import N_
from missions_app.sites import bounds, catalogue_service
from missions_app.sites.errors import PoolTooSmall, UnitsInUse
from missions_app.sites.models import Resource, ResourceUnit, Unit
from missions_app.sites.policy import can_edit_site
from missions_app.sites.resource_history import note

MOST_NAMED = 5


@db.retried
def set_units(resource: Resource, names: Sequence[str], *, by: Actor, expected_version: int) -> None:
    """Say which units a resource takes; resources of the site that name the same ones share them.

    Raises:
        NotAllowed, StaleVersion, InvalidInput, UnitsInUse (bookings to come stand on the units there are).
    """
    permit(can_edit_site, by, resource.site)
    wanted = bounds.unit_names(names)
    with db.transaction() as session:
        there = reservations.lock_units([resource])[resource.id]
        db.expect_version(resource, expected_version)
        if resource.pool_id is not None or not wanted:
            text = N_("Name at least one unit. A pool has a number instead.")
            raise InvalidInput.of([Problem("units", text, "units")])
        if problems := bounds.unit_problems(wanted):
            raise InvalidInput.of(problems)
        reservations.release_expired(there)
        present = session.scalars(select(Unit.name).where(Unit.id.in_(there))).all()
        if {one.casefold() for one in wanted} == {one.casefold() for one in present}:
            return
        held, blocks = _to_come(there)
        if held:
            raise UnitsInUse(field="units", bookings=references(held))
        reservations.release_reservations([one.id for one in blocks])
        session.execute(delete(ResourceUnit).where(ResourceUnit.resource_id == resource.id))
        units = [catalogue_service.unit_named(resource.site, name) for name in wanted]
        session.add_all(ResourceUnit(resource_id=resource.id, unit_id=one.id) for one in units)
        session.flush()
        session.expire(resource, ["units"])
        reservations.tell_added(one.id for one in units)
        reservations.lock_units([resource])
        note("resource.units_set", resource, by=by, before=sorted(present), after=wanted)


@db.retried
def set_pool_size(resource: Resource, size: int, *, by: Actor, expected_version: int) -> None:
    """Say how many there are. What is booked moves together onto those that are left; when it does not fit, nothing
    changes.

    Raises:
        NotAllowed, StaleVersion, InvalidInput, PoolTooSmall (more are booked at the same time).
    """
    permit(can_edit_site, by, resource.site)
    with db.transaction() as session:
        there = reservations.lock_units([resource])[resource.id]
        db.expect_version(resource, expected_version)
        if resource.pool_id is None or not 1 <= size <= catalogue_service.MOST_IN_POOL:
            text = N_("Use a number of units from 1 to 60.")
            raise InvalidInput.of([Problem("pool_size", text, "pool_size")])
        if size < len(there):
            reservations.release_expired(there)
            for unit in _emptied(there, size):
                session.get_one(Unit, unit).pool_id = None
        name = resource.pool.name if resource.pool else resource.name_sv
        named_alike = (Unit.site_id == resource.site_id, Unit.name.startswith(name, autoescape=True))
        known = session.scalar(select(func.count(Unit.id)).where(*named_alike))
        more = [
            Unit(site_id=resource.site_id, pool_id=resource.pool_id, name=bounds.numbered(name, (known or 0) + number))
            for number in range(1, size - len(there) + 1)
        ]
        session.add_all(more)
        session.flush()
        _keep_wholes(resource, there, [one.id for one in more])
        reservations.tell_added(one.id for one in more)
        if size != len(there):
            note("resource.units_set", resource, by=by, before=len(there), after=size)


def _keep_wholes(resource: Resource, there: Sequence[int], more: Sequence[int]) -> None:
    """Let what takes the whole pool take the whole of it as it is now. What is booked of it to come is locked with the
    pool's units, and takes the new ones too.

    Raises:
        UnitsInUse: the whole pool is booked, so that it cannot become another.
    """
    session = db.session()
    wholes = session.scalars(
        select(Resource)
        .where(Resource.id.in_(select(ResourceUnit.resource_id).where(ResourceUnit.unit_id.in_(there))))
        .order_by(Resource.id)
    ).all()
    left = set(reservations.unit_ids_of(resource))
    if not wholes or left == set(there):
        return
    keys = {one.id for one in wholes}
    lines = session.scalars(
        select(Line.id).where(Line.resource_id.in_(keys), Line.ends_at > clock.now(), Line.state.not_in(states.OVER))
    ).all()
    held = [one for one in _to_come(sorted(left))[0] if one.line_id in set(lines)]
    if held:
        raise UnitsInUse(field="pool_size", bookings=references(held))
    session.execute(delete(ResourceUnit).where(ResourceUnit.resource_id.in_(keys), ResourceUnit.unit_id.not_in(left)))
    session.add_all(ResourceUnit(resource_id=key, unit_id=unit) for key in keys for unit in more)
    session.flush()
    for one in wholes:
        session.expire(one, ["units"])


def _emptied(there: Sequence[int], size: int) -> Sequence[int]:
    """Units of a pool that nobody holds any more, after moving what can be moved. Blocked time makes room; it takes
    again what is left of its time when the units are those that stay.

    Raises:
        PoolTooSmall: the peak of what is booked is above the size, or what has begun stands on too many units.
    """
    now = clock.now()
    rows, blocks = _to_come(there)
    begun = {one.unit_id for one in rows if one.starts_at <= now}
    kept = sorted(there, key=lambda unit: (unit not in begun, unit))[:size]
    fixed = [one for one in rows if one.starts_at <= now]
    if len(begun) > size:
        raise PoolTooSmall(field="pool_size", least=len(begun), bookings=references(fixed))
    plan = pooling.repack(
        kept, [pooling.Held(one.id, one.unit_id, Interval(one.starts_at, one.ends_at), one in fixed) for one in rows]
    )
    if plan is None:
        least, key = pooling.peak([Interval(one.starts_at, one.ends_at) for one in rows])
        together = [one for one in rows if one.starts_at <= key < one.ends_at]
        raise PoolTooSmall(field="pool_size", least=least, bookings=references(together))
    reservations.release_reservations([one.id for one in blocks])
    by_key = {one.id: one for one in rows}
    reservations.move([by_key[key] for key in plan], list(plan.values()))
    return [unit for unit in there if unit not in kept]


def _to_come(units: Sequence[int]) -> tuple[list[Reservation], list[Reservation]]:
    """What is to come on some units: what somebody has, and what is blocked."""
    found = reservations.active_between(units, Interval(clock.now(), reservations.FAR_AHEAD))
    is_block = ReservationKind.BLOCK
    return [one for one in found if one.kind is not is_block], [one for one in found if one.kind is is_block]


def references(held: Sequence[Reservation]) -> str:
    """The bookings behind some occupied time, named; what is no booking is only counted."""
    query = (
        select(Booking.reference)
        .distinct()
        .join(Line, Line.booking_id == Booking.id)
        .where(Line.id.in_({one.line_id for one in held} - {None}))
        .order_by(Booking.reference)
    )
    found = list(db.session.scalars(query))
    named = ", ".join(found[:MOST_NAMED])
    return f"{named} …" if len(found) > MOST_NAMED else named or "–"
