"""My work: what waits for me, in order."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from missions_app import clock
from missions_app.edge.access import actor, signed_in
from missions_app.work import queue

bp = Blueprint("work", __name__)


@bp.get("/work")
@signed_in
def show_work() -> ResponseReturnValue:
    """What waits, what is late, and why."""
    today = clock.today()
    return render_template("work/show_work.html", groups=queue.groups_for(actor(), today), today=today, now=clock.now())
