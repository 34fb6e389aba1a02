"""What has happened to a booking, in words."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from missions_app.audit.models import AuditEvent
from missions_app.i18n import _, lazy, money, ngettext
from missions_app.moments import local_datetime, span
from missions_app.web.bookings.rule_words import rule_words
from missions_app.web.filters import label
from missions_app.workflow.method_service import method_in_force

AT_ONCE, MOST_ROWS = timedelta(seconds=5), 50
PERMIT_STATES = {
    "needed": lazy("Not applied for"), "applied": lazy("Applied for"), "granted": lazy("Granted"),
    "refused": lazy("Refused"), "not_needed": lazy("Not needed"),
}  # fmt: skip
DECISIONS = ("booking.decided", "booking.postponed", "booking.put_off", "booking.cancelled", "booking.goes_ahead")


def thread_of(events: Iterable[AuditEvent], names: Mapping[int, str]) -> list[tuple[datetime, str, bool, str]]:
    """Rows for the thread macro, newest first; what says nothing to a reader is left out, and what was done at once
    about many dates of a series is one row.

    Args:
        names: what the lines of the booking are called, by id.
    """
    rows: list[tuple[datetime, tuple[str, bool], set[int]]] = []
    for one in events:
        text = _words(one.action, one.data)
        if not text:
            continue
        line = int(one.data.get("line") or 0)
        name = names.get(line)
        told = (f"{text} – {name}" if name and len(set(names.values())) > 1 else text, one.action in DECISIONS)
        is_same = bool(line and rows) and rows[-1][1] == told and rows[-1][0] - one.at <= AT_ONCE
        if is_same and line not in rows[-1][2]:
            rows[-1] = (one.at, told, rows[-1][2] | {line})
        else:
            rows.append((one.at, told, {line}))
    return [(at, _counted(text, len(lines)), is_decision, "") for at, (text, is_decision), lines in rows][:MOST_ROWS]


def _counted(text: str, number: int) -> str:
    return text if number == 1 else _("%(what)s, %(number)d dates", what=text, number=number)


def _when(text: str) -> str:
    return local_datetime(datetime.fromisoformat(text))


def _span(start: str, end: str | None) -> str:
    """From when until when; what was noted earlier says only from when."""
    return span(datetime.fromisoformat(start), datetime.fromisoformat(end)) if end else _when(start)


def _with_fee(text: str, data: Mapping[str, Any]) -> str:
    fee = data.get("fee_ore")
    if not fee:
        return text
    amount = money(fee)
    return _("%(what)s. What was given back late costs %(amount)s.", what=text.rstrip("."), amount=amount)


def _words(action: str, data: dict[str, Any]) -> str:
    match action:
        case "booking.postponed":
            return _(
                "Moved from %(was)s to %(now)s: %(reason)s",
                was=_when(data["from_start"]), now=_when(data["to_start"]), reason=data.get("reason", ""),
            )  # fmt: skip
        case "booking.put_off":
            return _("Postponed without a new day, from %(was)s: %(reason)s", was=_when(data["from_start"]),
                     reason=data.get("reason", ""))  # fmt: skip
        case "booking.decided":
            state = label(method_in_force().term("booking_state", data["to_state"]))
            return _("The owner's answer: %(state)s", state=state)
        case "booking.changed" | "booking.series_changed" | "booking.cancelled":
            return _with_fee(_given_back_words(action, data), data)
        case "outside_conflict.opened" | "outside_conflict.settled":
            return _collision_words(data)
        case "permit.set":
            permit = method_in_force().find_term("permit", data["permit"])
            return _(
                "%(permit)s: %(state)s", permit=label(permit) or data["permit"], state=PERMIT_STATES[data["state"]]
            )
        case "booking.rule_set_aside":
            rule, reason = rule_words(str(data.get("rule", ""))), data.get("reason", "")
            return _("A rule was set aside (%(rule)s): %(reason)s", rule=rule, reason=reason)
        case _:
            return _plain_words().get(action, "")


def _given_back_words(action: str, data: Mapping[str, Any]) -> str:
    if action == "booking.series_changed":
        return ngettext("One date was given other hours", "%(num)d dates were given other hours", data["dates"])
    if action == "booking.cancelled":
        return _("Cancelled: %(reason)s", reason=data["reason"]) if data.get("reason") else _("Cancelled")
    was, now = (_span(data[f"{one}_start"], data.get(f"{one}_end")) for one in ("from", "to"))
    return _("The time was changed from %(was)s to %(now)s", was=was, now=now)


def _collision_words(data: Mapping[str, Any]) -> str:
    reason = data.get("reason", "")
    match data.get("to_state"):
        case None:
            return _("The calendar %(name)s says something else from %(start)s; the owner is to decide",
                     name=data["calendar"], start=_when(data["starts_at"]))  # fmt: skip
        case "kept":
            return _("The booking keeps its time before an outside calendar: %(reason)s", reason=reason)
        case "cancelled":
            return _("Given up for an outside calendar: %(reason)s", reason=reason)
        case _:
            return _("Moved for an outside calendar: %(reason)s", reason=reason)


def _plain_words() -> dict[str, str]:
    return {
        "booking.drafted": _("Begun"), "booking.submitted": _("Sent"), "booking.goes_ahead": _("It goes ahead"),
        "booking.line_added": _("Something was added"), "booking.line_removed": _("Something was taken away"),
        "booking.condition_ticked": _("A condition was ticked off"), "booking.checked_in": _("Checked in"),
        "booking.condition_unticked": _("A tick was taken back"), "booking.checked_out": _("Checked out"),
        "booking.gone_without": _("Gone on without what was refused"),
        "booking.expired": _("Nobody answered in time; the time was freed"),
        "booking.closed": _("Closed by the owner"), "booking.no_show": _("Nobody came"),
        "booking.deviation_noted": _("A deviation was noted"),
        "booking.deviation_photo_removed": _("The picture of a deviation was taken away"),
        "risk.added": _("A risk was written down"), "risk.accepted": _("The site accepted a risk"),
    }  # fmt: skip
