"""The texts of an evaluation: the contribution story and what the parties state."""

from dataclasses import dataclass

from sqlalchemy import select

from missions_app import clock, db
from missions_app.accounts.actor import Actor
from missions_app.accounts.policy import permit
from missions_app.audit import trail
from missions_app.errors import InvalidInput, Problem
from missions_app.evaluation import policy
from missions_app.evaluation.errors import NotEvaluating, NotInPartnership
from missions_app.evaluation.models import Certainty, ContributionStory, Statement
from missions_app.i18n import N_
from missions_app.missions.models import Mission
from missions_app.organisations.models import Organisation
from missions_app.partnerships import queries as partnerships
from missions_app.workflow.method_service import method_of

STAGES = ("testing", "evaluation", "scaling")
LEAST_STATEMENT = 40


@dataclass(frozen=True, slots=True)
class Story:
    """What changed and why we believe it, what else may explain it, what speaks against, and how sure we are."""

    story: str
    rival_explanations: str
    speaks_against: str = ""
    certainty: Certainty = Certainty.LOW
    surer_by: str = ""


def story_of(mission: Mission) -> ContributionStory | None:
    """The mission's contribution story, if one has been begun."""
    return db.session.scalars(select(ContributionStory).where(ContributionStory.mission_id == mission.id)).first()


def save_story(mission: Mission, content: Story, *, by: Actor, expected_version: int | None) -> ContributionStory:
    """Keep the story as written. How long it must be is the gate's business.

    Raises:
        NotAllowed, NotEvaluating, StaleVersion.
    """
    permit(policy.can_evaluate, by, mission)
    with db.transaction() as session:
        _under_way(mission)
        kept = story_of(mission)
        if kept is None:
            kept = ContributionStory(mission=mission)
            session.add(kept)
        else:
            db.expect_version(kept, expected_version if expected_version is not None else 0)
        kept.story, kept.rival_explanations = content.story.strip(), content.rival_explanations.strip()
        kept.speaks_against, kept.surer_by = content.speaks_against.strip(), content.surer_by.strip()
        kept.certainty = content.certainty
        trail.record("story.saved", mission, by=by)
        return kept


def state_outcome(
    *, mission: Mission, organisation: Organisation, partner_role: str, text: str, by: Actor
) -> Statement:
    """What a party says about the outcome, in its role in the partnership.

    Raises:
        NotAllowed, NotInPartnership, NotEvaluating, InvalidInput.
    """
    statement = Statement(
        mission_id=mission.id, organisation_id=organisation.id, partner_role=partner_role, text=text.strip(),
        stated_at=clock.now(), stated_by_id=by.user_id,
    )  # fmt: skip
    with db.transaction() as session:
        _under_way(mission)
        statement.mission, statement.organisation = mission, organisation
        permit(policy.can_state, by, (mission, organisation.id))
        if partner_role not in partnerships.roles_of(mission, organisation):
            raise NotInPartnership()
        if len(statement.text) < LEAST_STATEMENT:
            problem = Problem(
                "too_short", N_("Write at least %(least)d characters."), "text", {"least": LEAST_STATEMENT}
            )
            raise InvalidInput.of([problem])
        session.add(statement)
        trail.record("statement.made", mission, by=by, role_stated=partner_role)
        return statement


def _under_way(mission: Mission) -> None:
    stage = method_of(mission.journey.method_version).stage_of("mission", mission.journey.state)
    if stage.id not in STAGES:
        raise NotEvaluating()
