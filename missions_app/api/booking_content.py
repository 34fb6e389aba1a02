"""What a request says besides its time, as callers send it."""

from collections.abc import Iterable
from typing import Any

import marshmallow as ma
from marshmallow import fields

from missions_app.api.schemas import Day
from missions_app.api.shapes import input_of
from missions_app.bookings.content import BookingContent
from missions_app.errors import InvalidInput, Problem
from missions_app.i18n import N_


class ContentIn(input_of(BookingContent)):
    """What a request says besides its time. What it must say depends on where it is and what it does; everything
    missing is named when it is sent."""

    reserve_dates = fields.List(Day(), load_default=list)
    details = fields.Dict(keys=fields.String(), values=fields.String(), load_default=dict)

    @ma.post_load
    def as_kept(self, data: dict[str, Any], **_options: Any) -> dict[str, Any]:
        """Reserve dates as they are kept, each once."""
        return {**data, "reserve_dates": tuple(sorted({one.isoformat() for one in data["reserve_dates"]}))}


def content_of(body: dict[str, Any], known: Iterable[str]) -> BookingContent:
    """What a request says. A misspelt question would ask for no permit, and nobody would miss it."""
    if not set(body["answers"]).issubset(known):
        raise InvalidInput.of([Problem("unknown_choice", N_("Choose one of the alternatives."), "answers")])
    return BookingContent(**body)
