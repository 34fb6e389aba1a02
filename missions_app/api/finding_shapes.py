"""The shapes of what finding time answers with."""

from typing import Any

from marshmallow import fields

from missions_app.api.base import Output
from missions_app.api.frame import WrongSchema
from missions_app.edge.words import sentence
from missions_app.errors import Problem
from missions_app.i18n import current_locale
from missions_app.sites.models import Resource


class ResourceRef(Output):
    """A resource, by the names in its address."""

    site = fields.String(attribute="site.slug")
    resource = fields.String(attribute="slug")


class ReasonOut(Output):
    """Why a time is good, or what speaks against it."""

    code = fields.String()
    is_drawback = fields.Boolean()


class SuggestionOut(Output):
    """Resources, one for each need in order, that can all be had for one time of use."""

    starts_at = fields.DateTime(attribute="use.start")
    ends_at = fields.DateTime(attribute="use.end")
    resources = fields.Function(
        lambda one: ResourceRef(many=True).dump([choice.bookable.resource for choice in one.choices])
    )
    units = fields.Function(lambda one: [choice.need.units for choice in one.choices])
    price_ore = fields.Integer()
    reasons = fields.List(fields.Nested(ReasonOut))


class BarOut(WrongSchema):
    """A rule that a request would be refused for, and of which resource."""

    resource = fields.Nested(ResourceRef)


def _bar(resource: Resource, problem: Problem) -> dict[str, Any]:
    return {"resource": resource, "code": problem.code, "field": problem.field, "detail": sentence(problem)}


class BarredOut(Output):
    """A time that is free, but not for the caller: `problems` say why and what to do. It is no suggestion."""

    starts_at = fields.DateTime(attribute="suggestion.use.start")
    ends_at = fields.DateTime(attribute="suggestion.use.end")
    resources = fields.Function(
        lambda one: ResourceRef(many=True).dump([choice.bookable.resource for choice in one.suggestion.choices])
    )
    problems = fields.Function(lambda one: BarOut(many=True).dump([_bar(*pair) for pair in one.problems]))


class PermitWait(Output):
    """A permit and the day it may have come. A planning figure is to be counted on, not promised."""

    permit = fields.Function(lambda pair: pair[0].id)
    label = fields.Function(lambda pair: pair[0].label.in_(current_locale()))
    day = fields.Function(lambda pair: pair[1].isoformat())
    is_planning = fields.Function(lambda pair: pair[0].lead_source == "planning")


class EarliestOut(Output):
    """The earliest realistic date. `decides` is the permit that takes longest; null when none is waited for."""

    day = fields.Date()
    decides = fields.Function(lambda one: one.decides.id if one.decides else None)
    is_planning = fields.Boolean()
    permits = fields.List(fields.Nested(PermitWait))


class RelaxedOut(Output):
    """A single wish to give up, the first time that would be free without it, and at how many sites."""

    wish = fields.String()
    sites = fields.Integer(attribute="found")
    starts_at = fields.DateTime(attribute="first.use.start")
    ends_at = fields.DateTime(attribute="first.use.end")


class FoundOut(Output):
    """The answer to a search: the best times first, or which wish stands in the way."""

    suggestions = fields.List(fields.Nested(SuggestionOut))
    has_more = fields.Boolean()
    barred = fields.List(fields.Nested(BarredOut))
    earliest = fields.Nested(EarliestOut)
    relaxed = fields.List(fields.Nested(RelaxedOut))
