"""What giving time back costs, before and after it is done."""

from collections.abc import Iterable

from missions_app import clock
from missions_app.bookings import cancel_service, prices, states
from missions_app.bookings.errors import OnlyShorter
from missions_app.bookings.models import Line, LineState
from missions_app.edge.words import sentence
from missions_app.i18n import _, money
from missions_app.moments import local_datetime


def cancelling_words(line: Line) -> str:
    """Until when a line is cancelled, moved or shortened free of charge, or that it no longer is; "" when it always
    is, and when it has begun or is over."""
    if not cancel_service.can_cancel_line(line, states.LEAD):
        return ""
    until = prices.free_until(line)
    if line.bound_ore:
        return _("cancelled, it costs %(amount)s whenever that is", amount=money(line.bound_ore))
    if not line.price_ore or (not line.cancel_minutes and clock.now() <= until):
        return ""
    if clock.now() <= until:
        return _("free of charge to cancel, move or shorten until %(at)s", at=local_datetime(until))
    if line.state is LineState.APPROVED:
        return _("since %(at)s it costs to cancel, move or shorten it", at=local_datetime(until))
    return _("once it is confirmed, time that you give back costs its price")


def fee_words(lines: Iterable[Line]) -> str:
    """What it costs to cancel some lines now; "" when it costs nothing."""
    fee = _due(lines)
    return _("It is late: by the terms of the resource this costs %(amount)s.", amount=money(fee)) if fee else ""


def late_words(lines: Iterable[Line]) -> str:
    """That it is too late to give time back free of charge, for whoever is about to change it; "" when it is not."""
    fee = _due(lines)
    if not fee:
        return ""
    return _(
        "It is too late to give back time free of charge, since hardly anybody else can use it now. What you give back "
        "by moving or shortening costs as much as if you cancelled it, at most %(amount)s. What you keep costs nothing "
        "more.", amount=money(fee)
    )  # fmt: skip


def bound_words(lines: Iterable[Line]) -> str:
    """What those who put something off so late owe if they cancel it after all; "" when it is not late."""
    fee = _due(lines)
    if not fee:
        return ""
    return _(
        "It is too late to cancel free of charge. You may postpone all the same, but if you cancel after that it costs "
        "%(amount)s, whenever that is.", amount=money(fee)
    )  # fmt: skip


def changing_words(line: Line) -> str:
    """What another time does to the owner's answer, for those who book."""
    if line.state is LineState.CONDITIONAL:
        return sentence(OnlyShorter().problems[0])
    if line.state in (LineState.SUBMITTED, LineState.NEEDS_INFO):
        return _("The time you have is given back only if the new one can be had. The owner then answers to that.")
    return _(
        "A shorter time within what was approved keeps the approval. A longer one, or another day, is asked for again; "
        "the time you have is given back only if the new one can be had. If the owner then says no, you have neither."
    )


def changed_words(fee: int, *, asks_again: bool = False) -> str:
    """That a time was changed, what that cost (öre), and whether the owner has to answer again."""
    cost = _("The time is changed. What was given back late costs %(amount)s.", amount=money(fee)) if fee else ""
    said = cost or _("The time is changed.")
    return f"{said} {_('The owner is asked to answer again.')}" if asks_again else said


def booking_cancelled_words(fee: int) -> str:
    """That a booking was cancelled, and what that cost (öre)."""
    if not fee:
        return _("The booking is cancelled and the time is free for others.")
    return _("The booking is cancelled and the time is free for others. It was late, and costs %(amount)s.",
             amount=money(fee))  # fmt: skip


def line_cancelled_words(fee: int) -> str:
    """That a line was cancelled, and what that cost (öre)."""
    if not fee:
        return _("The line is cancelled and its time is free for others.")
    return _("The line is cancelled and its time is free for others. It was late, and costs %(amount)s.",
             amount=money(fee))  # fmt: skip


def given_back_words(fee: int) -> str:
    """That some dates of a series were given back, and what that cost (öre)."""
    if not fee:
        return _("The time is given back.")
    return _("The time is given back. It was late, and costs %(amount)s.", amount=money(fee))


def _due(lines: Iterable[Line]) -> int:
    return sum(prices.late_fee(line, clock.now()) for line in lines)
