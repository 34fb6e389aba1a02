"""Under any sequence of acts no unit is occupied twice, and what is given back can be had again."""

from datetime import timedelta

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    consumes,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import select
from sqlalchemy.orm import Session

from missions_app import clock, db
from missions_app.bookings import approval_service, cancel_service, change_service, reservations, waitlist_service
from missions_app.bookings.errors import Taken
from missions_app.bookings.intervals import Interval
from missions_app.bookings.models import Booking, LineState, Reservation, ReservationKind
from missions_app.bookings.reservations import Wish
from missions_app.errors import DomainError
from tests.factories.accounts import actor_of
from tests.factories.bookings import at, make_booking
from tests.factories.organisations import make_member, make_organisation
from tests.factories.sites import make_manager, make_resource, make_site
from tests.factories.waitlist import make_entry

HOURS = st.integers(6, 18)
LENGTHS = st.integers(1, 4)


class Acts(RuleBasedStateMachine):
    """A hall, its bay and a pool of two; people ask, answer, move, wait, close and give back."""

    bookings = Bundle("bookings")

    @initialize()
    def open(self) -> None:
        site = make_site()
        hall = make_resource(site, units=("Vänster", "Höger"), cleanup_minutes=30)
        bay = make_resource(site, units=("Höger",))
        self.resources = (hall, bay, make_resource(site, pool_size=2, setup_minutes=30))
        self.organisation = make_organisation()
        self.member, self.manager = make_member(self.organisation), make_manager(site)

    def use(self, hour: int, length: int) -> Interval:
        return Interval(at(hour), at(hour) + timedelta(hours=length))

    @rule(target=bookings, which=st.integers(0, 2), hour=HOURS, length=LENGTHS)
    def ask(self, which: int, hour: int, length: int) -> Booking | None:
        try:
            return make_booking(
                self.resources[which], use=self.use(hour, length), organisation=self.organisation, user=self.member
            )
        except Taken:
            return None

    @rule(booking=bookings)
    def approve(self, booking: Booking | None) -> None:
        if booking is not None and booking.lines[0].state is LineState.SUBMITTED:
            line = booking.lines[0]
            approval_service.decide_line(
                line, LineState.APPROVED, reason="", by=actor_of(self.manager), expected_version=line.version
            )

    @rule(booking=bookings, hour=HOURS)
    def move(self, booking: Booking | None, hour: int) -> None:
        if booking is not None and booking.lines[0].state is LineState.APPROVED:
            line = booking.lines[0]
            length = (line.ends_at - line.starts_at) // timedelta(hours=1)
            before = (line.starts_at, line.ends_at)
            try:
                change_service.move_line(
                    line, self.use(hour, length), reason="Det blåser för hårt.", by=actor_of(self.manager),
                    expected_version=line.version,
                )  # fmt: skip
            except DomainError:
                db.session.refresh(line)
                assert (line.starts_at, line.ends_at) == before

    @rule(booking=consumes(bookings))
    def cancel_and_ask_again(self, booking: Booking | None) -> None:
        if booking is None or booking.lines[0].state not in (LineState.SUBMITTED, LineState.APPROVED):
            return
        line = booking.lines[0]
        use, resource = Interval(line.starts_at, line.ends_at), line.resource
        cancel_service.cancel_booking(
            booking, reason="Behövs inte", by=actor_of(self.member), expected_version=booking.version
        )
        waiting = db.session.scalars(
            select(Reservation).where(Reservation.active, Reservation.kind == ReservationKind.OFFER)
        ).all()
        if not waiting:
            again = make_booking(resource, use=use, organisation=self.organisation, user=self.member)
            assert again.lines[0].state is LineState.SUBMITTED

    @rule(which=st.integers(0, 2), hour=HOURS, length=LENGTHS)
    def wait(self, which: int, hour: int, length: int) -> None:
        make_entry(self.resources[which], within=self.use(hour, length), hours=length)

    @rule()
    def a_day_later(self) -> None:
        with clock.fixed(clock.now() + timedelta(hours=30)):
            waitlist_service.tend({})

    @rule(which=st.integers(0, 1), hour=HOURS)
    def close(self, which: int, hour: int) -> None:
        try:
            with db.transaction():
                reservations.occupy(
                    [Wish(self.resources[which], self.use(hour, 1))], ReservationKind.BLOCK, reason="closed"
                )
        except Taken:
            pass

    @invariant()
    def nobody_is_there_twice(self) -> None:
        rows = db.session.execute(
            select(Reservation.unit_id, Reservation.starts_at, Reservation.ends_at)
            .where(Reservation.active)
            .order_by(Reservation.unit_id, Reservation.starts_at)
        ).all()
        for one, other in zip(rows, rows[1:], strict=False):
            assert one.unit_id != other.unit_id or one.ends_at <= other.starts_at


def test_no_sequence_of_acts_occupies_a_unit_twice(session: Session) -> None:
    quick = settings(
        max_examples=4,
        stateful_step_count=15,
        deadline=None,
        suppress_health_check=list(HealthCheck),
        database=None,
        derandomize=True,
    )

    run_state_machine_as_test(Acts, settings=quick)

    assert session.scalars(select(Reservation)).first() is not None
