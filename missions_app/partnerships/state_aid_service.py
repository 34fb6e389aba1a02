"""Judging the benefit an undertaking gets, under the rules on state aid."""

from datetime import date

from missions_app import clock, db
from missions_app.accounts.actor import Actor
from missions_app.accounts.policy import permit
from missions_app.audit import trail
from missions_app.calendar_days import add_working_days
from missions_app.errors import Problem
from missions_app.i18n import N_
from missions_app.partnerships import checking, policy
from missions_app.partnerships.models import Partner, StateAidAssessment
from missions_app.workflow.method_service import method_of

# Aid of minor importance is entered in the central register within so many working days.
DE_MINIMIS = "de_minimis"
REGISTER_WORKING_DAYS = 20


def assess_state_aid(partner: Partner, *, ground: str, value_ore: int, reasons: str, by: Actor,
                     is_undertaking: bool = True) -> StateAidAssessment:  # fmt: skip
    """Judge the benefit a partner gets.

    Args:
        ground: a ground of the method. value_ore: what the benefit is worth, market price less what is paid.
        is_undertaking: whether the partner carries on economic activity in this mission.

    Raises:
        NotAllowed, InvalidInput (every problem).
    """
    permit(policy.can_assess_state_aid, by, partner)
    with db.transaction() as session:
        method = method_of(partner.mission.journey.method_version)
        problems = checking.unknown(method, [("ground", "state_aid_ground", ground)])
        problems += checking.wrong_amount(value_ore, "value")
        problems += checking.short_reason(reasons, "reasons")
        checking.refuse(problems)
        today = clock.today()
        assessment = StateAidAssessment(
            partner=partner, ground=ground, value_ore=value_ore, reasons=reasons.strip(), assessed_on=today,
            assessed_by_id=by.user_id,
            register_by=add_working_days(today, REGISTER_WORKING_DAYS) if ground == DE_MINIMIS else None,
        )  # fmt: skip
        partner.is_undertaking = is_undertaking
        session.add(assessment)
        trail.record(
            "state_aid.assessed", partner.mission, by=by, organisation=partner.organisation.slug, ground=ground
        )
        return assessment


def note_registration(assessment: StateAidAssessment, *, registered_on: date, by: Actor) -> None:
    """Note the day when aid of minor importance was entered in the central register."""
    permit(policy.can_assess_state_aid, by, assessment.partner)
    with db.transaction():
        if registered_on > clock.today():
            text = N_("Choose today or an earlier day.")
            checking.refuse([Problem("in_the_future", text, "registered_on")])
        if registered_on < assessment.assessed_on:
            text = N_("It was assessed %(day)s. Choose that day or a later one.")
            problem = Problem("before_assessment", text, "registered_on", {"day": assessment.assessed_on})
            checking.refuse([problem])
        assessment.registered_on = registered_on
        trail.record(
            "state_aid.registered", assessment.partner.mission, by=by, organisation=assessment.partner.organisation.slug
        )
