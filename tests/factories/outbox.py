"""Looking into the outbox."""

from typing import Any

from sqlalchemy import select

from missions_app import db
from missions_app.outbox import jobs
from missions_app.outbox.mail import MAIL
from missions_app.outbox.models import Job, JobState


def all_mail() -> list[dict[str, Any]]:
    """Every mail that waits to be sent, oldest first: to, template, locale, data."""
    waiting = select(Job).where(Job.kind == MAIL, Job.state == JobState.WAITING).order_by(Job.id)
    return [dict(job.payload) for job in db.session.scalars(waiting)]


def queued_mail(template: str, *, missing_ok: bool = False) -> dict[str, Any]:
    """The newest waiting mail made from a template; {} when there is none and that is expected."""
    found = [mail for mail in all_mail() if mail["template"] == template]
    assert found or missing_ok, f"no mail {template!r} is waiting"
    return found[-1] if found else {}


def work(kind: str) -> int:
    """Do the waiting work of one kind, as the worker would; returns how many pieces were done."""
    done = 0
    for job in db.session.scalars(select(Job).where(Job.kind == kind, Job.state == JobState.WAITING)).all():
        payload = dict(job.payload)
        with db.transaction():
            job.state = JobState.DONE
        jobs._handlers[kind](payload)
        done += 1
    return done
