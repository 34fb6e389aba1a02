"""The owner's answers, and conditions ticked off."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from missions_app.bookings import approval_service, policy, queries, sending, states
from missions_app.bookings.models import Line, LineState
from missions_app.bookings.steps import method_for, no_answer
from missions_app.edge.access import actor, authorise, signed_in
from missions_app.edge.errors import status_of
from missions_app.errors import Conflict, DomainError, InvalidInput
from missions_app.i18n import _
from missions_app.web.bookings import forms
from missions_app.web.bookings.blueprint import bp
from missions_app.web.bookings.bookings import crumbs_of, readable
from missions_app.web.bookings.day import comes_from_today, refused_here
from missions_app.web.bookings.not_open import is_posted, not_open
from missions_app.web.forms import show_error

BACK_TO_SITE = "site"


def _choices(line: Line) -> list[tuple[str, str]]:
    words = {
        LineState.APPROVED: _("Approve"), LineState.CONDITIONAL: _("Approve on conditions"),
        LineState.NEEDS_INFO: _("Ask for more"), LineState.DECLINED: _("Decline"),
    }  # fmt: skip
    return [(to.value, words[to]) for to in states.answers_to(method_for(line.booking), line.state)]


@bp.route("/bookings/<reference>/lines/<int:line_id>/decide", methods=["GET", "POST"])
@signed_in
def decide_line(reference: str, line_id: int) -> ResponseReturnValue:
    """The owner's answer."""
    booking = readable(reference)
    line = queries.get_line(booking, line_id)
    authorise(policy.manages_line, line)
    if not (_choices(line) or is_posted()):
        return not_open(line, _("Answer"), no_answer(line))
    form = forms.DecideForm(version=line.version)
    form.to.choices = _choices(line)
    status = 200
    if form.is_submitted() and (form.expected_version != line.version or not form.to.choices):
        # Somebody else has answered meanwhile: what may be answered now is another question.
        error = no_answer(line)
        show_error(form, error)
        status = status_of(error)
    elif form.validate_on_submit():
        try:
            approval_service.decide_line(
                line, LineState(form.to.data), reason=form.reason.data or "", by=actor(),
                expected_version=form.expected_version, conditions=form.conditions(),
                override_reason=form.reason.data or "",
            )  # fmt: skip
        except DomainError as error:
            show_error(form, error)
            status = status_of(error)
        else:
            flash(_("The answer is sent."))
            return redirect(_after(line), 303)
    return render_template(
        "bookings/decide_line.html", booking=booking, line=line, form=form, method=method_for(booking),
        crumbs=crumbs_of(booking), risks=queries.risks_of(booking), permits=queries.permits_of(booking),
        conditions=queries.conditions_of(line),
        reserve_days=sending.days_for(line),
        is_own=actor().user_id in (booking.requested_by_id, booking.booked_for_id),
    ), status  # fmt: skip


def _after(line: Line) -> str:
    if request.args.get("from") == BACK_TO_SITE:
        return url_for("bookings.show_today", slug=line.resource.site.slug)
    return url_for("bookings.show_booking", reference=line.booking.reference)


@bp.post("/bookings/<reference>/conditions/<int:condition_id>/<act>")
@signed_in
def tick_condition(reference: str, condition_id: int, act: str) -> ResponseReturnValue:
    """Tick a condition off, or take the tick back."""
    condition = queries.get_condition(readable(reference), condition_id)
    version = request.form.get("version", type=int) or 0
    do, done = (
        (approval_service.untick_condition, _("The tick is taken back."))
        if act == "untick"
        else (approval_service.tick_condition, _("Ticked off."))
    )
    try:
        do(condition, by=actor(), expected_version=version)
    except (Conflict, InvalidInput) as error:
        return refused_here(condition.line, error)
    flash(done)
    if comes_from_today(condition.line):
        return redirect(url_for("bookings.show_today", slug=condition.line.resource.site.slug), 303)
    return redirect(url_for("bookings.show_booking", reference=reference, _anchor=f"line-{condition.line_id}"), 303)
