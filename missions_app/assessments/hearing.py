"""Whether those whose case it is have been heard on its review, which comes before anything is recommended on it."""

from collections.abc import Sequence

from sqlalchemy import select

from missions_app import clock, db
from missions_app.accounts.actor import Actor
from missions_app.accounts.policy import permit
from missions_app.assessments import queries, question_service, results
from missions_app.assessments.errors import (
    HearingOpen,
    HearingSettled,
    NotHeard,
    ReviewsNotIn,
    StillSealed,
    TextTooShort,
)
from missions_app.assessments.models import Panel
from missions_app.assessments.question_models import HearingWaiver, Question, QuestionKind
from missions_app.audit import trail
from missions_app.errors import DomainError
from missions_app.workflow.method import Gate
from missions_app.workflow.models import Journey
from missions_app.workflow.subjects import Subject


def hindrance(subject: Subject, gate: Gate) -> DomainError | None:
    """What keeps a recommendation at a gate that rests on a review: the reviews are not in, or nobody was heard on
    them and that was not set aside, or the days to reply have not run out. None when nothing does."""
    for rubric in (one.params["rubric"] for one in gate.criteria if one.check == "rubric"):
        panel = queries.current_panel(subject.journey, rubric)
        if panel is None or not queries.is_complete(panel):
            return ReviewsNotIn(reference=subject.reference)
        if waiver_of(panel) is not None:
            continue
        heard = hearings_of(panel)
        if not heard:
            return NotHeard(reference=subject.reference)
        waiting = [one.reply_by for one in heard if one.answered_at is None and one.reply_by >= clock.today()]
        if waiting:
            return HearingOpen(reference=subject.reference, reply_by=max(waiting))
    return None


def hearings_of(panel: Panel) -> Sequence[Question]:
    """What those whose case it is were asked on the reviews as they are now, oldest first. A review that came in
    after they were asked is one they have not been heard on."""
    since = results.in_since(panel)
    return [
        one
        for one in question_service.questions_of(panel)
        if one.kind is QuestionKind.HEARING and (since is None or one.asked_at >= since)
    ]


def waiver_of(panel: Panel) -> HearingWaiver | None:
    """Why nobody is heard on this review, if the secretariat has said so."""
    return db.session.scalars(select(HearingWaiver).where(HearingWaiver.panel_id == panel.id)).first()


def waivers_of_case(journey: Journey) -> Sequence[HearingWaiver]:
    """The same for every panel a case has had, oldest first."""
    return db.session.scalars(
        select(HearingWaiver).join(HearingWaiver.panel).where(Panel.journey_id == journey.id).order_by(HearingWaiver.id)
    ).all()


def waive(panel: Panel, subject: Subject, *, reason: str, by: Actor) -> HearingWaiver:
    """Recommend without hearing those whose case it is; the reason goes with the basis for the decision.

    Raises:
        NotAllowed, StillSealed (not all assessments are in), HearingSettled, TextTooShort.
    """
    permit(question_service.can_hear, by, subject)
    with db.transaction() as session:
        db.lock_row(panel)
        if not queries.is_complete(panel):
            raise StillSealed()
        if waiver_of(panel) is not None or any(one.answered_at is not None for one in hearings_of(panel)):
            raise HearingSettled()
        if len(reason.strip()) < question_service.LEAST:
            raise TextTooShort(field="reason", least=question_service.LEAST)
        waiver = HearingWaiver(panel=panel, reason=reason.strip(), waived_at=clock.now(), waived_by_id=by.user_id)
        session.add(waiver)
        session.flush()
        trail.record("assessment.hearing_waived", subject, by=by, waiver=waiver.id)
        return waiver
