"""Open calls, and answers with other terms

Revision: 0008; follows: 0007; written: 2026-11-25 16:33:31.309240
"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "open_call",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("mission_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("text_sv", sa.Text(), nullable=False),
        sa.Column("text_en", sa.Text(), nullable=False),
        sa.Column("opens_on", sa.Date(), nullable=False),
        sa.Column("closes_on", sa.Date(), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("opens_on <= closes_on", name=op.f("ck_open_call_opens_before_closes")),
        sa.ForeignKeyConstraint(["mission_id"], ["mission.id"], name=op.f("fk_open_call_mission_id_mission")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_open_call")),
    )
    with op.batch_alter_table("open_call", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_open_call_mission_id"), ["mission_id"], unique=False)

    with op.batch_alter_table("partner", schema=None) as batch_op:
        batch_op.add_column(sa.Column("countered_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("counter_roles", sa.JSON(), server_default="[]", nullable=False))
        batch_op.add_column(sa.Column("counter_message", sa.Text(), server_default="", nullable=False))

    with op.batch_alter_table("partner_invitation", schema=None) as batch_op:
        batch_op.add_column(sa.Column("declined_because", sa.Text(), server_default="", nullable=False))
        batch_op.add_column(sa.Column("cancelled_at", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("partner_invitation", schema=None) as batch_op:
        batch_op.drop_column("cancelled_at")
        batch_op.drop_column("declined_because")

    with op.batch_alter_table("partner", schema=None) as batch_op:
        batch_op.drop_column("counter_message")
        batch_op.drop_column("counter_roles")
        batch_op.drop_column("countered_at")

    with op.batch_alter_table("open_call", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_open_call_mission_id"))

    op.drop_table("open_call")
