"""Who may book what: chosen organisations, quotas, and qualifications that people hold."""

from calendar import monthrange
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import delete
from sqlalchemy.orm.attributes import flag_modified

from missions_app import clock, db
from missions_app.accounts.actor import Actor
from missions_app.accounts.models import User
from missions_app.accounts.policy import permit
from missions_app.audit import trail
from missions_app.errors import InvalidInput, NotFound, Problem
from missions_app.i18n import N_
from missions_app.organisations.models import Organisation
from missions_app.organisations.rules import slug_of
from missions_app.outbox.mail import queue_mail
from missions_app.sites import bounds, policy, rule_queries
from missions_app.sites.errors import QuotaEnded
from missions_app.sites.models import Resource, Site
from missions_app.sites.resource_history import note
from missions_app.sites.rule_models import (
    HeldQualification,
    Qualification,
    Quota,
    QuotaPeriod,
    ResourceBooker,
    ResourceQualification,
)

MOST_HOURS = 24 * 366 * 60
MOST_MONTHS = 1200
HOW = dict.fromkeys(("how_sv", "how_en"), 5000)  # characters


@dataclass(frozen=True, slots=True)
class QuotaEntry:
    """A quota as written: hours of use in each period over some resources, for one organisation or for each."""

    name: str
    period: QuotaPeriod
    hours: int
    organisation: Organisation | None = None


@dataclass(frozen=True, slots=True)
class QualificationEntry:
    """A qualification as written: what it is, how one gets it, how many months it usually holds."""

    name_sv: str
    name_en: str = ""
    how_sv: str = ""
    how_en: str = ""
    valid_months: int | None = None


def choose_bookers(
    resource: Resource, organisations: Sequence[Organisation], *, by: Actor, expected_version: int
) -> None:  # fmt: skip
    """Say which organisations may book a resource whose bookers are chosen; these and no others.

    Raises:
        NotAllowed, StaleVersion.
    """
    permit(policy.can_edit_site, by, resource.site)
    with db.transaction() as session:
        db.expect_version(resource, expected_version)
        before = sorted(one.organisation.slug for one in rule_queries.bookers_of(resource))
        after = sorted({one.slug for one in organisations})
        if before == after:
            return
        session.execute(delete(ResourceBooker).where(ResourceBooker.resource_id == resource.id))
        session.add_all(
            ResourceBooker(resource_id=resource.id, organisation_id=key)
            for key in sorted({one.id for one in organisations})
        )
        note("resource.bookers_chosen", resource, by=by, before=before, organisations=after)


def add_quota(entry: QuotaEntry, resources: Sequence[Resource], *, by: Actor) -> Quota:
    """Limit how much an organisation books of some resources together. One that spans several owners is the region's.

    Raises:
        NotAllowed (somebody else's resources), InvalidInput.
    """
    for one in resources:
        permit(policy.can_edit_site, by, one.site)
    with db.transaction() as session:
        _require_whole(entry, resources)
        quota = Quota(ended_at=None)
        _fill_quota(quota, entry, resources)
        session.add(quota)
        trail.record("quota.added", quota, by=by, **quota_as_kept(quota))
        return quota


def edit_quota(
    quota: Quota, entry: QuotaEntry, resources: Sequence[Resource], *, by: Actor, expected_version: int
) -> None:
    """Say otherwise how much an organisation books, and of what. What is booked stays booked, and counts; so does what
    was booked of things that are out of use.

    Raises:
        NotAllowed (the quota, or something that is to count, is somebody else's), StaleVersion, QuotaEnded,
        InvalidInput.
    """
    permit(policy.can_change_quota, by, quota)
    for one in resources:
        permit(policy.can_edit_site, by, one.site)
    with db.transaction():
        db.expect_version(quota, expected_version)
        if quota.ended_at is not None:
            raise QuotaEnded()
        _require_whole(entry, resources)
        before = quota_as_kept(quota)
        gone = [one for one in quota.resources if one.retired_at is not None and one not in resources]
        _fill_quota(quota, entry, [*resources, *gone])
        after = quota_as_kept(quota)
        changed = {name: [before[name], after[name]] for name in after if before[name] != after[name]}
        if not changed:
            return
        # What counts stands in rows of its own: they alone would leave the version as it was.
        flag_modified(quota, "name")
        trail.record("quota.edited", quota, by=by, changed=changed)


def end_quota(quota: Quota, *, by: Actor, expected_version: int) -> None:
    """Let a quota limit no more; it and its history stay readable."""
    permit(policy.can_change_quota, by, quota)
    with db.transaction():
        db.expect_version(quota, expected_version)
        if quota.ended_at is not None:
            raise QuotaEnded()
        quota.ended_at = clock.now()
        trail.record("quota.ended", quota, by=by)


def quota_as_kept(quota: Quota) -> dict[str, Any]:
    """A quota as the trail keeps it: plain values, the organisation and what counts by their names in addresses."""
    counted = sorted(f"{one.site.slug}/{one.slug}" for one in quota.resources)
    whose = quota.organisation.slug if quota.organisation else None
    return {"name": quota.name, "period": quota.period.value, "hours": quota.hours, "organisation": whose,
            "resources": counted}  # fmt: skip


def quota_problems(entry: QuotaEntry) -> list[Problem]:
    """Everything wrong with what somebody wrote about a quota, what counts aside."""
    problems = []
    if not entry.name.strip():
        problems.append(Problem("missing", N_("Write a name."), "name"))
    if not 0 < entry.hours <= MOST_HOURS:
        problems.append(Problem("hours", bounds.FIGURE, "hours", {"least": 1, "most": MOST_HOURS}))
    return problems + bounds.text_problems(entry, {"name": bounds.LONGEST_NAME})


def _require_whole(entry: QuotaEntry, resources: Sequence[Resource]) -> None:
    problems = quota_problems(entry)
    if not resources:
        problems.append(Problem("missing", N_("Choose at least one thing that counts."), "resources"))
    if problems:
        raise InvalidInput.of(problems)


def _fill_quota(quota: Quota, entry: QuotaEntry, resources: Sequence[Resource]) -> None:
    resources = list(dict.fromkeys(resources))  # named twice it counts once
    owners = {one.site.owner_id for one in resources}
    quota.owner_id = owners.pop() if len(owners) == 1 else None
    quota.organisation, quota.name = entry.organisation, entry.name.strip()
    quota.period, quota.hours = entry.period, entry.hours
    if {one.id for one in quota.resources} != {one.id for one in resources}:
        quota.resources = resources


def add_qualification(site: Site, entry: QualificationEntry, *, by: Actor) -> Qualification:
    """Name something that people must have shown to the owner of a site before they use its resources. All of the
    owner's sites share it."""
    permit(policy.can_edit_site, by, site)
    owner = site.owner
    with db.transaction() as session:
        slug = slug_of(entry.name_sv)
        problems = qualification_problems(entry)
        if not problems and rule_queries.find_qualification(site, slug):
            problems.append(Problem("name_taken", N_("There is a qualification with this name already."), "name_sv"))
        if problems:
            raise InvalidInput.of(problems)
        made = Qualification(
            owner=owner, slug=slug, name_sv=entry.name_sv.strip(), name_en=entry.name_en.strip(),
            how_sv=entry.how_sv.strip(), how_en=entry.how_en.strip(), valid_months=entry.valid_months,
        )  # fmt: skip
        session.add(made)
        trail.record("qualification.added", made, by=by)
        return made


def qualification_problems(entry: QualificationEntry) -> list[Problem]:
    """Everything wrong with what somebody wrote about a qualification, names that are taken aside."""
    problems = []
    if not entry.name_sv.strip():
        problems.append(Problem("missing", N_("Write a name."), "name_sv"))
    if entry.valid_months is not None and not 1 <= entry.valid_months <= MOST_MONTHS:
        problems.append(Problem("out_of_range", bounds.FIGURE, "valid_months", {"least": 1, "most": MOST_MONTHS}))
    return problems + bounds.name_problems(entry) + bounds.text_problems(entry, HOW)


def require_qualifications(
    resource: Resource, needed: Sequence[Qualification], *, by: Actor, expected_version: int
) -> None:  # fmt: skip
    """Say which qualifications a resource asks for; these and no others. What is booked stays booked.

    Raises:
        NotAllowed, StaleVersion.
    """
    permit(policy.can_edit_site, by, resource.site)
    with db.transaction() as session:
        db.expect_version(resource, expected_version)
        before = sorted(one.slug for one in rule_queries.required_by([resource]).get(resource.id, []))
        after = sorted({one.slug for one in needed})
        if before == after:
            return
        session.execute(delete(ResourceQualification).where(ResourceQualification.resource_id == resource.id))
        session.add_all(
            ResourceQualification(resource_id=resource.id, qualification_id=key)
            for key in sorted({one.id for one in needed})
        )
        note("resource.qualifications_set", resource, by=by, before=before, qualifications=after)


def grant_qualification(
    qualification: Qualification, user: User, *, site: Site, valid_from: date, valid_until: date | None,
    note: str = "", by: Actor,
) -> HeldQualification:  # fmt: skip
    """Write down that somebody has shown what a qualification asks for, from one day to another; they are told.

    Args:
        valid_until: None is as long as the qualification usually holds.
        site: one of the owner's, whose manager grants it.

    Raises:
        NotAllowed, NotFound (the qualification is another owner's), InvalidInput.
    """
    _require_own(qualification, site, by)
    valid_until = valid_until or _usual_end(qualification, valid_from)
    with db.transaction() as session:
        if valid_until is not None and valid_until < valid_from:
            text = N_("The last day comes before the first. Choose a later last day.")
            raise InvalidInput.of([Problem("period_reversed", text, "valid_until")])
        if len(note.strip()) > bounds.LONGEST_NOTE:
            raise InvalidInput.of([bounds.too_long("note", bounds.LONGEST_NOTE)])
        if (valid_from, valid_until) in rule_queries.days_held(user, qualification):
            # Taking one of two back would leave the other.
            text = N_("The person has it already for these days.")
            raise InvalidInput.of([Problem("held_already", text, "valid_from")])
        held = HeldQualification(
            qualification=qualification, user=user, valid_from=valid_from, valid_until=valid_until,
            note=note.strip(), granted_at=clock.now(), granted_by_id=by.user_id,
        )  # fmt: skip
        session.add(held)
        trail.record("qualification.granted", qualification, by=by, user=user.opaque_id,
                     until=valid_until.isoformat() if valid_until else None)  # fmt: skip
        queue_mail(
            user.email, "qualification_granted", locale=user.locale, owner=qualification.owner.name,
            name=_name(qualification, user.locale), valid_from=valid_from.isoformat(),
            valid_until=valid_until.isoformat() if valid_until else "",
        )  # fmt: skip
        return held


def _usual_end(qualification: Qualification, first: date) -> date | None:
    """The last day by how long it usually holds."""
    if qualification.valid_months is None:
        return None
    months = first.month - 1 + qualification.valid_months
    year, month = first.year + months // 12, months % 12 + 1
    # The last of February and of short months stands for the days that they lack.
    return date(year, month, min(first.day, monthrange(year, month)[1]))


def withdraw_qualification(held: HeldQualification, *, site: Site, by: Actor, expected_version: int) -> None:
    """Take a qualification back; bookings made with it are tried anew wherever they are checked. Whoever held it is
    told."""
    _require_own(held.qualification, site, by)
    with db.transaction():
        db.expect_version(held, expected_version)
        held.withdrawn_at, held.withdrawn_by_id = clock.now(), by.user_id
        trail.record("qualification.withdrawn", held.qualification, by=by, user=held.user.opaque_id)
        queue_mail(
            held.user.email, "qualification_withdrawn", locale=held.user.locale, owner=held.qualification.owner.name,
            name=_name(held.qualification, held.user.locale),
        )  # fmt: skip


def _name(qualification: Qualification, locale: str) -> str:
    return qualification.name_sv if locale == "sv" else qualification.name_en or qualification.name_sv


def _require_own(qualification: Qualification, site: Site, by: Actor) -> None:
    permit(policy.can_edit_site, by, site)
    if qualification.owner_id != site.owner_id:
        raise NotFound()
