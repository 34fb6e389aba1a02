"""what was agreed when a time was asked for

Revision: 0044; follows: 0042; written: 2026-11-27 03:45:00.000000

What there is has the terms of today; what its reserve dates were counted from is not known.
"""

import sqlalchemy as sa
from alembic import op

revision = "0044"
down_revision = "0042"
branch_labels = None
depends_on = None

AGREED = (
    "UPDATE booking_line SET cancel_minutes = r.cancel_minutes, market_hour_ore = r.market_price_ore "
    "FROM resource AS r WHERE r.id = booking_line.resource_id"
)
OWN_USE = (
    "UPDATE booking_line SET market_hour_ore = 0 WHERE booking_id IN (SELECT id FROM booking WHERE is_own_use = true)"
)


def upgrade() -> None:
    with op.batch_alter_table("booking", schema=None) as batch_op:
        batch_op.add_column(sa.Column("reserves_from", sa.Date(), nullable=True))
    with op.batch_alter_table("booking_line", schema=None) as batch_op:
        batch_op.add_column(sa.Column("market_hour_ore", sa.BigInteger(), server_default="0", nullable=False))
        batch_op.add_column(sa.Column("cancel_minutes", sa.Integer(), server_default="0", nullable=False))
    op.execute(AGREED)
    op.execute(OWN_USE)


def downgrade() -> None:
    with op.batch_alter_table("booking_line", schema=None) as batch_op:
        batch_op.drop_column("cancel_minutes")
        batch_op.drop_column("market_hour_ore")
    with op.batch_alter_table("booking", schema=None) as batch_op:
        batch_op.drop_column("reserves_from")
