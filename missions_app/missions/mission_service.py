"""Missions: made when a challenge is adopted, then worded and coordinated."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from missions_app import clock, db
from missions_app.accounts.actor import Actor, mission_scope, organisation_scope
from missions_app.accounts.grant_service import grant, revoke
from missions_app.accounts.models import User
from missions_app.accounts.policy import permit
from missions_app.accounts.queries import grants_of, users_with
from missions_app.audit import trail
from missions_app.challenges import merge_queries
from missions_app.challenges.content import fields_of, shown_publicly
from missions_app.challenges.models import Challenge
from missions_app.errors import InvalidInput, Problem
from missions_app.events import announce
from missions_app.i18n import N_
from missions_app.indicators import indicator_service
from missions_app.missions import policy, queries
from missions_app.missions.errors import AlreadyAdopted, MissionEnded, NeedsConsent, NotAMember, TrackClosed
from missions_app.missions.events import ChallengeJoined, MissionCreated
from missions_app.missions.models import JoinPlan, Mission, MissionChallenge, SolutionTrack
from missions_app.organisations.models import Organisation
from missions_app.outbox.mail import queue_mail
from missions_app.references.numbering import next_reference
from missions_app.workflow import journey_service
from missions_app.workflow.method_service import method_of
from missions_app.workflow.models import GateDecision, Journey

BOARD = "run"
COORDINATOR = "coordinator"
LEAST_REASON = 20
CHOOSE = N_("Choose one of the alternatives.")


@dataclass(frozen=True, slots=True)
class MissionTexts:
    """What a mission says of itself, in both languages; the Swedish title is needed."""

    title_sv: str
    title_en: str = ""
    summary_sv: str = ""
    summary_en: str = ""
    target_sv: str = ""
    target_en: str = ""


def create_mission(challenge: Challenge, decision: GateDecision, by: Actor) -> None:
    """The mission of an adopted challenge: its public texts, links and indicators carried over. An effect of the
    decision. A challenge that was planned to join a running mission becomes part of that one instead."""
    with db.transaction() as session:
        planned = queries.find_plan(challenge)
        if planned is not None and not queries.has_ended(planned.mission):
            _let_join(planned.mission, challenge, by)
            return
        swedish, english = _texts(challenge, "sv"), _texts(challenge, "en")
        mission = Mission(
            journey=journey_service.start_journey("mission", by=by),
            title_sv=swedish["title"] or english["title"],
            title_en=english["title"],
            summary_sv=swedish["problem"],
            summary_en=english["problem"],
            target_sv=swedish["target_statement"],
            target_en=english["target_statement"],
            target_on=challenge.target_date,
            theme=challenge.theme,
            specialisation=challenge.specialisation,
            secondary_specialisations=list(challenge.secondary_specialisations),
            bottlenecks=list(challenge.bottlenecks),
            problem_owner=challenge.organisation,
            regional_money_ore=challenge.regional_money_ore,
            adopted_by_board=decision.decided_as == BOARD,
            created_at=clock.now(),
        )
        mission.reference = next_reference("M")
        session.add(mission)
        session.flush()
        _adopt(mission, challenge, by)
        trail.record("mission.created", mission, by=by, challenge=challenge.reference)
        announce(MissionCreated(mission, challenge, by))


def plan_join(mission: Mission, challenge: Challenge, *, by: Actor) -> None:
    """Settle that a challenge, if it is adopted, becomes part of this mission instead of one of its own.

    Raises:
        NotAllowed, MissionEnded, AlreadyAdopted.
    """
    permit(policy.can_plan_join, by, mission)
    with db.transaction() as session:
        if queries.has_ended(mission):
            raise MissionEnded()
        adopted = queries.find_mission_of(challenge)
        if adopted is not None:
            raise AlreadyAdopted(reference=adopted.reference)
        plan = queries.find_plan(challenge)
        if plan is None:
            plan = JoinPlan(challenge=challenge)
            session.add(plan)
        plan.mission = mission
        trail.record("mission.join_planned", mission, by=by, challenge=challenge.reference)


def edit_texts(mission: Mission, texts: MissionTexts, *, by: Actor, expected_version: int) -> None:
    """Word title, summary and target; the other language is written here where the challenge had one only."""
    permit(policy.can_coordinate, by, mission)
    with db.transaction():
        db.expect_version(mission, expected_version)
        if not texts.title_sv.strip():
            raise InvalidInput.of([Problem("missing", N_("Write a title."), "title_sv")])
        for name in MissionTexts.__slots__:
            setattr(mission, name, getattr(texts, name).strip())
        trail.record("mission.reworded", mission, by=by)


def appoint_coordinator(
    mission: Mission, *, organisation: Organisation, user: User, by: Actor, expected_version: int
) -> None:
    """Say which organisation coordinates, and who there holds the role. Whoever held it before no longer does. From one
    organisation to another it passes only when both agree: that is asked where partnerships are kept.

    Raises:
        NotAllowed, StaleVersion, NotAMember, NeedsConsent.
    """
    permit(policy.can_hand_over, by, mission)
    with db.transaction():
        db.expect_version(mission, expected_version)
        if mission.coordinator not in (None, organisation):
            raise NeedsConsent(organisation=organisation.name)
        put_coordinator(mission, organisation, user, by=by)


def put_coordinator(mission: Mission, organisation: Organisation, user: User, *, by: Actor) -> None:
    """Let a person of an organisation coordinate instead of whoever did. The caller has checked that it may be.

    Raises:
        NotAMember.
    """
    with db.transaction():
        if not belongs_to(user, organisation):
            raise NotAMember(field="email", organisation=organisation.name)
        _revoke_coordinators(mission, by, but=user)
        mission.coordinator = organisation
        grant(user, COORDINATOR, mission_scope(mission.id), by=by)
        trail.record("mission.coordinator_appointed", mission, by=by, organisation=organisation.slug)
        queue_mail(user.email, "coordinator_appointed", locale=user.locale, mission=mission.reference,
                   title_sv=mission.title_sv, title_en=mission.title_en)  # fmt: skip


def lose_coordinator(mission: Mission, *, by: Actor) -> None:
    """The coordinating organisation takes no part any more: nobody coordinates until somebody is appointed."""
    with db.transaction():
        _revoke_coordinators(mission, by)
        mission.coordinator = None
        trail.record("mission.coordinator_lost", mission, by=by)


def _revoke_coordinators(mission: Mission, by: Actor, *, but: User | None = None) -> None:
    scope = mission_scope(mission.id)
    for before in users_with(COORDINATOR, scope):
        for held in grants_of(before):
            if before is not but and (held.role, held.scope_kind, held.scope_id) == (COORDINATOR, scope.kind, scope.id):
                revoke(held, by=by)


def set_terms(
    mission: Mission,
    *,
    ip_model: str,
    data_terms: str,
    publicity_ack: bool,
    single_track_reason: str,
    by: Actor,
    expected_version: int,
    rights_holders_agreed: bool = False,
    procurement_note: str = "",
) -> None:
    """The partnership's terms for rights, data and publicity, why only one track is tried, and what joining means for
    a later purchase.

    Raises:
        NotAllowed, StaleVersion, InvalidInput.
    """
    permit(policy.can_coordinate, by, mission)
    with db.transaction():
        db.expect_version(mission, expected_version)
        if method_of(mission.journey.method_version).find_term("ip_model", ip_model) is None:
            raise InvalidInput.of([Problem("unknown_choice", CHOOSE, "ip_model")])
        mission.ip_model, mission.data_terms = ip_model, data_terms.strip()
        mission.publicity_ack, mission.single_track_reason = publicity_ack, single_track_reason.strip()
        mission.rights_holders_agreed, mission.procurement_note = rights_holders_agreed, procurement_note.strip()
        trail.record("mission.terms_set", mission, by=by, ip_model=ip_model)


def set_closing(mission: Mission, *, result_owner: str, next_step: str, follow_up_date: date | None, by: Actor,
                expected_version: int) -> None:  # fmt: skip
    """Who receives the result, what happens next there, and when it is followed up."""
    permit(policy.can_coordinate, by, mission)
    with db.transaction():
        db.expect_version(mission, expected_version)
        if follow_up_date is not None and follow_up_date <= clock.today():
            raise InvalidInput.of([Problem("in_the_past", N_("Choose a day after today."), "follow_up_date")])
        mission.result_owner, mission.next_step = result_owner.strip(), next_step.strip()
        mission.follow_up_date = follow_up_date
        trail.record("mission.receiver_named", mission, by=by)


def add_track(mission: Mission, *, title: str, description: str, by: Actor) -> SolutionTrack:
    """A way of its own to solve the challenge."""
    permit(policy.can_coordinate, by, mission)
    with db.transaction() as session:
        if not title.strip():
            raise InvalidInput.of([Problem("missing", N_("Write a title."), "title")])
        track = SolutionTrack(mission=mission, title=title.strip(), description=description.strip())
        session.add(track)
        trail.record("track.added", mission, by=by, title=track.title)
        return track


def close_track(track: SolutionTrack, *, reason: str, by: Actor, expected_version: int) -> None:
    """Stop trying a way; why stays readable.

    Raises:
        NotAllowed, StaleVersion, TrackClosed, InvalidInput.
    """
    permit(policy.can_coordinate, by, track.mission)
    with db.transaction():
        db.expect_version(track, expected_version)
        if track.closed_at is not None:
            raise TrackClosed()
        if len(reason.strip()) < LEAST_REASON:
            text = N_("Write why, at least %(least)d characters.")
            raise InvalidInput.of([Problem("reason_missing", text, "reason", {"least": LEAST_REASON})])
        track.closed_at, track.closed_because = clock.now(), reason.strip()
        trail.record("track.closed", track.mission, by=by, title=track.title)


def load(journey: Journey) -> Mission:
    """The mission that travels a journey."""
    return queries.mission_of_journey(journey)


def belongs_to(user: User, organisation: Organisation) -> bool:
    """Whether a user holds any role in an organisation today."""
    scope = organisation_scope(organisation.id)
    return any((one.scope_kind, one.scope_id) == (scope.kind, scope.id) for one in grants_of(user))


def _let_join(mission: Mission, challenge: Challenge, by: Actor) -> None:
    _adopt(mission, challenge, by)
    trail.record("mission.challenge_joined", mission, by=by, challenge=challenge.reference)
    announce(ChallengeJoined(mission, challenge, by))


def _adopt(mission: Mission, challenge: Challenge, by: Actor) -> None:
    parts = [one.challenge for one in merge_queries.parts_of(challenge)]
    for one in [challenge, *parts]:
        db.session.add(MissionChallenge(mission=mission, challenge=one, adopted_on=clock.today()))
    indicator_service.hand_on(challenge.journey, mission.journey, by=by)


def _texts(challenge: Challenge, locale: str) -> dict[str, Any]:
    """What may be shown openly of a challenge's words, in one language; "" where there is none."""
    shown = shown_publicly(fields_of(challenge))
    source = shown if challenge.language == locale else shown["translation"]
    return {name: source.get(name) or "" for name in ("title", "problem", "target_statement")}
