"""Changing what can be booked at a site: its rules, its dated exceptions, its last day."""

from collections.abc import Mapping, Sequence
from dataclasses import fields
from datetime import date, timedelta

from sqlalchemy import delete

from missions_app import clock, db
from missions_app.accounts.actor import Actor
from missions_app.accounts.policy import permit
from missions_app.audit import trail
from missions_app.errors import InvalidInput, Problem
from missions_app.i18n import N_
from missions_app.sites import bounds, hours, policy
from missions_app.sites.catalogue_service import UNIT_FIELDS, ResourceEntry, resource_problems
from missions_app.sites.hours import Periods
from missions_app.sites.models import OpeningPeriod, Resource

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
        trail.record("resource.edited", resource.site, by=by, resource=resource.slug, changed=changed)


def _plain(value: object) -> object:
    return dict(value) if isinstance(value, Mapping) else getattr(value, "value", value)


def retire_resource(resource: Resource, *, by: Actor, expected_version: int) -> None:
    """Take no more bookings. Those that are there stay."""
    permit(policy.can_edit_site, by, resource.site)
    with db.transaction():
        db.expect_version(resource, expected_version)
        resource.retired_at = clock.now()
        trail.record("resource.retired", resource.site, by=by, resource=resource.slug)


def set_exception(resource: Resource, first: date, last: date, periods: Periods, *, by: Actor) -> None:
    """Say that some dates are otherwise than their weekday: open during these local periods, or closed without any.

    Raises:
        NotAllowed, InvalidInput (dates in the wrong order or too many, periods that overlap).
    """
    permit(policy.can_edit_site, by, resource.site)
    with db.transaction() as session:
        days = _days(first, last)
        try:
            hours.check(periods)
        except hours.Clash as clash:
            raise InvalidInput.of([bounds.clash_problem(clash, "periods")]) from None
        _forget(resource, days)
        for day in days:
            if not periods:
                session.add(OpeningPeriod(resource=resource, on_date=day))
            session.add_all(
                OpeningPeriod(resource=resource, on_date=day, opens=opens, closes=closes) for opens, closes in periods
            )
        trail.record(
            "resource.exception_set", resource.site, by=by, resource=resource.slug, first=first.isoformat(),
            last=last.isoformat(), hours=hours.written(periods),
        )  # fmt: skip


def forget_exceptions(resource: Resource, first: date, last: date, *, by: Actor) -> None:
    """Let some dates be like their weekday again."""
    permit(policy.can_edit_site, by, resource.site)
    with db.transaction():
        _forget(resource, _days(first, last))
        trail.record("resource.exception_forgotten", resource.site, by=by, resource=resource.slug,
                     first=first.isoformat(), last=last.isoformat())  # fmt: skip


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
