"""From the calendar to a time: chosen beside the week, or dragged there, and then asked for or moved."""

from datetime import date, timedelta

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from wtforms import HiddenField, TextAreaField
from wtforms.validators import InputRequired, Length

from missions_app import clock
from missions_app.bookings import change_service, policy, queries
from missions_app.bookings.intervals import Interval
from missions_app.bookings.models import Line
from missions_app.edge.access import actor, authorise, signed_in
from missions_app.errors import InvalidInput, NotFound, Problem
from missions_app.i18n import N_, _, both, lazy
from missions_app.sites import queries as sites
from missions_app.web.bookings.blueprint import bp
from missions_app.web.bookings.bookings import crumbs_of
from missions_app.web.bookings.fee_words import changed_words, changing_words, late_words
from missions_app.web.form_page import form_page
from missions_app.web.forms import EndTimeField, Form, LocalDateField, LocalTimeField, VersionMixin, local_moment

MIDNIGHT = "24:00"


class PlanForm(VersionMixin, Form):
    """Another time for a booking that is moved in the calendar."""

    line = HiddenField()
    day = LocalDateField(lazy("Day"), validators=[InputRequired()])
    starts = LocalTimeField(lazy("From"), validators=[InputRequired()])
    ends = EndTimeField(lazy("Until"), validators=[InputRequired()])
    reason = TextAreaField(
        lazy("Reason"),
        validators=[InputRequired(), Length(max=5000)],
        description=lazy("You move somebody else's booking."),
    )


class ChosenForm(Form):
    """The time that was typed beside the week."""

    day = LocalDateField(lazy("Day"), validators=[InputRequired()])
    starts = LocalTimeField(lazy("From"), validators=[InputRequired()])
    ends = EndTimeField(lazy("Until"), validators=[InputRequired()])

    def is_a_time(self) -> bool:
        """Whether it can be read; else the fields have been told what is wrong. It comes in an address, and nothing is
        done with it but to carry it on, so it has no token."""
        fields = (self.day, self.starts, self.ends)
        if not all([field.validate(self) for field in fields]):
            return False
        if not self.ends.ends_day and self.starts.data >= self.ends.data:
            self.ends.errors = [_("The time must end after it begins.")]
            return False
        return True


@bp.route("/calendar/plan", methods=["GET", "POST"])
@signed_in
def plan_time() -> ResponseReturnValue:
    """A time was chosen in the calendar: on to the request, or to the booking that is to be moved. What cannot be read
    is asked for again here, as it was typed."""
    reference, _slash, line_id = request.args.get("line", "").partition("/")
    slug, _slash, resource = request.args.get("resource", "").partition("/")
    if reference and not line_id.isdecimal():
        raise NotFound()
    intro = ""
    if not reference:
        wanted = sites.get_resource(sites.get_site(slug), resource)
        intro = f"{both(wanted.name_sv, wanted.name_en)}, {both(wanted.site.name_sv, wanted.site.name_en)}"
    form = ChosenForm(request.form if request.method == "POST" else request.args)
    if not form.is_a_time():
        return render_template(
            "_form_page.html", form=form, heading=_("Choose a time"), button=_("Go on with this time"), intro=intro,
            crumbs=[(_("Calendar"), url_for("bookings.show_calendar"))], read_first=None, has_file=False,
        )  # fmt: skip
    day, starts, ends = form.day.data.isoformat(), f"{form.starts.data:%H:%M}", f"{form.ends.data:%H:%M}"
    if reference:
        at = {"day": day, "starts": starts, "ends": MIDNIGHT if form.ends.ends_day else ends}
        return redirect(url_for("bookings.plan_move", reference=reference, line_id=int(line_id), **at), 303)
    start, end = f"{day}T{starts}", f"{_last_day(form)}T{ends}"
    return redirect(url_for("bookings.start_booking", line=f"{slug}/{resource}", start=start, end=end), 303)


def _last_day(form: ChosenForm | PlanForm) -> date:
    """The day on which what was chosen ends: an end at midnight is the beginning of the next."""
    day: date = form.day.data
    return day + timedelta(days=1) if form.ends.ends_day else day


@bp.route("/bookings/<reference>/lines/<int:line_id>/plan", methods=["GET", "POST"])
@signed_in
def plan_move(reference: str, line_id: int) -> ResponseReturnValue:
    """Move a booking to the time that was chosen in the calendar."""
    booking = queries.get_booking(reference)
    if not policy.can_read(actor(), booking):
        raise NotFound()
    line = queries.get_line(booking, line_id)
    authorise(policy.takes_part, line)
    start, end = line.starts_at.astimezone(clock.zone()), line.ends_at.astimezone(clock.zone())
    is_theirs = policy.can_change(actor(), booking)
    if start.date() != (end - timedelta(microseconds=1)).date():
        # One day and two times cannot say it; the page of its own can.
        there = "bookings.change_time" if is_theirs else "bookings.move_line"
        return redirect(url_for(there, reference=reference, line_id=line_id), 303)
    form = PlanForm(version=line.version, day=start.date(), starts=start.time(), ends=end.time())
    if is_theirs:
        del form.reason
    if not form.is_typed:
        _take(form.ends, MIDNIGHT if start.date() != end.date() else "")
        for field in (form.day, form.starts, form.ends):
            _take(field, request.args.get(field.name, ""))
    name = both(line.resource.name_sv, line.resource.name_en)
    was, paid = line.state, line.fee_ore
    intro = changing_words(line) if is_theirs else _("The time before is given back only if the new one can be had.")
    late = late_words([line]) if is_theirs else ""

    def done() -> str:
        if is_theirs:
            return changed_words(line.fee_ore - paid, asks_again=line.state is not was)
        return _("The booking is moved, and those concerned are told.")

    return form_page(
        form, lambda: _move(line, form), heading=_("Move %(name)s", name=name), crumbs=crumbs_of(booking),
        button=_("Move the booking"), done=done, intro="\n\n".join(filter(None, (intro, late))),
    )  # fmt: skip


def _take(field: LocalDateField | LocalTimeField, text: str) -> None:
    """Show what the calendar chose; what cannot be read is left as it was. The end of the day is shown as it is
    written."""
    if not text:
        return
    before, field.raw_data = field.raw_data, [text]
    try:
        field.data = field.read(text)
    except ValueError:
        field.raw_data = before
    else:
        field.raw_data = [text] if isinstance(field, EndTimeField) and field.ends_day else before


def _move(line: Line, form: PlanForm) -> None:
    try:
        start, end = local_moment(form.day.data, form.starts.data), local_moment(_last_day(form), form.ends.data)
    except ValueError as error:
        raise InvalidInput.of([Problem("clocks_change", str(error), "starts")]) from error
    if start >= end:
        raise InvalidInput.of([Problem("period_reversed", N_("The time must end after it begins."), "ends")])
    use = Interval(start, end)
    if policy.can_change(actor(), line.booking):
        change_service.change_time(line, use, by=actor(), expected_version=form.expected_version)
    else:
        change_service.move_line(
            line, use, reason=form.reason.data or "", by=actor(), expected_version=form.expected_version
        )
