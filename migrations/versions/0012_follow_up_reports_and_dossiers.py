"""Follow-up reports with frozen figures, and dossiers

Revision: 0012; follows: 0011; written: 2026-11-25 16:26:22.217765
"""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "follow_up_report",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("reference", sa.String(length=20), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("summary", sa.Text(), nullable=False),
        sa.Column("risks", sa.Text(), nullable=False),
        sa.Column("period_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("starts_on <= ends_on", name=op.f("ck_follow_up_report_starts_before_ends")),
        sa.ForeignKeyConstraint(
            ["made_by_id"], ["user_account.id"], name=op.f("fk_follow_up_report_made_by_id_user_account")
        ),
        sa.ForeignKeyConstraint(
            ["period_id"], ["locked_period.id"], name=op.f("fk_follow_up_report_period_id_locked_period")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_follow_up_report")),
        sa.UniqueConstraint("reference", name=op.f("uq_follow_up_report_reference")),
    )
    op.create_table(
        "report_figure",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("report_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("group", sa.String(length=20), nullable=False),
        sa.Column("key", sa.String(length=80), nullable=False),
        sa.Column("label", sa.JSON(), nullable=False),
        sa.Column("unit", sa.String(length=60), nullable=False),
        sa.Column("value", sa.Double(), nullable=True),
        sa.Column("rows", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["report_id"], ["follow_up_report.id"], name=op.f("fk_report_figure_report_id_follow_up_report")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report_figure")),
        sa.UniqueConstraint("report_id", "key", name=op.f("uq_report_figure_report_id_key")),
    )
    with op.batch_alter_table("report_figure", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_report_figure_report_id"), ["report_id"], unique=False)

    op.create_table(
        "reported_measurement",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("report_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("measurement_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(
            ["measurement_id"], ["measurement.id"], name=op.f("fk_reported_measurement_measurement_id_measurement")
        ),
        sa.ForeignKeyConstraint(
            ["report_id"], ["follow_up_report.id"], name=op.f("fk_reported_measurement_report_id_follow_up_report")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reported_measurement")),
        sa.UniqueConstraint(
            "report_id", "measurement_id", name=op.f("uq_reported_measurement_report_id_measurement_id")
        ),
    )
    with op.batch_alter_table("reported_measurement", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_reported_measurement_measurement_id"), ["measurement_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_reported_measurement_report_id"), ["report_id"], unique=False)
    op.create_table(
        "dossier",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("reference", sa.String(length=20), nullable=False),
        sa.Column("cut_off", sa.Date(), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("checksum", sa.String(length=64), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("is_imported", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["made_by_id"], ["user_account.id"], name=op.f("fk_dossier_made_by_id_user_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dossier")),
        sa.UniqueConstraint("reference", "cut_off", name=op.f("uq_dossier_reference_cut_off")),
    )
    with op.batch_alter_table("dossier", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_dossier_reference"), ["reference"], unique=False)


def downgrade() -> None:
    op.drop_table("dossier")
    with op.batch_alter_table("reported_measurement", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_reported_measurement_report_id"))
        batch_op.drop_index(batch_op.f("ix_reported_measurement_measurement_id"))

    op.drop_table("reported_measurement")
    with op.batch_alter_table("report_figure", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_report_figure_report_id"))

    op.drop_table("report_figure")
    op.drop_table("follow_up_report")
