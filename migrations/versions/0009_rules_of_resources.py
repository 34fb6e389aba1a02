"""Give every resource its own rules, and every entry its history and pictures.

Revision: 0009; follows: 0008; written: 2026-11-25 16:32:13.713355
"""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "qualification",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("owner_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("slug", sa.String(length=80), nullable=False),
        sa.Column("name_sv", sa.String(length=200), nullable=False),
        sa.Column("name_en", sa.String(length=200), nullable=False),
        sa.Column("how_sv", sa.Text(), nullable=False),
        sa.Column("how_en", sa.Text(), nullable=False),
        sa.Column("valid_months", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("valid_months IS NULL OR valid_months > 0", name=op.f("ck_qualification_months_positive")),
        sa.ForeignKeyConstraint(["owner_id"], ["organisation.id"], name=op.f("fk_qualification_owner_id_organisation")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_qualification")),
        sa.UniqueConstraint("owner_id", "slug", name=op.f("uq_qualification_owner_id_slug")),
    )
    op.create_table(
        "quota",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("owner_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("organisation_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column(
            "period",
            sa.Enum("week", "month", "year", name="quota_period", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("hours", sa.Integer(), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("hours > 0", name=op.f("ck_quota_hours_positive")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_quota_organisation_id_organisation")
        ),
        sa.ForeignKeyConstraint(["owner_id"], ["organisation.id"], name=op.f("fk_quota_owner_id_organisation")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_quota")),
    )
    with op.batch_alter_table("quota", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_quota_owner_id"), ["owner_id"], unique=False)

    op.create_table(
        "held_qualification",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("qualification_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("user_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.Column("note", sa.String(length=500), nullable=False),
        sa.Column("granted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("granted_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(withdrawn_at IS NULL) = (withdrawn_by_id IS NULL)",
            name=op.f("ck_held_qualification_withdrawn_at_and_by_together"),
        ),
        sa.CheckConstraint(
            "valid_until IS NULL OR valid_from <= valid_until", name=op.f("ck_held_qualification_valid_in_order")
        ),
        sa.ForeignKeyConstraint(
            ["granted_by_id"], ["user_account.id"], name=op.f("fk_held_qualification_granted_by_id_user_account")
        ),
        sa.ForeignKeyConstraint(
            ["qualification_id"],
            ["qualification.id"],
            name=op.f("fk_held_qualification_qualification_id_qualification"),
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user_account.id"], name=op.f("fk_held_qualification_user_id_user_account")
        ),
        sa.ForeignKeyConstraint(
            ["withdrawn_by_id"], ["user_account.id"], name=op.f("fk_held_qualification_withdrawn_by_id_user_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_held_qualification")),
    )
    with op.batch_alter_table("held_qualification", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_held_qualification_qualification_id"), ["qualification_id"], unique=False)
        batch_op.create_index(
            "ix_held_qualification_user_id_qualification_id", ["user_id", "qualification_id"], unique=False
        )

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
        sa.CheckConstraint("alt_sv <> ''", name=op.f("ck_site_photo_alt_given")),
        sa.ForeignKeyConstraint(["file_id"], ["stored_file.id"], name=op.f("fk_site_photo_file_id_stored_file")),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name=op.f("fk_site_photo_site_id_site")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_site_photo")),
    )
    with op.batch_alter_table("site_photo", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_site_photo_site_id"), ["site_id"], unique=False)

    op.create_table(
        "site_revision",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("site_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("site_version", sa.Integer(), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("saved_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.ForeignKeyConstraint(
            ["saved_by_id"], ["user_account.id"], name=op.f("fk_site_revision_saved_by_id_user_account")
        ),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name=op.f("fk_site_revision_site_id_site")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_site_revision")),
        sa.UniqueConstraint("site_id", "number", name=op.f("uq_site_revision_site_id_number")),
    )
    with op.batch_alter_table("site_revision", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_site_revision_site_id"), ["site_id"], unique=False)

    op.create_table(
        "blackout",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("resource_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("lifted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("lifted_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(lifted_at IS NULL) = (lifted_by_id IS NULL)", name=op.f("ck_blackout_lifted_at_and_by_together")
        ),
        sa.CheckConstraint("starts_at < ends_at", name=op.f("ck_blackout_starts_before_ends")),
        sa.ForeignKeyConstraint(
            ["lifted_by_id"], ["user_account.id"], name=op.f("fk_blackout_lifted_by_id_user_account")
        ),
        sa.ForeignKeyConstraint(["made_by_id"], ["user_account.id"], name=op.f("fk_blackout_made_by_id_user_account")),
        sa.ForeignKeyConstraint(["resource_id"], ["resource.id"], name=op.f("fk_blackout_resource_id_resource")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_blackout")),
    )
    with op.batch_alter_table("blackout", schema=None) as batch_op:
        batch_op.create_index("ix_blackout_resource_id_ends_at", ["resource_id", "ends_at"], unique=False)

    op.create_table(
        "quota_resource",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("quota_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("resource_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(["quota_id"], ["quota.id"], name=op.f("fk_quota_resource_quota_id_quota")),
        sa.ForeignKeyConstraint(["resource_id"], ["resource.id"], name=op.f("fk_quota_resource_resource_id_resource")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_quota_resource")),
        sa.UniqueConstraint("quota_id", "resource_id", name=op.f("uq_quota_resource_quota_id_resource_id")),
    )
    with op.batch_alter_table("quota_resource", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_quota_resource_resource_id"), ["resource_id"], unique=False)

    op.create_table(
        "resource_booker",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("resource_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("organisation_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_resource_booker_organisation_id_organisation")
        ),
        sa.ForeignKeyConstraint(["resource_id"], ["resource.id"], name=op.f("fk_resource_booker_resource_id_resource")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_resource_booker")),
        sa.UniqueConstraint(
            "resource_id", "organisation_id", name=op.f("uq_resource_booker_resource_id_organisation_id")
        ),
    )
    with op.batch_alter_table("resource_booker", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_resource_booker_resource_id"), ["resource_id"], unique=False)

    op.create_table(
        "resource_qualification",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("resource_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("qualification_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(
            ["qualification_id"],
            ["qualification.id"],
            name=op.f("fk_resource_qualification_qualification_id_qualification"),
        ),
        sa.ForeignKeyConstraint(
            ["resource_id"], ["resource.id"], name=op.f("fk_resource_qualification_resource_id_resource")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_resource_qualification")),
        sa.UniqueConstraint(
            "resource_id", "qualification_id", name=op.f("uq_resource_qualification_resource_id_qualification_id")
        ),
    )
    with op.batch_alter_table("resource_qualification", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_resource_qualification_qualification_id"), ["qualification_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_resource_qualification_resource_id"), ["resource_id"], unique=False)

    op.create_table(
        "blackout_reservation",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("blackout_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("reservation_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(
            ["blackout_id"], ["blackout.id"], name=op.f("fk_blackout_reservation_blackout_id_blackout")
        ),
        sa.ForeignKeyConstraint(
            ["reservation_id"], ["reservation.id"], name=op.f("fk_blackout_reservation_reservation_id_reservation")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_blackout_reservation")),
        sa.UniqueConstraint("reservation_id", name=op.f("uq_blackout_reservation_reservation_id")),
    )
    with op.batch_alter_table("blackout_reservation", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_blackout_reservation_blackout_id"), ["blackout_id"], unique=False)

    op.create_table(
        "line_consent",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("line_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("user_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("given_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["line_id"], ["booking_line.id"], name=op.f("fk_line_consent_line_id_booking_line")),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name=op.f("fk_line_consent_user_id_user_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_line_consent")),
        sa.UniqueConstraint(
            "line_id", "user_id", "starts_at", "ends_at", name=op.f("uq_line_consent_line_id_user_id_starts_at_ends_at")
        ),
    )
    with op.batch_alter_table("resource", schema=None) as batch_op:
        batch_op.add_column(sa.Column("approvals_needed", sa.Integer(), server_default="1", nullable=False))
        batch_op.add_column(sa.Column("bookers", sa.String(40), server_default="everyone", nullable=False))
        batch_op.add_column(sa.Column("hold_hours", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("cancel_minutes", sa.Integer(), server_default="0", nullable=False))
        batch_op.create_check_constraint(
            batch_op.f("ck_resource_bookers"), "bookers IN ('everyone', 'experiments', 'chosen', 'owner')"
        )
        batch_op.create_check_constraint(batch_op.f("ck_resource_approvals_positive"), "approvals_needed >= 1")
        batch_op.drop_constraint(batch_op.f("ck_resource_approval"), type_="check")
        batch_op.create_check_constraint(
            batch_op.f("ck_resource_approval"), "approval IN ('none', 'manager', 'several')"
        )

    with op.batch_alter_table("site", schema=None) as batch_op:
        batch_op.add_column(sa.Column("area", sa.JSON(), server_default="[]", nullable=False))


def downgrade() -> None:
    with op.batch_alter_table("site", schema=None) as batch_op:
        batch_op.drop_column("area")

    op.execute("UPDATE resource SET approval = 'manager' WHERE approval = 'several'")
    with op.batch_alter_table("resource", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("ck_resource_approval"), type_="check")
        batch_op.create_check_constraint(batch_op.f("ck_resource_approval"), "approval IN ('none', 'manager')")
        batch_op.drop_constraint(batch_op.f("ck_resource_approvals_positive"), type_="check")
        batch_op.drop_constraint(batch_op.f("ck_resource_bookers"), type_="check")
        batch_op.drop_column("cancel_minutes")
        batch_op.drop_column("hold_hours")
        batch_op.drop_column("bookers")
        batch_op.drop_column("approvals_needed")

    op.drop_table("line_consent")
    with op.batch_alter_table("blackout_reservation", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_blackout_reservation_blackout_id"))

    op.drop_table("blackout_reservation")
    with op.batch_alter_table("resource_qualification", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_resource_qualification_resource_id"))
        batch_op.drop_index(batch_op.f("ix_resource_qualification_qualification_id"))

    op.drop_table("resource_qualification")
    with op.batch_alter_table("resource_booker", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_resource_booker_resource_id"))

    op.drop_table("resource_booker")
    with op.batch_alter_table("quota_resource", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_quota_resource_resource_id"))

    op.drop_table("quota_resource")
    with op.batch_alter_table("blackout", schema=None) as batch_op:
        batch_op.drop_index("ix_blackout_resource_id_ends_at")

    op.drop_table("blackout")
    with op.batch_alter_table("site_revision", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_site_revision_site_id"))

    op.drop_table("site_revision")
    with op.batch_alter_table("site_photo", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_site_photo_site_id"))

    op.drop_table("site_photo")
    with op.batch_alter_table("held_qualification", schema=None) as batch_op:
        batch_op.drop_index("ix_held_qualification_user_id_qualification_id")
        batch_op.drop_index(batch_op.f("ix_held_qualification_qualification_id"))

    op.drop_table("held_qualification")
    with op.batch_alter_table("quota", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_quota_owner_id"))

    op.drop_table("quota")
    op.drop_table("qualification")
