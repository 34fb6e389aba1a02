"""Challenges are brought together, heard, commented on in a period, and followed.

Revision: 0010; follows: 0009; written: 2026-11-25 16:38:11.110793
"""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "challenge_follower",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("challenge_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("locale", sa.String(length=2), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("confirm_hash", sa.String(length=64), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("leave_key", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["challenge_id"], ["challenge.id"], name=op.f("fk_challenge_follower_challenge_id_challenge")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_challenge_follower")),
        sa.UniqueConstraint("challenge_id", "email", name=op.f("uq_challenge_follower_challenge_id_email")),
        sa.UniqueConstraint("confirm_hash", name=op.f("uq_challenge_follower_confirm_hash")),
        sa.UniqueConstraint("leave_key", name=op.f("uq_challenge_follower_leave_key")),
    )
    op.create_table(
        "challenge_merge",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("challenge_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("into_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("merged_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("merged_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("writers", sa.JSON(), nullable=False),
        sa.Column("split_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("split_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.CheckConstraint("challenge_id <> into_id", name=op.f("ck_challenge_merge_not_with_itself")),
        sa.ForeignKeyConstraint(
            ["challenge_id"], ["challenge.id"], name=op.f("fk_challenge_merge_challenge_id_challenge")
        ),
        sa.ForeignKeyConstraint(["into_id"], ["challenge.id"], name=op.f("fk_challenge_merge_into_id_challenge")),
        sa.ForeignKeyConstraint(
            ["merged_by_id"], ["user_account.id"], name=op.f("fk_challenge_merge_merged_by_id_user_account")
        ),
        sa.ForeignKeyConstraint(
            ["split_by_id"], ["user_account.id"], name=op.f("fk_challenge_merge_split_by_id_user_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_challenge_merge")),
    )
    with op.batch_alter_table("challenge_merge", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_challenge_merge_into_id"), ["into_id"], unique=False)
        batch_op.create_index(
            "uq_challenge_merge_standing",
            ["challenge_id"],
            unique=True,
            sqlite_where=sa.text("split_at IS NULL"),
            postgresql_where=sa.text("split_at IS NULL"),
        )

    op.create_table(
        "challenge_objection",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("challenge_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("declined_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("written_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("stands", sa.Boolean(), nullable=True),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.CheckConstraint(
            "(answered_at IS NULL) = (stands IS NULL)", name=op.f("ck_challenge_objection_answer_is_whole")
        ),
        sa.ForeignKeyConstraint(
            ["answered_by_id"], ["user_account.id"], name=op.f("fk_challenge_objection_answered_by_id_user_account")
        ),
        sa.ForeignKeyConstraint(
            ["challenge_id"], ["challenge.id"], name=op.f("fk_challenge_objection_challenge_id_challenge")
        ),
        sa.ForeignKeyConstraint(
            ["declined_id"], ["state_entry.id"], name=op.f("fk_challenge_objection_declined_id_state_entry")
        ),
        sa.ForeignKeyConstraint(
            ["written_by_id"], ["user_account.id"], name=op.f("fk_challenge_objection_written_by_id_user_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_challenge_objection")),
        sa.UniqueConstraint("declined_id", name=op.f("uq_challenge_objection_declined_id")),
    )
    with op.batch_alter_table("challenge_objection", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_challenge_objection_challenge_id"), ["challenge_id"], unique=False)

    with op.batch_alter_table("challenge", schema=None) as batch_op:
        batch_op.add_column(sa.Column("radius_km", sa.Double(), nullable=True))
        batch_op.add_column(sa.Column("comments_from", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("comments_until", sa.Date(), nullable=True))
        batch_op.create_check_constraint(
            op.f("ck_challenge_area_has_a_point"), "radius_km IS NULL OR (radius_km > 0 AND latitude IS NOT NULL)"
        )
        batch_op.create_check_constraint(
            op.f("ck_challenge_comment_period_is_whole"),
            "(comments_from IS NULL) = (comments_until IS NULL) AND comments_from <= comments_until",
        )


def downgrade() -> None:
    with op.batch_alter_table("challenge", schema=None) as batch_op:
        batch_op.drop_constraint(op.f("ck_challenge_comment_period_is_whole"), type_="check")
        batch_op.drop_constraint(op.f("ck_challenge_area_has_a_point"), type_="check")
        batch_op.drop_column("comments_until")
        batch_op.drop_column("comments_from")
        batch_op.drop_column("radius_km")

    with op.batch_alter_table("challenge_objection", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_challenge_objection_challenge_id"))

    op.drop_table("challenge_objection")
    with op.batch_alter_table("challenge_merge", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_challenge_merge_standing",
            sqlite_where=sa.text("split_at IS NULL"),
            postgresql_where=sa.text("split_at IS NULL"),
        )
        batch_op.drop_index(batch_op.f("ix_challenge_merge_into_id"))

    op.drop_table("challenge_merge")
    op.drop_table("challenge_follower")
