"""Requests to read documents, former names

Revision: 0017; follows: 0016; written: 2026-11-25 17:03:56.406070
"""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "disclosure",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("token", sa.String(length=64), nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("journey_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("contact_email", sa.String(length=254), nullable=False),
        sa.Column("locale", sa.String(length=5), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("asked_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("message", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["asked_by_id"], ["user_account.id"], name=op.f("fk_disclosure_asked_by_id_user_account")
        ),
        sa.ForeignKeyConstraint(
            ["decided_by_id"], ["user_account.id"], name=op.f("fk_disclosure_decided_by_id_user_account")
        ),
        sa.ForeignKeyConstraint(["journey_id"], ["journey.id"], name=op.f("fk_disclosure_journey_id_journey")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_disclosure")),
        sa.UniqueConstraint("token", name=op.f("uq_disclosure_token")),
    )
    op.create_table(
        "organisation_former_entry",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("organisation_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("sector", sa.String(length=20), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_organisation_former_entry_organisation_id_organisation"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organisation_former_entry")),
    )
    with op.batch_alter_table("organisation_former_entry", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_organisation_former_entry_organisation_id"), ["organisation_id"], unique=False
        )

    op.create_table(
        "disclosure_field",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("disclosure_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("key", sa.String(length=60), nullable=False),
        sa.Column("title", sa.String(length=300), nullable=False),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("label", sa.String(length=200), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("is_claimed", sa.Boolean(), nullable=False),
        sa.Column("claim_reason", sa.Text(), nullable=False),
        sa.Column(
            "outcome",
            sa.Enum("release", "mask", name="field_outcome", native_enum=False, create_constraint=True, length=40),
            nullable=True,
        ),
        sa.Column("ground", sa.String(length=20), nullable=False),
        sa.Column("reasons", sa.Text(), nullable=False),
        sa.CheckConstraint("outcome <> 'mask' OR ground <> ''", name=op.f("ck_disclosure_field_masked_on_a_ground")),
        sa.ForeignKeyConstraint(
            ["disclosure_id"], ["disclosure.id"], name=op.f("fk_disclosure_field_disclosure_id_disclosure")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_disclosure_field")),
        sa.UniqueConstraint(
            "disclosure_id", "kind", "key", "name", name=op.f("uq_disclosure_field_disclosure_id_kind_key_name")
        ),
    )
    with op.batch_alter_table("disclosure_field", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_disclosure_field_disclosure_id"), ["disclosure_id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("disclosure_field", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_disclosure_field_disclosure_id"))

    op.drop_table("disclosure_field")
    with op.batch_alter_table("organisation_former_entry", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_organisation_former_entry_organisation_id"))

    op.drop_table("organisation_former_entry")
    op.drop_table("disclosure")
