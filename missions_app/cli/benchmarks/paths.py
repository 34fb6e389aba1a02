"""Every path by which time can be occupied, so that all can be raced against each other. A new path is a new line in
PATHS: how its rival gets ready before the start, and what it does at the start. What is imported is a site's file with
a blackout in it; bookings come in by no file of their own."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import Select, select

from missions_app import clock, db
from missions_app.accounts.queries import get_user, load_actor
from missions_app.bookings import (
    approval_service,
    blackout_service,
    booking_service,
    change_service,
    outside_service,
    series_service,
    waitlist_service,
)
from missions_app.bookings import queries as bookings
from missions_app.bookings.block_models import Blackout, BlackoutReservation
from missions_app.bookings.booking_service import BookingContent
from missions_app.bookings.content import LineWish
from missions_app.bookings.errors import Taken
from missions_app.bookings.intervals import Interval
from missions_app.bookings.models import Booking, LineState
from missions_app.bookings.outside_models import OutsideEvent, OutsideReservation
from missions_app.bookings.outside_read import Outside
from missions_app.bookings.recurrence import Every, Pattern
from missions_app.bookings.series_errors import SeriesRefused
from missions_app.bookings.waiting import Waiting
from missions_app.bookings.waitlist_models import EntryState
from missions_app.organisations.models import Organisation
from missions_app.sites import transfer_service
from missions_app.sites.models import Resource

USE = timedelta(hours=2)
AWAY = timedelta(days=250)
REASON = "Because the race asks for it."
CONTENT = BookingContent(
    purpose="A race", reason="A small test before the mission begins", on_site_responsible="The measurer",
    emergency_contact="112", people_on_site=2, insurance_reference="A race", insurance_valid_to=date(2100, 1, 1),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Ground:
    """What is raced for, by id: a unit that two resources share (requests for the first hold their time, for the second
    only an answer does), a second resource for bundles, an outside calendar, the site's file with the first of them in
    it, and the slot. The measurer asks, the manager answers."""

    holding: int
    asking: int
    other: int
    calendar: int
    file: str
    start: datetime
    measurer: int
    manager: int
    organisation: int

    @property
    def slot(self) -> Interval:
        """The time that everybody wants."""
        return Interval(self.start, self.start + USE)

    def ask(self, *wishes: tuple[int, Interval]) -> Booking:
        """Ask for time as the measurer."""
        session = db.session()
        lines = [LineWish(session.get_one(Resource, resource), use) for resource, use in wishes]
        return booking_service.request_booking(
            lines=lines,
            organisation=session.get_one(Organisation, self.organisation),
            content=CONTENT,
            by=load_actor(get_user(self.measurer)),
        )


Ready = Callable[[Ground], str]
Go = Callable[[Ground, str], None]


@dataclass(frozen=True, slots=True)
class Path:
    """One way to occupy time. `ready` returns a reference that `go` is given; `go` raises Taken when another won."""

    name: str
    ready: Ready
    go: Go


def _nothing(_ground: Ground) -> str:
    return ""


def _create(ground: Ground, _reference: str) -> None:
    ground.ask((ground.holding, ground.slot))


def _bundle(ground: Ground, _reference: str) -> None:
    # The second resource is held only if the first can be had.
    ground.ask((ground.holding, ground.slot), (ground.other, ground.slot))


def _asked(ground: Ground) -> str:
    return ground.ask((ground.asking, ground.slot)).reference


def _approve(ground: Ground, reference: str) -> None:
    line = bookings.get_booking(reference).lines[0]
    by = load_actor(get_user(ground.manager))
    approval_service.decide_line(line, LineState.APPROVED, reason="", by=by, expected_version=line.version)


def _approved_elsewhere(ground: Ground) -> str:
    reference = ground.ask((ground.holding, ground.slot.shifted(AWAY))).reference
    _approve(ground, reference)
    return reference


def _move(ground: Ground, reference: str) -> None:
    line = bookings.get_booking(reference).lines[0]
    by = load_actor(get_user(ground.manager))
    change_service.move_line(line, ground.slot, reason=REASON, by=by, expected_version=line.version)


def _wait(ground: Ground, _reference: str) -> None:
    # Not the measurer: an offer is taken by whoever it is made to when they ask, and there would be two winners.
    user, session = get_user(ground.manager), db.session()
    entry = waitlist_service.join(
        [(session.get_one(Resource, ground.holding), 1)], Waiting(ground.slot, USE),
        organisation=session.get_one(Organisation, ground.organisation), by=load_actor(user), user=user,
    )  # fmt: skip
    if entry.state is not EntryState.OFFERED:
        raise Taken()


def _change(ground: Ground, reference: str) -> None:
    line = bookings.get_booking(reference).lines[0]
    by = load_actor(get_user(ground.measurer))
    change_service.change_time(line, ground.slot, by=by, expected_version=line.version)


def _asked_elsewhere(ground: Ground) -> str:
    return ground.ask((ground.holding, ground.slot.shifted(2 * AWAY))).reference


def _drafted(ground: Ground) -> str:
    session = db.session()
    return booking_service.draft_booking(
        resource=session.get_one(Resource, ground.holding), use=ground.slot, content=CONTENT,
        organisation=session.get_one(Organisation, ground.organisation), by=load_actor(get_user(ground.measurer)),
    ).reference  # fmt: skip


def _repeat(ground: Ground, reference: str) -> None:
    """The slot and the same time far later: a series has all of its dates or none."""
    line = bookings.get_booking(reference).lines[0]
    start, end = (moment.astimezone(clock.zone()) for moment in (ground.slot.start, ground.slot.end))
    pattern = Pattern(start.date(), start.time(), end.time(), Every.WEEK, interval=52, count=2)
    by = load_actor(get_user(ground.measurer))
    try:
        series_service.book_series(line, pattern, by=by, expected_version=line.booking.version)
    except SeriesRefused as refused:
        raise Taken() from refused


def _block(ground: Ground, _reference: str) -> None:
    resource = db.session.get_one(Resource, ground.holding)
    made = blackout_service.black_out(resource, ground.slot, reason="A race", by=load_actor(get_user(ground.manager)))
    _require_some(select(BlackoutReservation.id).where(BlackoutReservation.blackout_id == made.id))


def file_of(resource: Resource) -> str:
    """The file of a resource's site, with this one resource in it."""
    file = json.loads(transfer_service.written(resource.site))
    return json.dumps({**file, "resources": [one for one in file["resources"] if one["slug"] == resource.slug]})


def _written(ground: Ground) -> str:
    """The site's file, with the slot blocked."""
    file = json.loads(ground.file)
    start, end = ground.slot.start.isoformat(), ground.slot.end.isoformat()
    blocked = {
        "resource": file["resources"][0]["slug"], "starts_at": start, "ends_at": end, "reason": "In a file",
    }  # fmt: skip
    return json.dumps({**file, "blackouts": [blocked]})


def _import(ground: Ground, file: str) -> None:
    site, by = db.session.get_one(Resource, ground.holding).site, load_actor(get_user(ground.manager))
    transfer_service.take_in(site, transfer_service.read(file), by=by, expected_version=site.version)
    _require_some(
        select(BlackoutReservation.id)
        .join(Blackout, Blackout.id == BlackoutReservation.blackout_id)
        .where(
            Blackout.resource_id == ground.holding, Blackout.starts_at == ground.slot.start,
            Blackout.reason == "In a file",
        )
    )  # fmt: skip


def _take_in(ground: Ground, _reference: str) -> None:
    key = ground.start.isoformat()
    outside_service.take_in(ground.calendar, [Outside(key, ground.slot)])
    _require_some(
        select(OutsideReservation.id)
        .join(OutsideEvent, OutsideEvent.id == OutsideReservation.event_id)
        .where(OutsideEvent.calendar_id == ground.calendar, OutsideEvent.key == key)
    )


def _require_some(taken: Select[int]) -> None:
    """A block takes what is free and leaves the rest to those who have it: without any of the slot it has lost."""
    if db.session.scalar(taken.limit(1)) is None:
        raise Taken()


PATHS: tuple[Path, ...] = (
    Path("create", _nothing, _create),
    Path("bundle", _nothing, _bundle),
    Path("series", _drafted, _repeat),
    Path("approve", _asked, _approve),
    Path("move", _approved_elsewhere, _move),
    Path("change", _asked_elsewhere, _change),
    Path("waitlist offer", _nothing, _wait),
    Path("blackout", _nothing, _block),
    Path("import", _written, _import),
    Path("outside calendar", _nothing, _take_in),
)
