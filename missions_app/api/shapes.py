"""Schemas made from what the services take and the records hold, so that each shape is said once."""

import dataclasses
import types
import typing
from collections.abc import Mapping, Sequence
from datetime import date, datetime, time
from enum import Enum
from functools import cache
from typing import Any, cast

import sqlalchemy as sa
from marshmallow import fields

from missions_app.api.schemas import Day, Input, LocalTime, Moment, Output
from missions_app.db import Base, UtcDateTime

PLAIN: dict[type, type[fields.Field[Any]]] = {
    str: fields.String, int: fields.Integer, float: fields.Float, bool: fields.Boolean, date: Day,
    datetime: Moment, time: LocalTime, dict: fields.Dict, list: fields.List,
}  # fmt: skip


@cache
def input_of(content: type, *left_out: str, name: str = "") -> type[Input]:
    """The body that becomes a content class of a service: the same names, optional where it has a default."""
    hints = typing.get_type_hints(content)
    made = {one.name: _asked(one, hints[one.name]) for one in dataclasses.fields(content) if one.name not in left_out}
    return cast(type[Input], type(name or f"{content.__name__}In", (Input,), {"__doc__": content.__doc__, **made}))


@cache
def output_of(model: type[Base], *names: str, name: str = "", withheld: tuple[str, ...] = ()) -> type[Output]:
    """Columns of a record as they are; foreign keys and relations are said by hand. What may be withheld from some
    readers is null for them."""
    made = {one: _shown(model, one) for one in names}
    for one in withheld:
        made[one].allow_none = True
    return cast(type[Output], type(name or f"{model.__name__}Out", (Output,), {"__doc__": model.__doc__, **made}))


def _asked(one: "dataclasses.Field[Any]", hint: Any) -> fields.Field[Any]:
    options: dict[str, Any] = {"required": True}
    if one.default is not dataclasses.MISSING:
        options = {"load_default": one.default}
    elif one.default_factory is not dataclasses.MISSING:
        options = {"load_default": one.default_factory}
    return _field(hint, options)


def _field(hint: Any, options: dict[str, Any]) -> fields.Field[Any]:
    arguments = typing.get_args(hint)
    if typing.get_origin(hint) in (types.UnionType, typing.Union):
        return _field(next(one for one in arguments if one is not type(None)), {**options, "allow_none": True})
    origin = typing.get_origin(hint) or hint
    if isinstance(origin, type) and issubclass(origin, Enum):
        return fields.Enum(enum=origin, by_value=True, **options)
    if origin in (dict, Mapping):
        return fields.Dict(keys=fields.String(), values=_field(arguments[1], {}) if arguments else None, **options)
    if origin in (tuple, list, Sequence):
        return fields.List(_field(arguments[0], {}), **options)
    if origin is typing.Any:
        return fields.Raw(**{"allow_none": True, **options})
    return PLAIN[origin](**options)


def _shown(model: type[Base], name: str) -> fields.Field[Any]:
    column = model.__table__.columns[name]
    if isinstance(column.type, UtcDateTime):
        return fields.DateTime(allow_none=column.nullable)
    if isinstance(column.type, sa.JSON):
        return fields.Raw()
    kind = column.type.python_type
    if issubclass(kind, Enum):
        return fields.Enum(enum=kind, by_value=True, allow_none=column.nullable)
    return PLAIN[kind](allow_none=column.nullable)


class ReasonIn(Input):
    """Why."""

    reason = fields.String(load_default="")


class AuthorityIn(Input):
    """On which ground somebody signs, and the check sum of exactly what was read."""

    organisation = fields.String(required=True, metadata={"description": "slug"})
    authority = fields.String(required=True)
    authority_source = fields.String(load_default="", metadata={"description": "where the right to sign stands"})
    authority_until = Day(load_default=None, allow_none=True)
    checksum = fields.String(required=True)
