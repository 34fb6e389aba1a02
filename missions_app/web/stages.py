"""The method's steps for one case, for the stage tracker."""

from typing import Any

from missions_app.i18n import current_locale
from missions_app.workflow.method_service import method_of

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
    rows = []
    for number, step in enumerate(method.step):
        place = "done" if number < at or (over and number <= at) else ("now" if number == at else "next")
        rows.append((step.label.in_(locale), place, state.label.in_(locale) if number == at else ""))
    return rows
