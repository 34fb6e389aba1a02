"""The day of use, permits, risks and deviations of bookings. The routes are the bookings' own."""

from typing import Any

from flask.typing import ResponseReturnValue
from marshmallow import fields

from missions_app.api.base import Input, created
from missions_app.api.bookings import (
    BOOKING,
    LINE,
    DeviationOut,
    LineOut,
    PermitOut,
    RiskOut,
    bp,
    line_of,
    readable_booking,
)
from missions_app.api.schemas import Moment, decoded_picture
from missions_app.api.shapes import input_of
from missions_app.bookings import day_service, queries, safety_service
from missions_app.bookings.models import BookingPermit, Line, Risk
from missions_app.bookings.safety_service import PermitAnswer
from missions_app.edge.access import actor, signed_in
from missions_app.edge.pictures import picture_response
from missions_app.errors import NotFound

PHOTO = f"{BOOKING}/deviations/<int:deviation_id>/photo"


WHEN = {"description": "When it was, where it is entered afterwards; else it is now"}


class CheckInIn(Input):
    """How many came."""

    people = fields.Integer(load_default=None, allow_none=True)
    at = Moment(load_default=None, allow_none=True, metadata=WHEN)


class CheckOutIn(Input):
    """When they left."""

    at = Moment(load_default=None, allow_none=True, metadata=WHEN)


class RiskIn(Input):
    """Something that may go wrong."""

    text = fields.String(required=True)
    level = fields.String(required=True)
    mitigation = fields.String(load_default="")


class DeviationIn(Input):
    """Something that went otherwise. A picture comes as base64 with what it shows."""

    text = fields.String(required=True)
    is_incident = fields.Boolean(load_default=False)
    photo = fields.String(load_default="", metadata={"description": "JPEG, PNG or WebP as base64"})
    photo_text = fields.String(load_default="")


@bp.put(f"{BOOKING}/permits/<permit>")
@signed_in
@bp.versioned
@bp.arguments(input_of(PermitAnswer))
@bp.response(200, PermitOut)
def set_permit(body: dict[str, Any], reference: str, permit: str, expected_version: int) -> BookingPermit:
    """Where a permit stands."""
    row = queries.get_permit(readable_booking(reference), permit)
    safety_service.set_permit(row, PermitAnswer(**body), by=actor(), expected_version=expected_version)
    return row


@bp.post(f"{BOOKING}/risks")
@signed_in
@bp.arguments(RiskIn)
@bp.response(201, RiskOut)
def add_risk(body: dict[str, Any], reference: str) -> Any:
    """Something that may go wrong, and what is done about it."""
    risk = safety_service.add_risk(readable_booking(reference), by=actor(), **body)
    return created(risk, "bookings.show_booking", reference=reference)


@bp.post(f"{BOOKING}/risks/<int:risk_id>/accept")
@signed_in
@bp.versioned
@bp.response(200, RiskOut)
def accept_risk(reference: str, risk_id: int, expected_version: int) -> Risk:
    """The site accepts what is left of it."""
    risk = next((one for one in queries.risks_of(readable_booking(reference)) if one.id == risk_id), None)
    if risk is None:
        raise NotFound()
    safety_service.accept_risk(risk, by=actor(), expected_version=expected_version)
    return risk


@bp.post(f"{BOOKING}/deviations")
@signed_in
@bp.arguments(DeviationIn)
@bp.response(201, DeviationOut)
def note_deviation(body: dict[str, Any], reference: str) -> Any:
    """Something that went otherwise on site."""
    photo = decoded_picture(body.pop("photo"))
    deviation = day_service.note_deviation(readable_booking(reference), by=actor(), photo=photo, **body)
    return created(deviation, "bookings.show_booking", reference=reference)


@bp.get(PHOTO)
@signed_in
def show_photo(reference: str, deviation_id: int) -> ResponseReturnValue:
    """The picture of a deviation."""
    deviation = queries.deviation_of(readable_booking(reference), deviation_id)
    if deviation.photo is None:
        raise NotFound()
    return picture_response(deviation.photo, f"{reference}-{deviation_id}")


@bp.delete(PHOTO)
@signed_in
@bp.response(204)
def remove_photo(reference: str, deviation_id: int) -> None:
    """Take the picture of a deviation away; what was written stays."""
    day_service.remove_photo(queries.deviation_of(readable_booking(reference), deviation_id), by=actor())


@bp.post(f"{LINE}/check-in")
@signed_in
@bp.versioned
@bp.arguments(CheckInIn)
@bp.response(200, LineOut)
def check_in(body: dict[str, Any], reference: str, line_id: int, expected_version: int) -> Line:
    """The use begins."""
    line = line_of(reference, line_id)
    day_service.check_in(line, **body, by=actor(), expected_version=expected_version)
    return line


@bp.post(f"{LINE}/check-out")
@signed_in
@bp.versioned
@bp.arguments(CheckOutIn, required=False)
@bp.response(200, LineOut)
def check_out(body: dict[str, Any], reference: str, line_id: int, expected_version: int) -> Line:
    """The use ends."""
    line = line_of(reference, line_id)
    day_service.check_out(line, **body, by=actor(), expected_version=expected_version)
    return line


@bp.post(f"{LINE}/close")
@signed_in
@bp.versioned
@bp.response(200, LineOut)
def close(reference: str, line_id: int, expected_version: int) -> Line:
    """The owner finds everything in order."""
    line = line_of(reference, line_id)
    day_service.close(line, by=actor(), expected_version=expected_version)
    return line


@bp.post(f"{LINE}/no-show")
@signed_in
@bp.versioned
@bp.response(200, LineOut)
def no_show(reference: str, line_id: int, expected_version: int) -> Line:
    """Nobody came."""
    line = line_of(reference, line_id)
    day_service.no_show(line, by=actor(), expected_version=expected_version)
    return line


__all__ = ["bp"]
