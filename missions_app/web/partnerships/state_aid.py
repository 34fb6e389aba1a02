"""State aid: which undertakings get a benefit, and how it is judged."""

from flask import render_template, url_for
from flask.typing import ResponseReturnValue

from missions_app import clock
from missions_app.edge.access import actor, authorise, signed_in
from missions_app.i18n import _
from missions_app.missions import queries as missions
from missions_app.partnerships import policy, queries, state_aid_service
from missions_app.partnerships.models import PartnerState
from missions_app.web.form_page import form_page
from missions_app.web.forms import choices_from
from missions_app.web.partnerships import forms
from missions_app.web.partnerships.blueprint import bp
from missions_app.web.partnerships.partners import partnership_crumbs
from missions_app.workflow.method_service import method_of


@bp.get("/missions/<reference>/state-aid")
@signed_in
def list_state_aid(reference: str) -> ResponseReturnValue:
    """Everybody who gets something of value, or carries on economic activity here, with the newest assessment."""
    mission = missions.get_mission(reference)
    authorise(policy.can_read_partnership, mission)
    concerned = [
        one for one in queries.partners_of(mission)
        if one.state is PartnerState.COMMITTED and (one.is_undertaking or one.receives_benefit)
    ]  # fmt: skip
    return render_template(
        "partnerships/list_state_aid.html", mission=mission, partners=concerned, crumbs=partnership_crumbs(mission),
        assessments={one.partner_id: one for one in queries.state_aid_of(mission)}, today=clock.today(),
        method=method_of(mission.journey.method_version), can_assess=policy.can_assess_state_aid,
    )  # fmt: skip


@bp.route("/missions/<reference>/partners/<int:partner_id>/state-aid", methods=["GET", "POST"])
@signed_in
def assess_state_aid(reference: str, partner_id: int) -> ResponseReturnValue:
    """Judge the benefit one partner gets."""
    mission = missions.get_mission(reference)
    partner = queries.get_partner(mission, partner_id)
    authorise(policy.can_assess_state_aid, partner)
    form = forms.StateAidForm(is_undertaking=partner.is_undertaking)
    form.ground.choices = choices_from(method_of(mission.journey.method_version).state_aid_ground)

    def act() -> None:
        state_aid_service.assess_state_aid(
            partner,
            ground=form.ground.data,
            value_ore=form.value.data or 0,
            reasons=form.reasons.data or "",
            by=actor(),
            is_undertaking=form.is_undertaking.data,
        )

    return form_page(form, act, heading=_("State aid: %(name)s", name=partner.organisation.name),
                     crumbs=partnership_crumbs(mission), button=_("Save the assessment"), done=_("Saved."),
                     back=url_for("partnerships.list_state_aid", reference=reference))  # fmt: skip


@bp.route("/missions/<reference>/state-aid/<int:assessment_id>/registered", methods=["GET", "POST"])
@signed_in
def note_registration(reference: str, assessment_id: int) -> ResponseReturnValue:
    """Note the day when aid of minor importance was entered in the central register."""
    mission = missions.get_mission(reference)
    assessment = queries.get_assessment(mission, assessment_id)
    authorise(policy.can_assess_state_aid, assessment.partner)
    form = forms.RegistrationForm(registered_on=clock.today())

    def act() -> None:
        state_aid_service.note_registration(assessment, registered_on=form.registered_on.data, by=actor())

    name = assessment.partner.organisation.name
    return form_page(
        form,
        act,
        heading=_("Note the registration: %(name)s", name=name),
        crumbs=partnership_crumbs(mission),
        button=_("Save"),
        done=_("Saved."),
        back=url_for("partnerships.list_state_aid", reference=reference),
    )
