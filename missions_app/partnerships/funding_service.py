"""The funding plan, line by line."""

from dataclasses import dataclass
from datetime import date

from missions_app import clock, db
from missions_app.accounts.actor import Actor
from missions_app.accounts.policy import permit
from missions_app.audit import trail
from missions_app.errors import Problem
from missions_app.i18n import N_
from missions_app.missions.models import Mission
from missions_app.partnerships import amounts, checking, policy
from missions_app.partnerships.funding_rules import KRONOR
from missions_app.partnerships.models import FundingLine
from missions_app.workflow.method_service import method_of


@dataclass(frozen=True, slots=True)
class LineContent:
    """A line as written: the method's phase, from whom, what it pays for, öre, whether the money is
    secured, and whether the partners pay it themselves.

    currency: another than SEK takes foreign_minor (its hundredths), rate_micro (millionths of a krona for one unit) and
        rate_on (the day of the rate) instead of öre, which are worked out.
    """

    phase: str
    source: str
    cost: str
    amount_ore: int = 0
    is_secured: bool = False
    is_own: bool = False
    currency: str = KRONOR
    foreign_minor: int | None = None
    rate_micro: int | None = None
    rate_on: date | None = None


def add_funding(mission: Mission, content: LineContent, *, by: Actor) -> FundingLine:
    """A line of the funding plan. The check of double funding is the gate's, so that the plan can be mended there.

    Raises:
        NotAllowed, InvalidInput (every problem).
    """
    permit(policy.can_coordinate, by, mission)
    with db.transaction() as session:
        line = FundingLine(mission=mission, entered_at=clock.now())
        _write(line, content)
        session.add(line)
        trail.record("funding.added", mission, by=by, phase=content.phase, amount_ore=content.amount_ore)
        return line


def edit_funding(line: FundingLine, content: LineContent, *, by: Actor, expected_version: int) -> None:
    """Change a line.

    Raises:
        NotAllowed, StaleVersion, InvalidInput.
    """
    permit(policy.can_coordinate, by, line.mission)
    with db.transaction():
        db.expect_version(line, expected_version)
        before = line.amount_ore
        _write(line, content)
        trail.record(
            "funding.edited", line.mission, by=by, line=line.id, amount_before_ore=before, amount_ore=line.amount_ore
        )


def remove_funding(line: FundingLine, *, by: Actor, expected_version: int) -> None:
    """Take a line out of the plan; it stays in history."""
    permit(policy.can_coordinate, by, line.mission)
    with db.transaction():
        db.expect_version(line, expected_version)
        line.removed_at = clock.now()
        trail.record("funding.removed", line.mission, by=by, line=line.id)


def _write(line: FundingLine, content: LineContent) -> None:
    method = method_of(line.mission.journey.method_version)
    problems = checking.unknown(method, [("phase", "funding_phase", content.phase)])
    if not content.cost.strip():
        problems.append(Problem("missing", N_("Say what the money is for."), "cost"))
    checking.refuse(problems + amounts.wrong(content))
    line.phase, line.source, line.cost = content.phase, content.source.strip(), content.cost.strip()
    line.is_secured, line.is_own = content.is_secured, content.is_own
    amounts.write(line, content)
