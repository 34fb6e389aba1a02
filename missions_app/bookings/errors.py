"""Why bookings are refused. Each rule has one code and one sentence."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from missions_app.errors import Conflict, InvalidInput, NotAllowed, Problem
from missions_app.i18n import N_
from missions_app.sites.models import Resource


class Way(StrEnum):
    """How an alternative differs from what was wanted."""

    SHIFTED = "shifted"
    SHORTER = "shorter"
    OTHER_RESOURCE = "other_resource"
    OTHER_SITE = "other_site"


@dataclass(frozen=True, slots=True)
class Alternative:
    """A time of use that can be had instead."""

    way: Way
    resource: Resource
    start: datetime
    end: datetime


class Taken(Conflict):
    """Somebody has the time. `alternatives` are the nearest ones, the same place first."""

    code = "taken"
    message = "The time is taken."
    alternatives: Sequence[Alternative] = ()

    def __init__(self) -> None:
        super().__init__(field="starts_at")

    def tell(self, alternatives: Sequence[Alternative]) -> None:
        """Say what can be had instead."""
        self.alternatives = alternatives
        if alternatives:
            text = N_("The time is taken. Nearest free: %(times)s.")
            self.problems = (Problem(self.code, text, self.field, {"times": list(alternatives)}),)


class NotRequester(NotAllowed):
    """The booking is somebody else's."""

    code = "not_requester"
    message = "Only those who asked for the booking may do this."


class OwnRequest(NotAllowed):
    """Nobody decides on their own request."""

    code = "own_request"
    message = "You asked for this time yourself. Ask a colleague to decide."


class NoSuchStep(Conflict):
    """The booking's line cannot go from its state to the wanted one."""

    code = "no_such_step"
    message = "This is not possible while the booking is in the state %(state)s."


class OnlyShorter(NoSuchStep):
    """The owner has said yes on conditions to the time there is; asked for is a longer one or another."""

    message = (
        "The owner has said yes on conditions to this time, so it can only be made shorter. Ask for another one when "
        "it is confirmed, or cancel and ask anew."
    )


class NeedsNewDay(Conflict):
    """What rests has given its time back; a yes to it would be a yes to a time that is others'."""

    code = "needs_new_day"
    message = "This is postponed without a day, so there is no time to answer about. Give it a new day instead."


class UseIsOver(Conflict):
    """What was booked has been, used or not: nobody gives it back any more."""

    code = "use_is_over"
    message = (
        "The time is over, so it cannot be given back. Enter how it was used; if nobody came, the owner notes that."
    )


class ClocksChange(InvalidInput):
    """A local time that the clocks skip, or that comes twice, is never guessed."""

    code = "clocks_change"
    message = "The clocks change on %(day)s, and a time of the booking is not there or comes twice. Choose another day."


class PermitsMissing(Conflict):
    """Check-in is closed until every permit holds."""

    code = "permits_missing"
    message = "The test cannot begin: permits are missing."


class TooEarly(Conflict):
    """The time of use has not come."""

    code = "too_early"
    message = "Check-in opens %(at)s."


class WithinGrace(Conflict):
    """Whoever has booked may still come."""

    code = "within_grace"
    message = "That nobody came can be noted from %(at)s; until then they may still come."


class Incomplete(InvalidInput):
    """Something a booking must answer is missing; everything is listed."""

    code = "incomplete"
    message = "Something is missing in the booking."


class NothingBookable(Conflict):
    """The resource or its site takes no bookings."""

    code = "not_bookable"
    message = "This cannot be booked now."


class LastLine(Conflict):
    """A booking keeps at least one line."""

    code = "last_line"
    message = "A booking needs at least one line. Cancel the booking instead."


class ConditionsLeft(Conflict):
    """Something the owner asked for has not been ticked off."""

    code = "conditions_left"
    message = "Every condition that comes before has to be ticked off first."


class NotReserved(Conflict):
    """The day is none of the booking's reserve dates."""

    code = "not_reserved"
    message = "This is none of the reserve dates of the booking. Choose one of them."


class NoReserveLeft(Conflict):
    """There is no reserve date to postpone to."""

    code = "no_reserve_left"
    message = "No reserve date is left to postpone it to. Ask for another time, or cancel it."


class OfferGone(Conflict):
    """The time is no longer held for whoever was offered it."""

    code = "offer_gone"
    message = "This time is no longer held for you."


class AlreadyAgreed(Conflict):
    """The request needs several managers, and this one has said yes."""

    code = "already_agreed"
    message = "You have said yes to this already. A colleague has to agree too."
