"""which hours of the day suit somebody who waits

Revision: 0039; follows: 0038; written: 2026-11-26 08:55:11.008631
"""

import sqlalchemy as sa
from alembic import op

revision = "0039"
down_revision = "0038"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("waitlist_entry", schema=None) as batch_op:
        batch_op.add_column(sa.Column("earliest_start", sa.Time(), nullable=True))
        batch_op.add_column(sa.Column("latest_end", sa.Time(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("waitlist_entry", schema=None) as batch_op:
        batch_op.drop_column("latest_end")
        batch_op.drop_column("earliest_start")
