"""Questions of assessors

Revision: 0021; follows: 0020; written: 2026-11-25 20:06:36.567158
"""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "assessment_question",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("panel_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "clarification", "hearing", name="question_kind", native_enum=False, create_constraint=True, length=40
            ),
            nullable=False,
        ),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("asked_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("reply_by", sa.Date(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(answered_at IS NULL) = (answer = '')", name=op.f("ck_assessment_question_answer_and_time_together")
        ),
        sa.ForeignKeyConstraint(
            ["answered_by_id"], ["user_account.id"], name=op.f("fk_assessment_question_answered_by_id_user_account")
        ),
        sa.ForeignKeyConstraint(
            ["asked_by_id"], ["user_account.id"], name=op.f("fk_assessment_question_asked_by_id_user_account")
        ),
        sa.ForeignKeyConstraint(
            ["panel_id"], ["assessment_panel.id"], name=op.f("fk_assessment_question_panel_id_assessment_panel")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assessment_question")),
    )
    with op.batch_alter_table("assessment_question", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_assessment_question_panel_id"), ["panel_id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("assessment_question", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_assessment_question_panel_id"))

    op.drop_table("assessment_question")
