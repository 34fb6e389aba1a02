"""Milestones, divided values

Revision: 0020; follows: 0019; written: 2026-11-25 19:54:23.995584
"""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("indicator_plan", schema=None) as batch_op:
        batch_op.add_column(sa.Column("milestones", sa.JSON(), server_default="{}", nullable=False))
        batch_op.add_column(sa.Column("split_by", sa.String(length=20), server_default="", nullable=False))

    with op.batch_alter_table("measurement", schema=None) as batch_op:
        batch_op.add_column(sa.Column("parts", sa.JSON(), server_default="{}", nullable=False))


def downgrade() -> None:
    with op.batch_alter_table("measurement", schema=None) as batch_op:
        batch_op.drop_column("parts")

    with op.batch_alter_table("indicator_plan", schema=None) as batch_op:
        batch_op.drop_column("split_by")
        batch_op.drop_column("milestones")
