"""Why accounts are refused."""

from missions_app.errors import Conflict, DomainError, NotFound


class WrongSignIn(DomainError):
    """The same answer for an unknown address, a wrong password and an account that may not sign in."""

    code = "wrong_sign_in"
    message = "The e-mail address and the password do not belong together. Check both and try again."


class WrongPassword(DomainError):
    """The present password was asked for and was not the right one."""

    code = "wrong_password"
    message = "This is not your present password."


class LinkExpired(DomainError):
    """A link from an e-mail is used, too old, or never existed."""

    code = "link_expired"
    message = "This link no longer works. Ask for a new one."


class AddressTaken(Conflict):
    """Somebody who may know it is told that the address has an account."""

    code = "address_taken"
    message = "There is already an account with this e-mail address."


class AlreadyAnswered(Conflict):
    """Somebody has answered the request meanwhile."""

    code = "already_answered"
    message = "This has already been answered."


class WrongState(Conflict):
    """The account is not in the state that the act needs."""

    code = "wrong_state"
    message = "The account has changed since you opened the page. Look at it again."


class LastAdministrator(Conflict):
    """Nobody would be left to look after the accounts."""

    code = "last_administrator"
    message = "This is the last account that can look after the others. Give somebody else that right first."


class NotHeld(Conflict):
    """A deputy can only be given what the person holds."""

    code = "not_held"
    message = "Only a role that somebody holds can be lent to a deputy."


class SeatTaken(Conflict):
    """Somebody sits there."""

    code = "seat_taken"
    message = "Somebody sits in this seat. Leave it empty first."


class UnknownAddress(NotFound):
    """Nobody has an open account with this address; said only to those who may appoint others."""

    code = "unknown_address"
    message = "There is no open account with this address. Ask the person to get one first."
