"""Which permits a test needs, and when it can begin at the earliest. Pure."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from missions_app.calendar_days import add_working_days
from missions_app.workflow.method import Method
from missions_app.workflow.method_places import Permit

# The first and the last day of a stretch; None: it has no end.
Days = tuple[date, date | None]


@dataclass(frozen=True, slots=True)
class Earliest:
    """The earliest realistic date, every permit with the day it may come, and the one that decides (None: none does).

    `is_planning`: the deciding lead time is a planning figure, to be shown as "count on", never as a promise.
    `begins`: what decides is held already, from that day.
    """

    day: date
    permits: Sequence[tuple[Permit, date]]
    decides: Permit | None
    begins: bool = False

    @property
    def is_planning(self) -> bool:
        """Whether the deciding lead time is only a planning figure."""
        return self.decides is not None and not self.begins and self.decides.lead_source == "planning"


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


def held_through(permits_held: Sequence[Mapping[str, Any]], first: date, last: date) -> dict[str, Mapping[str, Any]]:
    """The permits among those a site says it holds that are valid on every day of a period, by the method's keys."""
    return {
        str(one.get("permit")): one
        for one in permits_held
        if str(one.get("valid_from") or "") <= first.isoformat()
        and last.isoformat() <= str(one.get("valid_until") or "9999")
    }


def usable_days(
    answers: Mapping[str, Any], method: Method, *, today: date, permits_held: Sequence[Mapping[str, Any]] = ()
) -> list[Days]:
    """When a test can take place, as stretches of days (first, last; None is without end): each permit is held by the
    site, or may have come when it is sought today."""
    found: list[Days] = [(today, None)]
    for _one, _comes, days in _there(answers, method, today, permits_held):
        found = _common(found, days)
    return found


def earliest_at(
    answers: Mapping[str, Any], method: Method, *, today: date, permits_held: Sequence[Mapping[str, Any]]
) -> Earliest:
    """The earliest realistic date at a site: what it holds takes no time, unless it runs out before the rest has
    come."""
    day = usable_days(answers, method, today=today, permits_held=permits_held)[0][0]
    there = _there(answers, method, today, permits_held)
    waits = [(one, max(today, *(first for first, _last in days if first <= day))) for one, _comes, days in there]
    last = max(waits, key=lambda row: (row[1], row[0].id), default=None)
    if last is None or day <= today:
        return Earliest(day, waits, None)
    return Earliest(day, waits, last[0], begins=(last[0], last[1]) not in [(one, comes) for one, comes, _days in there])


def _there(
    answers: Mapping[str, Any], method: Method, today: date, permits_held: Sequence[Mapping[str, Any]]
) -> list[tuple[Permit, date, list[Days]]]:
    """Each needed permit, the day it may come when it is sought today, and the days on which it is there."""
    found = []
    for one, comes in earliest(answers, method, today=today).permits:
        own = [
            (date.fromisoformat(str(each.get("valid_from") or today)), date.fromisoformat(str(each["valid_until"])))
            for each in permits_held
            if each.get("permit") == one.id and each.get("valid_until")
        ]
        found.append((one, comes, _joined([*own, (comes, None)])))
    return found


def _joined(stretches: Iterable[Days]) -> list[Days]:
    """The same days in as few stretches as possible; a permit that follows on another at once goes on."""
    found: list[Days] = []
    for first, last in sorted(stretches, key=lambda one: one[0]):
        before = found[-1] if found else None
        if before is None or (before[1] is not None and (first - before[1]).days > 1):
            found.append((first, last))
        elif before[1] is not None and (last is None or last > before[1]):
            found[-1] = (before[0], last)
    return found


def _common(some: Iterable[Days], others: Sequence[Days]) -> list[Days]:
    """The days that lie in a stretch of both."""
    both = [
        (max(a, b), min((one for one in (a_last, b_last) if one is not None), default=None))
        for a, a_last in some
        for b, b_last in others
    ]
    return [(first, last) for first, last in both if last is None or first <= last]


def covers(state: str, valid_from: date | None, valid_until: date | None, reason: str, first: date, last: date) -> bool:
    """Whether a permit covers a period: granted for all of it, or judged not needed with a reason."""
    if state == "not_needed":
        return bool(reason.strip())
    if state != "granted" or valid_from is None or valid_until is None:
        return False
    return valid_from <= first and last <= valid_until
