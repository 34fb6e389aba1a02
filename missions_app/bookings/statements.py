"""What is to be paid for: the basis of an invoice, line by line."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import Select, select
from sqlalchemy.orm import joinedload

from missions_app import db
from missions_app.bookings import prices
from missions_app.bookings.fee_models import LateFee
from missions_app.bookings.intervals import Interval
from missions_app.bookings.models import Booking, Line, LineState
from missions_app.sites.models import Resource

# Used or to be used; what nobody came to is paid for too. What was given back late has a row of its own.
CHARGED = (
    LineState.APPROVED, LineState.ONGOING, LineState.COMPLETED, LineState.CLOSED, LineState.NO_SHOW,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class StatementRow:
    """One row of a statement, öre without value added tax: a line of a booking and its price, or a time that was given
    back late and its fee."""

    reference: str
    organisation: str
    organisation_number: str
    site: str
    resource: str
    resource_en: str
    starts_at: datetime
    ends_at: datetime
    state: LineState
    hours: int
    per_hour_ore: int
    units: int
    price_ore: int
    fee_ore: int
    market_ore: int
    benefit_ore: int

    @property
    def to_pay_ore(self) -> int:
        """The price, or the fee of what was given back late."""
        return self.price_ore + self.fee_ore


def of_booking(booking: Booking) -> list[StatementRow]:
    """What a booking costs: its lines, and what was given back late; by start."""
    fees = _with_line(select(LateFee).join(LateFee.line).where(Line.booking_id == booking.id))
    return _rows([line for line in booking.lines if line.state in CHARGED], fees)


def of_site(site_id: int, window: Interval) -> list[StatementRow]:
    """What begins at a site within a window and costs something, and what was to begin there and was given back late;
    by start."""
    here = (Resource.site_id == site_id,)
    lines = db.session.scalars(
        select(Line)
        .join(Resource, Resource.id == Line.resource_id)
        .where(*here, Line.starts_at >= window.start, Line.starts_at < window.end, Line.state.in_(CHARGED))
        .options(
            joinedload(Line.booking).joinedload(Booking.organisation),
            joinedload(Line.resource).joinedload(Resource.site),
        )
    ).all()  # fmt: skip
    fees = _with_line(
        select(LateFee)
        .join(LateFee.line)
        .join(Resource, Resource.id == Line.resource_id)
        .where(*here, LateFee.starts_at >= window.start, LateFee.starts_at < window.end)
    )
    return _rows(lines, fees)


def _with_line(query: Select[LateFee]) -> Sequence[LateFee]:
    line = joinedload(LateFee.line)
    return db.session.scalars(
        query.options(
            line.joinedload(Line.booking).joinedload(Booking.organisation),
            line.joinedload(Line.resource).joinedload(Resource.site),
        ).order_by(LateFee.id)
    ).all()


def _rows(lines: Iterable[Line], fees: Iterable[LateFee]) -> list[StatementRow]:
    rows = [_row(line) for line in lines]
    rows += [
        replace(_row(one.line), starts_at=one.starts_at, ends_at=one.ends_at, state=LineState.CANCELLED, hours=0,
                price_ore=0, fee_ore=one.fee_ore, market_ore=0, benefit_ore=0)
        for one in fees
    ]  # fmt: skip
    return sorted(rows, key=lambda one: (one.starts_at, one.reference, one.fee_ore))


def _row(line: Line) -> StatementRow:
    basis, booking, site = prices.basis_of(line), line.booking, line.resource.site
    return StatementRow(
        reference=booking.reference, organisation=booking.organisation.name,
        organisation_number=booking.organisation.number or "", site=site.name_sv, resource=line.resource.name_sv,
        resource_en=line.resource.name_en,
        starts_at=line.starts_at, ends_at=line.ends_at, state=line.state, hours=basis.hours,
        per_hour_ore=basis.per_hour_ore, units=basis.units, price_ore=basis.price_ore, fee_ore=0,
        market_ore=basis.market_ore, benefit_ore=basis.benefit_ore,
    )  # fmt: skip
