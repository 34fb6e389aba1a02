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
from missions_app.accounts.actor import SYSTEM
from missions_app.bookings import (
    approval_service,
    blackout_service,
    cancel_service,
    change_service,
    day_service,
    outside_service,
    series_service,
    waitlist_service,
)
from missions_app.bookings.errors import Taken
from missions_app.bookings.intervals import Interval, peak
from missions_app.bookings.models import Booking, LineState, Reservation, ReservationKind
from missions_app.bookings.occupancy import Wish, active_between, unit_ids_of
from missions_app.bookings.outside_read import Outside
from missions_app.bookings.recurrence import Every
from missions_app.bookings.series_errors import SeriesRefused
from missions_app.errors import DomainError
from tests.factories.accounts import actor_of
from tests.factories.bookings import at, make_booking
from tests.factories.organisations import make_member, make_organisation
from tests.factories.series import INSURED, weekly
from tests.factories.sites import make_manager, make_resource, make_site
from tests.factories.waitlist import make_entry

HOURS = st.integers(6, 18)
LENGTHS = st.integers(1, 4)
HALF = timedelta(minutes=30)
POOL, POOL_SIZE = 2, 2


class Acts(RuleBasedStateMachine):
    """A hall, its bay and a pool of two; people ask, answer, move, wait, close and give back."""

    bookings = Bundle("bookings")

    @initialize()
    def open(self) -> None:
        site = make_site()
        hall = make_resource(site, units=("Vänster", "Höger"), cleanup_minutes=30)
        bay = make_resource(site, units=("Höger",))
        self.resources = (hall, bay, make_resource(site, pool_size=2, setup_minutes=30))
        self.calendars = [
            outside_service.follow(one, name="Ägaren", url=f"https://kalender.example/{one.id}.ics", by=SYSTEM).id
            for one in self.resources
        ]
        self.organisation = make_organisation()
        self.member, self.manager = make_member(self.organisation), make_manager(site)

    def use(self, hour: int, length: int) -> Interval:
        return Interval(at(hour), at(hour) + timedelta(hours=length))

    @rule(target=bookings, which=st.integers(0, 2), hour=HOURS, length=LENGTHS)
    def ask(self, which: int, hour: int, length: int) -> Booking | None:
        use = self.use(hour, length)
        is_full = which == POOL and self.peak_of_pool(use) + 1 > POOL_SIZE
        try:
            booking = make_booking(self.resources[which], use=use, organisation=self.organisation, user=self.member)
        except Taken:
            # A pool refuses exactly when the peak would exceed it, however its units were given out before.
            assert which != POOL or is_full
            return None
        assert not is_full
        return booking

    def peak_of_pool(self, use: Interval) -> int:
        pool = self.resources[POOL]
        wanted = Wish(pool, use).occupied
        held = [Interval(one.starts_at, one.ends_at) for one in active_between(unit_ids_of(pool), wanted)]
        return peak(held, wanted)

    @rule(target=bookings, which=st.integers(0, 2), hour=HOURS, count=st.integers(2, 3))
    def repeat(self, which: int, hour: int, count: int) -> Booking | None:
        draft = make_booking(
            self.resources[which], use=self.use(hour, 1), organisation=self.organisation, user=self.member,
            state=LineState.DRAFT, **INSURED,
        )  # fmt: skip
        pattern = weekly(count, every=Every.DAY, starts=hour, ends=hour + 1)
        try:
            series_service.book_series(
                draft.lines[0], pattern, by=actor_of(self.member), expected_version=draft.version
            )
        except (SeriesRefused, Taken):
            assert draft.lines[0].state is LineState.DRAFT
            return None
        return draft

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
        there = active_between(unit_ids_of(resource), Wish(resource, use).occupied)
        # What is given back falls to a blackout or an outside calendar first, then to those who wait.
        if not waiting and not any(one.kind is ReservationKind.BLOCK for one in there):
            again = make_booking(resource, use=use, organisation=self.organisation, user=self.member)
            assert again.lines[0].state is LineState.SUBMITTED

    @rule(which=st.integers(0, 2), hour=HOURS, length=LENGTHS)
    def wait(self, which: int, hour: int, length: int) -> None:
        make_entry(self.resources[which], within=self.use(hour, length), hours=length)

    @rule()
    def a_day_later(self) -> None:
        with clock.fixed(clock.now() + timedelta(hours=30)):
            waitlist_service.tend({})

    @rule(which=st.integers(0, 2), hour=HOURS, length=LENGTHS)
    def close(self, which: int, hour: int, length: int) -> None:
        blackout_service.black_out(
            self.resources[which], self.use(hour, length), reason="Underhåll", by=actor_of(self.manager)
        )

    @rule(which=st.integers(0, 2), hours=st.lists(HOURS, max_size=3, unique=True))
    def hear_from_outside(self, which: int, hours: list[int]) -> None:
        there = [Outside(str(hour), self.use(hour, 2)) for hour in hours]
        outside_service.take_in(self.calendars[which], there)

    @rule(booking=bookings)
    def use_it_and_finish_early(self, booking: Booking | None) -> None:
        if booking is None or booking.lines[0].state is not LineState.APPROVED:
            return
        line = booking.lines[0]
        for act, moment in ((day_service.check_in, line.starts_at), (day_service.check_out, line.starts_at + HALF)):
            with clock.fixed(moment):
                more = {"people": 2} if act is day_service.check_in else {}
                act(line, by=actor_of(self.manager), expected_version=line.version, **more)

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
