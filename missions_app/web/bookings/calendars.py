"""The calendar: what is taken, week by week over resources, by month, and as a list."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue

from missions_app import clock
from missions_app.bookings import outside_service, schedule
from missions_app.bookings.intervals import Interval
from missions_app.bookings.local_days import local_days
from missions_app.bookings.schedule import Filters, Row, Schedule
from missions_app.edge.access import actor, authorise, public
from missions_app.i18n import _, both, current_locale
from missions_app.sites import policy as site_policy
from missions_app.sites import queries as sites
from missions_app.sites.models import Resource, Site
from missions_app.web.bookings import weeks
from missions_app.web.bookings.blueprint import bp
from missions_app.web.filters import month_words
from missions_app.workflow.method_service import method_in_force

VIEWS = ("week", "month", "list")
LISTED_DAYS = 14


@dataclass(frozen=True, slots=True)
class Asked:
    """Which part of the calendar is asked for; nonsense in the address is read as nothing chosen."""

    view: str
    day: date
    filters: Filters
    page: int
    resource: str

    def at(self, view: str = "", day: date | None = None, page: int = 0) -> str:
        """The address of another view, day or page with the same choices, on the same page of resources."""
        return weeks.address(
            view or self.view, day or self.day, self.filters, page=page or self.page, resource=self.resource
        )

    def of_all(self) -> str:
        """The address of every resource that the choices let through."""
        return weeks.address(self.view, self.day, self.filters, page=self.page)


def asked() -> Asked:
    """What the address says."""
    given = request.args
    view = given.get("view", "week")
    try:
        day = date.fromisoformat(given.get("date", ""))
    except ValueError:
        day = clock.today()
    day = min(max(day, date(2000, 1, 1)), date(2200, 1, 1))
    filters = Filters(
        given.get("site", ""), given.get("theme", ""), given.get("owner", ""), given.get("type", ""),
        given.get("mine") == "1" and actor().is_signed_in,
    )  # fmt: skip
    return Asked(
        view if view in VIEWS else "week", day, filters, given.get("page", default=1, type=int) or 1,
        given.get("resource", ""),
    )  # fmt: skip


@bp.get("/calendar")
@public
def show_calendar() -> ResponseReturnValue:
    """What is taken? Who has it is shown to those who may know."""
    wanted = asked()
    first, days = _period(wanted)
    window = local_days(first, first + timedelta(days=days - 1))
    found = _of_one(wanted, window) if wanted.resource else schedule.schedule(
        actor(), window, wanted.filters, number=wanted.page
    )  # fmt: skip
    choices = _choices(found.sites)
    return render_template(
        f"bookings/calendar_{wanted.view}.html", asked=wanted, first=first, last=first + timedelta(days=days - 1),
        found=found, today=clock.today(), choices=choices, chosen=_chosen(wanted.filters, choices),
        heading=_heading(wanted, first, days),
        before=_neighbour(wanted, first, -1), after=_neighbour(wanted, first, 1), weeks=weeks,
        listed=weeks.listed_days(schedule.as_list(found.rows), first, days),
        month=weeks.month_weeks(wanted.day), place=weeks.zone_words(),
        outside=_outside(found.rows[0].bookable.resource) if wanted.resource and found.rows else None,
        can_plan=bool(actor().organisations() or actor().scopes_of("site_manager", "site")),
    )  # fmt: skip


def _of_one(wanted: Asked, window: Interval) -> Schedule:
    slug, _slash, name = wanted.resource.partition("/")
    site = sites.get_site(slug)
    authorise(site_policy.can_read_site, site)
    row: Row | None = schedule.of_resource(actor(), sites.get_resource(site, name), window)
    return Schedule([row] if row else [], 1, 1, [])


def _outside(resource: Resource) -> dict[str, object]:
    """The calendars kept elsewhere that a resource follows, and where their owner sees to them."""
    can_edit = site_policy.can_edit_site(actor(), resource.site)
    page = url_for("bookings.follow_calendar", slug=resource.site.slug, resource=resource.slug)
    return {"calendars": outside_service.calendars_of(resource), "page": page if can_edit else ""}


def _period(wanted: Asked) -> tuple[date, int]:
    if wanted.view == "week":
        return weeks.monday_of(wanted.day), 7
    if wanted.view == "list":
        return wanted.day, LISTED_DAYS
    shown = weeks.month_weeks(wanted.day)
    return shown[0][0], 7 * len(shown)


def _heading(wanted: Asked, first: date, days: int) -> str:
    if wanted.view == "month":
        return month_words(wanted.day).capitalize()
    span = weeks.span_words(first, first + timedelta(days=days - 1))
    return _("Week %(number)d, %(span)s", number=weeks.week_number(first), span=span) if wanted.view == "week" else span


def _neighbour(wanted: Asked, first: date, step: int) -> tuple[str, str]:
    """(address, words) of the period before or after."""
    if wanted.view == "week":
        day = first + timedelta(days=7 * step)
        return wanted.at(day=day, page=wanted.page), _("Week %(number)d", number=weeks.week_number(day))
    if wanted.view == "list":
        day = first + timedelta(days=LISTED_DAYS * step)
        return wanted.at(day=day, page=wanted.page), _("Two weeks earlier") if step < 0 else _("Two weeks later")
    day = (wanted.day.replace(day=1) + timedelta(days=-1 if step < 0 else 31)).replace(day=1)
    return wanted.at(day=day, page=wanted.page), month_words(day).capitalize()


def _choices(known: Sequence[Site]) -> dict[str, list[tuple[str, str]]]:
    """What the filters offer: only what some site is."""
    method = method_in_force()
    themes = {theme for one in known for theme in one.themes}
    kinds = {one.kind for one in known}
    owners = {one.owner.slug: one.owner.name for one in known}
    locale = current_locale()
    return {
        "sites": [(one.slug, both(one.name_sv, one.name_en)) for one in known],
        "owners": sorted(owners.items(), key=lambda pair: pair[1].casefold()),
        "themes": [(one.id, one.label.in_(locale)) for one in method.theme if one.id in themes],
        "kinds": [(one.id, one.label.in_(locale)) for one in method.site_type if one.id in kinds],
    }


def _chosen(filters: Filters, choices: dict[str, list[tuple[str, str]]]) -> list[str]:
    """What the filters are set to, in words; what names nothing that is offered is shown as it was written."""
    set_to = {
        "sites": filters.site, "themes": filters.theme, "owners": filters.owner, "kinds": filters.kind,
    }  # fmt: skip
    words = [dict(choices[name]).get(value, value) for name, value in set_to.items() if value]
    return [*words, _("Only mine and my organisation's")] if filters.mine else words
