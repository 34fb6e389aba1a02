"""Offers to take over the coordination

Revision: 0022; follows: 0021; written: 2026-11-25 20:05:43.655424
"""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "coordination_offer",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("mission_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("organisation_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("before_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("user_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("offered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("offered_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("accepted", sa.Boolean(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["answered_by_id"], ["user_account.id"], name=op.f("fk_coordination_offer_answered_by_id_user_account")
        ),
        sa.ForeignKeyConstraint(
            ["before_id"], ["organisation.id"], name=op.f("fk_coordination_offer_before_id_organisation")
        ),
        sa.ForeignKeyConstraint(["mission_id"], ["mission.id"], name=op.f("fk_coordination_offer_mission_id_mission")),
        sa.ForeignKeyConstraint(
            ["offered_by_id"], ["user_account.id"], name=op.f("fk_coordination_offer_offered_by_id_user_account")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_coordination_offer_organisation_id_organisation")
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user_account.id"], name=op.f("fk_coordination_offer_user_id_user_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_coordination_offer")),
    )
    with op.batch_alter_table("coordination_offer", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_coordination_offer_mission_id"), ["mission_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_coordination_offer_organisation_id"), ["organisation_id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("coordination_offer", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_coordination_offer_organisation_id"))
        batch_op.drop_index(batch_op.f("ix_coordination_offer_mission_id"))

    op.drop_table("coordination_offer")
