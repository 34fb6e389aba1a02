"""Why the challenges package refuses."""

from missions_app.errors import Conflict, InvalidInput, StaleVersion


class StaleChallenge(StaleVersion):
    """Somebody saved the challenge after the writer opened it; nothing was overwritten."""

    code = "stale_challenge"
    message = "Two people have changed this at the same time. Your text is kept; choose what shall stand."


class NotEditable(Conflict):
    """The challenge is with the secretariat, or its way has ended."""

    code = "not_editable"
    message = "The challenge can be changed only while it is a draft or has been returned. Now it is: %(state)s."


class NotReady(InvalidInput):
    """Something is missing before the challenge can be submitted; every missing thing is listed."""

    code = "not_ready"
    message = "Something is missing before you can submit."


class UnknownChoice(InvalidInput):
    """The value is not in the method's list."""

    code = "unknown_choice"
    message = "Choose one of the alternatives in the list."


class TextTooLong(InvalidInput):
    """More text than the field takes."""

    code = "text_too_long"
    message = "Write at most %(most)d characters. Now there are %(length)d."


class ClaimWithoutReason(InvalidInput):
    """Asking for secrecy needs a reason."""

    code = "claim_without_reason"
    message = "Write why the text should be kept secret."


class PointIncomplete(InvalidInput):
    """A point is a latitude and a longitude."""

    code = "point_incomplete"
    message = "Give both latitude and longitude, in degrees."


class NoPoints(InvalidInput):
    """A return must say what to mend."""

    code = "no_points"
    message = "Write at least one point that the authors are to mend."


class InvitationOver(Conflict):
    """The invitation has been answered, withdrawn or has expired."""

    code = "invitation_over"
    message = "This invitation no longer holds. Ask for a new one."


class AddressNeeded(InvalidInput):
    """Something that is not an e-mail address."""

    code = "address_needed"
    message = "Write an e-mail address, for example name@example.se."


class AreaNeedsPoint(InvalidInput):
    """An area is a point and how far around it."""

    code = "area_needs_point"
    message = "Give a point first, and a distance above zero."


class MergeTargetMissing(Conflict):
    """Bringing together needs another challenge that is still under way."""

    code = "merge_target_missing"
    message = "Choose another challenge that has been submitted and is not decided yet."


class SplitTooLate(Conflict):
    """The challenge it was brought together with has been decided."""

    code = "split_too_late"
    message = "The challenge it was brought together with has been decided. They can no longer be split."


class NothingToObject(Conflict):
    """The challenge has not been declined, or the answer has been given already."""

    code = "nothing_to_object"
    message = "You can answer once when the secretariat has declined the challenge."


class ObjectionAnswered(Conflict):
    """Somebody has answered it already."""

    code = "objection_answered"
    message = "The secretariat has answered already."


class WordsNeeded(InvalidInput):
    """An empty text where words are needed."""

    code = "words_needed"
    message = "Write why, in your own words."


class PeriodWrong(InvalidInput):
    """A period must begin before it ends, and end in the future."""

    code = "period_wrong"
    message = "The last day must come after the first one, and may not have passed."


class CommentsClosed(Conflict):
    """The time for comments from everybody is not now."""

    code = "comments_closed"
    message = "Everybody may comment from %(first)s to %(last)s."


class NotPublicYet(Conflict):
    """What is not public cannot be followed."""

    code = "not_public_yet"
    message = "The challenge is not public, so it cannot be followed."


class LinkOver(Conflict):
    """The link in the letter has been used up or never held."""

    code = "link_over"
    message = "The link does not hold any longer."


class NobodySubmits(Conflict):
    """The owner has nobody who may send a challenge in."""

    code = "nobody_submits"
    message = (
        "Nobody at %(organisation)s can send in challenges yet. "
        "Ask the organisation's administrator or the secretariat to appoint a representative."
    )
