"""A site as one file: written out, read back, compared with what is there, and taken in as a whole or not at all."""

import json
import math
import types
import typing
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import MISSING, dataclass, field, fields
from datetime import date, time
from enum import Enum
from typing import Any, TypeVar

from missions_app import clock, db
from missions_app.accounts.actor import Actor
from missions_app.accounts.policy import permit
from missions_app.documents import deletion_service, storage
from missions_app.errors import InvalidInput, Problem
from missions_app.i18n import N_
from missions_app.organisations.models import Organisation
from missions_app.organisations.rules import slug_of
from missions_app.sites import (
    bounds,
    catalogue_service,
    entry_rules,
    file_parts,
    policy,
    queries,
    resource_service,
    revisions,
)
from missions_app.sites.catalogue_service import RESERVED, UNIT_FIELDS, ResourceEntry, SiteEntry, entry_of
from missions_app.sites.errors import BadFile
from missions_app.sites.file_parts import Difference
from missions_app.sites.models import Resource, Site, SiteStatus
from missions_app.sites.revisions import Change
from missions_app.workflow.method_service import method_in_force

FORMAT = "missions-site-1"
LARGEST = 25_000_000  # characters; most of it is pictures
BESIDE = ("slug", "weekly", "otherwise")  # what a resource's part of a file says besides its rules
OUTDATED = ("surroundings",)  # what earlier files say of a site and nothing reads
WEEKDAYS = ("0", "1", "2", "3", "4", "5", "6")  # Monday first
BYTE_ORDER_MARK = "\ufeff"  # some programs write it before a text
Periods = list[tuple[time, time]]
Weekly = Mapping[int, Periods]
Day = TypeVar("Day")


@dataclass(frozen=True, slots=True)
class ResourceFile:
    """Something bookable in a file, with its weekly hours and the dates that are otherwise (no periods: closed)."""

    slug: str
    entry: ResourceEntry
    weekly: Weekly
    otherwise: Mapping[date, Periods]


@dataclass(frozen=True, slots=True)
class SiteFile:
    """A whole site in a file."""

    entry: SiteEntry
    resources: tuple[ResourceFile, ...]
    parts: Mapping[str, Any] = field(default_factory=dict)

    @property
    def pools_first(self) -> list[ResourceFile]:
        """The resources in an order in which each can be made: pools before what takes the whole of one."""
        return sorted(self.resources, key=lambda one: bool(one.entry.whole_of))


@dataclass(frozen=True, slots=True)
class Plan:
    """What taking a file in would change: fields of the entry, names of resources, and of things in the other parts."""

    fields: list[Change]
    added: list[str]
    changed: list[str]
    parts: Mapping[str, Difference]

    def __bool__(self) -> bool:
        return bool(self.fields or self.added or self.changed or self.parts)


def written(site: Site) -> str:
    """The file of a site: its entry, what can be booked there, when that is open, and every other part."""
    resources = [_resource(one) for one in queries.resources_of(site)]
    whole: dict[str, Any] = {name: part.written(site) for name, part in file_parts.parts().items()}
    whole |= {"format": FORMAT, "entry": revisions.content_of(entry_of(site)), "resources": resources}
    return json.dumps(whole, ensure_ascii=False, indent=2, sort_keys=True) + "\n"


def _resource(one: Resource) -> dict[str, Any]:
    kept = {
        each.name: revisions.plain(getattr(one, each.name))
        for each in fields(ResourceEntry)
        if each.name not in UNIT_FIELDS
    }
    weekly: dict[str, list[list[str]]] = {}
    otherwise: dict[str, list[list[str]]] = {}
    for period in queries.opening_of(one):
        if period.weekday is not None:
            there = weekly.setdefault(str(period.weekday), [])
        elif period.on_date is not None and period.on_date >= clock.today():
            there = otherwise.setdefault(period.on_date.isoformat(), [])
        else:
            continue
        if period.opens is not None and period.closes is not None:
            there.append([period.opens.isoformat("minutes"), period.closes.isoformat("minutes")])
    return {"slug": one.slug, **kept, **_units(one), "weekly": weekly, "otherwise": otherwise}


def _units(one: Resource) -> dict[str, Any]:
    units = queries.units_of(one)
    if one.pool_id is not None:
        return {"pool_size": len(units)}
    pooled = queries.pooled_under(one)
    if pooled is not None and pooled.retired_at is None:
        return {"whole_of": pooled.slug}
    return {"units": sorted(unit.name for unit in units)}


def read(text: str) -> SiteFile:
    """A file as values, with everything checked.

    Raises:
        BadFile: it is no such file. InvalidInput: what it says breaks a rule; every problem is listed.
    """
    if len(text) > LARGEST:
        raise BadFile(field="file", what=f"> {LARGEST // 1000} kB")
    try:
        raw = json.loads(text.removeprefix(BYTE_ORDER_MARK), parse_constant=_no_constant)
        if not isinstance(raw, dict) or raw.get("format") != FORMAT:
            raise ValueError(["format"])
        if unknown := set(raw) - {"format", "entry", "resources", *file_parts.parts()}:
            raise ValueError(sorted(unknown))
        entry = _made(SiteEntry, {name: one for name, one in raw["entry"].items() if name not in OUTDATED})
        resources = tuple(_resource_file(one, number) for number, one in enumerate(raw["resources"]))
        parts = _parts(raw, {one.slug for one in resources})
        problems = _at("entry", entry_rules.entry_problems(entry, method_in_force()))
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError, OverflowError) as error:
        raise BadFile(field="file", what=_what(error)) from error
    for one in resources:
        problems += _at(one.slug, catalogue_service.resource_problems(one.entry))
        problems += _at(one.slug, bounds.hour_problems({**one.weekly, **one.otherwise}))
    if len({one.slug for one in resources}) < len(resources):
        problems.append(Problem("name_taken", N_("Two things in the file have the same name."), "file"))
    if problems:
        raise _in_file(problems)
    return SiteFile(entry, resources, parts)


def _parts(raw: Mapping[str, Any], resources: Collection[str]) -> dict[str, Any]:
    """Every other part as values; one that an older file lacks is empty."""
    read = {}
    try:
        for name, part in file_parts.parts().items():
            with file_parts.placed(name):
                read[name] = part.read(raw.get(name, []), resources)
    except InvalidInput as error:
        raise _in_file(error.problems) from error
    return read


def _at(where: str, problems: Iterable[Problem]) -> list[Problem]:
    """Problems that say where in a file they are: of what, and which of its names."""
    text = N_("%(place)s: %(problem)s")
    return [Problem(one.code, text, one.field, {"place": f"{where}.{one.field}", "problem": one}) for one in problems]


def _in_file(problems: Iterable[Problem]) -> InvalidInput:
    return InvalidInput.of(Problem(one.code, one.message, "file", one.params) for one in problems)


def _what(error: Exception) -> str:
    """Where in a file something is wrong: a line and a column, or the names or the value that do not belong. What a
    library says of it is left out: it is in English, and about programs."""
    if isinstance(error, json.JSONDecodeError):
        return f"{error.lineno}:{error.colno}"
    found = error.args[0] if error.args else ""
    if isinstance(error, KeyError):
        return str(found)[:100]
    return ", ".join(map(str, found))[:100] if isinstance(found, list) else "–"


def _resource_file(raw: Mapping[str, Any], number: int) -> ResourceFile:
    with file_parts.placed(f"resources {number + 1}"):
        slug = file_parts.text(raw["slug"])
        if slug_of(slug) != slug or slug in RESERVED:
            raise ValueError([f"slug: {slug[:40]}"])
    with file_parts.placed(slug):
        entry = _made(ResourceEntry, {name: value for name, value in raw.items() if name not in BESIDE})
        weekly = dict(_hours("weekly", WEEKDAYS.index, raw["weekly"]))
        dated = dict(_hours("otherwise", date.fromisoformat, raw.get("otherwise", {})))
    otherwise = {day: periods for day, periods in dated.items() if day >= clock.today()}  # what is over is left out
    return ResourceFile(slug, entry, weekly, otherwise)


def _hours(name: str, day_of: Callable[[str], Day], given: Mapping[str, Any]) -> Iterator[tuple[Day, Periods]]:
    with file_parts.placed(name):
        for day, periods in given.items():
            with file_parts.placed(f"{day}: {json.dumps(periods)[:60]}"):
                yield day_of(day), _periods(periods)


def _periods(given: Any) -> Periods:
    return [(time.fromisoformat(opens), time.fromisoformat(closes)) for opens, closes in given]


def _as_written(periods: Periods) -> list[list[str]]:
    return [[opens.isoformat("minutes"), closes.isoformat("minutes")] for opens, closes in periods]


def _made(content: type[Any], raw: Mapping[str, Any]) -> Any:
    """A content class from plain values; ValueError or TypeError when a name or a kind is wrong."""
    hints = typing.get_type_hints(content)
    known = {one.name: one for one in fields(content)}
    unknown = set(raw) - set(known)
    lacking = [name for name, one in known.items()
               if name not in raw and one.default is MISSING and one.default_factory is MISSING]  # fmt: skip
    if unknown or lacking:
        raise ValueError(sorted(unknown) + lacking)
    made = {}
    for name, value in raw.items():
        try:
            made[name] = _value(hints[name], value)
        except (ValueError, TypeError, OverflowError) as error:
            raise ValueError([f"{name}: {str(value)[:40]}"]) from error
    return content(**made)


def _value(hint: Any, value: Any) -> Any:
    if typing.get_origin(hint) in (types.UnionType, typing.Union):
        if value is None:
            return None
        hint = next(one for one in typing.get_args(hint) if one is not type(None))
    kind = typing.get_origin(hint) or hint
    if isinstance(kind, type) and issubclass(kind, Enum):
        return kind(value)
    if kind is date:
        return date.fromisoformat(value)
    if kind is float and isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value):
        return float(value)
    wanted: Any = {str: str, bool: bool, int: int, float: bytes, Mapping: dict, Any: object}.get(kind, list)
    if not isinstance(value, wanted) or (wanted is int and isinstance(value, bool)):
        raise TypeError(value)
    within = typing.get_args(hint)[-1:]
    if within and isinstance(value, dict):
        return {name: _value(within[0], each) for name, each in value.items()}
    return [_value(within[0], each) for each in value] if within else value


def _no_constant(name: str) -> typing.NoReturn:
    """NaN and Infinity are no figures."""
    raise ValueError([name])


def plan(site: Site | None, file: SiteFile) -> Plan:
    """What taking the file in would change. Writes nothing; a site that is not there yet has everything new.

    Raises:
        InvalidInput: it could not be taken in.
    """
    if problems := _at("entry", _retired_problems(site, file)) + _whole_problems(site, file):
        raise _in_file(problems)
    before = revisions.content_of(entry_of(site)) if site is not None else {}
    there = {one.slug: json.dumps(_resource(one), sort_keys=True) for one in queries.resources_of(site)} if site else {}
    added = [one.entry.name_sv for one in file.resources if one.slug not in there]
    changed = [one.entry.name_sv for one in file.resources if one.slug in there and _differs(site, one)]
    found = {
        name: part.differs(site, file.parts[name]) for name, part in file_parts.parts().items() if name in file.parts
    }
    differing = {name: one for name, one in found.items() if one}
    return Plan(revisions.changes(before, revisions.content_of(file.entry)), added, changed, differing)


def _retired_problems(site: Site | None, file: SiteFile) -> list[Problem]:
    """A site is taken out of use on its own page, with a reason, and none is entered so."""
    is_retired = site is not None and site.status is SiteStatus.RETIRED
    return [] if is_retired else catalogue_service.retired_problems(file.entry, is_new=site is None)


def _whole_problems(site: Site | None, file: SiteFile) -> list[Problem]:
    """What is new and takes all of some pool, which is neither in the file nor at the site."""
    pools = {one.slug for one in file.resources if one.entry.pool_size}
    pools |= {one.slug for one in queries.pools_at(site)} if site is not None else set()
    there = {one.slug for one in queries.resources_of(site)} if site is not None else set()
    wrong = [one for one in file.resources if one.entry.whole_of and one.slug not in there]
    text = N_("Choose one of the alternatives.")
    return [
        each
        for one in wrong
        if one.entry.whole_of not in pools
        for each in _at(one.slug, [Problem("unknown_choice", text, "whole_of")])
    ]


def _differs(site: Site | None, one: ResourceFile) -> bool:
    if site is None:
        return True
    present = _resource(queries.get_resource(site, one.slug))
    wanted = {each.name: revisions.plain(getattr(one.entry, each.name)) for each in fields(one.entry)}
    rules = any(present[name] != value for name, value in wanted.items() if name not in UNIT_FIELDS)
    weekly = {str(day): _as_written(periods) for day, periods in one.weekly.items()}
    otherwise = {day.isoformat(): _as_written(periods) for day, periods in one.otherwise.items()}
    return rules or present["weekly"] != weekly or not otherwise.items() <= present["otherwise"].items()


@db.retried
def take_in(site: Site, file: SiteFile, *, by: Actor, expected_version: int) -> None:
    """Make a site what a file says, all of it or nothing. Nothing that is there and not in the file is removed, and
    the units of what is there stay.

    Raises:
        NotAllowed, StaleVersion, InvalidInput.
    """
    permit(policy.can_edit_site, by, site)
    with db.transaction():
        db.expect_version(site, expected_version)
        if revisions.changes(revisions.content_of(entry_of(site)), revisions.content_of(file.entry)):
            catalogue_service.edit_site(
                site, file.entry, by=by, expected_version=expected_version, looked_over=False
            )  # fmt: skip
        there = {one.slug: one for one in queries.resources_of(site)}
        for one in file.pools_first:
            if one.slug not in there:
                _add(site, one, by)
            elif _differs(site, one):
                found = there[one.slug]
                resource_service.edit_resource(found, one.entry, by=by, expected_version=found.version)
                resource_service.set_opening(found, one.weekly, by=by, expected_version=found.version)
                _set_otherwise(found, one, by)
        _take_in_parts(site, file, by)


@db.retried
def take_in_new(owner: Organisation, file: SiteFile, *, by: Actor) -> Site:
    """Enter a site as a file says, all of it or nothing."""
    with db.transaction():
        site = catalogue_service.add_site(file.entry, owner=owner, by=by, looked_over=False)
        for one in file.pools_first:
            _add(site, one, by)
        _take_in_parts(site, file, by)
        return site


def _take_in_parts(site: Site, file: SiteFile, by: Actor) -> None:
    db.session.flush()
    for name, values in file.parts.items():
        file_parts.parts()[name].take_in(site, values, by)


def keep(text: str) -> str:
    """Keep a file that somebody has looked at for a day, so that it need not be sent again; returns its SHA-256."""
    with db.transaction():
        sha256 = storage.store().put(text.encode())
        deletion_service.forget_later(sha256)
        return sha256


def kept(sha256: str) -> str:
    """A file that was looked at, or BadFile when it is no longer kept."""
    try:
        return storage.store().get(sha256).decode()
    except FileNotFoundError as error:
        raise BadFile(field="file", what="…") from error


def _add(site: Site, one: ResourceFile, by: Actor) -> None:
    made = catalogue_service.add_resource(site, one.entry, by=by, slug=one.slug)
    if one.weekly:
        resource_service.set_opening(made, one.weekly, by=by, expected_version=made.version)
    _set_otherwise(made, one, by)


def _set_otherwise(resource: Resource, one: ResourceFile, by: Actor) -> None:
    for day, periods in one.otherwise.items():
        resource_service.set_exception(resource, day, day, periods, by=by, expected_version=resource.version)
