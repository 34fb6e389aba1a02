"""An act that is not open now: a page that says why, instead of a form that would only be refused."""

from flask import render_template, request

from missions_app.bookings.models import Line
from missions_app.bookings.steps import no_step
from missions_app.edge.errors import status_of
from missions_app.edge.words import sentence
from missions_app.errors import DomainError
from missions_app.i18n import both
from missions_app.web.bookings.bookings import crumbs_of


def is_posted() -> bool:
    """Whether something is sent; what is sent is refused by the service, with the form as it was typed."""
    return request.method == "POST"


def not_open(line: Line, heading: str, why: DomainError | None = None) -> tuple[str, int]:
    """Why the state of a line does not allow an act."""
    error, booking = why or no_step(line), line.booking
    return render_template(
        "bookings/show_not_open.html", booking=booking, heading=heading, crumbs=crumbs_of(booking),
        name=both(line.resource.name_sv, line.resource.name_en) if len(booking.lines) > 1 else "",
        reasons=[sentence(one) for one in error.problems],
    ), status_of(error)  # fmt: skip
