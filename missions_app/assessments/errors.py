"""Why the assessments package refuses."""

from missions_app.errors import Conflict, InvalidInput, NotAllowed


class NotBeingAssessed(Conflict):
    """The case is not where the method assesses it on this rubric."""

    code = "not_being_assessed"
    message = "%(reference)s is not being assessed now."


class AlreadyAssigned(Conflict):
    """The person already has, or has had, this assignment."""

    code = "already_assigned"
    message = "This person has already been asked. Choose somebody else."


class ConflictOfInterest(NotAllowed):
    """The person is too close to the case; nothing of it is shown and no score is taken."""

    code = "conflict_of_interest"
    message = "A conflict of interest closes this assessment: %(reasons)s"


class NotYourAssessment(NotAllowed):
    """Only the assessor answers for an assessment."""

    code = "not_your_assessment"
    message = "This assessment belongs to somebody else."


class DeclareFirst(Conflict):
    """Nobody scores before having declared interests and been cleared."""

    code = "declare_first"
    message = "Declare your interests first. You can assess when nothing stands in the way."


class AlreadySubmitted(Conflict):
    """What is sent in stands."""

    code = "already_submitted"
    message = "Your assessment has been sent in and can no longer be changed."


class AssignmentEnded(Conflict):
    """The assignment was declined, released or closed."""

    code = "assignment_ended"
    message = "This assignment has ended."


class AnswersMissing(InvalidInput):
    """Every question of the declaration needs an answer."""

    code = "answers_missing"
    message = "Answer every question."


class ScoresIncomplete(InvalidInput):
    """A score or a reason is missing; all of them are listed."""

    code = "scores_incomplete"
    message = "Something is missing in your assessment."


class NothingToRule(Conflict):
    """Only an unsure declaration needs a ruling."""

    code = "nothing_to_rule"
    message = "There is no open question about this declaration."


class StillSealed(Conflict):
    """Until all assessments are in, nobody sees any of them."""

    code = "still_sealed"
    message = "The assessments are shown when all of them are in."


class NothingToAgree(Conflict):
    """The assessors do not differ more than the method accepts."""

    code = "nothing_to_agree"
    message = "The assessors do not differ so much that a note is needed."


class ReasonNeeded(InvalidInput):
    """The record needs words."""

    code = "reason_needed"
    message = "Write the reason. It is kept with the case."


class TextTooShort(InvalidInput):
    """The record needs words."""

    code = "text_too_short"
    message = "Write at least %(least)d characters."


class AlreadyAnswered(Conflict):
    """An answer stands as written."""

    code = "question_answered"
    message = "The question has been answered."


class ReplyDayPassed(InvalidInput):
    """Those who are asked need time."""

    code = "reply_day_passed"
    message = "Choose a day after today to reply by."


class NotHeard(Conflict):
    """Nothing is recommended on a review before those whose case it is have been heard on it."""

    code = "not_heard"
    message = (
        "Nobody has heard %(reference)s on the reviews. Hear the parties under Questions and answers, or write there "
        "why it is not needed, and then recommend."
    )


class HearingOpen(Conflict):
    """Those who are heard have time left."""

    code = "hearing_open"
    message = (
        "%(reference)s has been asked for its view of the reviews and may reply until %(reply_by)s. Recommend when it "
        "has answered, or after that day."
    )


class ReviewsNotIn(Conflict):
    """Nobody can be heard on reviews that are not written."""

    code = "reviews_not_in"
    message = (
        "The reviews of %(reference)s are not all in. When they are, hear the parties on them, and then recommend."
    )


class HearingSettled(Conflict):
    """The hearing has been held or set aside already."""

    code = "hearing_settled"
    message = "The parties have been heard, or the hearing is set aside already."
