"""Who is told when somebody is asked to assess, or turns out to be too close to a case."""

from missions_app.accounts.actor import REGION
from missions_app.accounts.policy import SECRETARIAT
from missions_app.accounts.queries import users_with
from missions_app.assessments.events import AssessorAssigned, AssessorConflicted
from missions_app.outbox.mail import queue_mail


def on_assigned(event: AssessorAssigned) -> None:
    """The person is asked to declare interests and assess."""
    user = event.assignment.assessor
    queue_mail(
        user.email, "assessor_assigned", locale=user.locale, reference=event.subject.reference,
        title=event.subject.title, due_on=event.assignment.panel.due_on.isoformat(), assignment=event.assignment.id,
    )  # fmt: skip


def on_conflicted(event: AssessorConflicted) -> None:
    """The secretariat appoints somebody else. The mail names no person."""
    for user in users_with(SECRETARIAT, REGION):
        queue_mail(
            user.email, "assessor_conflicted", locale=user.locale, reference=event.subject.reference,
            title=event.subject.title, journey=event.subject.journey.id,
        )  # fmt: skip
