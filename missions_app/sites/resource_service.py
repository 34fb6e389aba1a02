"""Changing what can be booked at a site: its rules, its hours, its dates that are otherwise, its last day."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields
from datetime import date, time, timedelta
from typing import Any

from sqlalchemy import delete, select

from missions_app import clock, db
from missions_app.accounts.actor import Actor
from missions_app.accounts.policy import permit
from missions_app.errors import InvalidInput, Problem
from missions_app.i18n import N_
from missions_app.sites import bounds, hours, policy
from missions_app.sites.catalogue_service import UNIT_FIELDS, ResourceEntry, resource_problems
from missions_app.sites.hours import Periods
from missions_app.sites.models import OpeningPeriod, Resource
from missions_app.sites.resource_history import note

MOST_DATES = 366


def edit_resource(resource: Resource, entry: ResourceEntry, *, by: Actor, expected_version: int) -> None:
    """Change the rules of a resource. What is booked stays as it was booked; the units are another matter.

    Raises:
        NotAllowed, StaleVersion, InvalidInput (everything wrong).
    """
    permit(policy.can_edit_site, by, resource.site)
    with db.transaction():
        db.expect_version(resource, expected_version)
        problems = resource_problems(entry)
        if problems:
            raise InvalidInput.of(problems)
        changed = {}
        for one in fields(entry):
            before = getattr(resource, one.name, None)
            after = _plain(getattr(entry, one.name)) if one.name == "limits" else getattr(entry, one.name)
            if one.name not in UNIT_FIELDS and before != after:
                changed[one.name] = [_plain(before), _plain(after)]
                setattr(resource, one.name, after)
        if changed:
            note("resource.edited", resource, by=by, changed=changed)


def _plain(value: object) -> object:
    return dict(value) if isinstance(value, Mapping) else getattr(value, "value", value)


def retire_resource(resource: Resource, *, by: Actor, expected_version: int) -> None:
    """Take no more bookings. Those that are there stay."""
    permit(policy.can_edit_site, by, resource.site)
    with db.transaction():
        db.expect_version(resource, expected_version)
        resource.retired_at = clock.now()
        note("resource.retired", resource, by=by)


def restore_resource(resource: Resource, *, by: Actor, expected_version: int) -> None:
    """Take bookings again, with the rules and the units that it had."""
    permit(policy.can_edit_site, by, resource.site)
    with db.transaction():
        db.expect_version(resource, expected_version)
        if resource.retired_at is not None:
            resource.retired_at = None
            note("resource.restored", resource, by=by)


def set_opening(
    resource: Resource, weekly: Mapping[int, Periods], *, by: Actor, expected_version: int
) -> None:  # fmt: skip
    """Set the weekly opening hours: weekday (0 is Monday) -> local periods. Dates that are otherwise stay.

    Raises:
        NotAllowed, StaleVersion, InvalidInput (a period that ends before it begins, or periods that overlap).
    """
    permit(policy.can_edit_site, by, resource.site)
    with db.transaction() as session:
        db.expect_version(resource, expected_version)
        if problems := bounds.hour_problems(weekly):
            raise InvalidInput.of(problems)
        kept = OpeningPeriod.resource_id == resource.id, OpeningPeriod.weekday.is_not(None)
        before = {str(day): text for day, text in _written(session.scalars(select(OpeningPeriod).where(*kept))).items()}
        after = {str(day): hours.written(sorted(periods)) for day, periods in weekly.items() if periods}
        if before == after:
            return
        session.execute(delete(OpeningPeriod).where(*kept))
        for day, periods in weekly.items():
            session.add_all(_periods(resource, periods, weekday=day))
        note("resource.opening_set", resource, by=by, before=before, after=after)


def set_exception(
    resource: Resource, first: date, last: date, periods: Periods, *, by: Actor, expected_version: int
) -> None:  # fmt: skip
    """Say that some dates are otherwise than their weekday: open during these local periods, or closed without any.

    Raises:
        NotAllowed, StaleVersion, InvalidInput (dates in the wrong order, too many or over, periods that overlap).
    """
    permit(policy.can_edit_site, by, resource.site)
    with db.transaction() as session:
        db.expect_version(resource, expected_version)
        days = _days(first, last)
        problems = [found for found in (bounds.period_problem(periods, "periods"),) if found is not None]
        if last < clock.today():
            text = N_("The dates have passed. Choose later ones.")
            problems.append(Problem("in_the_past", text, "last"))
        if problems:
            raise InvalidInput.of(problems)
        before, said = exceptions_on(resource, days), hours.written(sorted(periods))
        if before == dict.fromkeys(days, said):
            return
        _forget(resource, days)
        for day in days:
            session.add_all(_periods(resource, periods, on_date=day) or [OpeningPeriod(resource=resource, on_date=day)])
        note("resource.exception_set", resource, by=by, first=first.isoformat(), last=last.isoformat(), hours=said,
             before=_by_text(before))  # fmt: skip


def forget_exceptions(resource: Resource, first: date, last: date, *, by: Actor, expected_version: int) -> None:
    """Let some dates be like their weekday again.

    Raises:
        NotAllowed, StaleVersion, InvalidInput.
    """
    permit(policy.can_edit_site, by, resource.site)
    with db.transaction():
        db.expect_version(resource, expected_version)
        days = _days(first, last)
        if before := exceptions_on(resource, days):
            _forget(resource, days)
            note("resource.exception_forgotten", resource, by=by, first=first.isoformat(), last=last.isoformat(),
                 before=_by_text(before))  # fmt: skip


def exceptions_on(resource: Resource, days: Sequence[date]) -> dict[date, str]:
    """The hours of those among some dates that are otherwise, as they are written; closed is empty."""
    there = OpeningPeriod.resource_id == resource.id, OpeningPeriod.on_date.in_(days)
    return _written(db.session.scalars(select(OpeningPeriod).where(*there).order_by(OpeningPeriod.on_date)))


def _written(rows: Iterable[OpeningPeriod]) -> dict[Any, str]:
    """Weekday or date -> its hours as they are written."""
    found: dict[Any, list[tuple[time, time]]] = {}
    for one in rows:
        there = found.setdefault(one.on_date if one.weekday is None else one.weekday, [])
        if one.opens is not None and one.closes is not None:
            there.append((one.opens, one.closes))
    return {key: hours.written(sorted(periods)) for key, periods in found.items()}


def _by_text(days: Mapping[date, str]) -> dict[str, str]:
    return {day.isoformat(): text for day, text in days.items()}


def _periods(resource: Resource, periods: Periods, **when: Any) -> list[OpeningPeriod]:
    return [OpeningPeriod(resource=resource, opens=opens, closes=closes, **when) for opens, closes in periods]


def _days(first: date, last: date) -> Sequence[date]:
    number = (last - first).days + 1
    if number < 1:
        text = N_("The last day comes before the first. Choose a later last day.")
        raise InvalidInput.of([Problem("period_reversed", text, "last")])
    if number > MOST_DATES:
        text = N_("Choose at most %(most)d days at a time.")
        raise InvalidInput.of([Problem("too_many_days", text, "last", {"most": MOST_DATES})])
    return [first + timedelta(days=one) for one in range(number)]


def _forget(resource: Resource, days: Sequence[date]) -> None:
    db.session.execute(
        delete(OpeningPeriod).where(OpeningPeriod.resource_id == resource.id, OpeningPeriod.on_date.in_(days))
    )
