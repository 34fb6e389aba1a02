"""Gates kept back and looked at anew, the method in the browser, messages

Revision: 0005; follows: 0004; written: 2026-11-25 16:04:14.468014
"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


POSTGRESQL = (
    (
        "CREATE OR REPLACE FUNCTION refuse_change_of_settled() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        "RAISE EXCEPTION '%_is_settled', TG_TABLE_NAME; END $$"
    ),
    (
        "CREATE TRIGGER method_version_settled_update BEFORE UPDATE ON method_version FOR EACH ROW WHEN "
        "(OLD.status <> 'draft' AND (NEW.key IS DISTINCT FROM OLD.key OR NEW.number IS DISTINCT FROM "
        "OLD.number OR NEW.document IS DISTINCT FROM OLD.document OR NEW.checksum IS DISTINCT FROM "
        "OLD.checksum OR NEW.created_at IS DISTINCT FROM OLD.created_at)) EXECUTE FUNCTION "
        "refuse_change_of_settled()"
    ),
    (
        "CREATE TRIGGER method_version_settled_delete BEFORE DELETE ON method_version FOR EACH ROW WHEN "
        "(OLD.status <> 'draft') EXECUTE FUNCTION refuse_change_of_settled()"
    ),
    (
        "CREATE TRIGGER gate_decision_settled_update BEFORE UPDATE ON gate_decision FOR EACH ROW WHEN (1 = 1 "
        "AND (NEW.journey_id IS DISTINCT FROM OLD.journey_id OR NEW.gate IS DISTINCT FROM OLD.gate OR "
        "NEW.outcome IS DISTINCT FROM OLD.outcome OR NEW.reasons IS DISTINCT FROM OLD.reasons OR "
        "NEW.decided_by_id IS DISTINCT FROM OLD.decided_by_id OR NEW.decided_as IS DISTINCT FROM "
        "OLD.decided_as OR NEW.decided_on IS DISTINCT FROM OLD.decided_on OR NEW.recorded_at IS DISTINCT FROM"
        " OLD.recorded_at OR NEW.registry_number IS DISTINCT FROM OLD.registry_number OR NEW.differs_because "
        "IS DISTINCT FROM OLD.differs_because OR NEW.corrects_id IS DISTINCT FROM OLD.corrects_id)) EXECUTE "
        "FUNCTION refuse_change_of_settled()"
    ),
    (
        "CREATE TRIGGER gate_decision_settled_delete BEFORE DELETE ON gate_decision FOR EACH ROW WHEN (1 = 1)"
        " EXECUTE FUNCTION refuse_change_of_settled()"
    ),
    (
        "CREATE TRIGGER evidence_settled_update BEFORE UPDATE ON evidence FOR EACH ROW WHEN (1 = 1 AND "
        "(NEW.decision_id IS DISTINCT FROM OLD.decision_id OR NEW.criterion IS DISTINCT FROM OLD.criterion OR"
        " NEW.status IS DISTINCT FROM OLD.status OR NEW.facts::text IS DISTINCT FROM OLD.facts::text OR "
        "NEW.checksum IS DISTINCT FROM OLD.checksum OR NEW.revision IS DISTINCT FROM OLD.revision)) EXECUTE "
        "FUNCTION refuse_change_of_settled()"
    ),
    (
        "CREATE TRIGGER evidence_settled_delete BEFORE DELETE ON evidence FOR EACH ROW WHEN (1 = 1) EXECUTE "
        "FUNCTION refuse_change_of_settled()"
    ),
    (
        "CREATE TRIGGER method_version_settled_status BEFORE UPDATE OF status ON method_version FOR EACH ROW "
        "WHEN (OLD.status <> 'draft' AND NEW.status <> OLD.status AND NEW.status <> 'retired') EXECUTE "
        "FUNCTION refuse_change_of_settled()"
    ),
)
SQLITE = (
    (
        "CREATE TRIGGER method_version_settled_update BEFORE UPDATE ON method_version WHEN OLD.status <> "
        "'draft' AND (NEW.key IS NOT OLD.key OR NEW.number IS NOT OLD.number OR NEW.document IS NOT "
        "OLD.document OR NEW.checksum IS NOT OLD.checksum OR NEW.created_at IS NOT OLD.created_at) BEGIN "
        "SELECT RAISE(ABORT, 'method_version_is_settled'); END"
    ),
    (
        "CREATE TRIGGER method_version_settled_delete BEFORE DELETE ON method_version WHEN OLD.status <> "
        "'draft' BEGIN SELECT RAISE(ABORT, 'method_version_is_settled'); END"
    ),
    (
        "CREATE TRIGGER gate_decision_settled_update BEFORE UPDATE ON gate_decision WHEN 1 = 1 AND "
        "(NEW.journey_id IS NOT OLD.journey_id OR NEW.gate IS NOT OLD.gate OR NEW.outcome IS NOT OLD.outcome "
        "OR NEW.reasons IS NOT OLD.reasons OR NEW.decided_by_id IS NOT OLD.decided_by_id OR NEW.decided_as IS"
        " NOT OLD.decided_as OR NEW.decided_on IS NOT OLD.decided_on OR NEW.recorded_at IS NOT "
        "OLD.recorded_at OR NEW.registry_number IS NOT OLD.registry_number OR NEW.differs_because IS NOT "
        "OLD.differs_because OR NEW.corrects_id IS NOT OLD.corrects_id) BEGIN SELECT RAISE(ABORT, "
        "'gate_decision_is_settled'); END"
    ),
    (
        "CREATE TRIGGER gate_decision_settled_delete BEFORE DELETE ON gate_decision WHEN 1 = 1 BEGIN SELECT "
        "RAISE(ABORT, 'gate_decision_is_settled'); END"
    ),
    (
        "CREATE TRIGGER evidence_settled_update BEFORE UPDATE ON evidence WHEN 1 = 1 AND (NEW.decision_id IS "
        "NOT OLD.decision_id OR NEW.criterion IS NOT OLD.criterion OR NEW.status IS NOT OLD.status OR "
        "NEW.facts IS NOT OLD.facts OR NEW.checksum IS NOT OLD.checksum OR NEW.revision IS NOT OLD.revision) "
        "BEGIN SELECT RAISE(ABORT, 'evidence_is_settled'); END"
    ),
    (
        "CREATE TRIGGER evidence_settled_delete BEFORE DELETE ON evidence WHEN 1 = 1 BEGIN SELECT "
        "RAISE(ABORT, 'evidence_is_settled'); END"
    ),
    (
        "CREATE TRIGGER method_version_settled_status BEFORE UPDATE OF status ON method_version WHEN "
        "OLD.status <> 'draft' AND NEW.status <> OLD.status AND NEW.status <> 'retired' BEGIN SELECT "
        "RAISE(ABORT, 'method_version_is_settled'); END"
    ),
)
TRIGGERS = {
    "method_version": ("update", "delete", "status"), "gate_decision": ("update", "delete"),
    "evidence": ("update", "delete"),
}  # fmt: skip


def _guard() -> None:
    """Adopted versions, decisions and their evidence never change: the database itself refuses."""
    for statement in POSTGRESQL if op.get_bind().dialect.name == "postgresql" else SQLITE:
        op.get_bind().exec_driver_sql(
            statement.replace("%", "%%") if op.get_bind().dialect.name == "postgresql" else statement
        )


def _unguard() -> None:
    on_postgresql = op.get_bind().dialect.name == "postgresql"
    for table, acts in TRIGGERS.items():
        for act in acts:
            op.execute(f"DROP TRIGGER {table}_settled_{act}" + (f" ON {table}" if on_postgresql else ""))
    if on_postgresql:
        op.execute("DROP FUNCTION refuse_change_of_settled()")


def upgrade() -> None:
    op.create_table(
        "message",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("user_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("template", sa.String(length=60), nullable=False),
        sa.Column("data", sa.JSON(), nullable=False),
        sa.Column("is_statutory", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name=op.f("fk_message_user_id_user_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_message")),
    )
    with op.batch_alter_table("message", schema=None) as batch_op:
        batch_op.create_index("ix_message_user_id_id", ["user_id", "id"], unique=False)

    op.create_table(
        "message_preference",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("user_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "frequency",
            sa.Enum(
                "at_once",
                "daily",
                "weekly",
                "none",
                name="frequency",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("reminders", sa.Boolean(), nullable=False),
        sa.Column("digest_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reminded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user_account.id"], name=op.f("fk_message_preference_user_id_user_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_message_preference")),
        sa.UniqueConstraint("user_id", name=op.f("uq_message_preference_user_id")),
    )
    op.create_table(
        "method_proposal",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("change", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("place", sa.String(length=80), nullable=False),
        sa.Column("evidence", sa.JSON(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "proposed",
                "accepted",
                "declined",
                "done",
                name="proposal_state",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("proposed_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("answered_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("method_version_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["answered_by_id"], ["user_account.id"], name=op.f("fk_method_proposal_answered_by_id_user_account")
        ),
        sa.ForeignKeyConstraint(
            ["method_version_id"],
            ["method_version.id"],
            name=op.f("fk_method_proposal_method_version_id_method_version"),
        ),
        sa.ForeignKeyConstraint(
            ["proposed_by_id"], ["user_account.id"], name=op.f("fk_method_proposal_proposed_by_id_user_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_method_proposal")),
    )
    op.create_table(
        "method_migration",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("journey_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("from_version_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("to_version_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "outcome",
            sa.Enum("moved", "stayed", name="migration_outcome", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("before", sa.JSON(), nullable=False),
        sa.Column("after", sa.JSON(), nullable=False),
        sa.Column("differing", sa.JSON(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.ForeignKeyConstraint(["by_id"], ["user_account.id"], name=op.f("fk_method_migration_by_id_user_account")),
        sa.ForeignKeyConstraint(
            ["from_version_id"], ["method_version.id"], name=op.f("fk_method_migration_from_version_id_method_version")
        ),
        sa.ForeignKeyConstraint(["journey_id"], ["journey.id"], name=op.f("fk_method_migration_journey_id_journey")),
        sa.ForeignKeyConstraint(
            ["to_version_id"], ["method_version.id"], name=op.f("fk_method_migration_to_version_id_method_version")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_method_migration")),
    )
    with op.batch_alter_table("method_migration", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_method_migration_journey_id"), ["journey_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_method_migration_to_version_id"), ["to_version_id"], unique=False)

    with op.batch_alter_table("evidence", schema=None) as batch_op:
        batch_op.add_column(sa.Column("revision", sa.String(length=40), nullable=False, server_default=""))

    with op.batch_alter_table("gate_decision", schema=None) as batch_op:
        batch_op.add_column(sa.Column("publish_on", sa.Date(), nullable=True))

    with op.batch_alter_table("method_version", schema=None) as batch_op:
        batch_op.add_column(sa.Column("valid_from", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("retired_on", sa.Date(), nullable=True))
        batch_op.add_column(
            sa.Column("based_on_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True)
        )
        batch_op.add_column(sa.Column("summary", sa.Text(), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("decided_body", sa.String(length=40), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("registry_number", sa.String(length=60), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("version", sa.Integer(), nullable=False, server_default="1"))
        batch_op.create_foreign_key(
            batch_op.f("fk_method_version_based_on_id_method_version"), "method_version", ["based_on_id"], ["id"]
        )

    with op.batch_alter_table("stale_mark", schema=None) as batch_op:
        batch_op.add_column(sa.Column("look", sa.Text(), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("looked_as", sa.String(length=40), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("looked_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(
            sa.Column("looked_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True)
        )
        batch_op.create_foreign_key(
            batch_op.f("fk_stale_mark_looked_by_id_user_account"), "user_account", ["looked_by_id"], ["id"]
        )

    op.execute("UPDATE method_version SET valid_from = adopted_on")
    _guard()


def downgrade() -> None:
    _unguard()
    with op.batch_alter_table("stale_mark", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_stale_mark_looked_by_id_user_account"), type_="foreignkey")
        batch_op.drop_column("looked_by_id")
        batch_op.drop_column("looked_at")
        batch_op.drop_column("looked_as")
        batch_op.drop_column("look")

    with op.batch_alter_table("method_version", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_method_version_based_on_id_method_version"), type_="foreignkey")
        batch_op.drop_column("version")
        batch_op.drop_column("registry_number")
        batch_op.drop_column("decided_body")
        batch_op.drop_column("summary")
        batch_op.drop_column("based_on_id")
        batch_op.drop_column("retired_on")
        batch_op.drop_column("valid_from")

    with op.batch_alter_table("gate_decision", schema=None) as batch_op:
        batch_op.drop_column("publish_on")

    with op.batch_alter_table("evidence", schema=None) as batch_op:
        batch_op.drop_column("revision")

    with op.batch_alter_table("method_migration", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_method_migration_to_version_id"))
        batch_op.drop_index(batch_op.f("ix_method_migration_journey_id"))

    op.drop_table("method_migration")
    op.drop_table("method_proposal")
    op.drop_table("message_preference")
    with op.batch_alter_table("message", schema=None) as batch_op:
        batch_op.drop_index("ix_message_user_id_id")

    op.drop_table("message")
