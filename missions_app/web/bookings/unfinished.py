"""What a request still has to say before any of it can be sent, in the words of its form."""

from wtforms import Field

from missions_app.bookings import sending, states
from missions_app.bookings.intervals import Interval
from missions_app.bookings.models import Booking
from missions_app.i18n import _
from missions_app.web.bookings.forms import BookingForm


def still_to_say(booking: Booking, whole: Interval | None = None) -> list[str]:
    """The labels of what is missing, in the order of the form. whole: from first to last of a series to come."""
    form = BookingForm(formdata=None)
    problems = sending.missing(booking, [line for line in booking.lines if line.state not in states.OVER], whole)
    wanted = [form.field_named(one.field) for one in problems if one.field]
    return [_label(form, field) for field in form if field in wanted]


def _label(form: BookingForm, field: Field) -> str:
    """What a field is called; any limit of weather will do, not only the one in words."""
    return _("Limits of weather") if field is form.weather_limits else str(field.label.text)
