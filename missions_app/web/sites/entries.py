"""Entering and editing a site, what its entry has been, and sites side by side."""

from typing import Any

from flask import current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from wtforms import SelectField, TextAreaField
from wtforms.validators import InputRequired, Length

from missions_app import clock
from missions_app.bookings import permits, removal_service
from missions_app.bookings import queries as bookings
from missions_app.edge import once
from missions_app.edge.access import actor, authorise, public, signed_in
from missions_app.edge.errors import status_of
from missions_app.errors import DomainError, NotAllowed, NotFound, StaleVersion
from missions_app.i18n import _, both, current_locale
from missions_app.organisations import queries as organisations
from missions_app.sites import catalogue_service, entry_fields, policy, queries, revisions
from missions_app.sites.catalogue_service import SiteEntry, entry_of
from missions_app.sites.classification import classify, unanswered
from missions_app.sites.entry_models import SiteRevision
from missions_app.sites.models import Resource, Site, SiteStatus
from missions_app.sites.revisions import Change
from missions_app.web.forms import Form, VersionMixin, choices, show_error
from missions_app.web.sites import entry_form
from missions_app.web.sites.blueprint import bp
from missions_app.web.sites.differences import Row, prose, whole
from missions_app.web.sites.sites import crumbs_of, status_words
from missions_app.workflow.method import Method
from missions_app.workflow.method_service import method_in_force

MOST_COMPARED = 4


# Fields whose values are terms of the method, by the vocabulary that names them.
TERMS = {"price_model": "price_model", "chosen_kind": "site_type", "themes": "theme"}


def _own(slug: str) -> Site:
    site = queries.get_site(slug)
    authorise(policy.can_edit_site, site)
    return site


@bp.route("/sites/<slug>/edit", methods=["GET", "POST"])
@signed_in
def edit_site(slug: str) -> ResponseReturnValue:
    """Change the entry. When somebody else has saved meanwhile, both versions are shown and mine is kept."""
    site, method = _own(slug), method_in_force()
    before = entry_of(site)
    form = entry_form.form_class(method)(obj=site)
    entry_form.fill_choices(form, method, status_words(), is_retired=before.status is SiteStatus.RETIRED)
    if not form.is_typed:
        entry_form.show_entry(form, before, method)
    elif request.form.get("act") != "classify" and form.validate_on_submit():
        entry = entry_form.read_entry(form, before, method)
        try:
            catalogue_service.edit_site(site, entry, by=actor(), expected_version=form.expected_version)
        except StaleVersion:
            return _conflict(site, form, entry, method)
        except DomainError as error:
            show_error(form, error)
            return _page(form, method, crumbs_of(site), site), status_of(error)
        flash(_("Saved."))
        return redirect(url_for("sites.show_site", slug=slug), 303)
    return _page(form, method, crumbs_of(site), site)


def _conflict(site: Site, form: Any, mine: SiteEntry, method: Method) -> ResponseReturnValue:
    """What is saved now beside what I wrote; saving again is then a choice made with open eyes."""
    theirs = revisions.content_of(entry_of(site))
    rows = [row_of(one, method) for one in revisions.changes(theirs, revisions.content_of(mine))]
    form.version.data = str(site.version)
    latest = next(iter(revisions.revisions_of(site)), None)
    return _page(form, method, crumbs_of(site), site, rows, latest), 409


def _page(
    form: Any, method: Method, crumbs: list[tuple[str, str]], site: Site | None = None,
    conflict: list[Row] | None = None, latest: SiteRevision | None = None,
) -> str:  # fmt: skip
    answers = {one.id: form[f"question_{one.id}"].data or "" for one in method.site_question}
    return render_template(
        "sites/edit_site.html", form=form, method=method, crumbs=crumbs, site=site, conflict=conflict, latest=latest,
        found=classify(answers, method), unanswered=unanswered(answers, method), sections=entry_fields.SECTIONS,
        entry_fields=entry_fields.FIELDS, permits=range(entry_form.MOST_PERMITS), answers=answers,
        has_more_permits=any(number > 1 for number in entry_form.permit_rows(form)),
    )  # fmt: skip


@bp.route("/sites/new", methods=["GET", "POST"])
@signed_in
def add_site() -> ResponseReturnValue:
    """Enter a site for an organisation; it begins as a draft."""
    method = method_in_force()
    owners = [one for one in organisations.all_active() if policy.can_add_site(actor(), one)]
    if not owners:
        raise NotAllowed()
    owner = SelectField(
        _("Owner"), validators=[InputRequired()], choices=choices((one.slug, one.name) for one in owners)
    )
    form = type("NewEntryForm", (entry_form.form_class(method),), {"owner": owner})()
    entry_form.fill_choices(form, method, status_words())
    if not form.is_typed:
        form.status.data, form.provenance.data = SiteStatus.DRAFT.value, "illustrative"
    elif request.form.get("act") != "classify" and form.validate_on_submit():
        whose = next((one for one in owners if one.slug == form.owner.data), None)
        entry = entry_form.read_entry(form, SiteEntry("", {}, ""), method)
        try:
            if whose is None:
                raise NotFound()
            address = once.send(
                lambda: catalogue_service.add_site(entry, owner=whose, by=actor()),
                lambda made: url_for("sites.show_site", slug=made.slug),
            )
        except DomainError as error:
            show_error(form, error)
            return _page(form, method, [(_("Sites"), url_for("sites.list_sites"))]), status_of(error)
        flash(_("The site is entered."))
        return redirect(address or url_for("sites.list_sites"), 303)
    return _page(form, method, [(_("Sites"), url_for("sites.list_sites"))])


@bp.post("/sites/<slug>/reviewed")
@signed_in
def confirm_review(slug: str) -> ResponseReturnValue:
    """The entry has been looked over and still holds."""
    site = _own(slug)
    version = request.form.get("version", default=-1, type=int)
    catalogue_service.confirm_review(site, by=actor(), expected_version=version)
    flash(_("Thank you. We ask again in a year."))
    return redirect(url_for("sites.show_site", slug=slug), 303)


class RetireForm(VersionMixin, Form):
    """Why."""

    reason = TextAreaField(validators=[InputRequired(), Length(max=2000)])


@bp.route("/sites/<slug>/retire", methods=["GET", "POST"])
@signed_in
def retire_site(slug: str) -> ResponseReturnValue:
    """Take the site out of use; its bookings stay."""
    site = _own(slug)
    form, is_retired = RetireForm(obj=site), site.status is SiteStatus.RETIRED
    form.reason.label.text = _("Why")
    if form.validate_on_submit():
        try:
            catalogue_service.retire_site(
                site, reason=form.reason.data, by=actor(), expected_version=form.expected_version
            )
        except DomainError as error:
            show_error(form, error)
        else:
            flash(_("The site is taken out of use. Bookings that are there stay."))
            return redirect(url_for("sites.show_site", slug=slug), 303)
    return render_template(
        "sites/retire_site.html", form=form, site=site, crumbs=crumbs_of(site),
        lines=bookings.lines_to_come(clock.now(), Resource.site_id == site.id),
        can_remove=not removal_service.has_history(site), is_retired=is_retired,
    )  # fmt: skip


@bp.post("/sites/<slug>/remove")
@signed_in
def remove_site(slug: str) -> ResponseReturnValue:
    """Remove a site that nobody has booked."""
    site = _own(slug)
    version = request.form.get("version", default=-1, type=int)
    removal_service.remove_site(site, by=actor(), expected_version=version)
    flash(_("The site is removed."))
    return redirect(url_for("sites.list_sites"), 303)


def row_of(one: Change, method: Method) -> Row:
    """A changed field in words."""
    before, after = _words(one.name, one.before, method), _words(one.name, one.after, method)
    is_prose = one.name.startswith(("details.", "description")) or one.name == "kind_reason"
    return (prose if is_prose else whole)(_label(one.name, method), before, after)


def _label(name: str, method: Method) -> str:
    group, _dot, key = name.partition(".")
    if group == "details" and key in entry_fields.BY_NAME:
        return _(entry_fields.BY_NAME[key].label)
    if group == "answers":
        locale = current_locale()
        return next((one.label.in_(locale) for one in method.site_question if one.id == key), key)
    field = getattr(entry_form.SiteForm, name, None)
    if field is not None:
        return str(field.args[0] if field.args else name)
    return {"overlays": _("Also"), "permits_held": _("Permits already in place")}.get(name, name)


def _words(name: str, value: Any, method: Method) -> str:
    if value in (None, "", [], {}):
        return ""
    if isinstance(value, dict):
        return " / ".join(str(part) for part in value.values() if part)
    if isinstance(value, list):
        return "; ".join(_words(name, one, method) for one in value)
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if name.startswith("answers."):
        key, locale = name.partition(".")[2], current_locale()
        found = [each for one in method.site_question if one.id == key for each in one.values if each.id == value]
        return found[0].label.in_(locale) if found else str(value)
    words = {"status": status_words, "provenance": entry_form.provenance_words}
    if name in words:
        return words[name]().get(str(value), str(value))
    if name in TERMS and (term := method.find_term(TERMS[name], str(value))) is not None:
        return term.label.in_(current_locale())
    return str(value)


@bp.get("/sites/compare")
@public
def compare_sites() -> ResponseReturnValue:
    """Up to four sites side by side. The choice stands in the address."""
    slugs = list(dict.fromkeys(request.args.getlist("site")))[:MOST_COMPARED]
    found = [one for one in queries.sites_named(slugs) if policy.can_read_site(actor(), one)]
    chosen = sorted(found, key=lambda one: slugs.index(one.slug))
    method = method_in_force()
    return render_template(
        "sites/compare_sites.html", sites=chosen, rows=_compared(chosen, method), most=MOST_COMPARED,
        every=list(dict.fromkeys([*queries.in_catalogue(), *chosen])), slugs=slugs,
        left_out=len(set(request.args.getlist("site"))) > MOST_COMPARED,
    )  # fmt: skip


def _compared(chosen: list[Site], method: Method) -> list[tuple[str, list[str]]]:
    locale = current_locale()
    kinds = {one.id: one.label.in_(locale) for one in method.site_type}
    prices = {one.id: one.label.in_(locale) for one in method.price_model}
    called = {one.id: one.label.in_(locale) for one in method.permit}
    in_place = [permits.held_on(one.permits_held, clock.today()) for one in chosen]
    places = {one.code: one.name for one in current_app.extensions["region"].municipalities}
    bookable = [[both(each.name_sv, each.name_en) for each in queries.resources_of(one)] for one in chosen]
    rows = [
        (_("Kind of site"), [kinds.get(one.kind, one.kind) for one in chosen]),
        (_("Owner"), [one.owner.name for one in chosen]),
        (_("Municipality"), [places.get(one.municipality, "") for one in chosen]),
        (_("Indoors or outdoors"), [_("Outdoors") if one.is_outdoor else _("Indoors") for one in chosen]),
        (_("What can be booked"), [", ".join(names) for names in bookable]),
        (_("Technology readiness (TRL)"), [f"{one.trl_from}–{one.trl_to}" for one in chosen]),
        (_("Societal readiness (SRL)"), [f"{one.srl_from}–{one.srl_to}" for one in chosen]),
        (_("State"), [status_words()[one.status.value] for one in chosen]),
        (_("How use is priced"), [prices.get(one.price_model, one.price_model) for one in chosen]),
        (_("Permits already in place"),
         ["; ".join(called.get(key, key) for key in keys) for keys in in_place]),
    ]  # fmt: skip
    names = [field for field in entry_fields.FIELDS if not field.private]
    rows += [
        (_(field.label), [entry_fields.text_in(one.details.get(field.name), locale) for one in chosen])
        for field in names
    ]
    return [row for row in rows if any(row[1])]
