"""What would be missed when an organisation leaves a mission: promises, needs, agreements, and bookings to come."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import or_, select

from missions_app import clock, db
from missions_app.bookings import letters
from missions_app.bookings.models import Booking, Line, LineState
from missions_app.experiments.models import Experiment
from missions_app.partnerships import queries
from missions_app.partnerships.events import PartnerLeft
from missions_app.partnerships.models import Agreement, Commitment, CommitmentState, Partner
from missions_app.sites.models import Resource, Site

TO_COME = (LineState.SUBMITTED, LineState.CONDITIONAL, LineState.APPROVED, LineState.ONGOING)


@dataclass(frozen=True, slots=True)
class Relying:
    """Promises not yet kept, agreements that hold, and bookings in the mission still to be used: the organisation's own
    and those at its sites."""

    promises: Sequence[Commitment]
    agreements: Sequence[Agreement]
    bookings: Sequence[Booking]


def relying_on(partner: Partner) -> Relying:
    """What relies on a partner that takes part."""
    mission = partner.mission
    return Relying(
        promises=[
            one for one in queries.commitments_of(mission)
            if one.partner_id == partner.id and one.state is CommitmentState.COMMITTED
        ],
        agreements=[
            one for one in queries.agreements_of(mission)
            if queries.is_held(one) and any(party.organisation_id == partner.organisation_id for party in one.parties)
        ],
        bookings=[one for one, _lines in _coming(partner)],
    )  # fmt: skip


def on_partner_left(event: PartnerLeft) -> None:
    """Whoever asked for a booking that relied on the partner, and those who look after the sites, are told."""
    for booking, lines in _coming(event.partner):
        letters.tell_partner_left(booking, lines, event.partner)


def _coming(partner: Partner) -> list[tuple[Booking, list[Line]]]:
    lines = db.session.scalars(
        select(Line)
        .join(Booking, Booking.id == Line.booking_id)
        .join(Resource, Resource.id == Line.resource_id)
        .join(Site, Site.id == Resource.site_id)
        .outerjoin(Experiment, Experiment.id == Booking.experiment_id)
        .where(
            or_(Booking.organisation_id == partner.organisation_id, Site.owner_id == partner.organisation_id),
            or_(Booking.mission_id == partner.mission_id, Experiment.mission_id == partner.mission_id),
            Line.ends_at > clock.now(),
            Line.state.in_(TO_COME),
        )
        .order_by(Booking.reference, Line.id)
    )
    found: dict[int, tuple[Booking, list[Line]]] = {}
    for line in lines:
        found.setdefault(line.booking_id, (line.booking, []))[1].append(line)
    return list(found.values())
