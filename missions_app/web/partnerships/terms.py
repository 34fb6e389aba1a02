"""The partnership's terms, and the solution tracks it tries."""

from flask import render_template, url_for
from flask.typing import ResponseReturnValue

from missions_app.edge.access import actor, authorise, signed_in
from missions_app.i18n import _
from missions_app.missions import mission_service
from missions_app.missions import queries as missions
from missions_app.partnerships import policy
from missions_app.web.form_page import form_page
from missions_app.web.forms import choices_from
from missions_app.web.partnerships import forms
from missions_app.web.partnerships.blueprint import bp
from missions_app.web.partnerships.partners import partnership_crumbs
from missions_app.workflow.method_service import method_of


@bp.get("/missions/<reference>/terms")
@signed_in
def show_terms(reference: str) -> ResponseReturnValue:
    """Rights, data, publicity and what taking part means for a later purchase, for those who take part."""
    mission = missions.get_mission(reference)
    authorise(policy.can_read_partnership, mission)
    method = method_of(mission.journey.method_version)
    return render_template(
        "partnerships/show_terms.html", mission=mission, ip_model=method.find_term("ip_model", mission.ip_model),
        crumbs=partnership_crumbs(mission), can_coordinate=policy.can_coordinate(actor(), mission),
    )  # fmt: skip


@bp.route("/missions/<reference>/terms/edit", methods=["GET", "POST"])
@signed_in
def edit_terms(reference: str) -> ResponseReturnValue:
    """Rights, data, publicity and what taking part means for a later purchase."""
    mission = missions.get_mission(reference)
    authorise(policy.can_coordinate, mission)
    form = forms.TermsForm(obj=mission)
    form.ip_model.choices = choices_from(method_of(mission.journey.method_version).ip_model)

    def act() -> None:
        mission_service.set_terms(
            mission,
            ip_model=form.ip_model.data,
            data_terms=form.data_terms.data or "",
            publicity_ack=form.publicity_ack.data,
            single_track_reason=form.single_track_reason.data or "",
            by=actor(),
            expected_version=form.expected_version,
            rights_holders_agreed=form.rights_holders_agreed.data,
            procurement_note=form.procurement_note.data or "",
        )

    return form_page(form, act, heading=_("Change the terms"), crumbs=partnership_crumbs(mission), button=_("Save"),
                     done=_("Saved."), back=url_for("partnerships.show_terms", reference=reference))  # fmt: skip


@bp.get("/missions/<reference>/tracks")
@signed_in
def list_tracks(reference: str) -> ResponseReturnValue:
    """The ways in which the challenge may be solved, closed ones included."""
    mission = missions.get_mission(reference)
    authorise(policy.can_read_partnership, mission)
    return render_template(
        "partnerships/list_tracks.html", mission=mission, tracks=missions.all_tracks_of(mission),
        crumbs=partnership_crumbs(mission), can_coordinate=policy.can_coordinate(actor(), mission),
    )  # fmt: skip


@bp.route("/missions/<reference>/tracks/new", methods=["GET", "POST"])
@signed_in
def add_track(reference: str) -> ResponseReturnValue:
    """A way of its own to solve the challenge."""
    mission = missions.get_mission(reference)
    authorise(policy.can_coordinate, mission)
    form = forms.TrackForm()

    def act() -> None:
        mission_service.add_track(
            mission, title=form.title.data or "", description=form.description.data or "", by=actor()
        )

    return form_page(form, act, heading=_("Add a solution track"), crumbs=partnership_crumbs(mission), button=_("Add"),
                     done=_("Added."), back=url_for("partnerships.list_tracks", reference=reference))  # fmt: skip


@bp.route("/missions/<reference>/tracks/<int:track_id>/close", methods=["GET", "POST"])
@signed_in
def close_track(reference: str, track_id: int) -> ResponseReturnValue:
    """Stop trying a way; why stays readable."""
    mission = missions.get_mission(reference)
    authorise(policy.can_coordinate, mission)
    track = missions.get_track(mission, track_id)
    form = forms.ReasonForm(version=track.version)

    def act() -> None:
        mission_service.close_track(
            track, reason=form.reason.data or "", by=actor(), expected_version=form.expected_version
        )

    return form_page(
        form,
        act,
        heading=_("Close the track: %(title)s", title=track.title),
        crumbs=partnership_crumbs(mission),
        button=_("Close the track"),
        done=_("The track is closed."),
        back=url_for("partnerships.list_tracks", reference=reference),
    )
