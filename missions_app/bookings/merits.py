"""What speaks for a combination of resources and what against it. Pure."""

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from missions_app.bookings.bookables import Bookable, sites_of
from missions_app.bookings.needs import Match, Need, Offered, numbers_in, plain
from missions_app.sites.models import Bookers, Site

FAR_KM = 15


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a time is good, or what speaks against it: a code and what its sentence needs."""

    code: str
    is_drawback: bool = False
    values: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Choice:
    """A resource that meets a need, and how well."""

    bookable: Bookable
    need: Need
    match: Match


def offers_of(there: Sequence[Bookable]) -> list[Offered]:
    """What each of some resources says of itself, ready to be compared with needs. What their sites say is read once
    for each site."""
    said = {site.id: _said_by(site) for site in sites_of(there)}
    return [_offered(one, *said[one.resource.site_id]) for one in there]


def _offered(one: Bookable, slug: str, where: str, depth: tuple[float, float] | None, power: float | None) -> Offered:
    resource = one.resource
    own = (resource.name_sv, resource.name_en, resource.kind, resource.description_sv, resource.description_en)
    return Offered(
        f"{slug}/{resource.slug}", plain(" ".join(own)), where, resource.most_people,
        len(one.units) if one.is_pool else 1, depth, power,
    )  # fmt: skip


def _said_by(site: Site) -> tuple[str, str, tuple[float, float] | None, float | None]:
    """A site's address and words, and how deep it is and how much power it has."""
    words = (site.name_sv, site.name_en, site.description_sv, site.description_en, site.owner.name)
    power = numbers_in(site.details.get("power_supply"), "kw")
    return (
        site.slug, " " + plain(" ".join((*words, *_texts(site.details)))), numbers_in(site.details.get("depth_m")),
        power[1] if power else None,
    )  # fmt: skip


def _texts(details: Mapping[str, object]) -> Iterator[str]:
    for value in details.values():
        if isinstance(value, str):
            yield value
        elif isinstance(value, Mapping):
            yield from (one for one in value.values() if isinstance(one, str))


def by_name(choices: Sequence[list[Choice]]) -> list[list[Choice]]:
    """What may meet each need, less what its site only speaks of: a site that has a boat speaks of that, and a set of
    sensors is no seabed as long as something else can be."""
    named = [{one.bookable.resource.id for one in each if not one.match.is_mentioned} for each in choices]
    left = []
    for number, each in enumerate(choices):
        elsewhere = set[int]().union(*(ids for other, ids in enumerate(named) if other != number))
        sites = {one.bookable.resource.site_id for one in each if not one.match.is_mentioned}
        own = [one for one in each if not (one.match.is_mentioned and one.bookable.resource.site_id in sites)]
        kept = [one for one in own if not (one.match.is_mentioned and one.bookable.resource.id in elsewhere)]
        left.append(kept or own)
    return left


def collides(one: Choice, chosen: Iterable[Choice]) -> bool:
    """Whether needs would take the same unit, or all together more of a pool than it holds."""
    chosen = list(chosen)
    pooled = in_one_pool(one, chosen)
    if pooled and pooled[0].need.units > len(one.bookable.units):
        return True
    units = set(one.bookable.units)
    return any(
        not _shares_pool(one, other) and not units.isdisjoint(other.bookable.units) for other in chosen
    )  # fmt: skip


def in_one_pool(one: Choice, others: Iterable[Choice]) -> list[Choice]:
    """Needs that are met from the pool of one of them, that one first, each as if it asked for what all of them take;
    none where it is alone."""
    shared = [other for other in others if _shares_pool(one, other)]
    if not shared:
        return []
    units = one.need.units + sum(other.need.units for other in shared)
    return [replace(each, need=replace(each.need, units=units)) for each in (one, *shared)]


def _shares_pool(one: Choice, other: Choice) -> bool:
    return one.bookable.is_pool and one.bookable.resource.pool_id == other.bookable.resource.pool_id


def kilometres(one: Choice, other: Choice) -> float:
    """How far apart two places are; 0 when nobody has said where they are."""
    a, b = one.bookable.resource.site, other.bookable.resource.site
    if a.id == b.id or None in (a.latitude, a.longitude, b.latitude, b.longitude):
        return 0.0
    height = math.radians(float(b.latitude or 0) - float(a.latitude or 0))
    width = math.radians(float(b.longitude or 0) - float(a.longitude or 0)) * math.cos(
        math.radians(float(a.latitude or 0))
    )
    return 6371 * math.hypot(height, width)


def merits_of(chosen: Sequence[Choice], price: int, *, is_admitted: bool = False) -> Iterator[Reason]:
    """What is true of a combination at any time. is_admitted: whoever asks is known, and may book all of it."""
    owners = list(dict.fromkeys(one.bookable.resource.site.owner.name for one in chosen))
    answering_owners = list(
        dict.fromkeys(
            one.bookable.resource.site.owner.name for one in chosen if one.bookable.resource.approval.value != "none"
        )
    )
    if len(chosen) > 1 and len(owners) == 1:
        yield Reason("one_owner", values={"owner": owners[0]})
    if answering_owners:
        yield Reason("price", values={"ore": price, "owners": answering_owners})
    else:
        yield Reason("price_at_once", values={"ore": price})
    main = chosen[0]
    for one in chosen[1:]:
        if (far := kilometres(main, one)) > FAR_KM:
            yield Reason("far", is_drawback=True, values={"resource": one.bookable.resource, "kilometres": round(far)})
    for one in chosen:
        yield from _against(one, is_admitted=is_admitted)
    if any(one.bookable.resource.site.status.value == "limited" for one in chosen):
        yield Reason("on_conditions", is_drawback=True)


def _against(one: Choice, *, is_admitted: bool) -> Iterator[Reason]:
    """What speaks against one part by itself."""
    resource = one.bookable.resource
    if one.match.is_mentioned:
        yield Reason("mentioned", is_drawback=True, values={"resource": resource, "need": one.need.text})
    for what in one.match.unsaid:
        yield Reason(f"unsaid_{what}", is_drawback=True, values={"resource": resource})
    if resource.bookers is Bookers.EXPERIMENTS or (resource.bookers is not Bookers.EVERYONE and not is_admitted):
        yield Reason(f"only_{resource.bookers.value}", is_drawback=True, values={"resource": resource})
    if not resource.requests_hold:
        yield Reason("not_held", is_drawback=True, values={"resource": resource})
