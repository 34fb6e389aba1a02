"""Why missions refuse."""

from missions_app.errors import Conflict, InvalidInput


class NotAMember(InvalidInput):
    """The person does not belong to the organisation that is to coordinate."""

    code = "not_a_member"
    message = "The person does not belong to %(organisation)s. Choose somebody who does, or let them join it first."


class NeedsConsent(Conflict):
    """Another organisation coordinates, and the new one has not said yes."""

    code = "needs_consent"
    message = "Another organisation coordinates. Offer %(organisation)s the coordination, and let it answer."


class AlreadyAdopted(Conflict):
    """The challenge has come into a mission."""

    code = "already_adopted"
    message = "The challenge is already part of the mission %(reference)s."


class MissionEnded(Conflict):
    """The mission has ended."""

    code = "mission_ended"
    message = "The mission has ended and can no longer change."


class TrackClosed(Conflict):
    """The solution track has been closed."""

    code = "track_closed"
    message = "The track is already closed."
