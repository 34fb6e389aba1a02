"""My work: what waits for me, in order."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from missions_app import clock
from missions_app.edge.access import actor, signed_in
from missions_app.i18n import _
from missions_app.messages import queries as messages
from missions_app.portfolio.method_statistics import stops_most
from missions_app.work import nudge_service, queue

bp = Blueprint("work", __name__)


@bp.get("/work")
@signed_in
def show_work() -> ResponseReturnValue:
    """What waits, what is late, and why."""
    today = clock.today()
    return render_template(
        "work/show_work.html", groups=queue.groups_for(actor(), today), today=today, now=clock.now(),
        can_nudge=nudge_service.can_nudge, unread=messages.unread(actor()), stops=stops_most(actor()),
    )  # fmt: skip


@bp.post("/nudges/<key>")
@signed_in
def nudge(key: str) -> ResponseReturnValue:
    """Remind those whose turn it is."""
    nudge_service.nudge(key, by=actor())
    flash(_("The reminder is on its way."))
    return redirect(url_for("work.show_work"), 303)
