"""Every path by which time can be occupied, so that all can be raced against each other. A new path is a new line in
PATHS: how its rival gets ready before the start, and what it does at the start."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from missions_app import db
from missions_app.accounts.queries import get_user, load_actor
from missions_app.bookings import approval_service, booking_service, change_service, reservations, waitlist_service
from missions_app.bookings import queries as bookings
from missions_app.bookings.booking_service import BookingContent
from missions_app.bookings.content import LineWish
from missions_app.bookings.errors import Taken
from missions_app.bookings.intervals import Interval
from missions_app.bookings.models import Booking, LineState, ReservationKind
from missions_app.bookings.reservations import Wish
from missions_app.bookings.waitlist_models import EntryState
from missions_app.bookings.waitlist_service import Waiting
from missions_app.organisations.models import Organisation
from missions_app.sites.models import Resource

USE = timedelta(hours=2)
AWAY = timedelta(days=250)
REASON = "Because the race asks for it."
CONTENT = BookingContent(
    purpose="A race", reason="A small test before the mission begins", on_site_responsible="The measurer",
    emergency_contact="112", people_on_site=2,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Ground:
    """What is raced for, by id: a unit that two resources share (requests for the first hold their time, for the second
    only an answer does), a second resource for bundles, and the slot. The measurer asks, the manager answers."""

    holding: int
    asking: int
    other: int
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
        user, session = get_user(self.measurer), db.session()
        lines = [LineWish(session.get_one(Resource, resource), use) for resource, use in wishes]
        return booking_service.request_booking(
            lines=lines, organisation=session.get_one(Organisation, self.organisation), content=CONTENT,
            by=load_actor(user), requested_by=user,
        )  # fmt: skip


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


def _block(ground: Ground, _reference: str) -> None:
    _close(ground, db.session.get_one(Resource, ground.holding))


@db.retried
def _close(ground: Ground, resource: Resource) -> None:
    """A blackout takes a whole resource under the same lock as everybody else."""
    with db.transaction():
        reservations.occupy([Wish(resource, ground.slot)], ReservationKind.BLOCK, reason="closed")


PATHS: tuple[Path, ...] = (
    Path("create", _nothing, _create),
    Path("bundle", _nothing, _bundle),
    Path("approve", _asked, _approve),
    Path("move", _approved_elsewhere, _move),
    Path("waitlist offer", _nothing, _wait),
    Path("blackout", _nothing, _block),
)
