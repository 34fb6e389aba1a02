"""Measurements of a whole mission, missing values, other units and locked periods

Revision: 0002; follows: 0001; written: 2026-11-25 16:00:37.072317
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "locked_period",
        sa.Column("id", KEY, nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("locked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("locked_by_id", KEY, nullable=True),
        sa.CheckConstraint("starts_on <= ends_on", name=op.f("ck_locked_period_starts_before_ends")),
        sa.ForeignKeyConstraint(
            ["locked_by_id"], ["user_account.id"], name=op.f("fk_locked_period_locked_by_id_user_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_locked_period")),
    )
    with op.batch_alter_table("system_change") as table:
        table.add_column(sa.Column("strength", sa.String(length=40), nullable=False, server_default="weak"))
    with op.batch_alter_table("system_change") as table:
        table.alter_column("strength", existing_type=sa.String(length=40), server_default=None)
        table.create_check_constraint(table.f("ck_system_change_strength"), "strength IN ('weak', 'fair', 'strong')")
    with op.batch_alter_table("measurement") as table:
        table.add_column(sa.Column("mission_id", KEY, nullable=True))
        table.add_column(sa.Column("entered", sa.String(length=80), nullable=False, server_default=""))
        table.add_column(sa.Column("evidence_link", sa.String(length=500), nullable=False, server_default=""))
        table.add_column(sa.Column("booking_id", KEY, nullable=True))
        table.add_column(sa.Column("late_in_id", KEY, nullable=True))
        table.alter_column("value", existing_type=sa.Float(), nullable=True)
    # Every measurement so far was an experiment's.
    op.execute(
        "UPDATE measurement SET mission_id = "
        "(SELECT experiment.mission_id FROM experiment WHERE experiment.id = measurement.experiment_id)"
    )
    with op.batch_alter_table("measurement") as table:
        table.alter_column("mission_id", existing_type=KEY, nullable=False)
        table.alter_column("entered", existing_type=sa.String(length=80), server_default=None)
        table.alter_column("evidence_link", existing_type=sa.String(length=500), server_default=None)
        table.create_index(table.f("ix_measurement_mission_id"), ["mission_id"])
        table.create_foreign_key(table.f("fk_measurement_booking_id_booking"), "booking", ["booking_id"], ["id"])
        table.create_foreign_key(
            table.f("fk_measurement_late_in_id_locked_period"), "locked_period", ["late_in_id"], ["id"]
        )
        table.create_foreign_key(table.f("fk_measurement_mission_id_mission"), "mission", ["mission_id"], ["id"])
        table.create_check_constraint(
            table.f("ck_measurement_late_with_a_reason"), "(late_in_id IS NULL) OR (reason <> '')"
        )


def downgrade() -> None:
    op.execute("DELETE FROM measurement WHERE value IS NULL OR experiment_id IS NULL")
    with op.batch_alter_table("measurement") as table:
        table.drop_constraint(table.f("ck_measurement_late_with_a_reason"), type_="check")
        table.drop_constraint(table.f("fk_measurement_mission_id_mission"), type_="foreignkey")
        table.drop_constraint(table.f("fk_measurement_late_in_id_locked_period"), type_="foreignkey")
        table.drop_constraint(table.f("fk_measurement_booking_id_booking"), type_="foreignkey")
        table.drop_index(table.f("ix_measurement_mission_id"))
        table.alter_column("value", existing_type=sa.Float(), nullable=False)
        table.drop_column("late_in_id")
        table.drop_column("booking_id")
        table.drop_column("evidence_link")
        table.drop_column("entered")
        table.drop_column("mission_id")
    with op.batch_alter_table("system_change") as table:
        table.drop_constraint(table.f("ck_system_change_strength"), type_="check")
        table.drop_column("strength")
    op.drop_table("locked_period")
