"""Funding lines in other currencies

Revision: 0025; follows: 0024; written: 2026-11-25 20:31:04.582044
"""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("funding_line", schema=None) as batch_op:
        batch_op.add_column(sa.Column("currency", sa.String(length=3), server_default="SEK", nullable=False))
        batch_op.add_column(sa.Column("foreign_minor", sa.BigInteger(), nullable=True))
        batch_op.add_column(sa.Column("rate_micro", sa.BigInteger(), nullable=True))
        batch_op.add_column(sa.Column("rate_on", sa.Date(), nullable=True))
        batch_op.create_check_constraint(
            op.f("ck_funding_line_rate_with_currency"),
            "currency = 'SEK' OR (foreign_minor > 0 AND rate_micro > 0 AND rate_on IS NOT NULL)",
        )


def downgrade() -> None:
    with op.batch_alter_table("funding_line", schema=None) as batch_op:
        batch_op.drop_constraint(op.f("ck_funding_line_rate_with_currency"), type_="check")
        batch_op.drop_column("rate_on")
        batch_op.drop_column("rate_micro")
        batch_op.drop_column("foreign_minor")
        batch_op.drop_column("currency")
