"""The owner's pages about what can be booked: rules, hours, exceptions, blackouts, who may book."""

from datetime import UTC, date, datetime, time, timedelta

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from missions_app import clock
from missions_app.accounts.queries import users_with
from missions_app.bookings import blackout_service, consents, outside_service, unit_service
from missions_app.bookings import queries as bookings
from missions_app.bookings.intervals import Interval
from missions_app.edge.access import actor, authorise, signed_in
from missions_app.errors import NotFound
from missions_app.i18n import _, both, current_locale
from missions_app.organisations import queries as organisations
from missions_app.sites import (
    catalogue_service,
    policy,
    queries,
    resource_service,
    rule_queries,
    rule_service,
)
from missions_app.sites.catalogue_service import ResourceEntry
from missions_app.sites.models import Approval, Resource, Site
from missions_app.sites.weather import LIMITS
from missions_app.web.form_page import form_page
from missions_app.web.forms import choices, local_moment
from missions_app.web.sites import resource_forms as forms
from missions_app.web.sites.blueprint import bp
from missions_app.web.sites.opening import exceptions_of, hours_on, periods_of, week_of
from missions_app.web.sites.sites import crumbs_of
from missions_app.workflow.method_service import method_in_force

DAY = timedelta(days=1)


def _own(slug: str) -> Site:
    site = queries.get_site(slug)
    authorise(policy.can_edit_site, site)
    return site


def _found(slug: str, resource: str) -> Resource:
    return queries.get_resource(_own(slug), resource)


def _name(one: Resource) -> str:
    return one.name_sv if current_locale() == "sv" else one.name_en or one.name_sv


def crumbs_to(one: Resource) -> list[tuple[str, str]]:
    """The way to the page about a resource."""
    here = url_for("sites.show_resource", slug=one.site.slug, resource=one.slug)
    return [*crumbs_of(one.site), (_name(one), here)]


@bp.get("/sites/<slug>/resources/<resource>")
@signed_in
def show_resource(slug: str, resource: str) -> ResponseReturnValue:
    """Which rules does it have, when is it open and blocked? For its owner."""
    one = _found(slug, resource)
    opening = queries.opening_of(one)
    return render_template(
        "sites/show_resource.html", one=one, site=one.site, crumbs=crumbs_to(one), name=_name(one),
        week=week_of(opening), exceptions=exceptions_of(opening), blackouts=_blackouts(one),
        calendars=outside_service.calendars_of(one),
        bookers=rule_queries.bookers_of(one), needed=rule_queries.required_by([one]).get(one.id, []),
        quotas=[each for each in rule_queries.quotas_of(one.site) if one in each.resources],
        units=queries.units_of(one), whole=queries.pooled_under(one), weather=LIMITS,
        bookers_words=forms.bookers_words(), approval_words=forms.approval_words(),
        hold_hours=method_in_force().limits.hold_hours,
        lines=bookings.lines_to_come(clock.now(), Resource.id == one.id), lacking=_lacking_managers(one),
    )  # fmt: skip


def _lacking_managers(one: Resource) -> tuple[int, int] | None:
    """(how many managers have to agree, how many the site has) where they are too few for any yes; else None."""
    needed = 0 if one.approval is Approval.NONE else consents.needed_by(one)
    there = len(users_with("site_manager", *one.site.scopes))
    return (needed, there) if there < needed else None


def _blackouts(one: Resource) -> list[tuple[object, int]]:
    """Each blackout and how many bookings still stand in it."""
    return [
        (each, len(blackout_service.lines_within(one, Interval(each.starts_at, each.ends_at))))
        for each in blackout_service.blackouts_of(one)
    ]


@bp.route("/sites/<slug>/resources/new", methods=["GET", "POST"])
@signed_in
def add_resource(slug: str) -> ResponseReturnValue:
    """Make something bookable."""
    site = _own(slug)
    form = forms.NewResourceForm(data=forms.rules_as_typed(ResourceEntry(name_sv="")))
    form.fill_choices()
    form.fill_pools((each.slug, _name(each)) for each in queries.pools_at(site))
    return form_page(
        form, lambda: catalogue_service.add_resource(site, form.as_entry(), by=actor()),
        heading=_("Add something that can be booked"), crumbs=crumbs_of(site), button=_("Add"),
        done=_("Added. Now say when it is open, and who may book."), back=lambda made: crumbs_to(made)[-1][1],
    )  # fmt: skip


@bp.route("/sites/<slug>/resources/<resource>/edit", methods=["GET", "POST"])
@signed_in
def edit_resource(slug: str, resource: str) -> ResponseReturnValue:
    """Change its rules."""
    one = _found(slug, resource)
    form = forms.ResourceForm(data=forms.rules_as_typed(one))
    form.fill_choices()

    def act() -> None:
        resource_service.edit_resource(one, form.entry(), by=actor(), expected_version=form.expected_version)

    return form_page(
        form, act, heading=_("Change the rules"), crumbs=crumbs_to(one), button=_("Save"), done=_("Saved."),
        intro=_("The rules hold for what is booked from now on. What is booked already stays."),
    )  # fmt: skip


@bp.route("/sites/<slug>/resources/<resource>/units", methods=["GET", "POST"])
@signed_in
def edit_units(slug: str, resource: str) -> ResponseReturnValue:
    """Change what it takes: its units, or how many there are. Never below what is booked."""
    one = _found(slug, resource)
    form = _units_form(one)

    def act() -> None:
        if isinstance(form, forms.PoolForm):
            unit_service.set_pool_size(
                one, form.pool_size.data or 0, by=actor(), expected_version=form.expected_version
            )
        else:
            unit_service.set_units(one, form.names(), by=actor(), expected_version=form.expected_version)

    return form_page(
        form, act, heading=_("Change the units"), crumbs=crumbs_to(one), button=_("Save"), done=_("Saved."),
        intro=_("What is booked keeps its time. Which one of several it gets may change until it begins."),
    )  # fmt: skip


def _units_form(one: Resource) -> forms.PoolForm | forms.UnitsForm:
    there = queries.units_of(one)
    if one.pool_id is not None:
        return forms.PoolForm(data={"pool_size": len(there), "version": one.version})
    return forms.UnitsForm(data={"units": ", ".join(each.name for each in there), "version": one.version})


@bp.post("/sites/<slug>/resources/<resource>/retire")
@signed_in
def retire_resource(slug: str, resource: str) -> ResponseReturnValue:
    """Take no more bookings."""
    one = _found(slug, resource)
    resource_service.retire_resource(one, by=actor(), expected_version=_sent_version())
    flash(_("It takes no more bookings. Those that are there stay."))
    return redirect(url_for("sites.show_site", slug=slug), 303)


@bp.post("/sites/<slug>/resources/<resource>/restore")
@signed_in
def restore_resource(slug: str, resource: str) -> ResponseReturnValue:
    """Take bookings again."""
    one = queries.get_resource(_own(slug), resource, in_use=False)
    resource_service.restore_resource(one, by=actor(), expected_version=_sent_version())
    flash(_("It can be booked again."))
    return redirect(crumbs_to(one)[-1][1], 303)


@bp.route("/sites/<slug>/resources/<resource>/opening", methods=["GET", "POST"])
@signed_in
def edit_opening(slug: str, resource: str) -> ResponseReturnValue:
    """Set the hours of each weekday."""
    one = _found(slug, resource)
    rows = [each for each in queries.opening_of(one) if each.weekday is not None]
    saved = {
        f"day_{number}": periods_of(rows, number) for number in range(7)
    }  # fmt: skip
    form = forms.opening_form()(data=saved | {"version": one.version})

    def act() -> None:
        weekly = {number: form[f"day_{number}"].data or [] for number in range(7)}
        resource_service.set_opening(one, weekly, by=actor(), expected_version=form.expected_version)

    return form_page(
        form, act, heading=_("Opening hours"), crumbs=crumbs_to(one), button=_("Save"), done=_("Saved."),
        intro=_(
            "Several periods a day are written with commas: 8–12, 13–17. Without any hours at all it is always open."
        ),
    )  # fmt: skip


@bp.route("/sites/<slug>/resources/<resource>/exceptions/new", methods=["GET", "POST"])
@signed_in
def add_exception(slug: str, resource: str) -> ResponseReturnValue:
    """Say that some dates are otherwise."""
    one = _found(slug, resource)
    form = forms.ExceptionForm(data={"version": one.version})

    def act() -> None:
        first, last = form.first.data, form.last.data
        form.periods.object_data = hours_on(one, first, last)
        resource_service.set_exception(
            one, first, last, form.periods.data or [], by=actor(), expected_version=form.expected_version
        )

    return form_page(
        form, act, heading=_("Dates that are otherwise"), crumbs=crumbs_to(one), button=_("Save"), done=_("Saved.")
    )


@bp.post("/sites/<slug>/resources/<resource>/exceptions/<first>/<last>/forget")
@signed_in
def forget_exceptions(slug: str, resource: str, first: str, last: str) -> ResponseReturnValue:
    """Let some dates be as their weekday again."""
    one = _found(slug, resource)
    resource_service.forget_exceptions(one, _day(first), _day(last), by=actor(), expected_version=_sent_version())
    flash(_("The dates are as other days again."))
    return redirect(crumbs_to(one)[-1][1], 303)


def _sent_version() -> int:
    return request.form.get("version", default=-1, type=int)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise NotFound() from error


@bp.route("/sites/<slug>/resources/<resource>/blackouts/new", methods=["GET", "POST"])
@signed_in
def add_blackout(slug: str, resource: str) -> ResponseReturnValue:
    """Block it for some time. Bookings that are there are shown first, and stay."""
    one = _found(slug, resource)
    form = forms.BlackoutForm()
    lines, window = [], None
    if form.validate_on_submit():
        window = _window(form)
        if window is not None:
            lines = blackout_service.lines_within(one, window)
        if window is not None and (not lines or request.form.get("seen") == str(len(lines))):
            return form_page(
                form, lambda: blackout_service.black_out(one, window, reason=form.reason.data, by=actor()),
                heading=_("Block some time"), crumbs=crumbs_to(one), button=_("Block"), done=_("The time is blocked."),
            )  # fmt: skip
    return render_template(
        "sites/add_blackout.html", form=form, one=one, lines=lines, crumbs=crumbs_to(one), heading=_("Block some time")
    )


def _window(form: forms.BlackoutForm) -> Interval | None:
    """The time that was written; what is wrong with it is said at the field."""
    try:
        start = local_moment(form.starts_on.data, form.starts_at.data or time(0))
    except ValueError as error:
        form.starts_at.errors = [str(error)]
        return None
    try:
        last: date = form.ends_on.data
        is_whole = form.ends_at.data is None or form.ends_at.ends_day
        end = _midnight(last + DAY) if is_whole else local_moment(last, form.ends_at.data)
    except ValueError as error:
        form.ends_at.errors = [str(error)]
        return None
    if end <= start:
        form.ends_on.errors = [_("The time must end after it begins.")]
        return None
    return Interval(start, end)


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(0), clock.zone()).astimezone(UTC)


@bp.post("/sites/<slug>/resources/<resource>/blackouts/<int:blackout_id>/lift")
@signed_in
def lift_blackout(slug: str, resource: str, blackout_id: int) -> ResponseReturnValue:
    """Give blocked time back."""
    one = _found(slug, resource)
    try:
        found = blackout_service.get_blackout(one, blackout_id)
    except NotFound:  # pressed twice, or by somebody else meanwhile
        flash(_("That has been done already."))
    else:
        blackout_service.lift(found, by=actor(), expected_version=found.version)
        flash(_("The time can be booked again."))
    return redirect(crumbs_to(one)[-1][1], 303)


@bp.route("/sites/<slug>/resources/<resource>/bookers", methods=["GET", "POST"])
@signed_in
def choose_bookers(slug: str, resource: str) -> ResponseReturnValue:
    """Say which organisations may book."""
    one = _found(slug, resource)
    every = organisations.all_active()
    there = {each.organisation.slug for each in rule_queries.bookers_of(one)}
    saved = [each.slug for each in every if each.slug in there]
    form = forms.BookersForm(data={"organisations": saved, "version": one.version})
    form.organisations.choices = choices((each.slug, each.name) for each in every)

    def act() -> None:
        chosen = [each for each in every if each.slug in (form.organisations.data or [])]
        rule_service.choose_bookers(one, chosen, by=actor(), expected_version=form.expected_version)

    return form_page(
        form, act, heading=_("Who may book"), crumbs=crumbs_to(one), button=_("Save"), done=_("Saved."),
        intro=_("This counts when the rules say that only organisations you choose may book."),
    )  # fmt: skip


@bp.route("/sites/<slug>/resources/<resource>/qualifications", methods=["GET", "POST"])
@signed_in
def require_qualifications(slug: str, resource: str) -> ResponseReturnValue:
    """Say what whoever uses it must have shown."""
    one = _found(slug, resource)
    every = rule_queries.qualifications_of(one.site)
    there = rule_queries.required_by([one]).get(one.id, [])
    saved = [each.slug for each in every if each in there]
    form = forms.NeededForm(data={"qualifications": saved, "version": one.version})
    form.qualifications.choices = choices((each.slug, both(each.name_sv, each.name_en)) for each in every)

    def act() -> None:
        chosen = [each for each in every if each.slug in (form.qualifications.data or [])]
        rule_service.require_qualifications(one, chosen, by=actor(), expected_version=form.expected_version)

    return form_page(
        form, act, heading=_("Qualifications"), crumbs=crumbs_to(one), button=_("Save"), done=_("Saved."),
        intro="" if every else _("You have none yet. Add one on the site's page about qualifications and quotas."),
    )  # fmt: skip
