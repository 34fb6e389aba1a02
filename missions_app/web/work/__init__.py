"""My work: what waits for me, in order."""

from collections.abc import Sequence
from datetime import timedelta

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from missions_app import clock
from missions_app.accounts.policy import SECRETARIAT
from missions_app.edge.access import actor, signed_in
from missions_app.i18n import _
from missions_app.messages import queries as messages
from missions_app.portfolio.method_statistics import CriterionFigures, criteria_of
from missions_app.work import nudge_service, queue
from missions_app.workflow.method_service import find_version_in_force

YEAR = timedelta(days=365)
MOST_STOPS = 3

bp = Blueprint("work", __name__)


@bp.get("/work")
@signed_in
def show_work() -> ResponseReturnValue:
    """What waits, what is late, and why."""
    today = clock.today()
    return render_template(
        "work/show_work.html", groups=queue.groups_for(actor(), today), today=today, now=clock.now(),
        can_nudge=nudge_service.can_nudge, unread=messages.unread(actor()), stops=_stops(),
    )  # fmt: skip


def _stops() -> Sequence[CriterionFigures]:
    """What stops most cases at their checkpoints, for those who help them past: the secretariat and coordinators."""
    if not (actor().has(SECRETARIAT) or actor().scopes_of("coordinator", "mission")):
        return ()
    version = find_version_in_force()
    return criteria_of(version, clock.now() - YEAR)[:MOST_STOPS] if version else ()


@bp.post("/nudges/<key>")
@signed_in
def nudge(key: str) -> ResponseReturnValue:
    """Remind those whose turn it is."""
    nudge_service.nudge(key, by=actor())
    flash(_("The reminder is on its way."))
    return redirect(url_for("work.show_work"), 303)
