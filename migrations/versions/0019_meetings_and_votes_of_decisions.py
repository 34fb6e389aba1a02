"""Meetings and votes of decisions

Revision: 0019; follows: 0018; written: 2026-11-25 19:43:11.331788
"""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


SETTLED = (
    "journey_id", "gate", "outcome", "reasons", "decided_by_id", "decided_as", "decided_on", "recorded_at",
    "registry_number", "differs_because", "corrects_id",
)  # fmt: skip
NEW = ("met_on", "votes_for", "votes_against", "votes_abstained")
VOTED = (
    "(votes_for IS NULL AND votes_against IS NULL AND votes_abstained IS NULL) OR "
    "(met_on IS NOT NULL AND votes_for >= 0 AND votes_against >= 0 AND votes_abstained >= 0)"
)
POSTGRESQL_DELETE = (
    "CREATE TRIGGER gate_decision_settled_delete BEFORE DELETE ON gate_decision FOR EACH ROW WHEN (1 = 1) "
    "EXECUTE FUNCTION refuse_change_of_settled()"
)
SQLITE_DELETE = (
    "CREATE TRIGGER gate_decision_settled_delete BEFORE DELETE ON gate_decision WHEN 1 = 1 "
    "BEGIN SELECT RAISE(ABORT, 'gate_decision_is_settled'); END"
)


def _unguard() -> None:
    on = " ON gate_decision" if op.get_bind().dialect.name == "postgresql" else ""
    for act in ("update", "delete"):
        op.execute(f"DROP TRIGGER gate_decision_settled_{act}{on}")


def _guard(columns: tuple[str, ...]) -> None:
    begins = "CREATE TRIGGER gate_decision_settled_update BEFORE UPDATE ON gate_decision"
    if op.get_bind().dialect.name == "postgresql":
        changed = " OR ".join(f"NEW.{column} IS DISTINCT FROM OLD.{column}" for column in columns)
        op.execute(f"{begins} FOR EACH ROW WHEN (1 = 1 AND ({changed})) EXECUTE FUNCTION refuse_change_of_settled()")
        op.execute(POSTGRESQL_DELETE)
    else:
        changed = " OR ".join(f"NEW.{column} IS NOT OLD.{column}" for column in columns)
        op.execute(f"{begins} WHEN 1 = 1 AND ({changed}) BEGIN SELECT RAISE(ABORT, 'gate_decision_is_settled'); END")
        op.execute(SQLITE_DELETE)


def upgrade() -> None:
    _unguard()
    with op.batch_alter_table("gate_decision", schema=None) as batch_op:
        batch_op.add_column(sa.Column("met_on", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("votes_for", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("votes_against", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("votes_abstained", sa.Integer(), nullable=True))
        batch_op.create_check_constraint(op.f("ck_gate_decision_voted_or_not"), VOTED)
    _guard(SETTLED + NEW)


def downgrade() -> None:
    _unguard()
    with op.batch_alter_table("gate_decision", schema=None) as batch_op:
        batch_op.drop_constraint(op.f("ck_gate_decision_voted_or_not"), type_="check")
        batch_op.drop_column("votes_abstained")
        batch_op.drop_column("votes_against")
        batch_op.drop_column("votes_for")
        batch_op.drop_column("met_on")
    _guard(SETTLED)
