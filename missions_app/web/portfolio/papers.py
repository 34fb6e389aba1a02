"""The paper that a body decides on."""

from flask import render_template
from flask.typing import ResponseReturnValue

from missions_app.edge.access import authorise, signed_in
from missions_app.evaluation import results as evaluation_results
from missions_app.missions import queries as missions
from missions_app.portfolio.brief import brief, first_rows, rest_of
from missions_app.portfolio.charts import line_chart
from missions_app.portfolio.decision_paper import draw_paper
from missions_app.portfolio.sentences import standing_of
from missions_app.web.filters import short_date
from missions_app.web.portfolio.blueprint import bp
from missions_app.workflow import policy


@bp.get("/missions/<reference>/paper/<gate_id>")
@signed_in
def show_paper(reference: str, gate_id: str) -> ResponseReturnValue:
    """Two pages: the proposal and why, then the doubts, the money and what follows."""
    mission = missions.get_mission(reference)
    authorise(policy.can_read_gate, mission)
    paper = draw_paper(mission, gate_id)
    events = evaluation_results.test_days(mission.id)
    first = next((one for one in paper.results if one.points), None)
    return render_template(
        "portfolio/show_paper.html", paper=paper, mission=mission, brief=brief, first_rows=first_rows, rest_of=rest_of,
        standing_of=standing_of,
        chart=line_chart(first, events, day=short_date) if first else None,
    )  # fmt: skip
