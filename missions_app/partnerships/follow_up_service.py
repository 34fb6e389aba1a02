"""Money that came afterwards: noted, corrected, taken out; and the sums of it over all missions."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from missions_app import clock, db
from missions_app.accounts.actor import Actor
from missions_app.accounts.policy import permit
from missions_app.audit import trail
from missions_app.errors import NotFound, Problem
from missions_app.i18n import N_
from missions_app.missions.models import Mission
from missions_app.partnerships import amounts, checking, policy
from missions_app.partnerships.follow_up_models import FollowUpFunding, FundingLevel
from missions_app.partnerships.funding_rules import KRONOR
from missions_app.workflow import gate_queries
from missions_app.workflow.models import GateDecision


@dataclass(frozen=True, slots=True)
class FollowUpContent:
    """A funder's decision as written; the amount as in a line of the funding plan.

    decision_id: the mission's published decision that it follows, None where it follows none. receiver: who got the
        money, where that is not the mission itself. reference: the funder's own number.
    """

    level: FundingLevel
    source: str
    purpose: str
    decided_on: date
    receiver: str = ""
    reference: str = ""
    decision_id: int | None = None
    amount_ore: int = 0
    currency: str = KRONOR
    foreign_minor: int | None = None
    rate_micro: int | None = None
    rate_on: date | None = None


def note(mission: Mission, content: FollowUpContent, *, by: Actor) -> FollowUpFunding:
    """Note that somebody has paid for what comes after; also when the mission has ended.

    Raises:
        NotAllowed, InvalidInput (every problem).
    """
    permit(policy.can_coordinate, by, mission)
    with db.transaction() as session:
        made = FollowUpFunding(mission=mission, noted_at=clock.now())
        _write(made, content)
        session.add(made)
        trail.record("follow_up.noted", mission, by=by, source=made.source, amount_ore=made.amount_ore)
        return made


def correct(one: FollowUpFunding, content: FollowUpContent, *, by: Actor, expected_version: int) -> None:
    """Change what was noted; NotAllowed, StaleVersion, InvalidInput."""
    permit(policy.can_coordinate, by, one.mission)
    with db.transaction():
        db.expect_version(one, expected_version)
        before = one.amount_ore
        _write(one, content)
        trail.record("follow_up.corrected", one.mission, by=by, follow_up=one.id, amount_before_ore=before,
                     amount_ore=one.amount_ore)  # fmt: skip


def take_out(one: FollowUpFunding, *, by: Actor, expected_version: int) -> None:
    """Take out what was noted by mistake; reports that are frozen keep it."""
    permit(policy.can_coordinate, by, one.mission)
    with db.transaction():
        db.expect_version(one, expected_version)
        one.removed_at = clock.now()
        trail.record("follow_up.taken_out", one.mission, by=by, follow_up=one.id)


def follow_up_of(mission: Mission) -> Sequence[FollowUpFunding]:
    """What came after a mission, the newest decision first."""
    return db.session.scalars(
        select(FollowUpFunding)
        .where(FollowUpFunding.mission_id == mission.id, FollowUpFunding.removed_at.is_(None))
        .options(joinedload(FollowUpFunding.decision))
        .order_by(FollowUpFunding.decided_on.desc(), FollowUpFunding.id.desc())
    ).all()


def get_follow_up(mission: Mission, key: int) -> FollowUpFunding:
    """One of what came after this mission, or NotFound."""
    found = db.session.get(FollowUpFunding, key)
    if found is None or found.mission_id != mission.id or found.removed_at is not None:
        raise NotFound()
    return found


def decisions_followed(mission: Mission) -> list[GateDecision]:
    """The mission's published decisions, newest first: what money may be said to follow."""
    return [one for one in gate_queries.decisions_of(mission.journey) if one.published_at is not None]


def by_year() -> Mapping[int, Mapping[FundingLevel, int]]:
    """Year -> level -> öre granted in it, over all missions; the oldest year first."""
    found: dict[int, dict[FundingLevel, int]] = {}
    rows = db.session.execute(
        select(FollowUpFunding.decided_on, FollowUpFunding.level, FollowUpFunding.amount_ore)
        .where(FollowUpFunding.removed_at.is_(None))
        .order_by(FollowUpFunding.decided_on)
    )
    for day, level, ore in rows:
        year = found.setdefault(day.year, {})
        year[level] = year.get(level, 0) + ore
    return found


def _write(one: FollowUpFunding, content: FollowUpContent) -> None:
    problems = [
        Problem("missing", N_("Fill this in."), name) for name in ("source", "purpose")
        if not getattr(content, name).strip()
    ]  # fmt: skip
    if content.decided_on > clock.today():
        problems.append(Problem("in_the_future", N_("Choose today or an earlier day."), "decided_on"))
    followed = {decision.id: decision for decision in decisions_followed(one.mission)}
    decision = followed.get(content.decision_id) if content.decision_id is not None else None
    if content.decision_id is not None and decision is None:
        problems.append(Problem("unknown_choice", checking.CHOOSE, "decision"))
    if decision is not None and decision.decided_on > content.decided_on:
        text = N_("The mission's decision was taken %(day)s, after this. Choose another, or a later day.")
        problems.append(Problem("before_decision", text, "decision", {"day": decision.decided_on}))
    problems += checking.too_long(
        {
            "source": (content.source, 200), "purpose": (content.purpose, 300), "receiver": (content.receiver, 200),
            "reference": (content.reference, 100),
        }
    )  # fmt: skip
    checking.refuse(problems + amounts.wrong(content))
    one.level, one.source, one.purpose = content.level, content.source.strip(), content.purpose.strip()
    one.receiver, one.reference = content.receiver.strip(), content.reference.strip()
    one.decided_on, one.decision = content.decided_on, decision
    amounts.write(one, content)
