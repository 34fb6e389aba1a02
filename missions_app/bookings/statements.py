"""What is to be paid for: the basis of an invoice, line by line."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import joinedload

from missions_app import db
from missions_app.bookings import prices
from missions_app.bookings.intervals import Interval
from missions_app.bookings.models import Booking, Line, LineState
from missions_app.sites.models import Resource

# Used or to be used; what nobody came to is paid for too. A late cancellation costs its fee.
CHARGED = (
    LineState.APPROVED, LineState.ONGOING, LineState.COMPLETED, LineState.CLOSED, LineState.NO_SHOW,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class StatementRow:
    """One line of a statement; öre, without value added tax."""

    reference: str
    organisation: str
    organisation_number: str
    site: str
    resource: str
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
        """The price, or the fee of what was cancelled late."""
        return self.price_ore + self.fee_ore


def rows_of(lines: Iterable[Line]) -> list[StatementRow]:
    """The lines that cost something or could have, in order."""
    return [_row(line) for line in lines if line.state in CHARGED or line.fee_ore]


def _row(line: Line) -> StatementRow:
    basis, booking, site = prices.basis_of(line), line.booking, line.resource.site
    charged = line.state in CHARGED
    return StatementRow(
        reference=booking.reference, organisation=booking.organisation.name,
        organisation_number=booking.organisation.number or "", site=site.name_sv, resource=line.resource.name_sv,
        starts_at=line.starts_at, ends_at=line.ends_at, state=line.state, hours=basis.hours,
        per_hour_ore=basis.per_hour_ore, units=basis.units, price_ore=basis.price_ore if charged else 0,
        fee_ore=line.fee_ore, market_ore=basis.market_ore if charged else 0,
        benefit_ore=basis.benefit_ore if charged else 0,
    )  # fmt: skip


def lines_charged(site_id: int, window: Interval) -> Sequence[Line]:
    """The lines at a site whose use began within a window and that belong in a statement, by start."""
    return db.session.scalars(
        select(Line)
        .join(Resource, Resource.id == Line.resource_id)
        .where(
            Resource.site_id == site_id, Line.starts_at >= window.start, Line.starts_at < window.end,
            or_(Line.state.in_(CHARGED), Line.fee_ore > 0),
        )
        .options(
            joinedload(Line.booking).joinedload(Booking.organisation),
            joinedload(Line.resource).joinedload(Resource.site),
        )
        .order_by(Line.starts_at, Line.id)
    ).all()  # fmt: skip
