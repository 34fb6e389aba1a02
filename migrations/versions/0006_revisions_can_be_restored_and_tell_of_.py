"""Revisions can be restored and tell of attachments.

Revision: 0006; follows: 0005; written: 2026-11-25 16:22:46.551704
"""

from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

BEFORE = "'created', 'saved', 'autosaved', 'merged', 'indicators', 'strategy'"
AFTER = f"{BEFORE}, 'restored', 'attachments'"


def upgrade() -> None:
    _allow(AFTER)


def downgrade() -> None:
    op.execute("UPDATE challenge_revision SET kind = 'saved' WHERE kind IN ('restored', 'attachments')")
    _allow(BEFORE)


def _allow(kinds: str) -> None:
    with op.batch_alter_table("challenge_revision") as table:
        table.drop_constraint(op.f("ck_challenge_revision_revision_kind"), type_="check")
        table.create_check_constraint(op.f("ck_challenge_revision_revision_kind"), f"kind IN ({kinds})")
