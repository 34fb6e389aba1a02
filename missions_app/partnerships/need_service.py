"""What a mission needs, and how what nobody covers is to be covered."""

from dataclasses import dataclass
from datetime import date

from missions_app import clock, db
from missions_app.accounts.actor import Actor
from missions_app.accounts.policy import permit
from missions_app.audit import trail
from missions_app.errors import InvalidInput, Problem
from missions_app.i18n import N_
from missions_app.missions.models import Mission
from missions_app.partnerships import checking, policy
from missions_app.partnerships.models import Need
from missions_app.partnerships.partner_service import require_open
from missions_app.workflow.method import Method
from missions_app.workflow.method_service import method_of


@dataclass(frozen=True, slots=True)
class NeedContent:
    """A need as written. kind, priority, peak and role are the method's keys; the two last may be ""."""

    kind: str
    text: str
    priority: str
    peak: str = ""
    quantity: str = ""
    needed_from: date | None = None
    needed_until: date | None = None
    text_en: str = ""
    role: str = ""


def add_need(mission: Mission, content: NeedContent, *, by: Actor) -> Need:
    """Say what the mission needs.

    Raises:
        NotAllowed, PartnershipClosed, InvalidInput (every problem).
    """
    permit(policy.can_coordinate, by, mission)
    with db.transaction() as session:
        require_open(mission)
        need = Need(mission=mission)
        _write(need, content)
        session.add(need)
        trail.record("need.added", mission, by=by, kind=content.kind, priority=content.priority)
        return need


def edit_need(need: Need, content: NeedContent, *, by: Actor, expected_version: int) -> None:
    """Word a need anew; what covers it stays linked.

    Raises:
        NotAllowed, StaleVersion, InvalidInput.
    """
    permit(policy.can_coordinate, by, need.mission)
    with db.transaction():
        db.expect_version(need, expected_version)
        _write(need, content)
        trail.record("need.edited", need.mission, by=by, need=need.id, priority=content.priority)


def plan_need(need: Need, *, plan_date: date | None, plan_text: str, by: Actor, expected_version: int) -> None:
    """Say how and when an uncovered need is to be covered; without a date the plan is taken away."""
    permit(policy.can_coordinate, by, need.mission)
    with db.transaction():
        db.expect_version(need, expected_version)
        if plan_date is not None and not plan_text.strip():
            raise InvalidInput.of([Problem("missing", N_("Say how the need is to be covered."), "plan_text")])
        if plan_date is not None and plan_date <= clock.today():
            raise InvalidInput.of([Problem("in_the_past", N_("Choose a day after today."), "plan_date")])
        need.plan_date, need.plan_text = plan_date, plan_text.strip() if plan_date else ""
        trail.record("need.planned", need.mission, by=by, need=need.id)


def withdraw_need(need: Need, *, by: Actor, expected_version: int) -> None:
    """The mission no longer needs it."""
    permit(policy.can_coordinate, by, need.mission)
    with db.transaction():
        db.expect_version(need, expected_version)
        need.withdrawn_at = clock.now()
        trail.record("need.withdrawn", need.mission, by=by, need=need.id)


def problems_of(content: NeedContent, method: Method) -> list[Problem]:
    """Everything that is wrong with a need as written."""
    wanted = [("kind", "need_kind", content.kind), ("priority", "need_priority", content.priority)]
    wanted += [("peak", "peak", content.peak)] if content.peak else []
    wanted += [("role", "partner_role", content.role)] if content.role else []
    problems = checking.unknown(method, wanted)
    if not content.text.strip():
        problems.append(Problem("missing", N_("Say what is needed."), "text"))
    return problems + checking.reversed_period(content.needed_from, content.needed_until, "needed_until")


def _write(need: Need, content: NeedContent) -> None:
    checking.refuse(problems_of(content, method_of(need.mission.journey.method_version)))
    need.kind, need.priority, need.peak, need.role = content.kind, content.priority, content.peak, content.role
    need.text, need.text_en, need.quantity = content.text.strip(), content.text_en.strip(), content.quantity.strip()
    need.needed_from, need.needed_until = content.needed_from, content.needed_until
