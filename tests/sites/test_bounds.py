"""What a resource's rules keep to wherever they are written: one door per rule."""

from datetime import UTC, time, timedelta
from typing import Any

import pytest
from sqlalchemy.orm import Session

from missions_app import clock
from missions_app.accounts.actor import SYSTEM
from missions_app.bookings import unit_service
from missions_app.errors import InvalidInput
from missions_app.sites import catalogue_service, queries, resource_service
from missions_app.sites.catalogue_service import ResourceEntry, resource_problems
from missions_app.sites.rule_service import QualificationEntry, qualification_problems
from tests.factories.sites import make_resource, make_site

TODAY, DAY = clock.today(), timedelta(days=1)


@pytest.mark.parametrize(
    ("wrong", "problem"),
    [
        ({"step_minutes": 4}, ("out_of_range", "step_minutes")),
        ({"shortest_minutes": 14}, ("out_of_range", "shortest_minutes")),
        ({"approvals_needed": 10}, ("out_of_range", "approvals_needed")),
        ({"notice_minutes": -1}, ("out_of_range", "notice_minutes")),
        ({"description_en": "x" * 20_001}, ("too_long", "description_en")),
        ({"units": [str(number) for number in range(61)]}, ("too_many", "units")),
        ({"units": ["Norra"], "pool_size": 2}, ("units_unclear", "units")),
        ({"pool_size": 2, "whole_of": "givare"}, ("units_unclear", "units")),
        ({"shortest_minutes": 60, "longest_minutes": 120, "step_minutes": 180}, ("no_length", "step_minutes")),
        ({"shortest_minutes": 70, "longest_minutes": 80, "step_minutes": 60}, ("no_length", "step_minutes")),
        ({"horizon_days": 0}, ("never_asked", "horizon_days")),
    ],
)
def test_a_rule_of_something_bookable_holds_on_every_way_in(wrong: dict[str, Any], problem: tuple[str, str]) -> None:
    found = resource_problems(ResourceEntry("Hallen", **wrong))
    assert [(one.code, one.field) for one in found] == [problem]


def test_rules_that_let_somebody_book_are_right() -> None:
    for right in ({"shortest_minutes": 45, "longest_minutes": 45, "step_minutes": 45}, {"units": ["A"] * 70}):
        assert resource_problems(ResourceEntry("Hallen", **right)) == []
    for name in ("how_sv", "how_en"):
        [one] = qualification_problems(QualificationEntry("Kranbevis", **{name: "x" * 5001}))
        assert (one.code, one.field) == ("too_long", name)


def test_units_are_named_once_and_names_of_several_fit(session: Session) -> None:
    site = make_site()
    hall = catalogue_service.add_resource(site, ResourceEntry("Hallen", units=[" Norra", "Norra ", " "]), by=SYSTEM)
    pool = catalogue_service.add_resource(site, ResourceEntry("x" * 200, pool_size=12), by=SYSTEM)

    assert [one.name for one in hall.units] == ["Norra"]
    assert {len(one.name) for one in queries.units_of(pool)} == {200}
    assert len({one.name for one in queries.units_of(pool)}) == 12


def test_a_unit_is_the_same_whatever_the_letters(session: Session) -> None:
    site = make_site()
    hall = catalogue_service.add_resource(site, ResourceEntry("Hallen", units=["Norra", "NORRA", "Södra"]), by=SYSTEM)
    bay = catalogue_service.add_resource(site, ResourceEntry("Plats", units=["södra"]), by=SYSTEM)

    assert [one.name for one in hall.units] == ["Norra", "Södra"]
    assert bay.units == [hall.units[1]]
    unit_service.set_units(bay, ["NORRA"], by=SYSTEM, expected_version=bay.version)
    assert bay.units == [hall.units[0]]


def test_something_bookable_is_never_called_like_a_word_of_its_addresses(session: Session) -> None:
    assert catalogue_service.add_resource(make_site(), ResourceEntry("New"), by=SYSTEM).slug == "new-2"


@pytest.mark.parametrize("at", [time(8, 0, 30), time(8, tzinfo=UTC)])
def test_hours_are_whole_minutes_by_the_clock_at_the_place(session: Session, at: time) -> None:
    hall = make_resource()
    with pytest.raises(InvalidInput) as weekly:
        resource_service.set_opening(hall, {0: [(at, time(12))]}, by=SYSTEM, expected_version=hall.version)
    with pytest.raises(InvalidInput) as dated:
        resource_service.set_exception(
            hall, TODAY, TODAY, [(at, time(12))], by=SYSTEM, expected_version=hall.version
        )  # fmt: skip

    assert {one.value.problems[0].code for one in (weekly, dated)} == {"not_minutes"}


def test_dates_that_have_passed_are_not_otherwise(session: Session) -> None:
    hall = make_resource()
    with pytest.raises(InvalidInput) as refused:
        resource_service.set_exception(
            hall, TODAY - 3 * DAY, TODAY - DAY, [], by=SYSTEM, expected_version=hall.version
        )  # fmt: skip
    assert (refused.value.problems[0].code, refused.value.problems[0].field) == ("in_the_past", "last")


def test_a_reason_to_retire_a_site_is_no_longer_than_what_keeps_it(session: Session) -> None:
    site = make_site()
    with pytest.raises(InvalidInput):
        catalogue_service.retire_site(site, reason="x" * 2001, by=SYSTEM, expected_version=site.version)
