"""A series that has been answered, one that waits, and a draft that can be repeated."""

from datetime import time, timedelta

from missions_app import clock
from missions_app.bookings import booking_service, link_service, outside_service, series_queries, series_service
from missions_app.bookings.booking_service import BookingContent
from missions_app.bookings.intervals import Interval
from missions_app.bookings.link_models import FeedKind
from missions_app.bookings.link_service import Target
from missions_app.bookings.models import Line, LineState, Series
from missions_app.bookings.outside_read import Outside
from missions_app.bookings.recurrence import Every, Pattern
from missions_app.cli.examples.acts import at
from missions_app.cli.examples.experiments import LEAD
from missions_app.cli.examples.people import Cast

PLACE = "formcellen"


def load_series(cast: Cast) -> None:
    """The researcher has computing time on Tuesdays, asks for it on Thursdays, and has begun a third request."""
    manager = cast.actor(cast.managers[PLACE])
    for weekday, answered in ((1, True), (3, False)):
        line = _draft(cast, weekday)
        day = clock.day_of(line.starts_at)
        series = series_service.book_series(
            line, Pattern(day, time(16), time(18), Every.WEEK, count=4), by=cast.actor(LEAD),
            expected_version=line.booking.version,
        )  # fmt: skip
        if answered:
            series_service.decide_series(
                series, LineState.APPROVED, reason="", by=manager, expected_version=series.version
            )
            _collide(cast, series)
    _draft(cast, 0)
    link_service.make_link(Target(FeedKind.MINE, None, "Mina bokningar"), by=cast.actor(LEAD))


def _draft(cast: Cast, weekday: int) -> Line:
    day = clock.today() + timedelta(days=30)
    day += timedelta(days=(weekday - day.weekday()) % 7)
    booking = booking_service.draft_booking(
        resource=cast.resources[PLACE], use=Interval(at(day, 16), at(day, 18)),
        organisation=cast.organisations["bth"], by=cast.actor(LEAD), requested_by=cast.users[LEAD],
        content=BookingContent(
            purpose="Beräkningar för formning", reason="Beräkningar inför försöken", people_on_site=3,
            on_site_responsible="Forskningsingenjör, 0455-00 00 00", emergency_contact="Vakthavande ingenjör",
            insurance_reference="Exempel 3", insurance_valid_to=day + timedelta(days=400),
            personal_data_assessment="Inga personuppgifter", camera_assessment="Ingen kamera",
            ethics_assessment="Inga frågor",
        ),
    )  # fmt: skip
    return booking.lines[0]


def _collide(cast: Cast, series: Series) -> None:
    """The owner follows a calendar of its own, which has something on the first day of the series."""
    followed = outside_service.follow(
        series.resource, name="Ägarens egen kalender (exempel)", url="https://kalender.example/formning.ics",
        by=cast.actor(cast.managers[PLACE]),
    )  # fmt: skip
    first = series_queries.lines_of(series)[0]
    when = Interval(first.starts_at - timedelta(hours=3), first.ends_at)
    outside_service.take_in(followed.id, [Outside("exempel", when)])
