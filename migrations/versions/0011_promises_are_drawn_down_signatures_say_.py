"""Promises are drawn down, signatures say by which right, texts are printed

Revision: 0011; follows: 0010; written: 2026-11-25 16:50:08.489491
"""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "printout",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("key", sa.String(length=80), nullable=False),
        sa.Column("locale", sa.String(length=5), nullable=False),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_printout")),
        sa.UniqueConstraint(
            "kind", "key", "locale", "fingerprint", name=op.f("uq_printout_kind_key_locale_fingerprint")
        ),
    )
    op.create_table(
        "hours_log",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("partner_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("worked_on", sa.Date(), nullable=False),
        sa.Column("hours", sa.Double(), nullable=False),
        sa.Column("function", sa.String(length=200), nullable=False),
        sa.Column("what", sa.String(length=300), nullable=False),
        sa.Column("noted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("noted_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.CheckConstraint("hours > 0 AND hours <= 1000", name=op.f("ck_hours_log_hours_within_reason")),
        sa.ForeignKeyConstraint(
            ["noted_by_id"], ["user_account.id"], name=op.f("fk_hours_log_noted_by_id_user_account")
        ),
        sa.ForeignKeyConstraint(["partner_id"], ["partner.id"], name=op.f("fk_hours_log_partner_id_partner")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hours_log")),
    )
    with op.batch_alter_table("hours_log", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_hours_log_partner_id"), ["partner_id"], unique=False)

    with op.batch_alter_table("agreement", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("replaces_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True)
        )
        batch_op.create_foreign_key(
            batch_op.f("fk_agreement_replaces_id_agreement"), "agreement", ["replaces_id"], ["id"]
        )

    with op.batch_alter_table("agreement_version", schema=None) as batch_op:
        batch_op.add_column(sa.Column("countersigned_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("countersigned_name", sa.String(length=200), server_default="", nullable=False))
        batch_op.add_column(
            sa.Column("countersigned_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True)
        )
        batch_op.create_foreign_key(
            batch_op.f("fk_agreement_version_countersigned_by_id_user_account"),
            "user_account",
            ["countersigned_by_id"],
            ["id"],
        )

    with op.batch_alter_table("commitment_delivery", schema=None) as batch_op:
        batch_op.add_column(sa.Column("source_kind", sa.String(length=20), server_default="", nullable=False))
        batch_op.add_column(sa.Column("source_key", sa.String(length=60), server_default="", nullable=False))
        batch_op.add_column(sa.Column("is_extra", sa.Boolean(), server_default=sa.false(), nullable=False))
        batch_op.create_index(
            "uq_commitment_delivery_source",
            ["commitment_id", "source_kind", "source_key", "is_extra"],
            unique=True,
            sqlite_where=sa.text("source_kind <> ''"),
            postgresql_where=sa.text("source_kind <> ''"),
        )

    with op.batch_alter_table("document_signature", schema=None) as batch_op:
        batch_op.add_column(sa.Column("authority_source", sa.String(length=300), server_default="", nullable=False))
        batch_op.add_column(sa.Column("authority_until", sa.Date(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("document_signature", schema=None) as batch_op:
        batch_op.drop_column("authority_until")
        batch_op.drop_column("authority_source")

    with op.batch_alter_table("commitment_delivery", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_commitment_delivery_source",
            sqlite_where=sa.text("source_kind <> ''"),
            postgresql_where=sa.text("source_kind <> ''"),
        )
        batch_op.drop_column("is_extra")
        batch_op.drop_column("source_key")
        batch_op.drop_column("source_kind")

    with op.batch_alter_table("agreement_version", schema=None) as batch_op:
        batch_op.drop_constraint(
            batch_op.f("fk_agreement_version_countersigned_by_id_user_account"), type_="foreignkey"
        )
        batch_op.drop_column("countersigned_by_id")
        batch_op.drop_column("countersigned_name")
        batch_op.drop_column("countersigned_at")

    with op.batch_alter_table("agreement", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_agreement_replaces_id_agreement"), type_="foreignkey")
        batch_op.drop_column("replaces_id")

    with op.batch_alter_table("hours_log", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_hours_log_partner_id"))

    op.drop_table("hours_log")
    op.drop_table("printout")
