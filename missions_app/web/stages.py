"""The method's steps for one case, for the stage tracker."""

from datetime import datetime
from typing import Any

from missions_app.i18n import _, current_locale
from missions_app.moments import plain_date
from missions_app.workflow import journey_queries
from missions_app.workflow.method_service import method_of
from missions_app.workflow.models import Journey

Step = tuple[str, str, str]


def steps_of(subject: Any) -> list[Step]:
    """(name, done | now | next, what is said under it) for every step of the method."""
    journey = subject.journey
    method = method_of(journey.method_version)
    state = method.state(journey.subject_kind, journey.state)
    here = method.stage_of(journey.subject_kind, journey.state).step
    order = [step.id for step in method.step]
    at, over = order.index(here), state.kind == "ended" and journey.subject_kind == "mission"
    locale = current_locale()
    # A journey as somebody may know it, with a decision kept back, has no history to date its steps by.
    left = _left_on(journey, order) if isinstance(journey, Journey) else {}
    rows = []
    for number, step in enumerate(method.step):
        place = "done" if number < at or (over and number <= at) else ("now" if number == at else "next")
        said = state.label.in_(locale) if number == at else ""
        if place == "done" and number in left:
            said = _("Done %(day)s", day=plain_date(left[number]))
        rows.append((step.label.in_(locale), place, said))
    return rows


def _left_on(journey: Journey, order: list[str]) -> dict[int, datetime]:
    """When the case left each step behind, the last time. What came before its own journey ended as that began."""
    method, kind = method_of(journey.method_version), journey.subject_kind
    left: dict[int, datetime] = {}
    before = 0
    for entry in journey_queries.entries_of(journey):
        step = order.index(method.stage_of(kind, entry.to_state).step)
        left |= dict.fromkeys(range(before, step), entry.at)
        before = step
    return left
