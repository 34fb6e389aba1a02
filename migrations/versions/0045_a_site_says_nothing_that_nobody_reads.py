"""a site says nothing that nobody reads

Revision: 0045; follows: 0044; written: 2026-11-27 04:25:00
"""

import sqlalchemy as sa
from alembic import op

revision = "0045"
down_revision = "0044"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_column("site", "surroundings")


def downgrade() -> None:
    op.add_column("site", sa.Column("surroundings", sa.JSON(), nullable=False, server_default="[]"))
