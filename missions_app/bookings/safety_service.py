"""Permits and risks of a booking."""

from dataclasses import dataclass
from datetime import date

from missions_app import clock, db
from missions_app.accounts.actor import Actor
from missions_app.accounts.policy import permit
from missions_app.audit import trail
from missions_app.bookings import policy
from missions_app.bookings.errors import Incomplete, NotRequester
from missions_app.bookings.models import Booking, BookingPermit, PermitState, Risk
from missions_app.errors import Problem
from missions_app.i18n import N_
from missions_app.workflow.method_service import method_in_force

LEAST_REASON = 10


@dataclass(frozen=True, slots=True)
class PermitAnswer:
    """Where a permit stands: when it was applied for, which days it holds, its number, why if none is needed."""

    state: PermitState
    applied_on: date | None = None
    valid_from: date | None = None
    valid_until: date | None = None
    number: str = ""
    reason: str = ""


def set_permit(row: BookingPermit, answer: PermitAnswer, *, by: Actor, expected_version: int) -> None:
    """Note where a permit stands. Whoever books follows it up.

    Raises:
        NotAllowed, StaleVersion, Incomplete.
    """
    permit(policy.can_change, by, row.booking)
    with db.transaction():
        db.expect_version(row, expected_version)
        problems = []
        if answer.applied_on and answer.applied_on > clock.today():
            problems.append(Problem("in_the_future", N_("Choose today or an earlier day."), "applied_on"))
        if answer.state is PermitState.GRANTED:
            if answer.valid_from is None:
                problems.append(Problem("missing", N_("Fill this in."), "valid_from"))
            if answer.valid_until is None:
                problems.append(Problem("missing", N_("Fill this in."), "valid_until"))
            elif answer.valid_from and answer.valid_until < answer.valid_from:
                problems.append(
                    Problem(
                        "period_reversed",
                        N_("The last day comes before the first. Choose a later last day."),
                        "valid_until",
                    )
                )
        if answer.state is PermitState.NOT_NEEDED and len(answer.reason.strip()) < LEAST_REASON:
            text = N_("Write why no permit is needed, in at least %(least)d characters.")
            problems.append(Problem("reason_missing", text, "reason", {"least": LEAST_REASON}))
        if problems:
            raise Incomplete.of(problems)
        # Whoever says that it is applied for, and not when, does so today.
        applied_on = answer.applied_on or (clock.today() if answer.state is PermitState.APPLIED else None)
        row.state, row.applied_on, row.number = answer.state, applied_on, answer.number.strip()
        row.valid_from, row.valid_until, row.reason = answer.valid_from, answer.valid_until, answer.reason.strip()
        trail.record("permit.set", row.booking, by=by, permit=row.permit, state=answer.state.value)


def add_risk(booking: Booking, *, text: str, level: str, mitigation: str, by: Actor) -> Risk:
    """Add something that may go wrong; level is the method's."""
    if not policy.can_change(by, booking) and not by.is_system:
        raise NotRequester()
    with db.transaction() as session:
        problems = []
        if not text.strip():
            problems.append(Problem("missing", N_("Fill this in."), "text"))
        if method_in_force().find_term("risk_level", level) is None:
            problems.append(Problem("unknown_choice", N_("Choose one of the alternatives."), "level"))
        if problems:
            raise Incomplete.of(problems)
        risk = Risk(booking=booking, text=text.strip(), level=level, mitigation=mitigation.strip())
        session.add(risk)
        trail.record("risk.added", booking, by=by, level=level)
        return risk


def accept_risk(risk: Risk, *, by: Actor, expected_version: int) -> None:
    """The site accepts what is left of a risk; any manager of a site in the booking may."""
    permit(_manages_any, by, risk.booking)
    with db.transaction():
        db.expect_version(risk, expected_version)
        risk.accepted_by_id, risk.accepted_at = by.user_id, clock.now()
        trail.record("risk.accepted", risk.booking, by=by, role="site_manager", risk=risk.id)


def _manages_any(actor: Actor, booking: Booking) -> bool:
    return any(policy.manages_line(actor, line) for line in booking.lines)
