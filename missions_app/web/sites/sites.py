"""The catalogue, a site's page, and its day."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from flask import current_app, render_template, request, url_for
from flask.typing import ResponseReturnValue

from missions_app import clock
from missions_app.accounts.policy import is_secretariat
from missions_app.bookings import blackout_service, finding_service, permits, reservations
from missions_app.bookings import policy as bookings_policy
from missions_app.bookings.intervals import Interval, merged
from missions_app.bookings.occupancy import opening_from
from missions_app.edge.access import actor, authorise, public
from missions_app.edge.paging import page_of
from missions_app.i18n import _, both, current_locale
from missions_app.moments import local_time
from missions_app.organisations.queries import organisations_of
from missions_app.sites import entry_fields, photo_service, policy, queries, rule_queries
from missions_app.sites.classification import classify
from missions_app.sites.models import Resource, Site
from missions_app.sites.weather import LIMITS
from missions_app.web.sites.blueprint import bp
from missions_app.web.sites.entry_form import overlay_words, provenance_words
from missions_app.web.sites.maps import BOOKABLE, map_of
from missions_app.web.sites.opening import exceptions_of, week_of
from missions_app.web.sites.resource_forms import approval_words, bookers_words, separator
from missions_app.workflow.method import Method
from missions_app.workflow.method_service import method_in_force

DAY = timedelta(days=1)
# The word of the glossary that each kind of site belongs under; the other kinds are testbeds.
WORDS = {"demo_environment": "demonstration_environment", "living_lab": "living_lab"}


def crumbs_of(site: Site) -> list[tuple[str, str]]:
    """The way to a site's page."""
    return [
        (_("Sites"), url_for("sites.list_sites")),
        (both(site.name_sv, site.name_en), url_for("sites.show_site", slug=site.slug)),
    ]


def status_words() -> dict[str, str]:
    """The states of an entry in words."""
    return {
        "draft": _("Draft"), "open": _("Open to bookings"), "limited": _("Open on conditions"),
        "closed": _("Closed for now"), "retired": _("No longer in use"),
    }  # fmt: skip


@bp.get("/sites")
@public
def list_sites() -> ResponseReturnValue:
    """Where one can test: a map and the same places as a list."""
    text, kind = (request.args.get("q") or "").strip(), request.args.get("kind", "")
    place = request.args.get("municipality", "")
    found = page_of(queries.catalogue(text=text, kind=kind, municipality=place))
    numbered = list(enumerate(found.rows, start=(found.number - 1) * found.size + 1))
    return render_template(
        "sites/list_sites.html", sites=found, numbered=numbered, drawn=map_of(numbered), method=method_in_force(),
        photos=photo_service.first_photos([one.id for one in found.rows]),
        in_place={one.id: len(permits.held_on(one.permits_held, clock.today())) for one in found.rows},
        text=text, kind=kind, place=place, municipalities=current_app.extensions["region"].municipalities,
        places={one.code: one.name for one in current_app.extensions["region"].municipalities}, words=status_words(),
        unlisted=queries.unlisted_for(actor()),
        can_add=any(policy.can_add_site(actor(), one) for one in organisations_of(actor())) or is_secretariat(actor()),
        page_url=lambda number: url_for("sites.list_sites", q=text, kind=kind, municipality=place, page=number),
    )  # fmt: skip


@bp.get("/sites/<slug>")
@public
def show_site(slug: str) -> ResponseReturnValue:
    """Does it suit me? What can be booked, on which terms?"""
    site = queries.get_site(slug)
    authorise(policy.can_read_site, site)
    method, resources = method_in_force(), queries.resources_of(site)
    can_edit = policy.can_edit_site(actor(), site)
    return render_template(
        "sites/show_site.html", site=site, method=method, resources=resources, crumbs=crumbs_of(site),
        can_edit=can_edit, can_book=bookings_policy.can_book, bookable=BOOKABLE, manages=policy.manages(actor(), site),
        municipality=current_app.extensions["region"].municipality(site.municipality), words=status_words(),
        sections=sections_of(site), missing=entry_fields.missing(site.details) if can_edit else [],
        drawn=map_of([(1, site)], close=True), found=classify(site.answers, method),
        answers=answers_in_words(site, method), overlays=overlays_of(site, method),
        needed=rule_queries.required_by(resources), bookers=bookers_words(), today=clock.today(),
        approvals=approval_words(), day_of=date.fromisoformat,
        themes=[one.label.in_(current_locale()) for one in method.theme if one.id in site.themes],
        provenance=provenance_words()[site.provenance.value], overlay_words=overlay_words(),
        photos=photo_service.photos_of(site, shown=True), word=WORDS.get(site.kind, "testbed"),
        weather=LIMITS, hours=_hours(resources), free=finding_service.next_free(site),
        blackouts=blackout_service.blackouts_of_all([one.id for one in resources]),
    )  # fmt: skip


def _hours(resources: Sequence[Resource]) -> dict[int, tuple[list[Any], list[Any]]]:
    """(weekdays, dates that are otherwise) of each resource in words, by its id."""
    found = queries.opening_of_all([one.id for one in resources])
    return {key: (week_of(rows), exceptions_of(rows)) for key, rows in found.items()}


def sections_of(site: Site) -> list[tuple[str, str, list[tuple[str, str]]]]:
    """The further fields that say something, by section: (id, heading, (label, text))."""
    locale = current_locale()
    found = []
    for key, heading in entry_fields.SECTIONS:
        rows = [
            (_(one.label), entry_fields.text_in(site.details.get(one.name), locale))
            for one in entry_fields.FIELDS
            if one.section == key and not one.private and not entry_fields.is_empty(site.details.get(one.name))
        ]
        if rows:
            found.append((key, _(heading), rows))
    return found


def answers_in_words(site: Site, method: Method) -> dict[str, tuple[str, str]]:
    """The question and the answer in words, by the question's id."""
    locale = current_locale()
    return {
        question.id: (question.label.in_(locale), value.label.in_(locale))
        for question in method.site_question
        for value in question.values
        if value.id == site.answers.get(question.id)
    }


def overlays_of(site: Site, method: Method) -> list[tuple[Any, dict[str, Any], bool]]:
    """What a site is besides its type, with what each asks for, and whether it is so today."""
    kept, today = {str(one.get("id")): one for one in site.overlays}, clock.today().isoformat()
    return [
        (one, it, it.get("valid_from", today) <= today <= it.get("valid_to", today))
        for one in method.site_overlay
        if (it := kept.get(one.id)) is not None
    ]


def _local_day(day: date) -> Interval:
    start = datetime.combine(day, time(0), clock.zone()).astimezone(UTC)
    end = datetime.combine(day + DAY, time(0), clock.zone()).astimezone(UTC)
    return Interval(start, end)


def _taken_on(resource: Resource, day: date) -> list[str]:
    """When something is taken on one day, in words: what goes on over midnight ends there and begins there."""
    whole = _local_day(day)
    taken = reservations.taken_on(resource, whole)
    found = merged(Interval(max(one.start, whole.start), min(one.end, whole.end)) for one in taken)
    midnight = f"24{separator()}00"
    return [f"{local_time(one.start)}–{midnight if one.end == whole.end else local_time(one.end)}" for one in found]


@bp.get("/sites/<slug>/week")
@public
def show_week(slug: str) -> ResponseReturnValue:
    """What is taken, day by day, in words. Who has it is shown only to those who may know."""
    site = queries.get_site(slug)
    authorise(policy.can_read_site, site)
    asked = request.args.get("from", "")
    try:
        first = date.fromisoformat(asked) if asked else clock.today()
    except ValueError:
        first = clock.today()
    first -= timedelta(days=first.weekday())
    days = [first + timedelta(days=number) for number in range(7)]
    resources = queries.resources_of(site)
    hours = queries.opening_of_all([one.id for one in resources])
    rows = []
    for one in resources:
        periods = [(each.weekday, each.on_date, each.opens, each.closes) for each in hours.get(one.id, [])]
        opening = opening_from(periods)
        rows.append((one, [(day, _taken_on(one, day), bool(opening.periods(day))) for day in days]))
    return render_template(
        "sites/show_week.html", site=site, days=days, rows=rows, crumbs=crumbs_of(site),
        before=first - timedelta(days=7), after=first + timedelta(days=7),
    )  # fmt: skip
