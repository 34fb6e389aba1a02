"""Following up what decisions ask for."""

from missions_app import clock, db
from missions_app.accounts.actor import Actor
from missions_app.accounts.policy import permit
from missions_app.audit import trail
from missions_app.errors import InvalidInput, Problem
from missions_app.i18n import N_
from missions_app.workflow.gate_doors import long_enough
from missions_app.workflow.models import DecisionCondition
from missions_app.workflow.owners import may_fulfil, owners_of
from missions_app.workflow.subjects import Subject

UNKNOWN_OWNER = N_("Choose somebody on the list, or write who it is.")
EVIDENCE = 1000


def name_of_owner(subject: Subject, owner_ref: str, owner: str, locale: str) -> str:
    """What an owner is called: as the list calls those who are on it, else as written.

    Raises:
        InvalidInput: the reference is nobody's who takes part in the case.
    """
    if not owner_ref:
        return owner.strip()
    found = next((one for one in owners_of(subject, locale) if one.ref == owner_ref), None)
    if found is None:
        raise InvalidInput.of([Problem("unknown_owner", UNKNOWN_OWNER, "conditions")])
    return found.name


def complete_condition(
    condition: DecisionCondition, *, subject: Subject, how: str, evidence: str = "", by: Actor
) -> None:  # fmt: skip
    """Say how a condition was met. What is done keeps its day and its words.

    Args:
        how: in words, at least as long as other reasons. evidence: a link, or what to look up.

    Raises:
        NotAllowed, TooShort, InvalidInput.
    """
    permit(lambda actor, one: may_fulfil(actor, one, subject), by, condition)
    with db.transaction():
        db.lock_row(condition)
        if condition.done_at is not None:
            return
        long_enough(how, "how")
        if len(evidence) > EVIDENCE:
            raise InvalidInput.of([
                Problem("too_long", N_("Use at most %(most)d characters."), "evidence", {"most": EVIDENCE})
            ])  # fmt: skip
        condition.done_at, condition.how_met = clock.now(), how.strip()
        condition.evidence = evidence.strip()
        trail.record("condition.done", subject, by=by, condition=condition.id)
