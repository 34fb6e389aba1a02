"""Seats in the region's bodies: added, filled, left empty. Who sits in one is a member of the body."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import or_, select
from sqlalchemy.orm import joinedload

from missions_app import clock, db
from missions_app.accounts import grant_service
from missions_app.accounts.actor import Actor, body_scope
from missions_app.accounts.errors import SeatTaken
from missions_app.accounts.models import Grant, Seat, User
from missions_app.accounts.policy import can_manage_accounts, permit
from missions_app.audit import trail
from missions_app.errors import InvalidInput, NotFound, Problem
from missions_app.i18n import N_

MEMBER = "body_member"


def add_seat(
    body: str, function: str, *, by: Actor, organisation_label: str = "", user: User | None = None,
    valid_from: date | None = None, valid_until: date | None = None,
) -> Seat:  # fmt: skip
    """A new seat in a body, empty or filled at once.

    Args:
        body: the body's key in the method; the caller has looked that there is one.
        function: what the seat is called, such as "Ledamot" or "Ordförande".

    Raises:
        NotAllowed, InvalidInput.
    """
    permit(can_manage_accounts, by, None)
    with db.transaction() as session:
        first = valid_from or clock.today()
        problems = []
        if not function.strip():
            problems.append(Problem("missing", N_("Write what the seat is called."), "function"))
        if valid_until is not None and valid_until < first:
            problems.append(Problem("wrong_order", N_("The last day cannot be before the first."), "valid_until"))
        if problems:
            raise InvalidInput.of(problems)
        seat = Seat(
            body=body, function=function.strip(), organisation_label=organisation_label.strip(), valid_from=first,
            valid_until=valid_until,
        )  # fmt: skip
        session.add(seat)
        trail.record("seat.added", seat, by=by, body=body)
        if user is not None:
            fill_seat(seat, user, by=by)
        return seat


def fill_seat(seat: Seat, user: User, *, by: Actor) -> None:
    """Let somebody sit in an empty seat, for as long as the seat lasts.

    Raises:
        NotAllowed, SeatTaken.
    """
    permit(can_manage_accounts, by, None)
    with db.transaction():
        if seat.user_id is not None and seat.user_id != user.id:
            raise SeatTaken()
        seat.user_id = user.id
        first = max(seat.valid_from, clock.today())
        grant_service.grant(user, MEMBER, body_scope(seat.body), by=by, valid_from=first, valid_until=seat.valid_until)
        trail.record("seat.filled", seat, by=by, body=seat.body)


def vacate_seat(seat: Seat, *, by: Actor) -> None:
    """Leave a seat empty; who sat in it is a member no more, unless through another seat of the body."""
    permit(can_manage_accounts, by, None)
    with db.transaction() as session:
        if seat.user_id is None:
            return
        left, seat.user_id = seat.user_id, None
        session.flush()
        if not any(one.user_id == left for one in seats_of(seat.body)):
            scope = body_scope(seat.body)
            for held in session.scalars(
                select(Grant).where(
                    Grant.user_id == left, Grant.role == MEMBER, Grant.scope_kind == scope.kind,
                    Grant.scope_id == scope.id, Grant.revoked_at.is_(None),
                )
            ).all():  # fmt: skip
                grant_service.revoke(held, by=by)
        trail.record("seat.vacated", seat, by=by, body=seat.body)


def end_seat(seat: Seat, *, by: Actor) -> None:
    """The seat ends today; who sat in it is a member no more."""
    with db.transaction():
        vacate_seat(seat, by=by)
        seat.valid_until = clock.today()
        trail.record("seat.ended", seat, by=by, body=seat.body)


def seats_of(body: str) -> Sequence[Seat]:
    """The seats of a body today and to come, in the order in which they were made."""
    return db.session.scalars(
        select(Seat)
        .options(joinedload(Seat.user))
        .where(Seat.body == body, or_(Seat.valid_until.is_(None), Seat.valid_until > clock.today()))
        .order_by(Seat.id)
    ).all()


def get_seat(seat_id: int) -> Seat:
    """The seat, or NotFound."""
    seat = db.session.get(Seat, seat_id)
    if seat is None:
        raise NotFound()
    return seat
