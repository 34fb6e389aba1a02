"""Permits, risks and deviations of a booking."""

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from missions_app.bookings import day_service, policy, queries, safety_service
from missions_app.bookings.models import PermitState
from missions_app.bookings.safety_service import PermitAnswer
from missions_app.edge.access import actor, authorise, signed_in
from missions_app.edge.pictures import picture_response
from missions_app.errors import NotFound
from missions_app.i18n import _, current_locale
from missions_app.web.bookings import forms
from missions_app.web.bookings.blueprint import bp
from missions_app.web.bookings.bookings import crumbs_of, readable
from missions_app.web.form_page import form_page
from missions_app.web.forms import choices_from
from missions_app.workflow.method_service import method_in_force


def permit_words() -> list[tuple[str, str]]:
    """Where a permit may stand, in words."""
    return [
        ("needed", _("Needed, not applied for")), ("applied", _("Applied for")), ("granted", _("Granted")),
        ("refused", _("Refused")), ("not_needed", _("Judged not needed")),
    ]  # fmt: skip


@bp.route("/bookings/<reference>/permits/<permit>", methods=["GET", "POST"])
@signed_in
def set_permit(reference: str, permit: str) -> ResponseReturnValue:
    """Note where a permit stands."""
    booking = readable(reference)
    authorise(policy.can_change, booking)
    row = queries.get_permit(booking, permit)
    declared = method_in_force().term("permit", permit)
    form = forms.PermitForm(obj=row)
    form.state.choices = permit_words()
    if not form.is_typed:
        form.state.data = row.state.value

    def act() -> None:
        answer = PermitAnswer(
            PermitState(form.state.data), form.applied_on.data, form.valid_from.data, form.valid_until.data,
            form.number.data or "", form.reason.data or "",
        )  # fmt: skip
        safety_service.set_permit(row, answer, by=actor(), expected_version=form.expected_version)

    locale = current_locale()
    return form_page(
        form,
        act,
        heading=declared.label.in_(locale),
        crumbs=crumbs_of(booking),
        button=_("Save"),
        done=_("Saved."),
        read_first=(declared.authority.in_(locale), f"{declared.applies.in_(locale)} {declared.law}"),  # type: ignore[attr-defined]
    )


@bp.route("/bookings/<reference>/risks/new", methods=["GET", "POST"])
@signed_in
def add_risk(reference: str) -> ResponseReturnValue:
    """Add something that may go wrong."""
    booking = readable(reference)
    authorise(policy.can_change, booking)
    form = forms.RiskForm()
    form.level.choices = choices_from(method_in_force().risk_level)

    def act() -> None:
        safety_service.add_risk(
            booking, text=form.text.data or "", level=form.level.data, mitigation=form.mitigation.data or "", by=actor()
        )

    writing = url_for("bookings.edit_booking", reference=reference, _anchor="safety")
    return form_page(form, act, heading=_("Add a risk"), crumbs=crumbs_of(booking), button=_("Add"), done=_("Added."),
                     back=writing if policy.is_draft(booking) else "")  # fmt: skip


@bp.post("/bookings/<reference>/risks/<int:risk_id>/accept")
@signed_in
def accept_risk(reference: str, risk_id: int) -> ResponseReturnValue:
    """The site accepts what is left of a risk."""
    booking = readable(reference)
    risk = next((one for one in queries.risks_of(booking) if one.id == risk_id), None)
    if risk is None:
        raise NotFound()
    safety_service.accept_risk(risk, by=actor(), expected_version=request.form.get("version", type=int) or 0)
    flash(_("The risk is accepted."))
    return redirect(url_for("bookings.show_booking", reference=reference), 303)


@bp.route("/bookings/<reference>/deviations/new", methods=["GET", "POST"])
@signed_in
def note_deviation(reference: str) -> ResponseReturnValue:
    """Write down what went otherwise."""
    booking = readable(reference)
    authorise(policy.takes_part_in, booking)
    form = forms.DeviationForm()

    def act() -> None:
        sent = form.photo.data
        day_service.note_deviation(
            booking, text=form.text.data or "", is_incident=form.is_incident.data, by=actor(),
            photo=sent.read() if sent and sent.filename else None, photo_text=form.photo_text.data or "",
        )  # fmt: skip

    back = request.args.get("site", "")
    return form_page(
        form, act, heading=_("Note a deviation"), crumbs=crumbs_of(booking), button=_("Note"), done=_("Noted."),
        back=url_for("bookings.show_today", slug=back) if back else "",
    )  # fmt: skip


@bp.post("/bookings/<reference>/deviations/<int:deviation_id>/photo/remove")
@signed_in
def remove_photo(reference: str, deviation_id: int) -> ResponseReturnValue:
    """Take the picture of a deviation away."""
    booking = readable(reference)
    authorise(policy.takes_part_in, booking)
    day_service.remove_photo(queries.deviation_of(booking, deviation_id), by=actor())
    flash(_("The picture is taken away."))
    return redirect(url_for("bookings.show_booking", reference=reference), 303)


@bp.get("/bookings/<reference>/deviations/<int:deviation_id>/photo")
@signed_in
def show_photo(reference: str, deviation_id: int) -> ResponseReturnValue:
    """The picture of a deviation."""
    booking = readable(reference)
    deviation = queries.deviation_of(booking, deviation_id)
    if deviation.photo_id is None:
        raise NotFound()
    return picture_response(deviation.photo, f"{reference}-{deviation_id}")
