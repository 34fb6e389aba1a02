"""Missions: what they aim at, who coordinates, their terms, tracks and end."""

from typing import Any

from marshmallow import fields

from missions_app.accounts import queries as accounts
from missions_app.api.base import ApiBlueprint, Filters, Input, Output, created
from missions_app.api.schemas import Day
from missions_app.api.shapes import ReasonIn, input_of, output_of
from missions_app.challenges import queries as challenges
from missions_app.edge.access import actor, authorise, public, signed_in
from missions_app.indicators.queries import indicators_of
from missions_app.indicators.small_numbers import without_small_baseline
from missions_app.missions import mission_service, policy, queries
from missions_app.missions.mission_service import MissionTexts
from missions_app.missions.models import Mission, SolutionTrack
from missions_app.organisations import queries as organisations
from missions_app.partnerships import coordination_service

bp = ApiBlueprint("missions", "One target for society, and everything done to reach it")
MISSION = "/missions/<reference>"
TRACK = f"{MISSION}/tracks/<int:track_id>"
Row = output_of(Mission, "reference", "title_sv", "title_en", "theme", "target_on", "version", name="MissionRow")
TrackOut = output_of(SolutionTrack, "id", "title", "description", "closed_at", "closed_because", "version")


class IndicatorShown(Output):
    """How the target is measured."""

    id = fields.Integer()
    label_sv = fields.String()
    label_en = fields.String()
    unit = fields.String()
    baseline_value = fields.Float(allow_none=True)
    target_value = fields.Float(allow_none=True)
    target_low = fields.Float(allow_none=True)
    target_on = fields.Date(allow_none=True)


def _indicators(mission: Mission) -> list[Any]:
    """Without counts so small that somebody could be recognised, for those who take no part."""
    plans = indicators_of(mission.journey)
    return list(plans) if policy.has_part(actor(), mission) else [without_small_baseline(one) for one in plans]


class MissionOut(Row):
    """A whole mission, as everybody may read it."""

    summary_sv = fields.String()
    summary_en = fields.String()
    target_sv = fields.String()
    target_en = fields.String()
    state = fields.String(attribute="journey.state")
    problem_owner = fields.String(attribute="problem_owner.slug")
    coordinator = fields.Function(lambda one: one.coordinator.slug if one.coordinator else None)
    challenges = fields.Function(lambda one: [challenge.reference for challenge in queries.challenges_of(one)])
    indicators = fields.Function(lambda one: IndicatorShown(many=True).dump(_indicators(one)))


class CoordinatorIn(Input):
    """Who coordinates, and who there holds the role."""

    organisation = fields.String(required=True)
    email = fields.String(required=True)


class TermsIn(Input):
    """The partnership's terms."""

    ip_model = fields.String(required=True)
    data_terms = fields.String(required=True)
    publicity_ack = fields.Boolean(load_default=False)
    single_track_reason = fields.String(load_default="")
    rights_holders_agreed = fields.Boolean(load_default=False)
    procurement_note = fields.String(load_default="")


class ClosingIn(Input):
    """Who receives the result."""

    result_owner = fields.String(required=True)
    next_step = fields.String(required=True)
    follow_up_date = Day(load_default=None, allow_none=True)


class TrackIn(Input):
    """A way to solve the challenge."""

    title = fields.String(required=True)
    description = fields.String(load_default="")


class JoinPlanIn(Input):
    """A challenge that is to become part of the mission."""

    challenge = fields.String(required=True)


class MissionFilters(Filters):
    """A theme."""

    theme = fields.String(load_default="")


@bp.get("/missions")
@public
@bp.paged(Row, MissionFilters)
def list_missions(filters: dict[str, Any]) -> Any:
    """Missions, newest first."""
    return queries.missions(theme=filters["theme"])


@bp.get(MISSION)
@public
@bp.response(200, MissionOut)
def show_mission(reference: str) -> Mission:
    """One mission."""
    return queries.get_mission(reference)


@bp.put(f"{MISSION}/texts")
@signed_in
@bp.versioned
@bp.arguments(input_of(MissionTexts))
@bp.response(200, MissionOut)
def edit_texts(body: dict[str, Any], reference: str, expected_version: int) -> Mission:
    """Word title, summary and target."""
    mission = queries.get_mission(reference)
    mission_service.edit_texts(mission, MissionTexts(**body), by=actor(), expected_version=expected_version)
    return mission


@bp.put(f"{MISSION}/coordinator")
@signed_in
@bp.versioned
@bp.arguments(CoordinatorIn)
@bp.response(200, MissionOut)
def appoint_coordinator(body: dict[str, Any], reference: str, expected_version: int) -> Mission:
    """Say who coordinates. Where another organisation does, the new one is asked first."""
    mission = queries.get_mission(reference)
    authorise(policy.can_hand_over, mission)
    coordination_service.appoint_or_offer(
        mission, organisation=organisations.get_organisation(body["organisation"]),
        user=accounts.get_user_by_email(body["email"]), by=actor(), expected_version=expected_version,
    )  # fmt: skip
    return mission


@bp.put(f"{MISSION}/terms")
@signed_in
@bp.versioned
@bp.arguments(TermsIn)
@bp.response(200, MissionOut)
def edit_terms(body: dict[str, Any], reference: str, expected_version: int) -> Mission:
    """Rights, data, publicity."""
    mission = queries.get_mission(reference)
    mission_service.set_terms(mission, by=actor(), expected_version=expected_version, **body)
    return mission


@bp.put(f"{MISSION}/closing")
@signed_in
@bp.versioned
@bp.arguments(ClosingIn)
@bp.response(200, MissionOut)
def edit_closing(body: dict[str, Any], reference: str, expected_version: int) -> Mission:
    """Who receives the result."""
    mission = queries.get_mission(reference)
    mission_service.set_closing(mission, by=actor(), expected_version=expected_version, **body)
    return mission


@bp.post(f"{MISSION}/challenges")
@signed_in
@bp.arguments(JoinPlanIn)
@bp.response(204)
def plan_join(body: dict[str, Any], reference: str) -> None:
    """Settle that a challenge becomes part of this mission if it is adopted."""
    mission = queries.get_mission(reference)
    mission_service.plan_join(mission, challenges.get_readable(body["challenge"], actor()), by=actor())


@bp.get(f"{MISSION}/tracks")
@signed_in
@bp.response(200, TrackOut(many=True))
def list_tracks(reference: str) -> Any:
    """The ways tried, closed ones included."""
    mission = queries.get_mission(reference)
    authorise(policy.has_part, mission)
    return queries.all_tracks_of(mission)


@bp.post(f"{MISSION}/tracks")
@signed_in
@bp.arguments(TrackIn)
@bp.response(201, TrackOut)
def add_track(body: dict[str, Any], reference: str) -> Any:
    """A way of its own to solve the challenge."""
    track = mission_service.add_track(queries.get_mission(reference), by=actor(), **body)
    return created(track, "missions.list_tracks", reference=reference)


@bp.post(f"{TRACK}/close")
@signed_in
@bp.versioned
@bp.arguments(ReasonIn)
@bp.response(200, TrackOut)
def close_track(body: dict[str, Any], reference: str, track_id: int, expected_version: int) -> SolutionTrack:
    """Stop trying a way."""
    track = queries.get_track(queries.get_mission(reference), track_id)
    mission_service.close_track(track, reason=body["reason"], by=actor(), expected_version=expected_version)
    return track
