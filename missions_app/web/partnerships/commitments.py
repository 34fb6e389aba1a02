"""What partners promise, and what they have kept."""

from typing import Any

from flask import abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from missions_app import clock
from missions_app.documents.models import Visibility
from missions_app.edge.access import actor, authorise, signed_in
from missions_app.i18n import _
from missions_app.missions import queries as missions
from missions_app.missions.models import Mission
from missions_app.partnerships import commitment_service, drawdown_service, policy, queries, statements
from missions_app.partnerships.commitment_service import PromiseContent
from missions_app.partnerships.models import CommitmentState, Need, Partner
from missions_app.web.form_page import form_page
from missions_app.web.forms import choices, choices_from
from missions_app.web.partnerships import forms
from missions_app.web.partnerships.blueprint import bp
from missions_app.web.partnerships.partners import partnership_crumbs
from missions_app.web.sheets import sheet_answer
from missions_app.workflow.method_service import method_of

WORDS = ("text", "condition", "visibility", "claim_reason")
# What the buttons of a promise may lead to.
ENDS = {"delivered": CommitmentState.DELIVERED, "withdrawn": CommitmentState.WITHDRAWN}


def _offer_choices(form: forms.PromiseForm, mission: Mission) -> None:
    method = method_of(mission.journey.method_version)
    form.kind.choices, form.visibility.choices = choices_from(method.commitment_type), choices_from(method.visibility)
    needs = ((str(one.id), one.text[:80]) for one in queries.needs_of(mission))
    form.need.choices = choices(needs, empty=_("None in particular"))
    if not form.is_submitted() and not form.visibility.data:
        form.visibility.data = Visibility.PARTNERS.value


def _content(form: forms.PromiseForm) -> PromiseContent:
    return PromiseContent(
        kind=form.kind.data, quantity=form.quantity.data, rate_ore=form.rate.data, value_ore=form.value.data or 0,
        period_from=form.period_from.data, period_until=form.period_until.data, **_words(form),
    )  # fmt: skip


def _words(form: forms.PromiseForm) -> dict[str, Any]:
    """The words and who reads them; nothing where they are not the writer's to read, and so not on the form."""
    if "text" not in form:
        return {}
    return {
        "text": form.text.data or "", "condition": form.condition.data or "",
        "visibility": Visibility(form.visibility.data), "claim_reason": form.claim_reason.data or "",
    }  # fmt: skip


def _address(partner: Partner) -> str:
    """The partner's own page, where its promises stand."""
    return url_for("partnerships.show_partner", reference=partner.mission.reference, partner_id=partner.id)


def seen_version() -> int:
    """The version that stood on the page whose button was pressed; 0, which matches nothing, without one."""
    return request.form.get("version", type=int) or 0


def _need(form: forms.PromiseForm, mission: Mission) -> Need | None:
    return queries.get_need(mission, int(form.need.data)) if form.need.data else None


@bp.route("/missions/<reference>/partners/<int:partner_id>/promise", methods=["GET", "POST"])
@signed_in
def promise(reference: str, partner_id: int) -> ResponseReturnValue:
    """Promise something."""
    mission = missions.get_mission(reference)
    partner = queries.get_partner(mission, partner_id)
    authorise(policy.can_change_partner, partner)
    form = forms.PromiseForm()
    _offer_choices(form, mission)

    def act() -> None:
        commitment_service.promise(partner, _content(form), by=actor(), need=_need(form, mission))

    return form_page(
        form,
        act,
        heading=_("Promise: %(name)s", name=partner.organisation.name),
        crumbs=partnership_crumbs(mission),
        button=_("Promise"),
        done=_("The promise is noted."),
        back=_address(partner),
    )


@bp.route("/missions/<reference>/commitments/<int:commitment_id>/edit", methods=["GET", "POST"])
@signed_in
def edit_promise(reference: str, commitment_id: int) -> ResponseReturnValue:
    """Change a promise that has not been kept."""
    mission = missions.get_mission(reference)
    one = queries.get_commitment(mission, commitment_id)
    authorise(policy.can_change_partner, one.partner)
    form = forms.PromiseForm(
        obj=one,
        rate=one.rate_ore,
        value=None if one.rate_ore and one.quantity else one.value_ore or None,
        need=str(one.need_id or ""),
        visibility=one.visibility.value,
    )
    _offer_choices(form, mission)
    if not policy.can_read_words(actor(), one):
        for name in WORDS:
            del form[name]

    def act() -> None:
        commitment_service.edit_promise(
            one, _content(form), by=actor(), expected_version=form.expected_version, need=_need(form, mission)
        )

    return form_page(
        form, act, heading=_("Change the promise: %(name)s", name=one.partner.organisation.name),
        crumbs=partnership_crumbs(mission), button=_("Save"), done=_("Saved."), back=_address(one.partner),
    )  # fmt: skip


@bp.route("/missions/<reference>/commitments/<int:commitment_id>/deliver", methods=["GET", "POST"])
@signed_in
def deliver(reference: str, commitment_id: int) -> ResponseReturnValue:
    """Note that part of a promise was kept."""
    mission = missions.get_mission(reference)
    one = queries.get_commitment(mission, commitment_id)
    authorise(policy.can_change_partner, one.partner)
    form = forms.DeliveryForm(version=one.version, delivered_on=clock.today())
    if one.quantity is None:
        del form.quantity

    def act() -> None:
        commitment_service.deliver(
            one, quantity=form.quantity.data if form.quantity else None, value_ore=form.value.data,
            delivered_on=form.delivered_on.data, source=form.source.data or "", by=actor(),
            expected_version=form.expected_version, more=form.more.data,
        )  # fmt: skip

    return form_page(
        form, act, heading=_("Note what has been kept: %(name)s", name=one.partner.organisation.name),
        crumbs=partnership_crumbs(mission), button=_("Save"), done=_("Saved."), back=_address(one.partner),
    )  # fmt: skip


@bp.post("/missions/<reference>/commitments/<int:commitment_id>/confirm")
@signed_in
def confirm_promise(reference: str, commitment_id: int) -> ResponseReturnValue:
    """Say that a promise still holds."""
    one = queries.get_commitment(missions.get_mission(reference), commitment_id)
    commitment_service.confirm_promise(one, by=actor(), expected_version=seen_version())
    flash(_("The promise is confirmed."))
    return redirect(_address(one.partner), 303)


@bp.post("/missions/<reference>/commitments/<int:commitment_id>/<state>")
@signed_in
def change_commitment(reference: str, commitment_id: int, state: str) -> ResponseReturnValue:
    """Note that a promise is kept or taken back."""
    one = queries.get_commitment(missions.get_mission(reference), commitment_id)
    if state not in ENDS:
        abort(404)
    commitment_service.change_commitment(one, ENDS[state], by=actor(), expected_version=seen_version())
    flash(_("Saved."))
    return redirect(_address(one.partner), 303)


@bp.route("/missions/<reference>/partners/<int:partner_id>/hours/new", methods=["GET", "POST"])
@signed_in
def log_hours(reference: str, partner_id: int) -> ResponseReturnValue:
    """Note hours worked; they draw the promise of hours down."""
    mission = missions.get_mission(reference)
    partner = queries.get_partner(mission, partner_id)
    authorise(policy.can_change_partner, partner)
    form = forms.HoursForm(worked_on=clock.today())

    def act() -> None:
        drawdown_service.log_hours(
            partner, worked_on=form.worked_on.data, hours=form.hours.data, function=form.function.data or "",
            what=form.what.data or "", by=actor(),
        )  # fmt: skip

    return form_page(
        form, act, heading=_("Note hours: %(name)s", name=partner.organisation.name),
        crumbs=partnership_crumbs(mission), button=_("Save"), done=_("Noted."),
        back=_address(partner),
    )  # fmt: skip


@bp.get("/missions/<reference>/partners/<int:partner_id>/statement.<any(csv, xlsx):form>")
@signed_in
def statement(reference: str, partner_id: int, form: str) -> ResponseReturnValue:
    """What a partner has promised and brought, as a file for spreadsheets."""
    partner = queries.get_partner(missions.get_mission(reference), partner_id)
    authorise(policy.can_read_statement, partner)
    rows = statements.cells(statements.rows_of(partner))
    return sheet_answer(f"{reference}-{partner.organisation.slug}", statements.head(), rows, form)
