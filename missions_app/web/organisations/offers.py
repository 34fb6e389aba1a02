"""What an organisation can lend: written, changed, taken back."""

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue

from missions_app.edge.access import actor, authorise, signed_in
from missions_app.i18n import _
from missions_app.organisations import offer_service, policy, queries
from missions_app.organisations.models import Organisation
from missions_app.web.form_page import form_page
from missions_app.web.organisations import forms
from missions_app.web.organisations.blueprint import bp
from missions_app.workflow.method_service import method_in_force


def _crumbs(organisation: Organisation) -> list[tuple[str, str]]:
    return [
        (_("Organisations"), url_for("organisations.list_organisations")),
        (organisation.name, url_for("organisations.show_organisation", slug=organisation.slug)),
    ]


@bp.route("/organisations/<slug>/offers/new", methods=["GET", "POST"])
@signed_in
def add_offer(slug: str) -> ResponseReturnValue:
    """Say what the organisation can lend."""
    organisation = queries.get_organisation(slug)
    authorise(policy.can_edit_organisation, organisation)
    form = forms.OfferForm()
    form.fill_choices(method_in_force())
    return form_page(
        form, lambda: offer_service.add_offer(organisation, form.content(), by=actor()),
        heading=_("Say what you can lend"), crumbs=_crumbs(organisation), button=_("Save"), done=_("Saved."),
        intro=_("Missions look for sites, equipment, data, students, expertise and ways in. What is open is found."),
    )  # fmt: skip


@bp.route("/organisations/<slug>/offers/<int:offer_id>/edit", methods=["GET", "POST"])
@signed_in
def edit_offer(slug: str, offer_id: int) -> ResponseReturnValue:
    """Word an offer anew."""
    organisation = queries.get_organisation(slug)
    authorise(policy.can_edit_organisation, organisation)
    offer = queries.get_offer(organisation, offer_id)
    form = forms.OfferForm(obj=offer, kind=offer.kind.value)
    form.fill_choices(method_in_force())

    def act() -> None:
        offer_service.edit_offer(offer, form.content(), by=actor(), expected_version=form.expected_version)

    return form_page(
        form, act, heading=_("Change what you can lend"), crumbs=_crumbs(organisation), button=_("Save"),
        done=_("Saved."),
    )  # fmt: skip


@bp.post("/organisations/<slug>/offers/<int:offer_id>/withdraw")
@signed_in
def withdraw_offer(slug: str, offer_id: int) -> ResponseReturnValue:
    """It can no longer be lent."""
    organisation = queries.get_organisation(slug)
    authorise(policy.can_edit_organisation, organisation)
    offer = queries.get_offer(organisation, offer_id)
    offer_service.withdraw_offer(offer, by=actor(), expected_version=offer.version)
    flash(_("Taken away."))
    return redirect(url_for("organisations.show_organisation", slug=slug), 303)
