"""The whole of the region's work on one page."""

from flask import render_template, url_for
from flask.typing import ResponseReturnValue

from missions_app import clock
from missions_app.edge.access import actor, authorise, signed_in
from missions_app.errors import NotFound
from missions_app.i18n import _
from missions_app.portfolio import overview, policy
from missions_app.web.portfolio import words
from missions_app.web.portfolio.blueprint import bp
from missions_app.web.portfolio.reports import grouped
from missions_app.work import queue


@bp.get("/overview")
@signed_in
def show_overview() -> ResponseReturnValue:
    """What waits, what stands still and why, and the figures of the year."""
    authorise(policy.can_oversee, None)
    figures = overview.figures_of_the_year()
    flow = [one for one in figures if one.group == "flow"]
    return render_template(
        "portfolio/show_overview.html", groups=queue.groups_for(actor(), clock.today()), flow=flow,
        days=overview.median_days(flow),
        stuck=overview.stuck_missions(), figures=grouped([one for one in figures if one.group != "flow"]), words=words,
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
