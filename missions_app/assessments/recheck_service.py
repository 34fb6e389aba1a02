"""Looking again at those who assess when parties or ties have come late: whoever is too close by then is removed, and
what they had sent in no longer counts."""

from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any

from sqlalchemy import select

from missions_app import db
from missions_app.accounts.actor import SYSTEM
from missions_app.accounts.models import User
from missions_app.assessments import policy, queries
from missions_app.assessments.declaration_service import close_to
from missions_app.assessments.models import Assignment, FormerEmployment, Panel
from missions_app.assessments.panel_service import lock_panel
from missions_app.audit.trail import Recorded
from missions_app.outbox import jobs
from missions_app.workflow.models import Journey
from missions_app.workflow.subjects import subject_of
from missions_app.workflow.watching import journeys_behind

RECHECK = "assessments.recheck"
# Acts by which an organisation or a person becomes part of a case.
NEW_PARTIES = frozenset(
    {"partner.committed", "booking.submitted", "mission.coordinator_appointed", "mission.challenge_joined"}
)
# Acts by which a person becomes tied to an organisation.
NEW_TIES = frozenset({"grant.given", "assessor.former_employment_added"})


def on_recorded(event: Recorded) -> None:
    """Queue one look per case and transaction, for cases that are being assessed."""
    if event.action in NEW_PARTIES or event.action in NEW_TIES:
        for journey in _journeys(event):
            db.before_commit(f"{RECHECK}:{journey.id}", partial(_queue, journey))


def recheck(payload: Mapping[str, Any]) -> None:
    """Look at every open panel of a case. For the worker."""
    _look(Panel.journey_id == payload["journey"])


def sweep(_payload: Mapping[str, Any]) -> None:
    """Look at every open panel, once a day: owners of organisations change too. For the worker."""
    _look(Panel.id.is_not(None))


def _look(which: Any) -> None:
    panels = db.session.scalars(select(Panel).where(which, Panel.closed_at.is_(None)).order_by(Panel.id)).all()
    for panel in panels:
        subject = subject_of(panel.journey)
        with db.transaction():
            locked = lock_panel(panel)
            for one in locked.assignments:
                if one.state in policy.OPEN:
                    found = queries.findings_for(one.assessor_id, subject, locked.rubric)
                    if found:
                        close_to(one, subject, found, by=SYSTEM)


def _journeys(event: Recorded) -> Iterator[Journey]:
    subject = event.subject
    if event.action in NEW_PARTIES:
        yield from journeys_behind(subject)
        return
    person = subject.user_id if isinstance(subject, FormerEmployment) else subject.id
    if isinstance(subject, User | FormerEmployment):
        yield from db.session.scalars(
            select(Journey)
            .join(Panel, Panel.journey_id == Journey.id)
            .join(Assignment, Assignment.panel_id == Panel.id)
            .where(Assignment.assessor_id == person, Panel.closed_at.is_(None))
        ).unique()


def _queue(journey: Journey) -> None:
    waits = select(Panel.id).where(Panel.journey_id == journey.id, Panel.closed_at.is_(None)).limit(1)
    if db.session.scalars(waits).first() is not None:
        jobs.queue(RECHECK, journey=journey.id)
