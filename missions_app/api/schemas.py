"""Strict schemas: what callers send, what they get, and the words for what is wrong."""

import base64
import json
from functools import cache
from typing import Any, Self, cast

import marshmallow as ma
from marshmallow import fields
from webargs.flaskparser import FlaskParser
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import UnsupportedMediaType

from missions_app.calendar_days import FIRST_YEAR, LAST_YEAR
from missions_app.errors import InvalidInput, Problem
from missions_app.i18n import N_

PAGING = ("page", "page_size")
YEARS = range(1970, 2200)


class _Shape(ma.Schema):
    """A schema does not change once it is made, so a copy is the same one. The library copies all that a view says of
    itself, schemas with their fields too, in every decorator."""

    def __deepcopy__(self, _memo: object) -> Self:
        return self


class Input(_Shape):
    """What a caller sends. A field that is not named is an error, never ignored."""

    class Meta:
        """Strict."""

        unknown = ma.RAISE

    def on_bind_field(self, field_name: str, field_obj: fields.Field[Any]) -> None:
        """A whole number is whole: 1.5 is refused, never cut off."""
        super().on_bind_field(field_name, field_obj)
        if isinstance(field_obj, fields.Integer):
            field_obj.strict = True


class Output(_Shape):
    """What is answered: read from attributes of a record or the keys of a mapping."""


class Filters(Input):
    """What a list may be narrowed by, in the address. Page and page size are understood everywhere."""

    def on_bind_field(self, field_name: str, field_obj: fields.Field[Any]) -> None:
        """All that stands in an address is text, numbers too."""


class Moment(fields.AwareDateTime):
    """An instant with its offset, such as 2027-03-17T08:00:00+01:00. Without an offset it is refused, and so are
    years in which nothing of ours can happen."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        moment = super()._deserialize(value, attr, data, **kwargs)
        if moment.year not in YEARS:
            raise self.make_error("invalid", input=value, obj_type=self.OBJ_TYPE)
        return moment


class Day(fields.Date):
    """A day, such as 2027-03-17, in a year in which somebody plans."""

    default_error_messages = {"year": N_("Use a year from 1900 to 2199.")}  # noqa: RUF012 -- the library's own kind

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        day = super()._deserialize(value, attr, data, **kwargs)
        if not FIRST_YEAR <= day.year <= LAST_YEAR:
            raise self.make_error("year")
        return day


class LocalTime(fields.Time):
    """A time of day on the clock at the place, such as 09:00: whole minutes; the day decides the offset."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        at = super()._deserialize(value, attr, data, **kwargs)
        if at.tzinfo is not None or at.second or at.microsecond:
            raise self.make_error("invalid", input=value, obj_type=self.OBJ_TYPE)
        return at


class Parser(FlaskParser):
    """Reads requests strictly."""

    DEFAULT_UNKNOWN_BY_LOCATION = {  # noqa: RUF012 -- the library's own name and kind
        **FlaskParser.DEFAULT_UNKNOWN_BY_LOCATION, "query": None, "json": None,
    }  # fmt: skip

    def load_json(self, req: Any, schema: Any) -> Any:
        """The body; anything but JSON is refused with 415."""
        if req.content_length and not req.is_json:
            raise UnsupportedMediaType()
        return super().load_json(req, schema)

    def _raw_load_json(self, req: Any) -> Any:
        """What the body says. Brackets without end are no JSON; half a sign (a lone surrogate) is in no text, and a
        page that shows it cannot be sent."""
        try:
            body = super()._raw_load_json(req)
            if b"\\u" in req.get_data(cache=True):
                json.dumps(body, ensure_ascii=False, default=str).encode()
        except RecursionError as error:
            raise json.JSONDecodeError("too many brackets", "[", 0) from error
        return body

    def load_querystring(self, req: Any, schema: Any) -> Any:
        """The filters; page and page_size are read by the page itself."""
        pairs = MultiDict((name, value) for name, value in req.args.items(multi=True) if name not in PAGING)
        return self._makeproxy(pairs, schema)


@cache
def made(schema: type[ma.Schema]) -> ma.Schema:
    """The one instance of a schema: making one copies all of its fields."""
    return schema()


@cache
def page_schema(row: type[ma.Schema]) -> type[ma.Schema]:
    """The schema of a page of such rows; the same one each time."""
    parts = {"items": fields.List(fields.Nested(made(row)))} | {
        name: fields.Integer() for name in ("page", "page_size", "total")
    }
    return cast(type[ma.Schema], type(f"{row.__name__}Page", (Output,), parts))


def decoded_picture(sent: str, field: str = "photo") -> bytes | None:
    """The bytes of a picture that came as base64; None when nothing was sent. Raises InvalidInput."""
    try:
        return base64.b64decode(sent, validate=True) if sent else None
    except ValueError as error:
        text = N_("Send the picture as base64 of a JPEG, PNG or WebP file.")
        raise InvalidInput.of([Problem("not_base64", text, field)]) from error
