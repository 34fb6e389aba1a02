"""The day of use: who comes, may they begin, checking in and out; and the week on paper."""

import re
from collections.abc import Sequence
from datetime import date, datetime, timedelta

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from wtforms.validators import InputRequired, Optional

from missions_app import clock, db
from missions_app.bookings import change_service, coverage, day_queries, day_service, policy, queries
from missions_app.bookings.as_one import as_one
from missions_app.bookings.local_days import local_days
from missions_app.bookings.models import ConditionDue, Line, LineState
from missions_app.edge.access import actor, authorise, signed_in
from missions_app.edge.errors import status_of
from missions_app.edge.words import sentence
from missions_app.errors import Conflict, DomainError, InvalidInput, NotFound, Problem
from missions_app.i18n import N_, _, both, current_locale, lazy
from missions_app.sites import policy as site_policy
from missions_app.sites import queries as sites
from missions_app.sites import weather
from missions_app.sites.models import Site
from missions_app.sites.weather import LIMITS
from missions_app.web.bookings.blueprint import bp
from missions_app.web.bookings.bookings import booking_page, crumbs_of, readable
from missions_app.web.bookings.not_open import is_posted, not_open
from missions_app.web.bookings.refusals import Refused, refusal_of
from missions_app.web.form_page import form_page
from missions_app.web.forms import Form, LocalDateField, LocalTimeField, VersionMixin, WholeNumberField, local_moment
from missions_app.web.sites.sites import crumbs_of as site_crumbs
from missions_app.workflow.method_service import method_in_force

# Before they have come, a permit that is missing still keeps them from beginning.
TO_BEGIN = (LineState.SUBMITTED, LineState.CONDITIONAL, LineState.APPROVED)
TELEPHONE = re.compile(r"\+?\d[\d \-]{5,}\d")


@bp.get("/sites/<slug>/today")
@signed_in
def show_today(slug: str) -> ResponseReturnValue:
    """Who comes today, and may they begin? For the quay, on a phone."""
    site = sites.get_site(slug)
    authorise(site_policy.manages, site)
    return _today_page(site)


def _today_page(site: Site, refused: Refused | None = None) -> str:
    lines = queries.lines_at(site.id, local_days(clock.today(), clock.today()))
    shown = [line for line in lines if line.state in day_service.ON_THE_DAY]
    grace, lacking = day_service.grace_of(site), coverage.unqualified({line.booking for line in lines})
    return render_template(
        "bookings/show_today.html", site=site, today=clock.today(), method=method_in_force(), crumbs=site_crumbs(site),
        rows=[_row(line, grace, lacking.get(line.booking_id, [])) for line in shown],
        refused=refused, is_refused_below=refused is not None and refused.line in shown,
        path=url_for("bookings.show_today", slug=site.slug),  # switching the language comes back to it
        conditions=queries.conditions_of_lines([line.id for line in lines]),
        on_site=ConditionDue.ON_SITE, limits=LIMITS, permit_words=_permit_words,
        waiting=as_one(queries.lines_waiting([site.id])),
        is_busy=any(line.state is LineState.ONGOING for line in lines),
        units=day_queries.units_told(lines),
        people=sum(line.people_present or 0 for line in lines if line.state is LineState.ONGOING),
    )  # fmt: skip


def refused_here(line: Line, error: DomainError) -> ResponseReturnValue:
    """The page that an act came from, with its refusal at the line it is about: nothing is done, and what was typed
    stands."""
    db.session.rollback()
    is_at_booking = not comes_from_today(line)
    refused = refusal_of(line, error, is_at_booking=is_at_booking)
    page = booking_page(line.booking, refused) if is_at_booking else _today_page(line.resource.site, refused)
    return page, status_of(error)


def comes_from_today(line: Line) -> bool:
    """Whether an act was sent from today's page of the line's site."""
    return request.form.get("from") == "site" and policy.manages_line(actor(), line)


def _permit_words(keys: list[str]) -> str:
    method = method_in_force()
    return ", ".join(method.term("permit", key).label.in_(current_locale()) for key in keys)


def _row(line: Line, grace: timedelta, lacking: Sequence[tuple[Line, Problem]]) -> dict[str, object]:
    booking = line.booking
    found, opens_at = TELEPHONE.search(booking.on_site_responsible), line.starts_at - day_service.EARLY
    return {
        "line": line, "lacks": coverage.uncovered_permits(booking), "insured": coverage.is_insured(booking),
        "holds": _holds(line),
        "unqualified": [sentence(problem) for one, problem in lacking if one is line],
        "telephone": re.sub(r"[ \-]", "", found[0]) if found else "",
        "opens_at": opens_at if clock.now() < opens_at else None,
        "postpone_to": next(iter(change_service.days_left(booking)), None),
        "may_be_absent": clock.now() >= line.starts_at + grace, "has_begun": clock.now() >= line.starts_at,
        "is_over": clock.now() >= line.ends_at,
    }  # fmt: skip


@bp.get("/sites/<slug>/week/paper")
@signed_in
def show_paper_week(slug: str) -> ResponseReturnValue:
    """The coming seven days on paper, with room to write: for when there is no coverage."""
    site = sites.get_site(slug)
    authorise(site_policy.manages, site)
    first = clock.today()
    days = [first + timedelta(days=number) for number in range(7)]
    lines = [
        line
        for line in queries.lines_at(site.id, local_days(days[0], days[-1]))
        if line.state in day_service.ON_THE_DAY
    ]
    by_day = [(day, [line for line in lines if _covers(line, day)]) for day in days]
    return render_template(
        "bookings/show_paper_week.html", site=site, days=by_day, crumbs=site_crumbs(site), now=clock.now(),
        conditions=queries.conditions_of_lines([line.id for line in lines]), limits=LIMITS,
        holds={line.id: _holds(line) for line in lines}, permit_words=_permit_words,
        lacks={line.id: coverage.uncovered_permits(line.booking) for line in lines if line.state in TO_BEGIN},
    )  # fmt: skip


def _holds(line: Line) -> dict[str, float]:
    """The weather limits that hold for a line: the booking's and the place's, the strictest of each."""
    return weather.strictest([line.booking.limits, line.resource.limits])


def _covers(line: Line, day: date) -> bool:
    zone = clock.zone()
    return (
        line.starts_at.astimezone(zone).date() <= day <= (line.ends_at - timedelta(seconds=1)).astimezone(zone).date()
    )


class PaperForm(VersionMixin, Form):
    """What was written on paper when there was no coverage."""

    came_day = LocalDateField(lazy("Day they came"), validators=[InputRequired()])
    came = LocalTimeField(lazy("They came"), validators=[InputRequired()])
    left_day = LocalDateField(lazy("Day they left"), validators=[InputRequired()])
    left = LocalTimeField(lazy("They left"), validators=[InputRequired()])
    people = WholeNumberField(lazy("How many came"), validators=[Optional()])


@bp.route("/bookings/<reference>/lines/<int:line_id>/afterwards", methods=["GET", "POST"])
@signed_in
def enter_afterwards(reference: str, line_id: int) -> ResponseReturnValue:
    """When they came and left, entered when it is over."""
    booking = readable(reference)
    line = queries.get_line(booking, line_id)
    authorise(policy.takes_part, line)
    name = both(line.resource.name_sv, line.resource.name_en)
    if not (day_service.can_enter_afterwards(line) or is_posted()):
        return not_open(line, _("When they came and left: %(name)s", name=name))
    start, end = line.starts_at.astimezone(clock.zone()), line.ends_at.astimezone(clock.zone())
    form = PaperForm(
        version=line.version, came_day=start.date(), came=start.time(), left_day=end.date(), left=end.time(),
        people=booking.people_on_site,
    )  # fmt: skip
    if line.state is LineState.ONGOING:  # when they came is known
        del form.came_day, form.came, form.people
    return form_page(
        form, lambda: _enter(line, form), heading=_("When they came and left: %(name)s", name=name),
        crumbs=crumbs_of(booking), button=_("Save"), done=_("Noted."),
        intro=_("What was used counts in the statistics. If nobody came, the owner notes that on the booking's page."),
    )  # fmt: skip


def _enter(line: Line, form: PaperForm) -> None:
    is_new = form.came is not None
    day_service.enter_afterwards(
        line, came=_read(form.came_day, form.came) if is_new else None, left=_read(form.left_day, form.left),
        people=form.people.data if is_new else None, by=actor(), expected_version=form.expected_version,
    )  # fmt: skip


def _read(day: LocalDateField, at: LocalTimeField) -> datetime:
    try:
        return local_moment(day.data, at.data)
    except ValueError as error:
        raise InvalidInput.of([Problem("clocks_change", str(error), at.name)]) from error


def _people() -> int | None:
    """How many came, as it was typed; None leaves it to the booking."""
    text = request.form.get("people", "").strip()
    if text and not (text.isdecimal() and len(text) < 6):
        raise InvalidInput.of(
            [Problem("not_a_number", N_("Write how many came as a whole number, such as 4."), "people")]
        )
    return int(text) if text else None


@bp.post("/bookings/<reference>/lines/<int:line_id>/<act>")
@signed_in
def use_line(reference: str, line_id: int, act: str) -> ResponseReturnValue:
    """Check in, check out, close, or note that nobody came."""
    booking = readable(reference)
    line = queries.get_line(booking, line_id)
    try:
        text = _use(line, act)
    except (Conflict, InvalidInput) as error:
        return refused_here(line, error)
    flash(text)
    if comes_from_today(line):
        return redirect(url_for("bookings.show_today", slug=line.resource.site.slug), 303)
    return redirect(url_for("bookings.show_booking", reference=reference), 303)


def _use(line: Line, act: str) -> str:
    """Do it, and say that it is done."""
    version = request.form.get("version", type=int) or 0
    match act:
        case "check-in":
            day_service.check_in(line, people=_people(), by=actor(), expected_version=version)
            return _("Checked in.")
        case "check-out":
            day_service.check_out(line, by=actor(), expected_version=version)
            return _("Checked out. What was left of the time is free for others.")
        case "close":
            day_service.close(line, by=actor(), expected_version=version)
            return _("Closed.")
        case "no-show":
            day_service.no_show(line, by=actor(), expected_version=version)
            return _("Noted. The time is free for others.")
        case _:
            raise NotFound()
