"""why nobody is heard on a review

Revision: 0034; follows: 0033 written: 2026-11-26 04:23:36.561047
"""

import sqlalchemy as sa
from alembic import op

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "hearing_waiver",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("panel_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("waived_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("waived_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(
            ["panel_id"], ["assessment_panel.id"], name=op.f("fk_hearing_waiver_panel_id_assessment_panel")
        ),
        sa.ForeignKeyConstraint(
            ["waived_by_id"], ["user_account.id"], name=op.f("fk_hearing_waiver_waived_by_id_user_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hearing_waiver")),
        sa.UniqueConstraint("panel_id", name=op.f("uq_hearing_waiver_panel_id")),
    )


def downgrade() -> None:
    op.drop_table("hearing_waiver")
