"""what was refused may be gone on without

Revision: 0042; follows: 0041; written: 2026-11-26 19:31:32.660026
"""

import sqlalchemy as sa
from alembic import op

revision = "0042"
down_revision = "0041"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("booking_line", schema=None) as batch_op:
        batch_op.add_column(sa.Column("gone_without_at", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("booking_line", schema=None) as batch_op:
        batch_op.drop_column("gone_without_at")
