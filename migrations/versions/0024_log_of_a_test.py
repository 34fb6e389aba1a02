"""Log of a test

Revision: 0024; follows: 0023; written: 2026-11-25 20:21:37.572228
"""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "experiment_log_entry",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("experiment_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("happened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("is_deviation", sa.Boolean(), nullable=False),
        sa.Column("photo_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("photo_text", sa.String(length=500), nullable=False),
        sa.Column("noted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("noted_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.ForeignKeyConstraint(
            ["experiment_id"], ["experiment.id"], name=op.f("fk_experiment_log_entry_experiment_id_experiment")
        ),
        sa.ForeignKeyConstraint(
            ["noted_by_id"], ["user_account.id"], name=op.f("fk_experiment_log_entry_noted_by_id_user_account")
        ),
        sa.ForeignKeyConstraint(
            ["photo_id"], ["stored_file.id"], name=op.f("fk_experiment_log_entry_photo_id_stored_file")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_experiment_log_entry")),
    )
    with op.batch_alter_table("experiment_log_entry", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_experiment_log_entry_experiment_id"), ["experiment_id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("experiment_log_entry", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_experiment_log_entry_experiment_id"))

    op.drop_table("experiment_log_entry")
