"""a picture of the log taken away

Revision: 0035; follows: 0034 written: 2026-11-26 04:29:26.419814
"""

import sqlalchemy as sa
from alembic import op

revision = "0035"
down_revision = "0034"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("experiment_log_entry", schema=None) as batch_op:
        batch_op.add_column(sa.Column("photo_removed_at", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("experiment_log_entry", schema=None) as batch_op:
        batch_op.drop_column("photo_removed_at")
