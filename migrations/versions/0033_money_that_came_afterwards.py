"""money that came afterwards

Revision: 0033; follows: 0032 written: 2026-11-26 05:03:15.452316
"""

import sqlalchemy as sa
from alembic import op

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "follow_up_funding",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("mission_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("decision_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column(
            "level",
            sa.Enum(
                "regional",
                "national",
                "eu",
                "private",
                name="funding_level",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("source", sa.String(length=200), nullable=False),
        sa.Column("receiver", sa.String(length=200), nullable=False),
        sa.Column("purpose", sa.String(length=300), nullable=False),
        sa.Column("reference", sa.String(length=100), nullable=False),
        sa.Column("decided_on", sa.Date(), nullable=False),
        sa.Column("noted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("amount_ore", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.String(length=3), server_default="SEK", nullable=False),
        sa.Column("foreign_minor", sa.BigInteger(), nullable=True),
        sa.Column("rate_micro", sa.BigInteger(), nullable=True),
        sa.Column("rate_on", sa.Date(), nullable=True),
        sa.CheckConstraint(
            "currency = 'SEK' OR (foreign_minor > 0 AND rate_micro > 0 AND rate_on IS NOT NULL)",
            name=op.f("ck_follow_up_funding_rate_with_currency"),
        ),
        sa.CheckConstraint("amount_ore > 0", name=op.f("ck_follow_up_funding_amount_positive")),
        sa.ForeignKeyConstraint(
            ["decision_id"], ["gate_decision.id"], name=op.f("fk_follow_up_funding_decision_id_gate_decision")
        ),
        sa.ForeignKeyConstraint(["mission_id"], ["mission.id"], name=op.f("fk_follow_up_funding_mission_id_mission")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_follow_up_funding")),
    )
    with op.batch_alter_table("follow_up_funding", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_follow_up_funding_mission_id"), ["mission_id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("follow_up_funding", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_follow_up_funding_mission_id"))

    op.drop_table("follow_up_funding")
