"""what an experiment risks and weighs

Revision: 0031; follows: 0030; written: 2026-11-26 00:31:41.926119
"""

import sqlalchemy as sa
from alembic import op

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("experiment", schema=None) as batch_op:
        batch_op.add_column(sa.Column("risks", sa.Text(), server_default="", nullable=False))
        batch_op.add_column(sa.Column("personal_data_assessment", sa.Text(), server_default="", nullable=False))
        batch_op.add_column(sa.Column("camera_assessment", sa.Text(), server_default="", nullable=False))
        batch_op.add_column(sa.Column("ethics_assessment", sa.Text(), server_default="", nullable=False))


def downgrade() -> None:
    with op.batch_alter_table("experiment", schema=None) as batch_op:
        batch_op.drop_column("ethics_assessment")
        batch_op.drop_column("camera_assessment")
        batch_op.drop_column("personal_data_assessment")
        batch_op.drop_column("risks")
