"""The blocked times in a site's file. What is over by the time the file is read is left out."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from missions_app import clock
from missions_app.accounts.actor import Actor
from missions_app.bookings import blackout_service, reservations
from missions_app.bookings.intervals import Interval
from missions_app.errors import InvalidInput, Problem
from missions_app.i18n import N_
from missions_app.sites import queries
from missions_app.sites.file_parts import Difference, Part, one_of, only, placed, text
from missions_app.sites.models import Site


@dataclass(frozen=True, slots=True)
class Blocked:
    """Something is blocked for a time, by the slug it has in the file."""

    resource: str
    window: Interval
    reason: str

    @property
    def name(self) -> str:
        """What is blocked and when, for a list of what would change: local days."""
        first, last = (clock.day_of(one) for one in (self.window.start, self.window.end))
        return f"{self.resource}, {first}–{last}: {self.reason}"


def _there(site: Site | None, during: Interval | None = None) -> list[Blocked]:
    there = {one.id: one.slug for one in queries.resources_of(site)} if site is not None else {}
    return [
        Blocked(there[key], blackout_service.window_of(one), one.reason)
        for key, found in blackout_service.blackouts_of_all(list(there), during).items()
        for one in found
    ]


def _written(site: Site) -> list[dict[str, Any]]:
    found = sorted(_there(site), key=lambda one: (one.resource, one.window.start, one.window.end, one.reason))
    return [
        {"resource": one.resource, "starts_at": one.window.start.isoformat(), "ends_at": one.window.end.isoformat(),
         "reason": one.reason}
        for one in found
    ]  # fmt: skip


def _read(raw: Sequence[Mapping[str, Any]], resources: Collection[str]) -> list[Blocked]:
    found = []
    for one in raw:
        only(one, "resource", "starts_at", "ends_at", "reason")
        start, end = _moment(one["starts_at"]), _moment(one["ends_at"])
        if start >= end:
            wrong = N_("The time must end after it begins.")
            raise InvalidInput.of([Problem("ends_first", wrong, "ends_at")])
        window = Interval(start, end)
        made = Blocked(one_of(resources, one["resource"]), window, text(one["reason"]).strip())
        if window.end > clock.now() and made not in found:
            found.append(made)
    if problems := [each for one in found for each in blackout_service.blackout_problems(one.window, one.reason)]:
        raise InvalidInput.of(problems)
    return found


def _moment(value: Any) -> datetime:
    with placed(text(value)[:40]):
        moment = datetime.fromisoformat(value)
    if moment.tzinfo is None:
        raise ValueError([f"{value}: UTC?"])
    if not 1900 < moment.year < 2200:
        raise ValueError([f"{value}"])
    return moment


def _new(site: Site | None, given: Sequence[Blocked]) -> list[Blocked]:
    """What of a file is not there. Only its time is looked at: others may wait for what is locked meanwhile."""
    if not given:
        return []
    during = Interval(min(one.window.start for one in given), max(one.window.end for one in given))
    there = _there(site, during)
    return [one for one in given if one not in there]


def _differs(site: Site | None, given: Sequence[Blocked]) -> Difference:
    return Difference(tuple(one.name for one in _new(site, given)))


def _take_in(site: Site, given: Sequence[Blocked], by: Actor) -> None:
    resources = {one.slug: one for one in queries.resources_of(site)}
    # All at once, so that nobody is waited for with something locked already; then nobody else takes the same file in.
    reservations.lock_units([resources[one.resource] for one in given])
    for one in _new(site, given):
        blackout_service.black_out(resources[one.resource], one.window, reason=one.reason, by=by)


BLACKOUTS = Part(_written, _read, _differs, _take_in)
