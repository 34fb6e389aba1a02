"""Challenges: written, measured, held against strategy, sent in, returned."""

from typing import Any

import marshmallow as ma
from marshmallow import fields

from missions_app.api.base import ApiBlueprint, Filters, Input, Output, created
from missions_app.api.indicator_shapes import IndicatorIn, IndicatorOut
from missions_app.api.schemas import Day
from missions_app.challenges import challenge_service, plan_service, policy, queries, ready_service, screening_service
from missions_app.challenges.content import FIELDS, FieldKind, fields_of, shown_publicly
from missions_app.challenges.models import Challenge
from missions_app.edge.access import actor, public, signed_in
from missions_app.indicators import queries as indicators
from missions_app.indicators.indicator_service import IndicatorValues
from missions_app.indicators.models import IndicatorPlan
from missions_app.indicators.small_numbers import without_small_baseline
from missions_app.organisations import queries as organisations
from missions_app.strategy import queries as strategy
from missions_app.strategy.models import Stance, StrategyLink

bp = ApiBlueprint(
    "challenges", "Societal problems with a measurable target, from the first draft until they are adopted"
)
PLAIN = {FieldKind.LINE, FieldKind.TEXT, FieldKind.KEY}


def _shape(kind: FieldKind, *, answered: bool) -> fields.Field[Any]:
    """How a field of the content is sent and answered."""
    if kind in PLAIN:
        return fields.String(allow_none=True)
    if kind is FieldKind.KEYS:
        return fields.List(fields.String(), allow_none=True)
    if kind is FieldKind.DATE and not answered:  # content is kept as JSON has it
        return Day(allow_none=True)
    if kind is FieldKind.MONEY:
        return fields.Integer(allow_none=True, strict=True, metadata={"description": "öre"})
    if kind is FieldKind.NUMBER:
        return fields.Float(allow_none=True)
    if kind is FieldKind.TEXTS:
        return fields.Dict(keys=fields.String(), values=fields.String(), allow_none=True)
    return fields.Raw(allow_none=True)


def _content(name: str, base: type[ma.Schema]) -> type[ma.Schema]:
    about = "A challenge's fields. Those left out of a change stay as they are."
    return type(
        name, (base,), {"__doc__": about, **{one.name: _shape(one.kind, answered=base is Output) for one in FIELDS}}
    )


ContentIn = _content("ChallengeContentIn", Input)
ContentOut = _content("ChallengeContentOut", Output)


class ChallengeRow(Output):
    """A challenge in a list, as far as the reader may know."""

    reference = fields.String()
    title = fields.String()
    theme = fields.String()
    organisation = fields.String(attribute="organisation.slug")
    version = fields.Integer()


class LinkOut(Output):
    """A strategic document that the challenge was held against."""

    id = fields.Integer()
    document = fields.String(attribute="document.key")
    stance = fields.Enum(enum=Stance, by_value=True, allow_none=True)
    reason = fields.String()
    version = fields.Integer()


class ChallengeOut(ChallengeRow):
    """A whole challenge; what is claimed to be secret is null for those who may not read it."""

    state = fields.String()
    language = fields.String()
    submitted_at = fields.DateTime(allow_none=True)
    content = fields.Nested(ContentOut)
    indicators = fields.List(fields.Nested(IndicatorOut))
    strategy = fields.List(fields.Nested(LinkOut))


class StartIn(Input):
    """A new draft."""

    organisation = fields.String(required=True, metadata={"description": "slug"})
    language = fields.String(load_default="sv")
    content = fields.Nested(ContentIn, load_default=dict)


class LinkIn(Input):
    """How a strategic document looks upon the challenge."""

    document = fields.String(required=True, metadata={"description": "its key"})
    stance = fields.Enum(enum=Stance, by_value=True, required=True, allow_none=True)
    reason = fields.String(load_default="")


class PointIn(Input):
    """One thing to mend, and in which field."""

    text = fields.String(required=True)
    field = fields.String(load_default="")


class ReturnIn(Input):
    """What is to be mended."""

    points = fields.List(fields.Nested(PointIn), required=True)
    reason = fields.String(load_default="")


class ChallengeFilters(Filters):
    """Words, a theme, a state, a municipality; or only those of one's own."""

    q = fields.String(load_default="")
    theme = fields.String(load_default="")
    state = fields.String(load_default="")
    municipality = fields.String(load_default="")
    mine = fields.Boolean(load_default=False)


def whole_of(challenge: Challenge, *, is_own: bool = False) -> dict[str, Any]:
    """A challenge as the caller may see it. is_own: the right to read came with the writing just now."""
    content = fields_of(challenge)
    if not is_own and not policy.can_read_claims(actor(), challenge):
        content = {**dict.fromkeys(content), **shown_publicly(content)}
    plans = indicators.indicators_of(challenge.journey)
    whole = is_own or policy.can_read_whole(actor(), challenge)
    return {
        "reference": challenge.reference, "title": challenge.title, "theme": challenge.theme,
        "organisation": challenge.organisation, "version": challenge.version, "language": challenge.language,
        "state": challenge.journey.state, "content": content,
        "submitted_at": challenge.submitted_at,
        "indicators": plans if whole else [without_small_baseline(one) for one in plans],
        "strategy": strategy.links_of(challenge.journey),
    }  # fmt: skip


@bp.get("/challenges")
@public
@bp.paged(ChallengeRow, ChallengeFilters)
def list_challenges(filters: dict[str, Any]) -> Any:
    """Challenges that the caller may see, newest first."""
    return queries.challenges_for(actor(), text=filters.pop("q").strip(), **filters)


@bp.post("/challenges")
@signed_in
@bp.arguments(StartIn)
@bp.response(201, ChallengeOut)
def start_challenge(body: dict[str, Any]) -> Any:
    """Begin a draft for an organisation one belongs to."""
    challenge = challenge_service.start_challenge(
        organisations.get_organisation(body["organisation"]),
        by=actor(),
        language=body["language"],
        values=body["content"],
    )
    return created(whole_of(challenge, is_own=True), "challenges.show_challenge", reference=challenge.reference)


@bp.get("/challenges/<reference>")
@public
@bp.response(200, ChallengeOut)
def show_challenge(reference: str) -> dict[str, Any]:
    """One challenge."""
    return whole_of(queries.get_readable(reference, actor()))


@bp.patch("/challenges/<reference>")
@signed_in
@bp.versioned
@bp.arguments(ContentIn)
@bp.response(200, ChallengeOut)
def save_challenge(body: dict[str, Any], reference: str, expected_version: int) -> dict[str, Any]:
    """Change some fields. Somebody else's newer text answers 409; nothing is overwritten."""
    challenge = queries.get_readable(reference, actor())
    challenge_service.save_challenge(challenge, body, by=actor(), expected_version=expected_version)
    return whole_of(challenge)


@bp.post("/challenges/<reference>/submit")
@signed_in
@bp.versioned
@bp.response(200, ChallengeOut)
def submit_challenge(reference: str, expected_version: int) -> dict[str, Any]:
    """Send it in: from now on it is an incoming public document."""
    challenge = queries.get_readable(reference, actor())
    challenge_service.submit_challenge(challenge, by=actor(), expected_version=expected_version)
    return whole_of(challenge)


@bp.post("/challenges/<reference>/ready")
@signed_in
@bp.response(204)
def tell_ready(reference: str) -> None:
    """Ask those who represent the owner to send it in, when nothing is missing."""
    ready_service.tell_ready(queries.get_readable(reference, actor()), by=actor())


@bp.post("/challenges/<reference>/return")
@signed_in
@bp.versioned
@bp.arguments(ReturnIn)
@bp.response(200, ChallengeOut)
def return_challenge(body: dict[str, Any], reference: str, expected_version: int) -> dict[str, Any]:
    """Give it back with named points."""
    challenge = queries.get_readable(reference, actor())
    points = [screening_service.Point(**one) for one in body["points"]]
    screening_service.return_challenge(
        challenge, points, by=actor(), expected_version=expected_version, reason=body["reason"]
    )
    return whole_of(challenge)


@bp.post("/challenges/<reference>/indicators")
@signed_in
@bp.arguments(IndicatorIn)
@bp.response(201, IndicatorOut)
def add_indicator(body: dict[str, Any], reference: str) -> IndicatorPlan:
    """How the target is measured."""
    challenge = queries.get_readable(reference, actor())
    return plan_service.add_indicator(challenge, IndicatorValues(**body), by=actor())


@bp.put("/challenges/<reference>/indicators/<int:indicator_id>")
@signed_in
@bp.versioned
@bp.arguments(IndicatorIn)
@bp.response(200, IndicatorOut)
def save_indicator(body: dict[str, Any], reference: str, indicator_id: int, expected_version: int) -> IndicatorPlan:
    """Change an indicator."""
    challenge = queries.get_readable(reference, actor())
    plan = indicators.get_indicator(challenge.journey, indicator_id)
    plan_service.save_indicator(challenge, plan, IndicatorValues(**body), by=actor(), expected_version=expected_version)
    return plan


@bp.put("/challenges/<reference>/strategy")
@signed_in
@bp.arguments(LinkIn)
@bp.response(200, LinkOut)
def link_document(body: dict[str, Any], reference: str) -> StrategyLink:
    """Say how a strategic document looks upon the challenge."""
    challenge = queries.get_readable(reference, actor())
    document = strategy.get_document(body["document"])
    return plan_service.link_document(challenge, document, stance=body["stance"], reason=body["reason"], by=actor())
