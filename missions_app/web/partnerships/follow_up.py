"""Money that came afterwards."""

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue

from missions_app.edge.access import actor, authorise, signed_in
from missions_app.i18n import _, current_locale, dated
from missions_app.missions import queries as missions
from missions_app.missions.models import Mission
from missions_app.partnerships import follow_up_service, policy
from missions_app.partnerships.follow_up_models import FundingLevel
from missions_app.partnerships.follow_up_service import FollowUpContent
from missions_app.web.form_page import form_page
from missions_app.web.forms import choices
from missions_app.web.partnerships import forms
from missions_app.web.partnerships.blueprint import bp
from missions_app.web.partnerships.commitments import seen_version
from missions_app.web.partnerships.funding import amount_of, typed_amount
from missions_app.web.partnerships.funding_words import FUNDING_LEVELS
from missions_app.web.partnerships.partners import partnership_crumbs
from missions_app.workflow.gate_queries import outcome_of
from missions_app.workflow.method_service import method_of


def _form(mission: Mission, form: forms.FollowUpForm) -> forms.FollowUpForm:
    method = method_of(mission.journey.method_version)
    form.level.choices = choices((level.value, words) for level, words in FUNDING_LEVELS.items())
    form.decision.choices = choices(
        (
            (str(one.id), f"{outcome_of(method.gate(one.gate), one.outcome).label.in_(current_locale())}, "
             f"{method.gate(one.gate).label.in_(current_locale())}, {dated(one.decided_on)}")
            for one in follow_up_service.decisions_followed(mission)
        ),
        empty=_("None of them"),
    )  # fmt: skip
    return form


def _content(form: forms.FollowUpForm) -> FollowUpContent:
    return FollowUpContent(
        level=FundingLevel(form.level.data), source=form.source.data or "", purpose=form.purpose.data or "",
        decided_on=form.decided_on.data, receiver=form.receiver.data or "", reference=form.reference.data or "",
        decision_id=int(form.decision.data) if form.decision.data else None, **amount_of(form),
    )  # fmt: skip


def _back(reference: str) -> str:
    return url_for("partnerships.show_funding", reference=reference, _anchor="follow-up")


@bp.route("/missions/<reference>/follow-up-funding/new", methods=["GET", "POST"])
@signed_in
def note_follow_up(reference: str) -> ResponseReturnValue:
    """Note that somebody has paid for what comes after."""
    mission = missions.get_mission(reference)
    authorise(policy.can_coordinate, mission)
    form = _form(mission, forms.FollowUpForm())
    return form_page(
        form, lambda: follow_up_service.note(mission, _content(form), by=actor()),
        heading=_("Note follow-up funding"), crumbs=partnership_crumbs(mission), button=_("Note"), done=_("Noted."),
        back=_back(reference),
    )  # fmt: skip


@bp.route("/missions/<reference>/follow-up-funding/<int:follow_up_id>/edit", methods=["GET", "POST"])
@signed_in
def edit_follow_up(reference: str, follow_up_id: int) -> ResponseReturnValue:
    """Correct what was noted."""
    mission = missions.get_mission(reference)
    authorise(policy.can_coordinate, mission)
    one = follow_up_service.get_follow_up(mission, follow_up_id)
    shown = {**typed_amount(one), "level": one.level.value, "decision": str(one.decision_id or "")}
    form = _form(mission, forms.FollowUpForm(obj=one, **shown))

    def act() -> None:
        follow_up_service.correct(one, _content(form), by=actor(), expected_version=form.expected_version)

    return form_page(
        form, act, heading=_("Change the follow-up funding"), crumbs=partnership_crumbs(mission), button=_("Save"),
        done=_("Saved."), back=_back(reference),
    )  # fmt: skip


@bp.post("/missions/<reference>/follow-up-funding/<int:follow_up_id>/remove")
@signed_in
def take_out_follow_up(reference: str, follow_up_id: int) -> ResponseReturnValue:
    """Take out what was noted by mistake."""
    one = follow_up_service.get_follow_up(missions.get_mission(reference), follow_up_id)
    follow_up_service.take_out(one, by=actor(), expected_version=seen_version())
    flash(_("Taken out."))
    return redirect(_back(reference), 303)
