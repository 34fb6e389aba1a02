"""Keep waitlists and what was asked for in vain.

Revision: 0007; follows: 0006; written: 2026-11-25 16:21:27.305932
"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "waitlist_entry",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("user_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("organisation_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("first", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last", sa.DateTime(timezone=True), nullable=False),
        sa.Column("weekdays", sa.JSON(), nullable=False),
        sa.Column("length_minutes", sa.Integer(), nullable=False),
        sa.Column("shortest_minutes", sa.Integer(), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "waiting",
                "offered",
                "booked",
                "left",
                "lapsed",
                "skipped",
                "unserved",
                name="entry_state",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("note", sa.String(length=300), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("first < last", name=op.f("ck_waitlist_entry_first_before_last")),
        sa.CheckConstraint(
            "shortest_minutes > 0 AND shortest_minutes <= length_minutes", name=op.f("ck_waitlist_entry_lengths")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_waitlist_entry_organisation_id_organisation")
        ),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name=op.f("fk_waitlist_entry_user_id_user_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_waitlist_entry")),
    )
    with op.batch_alter_table("waitlist_entry", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_waitlist_entry_organisation_id"), ["organisation_id"], unique=False)
        batch_op.create_index("ix_waitlist_entry_state", ["state", "last"], unique=False)
        batch_op.create_index(batch_op.f("ix_waitlist_entry_user_id"), ["user_id"], unique=False)

    op.create_table(
        "unmet_demand",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("on_date", sa.Date(), nullable=False),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "refused",
                "search",
                "waitlist",
                name="demand_kind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("resource_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("wish", sa.JSON(), nullable=False),
        sa.Column("times", sa.Integer(), nullable=False),
        sa.CheckConstraint("times > 0", name=op.f("ck_unmet_demand_times_positive")),
        sa.ForeignKeyConstraint(["resource_id"], ["resource.id"], name=op.f("fk_unmet_demand_resource_id_resource")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_unmet_demand")),
        sa.UniqueConstraint("on_date", "fingerprint", name=op.f("uq_unmet_demand_on_date_fingerprint")),
    )
    with op.batch_alter_table("unmet_demand", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_unmet_demand_resource_id"), ["resource_id"], unique=False)

    op.create_table(
        "waitlist_wish",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("entry_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("resource_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("units", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["entry_id"], ["waitlist_entry.id"], name=op.f("fk_waitlist_wish_entry_id_waitlist_entry")
        ),
        sa.ForeignKeyConstraint(["resource_id"], ["resource.id"], name=op.f("fk_waitlist_wish_resource_id_resource")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_waitlist_wish")),
        sa.UniqueConstraint("entry_id", "resource_id", name=op.f("uq_waitlist_wish_entry_id_resource_id")),
    )
    with op.batch_alter_table("waitlist_wish", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_waitlist_wish_resource_id"), ["resource_id"], unique=False)

    op.create_table(
        "waitlist_offer",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("entry_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "open",
                "accepted",
                "declined",
                "expired",
                name="offer_state",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("booking_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.CheckConstraint("starts_at < ends_at", name=op.f("ck_waitlist_offer_starts_before_ends")),
        sa.ForeignKeyConstraint(["booking_id"], ["booking.id"], name=op.f("fk_waitlist_offer_booking_id_booking")),
        sa.ForeignKeyConstraint(
            ["entry_id"], ["waitlist_entry.id"], name=op.f("fk_waitlist_offer_entry_id_waitlist_entry")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_waitlist_offer")),
    )
    with op.batch_alter_table("waitlist_offer", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_waitlist_offer_entry_id"), ["entry_id"], unique=False)
        batch_op.create_index("ix_waitlist_offer_state", ["state", "expires_at"], unique=False)

    op.create_table(
        "waitlist_hold",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("offer_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("reservation_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(
            ["offer_id"], ["waitlist_offer.id"], name=op.f("fk_waitlist_hold_offer_id_waitlist_offer")
        ),
        sa.ForeignKeyConstraint(
            ["reservation_id"], ["reservation.id"], name=op.f("fk_waitlist_hold_reservation_id_reservation")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_waitlist_hold")),
        sa.UniqueConstraint("reservation_id", name=op.f("uq_waitlist_hold_reservation_id")),
    )
    with op.batch_alter_table("waitlist_hold", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_waitlist_hold_offer_id"), ["offer_id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("waitlist_hold", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_waitlist_hold_offer_id"))

    op.drop_table("waitlist_hold")
    with op.batch_alter_table("waitlist_offer", schema=None) as batch_op:
        batch_op.drop_index("ix_waitlist_offer_state")
        batch_op.drop_index(batch_op.f("ix_waitlist_offer_entry_id"))

    op.drop_table("waitlist_offer")
    with op.batch_alter_table("waitlist_wish", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_waitlist_wish_resource_id"))

    op.drop_table("waitlist_wish")
    with op.batch_alter_table("unmet_demand", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_unmet_demand_resource_id"))

    op.drop_table("unmet_demand")
    with op.batch_alter_table("waitlist_entry", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_waitlist_entry_user_id"))
        batch_op.drop_index("ix_waitlist_entry_state")
        batch_op.drop_index(batch_op.f("ix_waitlist_entry_organisation_id"))

    op.drop_table("waitlist_entry")
