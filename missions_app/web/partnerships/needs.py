"""What missions need."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from missions_app.edge.access import actor, authorise, public, signed_in
from missions_app.edge.paging import page_of
from missions_app.i18n import _, current_locale, ngettext
from missions_app.missions import queries as missions
from missions_app.missions.models import Mission
from missions_app.partnerships import gap_queries, need_import_service, need_service, policy, queries
from missions_app.partnerships.need_service import NeedContent
from missions_app.web.form_page import form_page
from missions_app.web.forms import choices_from
from missions_app.web.import_page import import_page
from missions_app.web.partnerships import forms
from missions_app.web.partnerships.blueprint import bp
from missions_app.web.partnerships.commitments import seen_version
from missions_app.web.partnerships.partners import partnership_crumbs
from missions_app.web.sheets import sheet_answer
from missions_app.workflow.method_service import method_in_force, method_of


@bp.get("/needs")
@public
def list_needs() -> ResponseReturnValue:
    """What missions lack, for those who could bring it."""
    return render_template(
        "partnerships/list_needs.html", needs=page_of(gap_queries.needs_under_way()), method=method_in_force(),
        page_url=lambda number: url_for("partnerships.list_needs", page=number),
    )  # fmt: skip


def _offer_choices(form: forms.NeedForm, mission: Mission) -> None:
    method = method_of(mission.journey.method_version)
    form.kind.choices, form.priority.choices = choices_from(method.need_kind), choices_from(method.need_priority)
    form.peak.choices = choices_from(method.peak, empty=_("None in particular"))
    form.role.choices = choices_from(method.partner_role, empty=_("None in particular"))


def _content(form: forms.NeedForm) -> NeedContent:
    return NeedContent(
        kind=form.kind.data, text=form.text.data or "", priority=form.priority.data, peak=form.peak.data or "",
        quantity=form.quantity.data or "", needed_from=form.needed_from.data, needed_until=form.needed_until.data,
        text_en=form.text_en.data or "", role=form.role.data or "",
    )  # fmt: skip


@bp.route("/missions/<reference>/needs/new", methods=["GET", "POST"])
@signed_in
def add_need(reference: str) -> ResponseReturnValue:
    """Say what the mission needs."""
    mission = missions.get_mission(reference)
    authorise(policy.can_coordinate, mission)
    form = forms.NeedForm()
    _offer_choices(form, mission)
    return form_page(
        form, lambda: need_service.add_need(mission, _content(form), by=actor()), heading=_("Add a need"),
        crumbs=partnership_crumbs(mission), button=_("Add"), done=_("Added."),
    )  # fmt: skip


@bp.route("/missions/<reference>/needs/import", methods=["GET", "POST"])
@signed_in
def import_needs(reference: str) -> ResponseReturnValue:
    """Needs from a spreadsheet: looked at first, entered by a second press."""
    mission = missions.get_mission(reference)
    authorise(policy.can_coordinate, mission)
    return import_page(
        lambda rows: need_import_service.plan_import(mission, rows, by=actor()),
        lambda rows: need_import_service.run_import(mission, rows, by=actor()),
        heading=_("Enter needs from a spreadsheet"), crumbs=partnership_crumbs(mission),
        names=need_import_service.COLUMNS,
        columns=_("CSV or XLSX. Columns: need, kind, priority, capability, role, quantity, from, until."),
        new=lambda number: ngettext("%(num)d need is new", "%(num)d needs are new", number),
        done=lambda number: ngettext("%(num)d need entered.", "%(num)d needs entered.", number),
        back=url_for("partnerships.show_partnership", reference=reference),
    )  # fmt: skip


@bp.get("/missions/<reference>/needs.<any(csv, xlsx):form>")
@signed_in
def give_out_needs(reference: str, form: str) -> ResponseReturnValue:
    """The mission's open needs as a file for spreadsheets, which the import reads again."""
    mission = missions.get_mission(reference)
    authorise(policy.can_read_partnership, mission)
    head, rows = need_import_service.given_out(mission, locale=current_locale(), by=actor())
    return sheet_answer(f"{reference}-{_('needs')}", head, rows, form)


@bp.route("/missions/<reference>/needs/<int:need_id>/edit", methods=["GET", "POST"])
@signed_in
def edit_need(reference: str, need_id: int) -> ResponseReturnValue:
    """Word a need anew."""
    mission = missions.get_mission(reference)
    authorise(policy.can_coordinate, mission)
    need = queries.get_need(mission, need_id)
    form = forms.NeedForm(obj=need)
    _offer_choices(form, mission)

    def act() -> None:
        need_service.edit_need(need, _content(form), by=actor(), expected_version=form.expected_version)

    return form_page(form, act, heading=_("Change the need"), crumbs=partnership_crumbs(mission), button=_("Save"),
                     done=_("Saved."))  # fmt: skip


@bp.route("/missions/<reference>/needs/<int:need_id>/plan", methods=["GET", "POST"])
@signed_in
def plan_need(reference: str, need_id: int) -> ResponseReturnValue:
    """Say how a need is to be covered."""
    mission = missions.get_mission(reference)
    authorise(policy.can_coordinate, mission)
    need = queries.get_need(mission, need_id)
    form = forms.PlanNeedForm(obj=need)

    def act() -> None:
        need_service.plan_need(
            need, plan_date=form.plan_date.data, plan_text=form.plan_text.data or "", by=actor(),
            expected_version=form.expected_version,
        )  # fmt: skip

    return form_page(
        form,
        act,
        heading=_("Plan how the need is covered"),
        crumbs=partnership_crumbs(mission),
        button=_("Save"),
        done=_("Saved."),
        read_first=(_("The need"), need.text),
    )


@bp.post("/missions/<reference>/needs/<int:need_id>/withdraw")
@signed_in
def withdraw_need(reference: str, need_id: int) -> ResponseReturnValue:
    """The mission no longer needs it."""
    need = queries.get_need(missions.get_mission(reference), need_id)
    need_service.withdraw_need(need, by=actor(), expected_version=seen_version())
    flash(_("The need is taken away. It stays in the history."))
    return redirect(url_for("partnerships.show_partnership", reference=reference), 303)
