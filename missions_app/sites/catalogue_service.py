"""Entering and changing sites and what can be booked at them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from datetime import time
from typing import Any

from sqlalchemy import select

from missions_app import clock, db
from missions_app.accounts.actor import Actor
from missions_app.accounts.policy import permit
from missions_app.audit import trail
from missions_app.errors import InvalidInput, Problem
from missions_app.i18n import N_, sort_key
from missions_app.organisations.models import Organisation
from missions_app.organisations.rules import slug_of
from missions_app.sites import policy, queries
from missions_app.sites.classification import classify
from missions_app.sites.models import (
    Approval,
    Bookers,
    OpeningPeriod,
    Pool,
    Provenance,
    Resource,
    Site,
    SiteStatus,
    Unit,
)
from missions_app.workflow.method import Method
from missions_app.workflow.method_service import method_in_force

MOST_IN_POOL = 60


@dataclass(frozen=True, slots=True)
class SiteEntry:
    """A catalogue entry as written. Keys are the method's; details are its further fields by the method's names."""

    name_sv: str
    answers: Mapping[str, str]
    price_model: str
    name_en: str = ""
    operator: str = ""
    municipality: str = ""
    latitude: float | None = None
    longitude: float | None = None
    description_sv: str = ""
    description_en: str = ""
    themes: Sequence[str] = ()
    is_outdoor: bool = False
    surroundings: Sequence[str] = ()
    contact_function: str = ""
    contact_email: str = ""
    permits_held: Sequence[Mapping[str, Any]] = ()
    details: Mapping[str, Any] = field(default_factory=dict)
    status: SiteStatus = SiteStatus.OPEN
    provenance: Provenance = Provenance.ILLUSTRATIVE


@dataclass(frozen=True, slots=True)
class ResourceEntry:
    """Something bookable as written. Lengths, buffers and notice in minutes, horizon in days, prices in öre per hour.

    units: names of the units it occupies, shared with other resources of the site that name the same ones.
    pool_size: instead of units, so many identical ones of which a booking takes some.
    """

    name_sv: str
    name_en: str = ""
    description_sv: str = ""
    description_en: str = ""
    kind: str = ""
    units: Sequence[str] = ()
    pool_size: int = 0
    most_people: int | None = None
    shortest_minutes: int = 60
    longest_minutes: int = 60 * 24 * 14
    step_minutes: int = 30
    setup_minutes: int = 0
    cleanup_minutes: int = 0
    notice_minutes: int = 60 * 24
    horizon_days: int = 540
    approval: Approval = Approval.MANAGER
    approvals_needed: int = 1
    bookers: Bookers = Bookers.EVERYONE
    requests_hold: bool = True
    hold_hours: int | None = None
    cancel_minutes: int = 0
    price_ore: int = 0
    market_price_ore: int = 0


def add_site(entry: SiteEntry, *, owner: Organisation, by: Actor) -> Site:
    """Enter a site; its type follows from the answers.

    Raises:
        NotAllowed, InvalidInput (every problem).
    """
    permit(policy.can_add_site, by, owner)
    with db.transaction() as session:
        method = method_in_force()
        site = Site(slug=_free_slug(slug_of(entry.name_sv)), owner=owner)
        _fill(site, entry, method)
        session.add(site)
        trail.record("site.added", site, by=by)
        return site


def edit_site(site: Site, entry: SiteEntry, *, by: Actor, expected_version: int) -> None:
    """Change an entry.

    Raises:
        NotAllowed, StaleVersion, InvalidInput.
    """
    permit(policy.can_edit_site, by, site)
    with db.transaction():
        db.expect_version(site, expected_version)
        before = {one.name: getattr(site, one.name, None) for one in fields(entry)}
        _fill(site, entry, method_in_force())
        site.reviewed_on = clock.today()
        changed = [name for name, value in before.items() if getattr(site, name, None) != value]
        trail.record("site.edited", site, by=by, fields=changed)


def add_resource(site: Site, entry: ResourceEntry, *, by: Actor) -> Resource:
    """Make something bookable at a site.

    Raises:
        NotAllowed, InvalidInput.
    """
    permit(policy.can_edit_site, by, site)
    with db.transaction() as session:
        problems = resource_problems(entry)
        if queries.is_named(site, slug_of(entry.name_sv)):
            problems.append(Problem("name_taken", N_("The site already has something with this name."), "name_sv"))
        if problems:
            raise InvalidInput.of(problems)
        resource = Resource(site=site, slug=slug_of(entry.name_sv))
        for one in fields(entry):
            if one.name not in ("units", "pool_size"):
                setattr(resource, one.name, getattr(entry, one.name))
        session.add(resource)
        if entry.pool_size:
            resource.pool = Pool(site=site, name=entry.name_sv)
            session.add_all(
                Unit(site=site, pool=resource.pool, name=f"{entry.name_sv} {number}")
                for number in range(1, entry.pool_size + 1)
            )
        else:
            resource.units = [_unit(site, name) for name in entry.units or (entry.name_sv,)]
        session.flush()
        trail.record("resource.added", site, by=by, resource=resource.slug)
        return resource


def set_opening(resource: Resource, weekly: Mapping[int, Sequence[tuple[time, time]]], *, by: Actor) -> None:
    """Set the weekly opening hours: weekday (0 is Monday) -> local periods. Dated exceptions stay."""
    permit(policy.can_edit_site, by, resource.site)
    with db.transaction() as session:
        for period in session.scalars(
            select(OpeningPeriod).where(OpeningPeriod.resource_id == resource.id, OpeningPeriod.weekday.is_not(None))
        ):
            session.delete(period)
        session.add_all(
            OpeningPeriod(resource=resource, weekday=day, opens=opens, closes=closes)
            for day, periods in weekly.items()
            for opens, closes in periods
        )
        trail.record("resource.opening_set", resource.site, by=by, resource=resource.slug)


def _unit(site: Site, name: str) -> Unit:
    found = db.session.scalars(
        select(Unit).where(Unit.site_id == site.id, Unit.name == name, Unit.pool_id.is_(None))
    ).first()
    if found is None:
        found = Unit(site=site, name=name)
        db.session.add(found)
        db.session.flush()
    return found


def _free_slug(wanted: str) -> str:
    taken = set(db.session.scalars(select(Site.slug).where(Site.slug.startswith(wanted, autoescape=True))))
    number, slug = 2, wanted
    while slug in taken:
        slug, number = f"{wanted}-{number}", number + 1
    return slug


def _fill(site: Site, entry: SiteEntry, method: Method) -> None:
    found = classify(entry.answers, method)
    problems = []
    if not entry.name_sv.strip():
        problems.append(Problem("missing", N_("Write the site's name."), "name_sv"))
    if found is None:
        problems.append(Problem("unclassified", N_("Answer every question about the site."), "answers"))
    if method.find_term("price_model", entry.price_model) is None:
        problems.append(Problem("unknown_choice", N_("Choose one of the alternatives."), "price_model"))
    if problems or found is None:
        raise InvalidInput.of(problems)
    for one in fields(entry):
        value = getattr(entry, one.name)
        setattr(
            site,
            one.name,
            list(value) if isinstance(value, tuple) else dict(value) if isinstance(value, Mapping) else value,
        )
    site.sort_key = sort_key(entry.name_sv)
    site.kind = found.type.id
    (site.trl_from, site.trl_to), (site.srl_from, site.srl_to) = found.type.trl, found.type.srl


def resource_problems(entry: ResourceEntry) -> list[Problem]:
    """Everything wrong with what somebody wrote about a resource, names that are taken aside."""
    problems = []
    if not entry.name_sv.strip():
        problems.append(Problem("missing", N_("Write a name."), "name_sv"))
    if not 0 < entry.shortest_minutes <= entry.longest_minutes:
        problems.append(
            Problem("lengths", N_("The longest time must not be shorter than the shortest."), "longest_minutes")
        )
    if entry.step_minutes <= 0 or entry.setup_minutes < 0 or entry.cleanup_minutes < 0:
        problems.append(Problem("negative", N_("Use whole minutes, not below zero."), "step_minutes"))
    for name in ("price_ore", "market_price_ore"):
        if getattr(entry, name) < 0:
            problems.append(Problem("negative", N_("Use an amount that is not below zero."), name))
    if min(entry.notice_minutes, entry.horizon_days, entry.cancel_minutes) < 0:
        problems.append(Problem("negative", N_("Use a time that is not below zero."), "notice_minutes"))
    if entry.approval is Approval.SEVERAL and entry.approvals_needed < 2:
        text = N_("Say how many managers have to agree: two or more.")
        problems.append(Problem("approvals", text, "approvals_needed"))
    if entry.hold_hours is not None and entry.hold_hours < 1:
        problems.append(Problem("hold_hours", N_("Hold the time for at least one hour."), "hold_hours"))
    if not 0 <= entry.pool_size <= MOST_IN_POOL:
        problems.append(
            Problem("pool_size", N_("A pool has at most %(most)d units."), "pool_size", {"most": MOST_IN_POOL})
        )
    return problems
