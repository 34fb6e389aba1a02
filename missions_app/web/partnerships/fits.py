"""The needs of missions as an organisation sees them: which fit it, and why."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from missions_app.edge.access import actor, authorise, signed_in
from missions_app.i18n import _
from missions_app.organisations import queries as organisations
from missions_app.organisations.models import Organisation
from missions_app.partnerships import gap_queries, policy, watch_service
from missions_app.web.partnerships.blueprint import bp
from missions_app.workflow.method_service import method_in_force


def _organisation(slug: str) -> Organisation:
    organisation = organisations.get_organisation(slug)
    authorise(policy.can_read_fits, organisation)
    return organisation


@bp.get("/organisations/<slug>/needs")
@signed_in
def list_fits(slug: str) -> ResponseReturnValue:
    """Uncovered needs that fit the organisation, best first, with the reasons."""
    organisation = _organisation(slug)
    return render_template(
        "partnerships/list_fits.html", organisation=organisation, fits=gap_queries.fits_of(organisation),
        method=method_in_force(), watched=watch_service.find_watch(organisation, actor()) is not None,
        belongs=policy.can_show_interest(actor(), organisation.id),
    )  # fmt: skip


@bp.post("/organisations/<slug>/needs/watch")
@signed_in
def watch_needs(slug: str) -> ResponseReturnValue:
    """Ask for letters about new needs, or stop them."""
    organisation = _organisation(slug)
    if watch_service.find_watch(organisation, actor()):
        watch_service.unwatch(organisation, by=actor())
        flash(_("You get no more letters about new needs."))
    else:
        watch_service.watch(organisation, by=actor())
        flash(_("You get a letter when new needs fit, at most once a week."))
    return redirect(url_for("partnerships.list_fits", slug=slug), 303)
