"""An act that was refused, told at the line it is about: on today's page of the site, or on the booking's own."""

from dataclasses import dataclass

from flask import request, url_for

from missions_app.bookings.models import Line
from missions_app.edge.words import sentence
from missions_app.errors import DomainError, StaleVersion
from missions_app.i18n import _

OF_PEOPLE = ("people", "people_on_site")


@dataclass(frozen=True, slots=True)
class Refused:
    """Of which line, why and what to do, and what was typed.

    is_people: whether the number of people is at fault.
    mend: (words, address) of the page where it is mended, where that is another.
    """

    line: Line
    reasons: list[str]
    people: str
    is_people: bool
    mend: tuple[str, str] | None


def refusal_of(line: Line, error: DomainError, *, is_at_booking: bool) -> Refused:
    """What to say of an act of the present request, as it was typed. is_at_booking: on the booking's own page."""
    return Refused(
        line, _reasons(error), request.form.get("people", ""),
        any(one.field in OF_PEOPLE for one in error.problems), _mend(line, error, is_at_booking),
    )  # fmt: skip


def _reasons(error: DomainError) -> list[str]:
    if isinstance(error, StaleVersion):  # nothing was written here, and the page shows how it stands
        return [_("Somebody else has changed this since you opened the page. You see how it stands now.")]
    return [sentence(one) for one in error.problems]


def _mend(line: Line, error: DomainError, is_at_booking: bool) -> tuple[str, str] | None:
    reference, code = line.booking.reference, error.problems[0].code
    booking = url_for("bookings.show_booking", reference=reference)
    if code == "permits_missing":
        return _("See which permits are missing"), f"{booking}#permits"
    if code == "use_is_over":
        return _("Enter the times afterwards"), url_for(
            "bookings.enter_afterwards", reference=reference, line_id=line.id
        )
    if is_at_booking or error.problems[0].field in OF_PEOPLE:
        return None  # it is mended where it stands
    return _("See the booking as it stands now"), booking
