"""who owns a condition and how it was met

Revision: 0032; follows: 0031; written: 2026-11-26 00:49:59.511876
"""

import sqlalchemy as sa
from alembic import op

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("decision_condition", schema=None) as batch_op:
        batch_op.add_column(sa.Column("owner_ref", sa.String(length=80), server_default="", nullable=False))
        batch_op.add_column(sa.Column("how_met", sa.Text(), server_default="", nullable=False))
        batch_op.add_column(sa.Column("evidence", sa.Text(), server_default="", nullable=False))


def downgrade() -> None:
    with op.batch_alter_table("decision_condition", schema=None) as batch_op:
        batch_op.drop_column("evidence")
        batch_op.drop_column("how_met")
        batch_op.drop_column("owner_ref")
