"""The meeting at which a body decides: when it was, and how its members voted where they did."""

from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from missions_app import clock
from missions_app.errors import InvalidInput, Problem
from missions_app.i18n import N_
from missions_app.workflow.models import GateDecision

VOTES = ("votes_for", "votes_against", "votes_abstained")


@dataclass(frozen=True, slots=True)
class Meeting:
    """The day of the meeting, and the votes; None where the body was of one mind and nobody counted."""

    met_on: date | None = None
    votes_for: int | None = None
    votes_against: int | None = None
    votes_abstained: int | None = None

    @property
    def columns(self) -> dict[str, Any]:
        """The same as columns of the decision."""
        return asdict(self)


def meeting_of(decision: GateDecision) -> Meeting:
    """The meeting that a decision was made at."""
    return Meeting(decision.met_on, decision.votes_for, decision.votes_against, decision.votes_abstained)


def check_meeting(meeting: Meeting | None) -> Meeting:
    """The meeting as it is kept: where some votes are given, those left out are none.

    Raises:
        InvalidInput: it lists every problem.
    """
    if meeting is None:
        return Meeting()
    votes = {name: getattr(meeting, name) for name in VOTES}
    voted = any(value is not None for value in votes.values())
    problems = [
        Problem("negative", N_("Write 0 or a higher number."), name)
        for name, value in votes.items()
        if value is not None and value < 0
    ]
    if voted and meeting.met_on is None:
        problems.append(Problem("meeting_missing", N_("Write the day of the meeting where they voted."), "met_on"))
    if meeting.met_on is not None and meeting.met_on > clock.today():
        problems.append(Problem("in_the_future", N_("Choose today or an earlier day."), "met_on"))
    if problems:
        raise InvalidInput.of(problems)
    return Meeting(meeting.met_on, **({name: value or 0 for name, value in votes.items()} if voted else {}))
