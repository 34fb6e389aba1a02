"""The owner's page about who may book: qualifications, who holds them, and the quotas in short."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from missions_app import clock
from missions_app.accounts import queries as accounts
from missions_app.edge.access import actor, authorise, signed_in
from missions_app.errors import NotFound
from missions_app.i18n import _, both
from missions_app.sites import policy, queries, rule_queries, rule_service
from missions_app.sites.models import Site
from missions_app.sites.rule_service import QualificationEntry
from missions_app.web.form_page import form_page
from missions_app.web.forms import choices
from missions_app.web.sites import resource_forms as forms
from missions_app.web.sites.blueprint import bp
from missions_app.web.sites.quota_words import period_words
from missions_app.web.sites.sites import crumbs_of


def own_site(slug: str) -> Site:
    """The site, for those who may change it."""
    site = queries.get_site(slug)
    authorise(policy.can_edit_site, site)
    return site


def rules_crumbs(site: Site) -> list[tuple[str, str]]:
    """Where the pages about a site's qualifications and quotas belong."""
    here = url_for("sites.show_rules", slug=site.slug)
    return [*crumbs_of(site), (_("Qualifications and quotas"), here)]


@bp.get("/sites/<slug>/rules")
@signed_in
def show_rules(slug: str) -> ResponseReturnValue:
    """Who holds what, and how much may each book?"""
    site = own_site(slug)
    return render_template(
        "sites/show_rules.html", site=site, crumbs=rules_crumbs(site), today=clock.today(),
        qualifications=rule_queries.qualifications_of(site), holders=rule_queries.holders_of(site),
        quotas=rule_queries.quotas_of(site), ended=rule_queries.quotas_of(site, ended=True), periods=period_words(),
    )  # fmt: skip


@bp.route("/sites/<slug>/qualifications/new", methods=["GET", "POST"])
@signed_in
def add_qualification(slug: str) -> ResponseReturnValue:
    """Name something that people must have shown."""
    site, form = own_site(slug), forms.QualificationForm()

    def act() -> None:
        entry = QualificationEntry(
            form.name_sv.data or "", form.name_en.data or "", form.how_sv.data or "", form.how_en.data or "",
            form.valid_months.data,
        )  # fmt: skip
        rule_service.add_qualification(site, entry, by=actor())

    return form_page(
        form, act, heading=_("Add a qualification"), crumbs=rules_crumbs(site), button=_("Add"), done=_("Added."),
        intro=_("All sites of %(name)s share it.", name=site.owner.name),
    )  # fmt: skip


@bp.route("/sites/<slug>/qualifications/grant", methods=["GET", "POST"])
@signed_in
def grant_qualification(slug: str) -> ResponseReturnValue:
    """Write down that somebody has shown it."""
    site, form = own_site(slug), forms.GrantForm()
    every = rule_queries.qualifications_of(site)
    form.qualification.choices = choices((one.slug, both(one.name_sv, one.name_en)) for one in every)
    if not form.is_typed:
        form.valid_from.data = clock.today()

    def act() -> None:
        found = rule_queries.get_qualification(site, form.qualification.data)
        rule_service.grant_qualification(
            found, accounts.get_user_by_email(form.email.data), site=site, valid_from=form.valid_from.data,
            valid_until=form.valid_until.data, note=form.note.data or "", by=actor(),
        )  # fmt: skip

    return form_page(
        form, act, heading=_("Write down who holds a qualification"), crumbs=rules_crumbs(site), button=_("Save"),
        done=_("Saved. We have told the person."),
        intro="" if every else _("You have none yet. Add one on the site's page about qualifications and quotas."),
    )  # fmt: skip


@bp.post("/sites/<slug>/qualifications/held/<int:held_id>/withdraw")
@signed_in
def withdraw_qualification(slug: str, held_id: int) -> ResponseReturnValue:
    """Take a qualification back."""
    site = own_site(slug)
    try:
        held = rule_queries.get_held(site, held_id)
    except NotFound:  # pressed twice, or by somebody else meanwhile
        flash(_("That has been done already."))
    else:
        rule_service.withdraw_qualification(held, site=site, by=actor(), expected_version=held.version)
        flash(_("The qualification no longer holds. The person has been told."))
    return redirect(rules_crumbs(site)[-1][1], 303)
