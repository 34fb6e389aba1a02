"""pictures of sites in their order, with their size

Revision: 0023; follows: 0022; written: 2026-11-25 19:50:34.604545
"""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None


def _make(*more: sa.schema.SchemaItem, alt: str) -> None:
    op.create_table(
        "site_photo",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("site_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("file_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("alt_sv", sa.String(length=500), nullable=False),
        sa.Column("alt_en", sa.String(length=500), nullable=False),
        sa.Column("credit", sa.String(length=200), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(alt, name=op.f("ck_site_photo_alt_given")),
        sa.ForeignKeyConstraint(["file_id"], ["stored_file.id"], name=op.f("fk_site_photo_file_id_stored_file")),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name=op.f("fk_site_photo_site_id_site")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_site_photo")),
        *more,
    )
    op.create_index(op.f("ix_site_photo_site_id"), "site_photo", ["site_id"])


def upgrade() -> None:
    # Nothing has been kept in the table so far.
    op.drop_table("site_photo")
    _make(
        sa.Column("position", sa.Integer(), server_default="0", nullable=False),
        sa.Column("width", sa.Integer(), server_default="1", nullable=False),
        sa.Column("height", sa.Integer(), server_default="1", nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.CheckConstraint("width > 0 AND height > 0", name=op.f("ck_site_photo_has_size")),
        alt="trim(alt_sv) <> ''",
    )


def downgrade() -> None:
    op.drop_table("site_photo")
    _make(alt="alt_sv <> ''")
