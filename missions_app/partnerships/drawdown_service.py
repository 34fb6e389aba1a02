"""Promises drawn down by what happens: bookings that were used, hours that were logged, reports that were handed in."""

from datetime import date

from missions_app import clock, db
from missions_app.accounts.actor import Actor
from missions_app.accounts.policy import permit
from missions_app.audit import trail
from missions_app.errors import Problem
from missions_app.i18n import N_
from missions_app.missions.models import Mission
from missions_app.partnerships import checking, policy, queries, rules
from missions_app.partnerships.errors import HasLeft
from missions_app.partnerships.models import (
    Commitment,
    CommitmentState,
    Delivery,
    HoursLog,
    Partner,
    PartnerState,
)

BOOKING, HOURS, REPORT = "booking", "hours", "report"
DRAWN = (CommitmentState.COMMITTED, CommitmentState.DELIVERED)
MOST_HOURS = 1000


def log_hours(partner: Partner, *, worked_on: date, hours: float, function: str, what: str, by: Actor) -> HoursLog:
    """Note hours that a partner's people have worked; they draw its promises of hours down.

    Raises:
        NotAllowed, HasLeft, InvalidInput (every problem).
    """
    permit(policy.can_change_partner, by, partner)
    with db.transaction() as session:
        if partner.state is PartnerState.LEFT:
            raise HasLeft(organisation=partner.organisation.name)
        problems = []
        if not 0 < hours <= MOST_HOURS:
            problems.append(Problem("out_of_range", N_("Write hours above zero, at most 1 000."), "hours"))
        if worked_on > clock.today():
            problems.append(Problem("in_the_future", N_("Choose today or an earlier day."), "worked_on"))
        if not function.strip():
            text = N_("Write the function of who worked, not a name.")
            problems.append(Problem("missing", text, "function"))
        problems += checking.too_long({"function": (function, 200), "what": (what, 300)})
        checking.refuse(problems)
        log = HoursLog(
            partner=partner, worked_on=worked_on, hours=hours, function=function.strip(), what=what.strip(),
            noted_at=clock.now(), noted_by_id=by.user_id,
        )  # fmt: skip
        session.add(log)
        session.flush()
        trail.record("hours.logged", partner.mission, by=by, organisation=partner.organisation.slug, hours=hours)
        draw_down(partner, "hours", hours, worked_on, source_kind=HOURS, source_key=str(log.id), source=log.function,
                  by=by)  # fmt: skip
        return log


def draw_down(
    partner: Partner, kind: str, quantity: float, on: date, *, source_kind: str, source_key: str, source: str, by: Actor
) -> list[Delivery]:
    """Let an amount draw a partner's running promises of a kind down. What is over is noted on the promise that was
    drawn last, as more than promised; where there is no promise nothing is noted. One record draws once.

    Args:
        quantity: in the kind's unit. source: what shows it, in words; source_kind and source_key name the record.
    """
    with db.transaction() as session:
        promises = [one for one in _held(partner, kind) if one.state in DRAWN and one.quantity is not None]
        if not promises or _is_drawn(promises, source_kind, source_key):
            return []
        running = [
            rules.Running(
                one.id, rules.left_of(one.quantity, one.value_ore, one.deliveries).quantity, one.period_from,
                one.period_until,
            )
            for one in promises
        ]  # fmt: skip
        drawn, over = rules.allocate(quantity, on, running)
        by_id = {one.id: one for one in promises}
        parts = [(by_id[key], amount, False) for key, amount in drawn]
        if over:
            parts.append((by_id[drawn[-1][0]] if drawn else promises[-1], over, True))
        made = []
        for commitment, amount, is_extra in parts:
            delivery = Delivery(
                commitment=commitment, quantity=amount, value_ore=_worth(commitment, amount, is_extra=is_extra),
                delivered_on=on, source=source[:300], source_kind=source_kind, source_key=source_key[:60],
                is_extra=is_extra, noted_at=clock.now(), noted_by_id=by.user_id,
            )  # fmt: skip
            session.add(delivery)
            made.append(delivery)
            if rules.is_kept(commitment.quantity, commitment.value_ore, commitment.deliveries):
                commitment.state = CommitmentState.DELIVERED
        trail.record("commitment.drawn_down", partner.mission, by=by, organisation=partner.organisation.slug, kind=kind,
                     source=f"{source_kind}:{source_key}", quantity=quantity)  # fmt: skip
        return made


def draw_for(
    mission: Mission, organisation_id: int, kind: str, quantity: float, on: date, *, source_kind: str, source_key: str,
    source: str, by: Actor,
) -> list[Delivery]:  # fmt: skip
    """The same for an organisation that may or may not be a partner of a mission."""
    partner = next((one for one in queries.partners_of(mission) if one.organisation_id == organisation_id), None)
    if partner is None or partner.state is not PartnerState.COMMITTED:
        return []
    return draw_down(partner, kind, quantity, on, source_kind=source_kind, source_key=source_key, source=source, by=by)


def _held(partner: Partner, kind: str) -> list[Commitment]:
    """A partner's promises of a kind, each held until the transaction ends and read as it is then: whoever draws at
    the same moment has drawn already, or waits."""
    found = [
        one for one in queries.commitments_of(partner.mission) if one.partner_id == partner.id and one.kind == kind
    ]
    for one in found:
        db.lock_row(one)
    return found


def _is_drawn(promises: list[Commitment], source_kind: str, source_key: str) -> bool:
    return any(
        part.source_kind == source_kind and part.source_key == source_key for one in promises for part in one.deliveries
    )


def _worth(commitment: Commitment, quantity: float, *, is_extra: bool) -> int:
    """The part's share of the promise's value; the last part takes what is left, so that öre add up."""
    promised = rules.Sum(commitment.quantity or 0.0, commitment.value_ore)
    value = rules.part_of(promised, quantity, None).value_ore
    left = rules.left_of(commitment.quantity, commitment.value_ore, commitment.deliveries)
    if is_extra:
        return value
    return left.value_ore if left.quantity - quantity <= rules.ROUNDING else min(value, left.value_ore)
