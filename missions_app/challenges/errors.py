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
