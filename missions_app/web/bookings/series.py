"""Series: a draft's line comes back. Every date is shown with its conflicts before anything is sent."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from missions_app import clock
from missions_app.bookings import policy, queries, series_queries, series_service
from missions_app.bookings.errors import Incomplete, Taken
from missions_app.bookings.intervals import Interval
from missions_app.bookings.models import Booking, Line, LineState, Series
from missions_app.bookings.recurrence import Answer, pattern_problems
from missions_app.bookings.series_check import Choice, DateCheck, OnConflict
from missions_app.bookings.series_errors import SeriesRefused
from missions_app.bookings.series_service import Scope
from missions_app.edge.access import actor, authorise, signed_in
from missions_app.edge.words import sentence
from missions_app.errors import DomainError, InvalidInput, NotFound
from missions_app.i18n import _, both, current_locale, lazy, ngettext
from missions_app.moments import local_date, local_datetime, local_time
from missions_app.web.bookings.blueprint import bp
from missions_app.web.bookings.bookings import crumbs_of
from missions_app.web.bookings.fee_words import changed_words, given_back_words, late_words
from missions_app.web.bookings.not_open import is_posted, not_open
from missions_app.web.bookings.series_forms import AnswerForm, GiveBackForm, HoursForm, OwnersGiveBackForm, PatternForm
from missions_app.web.bookings.series_words import offers, refused_words, rule_words
from missions_app.web.bookings.unfinished import still_to_say
from missions_app.web.form_page import form_page
from missions_app.web.forms import (
    show_error,
)
from missions_app.workflow.method_service import method_in_force

SERIES = "/bookings/<reference>/series/<int:series_id>"
CHOICE = "choice-"
DATES_TOLD = 12
ANSWERS = {
    LineState.APPROVED: lazy("Approve"), LineState.NEEDS_INFO: lazy("Ask for more"),
    LineState.DECLINED: lazy("Decline"),
}  # fmt: skip


def _readable(reference: str) -> Booking:
    booking = queries.get_booking(reference)
    if not policy.can_read(actor(), booking):
        raise NotFound()
    return booking


def _series(reference: str, series_id: int) -> Series:
    return series_queries.get_series(_readable(reference), series_id)


def _choices() -> dict[str, Choice]:
    """What was chosen for some dates; what cannot be read is not chosen."""
    found = {}
    for name, value in request.form.items():
        if name.startswith(CHOICE) and value:
            choice = _choice(value)
            if choice is not None:
                found[name.removeprefix(CHOICE)] = choice
    return found


def _choice(value: str) -> Choice | None:
    if value in {one.value for one in Answer}:
        return Choice(Answer(value))
    start, _slash, end = value.partition("/")
    try:
        use = Interval(datetime.fromisoformat(start), datetime.fromisoformat(end))
    except (ValueError, TypeError):
        return None
    return Choice(use=use) if use.start.tzinfo else None


def _shown(checks: Sequence[DateCheck], on_conflict: str, leave_out: str) -> list[dict[str, Any]]:
    """Each date as a row of the preview."""
    return [
        {
            "check": one, "name": f"{CHOICE}{one.key}", "chosen": _chosen_for(one),
            "offers": offers(one, on_conflict, leave_out) if one.is_blocked or _chosen_for(one) else [],
            "why": [sentence(problem) for problem in one.problems],
        }
        for one in checks
    ]  # fmt: skip


def _chosen_for(check: DateCheck) -> str:
    """What was chosen for a date, as the form says it."""
    return request.form.get(f"{CHOICE}{check.key}", "")


@bp.route("/bookings/<reference>/lines/<int:line_id>/series", methods=["GET", "POST"])
@signed_in
def book_series(reference: str, line_id: int) -> ResponseReturnValue:
    """Let it come back: which dates will it be, and which of them are taken?"""
    booking = _readable(reference)
    authorise(policy.can_change, booking)
    line = queries.get_line(booking, line_id)
    if line.state is not LineState.DRAFT or line.series_id is not None:
        raise NotFound()
    start, end = line.starts_at.astimezone(clock.zone()), line.ends_at.astimezone(clock.zone())
    form = PatternForm(
        version=booking.version, first_day=start.date(), starts=start.time(), ends=end.time(), every="WEEKLY",
        interval=1, weekdays=[str(start.weekday())],
    )  # fmt: skip
    checks: Sequence[DateCheck] = ()
    if form.validate_on_submit():
        try:
            checks = _preview(line, form)
            if request.form.get("step") == "book" and checks:
                series = series_service.book_series(
                    line, form.pattern(), by=actor(), expected_version=form.expected_version, choices=_choices(),
                    on_conflict=OnConflict(form.on_conflict.data),
                )  # fmt: skip
                flash(_("The request is sent. Every date is held while the owner answers."))
                return redirect(url_for("bookings.show_series", reference=reference, series_id=series.id), 303)
        except SeriesRefused as error:
            checks = error.checks
            form.form_problems.append(refused_words(checks, form.on_conflict.data))
        except Taken:
            form.form_problems.append(_("Somebody took one of the times just now. Look at the dates again."))
        except Incomplete as error:
            rest = [sentence(one) for one in error.problems if one.code != "missing"]
            if len(rest) < len(error.problems):
                form.form_problems.append(_("Fill in the request first; then send the dates from here."))
            form.form_problems += rest
        except DomainError as error:
            show_error(form, error)
    return render_template(
        "bookings/book_series.html", form=form, line=line, booking=booking, crumbs=crumbs_of(booking),
        rows=_shown(checks, form.on_conflict.data, _("Leave it out")), blocked=sum(one.is_blocked for one in checks),
        unfinished=still_to_say(booking, _whole(checks)),
    )  # fmt: skip


def _whole(checks: Sequence[DateCheck]) -> Interval | None:
    """From the first use to the last of the dates that are shown; None when none are."""
    uses = [one.use for one in checks if one.use is not None]
    return Interval(min(one.start for one in uses), max(one.end for one in uses)) if uses else None


def _preview(line: Line, form: PatternForm) -> Sequence[DateCheck]:
    problems = pattern_problems(form.pattern())
    if problems:
        raise InvalidInput.of(problems)
    return series_service.preview(
        line, form.pattern(), choices=_choices(), on_conflict=OnConflict(form.on_conflict.data)
    )


@bp.get("/calendar/series")
@signed_in
def list_series() -> ResponseReturnValue:
    """What comes back, mine and at my sites, and which of my drafts can be repeated?"""
    return render_template(
        "bookings/list_series.html", series=series_queries.series_for(actor()), rule_words=rule_words,
        drafts=series_queries.repeatable_lines(actor().user_id or 0),
    )  # fmt: skip


@bp.get(SERIES)
@signed_in
def show_series(reference: str, series_id: int) -> ResponseReturnValue:
    """Which dates are there, where does each stand, and what can I change?"""
    series = _series(reference, series_id)
    lines = series_queries.lines_of(series)
    return render_template(
        "bookings/show_series.html", series=series, lines=lines, booking=series.booking, method=method_in_force(),
        crumbs=crumbs_of(series.booking), can_change=policy.can_change(actor(), series.booking),
        manages=bool(lines) and policy.manages_line(actor(), lines[0]), now=clock.now(),
        rule=rule_words(series.pattern),
        waiting=len(series_service.answered_by(lines, LineState.APPROVED)),
        others=[one for one in series_queries.series_of(series.booking) if one.id != series.id],
    )  # fmt: skip


@bp.route(f"{SERIES}/dates/<date>/change", methods=["GET", "POST"])
@signed_in
def change_series(reference: str, series_id: int, date: str) -> ResponseReturnValue:
    """Other hours: for this date, the following too, or all."""
    series = _series(reference, series_id)
    authorise(policy.can_change, series.booking)
    line, before = _dated(series, date), _standing(series)
    form = HoursForm(
        version=series.version, starts=line.starts_at.astimezone(clock.zone()).time(),
        ends=line.ends_at.astimezone(clock.zone()).time(),
    )  # fmt: skip
    checks: Sequence[DateCheck] = ()
    if form.validate_on_submit():
        try:
            changed = series_service.change_series(
                series, date, Scope(form.scope.data), starts=form.starts.data, ends=form.ends.data, by=actor(),
                expected_version=form.expected_version, choices=_choices(),
                on_conflict=OnConflict(form.on_conflict.data),
            )  # fmt: skip
        except SeriesRefused as error:
            checks = [one for one in error.checks if one.is_blocked or one.is_left_out or _chosen_for(one)]
            form.form_problems.append(refused_words(checks, form.on_conflict.data))
        except Taken:
            form.form_problems.append(_("Somebody took one of the times just now. Look at the dates again."))
        except DomainError as error:
            show_error(form, error)
        else:
            flash(_changed(series, before))
            return redirect(url_for("bookings.show_series", reference=reference, series_id=changed.id), 303)
    return render_template(
        "bookings/change_series.html", form=form, line=line, crumbs=_crumbs(series),
        rows=_shown(checks, form.on_conflict.data, _("Cancel the date")),
        late=late_words(_to_come(series)),
    )  # fmt: skip


def _standing(series: Series) -> dict[int, tuple[LineState, int]]:
    """What each date is at, and what was given back of it late has cost (öre), by the line's id."""
    return {one.id: (one.state, one.fee_ore) for one in series.booking.lines}


def _changed(series: Series, before: dict[int, tuple[LineState, int]]) -> str:
    """What becomes of dates that have other hours, in words."""
    now = _standing(series)
    asked = [key for key, (state, _fee) in now.items() if state is LineState.SUBMITTED and before[key][0] is not state]
    return changed_words(_paid(now) - _paid(before), asks_again=bool(asked))


def _paid(standing: dict[int, tuple[LineState, int]]) -> int:
    return sum(fee for _state, fee in standing.values())


def _to_come(series: Series) -> list[Line]:
    return [one for one in series_queries.lines_of(series) if one.starts_at > clock.now()]


def _dated(series: Series, date: str) -> Line:
    found = next((one for one in series_queries.lines_of(series) if one.occurs_on == date), None)
    if found is None:
        raise NotFound()
    return found


def _crumbs(series: Series) -> list[tuple[str, str]]:
    page = url_for("bookings.show_series", reference=series.booking.reference, series_id=series.id)
    return [*crumbs_of(series.booking), (_("Series"), page)]


@bp.route(f"{SERIES}/dates/<date>/cancel", methods=["GET", "POST"])
@signed_in
def cancel_dates(reference: str, series_id: int, date: str) -> ResponseReturnValue:
    """Give dates back: this one, the following too, or all."""
    series = _series(reference, series_id)
    line = _dated(series, date)
    authorise(policy.takes_part, line)
    books, before = policy.can_change(actor(), series.booking), _standing(series)
    form = (GiveBackForm if books else OwnersGiveBackForm)(version=series.version)

    def act() -> None:
        series_service.cancel_dates(
            series, date, Scope(form.scope.data), reason=form.reason.data or "", by=actor(),
            expected_version=form.expected_version,
        )  # fmt: skip

    about = _("It is about %(day)s.", day=local_date(line.starts_at))
    late = late_words(_to_come(series)) if books else ""
    return form_page(form, act, heading=_("Cancel dates"), crumbs=_crumbs(series), button=_("Cancel the dates"),
                     done=lambda: given_back_words(_paid(_standing(series)) - _paid(before)),
                     intro=f"{about} {late}", leave=_("Keep the dates"))  # fmt: skip


@bp.route(f"{SERIES}/decide", methods=["GET", "POST"])
@signed_in
def decide_series(reference: str, series_id: int) -> ResponseReturnValue:
    """The owner's answer to every date that it may be given to."""
    series = _series(reference, series_id)
    lines = series_queries.lines_of(series)
    if not lines:
        raise NotFound()
    authorise(policy.manages_line, lines[0])
    about = {to: series_service.answered_by(lines, to) for to in ANSWERS}
    if not any(about.values()) and not is_posted():
        why = series_service.nothing_to_answer(lines, LineState.APPROVED)
        return not_open(lines[0], _("Answer to every date"), why)
    form = AnswerForm(version=series.version)
    # What is sent may have been answered meanwhile: the service says so.
    form.to.choices = [
        (to.value, ngettext("%(answer)s, %(num)d date", "%(answer)s, %(num)d dates", len(dates), answer=ANSWERS[to]))
        for to, dates in about.items()
        if dates or is_posted()
    ]

    def act() -> None:
        series_service.decide_series(
            series, LineState(form.to.data), reason=form.reason.data or "", by=actor(),
            expected_version=form.expected_version,
        )  # fmt: skip

    answered = {one.id for dates in about.values() for one in dates}
    return form_page(form, act, heading=_("Answer to every date"), crumbs=_crumbs(series), button=_("Answer"),
                     done=_("The answer is sent."),
                     read_first=_asked_for(series, [one for one in lines if one.id in answered]))  # fmt: skip


def _asked_for(series: Series, dates: Sequence[Line]) -> tuple[str, str]:
    """What an answer is about: who, what for, how many, and each date, with its state where it is not new."""
    booking = series.booking
    told = [f"{local_datetime(one.starts_at)}–{local_time(one.ends_at)}{_at_of(one)}" for one in dates[:DATES_TOLD]]
    told += ["…"] if len(dates) > DATES_TOLD else []
    said = [
        f"{booking.organisation.name}: {booking.purpose}",
        ngettext("%(num)d person.", "%(num)d people.", booking.people_on_site) if booking.people_on_site else "",
        "\n".join([ngettext("%(num)d date:", "%(num)d dates:", len(dates)), *told]),
    ]
    name = both(series.resource.name_sv, series.resource.name_en)
    return name, "\n\n".join(filter(None, said))


def _at_of(line: Line) -> str:
    if line.state is LineState.SUBMITTED:
        return ""
    return f" ({method_in_force().term('booking_state', line.state.value).label.in_(current_locale())})"
