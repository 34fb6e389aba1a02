"""For machines that watch: whether the process lives, whether it can work, and a few figures."""

import sqlalchemy as sa
from flask import Blueprint, Response, current_app, jsonify
from flask.typing import ResponseReturnValue

from missions_app import clock, db, schema
from missions_app.audit.models import AuditEvent
from missions_app.edge.access import public
from missions_app.outbox.models import Job, JobState
from missions_app.web.navigation import VERSION

bp = Blueprint("health", __name__)
PROMETHEUS = "text/plain; version=0.0.4; charset=utf-8"


@bp.get("/healthz")
@public
def show_life() -> ResponseReturnValue:
    """The process answers. It says nothing of what it depends on, so that a lost database restarts nobody."""
    return Response("ok\n", mimetype="text/plain")


@bp.get("/readyz")
@public
def show_readiness() -> ResponseReturnValue:
    """Whether requests can be served: the database answers, with every table and the guard against double booking."""
    faults = _faults()
    return jsonify(status="not ready" if faults else "ready", faults=faults), 503 if faults else 200


@bp.get("/metrics")
@public
def show_metrics() -> ResponseReturnValue:
    """Figures about the work that is put off, for Prometheus. Nothing about people."""
    lines = []
    for name, kind, about, rows in _figures():
        lines += [f"# HELP {name} {about}", f"# TYPE {name} {kind}"]
        lines += [f"{name}{labels} {value:g}" for labels, value in rows]
    return Response("\n".join(lines) + "\n", content_type=PROMETHEUS)


def _faults() -> list[str]:
    try:
        return schema.faults(db.session.connection())
    except sa.exc.OperationalError:
        db.session.rollback()
        current_app.logger.exception("the database does not answer")
        return ["the database does not answer"]


def _figures() -> list[tuple[str, str, str, list[tuple[str, float]]]]:
    counts = {state: 0 for state in JobState}
    rows = db.session.execute(sa.select(Job.state, sa.func.count()).group_by(Job.state)).all()
    counts |= {state: number for state, number in rows}
    oldest = db.session.scalar(sa.select(sa.func.min(Job.due_at)).where(Job.state == JobState.WAITING))
    late = max(0.0, (clock.now() - oldest).total_seconds()) if oldest else 0.0
    unsealed = db.session.scalar(sa.select(sa.func.count()).where(AuditEvent.seal_id.is_(None))) or 0
    jobs = [(f'{{state="{state.value}"}}', float(number)) for state, number in counts.items()]
    return [
        ("missions_build_info", "gauge", "Which version runs.", [(f'{{version="{VERSION}"}}', 1.0)]),
        ("missions_jobs", "gauge", "Pieces of work put off, by state.", jobs),
        ("missions_jobs_oldest_wait_seconds", "gauge", "How long the oldest piece of work is overdue.", [("", late)]),
        ("missions_audit_unsealed_events", "gauge", "Audit events that are not sealed yet.", [("", float(unsealed))]),
    ]
