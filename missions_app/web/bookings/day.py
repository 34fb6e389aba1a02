"""The day of use: who comes, may they begin, checking in and out; and the week on paper."""

import re
from collections.abc import Sequence
from datetime import date, timedelta

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from missions_app import clock
from missions_app.bookings import coverage, day_service, policy, queries, sending
from missions_app.bookings.models import ConditionDue, Line, LineState
from missions_app.edge.access import actor, authorise, signed_in
from missions_app.edge.words import sentence
from missions_app.errors import NotFound, Problem
from missions_app.i18n import _, current_locale
from missions_app.sites import policy as site_policy
from missions_app.sites import queries as sites
from missions_app.sites import weather
from missions_app.sites.weather import LIMITS
from missions_app.web.bookings.blueprint import bp
from missions_app.web.bookings.bookings import readable
from missions_app.web.bookings.statements import local_days
from missions_app.web.sites.sites import crumbs_of as site_crumbs
from missions_app.workflow.method_service import method_in_force

TELEPHONE = re.compile(r"\+?\d[\d \-]{5,}\d")


@bp.get("/sites/<slug>/today")
@signed_in
def show_today(slug: str) -> ResponseReturnValue:
    """Who comes today, and may they begin? For the quay, on a phone."""
    site = sites.get_site(slug)
    authorise(site_policy.manages, site)
    lines = queries.lines_at(site.id, local_days(clock.today(), clock.today()))
    grace, lacking = day_service.grace_of(site), coverage.unqualified({line.booking for line in lines})
    return render_template(
        "bookings/show_today.html", site=site, today=clock.today(), method=method_in_force(), crumbs=site_crumbs(site),
        rows=[
            _row(line, grace, lacking.get(line.booking_id, []))
            for line in lines if line.state in day_service.ON_THE_DAY
        ],
        conditions=queries.conditions_of_lines([line.id for line in lines]),
        on_site=ConditionDue.ON_SITE, limits=LIMITS, permit_words=_permit_words,
        waiting=queries.lines_waiting([site.id]), is_busy=any(line.state is LineState.ONGOING for line in lines),
        people=sum(line.people_present or 0 for line in lines if line.state is LineState.ONGOING),
    )  # fmt: skip


def _permit_words(keys: list[str]) -> str:
    method = method_in_force()
    return ", ".join(method.term("permit", key).label.in_(current_locale()) for key in keys)


def _row(line: Line, grace: timedelta, lacking: Sequence[tuple[Line, Problem]]) -> dict[str, object]:
    booking = line.booking
    found = TELEPHONE.search(booking.on_site_responsible)
    later = [date.fromisoformat(day) for day in booking.reserve_dates]
    return {
        "line": line, "lacks": coverage.uncovered_permits(booking), "insured": coverage.is_insured(booking),
        "holds": weather.strictest([booking.limits, line.resource.limits]),
        "unqualified": [sentence(problem) for one, problem in lacking if one is line],
        "telephone": re.sub(r"[ \-]", "", found[0]) if found else "",
        "postpone_to": next((day for day in later if sending.shift_to(booking, day) > 0), None),
        "may_be_absent": clock.now() >= line.starts_at + grace,
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
        conditions=queries.conditions_of_lines([line.id for line in lines]),
    )  # fmt: skip


def _covers(line: Line, day: date) -> bool:
    zone = clock.zone()
    return (
        line.starts_at.astimezone(zone).date() <= day <= (line.ends_at - timedelta(seconds=1)).astimezone(zone).date()
    )


@bp.post("/bookings/<reference>/lines/<int:line_id>/<act>")
@signed_in
def use_line(reference: str, line_id: int, act: str) -> ResponseReturnValue:
    """Check in, check out, close, or note that nobody came."""
    booking = readable(reference)
    line = queries.get_line(booking, line_id)
    version = request.form.get("version", type=int) or 0
    match act:
        case "check-in":
            people = request.form.get("people", type=int) or booking.people_on_site
            day_service.check_in(line, people=people, by=actor(), expected_version=version)
            text = _("Checked in.")
        case "check-out":
            day_service.check_out(line, by=actor(), expected_version=version)
            text = _("Checked out. What was left of the time is free for others.")
        case "close":
            day_service.close(line, by=actor(), expected_version=version)
            text = _("Closed.")
        case "no-show":
            day_service.no_show(line, by=actor(), expected_version=version)
            text = _("Noted. The time is free for others.")
        case _:
            raise NotFound()
    flash(text)
    if request.form.get("from") == "site" and policy.manages_line(actor(), line):
        return redirect(url_for("bookings.show_today", slug=line.resource.site.slug), 303)
    return redirect(url_for("bookings.show_booking", reference=reference), 303)
