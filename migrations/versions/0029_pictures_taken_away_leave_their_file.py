"""pictures taken away leave their file

Revision: 0029; follows: 0028; written: 2026-11-26 00:39:34.023871
"""

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None


KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    with op.batch_alter_table("site_photo") as table:
        table.alter_column("file_id", existing_type=KEY, nullable=True)
        table.create_check_constraint(
            table.f("ck_site_photo_file_until_removed"), "file_id IS NOT NULL OR removed_at IS NOT NULL"
        )


def downgrade() -> None:
    op.execute("DELETE FROM site_photo WHERE file_id IS NULL")
    with op.batch_alter_table("site_photo") as table:
        table.drop_constraint(table.f("ck_site_photo_file_until_removed"), type_="check")
        table.alter_column("file_id", existing_type=KEY, nullable=False)
