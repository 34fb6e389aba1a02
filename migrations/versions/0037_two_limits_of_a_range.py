"""an indicator that is to stay within limits has a lower limit of its own

Until now such a range lay between the baseline and the target. A target without a baseline said how far the value may
move, which is what "hold" says.

Revision: 0037; follows: 0036 written: 2026-11-26 08:30:00.000000
"""

import sqlalchemy as sa
from alembic import op

revision = "0037"
down_revision = "0036"
branch_labels = None
depends_on = None

RULE = (
    "CASE WHEN direction = 'range' THEN (target_low IS NULL) = (target_value IS NULL)"
    " AND (target_low IS NULL OR target_low < target_value) ELSE target_low IS NULL END"
)


def upgrade() -> None:
    with op.batch_alter_table("indicator_plan", schema=None) as batch_op:
        batch_op.add_column(sa.Column("target_low", sa.Double(), nullable=True))
    op.execute(
        "UPDATE indicator_plan SET direction = 'hold' WHERE direction = 'range' AND target_value IS NOT NULL"
        " AND (baseline_value IS NULL OR baseline_value = target_value)"
    )
    op.execute(
        "UPDATE indicator_plan SET"
        " target_low = CASE WHEN baseline_value < target_value THEN baseline_value ELSE target_value END,"
        " target_value = CASE WHEN baseline_value < target_value THEN target_value ELSE baseline_value END"
        " WHERE direction = 'range' AND target_value IS NOT NULL"
    )
    with op.batch_alter_table("indicator_plan", schema=None) as batch_op:
        batch_op.create_check_constraint(op.f("ck_indicator_plan_a_range_has_two_limits"), RULE)


def downgrade() -> None:
    with op.batch_alter_table("indicator_plan", schema=None) as batch_op:
        batch_op.drop_constraint(op.f("ck_indicator_plan_a_range_has_two_limits"), type_="check")
    with op.batch_alter_table("indicator_plan", schema=None) as batch_op:
        batch_op.drop_column("target_low")
