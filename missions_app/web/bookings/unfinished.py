"""What a request still has to say before any of it can be sent, in the words of its form."""

from missions_app.bookings import sending, states
from missions_app.bookings.models import Booking
from missions_app.web.bookings.forms import BookingForm


def still_to_say(booking: Booking) -> list[str]:
    """The labels of what is missing, in the order of the form."""
    form = BookingForm(formdata=None)
    problems = sending.missing(booking, [line for line in booking.lines if line.state not in states.OVER])
    wanted = {one.field if one.field in form else f"detail_{one.field}" for one in problems}
    return [str(field.label.text) for field in form if field.name in wanted]
