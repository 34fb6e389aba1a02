"""What was asked for in vain: for those who plan places."""

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue

from missions_app.accounts.policy import is_secretariat
from missions_app.bookings import demand_queries, policy
from missions_app.bookings.demand_models import DemandKind
from missions_app.edge.access import actor, signed_in
from missions_app.edge.paging import page_of
from missions_app.errors import NotAllowed
from missions_app.i18n import _
from missions_app.web.finding.blueprint import bp
from missions_app.web.finding.forms import length_words
from missions_app.web.finding.words import asked_in_words, rules_in_words
from missions_app.workflow.method_service import method_in_force


def kind_words() -> dict[str, str]:
    """How something was asked for, in words."""
    return {
        DemandKind.SEARCH.value: _("Searched for, nothing found"), DemandKind.REFUSED.value: _("Asked for, taken"),
        DemandKind.WAITLIST.value: _("Waited for in vain"),
    }  # fmt: skip


@bp.get("/unmet-demand")
@signed_in
def list_unmet_demand() -> ResponseReturnValue:
    """What people wished for and could not get, the newest first."""
    if not policy.can_read_demand(actor()):
        raise NotAllowed()
    kind = request.args.get("kind", "")
    kind = kind if kind in set(DemandKind) else ""
    sites = None if is_secretariat(actor()) else [int(key) for key in actor().scopes_of("site_manager", "site")]
    return render_template(
        "finding/list_unmet_demand.html", rows=page_of(demand_queries.unmet(sites, kind=kind)), kind=kind,
        kinds=kind_words(), rules_in_words=rules_in_words, length_words=length_words,
        asked_in_words=lambda wish: asked_in_words(wish, method_in_force()),
        most=demand_queries.most_wanted(sites), is_whole=sites is None,
        page_url=lambda number: url_for("finding.list_unmet_demand", kind=kind or None, page=number),
    )  # fmt: skip
