"""The whole of the region's work on one page."""

from functools import partial

from flask import render_template, url_for
from flask.typing import ResponseReturnValue

from missions_app import clock
from missions_app.edge.access import actor, authorise, signed_in
from missions_app.errors import NotFound
from missions_app.i18n import _
from missions_app.portfolio import overview, policy
from missions_app.portfolio.charts import bullet
from missions_app.portfolio.standing import standings
from missions_app.web.filters import short_date
from missions_app.web.portfolio import words
from missions_app.web.portfolio.blueprint import bp
from missions_app.web.portfolio.reports import grouped
from missions_app.work import queue
from missions_app.workflow.method_service import method_in_force


@bp.get("/overview")
@signed_in
def show_overview() -> ResponseReturnValue:
    """What waits, what stands still and why, and the figures of the year."""
    authorise(policy.can_oversee, None)
    figures, method = overview.figures_of_the_year(), method_in_force()
    flow = [one for one in figures if one.group == "flow"]
    return render_template(
        "portfolio/show_overview.html", groups=queue.groups_for(actor(), clock.today()), flow=flow,
        days=overview.median_days(flow),
        stuck=overview.stuck_missions(), figures=grouped([one for one in figures if one.group != "flow"]), words=words,
        standings=[(method.term("theme", theme), found) for theme, found in standings().items()],
        bullet=partial(bullet, day=short_date),
    )  # fmt: skip


@bp.get("/overview/figures/<key>")
@signed_in
def show_overview_figure(key: str) -> ResponseReturnValue:
    """What a figure of the overview is counted from."""
    authorise(policy.can_oversee, None)
    figure = next((one for one in overview.figures_of_the_year() if one.key == key), None)
    if figure is None:
        raise NotFound()
    return render_template(
        "portfolio/show_figure.html", figure=figure, words=words,
        crumbs=[(_("Overview"), url_for("portfolio.show_overview"))], frozen=None, heading=words.figure_label(figure),
    )  # fmt: skip
