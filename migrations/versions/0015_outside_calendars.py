"""outside calendars

Revision: 0015; follows: 0014; written: 2026-11-25 17:28:34.384854
"""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "outside_calendar",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("resource_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("url", sa.String(length=1000), nullable=False),
        sa.Column("etag", sa.String(length=300), nullable=False),
        sa.Column("modified", sa.String(length=100), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("added_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("tried_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("fetched_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("failure", sa.String(length=40), nullable=False),
        sa.Column("stopped_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["added_by_id"], ["user_account.id"], name=op.f("fk_outside_calendar_added_by_id_user_account")
        ),
        sa.ForeignKeyConstraint(
            ["resource_id"], ["resource.id"], name=op.f("fk_outside_calendar_resource_id_resource")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outside_calendar")),
    )
    with op.batch_alter_table("outside_calendar", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_outside_calendar_resource_id"), ["resource_id"], unique=False)

    op.create_table(
        "outside_event",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("calendar_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("gone_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("starts_at < ends_at", name=op.f("ck_outside_event_starts_before_ends")),
        sa.ForeignKeyConstraint(
            ["calendar_id"], ["outside_calendar.id"], name=op.f("fk_outside_event_calendar_id_outside_calendar")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outside_event")),
        sa.UniqueConstraint("calendar_id", "key", name=op.f("uq_outside_event_calendar_id_key")),
    )
    op.create_table(
        "outside_conflict",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("event_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("line_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "open",
                "kept",
                "moved",
                "cancelled",
                "gone",
                name="conflict_state",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("settled_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["event_id"], ["outside_event.id"], name=op.f("fk_outside_conflict_event_id_outside_event")
        ),
        sa.ForeignKeyConstraint(
            ["line_id"], ["booking_line.id"], name=op.f("fk_outside_conflict_line_id_booking_line")
        ),
        sa.ForeignKeyConstraint(
            ["settled_by_id"], ["user_account.id"], name=op.f("fk_outside_conflict_settled_by_id_user_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outside_conflict")),
        sa.UniqueConstraint("event_id", "line_id", name=op.f("uq_outside_conflict_event_id_line_id")),
    )
    with op.batch_alter_table("outside_conflict", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_outside_conflict_line_id"), ["line_id"], unique=False)

    op.create_table(
        "outside_reservation",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("event_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("reservation_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(
            ["event_id"], ["outside_event.id"], name=op.f("fk_outside_reservation_event_id_outside_event")
        ),
        sa.ForeignKeyConstraint(
            ["reservation_id"], ["reservation.id"], name=op.f("fk_outside_reservation_reservation_id_reservation")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outside_reservation")),
        sa.UniqueConstraint("reservation_id", name=op.f("uq_outside_reservation_reservation_id")),
    )
    with op.batch_alter_table("outside_reservation", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_outside_reservation_event_id"), ["event_id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("outside_reservation", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_outside_reservation_event_id"))

    op.drop_table("outside_reservation")
    with op.batch_alter_table("outside_conflict", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_outside_conflict_line_id"))

    op.drop_table("outside_conflict")
    op.drop_table("outside_event")
    with op.batch_alter_table("outside_calendar", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_outside_calendar_resource_id"))

    op.drop_table("outside_calendar")
