"""Coordination that passes from one organisation to another: the answer of the one that is asked."""

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue

from missions_app.edge.access import actor, authorise, signed_in
from missions_app.i18n import _
from missions_app.missions import queries as missions
from missions_app.partnerships import coordination_service, policy
from missions_app.web.form_page import form_page
from missions_app.web.forms import choices
from missions_app.web.partnerships import forms
from missions_app.web.partnerships.blueprint import bp
from missions_app.web.partnerships.partners import partnership_crumbs


@bp.route("/missions/<reference>/coordination", methods=["GET", "POST"])
@signed_in
def answer_coordination(reference: str) -> ResponseReturnValue:
    """Say yes or no to coordinating a mission in another organisation's place."""
    mission = missions.get_mission(reference)
    offer = coordination_service.get_offer(mission)
    authorise(policy.can_speak_for, offer.organisation_id)
    form = forms.AnswerCoordinationForm(version=offer.version)
    form.answer.choices = choices((("yes", _("Yes, we coordinate from now on")), ("no", _("No"))))

    def act() -> None:
        coordination_service.answer(
            offer, accept=form.answer.data == "yes", reason=form.reason.data or "", by=actor(),
            expected_version=form.expected_version,
        )  # fmt: skip

    told = _(
        "%(before)s coordinates today. With a yes, %(person)s at %(after)s holds the role instead.",
        before=offer.before.name, person=offer.user.name, after=offer.organisation.name,
    )  # fmt: skip
    return form_page(
        form, act, heading=_("Coordinate: %(name)s", name=offer.organisation.name), crumbs=partnership_crumbs(mission),
        button=_("Answer"), done=_("Your answer is sent."), intro=told,
    )  # fmt: skip


@bp.post("/missions/<reference>/coordination/withdraw")
@signed_in
def withdraw_coordination(reference: str) -> ResponseReturnValue:
    """Take the offer back."""
    offer = coordination_service.get_offer(missions.get_mission(reference))
    coordination_service.withdraw(offer, by=actor(), expected_version=offer.version)
    flash(_("The offer is taken back. Nothing has changed."))
    return redirect(url_for("partnerships.show_partnership", reference=reference), 303)
