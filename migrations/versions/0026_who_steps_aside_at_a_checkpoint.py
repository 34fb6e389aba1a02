"""who steps aside at a checkpoint

Revision: 0026; follows: 0025; written: 2026-11-25 19:44:16.615671
"""

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None

SETTLED = (
    "journey_id", "gate", "outcome", "reasons", "decided_by_id", "decided_as", "decided_on", "recorded_at",
    "registry_number", "differs_because", "corrects_id", "met_on", "votes_for", "votes_against", "votes_abstained",
)  # fmt: skip


def _guard(*columns: str) -> None:
    """Let the database refuse a change of these columns of a decision, and of no others."""
    on_postgresql = op.get_bind().dialect.name == "postgresql"
    differs = "IS DISTINCT FROM" if on_postgresql else "IS NOT"
    changed = " OR ".join(f"NEW.{column} {differs} OLD.{column}" for column in columns)
    begin = "CREATE TRIGGER gate_decision_settled_update BEFORE UPDATE ON gate_decision"
    if on_postgresql:
        op.execute("DROP TRIGGER IF EXISTS gate_decision_settled_update ON gate_decision")
        op.execute(f"{begin} FOR EACH ROW WHEN (1 = 1 AND ({changed})) EXECUTE FUNCTION refuse_change_of_settled()")
    else:
        op.execute("DROP TRIGGER IF EXISTS gate_decision_settled_update")
        op.execute(f"{begin} WHEN 1 = 1 AND ({changed}) BEGIN SELECT RAISE(ABORT, 'gate_decision_is_settled'); END")


def upgrade() -> None:
    op.create_table(
        "recusal",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("journey_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("gate", sa.String(length=40), nullable=False),
        sa.Column("user_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("acted_as", sa.String(length=40), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("declared_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decision_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.CheckConstraint("decision_id IS NULL OR withdrawn_at IS NULL", name=op.f("ck_recusal_kept_or_withdrawn")),
        sa.ForeignKeyConstraint(
            ["decision_id"], ["gate_decision.id"], name=op.f("fk_recusal_decision_id_gate_decision")
        ),
        sa.ForeignKeyConstraint(["journey_id"], ["journey.id"], name=op.f("fk_recusal_journey_id_journey")),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name=op.f("fk_recusal_user_id_user_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recusal")),
    )
    with op.batch_alter_table("recusal", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_recusal_decision_id"), ["decision_id"], unique=False)
        batch_op.create_index("ix_recusal_journey_id_gate", ["journey_id", "gate"], unique=False)

    # Not in a batch: SQLite would build the table anew and lose its triggers.
    op.add_column("gate_decision", sa.Column("declared", sa.Boolean(), server_default=sa.false(), nullable=False))
    _guard(*SETTLED, "declared")


def downgrade() -> None:
    _guard(*SETTLED)
    op.drop_column("gate_decision", "declared")

    with op.batch_alter_table("recusal", schema=None) as batch_op:
        batch_op.drop_index("ix_recusal_journey_id_gate")
        batch_op.drop_index(batch_op.f("ix_recusal_decision_id"))

    op.drop_table("recusal")
