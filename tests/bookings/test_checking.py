"""The rules of a resource, read from the database, refuse a request on every path with the same codes."""

from dataclasses import fields
from datetime import time, timedelta

import pytest

from missions_app import clock
from missions_app.accounts.actor import SYSTEM, site_scope
from missions_app.audit import queries as audit
from missions_app.bookings import approval_service, change_service, checking, consents
from missions_app.bookings.errors import AlreadyAgreed, Incomplete, NothingBookable
from missions_app.bookings.models import LineState
from missions_app.errors import NotFound
from missions_app.sites import policy, resource_service, rule_service
from missions_app.sites.catalogue_service import UNIT_FIELDS, ResourceEntry
from missions_app.sites.models import Approval, Bookers, SiteStatus
from missions_app.sites.rule_models import QuotaPeriod
from missions_app.sites.rule_service import QualificationEntry, QuotaEntry
from tests.factories.accounts import actor_of, grant_role, make_secretariat, make_user
from tests.factories.bookings import between, make_booking
from tests.factories.organisations import make_member, make_organisation
from tests.factories.outbox import all_mail
from tests.factories.sites import make_manager, make_resource, make_site


def _codes(error: pytest.ExceptionInfo[Incomplete]) -> list[str]:
    return [one.code for one in error.value.problems]


def test_chosen_organisations_and_the_owner_may_book_and_no_others(session):
    resource, friend = make_resource(bookers=Bookers.CHOSEN), make_organisation()
    rule_service.choose_bookers(resource, [friend], by=SYSTEM, expected_version=resource.version)

    make_booking(resource, use=between(8, 10), organisation=friend)
    make_booking(resource, use=between(10, 12), organisation=resource.site.owner)
    with pytest.raises(Incomplete) as refused:
        make_booking(resource, use=between(12, 14))

    assert _codes(refused) == ["not_among_bookers"]


def test_a_quota_counts_all_its_resources_over_several_owners(session):
    one, other, organisation = make_resource(), make_resource(), make_organisation()
    quota = rule_service.add_quota(QuotaEntry("Tio timmar", QuotaPeriod.YEAR, 10), [one, other], by=SYSTEM)
    make_booking(one, use=between(8, 12), organisation=organisation)
    make_booking(other, use=between(8, 12), organisation=organisation)

    with pytest.raises(Incomplete) as refused:
        make_booking(one, use=between(12, 15), organisation=organisation)

    assert _codes(refused) == ["over_quota"]
    assert quota.owner_id is None
    make_booking(one, use=between(12, 15))  # another organisation has its own ten


def test_moving_a_booking_does_not_count_it_twice(session):
    resource, organisation = make_resource(), make_organisation()
    rule_service.add_quota(QuotaEntry("Fyra timmar", QuotaPeriod.YEAR, 4), [resource], by=SYSTEM)
    user = make_member(organisation)
    line = make_booking(resource, use=between(8, 12), organisation=organisation, user=user).lines[0]

    change_service.change_time(line, between(10, 14), by=actor_of(user), expected_version=line.version)

    assert line.starts_at == between(10, 14).start


def test_an_ended_quota_limits_nobody(session):
    resource = make_resource()
    quota = rule_service.add_quota(QuotaEntry("En timme", QuotaPeriod.YEAR, 1), [resource], by=SYSTEM)
    rule_service.end_quota(quota, by=SYSTEM, expected_version=quota.version)

    assert make_booking(resource).lines[0].state is LineState.SUBMITTED


def test_a_qualification_has_to_hold_on_the_day_of_use(session):
    resource, organisation = make_resource(), make_organisation()
    user, today = make_member(organisation), clock.today()
    licence = rule_service.add_qualification(resource.site, QualificationEntry("Båtförare"), by=SYSTEM)
    rule_service.require_qualifications(resource, [licence], by=SYSTEM, expected_version=resource.version)
    rule_service.grant_qualification(
        licence, user, site=resource.site, valid_from=today, valid_until=today + timedelta(days=10), by=SYSTEM
    )

    make_booking(resource, use=between(8, 10, days=10), organisation=organisation, user=user)
    with pytest.raises(Incomplete) as late:
        make_booking(resource, use=between(8, 10, days=11), organisation=organisation, user=user)
    with pytest.raises(Incomplete) as other:
        make_booking(resource, use=between(10, 12, days=10))

    assert _codes(late) == ["qualification_ends"]
    assert _codes(other) == ["not_qualified"]


def test_a_withdrawn_qualification_counts_no_more(session):
    resource, organisation = make_resource(), make_organisation()
    user = make_member(organisation)
    licence = rule_service.add_qualification(resource.site, QualificationEntry("Båtförare"), by=SYSTEM)
    rule_service.require_qualifications(resource, [licence], by=SYSTEM, expected_version=resource.version)
    manager = actor_of(make_manager(resource.site))
    held = rule_service.grant_qualification(
        licence, user, site=resource.site, valid_from=clock.today(), valid_until=None, by=manager
    )
    line = make_booking(resource, organisation=organisation, user=user).lines[0]
    assert checking.problems_of(line) == []

    rule_service.withdraw_qualification(held, site=resource.site, by=manager, expected_version=held.version)

    assert [one.code for one in checking.problems_of(line)] == ["not_qualified"]
    assert [one["template"] for one in all_mail() if one["to"] == user.email] == [
        "qualification_granted", "qualification_withdrawn",
    ]  # fmt: skip


def test_dated_exceptions_open_and_close(session):
    resource = make_resource()
    day = between(8, 10).start.astimezone(clock.zone()).date()
    resource_service.set_exception(resource, day, day, [], by=SYSTEM, expected_version=resource.version)
    with pytest.raises(Incomplete) as refused:
        make_booking(resource, use=between(8, 10))

    resource_service.forget_exceptions(resource, day, day, by=SYSTEM, expected_version=resource.version)

    assert _codes(refused) == ["closed"]
    assert make_booking(resource, use=between(8, 10)).lines[0].state is LineState.SUBMITTED


def test_a_request_that_needs_two_managers_waits_for_the_second(session):
    resource = make_resource(approval=Approval.SEVERAL, approvals_needed=2)
    line = make_booking(resource).lines[0]
    first, second = actor_of(make_manager(resource.site)), actor_of(make_manager(resource.site))

    def approve(by):
        approval_service.decide_line(line, LineState.APPROVED, reason="", by=by, expected_version=line.version)

    approve(first)
    assert line.state is LineState.SUBMITTED
    assert [one.user_id for one in consents.consents_of(line)] == [first.user_id]
    with pytest.raises(AlreadyAgreed):
        approve(first)
    approve(second)

    assert line.state is LineState.APPROVED


def test_a_request_holds_its_time_as_long_as_the_owner_says(session):
    with clock.fixed(clock.now()):
        booking = make_booking(make_resource(hold_hours=5))

    assert booking.held_until - booking.submitted_at == timedelta(hours=5)


def test_a_rule_changed_by_its_owner_is_recorded_with_what_it_was(session):
    resource = make_resource()
    before, entry = resource.longest_minutes, _entry_of(resource, longest_minutes=120)

    resource_service.edit_resource(resource, entry, by=SYSTEM, expected_version=resource.version)
    with pytest.raises(Incomplete) as refused:
        make_booking(resource, use=between(8, 12))

    assert _codes(refused) == ["too_long"]
    kept = audit.history_of([resource.site], actions=["resource.edited"])
    assert [one.data["changed"] for one in kept] == [{"longest_minutes": [before, 120]}]


def _entry_of(resource, **values):
    names = [one.name for one in fields(ResourceEntry) if one.name not in UNIT_FIELDS]
    kept = {name: getattr(resource, name) for name in names}
    return ResourceEntry(**(kept | values))


@pytest.mark.parametrize("status", [SiteStatus.CLOSED, SiteStatus.RETIRED, SiteStatus.DRAFT])
def test_nothing_is_booked_at_a_site_that_is_not_open(session, status):
    resource = make_resource()
    line = make_booking(resource, use=between(8, 10)).lines[0]
    resource.site.status = status

    assert [one.code for one in checking.problems_of(line)] == ["not_bookable"]
    with pytest.raises(NothingBookable):
        make_booking(resource, use=between(10, 12))


def test_a_yes_to_a_time_is_none_to_another_that_is_asked_for_before_all_have_agreed(session):
    resource = make_resource(approval=Approval.SEVERAL, approvals_needed=2)
    line = make_booking(resource).lines[0]
    first, second = (actor_of(make_manager(resource.site)) for _one in range(2))

    def approve(by):
        approval_service.decide_line(line, LineState.APPROVED, reason="", by=by, expected_version=line.version)

    approve(first)
    by = actor_of(line.booking.requested_by)
    change_service.change_time(line, between(13, 15), by=by, expected_version=line.version)
    approve(second)
    assert line.state is LineState.SUBMITTED

    approve(first)
    assert line.state is LineState.APPROVED


def test_dates_that_are_otherwise_are_as_they_were_last_said_to_be(session):
    resource = make_resource()
    day = clock.day_of(between(8, 10).start)
    resource_service.set_exception(
        resource, day, day, [(time(8), time(10))], by=SYSTEM, expected_version=resource.version
    )
    resource_service.set_exception(
        resource, day, day, [(time(13), time(15))], by=SYSTEM, expected_version=resource.version
    )

    with pytest.raises(Incomplete) as refused:
        make_booking(resource, use=between(8, 10))
    assert _codes(refused) == ["closed"]
    assert make_booking(resource, use=between(13, 15)).lines[0].state is LineState.SUBMITTED


def test_a_region_wide_quota_is_the_secretariats_and_one_over_two_sites_needs_a_right_to_both(session):
    one, other = make_resource(), make_resource()
    beside = make_resource(make_site(one.site.owner))
    regional, owned = (
        rule_service.add_quota(QuotaEntry("Tio timmar", QuotaPeriod.YEAR, 10), [one, more], by=SYSTEM)
        for more in (other, beside)
    )
    part, all_three = make_manager(one.site), make_user()
    for each in (one, other, beside):
        grant_role(all_three, "site_manager", site_scope(each.site_id))

    may = {
        who: [policy.can_change_quota(actor, quota) for quota in (regional, owned)]
        for who, actor in (
            ("part", actor_of(part)), ("all", actor_of(all_three)), ("secretariat", make_secretariat()),
        )
    }  # fmt: skip
    assert may == {"part": [False, False], "all": [False, True], "secretariat": [True, True]}


def test_an_owner_grants_no_qualification_of_somebody_elses(session):
    resource, other = make_resource(), make_resource()
    theirs = rule_service.add_qualification(other.site, QualificationEntry("Båtförare"), by=SYSTEM)

    with pytest.raises(NotFound):
        rule_service.grant_qualification(
            theirs, make_user(), site=resource.site, valid_from=clock.today(), valid_until=None,
            by=actor_of(make_manager(resource.site)),
        )  # fmt: skip
