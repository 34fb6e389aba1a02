"""Which permits a test needs, and when it can begin at the earliest. Pure."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from missions_app.calendar_days import add_working_days
from missions_app.workflow.method import Method
from missions_app.workflow.method_places import Permit


@dataclass(frozen=True, slots=True)
class Earliest:
    """The earliest realistic date, every permit with the day it may come, and the one that decides (None: none does).

    `is_planning`: the deciding lead time is a planning figure, to be shown as "count on", never as a promise.
    """

    day: date
    permits: Sequence[tuple[Permit, date]]
    decides: Permit | None

    @property
    def is_planning(self) -> bool:
        """Whether the deciding lead time is only a planning figure."""
        return self.decides is not None and self.decides.lead_source == "planning"


def needed(answers: Mapping[str, Any], method: Method) -> list[Permit]:
    """The permits that the answers ask for: every question a permit names is answered with yes."""
    return [one for one in method.permit if all(answers.get(question) for question in one.asks_for)]


def earliest(answers: Mapping[str, Any], method: Method, *, today: date, held: Collection[str] = ()) -> Earliest:
    """The earliest realistic date: permits run in parallel, counted from today, and the slowest decides. Answers come
    on working days.

    Args:
        held: permits the site holds already; they take no time.
    """
    waits = [
        (one, today if one.id in held else add_working_days(today + timedelta(days=one.lead_days), 0))
        for one in needed(answers, method)
    ]
    last = max(waits, key=lambda row: (row[1], row[0].id), default=None)
    if last is None or last[1] <= today:
        return Earliest(today, waits, None)
    return Earliest(last[1], waits, last[0])


def held_on(permits_held: Sequence[Mapping[str, Any]], day: date) -> list[str]:
    """The permits among those a site says it holds that are valid on a day."""
    return [
        str(one.get("permit"))
        for one in permits_held
        if str(one.get("valid_from") or "") <= day.isoformat() <= str(one.get("valid_until") or "9999")
    ]


def covers(state: str, valid_from: date | None, valid_until: date | None, reason: str, first: date, last: date) -> bool:
    """Whether a permit covers a period: granted for all of it, or judged not needed with a reason."""
    if state == "not_needed":
        return bool(reason.strip())
    if state != "granted" or valid_from is None or valid_until is None:
        return False
    return valid_from <= first and last <= valid_until
