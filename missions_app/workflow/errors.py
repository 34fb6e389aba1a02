"""Why the engine refuses."""

from missions_app.errors import Conflict, InvalidInput, NotAllowed, NotFound


class UnknownMove(NotFound):
    """The method declares no such move for this kind of case."""

    code = "unknown_move"
    message = "The method has no such step."


class WrongState(Conflict):
    """The move is not declared from the state the case is in."""

    code = "wrong_state"
    message = "This is not possible now: %(reference)s is in the state %(state)s."


class WrongRole(NotAllowed):
    """The actor holds none of the roles that may make the move."""

    code = "wrong_role"
    message = "Only these may do this: %(who)s."


class ReasonMissing(InvalidInput):
    """The move or decision needs a reason."""

    code = "reason_missing"
    message = "Write the reason. It becomes part of the record."


class GateHolds(Conflict):
    """Blocking criteria are neither met nor validly waived. `criteria` lists their titles."""

    code = "gate_holds"
    message = "The case cannot go on yet. Still missing: %(criteria)s."


class MoveHolds(InvalidInput):
    """What the move requires is not in place; every missing thing is listed at its field."""

    code = "move_holds"
    message = "Something is missing before this can be done."


class SamePerson(NotAllowed):
    """Whoever recommended may not also decide."""

    code = "same_person"
    message = "The one who wrote the recommendation may not also decide. Ask a colleague."


class TooCloseToCase(NotAllowed):
    """Something ties the actor to those who take part, or the actor has stepped aside. `reasons` says what."""

    code = "too_close_to_case"
    message = "A conflict of interest stands in the way: %(reasons)s"


class InterestsUndeclared(InvalidInput):
    """Whoever decides declares first that nothing ties them to the case."""

    code = "interests_undeclared"
    message = "Declare that nothing ties you to those who take part, or step aside."


class NotYourRecusal(NotAllowed):
    """Only the person comes back, and only before the decision."""

    code = "not_your_recusal"
    message = "Only the one who has stepped aside can come back, and only before the decision."


class RecommendationMissing(Conflict):
    """A decision rests on a recommendation by another person."""

    code = "recommendation_missing"
    message = "A recommendation is needed before the decision."


class DifferenceUnexplained(InvalidInput):
    """Deciding otherwise than recommended needs a reason of its own."""

    code = "difference_unexplained"
    message = "Your decision differs from the recommendation. Write why."


class NotWaivable(NotAllowed):
    """The method lets nobody, or nobody in the actor's role, set this criterion aside."""

    code = "not_waivable"
    message = "This requirement cannot be waived by you."


class WaiverExpired(InvalidInput):
    """The last day of a waiver must lie ahead."""

    code = "waiver_expired"
    message = "Choose a last day after today."


class TooShort(InvalidInput):
    """The text says too little."""

    code = "too_short"
    message = "Write at least %(least)d characters."


class WaiverTooLong(InvalidInput):
    """The method says how long a waiver may last."""

    code = "waiver_too_long"
    message = "A waiver may last %(days)d days at most. Choose a day no later than %(latest)s."


class NotStale(Conflict):
    """There is nothing out of date to look at."""

    code = "not_stale"
    message = "This requirement is not out of date any more."


class StaleBefore(Conflict):
    """Something under an earlier decision has changed, and nobody has answered for it. `criteria` lists the titles."""

    code = "stale_before"
    message = "What an earlier decision rested on has changed: %(criteria)s. Look at it anew or grant a waiver."


class DecisionWaits(Conflict):
    """A decision at this gate is made already and waits to be published."""

    code = "decision_waits"
    message = "A decision is made already and waits to be published."


class NotYetPublished(Conflict):
    """Only what is known can be corrected."""

    code = "not_yet_published"
    message = "Publish the decision before you correct it."


class AlreadyCorrected(Conflict):
    """A decision is corrected once; after that its correction is."""

    code = "already_corrected"
    message = "This decision has been corrected. Correct the newest one instead."


class NothingCorrected(InvalidInput):
    """A correction that says the same corrects nothing."""

    code = "nothing_corrected"
    message = "Nothing differs from the decision as it stands. Change what is wrong in it."


class PublishedInThePast(InvalidInput):
    """The day of publication must lie ahead."""

    code = "published_in_the_past"
    message = "Choose a day after today, or publish at once."


class DraftExists(Conflict):
    """There is one draft at a time."""

    code = "draft_exists"
    message = "There is a draft already: version %(number)d. Work on that one, or throw it away first."


class DraftHasProblems(Conflict):
    """A draft is adopted when it holds together."""

    code = "draft_has_problems"
    message = "The draft does not hold together yet: %(number)d things are wrong."


class OtherMethod(InvalidInput):
    """The file describes another method."""

    code = "other_method"
    message = "The file is of another method. Its id should be %(key)s."


class NumberTaken(InvalidInput):
    """A new version needs a number of its own."""

    code = "number_taken"
    message = "Give the file a version number of at least %(least)d."


class StillInForce(Conflict):
    """New cases begin under this version."""

    code = "still_in_force"
    message = "New cases begin under this version. Adopt a newer one first."


class AlreadyUnder(Conflict):
    """The case is under that version."""

    code = "already_under"
    message = "The case is under version %(number)d already."


class CannotMove(Conflict):
    """The new version lacks something the case cannot be without."""

    code = "cannot_move"
    message = "The case cannot move: the new version does not have %(missing)s."


class AlreadyAnswered(Conflict):
    """A proposal is answered once."""

    code = "already_answered"
    message = "The proposal has been answered."
