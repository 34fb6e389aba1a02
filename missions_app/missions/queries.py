"""Reading missions."""

from collections.abc import Collection, Sequence

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import joinedload

from missions_app import db
from missions_app.accounts.actor import Actor
from missions_app.challenges.models import Challenge
from missions_app.errors import NotFound
from missions_app.indicators.models import IndicatorPlan
from missions_app.missions.models import JoinPlan, Mission, MissionChallenge, SolutionTrack
from missions_app.reading import once
from missions_app.workflow.method_service import method_of
from missions_app.workflow.models import Journey

_LOADED = (
    joinedload(Mission.journey).joinedload(Journey.method_version),
    joinedload(Mission.problem_owner),
    joinedload(Mission.coordinator),
)


def get_mission(reference: str) -> Mission:
    """The mission with this reference, or NotFound."""
    found = db.session.scalars(select(Mission).where(Mission.reference == reference).options(*_LOADED)).first()
    if found is None:
        raise NotFound()
    return found


def get_by_id(mission_id: int) -> Mission:
    """The mission, or NotFound."""
    found = db.session.scalars(select(Mission).where(Mission.id == mission_id).options(*_LOADED)).first()
    if found is None:
        raise NotFound()
    return found


def mission_of_journey(journey: Journey) -> Mission:
    """The mission that travels a journey, or NotFound."""
    found = db.session.scalars(select(Mission).where(Mission.journey_id == journey.id).options(*_LOADED)).first()
    if found is None:
        raise NotFound()
    return found


def missions_of_journeys(journey_ids: Collection[int]) -> Sequence[Mission]:
    """The missions that travel some journeys."""
    return db.session.scalars(select(Mission).where(Mission.journey_id.in_(journey_ids)).options(*_LOADED)).all()


def find_mission_of(challenge: Challenge) -> Mission | None:
    """The mission a challenge was adopted into, if it was."""
    return db.session.scalars(
        select(Mission).join(MissionChallenge, MissionChallenge.mission_id == Mission.id)
        .where(MissionChallenge.challenge_id == challenge.id)
    ).first()  # fmt: skip


def find_plan(challenge: Challenge) -> JoinPlan | None:
    """The mission a challenge is planned to join, if any."""
    return db.session.scalars(select(JoinPlan).where(JoinPlan.challenge_id == challenge.id)).first()


def plans_of(mission: Mission) -> Sequence[Challenge]:
    """The challenges that are planned to join a mission and have not yet."""
    adopted = select(MissionChallenge.challenge_id)
    return db.session.scalars(
        select(Challenge)
        .join(JoinPlan, JoinPlan.challenge_id == Challenge.id)
        .where(JoinPlan.mission_id == mission.id, Challenge.id.not_in(adopted))
        .order_by(Challenge.id)
    ).all()


def joinable() -> Sequence[Challenge]:
    """Submitted challenges that are not part of any mission, newest first."""
    adopted = select(MissionChallenge.challenge_id)
    return db.session.scalars(
        select(Challenge)
        .where(Challenge.submitted_at.is_not(None), Challenge.id.not_in(adopted))
        .options(joinedload(Challenge.organisation))
        .order_by(Challenge.id.desc())
    ).all()


def has_ended(mission: Mission) -> bool:
    """Whether the mission has come to an end of the method."""
    return method_of(mission.journey.method_version).state("mission", mission.journey.state).kind == "ended"


@once
def missions_under_way() -> Sequence[Mission]:
    """The missions that have not ended, newest first."""
    return [one for one in db.session.scalars(missions()) if not has_ended(one)]


def challenges_of(mission: Mission) -> Sequence[Challenge]:
    """The challenges adopted into a mission, oldest first."""
    return db.session.scalars(
        select(Challenge).join(MissionChallenge, MissionChallenge.challenge_id == Challenge.id)
        .where(MissionChallenge.mission_id == mission.id).order_by(MissionChallenge.id)
    ).all()  # fmt: skip


def tracks_of(mission: Mission) -> Sequence[SolutionTrack]:
    """A mission's open solution tracks, oldest first."""
    return db.session.scalars(
        select(SolutionTrack)
        .where(SolutionTrack.mission_id == mission.id, SolutionTrack.closed_at.is_(None))
        .order_by(SolutionTrack.id)
    ).all()


def all_tracks_of(mission: Mission) -> Sequence[SolutionTrack]:
    """A mission's solution tracks, closed ones included, oldest first."""
    return db.session.scalars(
        select(SolutionTrack).where(SolutionTrack.mission_id == mission.id).order_by(SolutionTrack.id)
    ).all()


def get_track(mission: Mission, track_id: int) -> SolutionTrack:
    """A track of this mission, or NotFound."""
    found = db.session.get(SolutionTrack, track_id)
    if found is None or found.mission_id != mission.id:
        raise NotFound()
    return found


def coordinated_by(actor: Actor) -> Sequence[Mission]:
    """The missions an actor coordinates, newest first."""
    ids = [int(key) for key in actor.scopes_of("coordinator", "mission")]
    return db.session.scalars(
        select(Mission).where(Mission.id.in_(ids)).options(*_LOADED).order_by(Mission.id.desc())
    ).all()


def measured_by(actor: Actor) -> Sequence[Mission]:
    """Missions under way whose figures an actor follows: as coordinator, or for the owner of the problem."""
    coordinated = [int(key) for key in actor.scopes_of("coordinator", "mission")]
    owned = [int(key) for key in actor.scopes_of("problem_owner_rep", "organisation")]
    if not coordinated and not owned:
        return []
    found = db.session.scalars(
        select(Mission)
        .where(or_(Mission.id.in_(coordinated), Mission.problem_owner_id.in_(owned)))
        .options(*_LOADED)
        .order_by(Mission.id)
    )
    return [one for one in found if not has_ended(one)]


def with_indicators_of(organisation_ids: Collection[int]) -> Sequence[Mission]:
    """Missions under way that have an indicator one of these organisations answers for."""
    if not organisation_ids:
        return []
    answered = select(IndicatorPlan.journey_id).where(
        IndicatorPlan.owner_id.in_(organisation_ids), IndicatorPlan.removed_at.is_(None)
    )
    found = db.session.scalars(
        select(Mission).where(Mission.journey_id.in_(answered)).options(*_LOADED).order_by(Mission.id)
    )
    return [one for one in found if not has_ended(one)]


def without_coordinator() -> Sequence[Mission]:
    """Missions that nobody coordinates, oldest first."""
    return db.session.scalars(
        select(Mission).where(Mission.coordinator_id.is_(None)).options(*_LOADED).order_by(Mission.id)
    ).all()


def missions(
    *, theme: str = "", states: Collection[str] = (), owner_id: int | None = None, ids: Collection[int] | None = None
) -> Select[Mission]:
    """Missions, newest first, for a paged list.

    Args:
        states: only in these of the method's states; all when empty. ids: only these; all when None.
    """
    query = select(Mission).options(*_LOADED)
    if theme:
        query = query.where(Mission.theme == theme)
    if states:
        query = query.where(Mission.journey_id.in_(select(Journey.id).where(Journey.state.in_(states))))
    if owner_id is not None:
        query = query.where(Mission.problem_owner_id == owner_id)
    if ids is not None:
        query = query.where(Mission.id.in_(ids))
    return query.order_by(Mission.id.desc())
