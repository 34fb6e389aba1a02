"""Bookings."""

from datetime import timedelta

from missions_app import clock
from missions_app.bookings import collision_service, day_service, outside_service, queries, series_queries
from missions_app.bookings.intervals import Interval
from missions_app.bookings.models import LineState
from missions_app.bookings.outside_read import Outside
from tests.architecture.object_pages import Arranged, ObjectPage
from tests.factories.accounts import actor_of
from tests.factories.bookings import PNG, make_booking
from tests.factories.organisations import make_member, make_organisation
from tests.factories.series import make_draft, make_series
from tests.factories.sites import make_manager, make_resource


def own() -> Arranged:
    booking = make_booking()
    return Arranged({"reference": booking.reference}, booking.requested_by)


def line_of_own() -> Arranged:
    booking = make_booking()
    return Arranged({"reference": booking.reference, "line_id": booking.lines[0].id}, booking.requested_by)


def to_answer() -> Arranged:
    booking = make_booking()
    line = booking.lines[0]
    return Arranged({"reference": booking.reference, "line_id": line.id}, make_manager(line.resource.site))


def approved() -> Arranged:
    booking = make_booking(state=LineState.APPROVED)
    line = booking.lines[0]
    return Arranged({"reference": booking.reference, "line_id": line.id}, make_manager(line.resource.site))


def permit() -> Arranged:
    booking = make_booking(
        answers={"street": True}, details=dict.fromkeys(
            ("traffic_arrangement_plan", "accessibility_diversion", "emergency_access", "residents_notice"), "Bilaga"
        ),
    )  # fmt: skip
    needed = queries.permits_of(booking)[0].permit
    return Arranged({"reference": booking.reference, "permit": needed}, booking.requested_by)


def bookable() -> Arranged:
    """Whoever belongs to an organisation may ask."""
    resource = make_resource()
    return Arranged({"slug": resource.site.slug, "resource": resource.slug}, make_member(make_organisation()))


def draft() -> Arranged:
    booking = make_booking(state=LineState.DRAFT)
    return Arranged({"reference": booking.reference}, booking.requested_by)


def draft_line() -> Arranged:
    booking = make_booking(state=LineState.DRAFT)
    return Arranged({"reference": booking.reference, "line_id": booking.lines[0].id}, booking.requested_by)


def with_reserve_date() -> Arranged:
    day = (clock.today() + timedelta(days=17)).isoformat()
    booking = make_booking(state=LineState.APPROVED, reserve_dates=(day,))
    return Arranged({"reference": booking.reference}, make_manager(booking.lines[0].resource.site))


def with_photo() -> Arranged:
    booking = make_booking(state=LineState.APPROVED)
    deviation = day_service.note_deviation(
        booking, text="Bojen drev", is_incident=False, by=actor_of(booking.requested_by), photo=PNG, photo_text="Bojen"
    )
    return Arranged({"reference": booking.reference, "deviation_id": deviation.id}, booking.requested_by)


def site_today() -> Arranged:
    site = make_resource().site
    return Arranged({"slug": site.slug}, make_manager(site))


def collision() -> Arranged:
    booking = make_booking()
    line = booking.lines[0]
    manager = make_manager(line.resource.site)
    followed = outside_service.follow(
        line.resource, name="Hamnen", url="https://example.org/hamn.ics", by=actor_of(manager)
    )
    outside_service.take_in(followed.id, [Outside("ett", Interval(line.starts_at, line.ends_at))])
    return Arranged({"case_id": collision_service.open_cases([line.resource.site_id])[0].id}, manager)


def resource_of_own() -> Arranged:
    resource = make_resource()
    return Arranged({"slug": resource.site.slug, "resource": resource.slug}, make_manager(resource.site))


def site_period() -> Arranged:
    arranged = site_today()
    today = clock.today().isoformat()
    return Arranged({**arranged.values, "from": today, "until": today}, arranged.reader)


def series() -> Arranged:
    made = make_series()
    return Arranged({"reference": made.booking.reference, "series_id": made.id}, made.booking.requested_by)


def date_of_series() -> Arranged:
    made = make_series()
    date = series_queries.lines_of(made)[0].occurs_on
    values = {"reference": made.booking.reference, "series_id": made.id, "date": date}
    return Arranged(values, made.booking.requested_by)


def series_to_answer() -> Arranged:
    made = make_series()
    return Arranged({"reference": made.booking.reference, "series_id": made.id}, make_manager(made.resource.site))


def line_to_repeat() -> Arranged:
    line = make_draft()
    return Arranged({"reference": line.booking.reference, "line_id": line.id}, line.booking.requested_by)


def with_series() -> Arranged:
    made = make_series()
    return Arranged({"reference": made.booking.reference}, made.booking.requested_by)


PAGES = [
    ObjectPage("bookings.request_booking", bookable),
    ObjectPage("bookings.show_booking", own),
    ObjectPage("bookings.show_receipt", own),
    ObjectPage("bookings.cancel_booking", own),
    ObjectPage("bookings.add_risk", own),
    ObjectPage("bookings.note_deviation", own),
    ObjectPage("bookings.set_permit", permit),
    ObjectPage("bookings.decide_line", to_answer),
    ObjectPage("bookings.move_line", approved),
    ObjectPage("bookings.edit_booking", draft),
    ObjectPage("bookings.add_line", draft),
    ObjectPage("bookings.change_time", draft_line),
    ObjectPage("bookings.cancel_line", line_of_own),
    ObjectPage("bookings.copy_booking", own),
    ObjectPage("bookings.show_statement", own),
    ObjectPage("bookings.download_calendar", own),
    ObjectPage("bookings.postpone_booking", with_reserve_date),
    ObjectPage("bookings.show_photo", with_photo),
    ObjectPage("api_bookings.show_photo", with_photo),
    ObjectPage("bookings.show_today", site_today),
    ObjectPage("bookings.show_paper_week", site_today),
    ObjectPage("bookings.show_site_statement", site_today),
    ObjectPage("api_bookings.show_booking", own),
    ObjectPage("api_bookings.show_line", line_of_own),
    ObjectPage("api_bookings.list_conditions", line_of_own),
    ObjectPage("api_bookings.list_messages", own),
    ObjectPage("api_bookings.show_statement", own),
    ObjectPage("api_bookings.show_site_statement", site_period),
    ObjectPage("api_bookings.list_today", site_today),
    ObjectPage("bookings.book_series", line_to_repeat),
    ObjectPage("bookings.show_series", series),
    ObjectPage("bookings.plan_move", line_of_own),
    ObjectPage("bookings.enter_afterwards", approved),
    ObjectPage("bookings.settle_case", collision),
    ObjectPage("bookings.follow_calendar", resource_of_own),
    ObjectPage("api_calendars.list_outside", resource_of_own),
    ObjectPage("bookings.change_series", date_of_series),
    ObjectPage("bookings.cancel_dates", date_of_series),
    ObjectPage("bookings.decide_series", series_to_answer),
    ObjectPage("api_series.list_series", with_series),
    ObjectPage("api_series.show_series", series),
]
# The secret in the address is the right; of a booking everybody sees as much as its tier shows.
OPEN = ("bookings.read_feed", "api_bookings.list_shown")
