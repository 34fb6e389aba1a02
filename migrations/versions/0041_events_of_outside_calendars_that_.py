"""events of outside calendars that cannot be read

Revision: 0041; follows: 0040; written: 2026-11-26 16:20:00.000000
"""

import sqlalchemy as sa
from alembic import op

revision = "0041"
down_revision = "0040"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("outside_calendar", schema=None) as batch_op:
        batch_op.add_column(sa.Column("unread", sa.JSON(), server_default="[]", nullable=False))
    with op.batch_alter_table("outside_event", schema=None) as batch_op:
        batch_op.add_column(sa.Column("event", sa.String(length=64), server_default="", nullable=False))


def downgrade() -> None:
    with op.batch_alter_table("outside_event", schema=None) as batch_op:
        batch_op.drop_column("event")
    with op.batch_alter_table("outside_calendar", schema=None) as batch_op:
        batch_op.drop_column("unread")
