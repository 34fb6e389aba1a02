"""Entering and changing sites and what can be booked at them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from datetime import date, timedelta
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
from missions_app.sites import bounds, policy, queries, revisions, weather
from missions_app.sites.classification import classify
from missions_app.sites.entry_rules import entry_problems
from missions_app.sites.errors import SiteRetired
from missions_app.sites.models import (
    Approval,
    Bookers,
    Pool,
    Provenance,
    Resource,
    Site,
    SiteStatus,
    Unit,
)
from missions_app.workflow.method import Method
from missions_app.workflow.method_service import method_in_force

MOST_IN_POOL = bounds.MOST_UNITS
UNIT_FIELDS = ("units", "pool_size", "whole_of")  # what a resource occupies; changed by bookings.unit_service alone
RESERVED = frozenset({"new", "compare", "import", "quotas", "statistics"})  # words in addresses
REVIEW_EVERY = timedelta(days=365)


@dataclass(frozen=True, slots=True)
class SiteEntry:
    """A catalogue entry as written. Keys are the method's; details are its further fields by the method's names.

    chosen_kind: another kind than the answers give, for the kind_reason. overlays: the method's id and what that
    overlay requires. area: corners, [latitude, longitude] each. review_due_on: empty is a year after it is saved.
    """

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
    contact_function: str = ""
    contact_email: str = ""
    permits_held: Sequence[Mapping[str, Any]] = ()
    details: Mapping[str, Any] = field(default_factory=dict)
    status: SiteStatus = SiteStatus.OPEN
    provenance: Provenance = Provenance.ILLUSTRATIVE
    chosen_kind: str = ""
    kind_reason: str = ""
    overlays: Sequence[Mapping[str, Any]] = ()
    area: Sequence[Sequence[float]] = ()
    review_due_on: date | None = None


@dataclass(frozen=True, slots=True)
class ResourceEntry:
    """Something bookable as written. Lengths, buffers and notice in minutes, horizon in days, prices in öre per hour,
    limits of weather by the names of weather.LIMITS.

    units: names of the units it occupies, shared with other resources of the site that name the same ones.
    pool_size: instead of units, so many identical ones of which a booking takes some. whole_of: instead of both, the
    slug of such a pool's resource, all of which this takes at once.
    """

    name_sv: str
    name_en: str = ""
    description_sv: str = ""
    description_en: str = ""
    kind: str = ""
    units: Sequence[str] = ()
    pool_size: int = 0
    whole_of: str = ""
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
    limits: Mapping[str, float] = field(default_factory=dict)


def add_site(entry: SiteEntry, *, owner: Organisation, by: Actor, looked_over: bool = True) -> Site:
    """Enter a site; its type follows from the answers. Whoever writes it has looked it over; a file has not.

    Raises:
        NotAllowed, InvalidInput (every problem).
    """
    permit(policy.can_add_site, by, owner)
    with db.transaction() as session:
        method = method_in_force()
        entry = _settled(entry, method)
        if problems := retired_problems(entry, is_new=True):
            raise InvalidInput.of(problems)
        site = Site(slug=_free_slug(slug_of(entry.name_sv)), owner=owner)
        _fill(site, entry, method)
        site.reviewed_on = clock.today() if looked_over else None
        site.review_due_on = entry.review_due_on or clock.today() + REVIEW_EVERY
        session.add(site)
        trail.record("site.added", site, by=by)
        revisions.keep(site, entry_of(site), by=by)
        return site


def edit_site(
    site: Site, entry: SiteEntry, *, by: Actor, expected_version: int, looked_over: bool = True
) -> None:  # fmt: skip
    """Change an entry. Whoever writes it has looked it over, and is asked again in a year; a file has not.

    Raises:
        NotAllowed, StaleVersion, InvalidInput.
    """
    permit(policy.can_edit_site, by, site)
    with db.transaction():
        db.expect_version(site, expected_version)
        before, method = revisions.content_of(entry_of(site)), method_in_force()
        entry = _settled(entry, method)
        if site.status is not SiteStatus.RETIRED and (problems := retired_problems(entry, is_new=False)):
            raise InvalidInput.of(problems)
        _fill(site, entry, method)
        due = entry.review_due_on
        if looked_over:
            site.reviewed_on = clock.today()
        if due is None or (looked_over and due.isoformat() == before["review_due_on"]):
            site.review_due_on = clock.today() + REVIEW_EVERY
        after = entry_of(site)
        changed = [one.name for one in revisions.changes(before, revisions.content_of(after))]
        trail.record("site.edited", site, by=by, fields=changed)
        revisions.keep(site, after, by=by)


def confirm_review(site: Site, *, by: Actor, expected_version: int) -> None:
    """Say that the entry has been looked over and still holds; it is asked about again in a year."""
    permit(policy.can_edit_site, by, site)
    with db.transaction():
        db.expect_version(site, expected_version)
        site.reviewed_on, site.review_due_on = clock.today(), clock.today() + REVIEW_EVERY
        trail.record("site.reviewed", site, by=by)


def retire_site(site: Site, *, reason: str, by: Actor, expected_version: int) -> None:
    """Take a site out of the catalogue. Bookings that are there stay, no more are taken; the history is kept."""
    permit(policy.can_edit_site, by, site)
    with db.transaction():
        db.expect_version(site, expected_version)
        if not reason.strip():
            raise InvalidInput.of([Problem("missing", N_("Say why."), "reason")])
        if len(reason.strip()) > bounds.LONGEST_REASON:
            raise InvalidInput.of([bounds.too_long("reason", bounds.LONGEST_REASON)])
        if site.status is SiteStatus.RETIRED:
            raise SiteRetired()
        site.status = SiteStatus.RETIRED
        trail.record("site.retired", site, by=by, reason=reason.strip())
        revisions.keep(site, entry_of(site), by=by)


def entry_of(site: Site) -> SiteEntry:
    """The entry as it stands."""
    names = [one.name for one in fields(SiteEntry) if one.name != "chosen_kind"]
    found = classify(site.answers, method_in_force())
    chosen = site.kind if found is None or found.type.id != site.kind else ""
    return SiteEntry(chosen_kind=chosen, **{name: getattr(site, name) for name in names})


def add_resource(site: Site, entry: ResourceEntry, *, by: Actor, slug: str = "") -> Resource:
    """Make something bookable at a site. slug: its name in addresses; made from the name unless it says otherwise.

    Raises:
        NotAllowed, InvalidInput.
    """
    permit(policy.can_edit_site, by, site)
    with db.transaction() as session:
        problems, slug = resource_problems(entry), _unreserved(slug or slug_of(entry.name_sv))
        if queries.is_named(site, slug):
            problems.append(Problem("name_taken", N_("The site already has something with this name."), "name_sv"))
        pooled = queries.find_pooled(site, entry.whole_of) if entry.whole_of else None
        if entry.whole_of and pooled is None:
            problems.append(Problem("unknown_choice", N_("Choose one of the alternatives."), "whole_of"))
        if problems:
            raise InvalidInput.of(problems)
        resource = Resource(site=site, slug=slug)
        for one in fields(entry):
            if one.name not in UNIT_FIELDS:
                setattr(resource, one.name, _kept(getattr(entry, one.name)))
        session.add(resource)
        if entry.pool_size:
            resource.pool = Pool(site=site, name=entry.name_sv)
            session.add_all(
                Unit(site=site, pool=resource.pool, name=bounds.numbered(entry.name_sv, number))
                for number in range(1, entry.pool_size + 1)
            )
        elif pooled is not None:
            resource.units = list(queries.units_of(pooled))
        else:
            names = bounds.unit_names(entry.units) or [entry.name_sv.strip()]
            resource.units = [unit_named(site, name) for name in names]
        session.flush()
        trail.record("resource.added", site, by=by, resource=resource.slug)
        return resource


def unit_named(site: Site, name: str) -> Unit:
    """The unit of a site with this name, made when there is none; units of pools have no name to share. Small and large
    letters are no difference: what is one thing would be booked twice under two names."""
    there = db.session.scalars(select(Unit).where(Unit.site_id == site.id, Unit.pool_id.is_(None)).order_by(Unit.id))
    alike = [one for one in there if one.name.casefold() == name.casefold()]
    found = next((one for one in alike if one.name == name), alike[0] if alike else None)
    if found is None:
        found = Unit(site=site, name=name)
        db.session.add(found)
        db.session.flush()
    return found


def retired_problems(entry: SiteEntry, *, is_new: bool) -> list[Problem]:
    """What is wrong with an entry that says that a site is out of use, though it is not."""
    if entry.status is not SiteStatus.RETIRED:
        return []
    text = N_("Take the site out of use on its own page: there you see its bookings and say why.")
    text = N_("A new site is not out of use. Choose another state.") if is_new else text
    return [Problem("retired_apart", text, "status")]


def _free_slug(wanted: str) -> str:
    taken = set(db.session.scalars(select(Site.slug).where(Site.slug.startswith(wanted, autoescape=True))))
    number, slug = 2, wanted
    while slug in taken or slug in RESERVED:
        slug, number = f"{wanted}-{number}", number + 1
    return slug


def _unreserved(slug: str) -> str:
    return f"{slug}-2" if slug in RESERVED else slug


def _settled(entry: SiteEntry, method: Method) -> SiteEntry:
    """An entry whose kind is the one that the answers give says so, and needs no reason."""
    found = classify(entry.answers, method)
    if entry.chosen_kind and (found is None or found.type.id != entry.chosen_kind):
        return replace(entry, kind_reason=entry.kind_reason.strip())
    return replace(entry, chosen_kind="", kind_reason="")


def _fill(site: Site, entry: SiteEntry, method: Method) -> None:
    problems = entry_problems(entry, method)
    if problems:
        raise InvalidInput.of(problems)
    found = classify(entry.answers, method)
    kind: Any = method.term("site_type", entry.chosen_kind) if entry.chosen_kind else found.type if found else None
    for one in fields(entry):
        if one.name != "chosen_kind":
            setattr(site, one.name, _kept(getattr(entry, one.name)))
    site.sort_key = sort_key(entry.name_sv)
    site.kind = kind.id
    (site.trl_from, site.trl_to), (site.srl_from, site.srl_to) = kind.trl, kind.srl


def _kept(value: Any) -> Any:
    if isinstance(value, Mapping):
        return dict(value)
    return [_kept(one) for one in value] if isinstance(value, list | tuple) else value


def resource_problems(entry: ResourceEntry) -> list[Problem]:
    """Everything wrong with what somebody wrote about a resource, names that are taken aside."""
    problems = []
    if not entry.name_sv.strip():
        problems.append(Problem("missing", N_("Write a name."), "name_sv"))
    problems += bounds.name_problems(entry) + bounds.price_problems(entry)
    problems += bounds.count_problems(entry) + bounds.time_problems(entry)
    problems += bounds.text_problems(entry, bounds.SORT) + bounds.unit_problems(entry.units)
    if entry.approval is Approval.SEVERAL and entry.approvals_needed < 2:
        text = N_("Say how many managers have to agree: two or more.")
        problems.append(Problem("approvals", text, "approvals_needed"))
    if not 0 <= entry.pool_size <= MOST_IN_POOL:
        problems.append(Problem("pool_size", N_("Use a number of units from 1 to 60."), "pool_size"))
    if sum(map(bool, (bounds.unit_names(entry.units), entry.pool_size, entry.whole_of))) > 1:
        text = N_("Name units, or give a number, or choose what to take all of: one of the three.")
        problems.append(Problem("units_unclear", text, "units"))
    return problems + _limit_problems(entry)


def _limit_problems(entry: ResourceEntry) -> list[Problem]:
    problems = []
    if set(entry.limits) - set(weather.BY_NAME):
        problems.append(Problem("unknown_choice", N_("Choose one of the alternatives."), "limits"))
    for one in weather.out_of_range(entry.limits):
        values = {"least": int(one.least), "most": int(one.most)}
        problems.append(Problem("out_of_range", bounds.FIGURE, f"limit_{one.name}", values))
    return problems
