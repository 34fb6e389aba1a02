"""a value has one correction at a time

Where several had been handed in, each later one corrects the one before it, and only the last that was approved counts.

Revision: 0040; follows: 0039 written: 2026-11-26 09:10:00.000000
"""

import sqlalchemy as sa
from alembic import op

revision = "0040"
down_revision = "0039"
branch_labels = None
depends_on = None

measurement = sa.table(
    "measurement", sa.column("id", sa.Integer), sa.column("corrects_id", sa.Integer), sa.column("state", sa.String)
)


def upgrade() -> None:
    connection = op.get_bind()
    rows = connection.execute(
        sa.select(measurement).where(measurement.c.corrects_id.is_not(None)).order_by(measurement.c.id)
    ).all()
    last: dict[int, sa.Row] = {}
    for row in rows:
        before = last.get(row.corrects_id)
        last[row.corrects_id] = row
        if before is None:
            continue
        chained = sa.update(measurement).where(measurement.c.id == row.id).values(corrects_id=before.id)
        connection.execute(chained)
        if row.state != "submitted" and before.state == "approved":
            retired = sa.update(measurement).where(measurement.c.id == before.id).values(state="corrected")
            connection.execute(retired)
    with op.batch_alter_table("measurement", schema=None) as batch_op:
        batch_op.create_unique_constraint(batch_op.f("uq_measurement_corrects_id"), ["corrects_id"])


def downgrade() -> None:
    with op.batch_alter_table("measurement", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("uq_measurement_corrects_id"), type_="unique")
