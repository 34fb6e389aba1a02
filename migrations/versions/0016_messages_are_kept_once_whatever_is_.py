"""Messages are kept once, whatever is tried again

Revision: 0016; follows: 0015; written: 2026-11-25 16:54:53.304199
"""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("message", schema=None) as batch_op:
        batch_op.add_column(sa.Column("key", sa.String(length=40), nullable=True))
        batch_op.create_unique_constraint(batch_op.f("uq_message_key"), ["key"])

    with op.batch_alter_table("message_preference", schema=None) as batch_op:
        batch_op.drop_column("reminded_at")


def downgrade() -> None:
    with op.batch_alter_table("message_preference", schema=None) as batch_op:
        batch_op.add_column(sa.Column("reminded_at", sa.DateTime(timezone=True), nullable=True))

    with op.batch_alter_table("message", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("uq_message_key"), type_="unique")
        batch_op.drop_column("key")
