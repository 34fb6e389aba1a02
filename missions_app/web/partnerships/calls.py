"""Open calls: the list for everybody, a mission's own page, and writing one."""

from datetime import timedelta

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from missions_app import clock
from missions_app.edge.access import actor, authorise, public, signed_in
from missions_app.edge.paging import page_of, url_of_page
from missions_app.i18n import _, use_locale
from missions_app.missions import queries as missions
from missions_app.missions.models import Mission
from missions_app.partnerships import call_service, gap_queries, policy
from missions_app.web.form_page import form_page
from missions_app.web.partnerships import forms
from missions_app.web.partnerships.blueprint import bp
from missions_app.web.partnerships.partners import partnership_crumbs
from missions_app.workflow.method_service import method_of

# How long a call is open unless the coordinator says otherwise.
OPEN_FOR = timedelta(days=30)


@bp.get("/calls")
@public
def list_calls() -> ResponseReturnValue:
    """The calls that are open today."""
    return render_template(
        "partnerships/list_calls.html", calls=page_of(call_service.open_calls()), page_url=url_of_page
    )


@bp.get("/missions/<reference>/call")
@public
def show_call(reference: str) -> ResponseReturnValue:
    """What the mission asks for, until when, and what it means to answer."""
    mission = missions.get_mission(reference)
    call = call_service.get_call(mission)
    return render_template(
        "partnerships/show_call.html", mission=mission, call=call, is_open=call_service.is_open(call),
        gaps=gap_queries.gaps_of(mission, with_matches=False), crumbs=partnership_crumbs(mission),
        method=method_of(mission.journey.method_version), can_coordinate=policy.can_coordinate(actor(), mission),
    )  # fmt: skip


def _drafted(mission: Mission, locale: str) -> str:
    """A first wording from what is missing, in one of our languages."""
    with use_locale(locale):
        title = mission.title_en if locale == "en" and mission.title_en else mission.title_sv
        lines = [_("In the mission “%(title)s” we are looking for you who can bring:", title=title), ""]
        for gap in gap_queries.gaps_of(mission, with_matches=False):
            if gap.need is not None:
                lines.append(f"– {gap.need.text_en if locale == 'en' and gap.need.text_en else gap.need.text}")
            elif gap.role is not None:
                lines.append(f"– {gap.role.label.in_(locale)}")
        return "\n".join([*lines, "", _("No organisation is too small. Show interest in three fields.")])


@bp.route("/missions/<reference>/call/new", methods=["GET", "POST"])
@signed_in
def publish_call(reference: str) -> ResponseReturnValue:
    """Ask everybody for what is missing."""
    mission = missions.get_mission(reference)
    authorise(policy.can_coordinate, mission)
    form = forms.CallForm()
    if not form.is_typed:
        form.text_sv.data, form.text_en.data = _drafted(mission, "sv"), _drafted(mission, "en")
        form.opens_on.data, form.closes_on.data = clock.today(), clock.today() + OPEN_FOR
    return form_page(
        form, lambda: call_service.publish_call(mission, form.content(), by=actor()),
        heading=_("Write an open call"), crumbs=partnership_crumbs(mission), button=_("Publish"),
        done=_("The call is published."), intro=_("Everybody can read it, also those who have no account."),
    )  # fmt: skip


@bp.route("/missions/<reference>/call/edit", methods=["GET", "POST"])
@signed_in
def edit_call(reference: str) -> ResponseReturnValue:
    """Word the call anew, or give it other days."""
    mission = missions.get_mission(reference)
    authorise(policy.can_coordinate, mission)
    call = call_service.get_call(mission)
    form = forms.CallForm(obj=call)

    def act() -> None:
        call_service.edit_call(call, form.content(), by=actor(), expected_version=form.expected_version)

    return form_page(form, act, heading=_("Change the open call"), crumbs=partnership_crumbs(mission),
                     button=_("Save"), done=_("Saved."))  # fmt: skip


@bp.post("/missions/<reference>/call/withdraw")
@signed_in
def withdraw_call(reference: str) -> ResponseReturnValue:
    """Close the call before its time."""
    mission = missions.get_mission(reference)
    authorise(policy.can_coordinate, mission)
    call = call_service.get_call(mission)
    call_service.withdraw_call(call, by=actor(), expected_version=call.version)
    flash(_("The call is closed. Interest already shown stays."))
    return redirect(url_for("partnerships.show_partnership", reference=reference), 303)
