"""what is given back late has a row of its own

Revision: 0028; follows: 0027; written: 2026-11-26 00:21:02.328405
"""

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "booking_late_fee",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("line_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("fee_ore", sa.BigInteger(), nullable=False),
        sa.Column("given_back_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("fee_ore > 0", name=op.f("ck_booking_late_fee_fee_positive")),
        sa.CheckConstraint("starts_at < ends_at", name=op.f("ck_booking_late_fee_starts_before_ends")),
        sa.ForeignKeyConstraint(
            ["line_id"], ["booking_line.id"], name=op.f("fk_booking_late_fee_line_id_booking_line")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_booking_late_fee")),
    )
    with op.batch_alter_table("booking_late_fee", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_booking_late_fee_line_id"), ["line_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_booking_late_fee_starts_at"), ["starts_at"], unique=False)

    with op.batch_alter_table("booking_line", schema=None) as batch_op:
        batch_op.add_column(sa.Column("bound_ore", sa.BigInteger(), server_default="0", nullable=False))

    # Until now only whole lines were given back late, and not yet moved since.
    op.execute(
        "INSERT INTO booking_late_fee (line_id, starts_at, ends_at, fee_ore, given_back_at) "
        "SELECT id, starts_at, ends_at, fee_ore, COALESCE(changed_at, starts_at) FROM booking_line WHERE fee_ore > 0"
    )


def downgrade() -> None:
    with op.batch_alter_table("booking_line", schema=None) as batch_op:
        batch_op.drop_column("bound_ore")

    with op.batch_alter_table("booking_late_fee", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_booking_late_fee_starts_at"))
        batch_op.drop_index(batch_op.f("ix_booking_late_fee_line_id"))

    op.drop_table("booking_late_fee")
