"""Requests over several resources in the example: one that waits for its last owner, one half written, one of today,
and what went otherwise at an earlier visit, with a picture of it."""

import struct
import zlib
from datetime import date, timedelta

from sqlalchemy import select

from missions_app import clock, db
from missions_app.bookings import approval_service, booking_service, day_service, occupancy, queries, thread_service
from missions_app.bookings.approval_service import Asked
from missions_app.bookings.availability import is_open
from missions_app.bookings.content import BookingContent, LineWish
from missions_app.bookings.intervals import Interval
from missions_app.bookings.models import Booking, ConditionDue, Line, LineState
from missions_app.cli.examples.acts import at
from missions_app.cli.examples.experiments import LEAD
from missions_app.cli.examples.people import Cast
from missions_app.sites.models import Resource, Site

KEEPER = "platsansvarig.hav"
SEA, LAND = (14, 111, 120), (75, 106, 44)


def load_bundles(cast: Cast) -> None:
    """The researcher's own, all by services."""
    _bundle(cast)
    _draft(cast)
    _today(cast)
    _deviation(cast)


def _named(slug: str) -> Resource:
    return db.session.scalars(select(Resource).where(Resource.slug == slug).order_by(Resource.id)).first()  # type: ignore[return-value]


def _content(day: date, **more: object) -> BookingContent:
    said: dict[str, object] = {
        "purpose": "Frösådd från flotte", "reason": "Förövning utanför försöken", "people_on_site": 4,
        "on_site_responsible": "Forskningsingenjör, 0455-00 00 00", "emergency_contact": "Vakthavande ingenjör",
        "insurance_reference": "Exempel 3", "insurance_valid_to": day + timedelta(days=300),
        "personal_data_assessment": "Inga personuppgifter", "camera_assessment": "Ingen kamera",
        "ethics_assessment": "Inga frågor", "weather_limits": "Inte vid åska",
    }  # fmt: skip
    return BookingContent(**(said | more))  # type: ignore[arg-type]


def _bundle(cast: Cast) -> None:
    """Boat and sensors with two reserve days: the boat is promised, the sensors on a condition."""
    boat, sensors = _named("arbetsbat"), _named("givarsats")
    day = clock.today() + timedelta(days=75)
    while day.weekday() != 2 or any(_is_taken(one, day + timedelta(weeks=week)) for one in (boat, sensors)
                                    for week in range(3)):  # fmt: skip
        day += timedelta(days=1)
    use = Interval(at(day, 8), at(day, 14))
    booking = booking_service.request_booking(
        lines=[LineWish(boat, use), LineWish(sensors, use)], organisation=cast.organisations["bth"],
        content=_content(
            day, limits={"wind": 10, "wave": 0.5}, go_no_go_at=at(day - timedelta(days=1), 14),
            reserve_dates=tuple((day + timedelta(weeks=week)).isoformat() for week in (1, 2)),
        ),
        by=cast.actor(LEAD), requested_by=cast.users[LEAD],
    )  # fmt: skip
    keeper = cast.actor(KEEPER)
    for line, state, asked in (
        (booking.lines[0], LineState.APPROVED, Asked("Ta upp allt senast 14.30", ConditionDue.ON_SITE)),
        (booking.lines[1], LineState.CONDITIONAL, Asked("Kalibrera givarna före avfärd")),
    ):
        approval_service.decide_line(
            line, state, reason="", by=keeper, expected_version=line.version, conditions=[asked]
        )
    thread_service.write_message(booking, text="Kan ni lämna båten tankad?", by=keeper)
    thread_service.write_message(booking, text="Ja, vi fyller den samma kväll.", by=cast.actor(LEAD))


def _draft(cast: Cast) -> None:
    day = clock.today() + timedelta(days=60)
    booking_service.draft_booking(
        resource=_named("bassangen"), use=Interval(at(day, 9), at(day, 12)), organisation=cast.organisations["bth"],
        content=BookingContent(purpose="Prova täthet innan försöket"), by=cast.actor(LEAD),
        requested_by=cast.users[LEAD],
    )  # fmt: skip


def _today(cast: Cast) -> None:
    """Somebody comes to the underwater lab today, if it is open."""
    resource, today = _named("givarsats"), clock.today()
    use = Interval(at(today, 8), at(today, 15))
    if not is_open(use, occupancy.opening_of(resource), clock.zone()) or _is_taken(resource, today):
        return
    with clock.fixed(clock.now() - timedelta(days=12)):
        booking = booking_service.request_booking(
            resource=resource, use=use, organisation=cast.organisations["bth"], by=cast.actor(LEAD),
            requested_by=cast.users[LEAD],
            content=_content(
                today, purpose="Byta givare på botten",
                reserve_dates=((today + timedelta(days=1)).isoformat(),)
                if not _is_taken(resource, today + timedelta(days=1))
                else ((today + timedelta(days=9)).isoformat(),),
            ),
        )  # fmt: skip
        line = booking.lines[0]
        approval_service.decide_line(
            line, LineState.APPROVED, reason="", by=cast.actor(KEEPER), expected_version=line.version,
            conditions=[Asked("Säkerhetsgenomgång för alla", ConditionDue.ON_SITE)],
        )  # fmt: skip


def _is_taken(resource: Resource, day: date) -> bool:
    return bool(occupancy.taken_on(resource, Interval(at(day, 0), at(day, 23))))


def _deviation(cast: Cast) -> None:
    """What went otherwise at an earlier visit of the researcher's, with a picture."""
    reference = db.session.scalars(
        select(Booking.reference)
        .join(Line, Line.booking_id == Booking.id)
        .join(Resource, Resource.id == Line.resource_id)
        .join(Site, Site.id == Resource.site_id)
        .where(Line.state == LineState.CLOSED, Booking.requested_by_id == cast.users[LEAD].id)
        .order_by(Booking.id)
    ).first()
    if reference is not None:
        day_service.note_deviation(
            queries.get_booking(reference), text="En boj drev in mot stranden och fick hämtas.", is_incident=False,
            by=cast.actor(LEAD), photo=picture(), photo_text="Bojen vid strandkanten",
        )  # fmt: skip


def picture(width: int = 240, height: int = 160) -> bytes:
    """A small picture as PNG: sea below, land above."""
    rows = b"".join(b"\x00" + bytes(LAND if row < height // 3 else SEA) * width for row in range(height))
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", head) + _chunk(b"IDAT", zlib.compress(rows)) + _chunk(b"IEND", b"")


def _chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))
