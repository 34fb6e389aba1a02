"""when a line of the funding plan was entered

Revision: 0038; follows: 0037 written: 2026-11-26 08:50:00.000000
"""

import sqlalchemy as sa
from alembic import op

revision = "0038"
down_revision = "0037"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("funding_line", schema=None) as batch_op:
        batch_op.add_column(sa.Column("entered_at", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("funding_line", schema=None) as batch_op:
        batch_op.drop_column("entered_at")
