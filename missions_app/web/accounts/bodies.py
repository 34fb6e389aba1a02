"""The region's bodies and who sits in them."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from missions_app.accounts import queries, seat_service
from missions_app.accounts.models import Seat
from missions_app.accounts.policy import can_manage_accounts
from missions_app.edge.access import actor, authorise, signed_in
from missions_app.errors import DomainError, NotFound
from missions_app.i18n import _
from missions_app.web.accounts import forms
from missions_app.web.accounts.blueprint import bp
from missions_app.web.forms import show_error
from missions_app.workflow.method_parts import Body
from missions_app.workflow.method_service import method_in_force


def _body(key: str) -> Body:
    authorise(can_manage_accounts, None)
    if key not in method_in_force().body_ids:
        raise NotFound()
    return method_in_force().body(key)


def _seat(body: str, seat_id: int) -> Seat:
    seat = seat_service.get_seat(seat_id)
    if seat.body != _body(body).id:
        raise NotFound()
    return seat


@bp.get("/bodies")
@signed_in
def list_bodies() -> ResponseReturnValue:
    """Every body with its seats; those that work through an office have none."""
    authorise(can_manage_accounts, None)
    bodies = [(body, seat_service.seats_of(body.id)) for body in method_in_force().bodies if body.role is None]
    return render_template("accounts/list_bodies.html", bodies=bodies)


@bp.route("/bodies/<body>/seats/new", methods=["GET", "POST"])
@signed_in
def add_seat(body: str) -> ResponseReturnValue:
    """A new seat, empty or filled at once."""
    found, form = _body(body), forms.SeatForm()
    if form.validate_on_submit():
        try:
            seat_service.add_seat(
                found.id, form.function.data, by=actor(), organisation_label=form.organisation_label.data or "",
                user=queries.get_user_by_email(form.email.data) if form.email.data else None,
                valid_from=form.valid_from.data, valid_until=form.valid_until.data,
            )  # fmt: skip
        except DomainError as error:
            show_error(form, error)
        else:
            flash(_("Saved."))
            return redirect(url_for("accounts.list_bodies", _anchor=body), 303)
    return render_template("accounts/add_seat.html", form=form, body=found)


@bp.route("/bodies/<body>/seats/<int:seat_id>", methods=["GET", "POST"])
@signed_in
def fill_seat(body: str, seat_id: int) -> ResponseReturnValue:
    """Let somebody sit in an empty seat."""
    seat, form = _seat(body, seat_id), forms.SitForm()
    if form.validate_on_submit():
        try:
            seat_service.fill_seat(seat, queries.get_user_by_email(form.email.data), by=actor())
        except DomainError as error:
            show_error(form, error)
        else:
            flash(_("Saved."))
            return redirect(url_for("accounts.list_bodies", _anchor=body), 303)
    return render_template("accounts/fill_seat.html", form=form, body=_body(body), seat=seat)


@bp.post("/bodies/<body>/seats/<int:seat_id>/vacate")
@signed_in
def vacate_seat(body: str, seat_id: int) -> ResponseReturnValue:
    """Leave a seat empty."""
    seat_service.vacate_seat(_seat(body, seat_id), by=actor())
    flash(_("The seat is empty."))
    return redirect(url_for("accounts.list_bodies", _anchor=body), 303)


@bp.post("/bodies/<body>/seats/<int:seat_id>/end")
@signed_in
def end_seat(body: str, seat_id: int) -> ResponseReturnValue:
    """The seat is no more."""
    seat_service.end_seat(_seat(body, seat_id), by=actor())
    flash(_("The seat is taken away."))
    return redirect(url_for("accounts.list_bodies", _anchor=body), 303)
