"""Every change of what can be booked is refused to those who do not look after the place, whatever door they come
through, and stands in the history with who made it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import time
from typing import Any

import pytest
from sqlalchemy.orm import Session

from missions_app import clock
from missions_app.accounts.actor import SYSTEM, Actor, organisation_scope
from missions_app.audit import queries as audit
from missions_app.bookings import blackout_service, outside_service, unit_service
from missions_app.errors import NotAllowed
from missions_app.sites import resource_service, rule_service
from missions_app.sites.catalogue_service import ResourceEntry
from missions_app.sites.rule_models import QuotaPeriod
from missions_app.sites.rule_service import QualificationEntry, QuotaEntry
from tests.factories.accounts import actor_of, grant_role, make_secretariat, make_user
from tests.factories.bookings import between
from tests.factories.organisations import make_member, make_organisation
from tests.factories.sites import make_manager, make_resource

WHO_MAY = {"manager": "site_manager", "owner": "org_admin", "secretariat": "secretariat_officer"}
REFUSED = ("other manager", "member of the owner", "stranger")
URL = "https://example.org/hamn.ics"
TEN = QuotaEntry("Tio timmar", QuotaPeriod.WEEK, 10)


class Place:
    """Something that can be booked, and everybody who may come by."""

    def __init__(self) -> None:
        self.resource = make_resource(pool_size=2)
        self.site = self.resource.site
        owner = make_user()
        grant_role(owner, "org_admin", organisation_scope(self.site.owner_id))
        self.people = {
            "manager": actor_of(make_manager(self.site)), "owner": actor_of(owner), "secretariat": make_secretariat(),
            "other manager": actor_of(make_manager(make_resource().site)),
            "member of the owner": actor_of(make_member(self.site.owner)), "stranger": actor_of(make_user()),
        }  # fmt: skip


@dataclass(frozen=True)
class Act:
    """What is done, what stands in the history then, and what has to be there first; `subject` has the history."""

    do: Callable[[Place, Any, Actor], object]
    action: str
    ready: Callable[[Place], Any] = lambda _place: None
    subject: Callable[[Place, Any], Any] = lambda place, _on: place.site


def versioned(act: Callable[..., object], *more: Any) -> Callable[[Place, Any, Actor], object]:
    """A change of the resource as it was seen."""
    return lambda place, _on, by: act(place.resource, *more, by=by, expected_version=place.resource.version)


def of_ready(act: Callable[..., object], **more: Any) -> Callable[[Place, Any, Actor], object]:
    """A change of what was made ready, as it was seen."""
    return lambda _place, on, by: act(on, by=by, expected_version=on.version, **more)


def course(place: Place) -> Any:
    return rule_service.add_qualification(place.site, QualificationEntry("Introduktion"), by=SYSTEM)


def held(place: Place) -> Any:
    return rule_service.grant_qualification(
        course(place), make_user(), site=place.site, valid_from=clock.today(), valid_until=None, by=SYSTEM
    )


def blocked(place: Place) -> Any:
    return blackout_service.black_out(place.resource, between(8, 12), reason="Underhåll", by=SYSTEM)


def quota(place: Place) -> Any:
    return rule_service.add_quota(TEN, [place.resource], by=SYSTEM)


ON, MORNING = (clock.today(), clock.today()), [(time(8), time(12))]
ACTS: dict[str, Act] = {
    "edit": Act(versioned(resource_service.edit_resource, ResourceEntry("Salen")), "resource.edited"),
    "retire": Act(versioned(resource_service.retire_resource), "resource.retired"),
    "restore": Act(
        versioned(resource_service.restore_resource), "resource.restored",
        lambda place: versioned(resource_service.retire_resource)(place, None, SYSTEM),
    ),
    "units": Act(versioned(unit_service.set_pool_size, 3), "resource.units_set"),
    "opening": Act(versioned(resource_service.set_opening, {0: MORNING}), "resource.opening_set"),
    "exception": Act(versioned(resource_service.set_exception, *ON, []), "resource.exception_set"),
    "forget": Act(
        versioned(resource_service.forget_exceptions, *ON), "resource.exception_forgotten",
        lambda place: versioned(resource_service.set_exception, *ON, MORNING)(place, None, SYSTEM),
    ),
    "bookers": Act(
        lambda place, on, by: versioned(rule_service.choose_bookers, [on])(place, on, by), "resource.bookers_chosen",
        lambda _place: make_organisation(),
    ),
    "quota": Act(
        lambda place, _on, by: rule_service.add_quota(TEN, [place.resource], by=by), "quota.added",
        subject=lambda place, _on: rule_service.rule_queries.quotas_of(place.site)[0],
    ),
    "quota changed": Act(
        lambda place, on, by: rule_service.edit_quota(
            on, QuotaEntry("Fem timmar", QuotaPeriod.WEEK, 5), [place.resource], by=by, expected_version=on.version
        ),
        "quota.edited", quota, lambda _place, on: on,
    ),
    "quota ended": Act(of_ready(rule_service.end_quota), "quota.ended", quota, lambda _place, on: on),
    "qualifications": Act(
        lambda place, on, by: versioned(rule_service.require_qualifications, [on])(place, on, by),
        "resource.qualifications_set", course,
    ),
    "grant": Act(
        lambda place, on, by: rule_service.grant_qualification(
            on, make_user(), site=place.site, valid_from=clock.today(), valid_until=None, by=by
        ),
        "qualification.granted", course, lambda _place, on: on,
    ),
    "withdraw": Act(
        lambda place, on, by: rule_service.withdraw_qualification(
            on, site=place.site, by=by, expected_version=on.version
        ),
        "qualification.withdrawn", held, lambda _place, on: on.qualification,
    ),
    "black out": Act(lambda place, _on, by: blackout_service.black_out(
        place.resource, between(8, 12), reason="Underhåll", by=by
    ), "resource.blacked_out"),
    "lift": Act(of_ready(blackout_service.lift), "resource.blackout_lifted", blocked),
    "follow": Act(lambda place, _on, by: outside_service.follow(
        place.resource, name="Hamnen", url=URL, by=by
    ), "outside_calendar.followed"),
    "stop": Act(
        of_ready(outside_service.stop), "outside_calendar.stopped",
        lambda place: outside_service.follow(place.resource, name="Hamnen", url=URL, by=SYSTEM),
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", ACTS)
def test_a_change_is_refused_to_those_who_do_not_look_after_the_place(session: Session, name: str) -> None:
    place, act = Place(), ACTS[name]
    on = act.ready(place)

    for who in REFUSED:
        with pytest.raises(NotAllowed):
            act.do(place, on, place.people[who])


@pytest.mark.parametrize("who", WHO_MAY)
@pytest.mark.parametrize("name", ACTS)
def test_a_change_stands_in_the_history_with_who_made_it(session: Session, name: str, who: str) -> None:
    place, act = Place(), ACTS[name]
    on, by = act.ready(place), place.people[who]

    act.do(place, on, by)

    newest = audit.history_of([act.subject(place, on)])[0]
    assert (newest.action, newest.actor_id, newest.actor_role) == (act.action, by.audit_id, WHO_MAY[who])
