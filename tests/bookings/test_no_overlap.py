"""Under any sequence of acts no unit is occupied twice, everybody has the time they were told they have and nobody
more, a request is refused exactly when its time cannot be had, and what is given back can be had again."""

from collections import Counter
from datetime import date, timedelta

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
from missions_app.bookings.models import Booking, Line, LineState, Reservation, ReservationKind
from missions_app.bookings.occupancy import Wish, active_between, unit_ids_of
from missions_app.bookings.outside_read import Outside
from missions_app.bookings.recurrence import Every
from missions_app.bookings.sending import days_later, reserve_use
from missions_app.bookings.series_errors import SeriesRefused
from missions_app.bookings.states import OVER
from missions_app.bookings.waitlist_models import OfferState, WaitlistOffer
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
WHICH = st.integers(0, 3)
HELD = (LineState.SUBMITTED, LineState.APPROVED)


class Acts(RuleBasedStateMachine):
    """A hall, its bay, a pool of two and the whole of it; people ask, answer, move, wait, close and give back."""

    bookings = Bundle("bookings")

    @initialize()
    def open(self) -> None:
        site = make_site()
        hall = make_resource(site, units=("Vänster", "Höger"), cleanup_minutes=30)
        bay = make_resource(site, units=("Höger",))
        pool = make_resource(site, name_sv="Givare", pool_size=POOL_SIZE, setup_minutes=30)
        self.resources = (hall, bay, pool, make_resource(site, whole_of=pool.slug))
        self.calendars = [
            outside_service.follow(one, name="Ägaren", url=f"https://kalender.example/{one.id}.ics", by=SYSTEM).id
            for one in self.resources
        ]
        self.organisation = make_organisation()
        self.member, self.manager = make_member(self.organisation), make_manager(site)

    def use(self, hour: int, length: int) -> Interval:
        return Interval(at(hour), at(hour) + timedelta(hours=length))

    def can_be_had(self, which: int, use: Interval) -> bool:
        """What is true of a resource by what is occupied: of a pool it is the peak that counts, however its units were
        given out before; of anything else, whether anybody has any of it."""
        resource = self.resources[which]
        wanted = Wish(resource, use).occupied
        there = [
            Interval(one.starts_at, one.ends_at) for one in active_between(unit_ids_of(resource), wanted, expired=True)
        ]
        return peak(there, wanted) + 1 <= POOL_SIZE if which == POOL else not there

    @rule(target=bookings, which=WHICH, hour=HOURS, length=LENGTHS, has_reserve=st.booleans())
    def ask(self, which: int, hour: int, length: int, has_reserve: bool) -> Booking | None:
        use = self.use(hour, length)
        later = days_later(use, 7)
        is_free = self.can_be_had(which, use) and (not has_reserve or self.can_be_had(which, later))
        try:
            booking = make_booking(
                self.resources[which], use=use, organisation=self.organisation, user=self.member,
                reserve_dates=(clock.day_of(later.start).isoformat(),) if has_reserve else (),
            )  # fmt: skip
        except Taken:
            assert not is_free
            return None
        assert is_free
        return booking

    @rule(target=bookings, which=WHICH, hour=HOURS, count=st.integers(2, 3))
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

    @rule(booking=bookings, to=st.sampled_from((LineState.APPROVED, LineState.APPROVED, LineState.DECLINED)))
    def answer(self, booking: Booking | None, to: LineState) -> None:
        if booking is not None and booking.lines[0].state is LineState.SUBMITTED:
            line, reason = booking.lines[0], "Så blir det den här gången."
            approval_service.decide_line(
                line, to, reason=reason, by=actor_of(self.manager), expected_version=line.version
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

    @rule(booking=bookings, hour=HOURS, length=LENGTHS)
    def change(self, booking: Booking | None, hour: int, length: int) -> None:
        if booking is not None and booking.lines[0].state in HELD:
            line = booking.lines[0]
            before = (line.starts_at, line.ends_at)
            try:
                change_service.change_time(
                    line, self.use(hour, length), by=actor_of(self.member), expected_version=line.version
                )
            except DomainError:
                db.session.refresh(line)
                assert (line.starts_at, line.ends_at) == before

    @rule(booking=bookings)
    def postpone(self, booking: Booking | None) -> None:
        if booking is not None and booking.reserve_dates and booking.lines[0].state is LineState.APPROVED:
            change_service.postpone_to_reserve(
                booking, date.fromisoformat(booking.reserve_dates[0]), reason="Kuling", by=actor_of(self.manager),
                expected_version=booking.version,
            )  # fmt: skip

    @rule(booking=consumes(bookings))
    def cancel_and_ask_again(self, booking: Booking | None) -> None:
        if booking is None or booking.lines[0].state not in HELD:
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

    @rule(which=WHICH, hour=HOURS, length=LENGTHS)
    def wait(self, which: int, hour: int, length: int) -> None:
        make_entry(self.resources[which], within=self.use(hour, length), hours=length)

    @rule(data=st.data())
    def decline_an_offer(self, data: st.DataObject) -> None:
        there = db.session.scalars(
            select(WaitlistOffer).where(WaitlistOffer.state == OfferState.OPEN).order_by(WaitlistOffer.id)
        ).all()
        if there:
            offer = data.draw(st.sampled_from(range(len(there))))
            waitlist_service.decline_offer(there[offer], by=actor_of(there[offer].entry.user))

    @rule()
    def a_day_later(self) -> None:
        with clock.fixed(clock.now() + timedelta(hours=30)):
            waitlist_service.tend({})

    @rule(which=WHICH, hour=HOURS, length=LENGTHS)
    def close(self, which: int, hour: int, length: int) -> None:
        blackout_service.black_out(
            self.resources[which], self.use(hour, length), reason="Underhåll", by=actor_of(self.manager)
        )

    @rule(which=WHICH)
    def reopen(self, which: int) -> None:
        for one in blackout_service.blackouts_of(self.resources[which])[:1]:
            blackout_service.lift(one, by=actor_of(self.manager), expected_version=one.version)

    @rule(which=WHICH, hours=st.lists(HOURS, max_size=3, unique=True))
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

    @invariant()
    def everybody_has_what_they_were_told_and_no_more(self) -> None:
        db.session.expire_all()
        there: dict[int | None, Counter[tuple[ReservationKind, Interval]]] = {}
        for one in db.session.scalars(select(Reservation).where(Reservation.active)):
            there.setdefault(one.line_id, Counter())[one.kind, Interval(one.starts_at, one.ends_at)] += 1
        for line in db.session.scalars(select(Line)):
            if line.state in HELD:
                assert there.get(line.id) == self.told(line)
            elif line.state in OVER:
                assert line.id not in there

    def told(self, line: Line) -> "Counter[tuple[ReservationKind, Interval]]":
        """What a line that is held occupies: its own time and its reserve dates, on all of its units."""
        own = Wish(line.resource, Interval(line.starts_at, line.ends_at)).occupied
        reserves = (Wish(line.resource, reserve_use(line, day)).occupied for day in line.booking.reserve_dates)
        number = 1 if line.resource.pool_id is not None else len(unit_ids_of(line.resource))
        return Counter(
            {(ReservationKind.REQUEST, own): number}
            | {(ReservationKind.RESERVE, reserve): number for reserve in reserves}
        )


def test_no_sequence_of_acts_occupies_a_unit_twice(session: Session) -> None:
    quick = settings(
        max_examples=8,
        stateful_step_count=20,
        deadline=None,
        suppress_health_check=list(HealthCheck),
        database=None,
        derandomize=True,
    )

    run_state_machine_as_test(Acts, settings=quick)

    assert session.scalars(select(Reservation)).first() is not None
