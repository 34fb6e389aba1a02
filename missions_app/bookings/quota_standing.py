"""How much of each quota is used and left, as those see it who book, who own and who look after the region."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from missions_app import clock, db
from missions_app.accounts.actor import Actor
from missions_app.accounts.policy import is_secretariat
from missions_app.bookings import rules
from missions_app.bookings.checking import UNCOUNTED
from missions_app.bookings.intervals import Interval
from missions_app.bookings.models import Booking, Line
from missions_app.organisations.models import Organisation
from missions_app.sites.models import Resource
from missions_app.sites.rule_models import Quota, QuotaResource

HOUR = timedelta(hours=1)
WIDEST = timedelta(days=367)


@dataclass(frozen=True, slots=True)
class Standing:
    """What one organisation has booked of one quota in one of its periods. Hours of use, for each unit of a pool."""

    quota: Quota
    organisation: Organisation
    period: Interval
    used_hours: float

    @property
    def left_hours(self) -> float:
        """What is left of it; nothing when more is booked than a quota that came later allows."""
        return max(self.quota.hours - self.used_hours, 0)


def standings(actor: Actor, moment: datetime) -> list[Standing]:
    """The quotas in force in the period around a moment, by name: for each organisation of the actor's; of others
    only what counts towards quotas of one's own sites, and for the secretariat all that have booked."""
    quotas, mine = _quotas(), set(actor.organisations())
    sites = {int(key) for key in actor.scopes_of("site_manager", "site")}
    sees_all, owned = is_secretariat(actor), actor.scopes_of("org_admin", "organisation")
    whole = [
        one for one in quotas
        if sees_all or str(one.owner_id) in owned
        or any(each.site_id in sites for each in one.resources)
    ]  # fmt: skip
    found = _standings(quotas, mine, moment)
    seen = {(one.quota.id, one.organisation.id) for one in found}
    used_by = _organisations_that_used(whole, moment)
    rest = _standings(whole, used_by, moment)
    found += [one for one in rest if one.used_hours and (one.quota.id, one.organisation.id) not in seen]
    return sorted(found, key=lambda one: (one.quota.name, one.quota.id, one.organisation.name))


def standings_of(booking: Booking) -> list[Standing]:
    """The quotas that a booking counts towards, in the period in which it begins, this booking counted once sent."""
    wanted = {line.resource_id or line.resource.id for line in booking.lines}
    quotas = [one for one in _quotas() if wanted & {each.id for each in one.resources}]
    if not quotas or not booking.lines:
        return []
    return _standings(quotas, {booking.organisation_id}, min(line.starts_at for line in booking.lines))


def _quotas() -> Sequence[Quota]:
    return db.session.scalars(
        select(Quota)
        .where(Quota.ended_at.is_(None))
        .options(joinedload(Quota.organisation), selectinload(Quota.resources).joinedload(Resource.site))
        .order_by(Quota.name, Quota.id)
    ).all()


def _standings(quotas: Iterable[Quota], organisation_ids: Collection[int], moment: datetime) -> list[Standing]:
    pairs = [
        (quota, one) for quota in quotas for one in organisation_ids if quota.organisation_id in (None, one)
    ]  # fmt: skip
    if not pairs:
        return []
    names = {
        one.id: one
        for one in db.session.scalars(select(Organisation).where(Organisation.id.in_({key for _quota, key in pairs})))
    }
    around = Interval(moment - WIDEST, moment + WIDEST)
    uses: dict[tuple[int, int], list[tuple[Interval, int]]] = {}
    rows = db.session.execute(
        select(QuotaResource.quota_id, Booking.organisation_id, Line.starts_at, Line.ends_at, Line.units_wanted)
        .join(Line, Line.resource_id == QuotaResource.resource_id)
        .join(Booking, Booking.id == Line.booking_id)
        .where(
            QuotaResource.quota_id.in_({quota.id for quota, _key in pairs}), Booking.organisation_id.in_(list(names)),
            Line.state.not_in(UNCOUNTED), Line.starts_at < around.end, Line.ends_at > around.start,
        )
    )  # fmt: skip
    for quota_id, key, start, end, units in rows:
        uses.setdefault((quota_id, key), []).append((Interval(start, end), units))
    made = []
    for quota, key in pairs:
        period = rules.period_around(moment, quota.period, clock.zone())
        used = rules.used_within(uses.get((quota.id, key), []), period)
        made.append(Standing(quota, names[key], period, round(used / HOUR, 2)))
    return made


def _organisations_that_used(quotas: Sequence[Quota], moment: datetime) -> set[int]:
    if not quotas:
        return set()
    return set(
        db.session.scalars(
            select(Booking.organisation_id)
            .distinct()
            .join(Line, Line.booking_id == Booking.id)
            .join(QuotaResource, QuotaResource.resource_id == Line.resource_id)
            .where(
                QuotaResource.quota_id.in_([one.id for one in quotas]), Line.state.not_in(UNCOUNTED),
                Line.starts_at < moment + WIDEST, Line.ends_at > moment - WIDEST,
            )
        )
    )  # fmt: skip
