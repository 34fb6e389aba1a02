"""What the secretariat does with organisations: answers, owners, closing, merging."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from missions_app.edge.access import actor, authorise, signed_in
from missions_app.errors import DomainError
from missions_app.i18n import _
from missions_app.organisations import ending_service, organisation_service, policy, queries
from missions_app.organisations.models import Organisation
from missions_app.web.forms import choices, show_error
from missions_app.web.organisations import forms
from missions_app.web.organisations.blueprint import bp


def _administered(slug: str) -> Organisation:
    organisation = queries.get_organisation(slug)
    authorise(policy.can_add_organisation, organisation)
    return organisation


def _version() -> int:
    return request.form.get("version", default=-1, type=int)


@bp.post("/organisations/<slug>/answer")
@signed_in
def answer_organisation(slug: str) -> ResponseReturnValue:
    """Register an organisation that somebody asked for, or not."""
    organisation, accept = _administered(slug), request.form.get("answer") == "accept"
    organisation_service.answer_organisation(organisation, accept=accept, by=actor(), expected_version=_version())
    flash(_("The organisation is registered.") if accept else _("The answer is on its way."))
    return redirect(url_for("organisations.show_organisation", slug=slug), 303)


@bp.route("/organisations/<slug>/owner", methods=["GET", "POST"])
@signed_in
def set_owner(slug: str) -> ResponseReturnValue:
    """Say who controls the organisation."""
    organisation = _administered(slug)
    form = forms.OwnerForm(obj=organisation, other=organisation.owner.slug if organisation.owner else "")
    form.other.choices = _others(organisation, _("Nobody: it owns itself"))
    if form.validate_on_submit():
        owner = queries.get_active(form.other.data) if form.other.data else None
        try:
            organisation_service.set_owner(organisation, owner, by=actor(), expected_version=form.expected_version)
        except DomainError as error:
            show_error(form, error)
        else:
            flash(_("Saved."))
            return redirect(url_for("organisations.show_organisation", slug=slug), 303)
    return render_template("organisations/set_owner.html", form=form, organisation=organisation)


@bp.route("/organisations/<slug>/end", methods=["GET", "POST"])
@signed_in
def end_organisation(slug: str) -> ResponseReturnValue:
    """Close the entry, or let another organisation take its place."""
    organisation = _administered(slug)
    form = forms.OwnerForm(obj=organisation, other="")
    form.other.choices = _others(organisation, _("Nobody: close the entry"))
    if form.validate_on_submit():
        try:
            _end(organisation, form)
        except DomainError as error:
            show_error(form, error)
        else:
            flash(_("Done."))
            return redirect(url_for("organisations.list_organisations"), 303)
    return render_template("organisations/end_organisation.html", form=form, organisation=organisation)


def _end(organisation: Organisation, form: forms.OwnerForm) -> None:
    version = form.expected_version
    if form.other.data:
        other = queries.get_active(form.other.data)
        ending_service.merge_into(organisation, other, by=actor(), expected_version=version)
    else:
        ending_service.close_organisation(organisation, by=actor(), expected_version=version)


def _others(organisation: Organisation, empty: str) -> list[object]:
    pairs = ((one.slug, one.name) for one in queries.all_active() if one.id != organisation.id)
    return list(choices(pairs, empty=empty))
