"""Another time, postponing for weather, going ahead, and giving time back."""

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from missions_app.bookings import (
    booking_service,
    cancel_service,
    change_service,
    policy,
    queries,
    reserve_days,
    states,
)
from missions_app.bookings.errors import NoReserveLeft, NotReserved
from missions_app.bookings.intervals import Interval
from missions_app.bookings.models import Booking, Line, LineState
from missions_app.bookings.steps import why_kept
from missions_app.edge.access import actor, authorise, signed_in
from missions_app.edge.errors import status_of
from missions_app.errors import Conflict, DomainError
from missions_app.i18n import _, both, list_of
from missions_app.moments import local_date
from missions_app.web.bookings import forms
from missions_app.web.bookings.blueprint import bp
from missions_app.web.bookings.bookings import crumbs_of, days_to_postpone_to, readable
from missions_app.web.bookings.day import refused_here
from missions_app.web.bookings.fee_words import (
    booking_cancelled_words,
    bound_words,
    changed_words,
    changing_words,
    fee_words,
    late_words,
    line_cancelled_words,
)
from missions_app.web.bookings.lines import like_line, line_page, wish
from missions_app.web.bookings.not_open import is_posted, not_open
from missions_app.web.form_page import form_page
from missions_app.web.forms import Form, show_error
from missions_app.workflow.method_service import method_in_force

LINE = "/bookings/<reference>/lines/<int:line_id>"


def _tried(form: Form, act: Callable[[], Any]) -> int | None:
    """Do it; None when it went well, else the status to show the form with."""
    try:
        act()
    except DomainError as error:
        show_error(form, error)
        return status_of(error)
    return None


@bp.route(f"{LINE}/time", methods=["GET", "POST"])
@signed_in
def change_time(reference: str, line_id: int) -> ResponseReturnValue:
    """Another time, asked for by those who book."""
    booking = readable(reference)
    authorise(policy.can_change, booking)
    line = queries.get_line(booking, line_id)
    is_draft, was, paid = line.state is LineState.DRAFT, line.state, line.fee_ore
    name = both(line.resource.name_sv, line.resource.name_en)
    if not (is_draft or change_service.can_change_time(line) or is_posted()):
        return not_open(line, _("Change the time of %(name)s", name=name), why_kept(line))
    reserves = booking.reserve_dates
    form = like_line(line)
    form.resource.choices = [(form.resource.data, name)]
    if not is_draft:
        del form.units, form.extra_setup_minutes, form.extra_cleanup_minutes  # what is sent keeps how many it asks for
    if not form.is_typed:
        form.version.data = str(line.version)
    status: int | None = 200
    if form.validate_on_submit() and (use := form.interval()) is not None:
        status = _tried(form, lambda: _change(line, form, use))
        if status is None:
            flash(changed_words(line.fee_ore - paid, asks_again=line.state is not was))
            if booking.reserve_dates != reserves:
                days = list_of([local_date(date.fromisoformat(day)) for day in booking.reserve_dates])
                flash(_("Nobody else's reserve dates move, so the booking's are counted anew: %(days)s.", days=days))
            where = "bookings.edit_booking" if is_draft else "bookings.show_booking"
            return redirect(url_for(where, reference=reference), 303)
    intro = "" if is_draft else changing_words(line)
    intro = "\n\n".join(filter(None, (intro, late_words([line]))))
    return line_page(booking, form, _("Change the time of %(name)s", name=name), _("Change the time"),
                      intro), status or 200  # fmt: skip


def _change(line: Line, form: forms.LineForm, use: Interval) -> None:
    if line.state is LineState.DRAFT:
        booking_service.change_draft_line(line, wish(form, use), by=actor(), expected_version=form.expected_version)
    else:
        change_service.change_time(line, use, by=actor(), expected_version=form.expected_version)


@bp.post(f"{LINE}/go-on-without")
@signed_in
def go_on_without(reference: str, line_id: int) -> ResponseReturnValue:
    """Neither replace what was refused nor wait for it."""
    line = queries.get_line(readable(reference), line_id)
    version = request.form.get("version", type=int) or 0
    try:
        booking_service.go_on_without(line, by=actor(), expected_version=version)
    except Conflict as error:
        return refused_here(line, error)
    flash(_("You go on without %(name)s.", name=both(line.resource.name_sv, line.resource.name_en)))
    return redirect(url_for("bookings.show_booking", reference=reference), 303)


@bp.route("/bookings/<reference>/postpone", methods=["GET", "POST"])
@signed_in
def postpone_booking(reference: str) -> ResponseReturnValue:
    """Move all of it to a reserve date in one step, or, for its owner, let it rest without a new day."""
    booking = readable(reference)
    authorise(policy.takes_part_in, booking)
    moving, resting = change_service.moving_of(booking), change_service.resting_of(booking, actor())
    later = [day.isoformat() for day in days_to_postpone_to(booking)]
    if not later and not resting:
        return not_open(booking.lines[0], _("Postpone"), _why_not_postponed(booking, moving))
    form = forms.ReserveForm(version=booking.version, day=later[0] if later else forms.NO_DAY)
    form.day.choices = _days(booking, later) + (
        [(forms.NO_DAY, _("No new day yet: the time is given back now"))] if resting else []
    )
    status: int | None = 200
    if form.validate_on_submit():
        status = _tried(form, lambda: _postpone(booking, form))
        if status is None:
            rests = form.day.data == forms.NO_DAY
            flash(_("The booking is postponed without a new day, and those concerned are told.") if rests
                  else _("The booking is moved, and those concerned are told."))  # fmt: skip
            return redirect(url_for("bookings.show_booking", reference=reference), 303)
    return render_template(
        "bookings/postpone_booking.html", booking=booking, form=form, moving=moving or resting, resting=resting,
        later=later, crumbs=crumbs_of(booking), method=method_in_force(),
        late="" if policy.keeps_any(actor(), booking) else bound_words(moving),
    ), status or 200  # fmt: skip


def _days(booking: Booking, later: Sequence[str]) -> list[tuple[str, str]]:
    held = {day for days in reserve_days.held(booking).values() for day in days}
    return [
        (day, local_date(date.fromisoformat(day)) + ("" if day in held else f" ({_('no longer held')})"))
        for day in later
    ]


def _postpone(booking: Booking, form: forms.ReserveForm) -> None:
    reason, version = form.reason.data or "", form.expected_version
    if form.day.data == forms.NO_DAY:
        change_service.postpone_without_day(booking, reason=reason, by=actor(), expected_version=version)
        return
    try:
        day = date.fromisoformat(form.day.data)
    except ValueError as error:
        raise NotReserved(field="day") from error
    change_service.postpone_to_reserve(booking, day, reason=reason, by=actor(), expected_version=version)


def _why_not_postponed(booking: Booking, moving: Sequence[Line]) -> DomainError:
    """Why nobody who asks for the page can postpone anything."""
    if not moving:
        return why_kept(booking.lines[0])
    can_never = policy.keeps_any(actor(), booking) or not booking.reserve_dates
    return NoReserveLeft() if can_never else change_service.not_theirs()


@bp.route(f"{LINE}/move", methods=["GET", "POST"])
@signed_in
def move_line(reference: str, line_id: int) -> ResponseReturnValue:
    """Postpone to any other time in one step."""
    booking = readable(reference)
    line = queries.get_line(booking, line_id)
    authorise(policy.manages_line, line)
    if not (change_service.can_move(line) or is_posted()):
        return not_open(line, _("Postpone"))
    form = forms.MoveForm(version=line.version, **forms.hours_of(line.starts_at, line.ends_at))
    status: int | None = 200
    if form.validate_on_submit() and (use := form.interval()) is not None:
        status = _tried(
            form,
            lambda: change_service.move_line(
                line, use, reason=form.reason.data or "", by=actor(), expected_version=form.expected_version,
                override_reason=form.override_reason.data or "",
            ),
        )  # fmt: skip
        if status is None:
            flash(_("The booking is moved, and those concerned are told."))
            return redirect(url_for("bookings.show_booking", reference=reference), 303)
    intro = (
        _("The booking is confirmed for this time at once, and those concerned are told. Permits are tried again.")
        if line.state is LineState.POSTPONED
        else _(
            "The time before is given back only if the new one can be had. Permits are tried again for the new date."
        )
    )
    waits, name = line.state is LineState.POSTPONED, both(line.resource.name_sv, line.resource.name_en)
    heading = _("A new day for %(name)s", name=name) if waits else _("Postpone %(name)s", name=name)
    return render_template(
        "_form_page.html", form=form, heading=heading, crumbs=crumbs_of(booking),
        button=_("Give it this time") if waits else _("Postpone"),
        intro=intro, read_first=None, has_file=False,
    ), status or 200  # fmt: skip


@bp.post("/bookings/<reference>/go")
@signed_in
def decide_go(reference: str) -> ResponseReturnValue:
    """It goes ahead: the reserve dates are given back."""
    booking = readable(reference)
    has_reserves = bool(reserve_days.held(booking))
    try:
        change_service.decide_go(booking, by=actor())
    except Conflict as error:
        return refused_here(booking.lines[0], error)
    flash(_("It goes ahead. The reserve dates are free for others.") if has_reserves
          else _("It goes ahead, and those concerned are told."))  # fmt: skip
    return redirect(url_for("bookings.show_booking", reference=reference), 303)


@bp.route("/bookings/<reference>/cancel", methods=["GET", "POST"])
@signed_in
def cancel_booking(reference: str) -> ResponseReturnValue:
    """Give all of the time back."""
    booking = readable(reference)
    authorise(policy.can_change, booking)
    if (stopping := cancel_service.stops_cancelling(booking)) is not None and not is_posted():
        return not_open(stopping, _("Cancel the booking"), why_kept(stopping))
    form = forms.CancelForm(version=booking.version)
    paid = sum(one.fee_ore for one in booking.lines)

    def act() -> None:
        cancel_service.cancel_booking(
            booking, reason=form.reason.data or "", by=actor(), expected_version=form.expected_version
        )

    return form_page(
        form, act, heading=_("Cancel the booking"), crumbs=crumbs_of(booking), button=_("Cancel the booking"),
        done=lambda: booking_cancelled_words(sum(one.fee_ore for one in booking.lines) - paid),
        intro="\n\n".join(filter(None, (_given_back(booking), fee_words(booking.lines)))),
        leave=_("Keep the booking"),
    )  # fmt: skip


def _given_back(booking: Booking) -> str:
    """Everything that is cancelled with a booking; of a draft nothing is held."""
    if policy.is_draft(booking):
        return _("It holds no time until you send it.")
    left = [line for line in booking.lines if line.state not in states.OVER]
    names = list(dict.fromkeys(both(line.resource.name_sv, line.resource.name_en) for line in left))
    return _("This gives back all of it: %(names)s.", names=list_of(names)) if names else ""


@bp.route(f"{LINE}/cancel", methods=["GET", "POST"])
@signed_in
def cancel_line(reference: str, line_id: int) -> ResponseReturnValue:
    """Give one line's time back."""
    booking = readable(reference)
    line = queries.get_line(booking, line_id)
    authorise(policy.takes_part, line)
    name = both(line.resource.name_sv, line.resource.name_en)
    role = states.LEAD if policy.can_change(actor(), booking) else states.MANAGER
    if not cancel_service.can_cancel_line(line, role) and not is_posted():
        return not_open(line, _("Cancel %(name)s", name=name), why_kept(line))
    form, paid = forms.CancelForm(version=line.version), line.fee_ore

    def act() -> None:
        cancel_service.cancel_line(
            line, reason=form.reason.data or "", by=actor(), expected_version=form.expected_version
        )

    return form_page(
        form, act, heading=_("Cancel %(name)s", name=name), crumbs=crumbs_of(booking),
        button=_("Cancel this line"), done=lambda: line_cancelled_words(line.fee_ore - paid),
        intro=fee_words([line]) if policy.can_change(actor(), booking) else "", leave=_("Keep the time"),
    )  # fmt: skip
