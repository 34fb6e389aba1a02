"""Why partnerships refuse."""

from missions_app.errors import Conflict, InvalidInput, NotAllowed


class AlreadyPartner(Conflict):
    """The organisation is in the partnership."""

    code = "already_partner"
    message = "%(organisation)s is already in the partnership."


class NotInvited(Conflict):
    """There is no open invitation or interest to answer."""

    code = "not_open"
    message = "There is no open invitation or interest to answer."


class InvitationExpired(Conflict):
    """The invitation's last day has passed."""

    code = "invitation_expired"
    message = "The invitation expired %(day)s. Ask the coordinator for a new one."


class CallRunning(Conflict):
    """One open call at a time."""

    code = "call_running"
    message = "The mission has an open call already. Change that one, or close it first."


class NothingCountered(Conflict):
    """There is no counter-offer to answer."""

    code = "nothing_countered"
    message = "There is no counter-offer to answer. It may have been answered or taken back."


class NotThere(InvalidInput):
    """Only a partner of the same mission takes promises over."""

    code = "not_there"
    message = "Choose another partner that takes part in the mission."


class OfferOpen(Conflict):
    """One organisation at a time is asked to coordinate."""

    code = "offer_open"
    message = "An organisation has been asked to coordinate and has not answered. Take that back first."


class OfferAnswered(Conflict):
    """The offer to coordinate has been answered or taken back."""

    code = "offer_answered"
    message = "The offer to coordinate has been answered or taken back already."


class HasLeft(Conflict):
    """The partner has left."""

    code = "has_left"
    message = "%(organisation)s has left the partnership."


class UnknownRole(InvalidInput):
    """The method has no such partner role."""

    code = "unknown_role"
    message = "Choose one of the roles of the method."


class RoleTaken(Conflict):
    """Only so many may hold the role."""

    code = "role_taken"
    message = "The role %(role)s is already held."


class OwnerStays(Conflict):
    """A mission without its problem owner is none."""

    code = "owner_stays"
    message = "The problem owner cannot leave its own mission. It can withdraw the mission instead."


class WrongStep(Conflict):
    """The promise has been kept or taken back."""

    code = "wrong_step"
    message = "The promise is already kept or taken back, so this can no longer be done."


class NotJoinedYet(Conflict):
    """What has only been offered cannot have been kept."""

    code = "not_joined_yet"
    message = "%(organisation)s has not joined yet, so this is only an offer. It becomes a promise when they join."


class TooMuch(InvalidInput):
    """More would be delivered than was promised."""

    code = "too_much"
    message = "More than what is left of the promise: %(left)s. Change the promise first if it has grown."


class TooMuchMoney(TooMuch):
    """More kronor would be delivered than were promised."""

    message = "More than what is left of the promise: %(left)s kr. Change the promise first if it has grown."


class LessThanKept(InvalidInput):
    """A promise would become smaller than what has been brought of it."""

    code = "less_than_kept"
    message = "%(kept)s has been delivered already, so the promise cannot be smaller than that."


class NotAParty(NotAllowed):
    """The signer's organisation is not to sign this."""

    code = "not_a_party"
    message = "Your organisation is not a party to this agreement."


class AgreementEnded(Conflict):
    """The agreement has been terminated."""

    code = "agreement_ended"
    message = "The agreement has been terminated and can no longer change."


class NotSignedYet(Conflict):
    """Only what everybody has signed is countersigned."""

    code = "not_signed_yet"
    message = "Every party must have signed this version before it is countersigned."


class AlreadyCountersigned(Conflict):
    """Once is enough."""

    code = "already_countersigned"
    message = "This version is countersigned already."


class NothingChanged(InvalidInput):
    """The new version says the same as the one before."""

    code = "nothing_changed"
    message = "The text is the same as in the version before. Change it, or go back."


class PartnershipClosed(Conflict):
    """The mission has ended."""

    code = "partnership_closed"
    message = "The mission has ended, so its partnership can no longer change."
