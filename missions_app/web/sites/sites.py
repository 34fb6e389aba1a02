"""The catalogue, a site's page, and its day."""

from datetime import UTC, date, datetime, time, timedelta

from flask import current_app, render_template, request, url_for
from flask.typing import ResponseReturnValue
from wtforms import BooleanField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional

from missions_app import clock
from missions_app.bookings import policy as bookings_policy
from missions_app.bookings import reservations
from missions_app.bookings.intervals import Interval
from missions_app.edge.access import actor, authorise, public, signed_in
from missions_app.edge.paging import page_of
from missions_app.i18n import _, current_locale, lazy
from missions_app.sites import catalogue_service, policy, queries
from missions_app.sites.catalogue_service import SiteEntry
from missions_app.sites.models import Provenance, Site, SiteStatus
from missions_app.web.form_page import form_page
from missions_app.web.forms import Form, VersionMixin, choices, choices_from
from missions_app.web.sites.blueprint import bp
from missions_app.workflow.method_service import method_in_force

DAY = timedelta(days=1)


def crumbs_of(site: Site) -> list[tuple[str, str]]:
    """The way to a site's page."""
    return [(_("Sites"), url_for("sites.list_sites")), (site.name_sv, url_for("sites.show_site", slug=site.slug))]


def status_words() -> dict[str, str]:
    """The states of an entry in words."""
    return {
        "draft": _("Draft"), "open": _("Open"), "limited": _("Open on conditions"), "closed": _("Closed for now"),
        "retired": _("No longer in use"),
    }  # fmt: skip


@bp.get("/sites")
@public
def list_sites() -> ResponseReturnValue:
    """Where one can test."""
    text, kind = (request.args.get("q") or "").strip(), request.args.get("kind", "")
    place = request.args.get("municipality", "")
    return render_template(
        "sites/list_sites.html", sites=page_of(queries.catalogue(text=text, kind=kind, municipality=place)),
        method=method_in_force(), text=text, kind=kind, place=place,
        municipalities=current_app.extensions["region"].municipalities,
        page_url=lambda number: url_for("sites.list_sites", q=text, kind=kind, municipality=place, page=number),
    )  # fmt: skip


@bp.get("/sites/<slug>")
@public
def show_site(slug: str) -> ResponseReturnValue:
    """Does it suit me? What can be booked, on which terms?"""
    site = queries.get_site(slug)
    authorise(policy.can_read_site, site)
    return render_template(
        "sites/show_site.html",
        site=site,
        method=method_in_force(),
        resources=queries.resources_of(site),
        crumbs=crumbs_of(site),
        can_edit=policy.can_edit_site(actor(), site),
        can_book=bookings_policy.can_book,
        manages=policy.manages(actor(), site),
        municipality=current_app.extensions["region"].municipality(site.municipality),
        words=status_words(),
    )


def _local_day(day: date) -> Interval:
    start = datetime.combine(day, time(0), clock.zone()).astimezone(UTC)
    end = datetime.combine(day + DAY, time(0), clock.zone()).astimezone(UTC)
    return Interval(start, end)


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
    rows = [
        (resource, [(day, reservations.taken_on(resource, _local_day(day))) for day in days])
        for resource in queries.resources_of(site)
    ]
    return render_template(
        "sites/show_week.html", site=site, days=days, rows=rows, crumbs=crumbs_of(site),
        before=first - timedelta(days=7), after=first + timedelta(days=7),
    )  # fmt: skip


class SiteForm(VersionMixin, Form):
    """An entry; the ten questions follow."""

    name_sv = StringField(lazy("Name in Swedish"), validators=[InputRequired(), Length(max=200)])
    name_en = StringField(lazy("Name in English"), validators=[Optional(), Length(max=200)])
    description_sv = TextAreaField(lazy("Description in Swedish"), validators=[Optional(), Length(max=20_000)])
    description_en = TextAreaField(lazy("Description in English"), validators=[Optional(), Length(max=20_000)])
    operator = StringField(lazy("Who runs it"), validators=[Optional(), Length(max=200)])
    municipality = SelectField(lazy("Municipality"), validators=[Optional()])
    is_outdoor = BooleanField(lazy("It is outdoors"))
    price_model = SelectField(lazy("How use is priced"), validators=[InputRequired()])
    contact_function = StringField(lazy("Contact, a function"), validators=[Optional(), Length(max=200)])
    contact_email = StringField(lazy("E-mail address of the contact"), validators=[Optional(), Length(max=254)])
    status = SelectField(lazy("State"), validators=[InputRequired()])


@bp.route("/sites/<slug>/edit", methods=["GET", "POST"])
@signed_in
def edit_site(slug: str) -> ResponseReturnValue:
    """Change the entry."""
    site = queries.get_site(slug)
    authorise(policy.can_edit_site, site)
    method, locale = method_in_force(), current_locale()
    questions = {
        f"question_{one.id}": SelectField(
            one.label.in_(locale), choices=choices((each.id, each.label.in_(locale)) for each in one.values)
        )
        for one in method.site_question
    }
    form = type("EditSiteForm", (SiteForm,), questions)(obj=site)
    form.municipality.choices = choices(
        ((one.code, one.name) for one in current_app.extensions["region"].municipalities), empty=_("None in particular")
    )
    form.price_model.choices = choices_from(method.price_model)
    form.status.choices = choices(status_words().items())
    if not form.is_submitted():
        form.status.data = site.status.value
        for one in method.site_question:
            form[f"question_{one.id}"].data = site.answers.get(one.id)

    def act() -> None:
        entry = SiteEntry(
            name_sv=form.name_sv.data or "",
            name_en=form.name_en.data or "",
            description_sv=form.description_sv.data or "",
            description_en=form.description_en.data or "",
            operator=form.operator.data or "",
            municipality=form.municipality.data or "",
            is_outdoor=form.is_outdoor.data,
            price_model=form.price_model.data,
            contact_function=form.contact_function.data or "",
            contact_email=form.contact_email.data or "",
            status=SiteStatus(form.status.data),
            answers={one.id: form[f"question_{one.id}"].data for one in method.site_question},
            latitude=site.latitude,
            longitude=site.longitude,
            themes=site.themes,
            surroundings=site.surroundings,
            permits_held=site.permits_held,
            details=site.details,
            provenance=Provenance(site.provenance),
        )
        catalogue_service.edit_site(site, entry, by=actor(), expected_version=form.expected_version)

    return form_page(form, act, heading=_("Edit the site"), crumbs=crumbs_of(site), button=_("Save"), done=_("Saved."))
