"""Requests with lines over many owners, conditions, overrides, reserve dates and visibility; existing ones get none.

Revision: 0003; follows: 0002; written: 2026-11-25 16:13:23.487372
"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "booking_condition",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("line_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column(
            "due",
            sa.Enum("before", "on_site", name="condition_due", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("ticked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ticked_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(ticked_at IS NULL) = (ticked_by_id IS NULL)", name=op.f("ck_booking_condition_ticked_at_and_by_together")
        ),
        sa.ForeignKeyConstraint(
            ["line_id"], ["booking_line.id"], name=op.f("fk_booking_condition_line_id_booking_line")
        ),
        sa.ForeignKeyConstraint(
            ["ticked_by_id"], ["user_account.id"], name=op.f("fk_booking_condition_ticked_by_id_user_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_booking_condition")),
    )
    with op.batch_alter_table("booking_condition", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_booking_condition_line_id"), ["line_id"], unique=False)

    op.create_table(
        "booking_override",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("line_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("rule", sa.String(length=40), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("given_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("given_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(
            ["given_by_id"], ["user_account.id"], name=op.f("fk_booking_override_given_by_id_user_account")
        ),
        sa.ForeignKeyConstraint(
            ["line_id"], ["booking_line.id"], name=op.f("fk_booking_override_line_id_booking_line")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_booking_override")),
        sa.UniqueConstraint("line_id", "rule", name=op.f("uq_booking_override_line_id_rule")),
    )
    with op.batch_alter_table("booking", schema=None) as batch_op:
        batch_op.add_column(sa.Column("limits", sa.JSON(), server_default="{}", nullable=False))
        batch_op.add_column(sa.Column("go_no_go_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("decided_go_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(
            sa.Column(
                "visibility",
                sa.Enum(
                    "free_busy",
                    "purpose",
                    "organisation",
                    "full",
                    name="tier",
                    native_enum=False,
                    create_constraint=True,
                    length=40,
                ),
                server_default="organisation",
                nullable=False,
            )
        )
        batch_op.add_column(sa.Column("is_own_use", sa.Boolean(), server_default=sa.false(), nullable=False))
        batch_op.add_column(
            sa.Column("copied_from_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True)
        )
        batch_op.create_foreign_key(
            batch_op.f("fk_booking_copied_from_id_booking"), "booking", ["copied_from_id"], ["id"]
        )

    with op.batch_alter_table("booking_deviation", schema=None) as batch_op:
        batch_op.add_column(sa.Column("photo_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True))
        batch_op.add_column(sa.Column("photo_text", sa.String(length=500), server_default="", nullable=False))
        batch_op.create_foreign_key(
            batch_op.f("fk_booking_deviation_photo_id_stored_file"), "stored_file", ["photo_id"], ["id"]
        )

    with op.batch_alter_table("booking_line", schema=None) as batch_op:
        batch_op.add_column(sa.Column("fee_ore", sa.BigInteger(), server_default="0", nullable=False))
        batch_op.add_column(sa.Column("extra_setup_minutes", sa.Integer(), server_default="0", nullable=False))
        batch_op.add_column(sa.Column("extra_cleanup_minutes", sa.Integer(), server_default="0", nullable=False))
        batch_op.add_column(
            sa.Column("replaces_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True)
        )
        batch_op.add_column(sa.Column("ended_reason", sa.Text(), server_default="", nullable=False))
        batch_op.create_foreign_key(
            batch_op.f("fk_booking_line_replaces_id_booking_line"), "booking_line", ["replaces_id"], ["id"]
        )


def downgrade() -> None:
    with op.batch_alter_table("booking_line", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_booking_line_replaces_id_booking_line"), type_="foreignkey")
        batch_op.drop_column("ended_reason")
        batch_op.drop_column("replaces_id")
        batch_op.drop_column("extra_cleanup_minutes")
        batch_op.drop_column("extra_setup_minutes")
        batch_op.drop_column("fee_ore")

    with op.batch_alter_table("booking_deviation", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_booking_deviation_photo_id_stored_file"), type_="foreignkey")
        batch_op.drop_column("photo_text")
        batch_op.drop_column("photo_id")

    with op.batch_alter_table("booking", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_booking_copied_from_id_booking"), type_="foreignkey")
        batch_op.drop_column("copied_from_id")
        batch_op.drop_column("is_own_use")
        batch_op.drop_constraint(batch_op.f("ck_booking_tier"), type_="check")
        batch_op.drop_column("visibility")
        batch_op.drop_column("decided_go_at")
        batch_op.drop_column("go_no_go_at")
        batch_op.drop_column("limits")

    op.drop_table("booking_override")
    with op.batch_alter_table("booking_condition", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_booking_condition_line_id"))

    op.drop_table("booking_condition")
