"""Moving one running case to another version of the method, or deciding that it stays: by choice, one at a time."""

from missions_app import clock, db
from missions_app.accounts.actor import Actor
from missions_app.accounts.policy import permit
from missions_app.audit import trail
from missions_app.workflow import journey_service, method_simulation, policy
from missions_app.workflow.errors import AlreadyUnder, CannotMove
from missions_app.workflow.gate_doors import long_enough
from missions_app.workflow.method_models import MethodMigration, MigrationOutcome
from missions_app.workflow.method_simulation import Compared
from missions_app.workflow.models import MethodStatus, MethodVersion
from missions_app.workflow.subjects import Subject


def move_case(subject: Subject, version: MethodVersion, *, reason: str, by: Actor,
              expected_version: int | None = None) -> MethodMigration:  # fmt: skip
    """Pin a running case to an adopted version. How every criterion stood before and after is kept.

    Raises:
        NotAllowed, AlreadyUnder, CannotMove, TooShort, StaleVersion.
    """
    permit(policy.can_edit_method, by, None)
    with db.transaction():
        compared = _open(subject, version, reason, expected_version)
        if compared.missing or version.status is not MethodStatus.ADOPTED:
            raise CannotMove(missing=list(compared.missing) or [version.status.value])
        kept = _keep(compared, version, MigrationOutcome.MOVED, reason, by)
        subject.journey.method_version = version
        trail.record(
            "journey.method_changed", subject, by=by, number=version.number, differing=list(compared.differing)
        )
        return kept


def keep_case(subject: Subject, version: MethodVersion, *, reason: str, by: Actor,
              expected_version: int | None = None) -> MethodMigration:  # fmt: skip
    """Record that a running case stays with the version it began under, and why."""
    permit(policy.can_edit_method, by, None)
    with db.transaction():
        compared = _open(subject, version, reason, expected_version)
        trail.record("journey.method_kept", subject, by=by, number=version.number)
        return _keep(compared, version, MigrationOutcome.STAYED, reason, by)


def _open(subject: Subject, version: MethodVersion, reason: str, expected_version: int | None) -> Compared:
    journey = journey_service.lock(subject.journey)
    db.expect_version(journey, expected_version)
    if journey.method_version_id == version.id:
        raise AlreadyUnder(number=version.number)
    long_enough(reason, "reason")
    return method_simulation.compare(subject, version)


def _keep(
    compared: Compared, version: MethodVersion, outcome: MigrationOutcome, reason: str, by: Actor
) -> MethodMigration:
    journey = compared.subject.journey
    migration = MethodMigration(
        journey=journey, from_version=journey.method_version, to_version=version, outcome=outcome,
        reason=reason.strip(), before=dict(compared.before), after=dict(compared.after),
        differing=compared.differing, at=clock.now(), by_id=by.user_id,
    )  # fmt: skip
    db.session.add(migration)
    return migration
