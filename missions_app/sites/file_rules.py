"""Who may book, in a site's file: qualifications that are asked for, organisations chosen, quotas.

People are left out: who holds a qualification is theirs and the owner's to know. So are quotas that count something at
another site too, or nothing that is in use. A qualification that the owner has already is shared by all its sites and
is left as it is.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from typing import Any

from missions_app.accounts.actor import Actor
from missions_app.errors import InvalidInput
from missions_app.organisations import queries as organisations
from missions_app.organisations.models import Organisation
from missions_app.organisations.rules import slug_of
from missions_app.sites import queries, rule_queries, rule_service
from missions_app.sites.errors import UnknownOrganisations
from missions_app.sites.file_parts import Difference, Part, one_of, only, text
from missions_app.sites.models import Resource, Site
from missions_app.sites.rule_models import Qualification, Quota, QuotaPeriod
from missions_app.sites.rule_service import QualificationEntry, QuotaEntry


@dataclass(frozen=True, slots=True)
class Asked:
    """A qualification and the slugs of what asks for it."""

    entry: QualificationEntry
    by: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Counted:
    """A quota and the slugs of what counts towards it."""

    entry: QuotaEntry
    resources: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Chosen:
    """A resource and the organisations chosen for it."""

    resource: str
    organisations: tuple[Organisation, ...]


def _whole_number(value: Any) -> int:
    if not isinstance(value, int) or isinstance(value, bool):
        raise TypeError(value)
    return value


def _organisations(names: Collection[str]) -> dict[str, Organisation]:
    known = {one.slug: one for one in organisations.all_active()} if names else {}
    if lacking := sorted(set(names) - set(known)):
        raise UnknownOrganisations(field="file", names=", ".join(lacking))
    return known


def _written_qualifications(site: Site) -> list[dict[str, Any]]:
    there = queries.resources_of(site)
    found: dict[str, tuple[Qualification, list[str]]] = {}
    asked = rule_queries.required_by(there)
    for resource in there:
        for one in asked.get(resource.id, []):
            found.setdefault(one.slug, (one, []))[1].append(resource.slug)
    return [
        {**{each.name: getattr(one, each.name) for each in fields(QualificationEntry)}, "asked_by": sorted(slugs)}
        for _slug, (one, slugs) in sorted(found.items())
    ]


def _read_qualifications(raw: Sequence[Mapping[str, Any]], resources: Collection[str]) -> list[Asked]:
    found = []
    for one in raw:
        only(one, *(each.name for each in fields(QualificationEntry)), "asked_by")
        months = one["valid_months"]
        words = {name: text(one[name]) for name in ("name_sv", "name_en", "how_sv", "how_en")}
        entry = QualificationEntry(**words, valid_months=None if months is None else _whole_number(months))
        if problems := rule_service.qualification_problems(entry):
            raise InvalidInput.of(problems)
        found.append(Asked(entry, tuple(one_of(resources, slug) for slug in one["asked_by"])))
    return found


def _not_asking(site: Site, asked: Asked) -> list[Resource]:
    """The resources that do not ask for a qualification yet, but should."""
    there = [one for one in queries.resources_of(site) if one.slug in asked.by]
    present, slug = rule_queries.required_by(there), slug_of(asked.entry.name_sv)
    return [one for one in there if slug not in {each.slug for each in present.get(one.id, [])}]


def _differing_qualifications(site: Site | None, given: Sequence[Asked]) -> Difference:
    if site is None:
        return Difference(tuple(one.entry.name_sv for one in given))
    new = [one for one in given if rule_queries.find_qualification(site, slug_of(one.entry.name_sv)) is None]
    old = [one for one in given if one not in new]
    missing = [one for one in old if _not_asking(site, one)]
    return Difference(tuple(one.entry.name_sv for one in new), tuple(one.entry.name_sv for one in missing))


def _take_in_qualifications(site: Site, given: Sequence[Asked], by: Actor) -> None:
    for one in given:
        found = rule_queries.find_qualification(site, slug_of(one.entry.name_sv))
        found = found or rule_service.add_qualification(site, one.entry, by=by)
        for resource in _not_asking(site, one):
            present = rule_queries.required_by([resource]).get(resource.id, [])
            rule_service.require_qualifications(resource, [*present, found], by=by, expected_version=resource.version)


def _written_bookers(site: Site) -> list[dict[str, Any]]:
    chosen = ((one.slug, rule_queries.bookers_of(one)) for one in queries.resources_of(site))
    return [
        {"resource": slug, "organisations": sorted(one.organisation.slug for one in found)}
        for slug, found in chosen
        if found
    ]


def _read_bookers(raw: Sequence[Mapping[str, Any]], resources: Collection[str]) -> list[Chosen]:
    named = [(one_of(resources, only(one, "resource", "organisations")["resource"]),
              [text(slug) for slug in one["organisations"]]) for one in raw]  # fmt: skip
    known = _organisations({slug for _resource, slugs in named for slug in slugs})
    return [Chosen(resource, tuple(known[slug] for slug in slugs)) for resource, slugs in named]


def _bookers_of(site: Site | None, slug: str) -> list[Organisation]:
    there = [one for one in queries.resources_of(site) if one.slug == slug] if site is not None else []
    return [one.organisation for resource in there for one in rule_queries.bookers_of(resource)]


def _differing_bookers(site: Site | None, given: Sequence[Chosen]) -> Difference:
    new = [one for one in given if set(one.organisations) - set(_bookers_of(site, one.resource))]
    return Difference(changed=tuple(one.resource for one in new))


def _take_in_bookers(site: Site, given: Sequence[Chosen], by: Actor) -> None:
    for one in given:
        present = _bookers_of(site, one.resource)
        if set(one.organisations) - set(present):
            resource = queries.get_resource(site, one.resource)
            rule_service.choose_bookers(
                resource, [*present, *one.organisations], by=by, expected_version=resource.version
            )


def _in_use(quota: Quota) -> list[Resource]:
    return [one for one in quota.resources if one.retired_at is None]


def _own_quotas(site: Site | None) -> list[Quota]:
    """The quotas that count nothing at another site."""
    found = rule_queries.quotas_of(site) if site is not None else []
    return [one for one in found if {each.site_id for each in one.resources} == {site.id if site else 0}]


def _plain_quota(quota: Quota) -> dict[str, Any]:
    counted = sorted(one.slug for one in _in_use(quota))
    return {**rule_service.quota_as_kept(quota), "resources": counted}


def _written_quotas(site: Site) -> list[dict[str, Any]]:
    return [_plain_quota(one) for one in _own_quotas(site) if _in_use(one)]


def _read_quotas(raw: Sequence[Mapping[str, Any]], resources: Collection[str]) -> list[Counted]:
    for one in raw:
        only(one, "name", "period", "hours", "organisation", "resources")
    known = _organisations({text(one["organisation"]) for one in raw if one["organisation"] is not None})
    found = []
    for one in raw:
        whose = known[one["organisation"]] if one["organisation"] is not None else None
        entry = QuotaEntry(text(one["name"]), QuotaPeriod(one["period"]), _whole_number(one["hours"]), whose)
        if problems := rule_service.quota_problems(entry):
            raise InvalidInput.of(problems)
        counted = tuple(sorted(one_of(resources, slug) for slug in one["resources"]))
        if not counted:
            raise ValueError(["resources"])
        found.append(Counted(entry, counted))
    return found


def _wanted(one: Counted) -> dict[str, Any]:
    whose = one.entry.organisation.slug if one.entry.organisation else None
    return {**asdict(one.entry), "period": one.entry.period.value, "organisation": whose,
            "resources": list(one.resources)}  # fmt: skip


def _missing_quotas(site: Site | None, given: Sequence[Counted]) -> list[tuple[Counted, Quota | None]]:
    """The quotas that are not there as given; each with the one that has its name, which would be changed."""
    there = _own_quotas(site)
    plain = [_plain_quota(one) for one in there]
    named = {one.name: one for one in there}
    return [(one, named.get(one.entry.name)) for one in given if _wanted(one) not in plain]


def _differing_quotas(site: Site | None, given: Sequence[Counted]) -> Difference:
    missing = _missing_quotas(site, given)
    return Difference(
        tuple(one.entry.name for one, known in missing if known is None),
        tuple(one.entry.name for one, known in missing if known is not None),
    )


def _take_in_quotas(site: Site, given: Sequence[Counted], by: Actor) -> None:
    there = {one.slug: one for one in queries.resources_of(site)}
    for one, known in _missing_quotas(site, given):
        counted = [there[slug] for slug in one.resources]
        if known is None:
            rule_service.add_quota(one.entry, counted, by=by)
        else:
            rule_service.edit_quota(known, one.entry, counted, by=by, expected_version=known.version)


QUALIFICATIONS = Part(_written_qualifications, _read_qualifications, _differing_qualifications, _take_in_qualifications)
BOOKERS = Part(_written_bookers, _read_bookers, _differing_bookers, _take_in_bookers)
QUOTAS = Part(_written_quotas, _read_quotas, _differing_quotas, _take_in_quotas)
