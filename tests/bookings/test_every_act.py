"""Every act on a booking is refused to those who have no right to it, whatever door they come through, and stands in
the history with who did it and as what."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

import pytest
from sqlalchemy.orm import Session

from missions_app import clock
from missions_app.accounts.actor import Actor
from missions_app.audit import queries as audit
from missions_app.bookings import (
    approval_service,
    booking_service,
    cancel_service,
    change_service,
    collision_service,
    day_service,
    outside_service,
    queries,
    safety_service,
    series_queries,
    series_service,
    waitlist_service,
)
from missions_app.bookings.approval_service import Asked
from missions_app.bookings.booking_service import BookingContent
from missions_app.bookings.models import Condition, LineState, PermitState, Series
from missions_app.bookings.outside_models import OutsideConflict
from missions_app.bookings.outside_read import Outside
from missions_app.bookings.safety_service import PermitAnswer
from missions_app.bookings.series_service import Scope
from missions_app.bookings.waitlist_models import WaitlistEntry
from missions_app.errors import NotAllowed
from missions_app.sites.models import Approval
from tests.factories.accounts import actor_of, make_user
from tests.factories.bookings import PNG, SMALL, at, between, make_booking
from tests.factories.organisations import make_member, make_organisation
from tests.factories.series import INSURED, weekly
from tests.factories.sites import make_manager, make_resource
from tests.factories.waitlist import make_entry

WHY = "Så blir det den här gången."
LEAD, KEEPER, MEMBER = "experiment_lead", "site_manager", "member"


class Place:
    """A booking that somebody has asked for, and everybody who may come by: whoever asked, a colleague of theirs, the
    place's manager, the manager of another place and somebody who has nothing to do with any of it."""

    def __init__(self, state: LineState, resource: dict[str, Any], content: dict[str, Any]) -> None:
        self.resource, organisation = make_resource(**resource), make_organisation()
        user = make_member(organisation)
        self.booking = make_booking(
            self.resource, state=LineState.DRAFT, organisation=organisation, user=user, **(INSURED | content)
        )
        self.people = {
            "asker": actor_of(user), "colleague": actor_of(make_member(organisation)),
            "manager": actor_of(make_manager(self.resource.site)),
            "other manager": actor_of(make_manager(make_resource().site)), "stranger": actor_of(make_user()),
        }  # fmt: skip
        if state is not LineState.DRAFT:
            booking_service.submit_booking(self.booking, by=self.people["asker"], expected_version=self.booking.version)
        if state not in (LineState.DRAFT, LineState.SUBMITTED):
            self.decide(state, self.people["manager"])

    @property
    def line(self) -> Any:
        return self.booking.lines[0]

    def decide(self, to: LineState, by: Actor) -> None:
        conditions = [Asked("Visa försäkringen")] if to is LineState.CONDITIONAL else []
        approval_service.decide_line(
            self.line, to, reason=WHY, by=by, expected_version=self.line.version, conditions=conditions
        )


@dataclass(frozen=True)
class Act:
    """What is done and to whom it is left. `ready`: what has to be there first, done before anybody acts; its result
    is what is acted on, the booking when it is none. `role`: the role in the history, of each who may."""

    do: Callable[[Place, Any, Actor], object]
    may: dict[str, str]
    action: str
    state: LineState = LineState.APPROVED
    ready: Callable[[Place], Any] | None = None
    at: Callable[[Place], datetime] = lambda _place: clock.now()
    resource: tuple[tuple[str, Any], ...] = ()
    content: tuple[tuple[str, Any], ...] = ()


def day(days: int) -> date:
    return clock.today() + timedelta(days=days)


def tick(_place: Place, condition: Condition, by: Actor) -> None:
    approval_service.tick_condition(condition, by=by, expected_version=condition.version)


def untick(_place: Place, condition: Condition, by: Actor) -> None:
    approval_service.untick_condition(condition, by=by, expected_version=condition.version)


def condition_of(place: Place) -> Condition:
    return queries.conditions_of(place.line)[0]


def ticked(place: Place) -> Condition:
    condition = condition_of(place)
    tick(place, condition, place.people["asker"])
    return condition


def on_line(act: Callable[..., object], **more: Any) -> Callable[[Place, Any, Actor], object]:
    """An act on the one line of the booking."""
    return lambda place, _on, by: act(place.line, by=by, expected_version=place.line.version, **more)


def on_booking(act: Callable[..., object], **more: Any) -> Callable[[Place, Any, Actor], object]:
    """An act on the whole booking."""
    return lambda place, _on, by: act(place.booking, by=by, expected_version=place.booking.version, **more)


def checked_in(place: Place) -> None:
    on_line(day_service.check_in, people=2)(place, None, place.people["asker"])


def used(place: Place) -> None:
    checked_in(place)
    on_line(day_service.check_out)(place, None, place.people["asker"])


def refused(place: Place) -> None:
    place.decide(LineState.DECLINED, place.people["manager"])


def series_of(place: Place) -> Series:
    return series_service.book_series(
        place.line, weekly(2), by=place.people["asker"], expected_version=place.booking.version
    )


def approved_series(place: Place) -> Series:
    series = series_of(place)
    series_service.decide_series(
        series, LineState.APPROVED, reason="", by=place.people["manager"], expected_version=series.version
    )
    return series


def change_series(_place: Place, series: Series, by: Actor) -> None:
    series_service.change_series(
        series, "", Scope.ALL, starts=time(13), ends=time(15), by=by, expected_version=series.version
    )


def cancel_dates(_place: Place, series: Series, by: Actor) -> None:
    at = series_queries.lines_of(series)[1].occurs_on or ""
    series_service.cancel_dates(series, at, Scope.THIS, reason=WHY, by=by, expected_version=series.version)


def decide_series(_place: Place, series: Series, by: Actor) -> None:
    series_service.decide_series(series, LineState.DECLINED, reason=WHY, by=by, expected_version=series.version)


def collision(place: Place) -> OutsideConflict:
    calendar = outside_service.follow(
        place.resource, name="Hamnen", url="https://example.org/hamn.ics", by=place.people["manager"]
    )
    outside_service.take_in(calendar.id, [Outside("ett", between(9, 11))])
    return collision_service.open_cases_of(place.booking)[0]


def keep(_place: Place, case: OutsideConflict, by: Actor) -> None:
    collision_service.keep_booking(case, reason=WHY, by=by, expected_version=case.version)


def note(place: Place, _on: None, by: Actor) -> object:
    return day_service.note_deviation(
        place.booking, text="Bojen drev", is_incident=False, by=by, photo=PNG, photo_text="Bojen"
    )


def noted(place: Place) -> object:
    return note(place, None, place.people["asker"])


def set_permit(place: Place, _on: None, by: Actor) -> None:
    row = queries.permits_of(place.booking)[0]
    safety_service.set_permit(row, PermitAnswer(PermitState.APPLIED), by=by, expected_version=row.version)


def waits(place: Place) -> WaitlistEntry:
    """A member of the asking organisation waits for the same time, and nobody else can answer for them."""
    user = make_member(place.booking.organisation)
    place.people["who waits"] = actor_of(user)
    return make_entry(place.resource, user=user, organisation=place.booking.organisation)


def is_offered(place: Place) -> WaitlistEntry:
    entry = waits(place)
    on_booking(cancel_service.cancel_booking, reason="")(place, None, place.people["asker"])
    return entry


def leave(_place: Place, entry: WaitlistEntry, by: Actor) -> None:
    waitlist_service.leave(entry, by=by, expected_version=entry.version)


def decline_offer(_place: Place, entry: WaitlistEntry, by: Actor) -> None:
    waitlist_service.decline_offer(entry.offers[0], by=by)


BOTH = {"asker": LEAD, "manager": KEEPER}
# Whoever takes part writes it down; as what is told by their rights.
EITHER = {"asker": MEMBER, "manager": KEEPER}
RESERVE = (("reserve_dates", (day(17).isoformat(),)),)
ACTS: dict[str, Act] = {
    "save": Act(
        lambda place, _on, by: booking_service.save_booking(
            place.booking, BookingContent(**SMALL), by=by, expected_version=place.booking.version
        ),
        {"asker": MEMBER}, "booking.saved", LineState.DRAFT,
    ),
    "go on without": Act(
        on_line(booking_service.go_on_without), {"asker": MEMBER}, "booking.gone_without", LineState.SUBMITTED, refused
    ),
    "approve": Act(
        lambda place, _on, by: place.decide(LineState.APPROVED, by), {"manager": KEEPER}, "booking.decided",
        LineState.SUBMITTED,
    ),
    "agree": Act(
        lambda place, _on, by: place.decide(LineState.APPROVED, by), {"manager": KEEPER}, "booking.agreed",
        LineState.SUBMITTED, resource=(("approval", Approval.SEVERAL), ("approvals_needed", 2)),
    ),
    "tick": Act(tick, EITHER, "booking.condition_ticked", LineState.CONDITIONAL, condition_of),
    "untick": Act(untick, EITHER, "booking.condition_unticked", LineState.CONDITIONAL, ticked),
    "change": Act(
        on_line(change_service.change_time, use=between(13, 15)), {"asker": MEMBER}, "booking.changed"
    ),
    "move": Act(
        on_line(change_service.move_line, use=between(13, 17), reason=WHY), {"manager": KEEPER}, "booking.postponed"
    ),
    "postpone": Act(
        on_booking(change_service.postpone_to_reserve, day=day(17), reason=WHY), BOTH, "booking.postponed",
        content=RESERVE,
    ),
    "put off": Act(
        on_booking(change_service.postpone_without_day, reason=WHY), {"manager": KEEPER}, "booking.put_off"
    ),
    "go ahead": Act(
        lambda place, _on, by: change_service.decide_go(place.booking, by=by), EITHER, "booking.goes_ahead",
        content=RESERVE,
    ),
    "cancel": Act(on_booking(cancel_service.cancel_booking, reason=WHY), {"asker": LEAD}, "booking.cancelled"),
    "cancel a line": Act(on_line(cancel_service.cancel_line, reason=WHY), BOTH, "booking.cancelled"),
    "check in": Act(
        on_line(day_service.check_in, people=2), EITHER, "booking.checked_in", at=lambda _place: at(8)
    ),
    "check out": Act(
        on_line(day_service.check_out), EITHER, "booking.checked_out", ready=checked_in, at=lambda _place: at(9)
    ),
    "close": Act(
        on_line(day_service.close), {"manager": KEEPER}, "booking.closed", ready=used, at=lambda _place: at(9)
    ),
    "no show": Act(
        on_line(day_service.no_show), {"manager": KEEPER}, "booking.no_show", at=lambda _place: at(11)
    ),
    "deviation": Act(note, EITHER, "booking.deviation_noted"),
    "take a picture away": Act(
        lambda _place, on, by: day_service.remove_photo(on, by=by), EITHER, "booking.deviation_photo_removed",
        ready=noted,
    ),
    "permit": Act(set_permit, {"asker": MEMBER}, "permit.set", content=(("answers", {"camera": True}),)),
    "series": Act(lambda place, _on, by: series_service.book_series(
        place.line, weekly(2), by=by, expected_version=place.booking.version
    ), {"asker": MEMBER}, "booking.series_drafted", LineState.DRAFT),
    "change a series": Act(change_series, {"asker": MEMBER}, "booking.series_changed", LineState.DRAFT, series_of),
    "cancel a date": Act(
        cancel_dates, {"asker": MEMBER, "manager": KEEPER}, "booking.series_cancelled", LineState.DRAFT, approved_series
    ),
    "answer a series": Act(
        decide_series, {"manager": KEEPER}, "booking.series_decided", LineState.DRAFT, series_of
    ),
    "settle": Act(keep, {"manager": KEEPER}, "outside_conflict.settled", ready=collision),
    "leave the waitlist": Act(leave, {"who waits": MEMBER}, "waitlist.left", ready=waits),
    "decline an offer": Act(decline_offer, {"who waits": MEMBER}, "waitlist.declined", ready=is_offered),
}  # fmt: skip


def begun(name: str) -> tuple[Place, Act]:
    """A place where an act can be done, and the act."""
    act = ACTS[name]
    place = Place(act.state, dict(act.resource), dict(act.content))
    return place, act


def history(place: Place, on: Any) -> Sequence[Any]:
    return audit.history_of([on if isinstance(on, WaitlistEntry) else place.booking])


@pytest.mark.parametrize("name", ACTS)
def test_an_act_is_refused_to_those_who_have_no_right_to_it(session: Session, name: str) -> None:
    place, act = begun(name)
    with clock.fixed(act.at(place)):
        on = act.ready(place) if act.ready else None
        before = len(history(place, on))

        for who in place.people.keys() - act.may.keys():
            with pytest.raises(NotAllowed):
                act.do(place, on, place.people[who])

        assert len(history(place, on)) == before


@pytest.mark.parametrize(("name", "who"), [(name, who) for name, act in ACTS.items() for who in act.may])
def test_an_act_stands_in_the_history_with_who_did_it_and_as_what(session: Session, name: str, who: str) -> None:
    place, act = begun(name)
    with clock.fixed(act.at(place)):
        on = act.ready(place) if act.ready else None
        before, by = {one.id for one in history(place, on)}, place.people[who]

        act.do(place, on, by)

        new = [one for one in history(place, on) if one.id not in before]
    assert (act.action, by.audit_id, act.may[who]) in [(one.action, one.actor_id, one.actor_role) for one in new]
