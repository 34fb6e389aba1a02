"""What follows when a challenge comes to a new state: the incoming document, settled points, and who is told."""

from typing import Any

from missions_app import clock, db
from missions_app.accounts.actor import REGION, Actor
from missions_app.accounts.policy import SECRETARIAT
from missions_app.accounts.queries import users_with
from missions_app.assessments.events import AssessmentsIn
from missions_app.audit import trail
from missions_app.audit.trail import Recorded
from missions_app.challenges import followers, locking, merge_queries, paper, policy, queries
from missions_app.challenges.challenge_service import SUBMIT, require_ready
from missions_app.challenges.errors import MergeTargetMissing
from missions_app.challenges.merge_service import MERGE, SPLIT, end_merge
from missions_app.challenges.models import Challenge, RevisionKind, Submission
from missions_app.challenges.revisions import keep_revision
from missions_app.challenges.screening_service import RETURN
from missions_app.documents import document_service
from missions_app.documents.models import Visibility
from missions_app.outbox.mail import queue_mail
from missions_app.workflow.events import GateDecided, StateEntered
from missions_app.workflow.method_parts import State
from missions_app.workflow.models import GateDecision

DOCUMENT_KIND = "challenge"
ATTACHED = frozenset({"document.received", "document.voided", "document.deleted"})


def on_state_entered(event: StateEntered) -> None:
    """Whatever door the move came through: sending in needs everything and makes an incoming document."""
    if not isinstance(event.subject, Challenge):
        return
    challenge = event.subject
    if event.by_move == MERGE and merge_queries.merge_of(challenge) is None:
        raise MergeTargetMissing()  # the move alone says nothing about with which one
    if event.by_move == SPLIT:
        end_merge(challenge, by=event.by)
    if event.by_move == SUBMIT:
        require_ready(challenge)
        _receive(challenge, event.by)
        _tell_followers(challenge, f"submit:{challenge.journey.version}")
        return
    if policy.method_for(challenge).find_gate(event.by_move.partition(".")[0]) is None:
        _tell_authors(challenge, event.by_move, event.reason, by=event.by)
        _tell_followers(challenge, f"{event.by_move}:{challenge.journey.version}")


def on_gate_decided(event: GateDecided) -> None:
    """The authors are told of a decision when it is public: it is not announced before."""
    if isinstance(event.subject, Challenge):
        _tell_decision(event.subject, event.decision)
        _tell_followers(event.subject, f"decision:{event.decision.id}")


def on_recorded(event: Recorded) -> None:
    """An attachment that has come or gone is a revision too."""
    if event.action in ATTACHED and isinstance(event.subject, Challenge) and isinstance(event.by, Actor):
        db.session.flush()
        keep_revision(locking.lock(event.subject), RevisionKind.ATTACHMENTS, by=event.by)


def on_assessments_in(event: AssessmentsIn) -> None:
    """The authors may read the reasons, and the secretariat goes on."""
    if not isinstance(event.subject, Challenge):
        return
    for user in [*queries.people_of(event.subject), *users_with(SECRETARIAT, REGION)]:
        queue_mail(
            user.email, "assessments_in", locale=user.locale, reference=event.subject.reference,
            title=event.subject.title, journey=event.subject.journey.id,
            dedupe_key=f"assessments_in:{event.panel.id}:{event.panel.version}:{user.id}",
        )  # fmt: skip


def _receive(challenge: Challenge, by: Actor) -> None:
    session, revision = db.session(), queries.latest_revision(challenge)
    visibility = Visibility.CLAIMED_SECRET if challenge.claims else Visibility.PARTNERS
    document = document_service.register_written(
        kind=DOCUMENT_KIND, title=f"{challenge.reference} {challenge.title}", journey=challenge.journey,
        text=paper.submitted_text(challenge, revision.content), by=by, visibility=visibility,
    )  # fmt: skip
    submission = Submission(
        challenge=challenge, revision_number=revision.number, submitted_at=clock.now(), submitted_by_id=by.user_id,
        document=document,
    )  # fmt: skip
    session.add(submission)
    challenge.submitted_at = challenge.submitted_at or clock.now()
    for point in queries.points_of(challenge):
        point.settled_at = clock.now()
    session.flush()
    trail.record("challenge.received", challenge, by=by, revision=revision.number, document=document.id)
    facts: dict[str, Any] = {
        "reference": challenge.reference, "title": challenge.title, "organisation": challenge.organisation.name,
        "submitted_at": submission.submitted_at.isoformat(),
        "reply_days": queries.reply_days(policy.method_for(challenge)),
    }  # fmt: skip
    for user in queries.people_of(challenge):
        queue_mail(user.email, "challenge_submitted", locale=user.locale, **facts)
    for user in users_with(SECRETARIAT, REGION):
        queue_mail(user.email, "challenge_received", locale=user.locale, **facts)


def _tell_authors(challenge: Challenge, by_move: str, reason: str, *, by: Actor) -> None:
    state: State = policy.state_of(challenge)
    points = [point.text for point in queries.points_of(challenge)] if by_move == RETURN else []
    for user in queries.people_of(challenge):
        if user.id == by.user_id:
            continue
        queue_mail(
            user.email, "challenge_moved", locale=user.locale, reference=challenge.reference, title=challenge.title,
            state=state.label.in_(user.locale), reason=reason, points=points,
        )  # fmt: skip


def _tell_followers(challenge: Challenge, what: str) -> None:
    if not policy.is_public(challenge):
        return
    state = policy.state_of(challenge).label
    dedupe = f"challenge_followed:{challenge.id}:{what}"
    followers.tell(challenge, "challenge_news", dedupe=dedupe, state_sv=state.sv, state_en=state.en)


def _tell_decision(challenge: Challenge, decision: GateDecision) -> None:
    outcome = next(
        one for one in policy.method_for(challenge).gate(decision.gate).outcomes if one.id == decision.outcome
    )
    for user in queries.people_of(challenge):
        queue_mail(
            user.email, "challenge_decided", locale=user.locale, reference=challenge.reference,
            title=challenge.title, outcome=outcome.label.in_(user.locale), reasons=decision.reasons,
            dedupe_key=f"challenge_decided:{decision.id}:{user.id}",
        )  # fmt: skip
