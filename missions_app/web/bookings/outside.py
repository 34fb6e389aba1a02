"""Outside calendars of a resource, and what to do where they collide with a booking."""

from datetime import timedelta

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from wtforms import RadioField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional

from missions_app import clock
from missions_app.bookings import collision_service, outside_service, policy, sending
from missions_app.bookings.intervals import Interval
from missions_app.bookings.models import Line
from missions_app.bookings.outside_models import ConflictState, OutsideConflict
from missions_app.edge import once
from missions_app.edge.access import actor, authorise, signed_in
from missions_app.errors import DomainError, InvalidInput, NotFound, Problem
from missions_app.i18n import N_, _, both, lazy, ngettext
from missions_app.moments import span
from missions_app.sites import policy as site_policy
from missions_app.sites import queries as sites
from missions_app.sites.models import Resource
from missions_app.web.bookings.blueprint import bp
from missions_app.web.form_page import form_page
from missions_app.web.forms import (
    Form,
    LocalDateField,
    LocalTimeField,
    VersionMixin,
    local_moment,
    show_error,
)
from missions_app.web.sites.resources import crumbs_to

RESOURCE = "/sites/<slug>/resources/<resource>/outside"


class FollowForm(Form):
    """A calendar to follow."""

    name = StringField(lazy("What you call it"), validators=[InputRequired(), Length(max=200)])
    url = StringField(
        lazy("Its address"),
        validators=[InputRequired(), Length(max=1000)],
        description=lazy("The address of a file that often ends with .ics. It has to be on the public internet."),
    )


class SettleForm(VersionMixin, Form):
    """What is to become of the booking."""

    to = RadioField(lazy("What to do"), validators=[InputRequired()])
    reason = TextAreaField(lazy("Reason"), validators=[InputRequired(), Length(max=5000)])
    day = LocalDateField(lazy("Move to, day"), validators=[Optional()])
    starts = LocalTimeField(lazy("From"), validators=[Optional()])
    ends = LocalTimeField(lazy("Until"), validators=[Optional()])

    def use(self, nights: int) -> Interval:
        """The new time, which ends as many days after it begins as the booking does now.

        Raises:
            InvalidInput.
        """
        if self.day.data is None or self.starts.data is None or self.ends.data is None:
            raise InvalidInput.of([Problem("missing", N_("Fill in the new time."), "day")])
        try:
            start = local_moment(self.day.data, self.starts.data)
            end = local_moment(self.day.data + timedelta(days=nights), self.ends.data)
        except ValueError as error:
            raise InvalidInput.of([Problem("clocks_change", str(error), "starts")]) from error
        if start >= end:
            raise InvalidInput.of([Problem("period_reversed", N_("The time must end after it begins."), "ends")])
        return Interval(start, end)


def failure_words(code: str) -> str:
    """Why a calendar could not be fetched."""
    return {
        "bad_address": _("the address cannot be used"), "not_public": _("the address is not on the public internet"),
        "unreachable": _("nothing answers there"), "too_slow": _("it answers too slowly"),
        "too_large": _("the file is too large"), "refused": _("it refuses to answer"),
        "nothing_there": _("there is nothing at the address"),
        "not_a_calendar": _("what is there is no calendar"), "too_many": _("it holds too many dates"),
    }.get(code, code)  # fmt: skip


def unread_words(code: str) -> str:
    """Why an event of a calendar could not be read."""
    return {
        "no_start": _("it does not say when it begins"), "bad_time": _("it has a time that does not exist"),
        "bad_repetition": _("how it repeats cannot be understood"),
    }.get(code, _("its times cannot be understood"))  # fmt: skip


def _resource(slug: str, resource: str) -> Resource:
    found = sites.get_resource(sites.get_site(slug), resource)
    authorise(site_policy.can_edit_site, found.site)
    return found


@bp.route(RESOURCE, methods=["GET", "POST"])
@signed_in
def follow_calendar(slug: str, resource: str) -> ResponseReturnValue:
    """Which calendars kept elsewhere occupy this, and how old is what they say?"""
    found, form = _resource(slug, resource), FollowForm()
    if form.validate_on_submit():
        here = url_for("bookings.follow_calendar", slug=slug, resource=resource)
        try:
            once.send(
                lambda: outside_service.follow(found, name=form.name.data or "", url=form.url.data or "", by=actor()),
                lambda _made: here,
            )
        except DomainError as error:
            show_error(form, error)
        else:
            flash(_("The calendar is followed. It is fetched within a minute."))
            return redirect(here, 303)
    return render_template(
        "bookings/follow_calendar.html", form=form, resource=found, calendars=outside_service.calendars_of(found),
        until=clock.today() + outside_service.ahead_of(found), crumbs=crumbs_to(found),
        words=failure_words, unread_words=unread_words,
    )  # fmt: skip


@bp.post(f"{RESOURCE}/<int:calendar_id>/stop")
@signed_in
def stop_calendar(slug: str, resource: str, calendar_id: int) -> ResponseReturnValue:
    """What it has taken is free again."""
    found = _resource(slug, resource)
    outside_service.stop(
        outside_service.get_calendar(found, calendar_id), by=actor(),
        expected_version=request.form.get("version", type=int) or 0,
    )  # fmt: skip
    flash(_("The calendar is no longer followed. What it had taken is free."))
    return redirect(url_for("bookings.follow_calendar", slug=slug, resource=resource), 303)


@bp.route("/calendar/collisions/<int:case_id>", methods=["GET", "POST"])
@signed_in
def settle_case(case_id: int) -> ResponseReturnValue:
    """Keep the booking, move it or cancel it?"""
    case = collision_service.get_case(case_id)
    if not policy.manages_line(actor(), case.line):
        raise NotFound()
    line, reserve = case.line, collision_service.reserve_day_of(case)
    if request.method == "GET" and case.state is not ConflictState.OPEN:
        flash(_("Nothing is left to decide about this."))
        return redirect(url_for("bookings.show_booking", reference=line.booking.reference), 303)
    form = _settle_form(case, reserve)

    def act() -> None:
        _settle(case, form)

    name = both(line.resource.name_sv, line.resource.name_en)
    return form_page(
        form, act, heading=_("%(name)s: two want the same time", name=name),
        crumbs=[(_("Calendar"), url_for("bookings.show_calendar")),
                (line.booking.reference, url_for("bookings.show_booking", reference=line.booking.reference))],
        button=_("Decide"), done=lambda: _settled_words(case),
        read_first=_both_sides(case, reserve),
    )  # fmt: skip


def _settle_form(case: OutsideConflict, reserve: str | None) -> SettleForm:
    """The form with the ways out that there are."""
    line, ways = case.line, collision_service.ways_out(case)
    start, end = line.starts_at.astimezone(clock.zone()), line.ends_at.astimezone(clock.zone())
    form = SettleForm(version=case.version, day=start.date(), starts=start.time(), ends=end.time())
    if nights := _nights(line):
        form.ends.description = ngettext("It ends the day after.", "It ends %(num)d days after.", nights)
    words = {
        ConflictState.KEPT: _("Keep the booking; change the outside calendar yourself"),
        ConflictState.MOVED: _("Move the booking to the time below"),
        ConflictState.CANCELLED: _("Cancel the booking"),
    }
    if reserve:
        words[ConflictState.KEPT] = _("Keep the reserve date; change the outside calendar yourself")
        words[ConflictState.MOVED] = _("Let the reserve date go; the booking keeps its own time")
    if collision_service.is_request(line):
        words[ConflictState.KEPT] = _("Keep the request; change the outside calendar yourself, and answer it as usual")
        words[ConflictState.CANCELLED] = _("Decline the request")
    form.to.choices = [(way.value, words[way]) for way in ways]
    if reserve or ConflictState.MOVED not in ways:
        for name in ("day", "starts", "ends"):
            del form[name]
    return form


def _nights(line: Line) -> int:
    return (clock.day_of(line.ends_at) - clock.day_of(line.starts_at)).days


def _settled_words(case: OutsideConflict) -> str:
    if case.state is ConflictState.KEPT:
        name = case.event.calendar.name
        return _("It is decided: the time stays as it is. Now change the calendar %(name)s.", name=name)
    return _("It is decided, and those concerned are told.")


def _settle(conflict: OutsideConflict, form: SettleForm) -> None:
    by, version, reason = actor(), form.expected_version, form.reason.data or ""
    if form.to.data == ConflictState.KEPT.value:
        collision_service.keep_booking(conflict, reason=reason, by=by, expected_version=version)
    elif form.to.data == ConflictState.MOVED.value and collision_service.reserve_day_of(conflict):
        collision_service.give_up_reserve_date(conflict, reason=reason, by=by, expected_version=version)
    elif form.to.data == ConflictState.MOVED.value:
        collision_service.move_booking(
            conflict, form.use(_nights(conflict.line)), reason=reason, by=by, expected_version=version
        )
    else:
        collision_service.cancel_booking(conflict, reason=reason, by=by, expected_version=version)


def _both_sides(case: OutsideConflict, reserve: str | None) -> tuple[str, str]:
    line, event = case.line, case.event
    use = sending.reserve_use(line, reserve) if reserve else sending.use_of(line)
    values = {
        "organisation": line.booking.organisation.name, "reference": line.booking.reference,
        "time": span(use.start, use.end), "name": event.calendar.name, "other": span(event.starts_at, event.ends_at),
    }  # fmt: skip
    if reserve:
        text = _("%(organisation)s holds %(time)s as a reserve date (%(reference)s).", **values)
    else:
        text = _("%(organisation)s has %(time)s (%(reference)s).", **values)
    other = _("The calendar %(name)s says %(other)s. The booking stays until you decide.", **values)
    return _("Who wants it"), f"{text}\n\n{other}"
