"""Matching: what a partnership lacks and who could fill it; which needs fit an organisation."""

from typing import Any

from marshmallow import fields

from missions_app.api.base import ApiBlueprint, Output
from missions_app.edge.access import actor, authorise, public, signed_in
from missions_app.i18n import _
from missions_app.missions import queries as missions
from missions_app.organisations import queries as organisations
from missions_app.partnerships import gap_queries, network, policy, watch_service
from missions_app.partnerships.matching import Match, Reason

bp = ApiBlueprint("matching", "Needs against what organisations can do and lend, with reasons")


class ReasonOut(Output):
    """One thing that speaks for a match, or that it lacks. `sentence` is English with %(names)s for the values."""

    sentence = fields.String()
    values = fields.Dict(keys=fields.String())


class MatchOut(Output):
    """An organisation that could fill a gap. The order is the ranking; there are no points to compare by."""

    organisation = fields.String(metadata={"description": "slug"})
    is_newcomer = fields.Boolean()
    reasons = fields.List(fields.Nested(ReasonOut))
    lacks = fields.List(fields.Nested(ReasonOut))


class GapOut(Output):
    """Something missing: a need (its id) or a required role."""

    need = fields.Integer(allow_none=True)
    role = fields.String(allow_none=True)
    must = fields.Boolean()
    matches = fields.List(fields.Nested(MatchOut))


class FitOut(Output):
    """A need that fits an organisation."""

    mission = fields.String()
    need = fields.Integer()
    text = fields.String()
    priority = fields.String()
    reasons = fields.List(fields.Nested(ReasonOut))
    lacks = fields.List(fields.Nested(ReasonOut))


def _reason(one: Reason) -> dict[str, Any]:
    return {"sentence": _(one.sentence) if not one.values else one.sentence, "values": dict(one.values)}


def _told(match: Match) -> dict[str, Any]:
    return {
        "organisation": match.candidate.slug, "is_newcomer": match.is_newcomer,
        "reasons": [_reason(one) for one in match.reasons], "lacks": [_reason(one) for one in match.lacks],
    }  # fmt: skip


class TieOut(Output):
    """Two organisations, and in how many missions they have met."""

    first = fields.String()
    second = fields.String()
    missions = fields.Integer()


class YearOut(Output):
    """What joined in a year."""

    year = fields.Integer()
    sectors = fields.Dict(keys=fields.String(), values=fields.Integer())
    newcomers = fields.Integer()
    new_pairs = fields.Integer()


class PicturesOut(Output):
    """All partnerships together."""

    ties = fields.List(fields.Nested(TieOut))
    years = fields.List(fields.Nested(YearOut))
    uncovered_by_peak = fields.Dict(keys=fields.String(), values=fields.Integer())


@bp.get("/partnerships")
@public
@bp.response(200, PicturesOut)
def show_pictures() -> dict[str, Any]:
    """Who works with whom, what is new each year, and what nobody covers."""
    places = gap_queries.places()
    names = {one.organisation_id: one.name for one in places}
    return {
        "ties": [
            {"first": names[one.first], "second": names[one.second], "missions": one.missions}
            for one in network.ties(places)
        ],
        "years": network.years(places), "uncovered_by_peak": dict(gap_queries.uncovered_by_peak()),
    }  # fmt: skip


@bp.get("/missions/<reference>/gaps")
@public
@bp.response(200, GapOut(many=True))
def list_gaps(reference: str) -> list[dict[str, Any]]:
    """What a partnership lacks, most pressing first; who could fill it only for those who take part."""
    mission = missions.get_mission(reference)
    part = policy.can_read_partnership(actor(), mission)
    return [
        {
            "need": gap.need.id if gap.need else None, "role": gap.role.id if gap.role else None, "must": gap.must,
            "matches": [_told(match) for match in gap.matches],
        }
        for gap in gap_queries.gaps_of(mission, with_matches=part)
    ]  # fmt: skip


@bp.get("/organisations/<slug>/fitting-needs")
@signed_in
@bp.response(200, FitOut(many=True))
def list_fits(slug: str) -> list[dict[str, Any]]:
    """Uncovered needs that fit an organisation one belongs to, best first."""
    organisation = organisations.get_organisation(slug)
    authorise(policy.can_read_fits, organisation)
    return [
        {
            "mission": fit.need.mission.reference, "need": fit.need.id, "text": fit.need.text,
            "priority": fit.need.priority, "reasons": _told(fit.match)["reasons"], "lacks": _told(fit.match)["lacks"],
        }
        for fit in gap_queries.fits_of(organisation)
    ]  # fmt: skip


@bp.put("/organisations/<slug>/need-letters")
@signed_in
@bp.response(204)
def watch_needs(slug: str) -> None:
    """Ask for a letter when new needs fit, at most once a week."""
    watch_service.watch(organisations.get_organisation(slug), by=actor())


@bp.delete("/organisations/<slug>/need-letters")
@signed_in
@bp.response(204)
def unwatch_needs(slug: str) -> None:
    """No more letters."""
    watch_service.unwatch(organisations.get_organisation(slug), by=actor())
