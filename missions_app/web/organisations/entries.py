"""The list of organisations, their pages, and editing them."""

from collections.abc import Sequence

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from missions_app.accounts import queries as account_queries
from missions_app.accounts.actor import organisation_scope
from missions_app.edge.access import actor, authorise, public, signed_in
from missions_app.edge.paging import page_of, url_of_page
from missions_app.errors import DomainError
from missions_app.i18n import _
from missions_app.organisations import organisation_service, policy, queries
from missions_app.organisations.models import Capability, Offer, Organisation, OrganisationState
from missions_app.organisations.places import municipality_names
from missions_app.partnerships.gap_queries import places_of
from missions_app.secrecy.masking import Circle, shown, visible
from missions_app.web.forms import show_error
from missions_app.web.organisations import forms
from missions_app.web.organisations.blueprint import bp
from missions_app.workflow.method_service import method_in_force

FILTERS = ("q", "sector", "municipality", "peak")


@bp.get("/organisations")
@public
def list_organisations() -> ResponseReturnValue:
    """Active organisations in Swedish order, narrowed by what is chosen."""
    chosen = {name: (request.args.get(name) or "").strip() for name in FILTERS}
    wanted = {name: value for name, value in chosen.items() if name != "q"}
    found = page_of(queries.organisations(text=chosen["q"], **wanted))
    return render_template(
        "organisations/list_organisations.html", found=found, chosen=chosen, method=method_in_force(),
        places=municipality_names(), can_add=policy.can_add_organisation(actor()), page_url=url_of_page,
        waiting=queries.requested_organisations() if policy.can_add_organisation(actor()) else [],
    )  # fmt: skip


@bp.get("/organisations/<slug>")
@public
def show_organisation(slug: str) -> ResponseReturnValue:
    """Who it is, what it can do, whom it belongs to."""
    organisation = queries.get_readable(slug, actor())
    if organisation.state is OrganisationState.MERGED and organisation.merged_into_id:
        return redirect(
            url_for("organisations.show_organisation", slug=queries.get_by_id(organisation.merged_into_id).slug)
        )
    return render_template(
        "organisations/show_organisation.html", organisation=organisation, method=method_in_force(),
        places=municipality_names(), capabilities=_shown(organisation, queries.capabilities_of(organisation)),
        owned=queries.owned_by(organisation), level_words=forms.level_words, offers=_offers(organisation),
        kind_words=forms.offer_kind_words, former=queries.former_entries(organisation),
        doubles=queries.merged_into(organisation), has_contact=queries.has_living_contact(organisation),
        is_member=organisation.id in actor().organisations(), asked=queries.my_request(actor(), organisation),
        requests=_requests(organisation), can=_rights(organisation), partnerships=places_of(organisation),
    )  # fmt: skip


def _shown(organisation: Organisation, found: Sequence[Capability]) -> list[tuple[Capability, str | None]]:
    circle = Circle(owners=frozenset({organisation_scope(organisation.id)}))
    return [(one, shown(actor(), one.evidence, one.visibility, circle)) for one in found]


def _offers(organisation: Organisation) -> list[Offer]:
    """The offers the reader may read. One that is claimed as secret is not there at all: no kind, no count."""
    circle = Circle(owners=frozenset({organisation_scope(organisation.id)}))
    return [one for one in queries.offers_of(organisation) if visible(actor(), one.visibility, circle)]


def _requests(organisation: Organisation) -> int:
    return len(queries.open_requests(organisation)) if policy.can_answer_requests(actor(), organisation) else 0


def _rights(organisation: Organisation) -> dict[str, bool]:
    return {
        "edit": policy.can_edit_organisation(actor(), organisation),
        "belong": organisation.id in actor().organisations(),
        "members": policy.can_read_members(actor(), organisation),
        "administer": policy.can_add_organisation(actor(), organisation),
    }


@bp.route("/organisations/new", methods=["GET", "POST"])
@signed_in
def add_organisation() -> ResponseReturnValue:
    """Enter an organisation (the secretariat), or ask for one's own to be registered (everybody else)."""
    form, enters = forms.OrganisationForm(), policy.can_add_organisation(actor())
    form.fill_choices(method_in_force())
    if not enters:
        del form.provenance
    if form.validate_on_submit():
        try:
            organisation = _enter(form) if enters else _ask(form)
        except DomainError as error:
            show_error(form, error)
        else:
            flash(_("The organisation is entered.") if enters else _("Your request is sent to the secretariat."))
            return redirect(url_for("organisations.show_organisation", slug=organisation.slug), 303)
    return render_template("organisations/edit_organisation.html", form=form, organisation=None, enters=enters)


def _enter(form: forms.OrganisationForm) -> Organisation:
    return organisation_service.add_organisation(form.profile(), by=actor(), is_another=form.is_another.data)


def _ask(form: forms.OrganisationForm) -> Organisation:
    user = account_queries.get_user(actor().user_id or 0)
    return organisation_service.request_organisation(
        form.profile(), by=actor(), user=user, is_another=form.is_another.data
    )


@bp.route("/organisations/<slug>/edit", methods=["GET", "POST"])
@signed_in
def edit_organisation(slug: str) -> ResponseReturnValue:
    """Change the entry. Sector and number are the secretariat's."""
    organisation = queries.get_organisation(slug)
    authorise(policy.can_edit_organisation, organisation)
    enters = policy.can_set_locked(actor())
    form = forms.OrganisationForm(obj=organisation)
    form.fill_choices(method_in_force())
    del form.is_another
    if not enters:
        for name in ("sector", "number", "provenance"):
            del form[name]
    if form.validate_on_submit():
        try:
            organisation_service.edit_organisation(
                organisation, form.profile(organisation), by=actor(), expected_version=form.expected_version
            )
        except DomainError as error:
            show_error(form, error)
        else:
            flash(_("Saved."))
            return redirect(url_for("organisations.show_organisation", slug=slug), 303)
    return render_template("organisations/edit_organisation.html", form=form, organisation=organisation, enters=enters)


@bp.route("/organisations/<slug>/capabilities", methods=["GET", "POST"])
@signed_in
def edit_capabilities(slug: str) -> ResponseReturnValue:
    """Add to what the organisation can do, and see the rest."""
    organisation = queries.get_organisation(slug)
    authorise(policy.can_edit_organisation, organisation)
    form = forms.CapabilityForm()
    form.fill_choices(method_in_force())
    present = queries.capabilities_of(organisation)
    if form.validate_on_submit():
        given = (form.level.data, form.evidence.data or "", form.visibility.data)
        try:
            organisation_service.set_capabilities(organisation, _levels(present) | {form.peak.data: given}, by=actor())
        except DomainError as error:
            show_error(form, error)
        else:
            flash(_("Saved."))
            return redirect(url_for("organisations.edit_capabilities", slug=slug), 303)
    return render_template(
        "organisations/edit_capabilities.html", form=form, organisation=organisation, capabilities=present,
        method=method_in_force(), level_words=forms.level_words,
    )  # fmt: skip


def _levels(present: Sequence[Capability]) -> dict[str, tuple[int, str, str]]:
    return {one.peak: (one.level, one.evidence, one.visibility) for one in present}


@bp.post("/organisations/<slug>/capabilities/<peak>/remove")
@signed_in
def remove_capability(slug: str, peak: str) -> ResponseReturnValue:
    """Take something away from what the organisation can do."""
    organisation = queries.get_organisation(slug)
    authorise(policy.can_edit_organisation, organisation)
    kept = {key: value for key, value in _levels(queries.capabilities_of(organisation)).items() if key != peak}
    organisation_service.set_capabilities(organisation, kept, by=actor())
    flash(_("Taken away."))
    return redirect(url_for("organisations.edit_capabilities", slug=slug), 303)
