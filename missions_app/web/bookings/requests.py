"""Writing a request: saved as it goes, sent as a whole."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from flask import Response, flash, jsonify, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from missions_app import clock
from missions_app.accounts.models import User
from missions_app.bookings import (
    booking_service,
    permits,
    policy,
    queries,
    quota_standing,
    reserve_days,
    sending,
    states,
)
from missions_app.bookings.content import Parties
from missions_app.bookings.errors import Taken
from missions_app.bookings.models import Booking
from missions_app.bookings.steps import method_for
from missions_app.edge import once
from missions_app.edge.access import actor, signed_in
from missions_app.edge.errors import status_of
from missions_app.edge.words import sentence
from missions_app.errors import DomainError, StaleVersion
from missions_app.experiments import queries as experiments
from missions_app.i18n import _, number
from missions_app.moments import local_time, plain_date
from missions_app.organisations import queries as organisations
from missions_app.sites.weather import LIMITS, strictest
from missions_app.web.bookings import forms
from missions_app.web.bookings.blueprint import bp
from missions_app.web.bookings.bookings import crumbs_of
from missions_app.web.bookings.fee_words import cancelling_words
from missions_app.web.bookings.lines import writable
from missions_app.web.filters import short_date
from missions_app.web.forms import choices_from, show_error, show_newest

EDIT = "/bookings/<reference>/edit"
# Buttons at a line that save and go on to its own page.
LEADS_TO = {"time": "bookings.change_time", "repeat": "bookings.book_series"}


def _form(booking: Booking) -> forms.BookingForm:
    """The form with its choices; showing what the booking says unless something was posted."""
    form = forms.BookingForm(version=booking.version)
    mine = [one for one in experiments.experiments_led_by(actor().user_id or 0) if one.journey.state == "planning"]
    if booking.experiment and booking.experiment not in mine:
        mine.append(booking.experiment)
    form.experiment.choices = [
        ("", _("None, it is a small test")),
        *((one.reference, f"{one.title} {one.reference}") for one in mine),
    ]
    form.booked_for.choices = [("", _("Nobody else")), *((str(one.id), one.name) for one in _colleagues(booking))]
    form.visibility.choices = forms.tier_words()
    form.answers.choices = choices_from(method_for(booking).permit_question)
    days = reserve_days.to_choose_among(booking, booking_service.UNSENT)
    form.reserve_dates.choices = [(day, plain_date(datetime.fromisoformat(day).date())) for day in days]
    if not form.is_typed and not form.errors:
        form.fill(booking)
    return form


def _colleagues(booking: Booking) -> list[User]:
    people = {user.id: user for user, _role in organisations.members_of(booking.organisation)}
    people.pop(booking.requested_by_id, None)
    return list(people.values())


@bp.route(EDIT, methods=["GET", "POST"])
@signed_in
def edit_booking(reference: str) -> ResponseReturnValue:
    """The whole request in one form; each button saves first."""
    booking, there = writable(reference), redirect(url_for("bookings.show_booking", reference=reference), 303)
    if not any(line.state in booking_service.UNSENT for line in booking.lines):
        flash(_("The request is sent. You see it as it was sent."))
        return there
    form = _form(booking)
    if not form.is_submitted():
        return _page(booking, form)
    answer = once.lead(lambda: _work(booking, form))
    if answer is None:
        flash(_("It is being saved. Look whether it is there before you send it again."))
    return there if answer is None else answer


def _work(booking: Booking, form: forms.BookingForm) -> ResponseReturnValue:
    """Save, and do what the pressed button says."""
    try:
        left_out = _save_readable(booking, form)
    except StaleVersion as error:
        show_error(form, error)
        newest = forms.BookingForm(formdata=None)
        newest.fill(booking)
        show_newest(form, newest.data | {"version": booking.version})
        return _page(booking, form, unsaved=_("Not saved.")), 409
    except DomainError as error:
        show_error(form, error)
        return _page(booking, form, unsaved=_("Not saved.")), status_of(error)
    except ValueError as error:
        form.go_time.errors = [*form.go_time.errors, str(error)]
        return _page(booking, form, unsaved=_("Not saved.")), 422
    if left_out:
        return _page(booking, form, unsaved=_saved_except(form, left_out)), 422
    return _next(booking, form, request.form.get("next", "save"))


def _save_readable(booking: Booking, form: forms.BookingForm) -> list[str]:
    """Save all that can be read; the names of the fields that cannot. The form itself keeps what was typed."""
    readable_part = form if form.validate() else _form(booking)
    readable_part.validate()
    left_out = readable_part.keep_unread(booking)
    _save(booking, readable_part)
    form.version.data = str(booking.version)
    return left_out


def _saved_except(form: forms.BookingForm, left_out: Sequence[str]) -> str:
    fields = ", ".join(str(form[name].label.text) for name in left_out)
    return _("Saved %(time)s, except “%(fields)s”.", time=local_time(clock.now()), fields=fields)


def _save(booking: Booking, form: forms.BookingForm) -> None:
    colleague = next((one for one in _colleagues(booking) if str(one.id) == form.booked_for.data), None)
    experiment = experiments.get_experiment(form.experiment.data) if form.experiment.data else None
    booking_service.save_booking(
        booking, form.content(), by=actor(), expected_version=form.expected_version,
        parties=Parties(experiment, colleague),
    )  # fmt: skip


def _next(booking: Booking, form: forms.BookingForm, wanted: str) -> ResponseReturnValue:
    where: dict[str, Any] = {"reference": booking.reference}
    act, _dash, number = wanted.partition("-")
    if act == "submit":
        return _submit(booking, form)
    if act == "add":
        return redirect(url_for("bookings.add_line", **where), 303)
    if act in LEADS_TO and number.isdecimal():
        return redirect(url_for(LEADS_TO[act], line_id=int(number), **where), 303)
    if act == "remove" and number.isdecimal():
        return _remove(booking, form, int(number))
    if act == "leave":
        flash(_("The draft is saved. It holds no time until you send it."))
        return redirect(url_for("bookings.show_booking", **where), 303)
    flash(_("Saved %(time)s.", time=local_time(clock.now())))
    return redirect(url_for("bookings.edit_booking", **where), 303)


def _remove(booking: Booking, form: forms.BookingForm, line_id: int) -> ResponseReturnValue:
    line = queries.get_line(booking, line_id)
    try:
        booking_service.remove_line(line, by=actor(), expected_version=line.version)
    except DomainError as error:
        show_error(form, error)
        form.version.data = str(booking.version)
        return _page(booking, form), status_of(error)
    return redirect(url_for("bookings.edit_booking", reference=booking.reference, _anchor="lines"), 303)


def _submit(booking: Booking, form: forms.BookingForm) -> ResponseReturnValue:
    form.version.data = str(booking.version)
    try:
        booking_service.submit_booking(
            booking, by=actor(), expected_version=booking.version, override_reason=form.override_reason.data or ""
        )
    except DomainError as error:
        show_error(form, error)
        return _page(booking, form, is_taken=isinstance(error, Taken)), status_of(error)
    return redirect(url_for("bookings.show_receipt", reference=booking.reference), 303)


def _page(booking: Booking, form: forms.BookingForm, *, unsaved: str = "", is_taken: bool = False) -> str:
    """The request as it is being written. `unsaved`: what the line about saving says when something is not saved."""
    return render_template(
        "bookings/edit_booking.html", booking=booking, form=form, method=method_for(booking), crumbs=crumbs_of(booking),
        lines=[line for line in booking.lines if line.state not in states.OVER], cancelling_words=cancelling_words,
        **_asked_permits(booking), manages=policy.manages_any(actor(), booking), today=clock.today(),
        total=sum(line.price_ore for line in booking.lines if line.state not in states.OVER),
        chosen=set(form.answers.data or []), is_first=policy.is_draft(booking), short_date=short_date,
        details=forms.DETAIL_GROUPS, weather=LIMITS, unsaved=unsaved, is_taken=is_taken,
        sends=request.form.get("next") == "submit", place_limits=_place_limits(booking),
        quotas=quota_standing.standings_of(booking), risks=queries.risks_of(booking),
    )  # fmt: skip


def _asked_permits(booking: Booking) -> dict[str, Any]:
    """What the panel of permits tells: which the answers ask for, the earliest day, and which the places have."""
    held = list(sending.held_by_sites(booking))
    found = permits.earliest(booking.answers, method_for(booking), today=clock.today(), held=held)
    return {"earliest": found, "held": held}


def _place_limits(booking: Booking) -> str:
    """At which weather the places of a booking stop, in words."""
    found = strictest(line.resource.limits for line in booking.lines if line.state not in states.OVER)
    return "; ".join(f"{_(one.label)} {number(found[one.name])} {one.unit}" for one in LIMITS if one.name in found)


@bp.post("/bookings/<reference>/autosave")
@signed_in
def autosave(reference: str) -> ResponseReturnValue:
    """Save what has been typed so far; answers with the new version, or says that somebody else has written. What is
    half typed, such as a date, holds nothing else up: it waits in the page. `parts`: what follows from the answers and
    stands anew in the page, by id."""
    booking = writable(reference)
    form = _form(booking)
    form.validate()
    left_out = form.keep_unread(booking)
    try:
        _save(booking, form)
    except ValueError as error:
        return _json(422, message=str(error))
    except DomainError as error:
        return _json(status_of(error), message=" ".join(sentence(one) for one in error.problems), code=error.code)
    now, fields = local_time(clock.now()), ", ".join(str(form[name].label.text) for name in left_out)
    message = _("Saved %(time)s.", time=now)
    if left_out:
        message = _("Saved %(time)s, except “%(fields)s”. Press Save to see what to correct.", time=now, fields=fields)
    parts = {"asked-permits": render_template("bookings/_asked_permits.html", **_asked_permits(booking))}
    return _json(200, version=booking.version, message=message, left_out=left_out, parts=parts)


def _json(status: int, **body: Any) -> Response:
    return make_response(jsonify(body), status)
