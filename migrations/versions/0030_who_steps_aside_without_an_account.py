"""who steps aside without an account

Revision: 0030; follows: 0029; written: 2026-11-26 00:48:18.858774
"""

import sqlalchemy as sa
from alembic import op

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None


KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    with op.batch_alter_table("recusal", schema=None) as batch_op:
        batch_op.add_column(sa.Column("seat", sa.String(length=200), server_default="", nullable=False))
        batch_op.alter_column("user_id", existing_type=KEY, nullable=True)
        batch_op.create_check_constraint(op.f("ck_recusal_user_or_seat"), "(user_id IS NULL) = (seat != '')")
        batch_op.create_check_constraint(
            op.f("ck_recusal_seat_by_decision"), "user_id IS NOT NULL OR decision_id IS NOT NULL"
        )


def downgrade() -> None:
    op.execute("DELETE FROM recusal WHERE user_id IS NULL")
    with op.batch_alter_table("recusal", schema=None) as batch_op:
        batch_op.drop_constraint(op.f("ck_recusal_seat_by_decision"), type_="check")
        batch_op.drop_constraint(op.f("ck_recusal_user_or_seat"), type_="check")
        batch_op.alter_column("user_id", existing_type=KEY, nullable=False)
        batch_op.drop_column("seat")
