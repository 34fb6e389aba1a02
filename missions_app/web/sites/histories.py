"""What an entry and what can be booked have been: who changed what and when."""

from collections.abc import Sequence
from datetime import datetime

from flask import render_template, url_for
from flask.typing import ResponseReturnValue

from missions_app.audit import queries as audit
from missions_app.audit.models import AuditEvent
from missions_app.edge.access import signed_in
from missions_app.edge.paging import page_of
from missions_app.i18n import _, both
from missions_app.sites import queries, resource_history, revisions, rule_queries
from missions_app.sites.models import Resource, SiteStatus
from missions_app.web.sites.blueprint import bp
from missions_app.web.sites.differences import Step, who_did
from missions_app.web.sites.entries import row_of
from missions_app.web.sites.quotas import things_called
from missions_app.web.sites.resource_words import Names, rows_of, said_of
from missions_app.web.sites.rules import own_site
from missions_app.web.sites.sites import crumbs_of
from missions_app.workflow.method_service import method_in_force


@bp.get("/sites/<slug>/history")
@signed_in
def show_history(slug: str) -> ResponseReturnValue:
    """What has the entry been? And where to read the same of what can be booked."""
    site, method = own_site(slug), method_in_force()
    every = list(revisions.revisions_of(site))
    retirings = audit.history_of([site], actions={"site.retired"})
    steps = []
    for number, revision in enumerate(every):
        earlier = every[number + 1].content if number + 1 < len(every) else None
        found = revisions.changes(earlier, revision.content) if earlier is not None else []
        who = revision.saved_by.name if revision.saved_by else _("the system")
        said = _("the first version") if earlier is None else "" if found else _("nothing differs")
        if any(one.name == "status" and one.after == SiteStatus.RETIRED.value for one in found):
            said = _why_retired(retirings, revision.saved_at)
        steps.append(Step(revision.saved_at, who, said, [row_of(one, method) for one in found]))
    return render_template(
        "sites/show_history.html", heading=_("What the entry has been"), crumbs=crumbs_of(site), steps=steps,
        nothing=_("Each time somebody saves the entry it shows here."), resources=queries.every_resource_of(site),
        site=site,
    )  # fmt: skip


def _why_retired(retirings: Sequence[AuditEvent], at: datetime) -> str:
    """Why a site was taken out of use then. retirings: newest first."""
    reason = next((one.data["reason"] for one in retirings if one.at <= at), "")
    return _("taken out of use: %(reason)s", reason=reason) if reason else ""


@bp.get("/sites/<slug>/resources/<resource>/history")
@signed_in
def show_resource_history(slug: str, resource: str) -> ResponseReturnValue:
    """How have its rules, hours, blocked times, bookers, qualifications, units and quotas been?"""
    site = own_site(slug)
    one = queries.get_resource(site, resource, in_use=False)
    found = page_of(resource_history.history_of(one))
    people, names = audit.names_of(found.rows), _names(one, found.rows)
    steps = [Step(each.at, who_did(each, people), said_of(each, names), rows_of(each, names)) for each in found.rows]
    crumbs, name = crumbs_of(site), both(one.name_sv, one.name_en)
    if one.retired_at is None:
        crumbs.append((name, url_for("sites.show_resource", slug=slug, resource=resource)))
    return render_template(
        "sites/show_history.html", heading=_("What %(name)s has been", name=name), crumbs=crumbs, steps=steps,
        nothing=_("Every change is shown here."), resources=[], site=site, paged=found,
        retired=one if one.retired_at is not None else None,
        page_url=lambda number: url_for("sites.show_resource_history", slug=slug, resource=resource, page=number),
    )  # fmt: skip


def _names(one: Resource, events: Sequence[AuditEvent]) -> Names:
    quotas = rule_queries.quotas_by_id({each.subject_id for each in events if each.subject_kind == "quota"})
    asked = {each.slug: both(each.name_sv, each.name_en) for each in rule_queries.qualifications_of(one.site)}
    return Names(things_called(), asked, {each.id: each.name for each in quotas})
