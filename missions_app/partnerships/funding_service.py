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
from missions_app.partnerships import checking, policy
from missions_app.partnerships.funding_rules import CURRENCIES, KRONOR, in_ore
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
        line = FundingLine(mission=mission)
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
    problems += _wrong_money(content)
    checking.refuse(problems)
    line.phase, line.source, line.cost = content.phase, content.source.strip(), content.cost.strip()
    line.is_secured, line.is_own, line.currency = content.is_secured, content.is_own, content.currency
    if content.currency == KRONOR:
        line.amount_ore, line.foreign_minor, line.rate_micro, line.rate_on = content.amount_ore, None, None, None
        return
    line.foreign_minor, line.rate_micro, line.rate_on = content.foreign_minor, content.rate_micro, content.rate_on
    line.amount_ore = in_ore(content.foreign_minor or 0, content.rate_micro or 0)


def _wrong_money(content: LineContent) -> list[Problem]:
    is_kronor = content.currency == KRONOR
    amount = content.amount_ore if is_kronor else content.foreign_minor or 0
    problems = [] if amount > 0 else [Problem("not_positive", N_("Write an amount above zero."), "amount")]
    if content.currency not in CURRENCIES:
        problems.append(Problem("unknown_choice", checking.CHOOSE, "currency"))
    if is_kronor:
        return problems
    if not content.rate_micro or content.rate_micro <= 0:
        text = N_("Write what one unit of the currency costs in kronor, such as 11,32.")
        problems.append(Problem("missing", text, "rate"))
    elif amount > 0 and in_ore(amount, content.rate_micro) <= 0:
        problems.append(Problem("not_positive", N_("Write an amount above zero."), "amount"))
    if content.rate_on is None:
        problems.append(Problem("missing", N_("Write which day the rate is from."), "rate_on"))
    elif content.rate_on > clock.today():
        problems.append(Problem("in_the_future", N_("Choose today or an earlier day."), "rate_on"))
    return problems
