"""Organisations say what they can lend

Revision: 0004; follows: 0003; written: 2026-11-25 16:12:13.676288
"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "need_watch",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("user_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("organisation_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("told_need_id", sa.BigInteger(), nullable=False),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_need_watch_organisation_id_organisation")
        ),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name=op.f("fk_need_watch_user_id_user_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_need_watch")),
        sa.UniqueConstraint("user_id", "organisation_id", name=op.f("uq_need_watch_user_id_organisation_id")),
    )
    with op.batch_alter_table("need_watch", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_need_watch_organisation_id"), ["organisation_id"], unique=False)

    op.create_table(
        "organisation_offer",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("organisation_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "site",
                "equipment",
                "data",
                "students",
                "expertise",
                "network",
                name="offer_kind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("text_sv", sa.Text(), nullable=False),
        sa.Column("text_en", sa.Text(), nullable=False),
        sa.Column("peak", sa.String(length=40), nullable=False),
        sa.Column("available_from", sa.Date(), nullable=True),
        sa.Column("available_until", sa.Date(), nullable=True),
        sa.Column("visibility", sa.String(length=20), nullable=False),
        sa.Column("claim_reason", sa.Text(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_organisation_offer_organisation_id_organisation")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organisation_offer")),
    )
    with op.batch_alter_table("organisation_offer", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_organisation_offer_organisation_id"), ["organisation_id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("organisation_offer", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_organisation_offer_organisation_id"))

    op.drop_table("organisation_offer")
    with op.batch_alter_table("need_watch", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_need_watch_organisation_id"))

    op.drop_table("need_watch")
