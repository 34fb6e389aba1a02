"""Asking for time, the booking's page, the owner's answer and the day of use."""

from datetime import date, time

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from missions_app import clock
from missions_app.accounts import queries as accounts
from missions_app.bookings import (
    approval_service,
    booking_service,
    cancel_service,
    change_service,
    coverage,
    day_service,
    permits,
    policy,
    queries,
    states,
)
from missions_app.bookings.errors import Taken
from missions_app.bookings.intervals import Interval
from missions_app.bookings.models import Booking, LineState
from missions_app.edge.access import actor, authorise, signed_in
from missions_app.edge.paging import page_of
from missions_app.errors import DomainError, NotFound
from missions_app.experiments import queries as experiments
from missions_app.i18n import _
from missions_app.organisations import queries as organisations
from missions_app.sites import queries as sites
from missions_app.web.bookings import forms
from missions_app.web.bookings.blueprint import bp
from missions_app.web.filters import local_datetime, local_time
from missions_app.web.form_page import form_page
from missions_app.web.forms import choices_from, local_moment, show_error
from missions_app.web.sites.sites import crumbs_of as site_crumbs
from missions_app.workflow.method_service import method_in_force


def crumbs_of(booking: Booking) -> list[tuple[str, str]]:
    """The way to a booking's page."""
    return [
        (_("Bookings"), url_for("bookings.list_bookings")),
        (booking.reference, url_for("bookings.show_booking", reference=booking.reference)),
    ]


def _interval(form: forms.BookingForm | forms.MoveForm) -> Interval | None:
    """The time of use in UTC; None after the fields have been told what is wrong."""
    try:
        start, end = local_moment(form.day.data, form.starts.data), local_moment(form.last_day.data, form.ends.data)
    except ValueError as error:
        form.starts.errors = [*form.starts.errors, str(error)]
        return None
    if start >= end:
        form.ends.errors = [*form.ends.errors, _("The time must end after it begins.")]
        return None
    return Interval(start, end)


def _say_taken(form: forms.BookingForm, error: Taken) -> None:
    """The one answer "taken", with the nearest free times in words."""
    free = [f"{local_datetime(one.start)}–{local_time(one.end)}" for one in error.alternatives]
    text = _("The time is taken.")
    if free:
        text += " " + _("Nearest free: %(times)s.", times="; ".join(free))
    form.starts.errors = [*form.starts.errors, text]


@bp.get("/bookings")
@signed_in
def list_bookings() -> ResponseReturnValue:
    """My bookings and those of my organisations; and what waits for my answer."""
    own = [int(key) for key in actor().scopes_of("site_manager", "site")]
    return render_template(
        "bookings/list_bookings.html",
        bookings=page_of(queries.bookings_for(actor())),
        waiting=queries.lines_waiting(own),
        method=method_in_force(),
        state_of=lambda one: states.booking_state([line.state for line in one.lines]),
        page_url=lambda number: url_for("bookings.list_bookings", page=number),
    )


@bp.route("/sites/<slug>/resources/<resource>/request", methods=["GET", "POST"])
@signed_in
def request_booking(slug: str, resource: str) -> ResponseReturnValue:
    """Ask for a time. It is held while the owner answers."""
    site = sites.get_site(slug)
    found = sites.get_resource(site, resource)
    authorise(policy.can_book, found)
    method = method_in_force()
    form = forms.BookingForm(version=0, day=clock.today(), last_day=clock.today(), starts=time(8), ends=time(16))
    form.organisation.choices = [(one.slug, one.name) for one in organisations.organisations_of(actor())]
    mine = [one for one in experiments.experiments_led_by(actor().user_id or 0) if one.journey.state == "planning"]
    form.experiment.choices = [
        ("", _("None, it is a small test")),
        *((one.reference, f"{one.title} {one.reference}") for one in mine),
    ]
    form.answers.choices = choices_from(method.permit_question)
    earliest = permits.earliest(
        dict.fromkeys(form.answers.data or [], True), method, today=clock.today(),
        held=[str(one.get("permit")) for one in site.permits_held],
    )  # fmt: skip
    if form.validate_on_submit():
        use = _interval(form)
        if use is not None:
            try:
                booking = _request(form, found, use)
            except Taken as error:
                _say_taken(form, error)
            except DomainError as error:
                show_error(form, error)
            else:
                return redirect(url_for("bookings.show_receipt", reference=booking.reference), 303)
    return render_template(
        "bookings/request_booking.html", form=form, site=site, resource=found, method=method, crumbs=site_crumbs(site),
        earliest=earliest, details=forms.DETAILS,
    )  # fmt: skip


def _request(form: forms.BookingForm, resource: object, use: Interval) -> Booking:
    return booking_service.request_booking(
        resource=resource, use=use, organisation=organisations.get_organisation(form.organisation.data),  # type: ignore[arg-type]
        content=form.content(), by=actor(), requested_by=accounts.get_user(actor().user_id or 0),
        experiment=experiments.get_experiment(form.experiment.data) if form.experiment.data else None,
    )  # fmt: skip


def _readable(reference: str) -> Booking:
    booking = queries.get_booking(reference)
    if not policy.can_read(actor(), booking):
        raise NotFound()
    return booking


@bp.get("/bookings/<reference>/receipt")
@signed_in
def show_receipt(reference: str) -> ResponseReturnValue:
    """Do I have the time? What do I do now?"""
    booking = _readable(reference)
    return render_template(
        "bookings/show_receipt.html",
        booking=booking,
        method=method_in_force(),
        crumbs=crumbs_of(booking),
        permits=queries.permits_of(booking),
    )


@bp.get("/bookings/<reference>")
@signed_in
def show_booking(reference: str) -> ResponseReturnValue:
    """What is booked, from whom, on which terms, and what is left to do."""
    booking = _readable(reference)
    method = method_in_force()
    return render_template(
        "bookings/show_booking.html", booking=booking, method=method, crumbs=crumbs_of(booking),
        permits=queries.permits_of(booking), risks=queries.risks_of(booking), deviations=queries.deviations_of(booking),
        uncovered=coverage.uncovered_permits(booking), can_change=policy.can_change(actor(), booking),
        manages={line.id: policy.manages_line(actor(), line) for line in booking.lines},
        earliest=permits.earliest(booking.answers, method, today=clock.today()), today=clock.today(),
        state=states.booking_state([line.state for line in booking.lines]),
    )  # fmt: skip


@bp.route("/bookings/<reference>/lines/<int:line_id>/decide", methods=["GET", "POST"])
@signed_in
def decide_line(reference: str, line_id: int) -> ResponseReturnValue:
    """The owner's answer."""
    booking = _readable(reference)
    line = queries.get_line(booking, line_id)
    authorise(policy.manages_line, line)
    form = forms.DecideForm(version=line.version)
    form.to.choices = [
        (LineState.APPROVED.value, _("Approve")), (LineState.CONDITIONAL.value, _("Approve on conditions")),
        (LineState.NEEDS_INFO.value, _("Ask for more")), (LineState.DECLINED.value, _("Decline")),
    ]  # fmt: skip

    def act() -> None:
        approval_service.decide_line(
            line,
            LineState(form.to.data),
            reason=form.reason.data or "",
            by=actor(),
            expected_version=form.expected_version,
        )

    return form_page(form, act, heading=_("Answer: %(name)s", name=line.resource.name_sv), crumbs=crumbs_of(booking),
                     button=_("Answer"), done=_("The answer is sent."))  # fmt: skip


@bp.route("/bookings/<reference>/lines/<int:line_id>/move", methods=["GET", "POST"])
@signed_in
def move_line(reference: str, line_id: int) -> ResponseReturnValue:
    """Postpone to another time in one step."""
    booking = _readable(reference)
    line = queries.get_line(booking, line_id)
    authorise(policy.manages_line, line)
    start, end = line.starts_at.astimezone(clock.zone()), line.ends_at.astimezone(clock.zone())
    reserve = date.fromisoformat(booking.reserve_dates[0]) if booking.reserve_dates else start.date()
    form = forms.MoveForm(
        version=line.version,
        day=reserve,
        last_day=reserve + (end.date() - start.date()),
        starts=start.time(),
        ends=end.time(),
    )
    if form.validate_on_submit():
        use = _interval(form)
        if use is not None:
            try:
                change_service.move_line(
                    line, use, reason=form.reason.data or "", by=actor(), expected_version=form.expected_version
                )
            except Taken as error:
                _say_taken(form, error)
            except DomainError as error:
                show_error(form, error)
            else:
                flash(_("The booking is moved, and those concerned are told."))
                return redirect(url_for("bookings.show_booking", reference=reference), 303)
    return render_template(
        "_form_page.html",
        form=form,
        heading=_("Postpone"),
        crumbs=crumbs_of(booking),
        button=_("Postpone"),
        intro=_(
            "The time before is given back only if the new one can be had. Permits are tried again for the new date."
        ),
        read_first=None,
        has_file=False,
    )


@bp.route("/bookings/<reference>/cancel", methods=["GET", "POST"])
@signed_in
def cancel_booking(reference: str) -> ResponseReturnValue:
    """Give the time back."""
    booking = _readable(reference)
    authorise(policy.can_change, booking)
    form = forms.CancelForm(version=booking.version)

    def act() -> None:
        cancel_service.cancel_booking(
            booking, reason=form.reason.data or "", by=actor(), expected_version=form.expected_version
        )

    return form_page(
        form,
        act,
        heading=_("Cancel the booking"),
        crumbs=crumbs_of(booking),
        button=_("Cancel the booking"),
        done=_("The booking is cancelled and the time is free for others."),
    )


@bp.post("/bookings/<reference>/lines/<int:line_id>/<act>")
@signed_in
def use_line(reference: str, line_id: int, act: str) -> ResponseReturnValue:
    """Check in, check out, close, or note that nobody came."""
    booking = _readable(reference)
    line = queries.get_line(booking, line_id)
    version = request.form.get("version", type=int) or 0
    match act:
        case "check-in":
            day_service.check_in(line, people=booking.people_on_site, by=actor(), expected_version=version)
        case "check-out":
            day_service.check_out(line, by=actor(), expected_version=version)
        case "close":
            day_service.close(line, by=actor(), expected_version=version)
        case "no-show":
            day_service.no_show(line, by=actor(), expected_version=version)
        case _:
            raise NotFound()
    flash(_("Noted."))
    return redirect(url_for("bookings.show_booking", reference=reference), 303)
