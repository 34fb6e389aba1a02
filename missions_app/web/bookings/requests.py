"""Writing a request: begun with one or more lines, saved as it goes, sent as a whole."""

from collections.abc import Sequence
from datetime import datetime, time, timedelta
from typing import Any

from flask import Response, flash, jsonify, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from wtforms.fields.choices import SelectChoice

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
from missions_app.bookings.content import LineWish, Parties
from missions_app.bookings.errors import Taken
from missions_app.bookings.intervals import Interval
from missions_app.bookings.models import Booking, Line
from missions_app.bookings.steps import method_for
from missions_app.edge import once
from missions_app.edge.access import actor, authorise, signed_in
from missions_app.edge.errors import status_of
from missions_app.edge.words import sentence
from missions_app.errors import DomainError, NotFound, StaleVersion
from missions_app.experiments import queries as experiments
from missions_app.i18n import _, both, number
from missions_app.moments import local_time, plain_date
from missions_app.organisations import queries as organisations
from missions_app.sites import queries as sites
from missions_app.sites.models import Resource
from missions_app.sites.weather import LIMITS, strictest
from missions_app.web.bookings import forms
from missions_app.web.bookings.blueprint import bp
from missions_app.web.bookings.bookings import crumbs_of, readable, say_taken
from missions_app.web.bookings.fee_words import cancelling_words
from missions_app.web.filters import short_date
from missions_app.web.forms import choices, choices_from, show_error, show_newest

EDIT = "/bookings/<reference>/edit"
# Buttons at a line that save and go on to its own page.
LEADS_TO = {"time": "bookings.change_time", "repeat": "bookings.book_series"}


@bp.route("/sites/<slug>/resources/<resource>/request", methods=["GET", "POST"])
@signed_in
def request_booking(slug: str, resource: str) -> ResponseReturnValue:
    """Ask for a time: a request that begins with this."""
    found = sites.get_resource(sites.get_site(slug), resource)
    authorise(policy.can_book, found)
    asked = [request.args.get(name, "") for name in ("start", "end", "units")]
    return _start([(f"{slug}/{resource}", *asked)], back=url_for("sites.show_site", slug=slug))


@bp.route("/bookings/new", methods=["GET", "POST"])
@signed_in
def start_booking() -> ResponseReturnValue:
    """Begin a request. `line=site/resource&start=…&end=…&units=…`, repeated, says what it is for, when and how many."""
    return _start(_asked_lines())


def _start(asked: Sequence[tuple[str, ...]], *, back: str = "") -> ResponseReturnValue:
    rows = [_row(number, one) for number, one in enumerate(asked)]
    form = forms.StartForm(organisation=request.args.get("organisation"))
    form.organisation.choices = [(one.slug, one.name) for one in organisations.organisations_of(actor())]
    valid = [row.validate() for row in rows] if form.is_submitted() else []
    if form.validate_on_submit() and all(valid):
        uses = [row.interval() for row in rows]
        if all(uses):
            wishes = [_wish(row, use) for row, use in zip(rows, uses, strict=True) if use is not None]
            try:
                booking = booking_service.draft_booking(
                    lines=wishes, organisation=organisations.get_organisation(form.organisation.data),
                    content=forms.content_asked(request.args.getlist("answers")), by=actor(),
                )  # fmt: skip
            except DomainError as error:
                show_error(form, error)
            else:
                return redirect(url_for("bookings.edit_booking", reference=booking.reference), 303)
    form.tell_of(rows)
    return render_template("bookings/start_booking.html", form=form, rows=rows, back=back)


def _asked_lines() -> list[tuple[str, ...]]:
    given = [request.args.getlist(name) for name in ("line", "start", "end", "units")]
    most = min(max(len(given[0]), 1), booking_service.MOST_LINES)
    return [tuple(_at(texts, number) for texts in given) for number in range(most)]


def _at(texts: Sequence[str], number: int) -> str:
    return texts[number] if number < len(texts) else ""


def _moment(text: str) -> datetime | None:
    """An instant or a local time as local time; None when it is neither."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    return found.astimezone(clock.zone()) if found.tzinfo else found.replace(tzinfo=clock.zone())


def _row(number: int, asked: tuple[str, ...]) -> forms.LineForm:
    key, start, end, units = asked
    first = _moment(start) or datetime.combine(clock.today() + timedelta(days=7), time(8), clock.zone())
    last = _moment(end) or first + timedelta(hours=4)
    form = forms.LineForm(
        prefix=f"line-{number}-", resource=key, **forms.hours_of(first, last),
        units=min(max(int(units), 1), 60) if units.isdecimal() else 1,
    )  # fmt: skip
    form.resource.choices = resource_choices()
    pooled = {f"{one.site.slug}/{one.slug}" for one in queries.resources_to_choose() if one.pool_id is not None}
    form.asks_how_many = form.resource.data in pooled or (form.units.data or 1) > 1
    return form


def resource_choices() -> list[SelectChoice]:
    """Everything that takes bookings; its own name first, which a narrow page still has room for."""
    return choices(
        (
            f"{one.site.slug}/{one.slug}",
            f"{both(one.name_sv, one.name_en)}, {both(one.site.name_sv, one.site.name_en)}",
        )
        for one in queries.resources_to_choose()
    )


def resource_named(key: str) -> Resource:
    """The resource of a choice, or NotFound."""
    slug, _slash, name = key.partition("/")
    return sites.get_resource(sites.get_site(slug), name)


def _wish(form: forms.LineForm, use: Interval) -> LineWish:
    return LineWish(
        resource_named(form.resource.data), use, form.units.data or 1, max(form.extra_setup.data or 0, 0),
        max(form.extra_cleanup.data or 0, 0),
    )  # fmt: skip


def _writable(reference: str) -> Booking:
    booking = readable(reference)
    authorise(policy.can_change, booking)
    return booking


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
    days = sorted({*(day.isoformat() for day in reserve_days.suggested(booking)), *booking.reserve_dates})
    form.reserve_dates.choices = [
        (day, f"{plain_date(datetime.fromisoformat(day).date())}") for day in days
    ]  # fmt: skip
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
    booking, there = _writable(reference), redirect(url_for("bookings.show_booking", reference=reference), 303)
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
    except Taken as error:
        form.form_problems.append(say_taken(error))
        return _page(booking, form, is_taken=True), 409
    except DomainError as error:
        show_error(form, error)
        return _page(booking, form), status_of(error)
    return redirect(url_for("bookings.show_receipt", reference=booking.reference), 303)


def _page(booking: Booking, form: forms.BookingForm, *, unsaved: str = "", is_taken: bool = False) -> str:
    """The request as it is being written. `unsaved`: what the line about saving says when something is not saved."""
    method = method_for(booking)
    held = list(sending.held_by_sites(booking))
    return render_template(
        "bookings/edit_booking.html", booking=booking, form=form, method=method, crumbs=crumbs_of(booking),
        lines=[line for line in booking.lines if line.state not in states.OVER], cancelling_words=cancelling_words,
        earliest=permits.earliest(booking.answers, method, today=clock.today(), held=held), held=held,
        manages=policy.manages_any(actor(), booking), today=clock.today(), details=forms.DETAIL_GROUPS,
        total=sum(line.price_ore for line in booking.lines if line.state not in states.OVER),
        chosen=set(form.answers.data or []), is_first=policy.is_draft(booking), short_date=short_date,
        weather=LIMITS, unsaved=unsaved, is_taken=is_taken, sends=request.form.get("next") == "submit",
        place_limits=_place_limits(booking), quotas=quota_standing.standings_of(booking),
        risks=queries.risks_of(booking),
    )  # fmt: skip


def _place_limits(booking: Booking) -> str:
    """At which weather the places of a booking stop, in words."""
    found = strictest(line.resource.limits for line in booking.lines if line.state not in states.OVER)
    return "; ".join(f"{_(one.label)} {number(found[one.name])} {one.unit}" for one in LIMITS if one.name in found)


@bp.post("/bookings/<reference>/autosave")
@signed_in
def autosave(reference: str) -> ResponseReturnValue:
    """Save what has been typed so far; answers with the new version, or says that somebody else has written. What is
    half typed, such as a date, holds nothing else up: it waits in the page."""
    booking = _writable(reference)
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
    if left_out:
        message = _("Saved %(time)s, except “%(fields)s”. Press Save to see what to correct.", time=now, fields=fields)
        return _json(200, version=booking.version, message=message, left_out=left_out)
    return _json(200, version=booking.version, message=_("Saved %(time)s.", time=now))


def _json(status: int, **body: Any) -> Response:
    return make_response(jsonify(body), status)


@bp.route("/bookings/<reference>/lines/new", methods=["GET", "POST"])
@signed_in
def add_line(reference: str) -> ResponseReturnValue:
    """Something more in the same request, or in place of what was refused."""
    booking = _writable(reference)
    replaced = next((line for line in states.gaps(booking.lines) if line.id == request.args.get("for", type=int)), None)
    like = replaced or booking.lines[0]
    form = _like(like)
    if form.validate_on_submit() and (use := form.interval()) is not None:
        try:
            booking_service.add_line(
                booking, _wish(form, use), by=actor(), expected_version=form.expected_version, replaces=replaced
            )
        except DomainError as error:
            show_error(form, error)
        else:
            return redirect(url_for("bookings.edit_booking", reference=reference, _anchor="lines"), 303)
    form.version.data = form.version.data or str(booking.version)
    heading = (
        _("Choose in place of %(name)s", name=both(like.resource.name_sv, like.resource.name_en))
        if replaced
        else _("Add something to book")
    )
    return _line_page(booking, form, heading, _("Add"))


def _like(line: Line) -> forms.LineForm:
    form = forms.LineForm(
        **forms.hours_of(line.starts_at, line.ends_at), units=line.units_wanted,
        resource=f"{line.resource.site.slug}/{line.resource.slug}", extra_setup=line.extra_setup_minutes or None,
        extra_cleanup=line.extra_cleanup_minutes or None, version=line.booking.version,
    )  # fmt: skip
    form.resource.choices = resource_choices()
    return form


def _line_page(booking: Booking, form: forms.LineForm, heading: str, button: str, intro: str = "") -> str:
    return render_template(
        "bookings/edit_line.html", booking=booking, form=form, heading=heading, button=button, intro=intro,
        crumbs=crumbs_of(booking),
    )  # fmt: skip


@bp.route("/bookings/<reference>/copy", methods=["GET", "POST"])
@signed_in
def copy_booking(reference: str) -> ResponseReturnValue:
    """A new draft like this one, on another day."""
    booking = readable(reference)
    if not policy.can_read_whole(actor(), booking):
        raise NotFound()
    first = clock.day_of(min(line.starts_at for line in booking.lines))
    form = forms.CopyForm(day=max(first + timedelta(days=7), clock.today() + timedelta(days=7)))
    if form.validate_on_submit():
        try:
            copy = booking_service.copy_booking(booking, first_start_day_shift=(form.day.data - first).days, by=actor())
        except DomainError as error:
            show_error(form, error)
        else:
            return redirect(url_for("bookings.edit_booking", reference=copy.reference), 303)
    intro = _("A new draft with the same lines and answers. The weather decision and reserve dates are filled in anew.")
    return render_template(
        "_form_page.html", form=form, heading=_("Copy the booking"), crumbs=crumbs_of(booking), button=_("Make a copy"),
        intro=intro, read_first=None, has_file=False,
    )  # fmt: skip
