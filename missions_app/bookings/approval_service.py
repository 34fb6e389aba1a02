"""The owner's answer to each line, and the conditions that come with a yes."""

from collections.abc import Sequence
from dataclasses import dataclass

from missions_app import clock, db
from missions_app.accounts.actor import Actor
from missions_app.accounts.policy import permit
from missions_app.audit import trail
from missions_app.bookings import checking, consents, letters, policy, queries, reservations, rules, sending, states
from missions_app.bookings.errors import ConditionsLeft, Incomplete, OwnRequest
from missions_app.bookings.models import Condition, ConditionDue, Line, LineState
from missions_app.bookings.steps import no_step, require_answer
from missions_app.errors import Problem
from missions_app.i18n import N_

MOST_CONDITIONS = 20
YES = (LineState.APPROVED, LineState.CONDITIONAL)


@dataclass(frozen=True, slots=True)
class Asked:
    """A condition: what, and whether it has to be met before the owner confirms or on site."""

    text: str
    due: ConditionDue = ConditionDue.BEFORE


@db.retried
def decide_line(
    line: Line, to: LineState, *, reason: str, by: Actor, expected_version: int, conditions: Sequence[Asked] = (),
    override_reason: str = "",
) -> None:  # fmt: skip
    """The owner's answer to one line: approved, conditional, needs_info or declined.

    What comes on site may go with a plain yes; what comes before makes it conditional: the time is then kept until the
    use begins, since the owner has answered, and the owner confirms when everything is ticked off. Where several
    managers have to agree, a yes is noted and the state stays until the last of them has given theirs.

    Args:
        override_reason: why rules that no longer hold are set aside; kept with who and when.

    Raises:
        NotAllowed, OwnRequest, NoSuchStep, NeedsNewDay, StaleVersion, ConditionsLeft, AlreadyAgreed, Incomplete (reason
        missing, a rule broken), Taken.
    """
    permit(policy.manages_line, by, line)
    with db.transaction() as session:
        reservations.lock_lines([line])
        db.expect_version(line, expected_version)
        wanted = [Asked(one.text.strip(), one.due) for one in conditions if one.text.strip()]
        if to is LineState.APPROVED and any(one.due is ConditionDue.BEFORE for one in wanted):
            text = N_("You have written conditions that come before. Approve on conditions, or take them away.")
            raise Incomplete.of([Problem("conditions_before", text, "before")])
        broken = sending.rule_problems(line) if to in YES else []
        if not _answer(line, to, reason, wanted, by, override_reason, broken):
            return
        session.flush()
        _occupy_as_decided(to, [line])
        letters.tell_decided([line], [one.text for one in wanted])


def decide_lines(
    lines: Sequence[Line], to: LineState, *, reason: str, by: Actor, override_reason: str = ""
) -> list[Line]:  # fmt: skip
    """The same answer to many lines of one booking, such as the dates of a series; joins the open transaction, in which
    they are locked, and tells nobody. The number of statements that read does not depend on how many there are.

    Returns:
        Those that are answered by it; the others wait for further managers.

    Raises: as decide_line.
    """
    for line in lines:
        permit(policy.manages_line, by, line)
    broken = checking.problems_of_lines(lines) if to in YES else [[] for _line in lines]
    answered = [
        line
        for line, found in zip(lines, broken, strict=True)
        if _answer(line, to, reason, (), by, override_reason, found)
    ]
    if answered:
        db.session.flush()
        _occupy_as_decided(to, answered)
    return answered


def _answer(
    line: Line, to: LineState, reason: str, wanted: Sequence[Asked], by: Actor, override_reason: str,
    broken: Sequence[Problem],
) -> bool:  # fmt: skip
    """Note an answer; False while other managers have to agree too. Its time is seen to by the caller.

    Args:
        broken: the rules of the resource that the line breaks now.
    """
    booking = line.booking
    is_own = by.user_id is not None and by.user_id in (booking.requested_by_id, booking.booked_for_id)
    if is_own and to in YES:
        raise OwnRequest()
    require_answer(line, to)
    if to in YES and line.ends_at <= clock.now():
        text = N_("The time is over, so a yes comes too late. Decline it instead.")
        raise Incomplete.of([Problem("use_is_over", text, "to")])
    _require_words(to, reason, wanted)
    agreed = to is not LineState.APPROVED or consents.agree(line, by=by)
    if agreed and to in YES:
        _require_rules(line, broken, by=by, override_reason=override_reason)
    db.session.add_all(Condition(line=line, text=one.text, due=one.due) for one in wanted)
    line.decision_reason = reason.strip()
    if not agreed:
        return False
    before = line.state
    line.state, line.decided_at, line.decided_by_id = to, clock.now(), by.user_id
    trail.record("booking.decided", booking, by=by, role=states.MANAGER, line=line.id, from_state=before.value,
                 to_state=to.value)  # fmt: skip
    return True


def _require_rules(line: Line, broken: Sequence[Problem], *, by: Actor, override_reason: str) -> None:
    """What was asked for in time may be answered late; every other rule holds when the owner says yes as well."""
    problems = [one for one in broken if one.code not in rules.OF_ASKING]
    left = sending.set_aside(line, problems, by=by, reason=override_reason)
    if left:
        raise Incomplete.of(left)


def _require_words(to: LineState, reason: str, wanted: Sequence[Asked]) -> None:
    if len(wanted) > MOST_CONDITIONS:
        text = N_("Write at most %(most)d conditions.")
        raise Incomplete.of([Problem("too_many_conditions", text, "conditions", {"most": MOST_CONDITIONS})])
    if to is LineState.CONDITIONAL and any(one.due is ConditionDue.BEFORE for one in wanted):
        return
    if to is LineState.CONDITIONAL and not reason.strip():
        text = N_("Write at least one condition before you confirm, or the reason.")
        raise Incomplete.of([Problem("missing", text, "before")])
    if to is not LineState.APPROVED and (problems := sending.reason_problems(reason)):
        raise Incomplete.of(problems)


def _occupy_as_decided(to: LineState, lines: Sequence[Line]) -> None:
    match to:
        case LineState.DECLINED:
            reservations.release(*lines)
        case LineState.APPROVED:
            if queries.unmet_before(line.id for line in lines):
                raise ConditionsLeft()
            if free := queries.unoccupied(lines):
                sending.occupy_all(free, expires_at=None, where_free=True)
            reservations.keep(*lines)
        case LineState.CONDITIONAL:
            for line in lines:
                reservations.keep(line, until=line.starts_at)
        case _:
            pass


def tick_condition(condition: Condition, *, by: Actor, expected_version: int) -> None:
    """Note that a condition is met; kept with who and when. Those who book and the owner may.

    Raises:
        NotAllowed, StaleVersion, NoSuchStep (the line is over).
    """
    line = condition.line
    permit(policy.takes_part, by, line)
    with db.transaction() as session:
        db.expect_version(condition, expected_version)
        if line.state in states.OVER:
            raise no_step(line)
        if condition.ticked_at is not None:
            return
        condition.ticked_at, condition.ticked_by_id = clock.now(), by.user_id
        trail.record("booking.condition_ticked", line.booking, by=by, line=line.id, condition=condition.id)
        session.flush()
        waiting = [one for one in queries.conditions_of(line) if one.due is ConditionDue.BEFORE and not one.ticked_at]
        if condition.due is ConditionDue.BEFORE and not waiting and line.state is LineState.CONDITIONAL:
            letters.tell_conditions_met(line)


def untick_condition(condition: Condition, *, by: Actor, expected_version: int) -> None:
    """Take a tick back: it was not met after all. What the trail says stays."""
    line = condition.line
    permit(policy.takes_part, by, line)
    with db.transaction():
        db.expect_version(condition, expected_version)
        if line.state in states.OVER:
            raise no_step(line)
        condition.ticked_at = condition.ticked_by_id = None
        trail.record("booking.condition_unticked", line.booking, by=by, line=line.id, condition=condition.id)
