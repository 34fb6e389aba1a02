"""Quotas: how much is used and left, what each has been, and changing and ending them."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from missions_app import clock
from missions_app.audit import queries as audit
from missions_app.bookings import quota_standing
from missions_app.edge.access import actor, authorise, signed_in
from missions_app.i18n import _, both
from missions_app.organisations import queries as organisations
from missions_app.sites import policy, queries, rule_queries, rule_service
from missions_app.sites.models import Resource, Site
from missions_app.sites.rule_models import Quota, QuotaPeriod
from missions_app.sites.rule_service import QuotaEntry
from missions_app.web.form_page import form_page
from missions_app.web.forms import choices
from missions_app.web.sites import resource_forms as forms
from missions_app.web.sites.blueprint import bp
from missions_app.web.sites.quota_words import period_words, thread_of
from missions_app.web.sites.rules import own_site, rules_crumbs


@bp.get("/sites/quotas")
@signed_in
def list_quotas() -> ResponseReturnValue:
    """How much of each quota is used and left, over all owners."""
    own = [one.site for one in queries.all_resources() if policy.can_edit_site(actor(), one.site)]
    slugs = {one.id: one.slug for one in own}
    rows = quota_standing.standings(actor(), clock.now())
    counted = [(one.quota.id, each.site_id) for one in rows for each in one.quota.resources]
    seen_at = {quota: slugs[site] for quota, site in counted if site in slugs}
    return render_template(
        "sites/list_quotas.html", rows=rows, periods=period_words(), add_at=own[0] if own else None, seen_at=seen_at,
        crumbs=[(_("Sites"), url_for("sites.list_sites"))],
    )  # fmt: skip


@bp.get("/sites/<slug>/quotas/<int:quota_id>")
@signed_in
def show_quota(slug: str, quota_id: int) -> ResponseReturnValue:
    """What is the limit, who has used how much, and what has it been?"""
    site = own_site(slug)
    quota = rule_queries.get_quota(site, quota_id)
    events = audit.history_of([quota])
    standings = [one for one in quota_standing.standings(actor(), clock.now()) if one.quota.id == quota.id]
    return render_template(
        "sites/show_quota.html", site=site, quota=quota, crumbs=rules_crumbs(site), periods=period_words(),
        standings=standings, can_change=quota.ended_at is None and policy.can_change_quota(actor(), quota),
        history=thread_of(events, audit.names_of(events), things_called()),
    )  # fmt: skip


def things_called() -> dict[str, str]:
    """What resources and organisations are called, by their names in addresses."""
    called = {f"{one.site.slug}/{one.slug}": _called(one) for one in queries.all_resources()}
    return called | {one.slug: one.name for one in organisations.all_active()}


def _called(one: Resource) -> str:
    return f"{both(one.site.name_sv, one.site.name_en)}: {both(one.name_sv, one.name_en)}"


@bp.route("/sites/<slug>/quotas/new", methods=["GET", "POST"])
@signed_in
def add_quota(slug: str) -> ResponseReturnValue:
    """Limit how much an organisation books. The secretariat may count the resources of several owners together."""
    site = own_site(slug)
    return _quota_page(site, None, heading=_("Add a quota"), button=_("Add"), done=_("Added."))


@bp.route("/sites/<slug>/quotas/<int:quota_id>/edit", methods=["GET", "POST"])
@signed_in
def edit_quota(slug: str, quota_id: int) -> ResponseReturnValue:
    """Say otherwise how much, for whom, or of what."""
    site = own_site(slug)
    quota = rule_queries.get_quota(site, quota_id)
    authorise(policy.can_change_quota, quota)
    return _quota_page(site, quota, heading=_("Change the quota"), button=_("Save"), done=_("Saved."))


def _quota_page(site: Site, quota: Quota | None, *, heading: str, button: str, done: str) -> ResponseReturnValue:
    form = forms.QuotaForm(obj=quota if not request.form else None)
    there = [one for one in queries.all_resources() if policy.can_edit_site(actor(), one.site)]
    every = organisations.all_active()
    form.period.choices = choices(period_words().items())
    form.resources.choices = choices((str(one.id), _called(one)) for one in there)
    form.organisation.choices = choices(((one.slug, one.name) for one in every), empty=_("Each organisation by itself"))
    if quota is not None and not form.is_typed:
        form.period.data = quota.period.value
        form.organisation.data = quota.organisation.slug if quota.organisation else ""
        form.resources.data = [str(one.id) for one in quota.resources]

    def act() -> None:
        chosen = [one for one in there if str(one.id) in (form.resources.data or [])]
        whose = next((one for one in every if one.slug == form.organisation.data), None)
        entry = QuotaEntry(form.name.data or "", QuotaPeriod(form.period.data), form.hours.data or 0, whose)
        if quota is None:
            rule_service.add_quota(entry, chosen, by=actor())
        else:
            rule_service.edit_quota(quota, entry, chosen, by=actor(), expected_version=form.expected_version)

    crumbs, intro = rules_crumbs(site), ""
    if quota is not None:
        crumbs.append((quota.name, url_for("sites.show_quota", slug=site.slug, quota_id=quota.id)))
        intro = _("What is booked stays booked, also when it is more than the new quota allows; it counts.")
    return form_page(form, act, heading=heading, crumbs=crumbs, button=button, done=done, intro=intro)


@bp.post("/sites/<slug>/quotas/<int:quota_id>/end")
@signed_in
def end_quota(slug: str, quota_id: int) -> ResponseReturnValue:
    """Let a quota limit no more."""
    site = own_site(slug)
    quota = rule_queries.get_quota(site, quota_id)
    version = request.form.get("version", default=-1, type=int)
    rule_service.end_quota(quota, by=actor(), expected_version=version)
    flash(_("The quota no longer limits anybody."))
    return redirect(rules_crumbs(site)[-1][1], 303)
