"""Every rule of a resource bites on every path by which time is taken, changed, answered or used.

The table is rules by paths: a rule is a way to forbid what is about to be done, a path is a way to do it, by a service
or through a door: the API, or a form, which has to show the rule's own sentence. What a path is free of is written down
in FREE and nowhere else.
"""

import re
from collections.abc import Callable
from datetime import timedelta
from html import unescape
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from missions_app import clock
from missions_app.accounts.actor import SYSTEM
from missions_app.accounts.models import User
from missions_app.bookings import (
    approval_service,
    booking_service,
    change_service,
    checking,
    day_service,
    queries,
    series_service,
    waitlist_service,
)
from missions_app.bookings.booking_service import BookingContent
from missions_app.bookings.intervals import Interval
from missions_app.bookings.models import Booking, Line, LineState
from missions_app.bookings.rules import OF_USE
from missions_app.bookings.series_service import Scope
from missions_app.bookings.waiting import Waiting
from missions_app.bookings.waitlist_models import EntryState
from missions_app.edge.words import sentence
from missions_app.errors import DomainError
from missions_app.sites import resource_service, rule_service
from missions_app.sites.models import Bookers
from missions_app.sites.rule_models import QuotaPeriod
from missions_app.sites.rule_service import QualificationEntry, QuotaEntry
from tests.factories.accounts import actor_of, bearer, sign_in
from tests.factories.bookings import SMALL, at, between
from tests.factories.organisations import make_member, make_organisation
from tests.factories.series import INSURED, weekly
from tests.factories.sites import make_manager, make_resource


class Place:
    """A resource, somebody who books four hours of it in ten days, and its manager."""

    def __init__(self, client: FlaskClient) -> None:
        self.client, self.resource, self.organisation = client, make_resource(), make_organisation()
        self.user = make_member(self.organisation)
        self.keeper = make_manager(self.resource.site)
        self.by, self.manager = actor_of(self.user), actor_of(self.keeper)

    def asked(self, act: Callable[..., Booking] = booking_service.request_booking, **more: Any) -> Booking:
        return act(
            resource=self.resource, use=between(8, 12), organisation=self.organisation, by=self.by,
            content=BookingContent(**(SMALL | INSURED | more)),
        )  # fmt: skip

    def approved(self, **more: Any) -> Line:
        line = self.asked(**more).lines[0]
        approval_service.decide_line(
            line, LineState.APPROVED, reason="", by=self.manager, expected_version=line.version
        )
        return line


# Rules. Each forbids four hours from eight, or from one, in ten days and the days after.


def values(**changed: Any) -> Callable[[Place], None]:
    def forbid(place: Place) -> None:
        for name, value in changed.items():
            setattr(place.resource, name, value)

    return forbid


def closed(place: Place) -> None:
    first = clock.today() + timedelta(days=9)
    resource_service.set_exception(
        place.resource, first, first + timedelta(days=30), [], by=SYSTEM, expected_version=place.resource.version
    )


def not_qualified(place: Place) -> Any:
    site = place.resource.site
    needed = rule_service.add_qualification(site, QualificationEntry("Introduktion"), by=SYSTEM)
    rule_service.require_qualifications(place.resource, [needed], by=SYSTEM, expected_version=place.resource.version)
    return needed


def qualification_ends(place: Place) -> None:
    today = clock.today()
    rule_service.grant_qualification(
        not_qualified(place), place.user, site=place.resource.site, valid_from=today - timedelta(days=40),
        valid_until=today - timedelta(days=1), by=SYSTEM,
    )  # fmt: skip


def over_quota(place: Place) -> None:
    rule_service.add_quota(QuotaEntry("En timme", QuotaPeriod.WEEK, 1), [place.resource], by=SYSTEM)


def retired(place: Place) -> None:
    place.resource.retired_at = clock.now()


RULES: dict[str, Callable[[Place], Any]] = {
    "too_short": values(shortest_minutes=600, longest_minutes=6000),
    "too_long": values(longest_minutes=60),
    "off_step": values(step_minutes=600),
    "too_short_notice": values(notice_minutes=60 * 24 * 60),
    "too_far_ahead": values(horizon_days=1),
    "too_many_people": values(most_people=1),
    "closed": closed,
    "not_bookable": retired,
    "not_among_bookers": values(bookers=Bookers.CHOSEN),
    "experiments_only": values(bookers=Bookers.EXPERIMENTS),
    "not_qualified": not_qualified,
    "qualification_ends": qualification_ends,
    "over_quota": over_quota,
}

# Paths. Each gets ready, lets the rule change, and acts; what it raises is the answer.
Forbid = Callable[[], None]


def request(place: Place, forbid: Forbid) -> None:
    forbid()
    place.asked()


def send_draft(place: Place, forbid: Forbid) -> None:
    draft = place.asked(booking_service.draft_booking)
    forbid()
    booking_service.submit_booking(draft, by=place.by, expected_version=draft.version)


class Refused(DomainError):
    """The answer of the API, as an error again."""

    def __init__(self, codes: list[str]) -> None:
        super().__init__()
        self.codes = codes


def times(use: Interval) -> dict[str, str]:
    return {"starts_at": use.start.isoformat(), "ends_at": use.end.isoformat()}


def said(answer: TestResponse) -> None:
    """What the API answers, as an error again."""
    if answer.status_code >= 400:
        assert answer.status_code < 500
        missing = "not_bookable" if answer.status_code == 404 else answer.json["code"]
        raise Refused([missing, *(one["code"] for one in answer.json.get("errors", ()))])


def by_api(place: Place, forbid: Forbid) -> None:
    headers = bearer(place.user)
    forbid()
    said(place.client.post("/api/v1/bookings", headers=headers, json={
        **SMALL, "site": place.resource.site.slug, "resource": place.resource.slug,
        "organisation": place.organisation.slug, **times(between(8, 12)),
    }))  # fmt: skip


def on_line(line: Line, who: User) -> tuple[str, dict[str, str]]:
    """The address of a line in the API, and the head with which somebody changes it."""
    return f"/api/v1/bookings/{line.booking.reference}/lines/{line.id}", bearer(who) | {"If-Match": str(line.version)}


def change_by_api(place: Place, forbid: Forbid) -> None:
    url, head = on_line(place.approved(), place.user)
    forbid()
    said(place.client.put(f"{url}/time", headers=head, json=times(between(13, 17))))


def move_by_api(place: Place, forbid: Forbid) -> None:
    url, head = on_line(place.approved(), place.keeper)
    forbid()
    sent = times(between(8, 12, days=11)) | {"reason": "Kuling hela dagen"}
    said(place.client.post(f"{url}/move", headers=head, json=sent))


def approve_by_api(place: Place, forbid: Forbid) -> None:
    url, head = on_line(place.asked().lines[0], place.keeper)
    forbid()
    said(place.client.post(f"{url}/decision", headers=head, json={"state": "approved"}))


def check_in_by_api(place: Place, forbid: Forbid) -> None:
    line = place.approved()
    with clock.fixed(at(8)):
        url, head = on_line(line, place.keeper)
        forbid()
        said(place.client.post(f"{url}/check-in", headers=head, json={"people": 2}))


def shown(answer: TestResponse, line: Line, use: Interval | None = None) -> None:
    """The rules whose own sentences stand in the page that a form came back with."""
    if answer.status_code == 303:
        return
    assert answer.status_code in (200, 403, 404, 409, 422)
    page = unescape(answer.text)
    broken = checking.problems_of(line, use)
    raise Refused([one.code for one in broken if sentence(one) in page])


def by_form(place: Place, forbid: Forbid) -> None:
    """From the link in a calendar, over the form of the request, to sending it."""
    browser = sign_in(place.client, place.user)
    begin = times(between(8, 12))
    what = f"{place.resource.site.slug}/{place.resource.slug}"
    url = f"/bookings/new?line={what}&start={begin['starts_at'][:19]}Z&end={begin['ends_at'][:19]}Z"
    fields = dict(re.findall(r'name="(line-[^"]+)"[^>]*value="([^"]*)"', browser.get(url).text))
    begun = browser.post(url, data=fields | {"line-0-resource": what, "organisation": place.organisation.slug})
    draft = queries.get_booking(str(begun.headers["Location"]).split("/")[2])
    forbid()
    sent = {**SMALL, **INSURED, "version": draft.version, "visibility": "organisation", "next": "submit"}
    shown(browser.post(f"/bookings/{draft.reference}/edit", data=sent), draft.lines[0])


def change_by_form(place: Place, forbid: Forbid) -> None:
    line, use = place.approved(), between(13, 17)
    browser = sign_in(place.client, place.user)
    start, end = (one.astimezone(clock.zone()) for one in (use.start, use.end))
    sent = {
        "version": line.version, "resource": str(line.resource.id), "day": f"{start:%Y-%m-%d}",
        "last_day": f"{end:%Y-%m-%d}", "starts": f"{start:%H.%M}", "ends": f"{end:%H.%M}",
    }  # fmt: skip
    url = f"/bookings/{line.booking.reference}/lines/{line.id}/time"
    chosen = re.search(r'<option[^>]*value="([^"]+)"', browser.get(url).text)
    forbid()
    shown(browser.post(url, data=sent | {"resource": chosen[1] if chosen else ""}), line, use)


def approve_by_form(place: Place, forbid: Forbid) -> None:
    line = place.asked().lines[0]
    browser = sign_in(place.client, place.keeper)
    forbid()
    url = f"/bookings/{line.booking.reference}/lines/{line.id}/decide"
    shown(browser.post(url, data={"version": line.version, "to": "approved"}), line)


def series(place: Place, forbid: Forbid) -> None:
    line = place.asked(booking_service.draft_booking).lines[0]
    forbid()
    series_service.book_series(line, weekly(2, starts=8, ends=12), by=place.by, expected_version=line.booking.version)


def change_series(place: Place, forbid: Forbid) -> None:
    line = place.asked(booking_service.draft_booking).lines[0]
    made = series_service.book_series(
        line, weekly(2, starts=8, ends=12), by=place.by, expected_version=line.booking.version
    )
    forbid()
    hours = {"starts": at(13).astimezone(clock.zone()).time(), "ends": at(17).astimezone(clock.zone()).time()}
    series_service.change_series(made, "", Scope.ALL, by=place.by, expected_version=made.version, **hours)


def change(place: Place, forbid: Forbid) -> None:
    line = place.approved()
    forbid()
    change_service.change_time(line, between(13, 17), by=place.by, expected_version=line.version)


def move(place: Place, forbid: Forbid) -> None:
    line = place.approved()
    forbid()
    change_service.move_line(
        line, between(8, 12, days=11), reason="Kuling hela dagen", by=place.manager, expected_version=line.version
    )


def postpone(place: Place, forbid: Forbid) -> None:
    day = clock.today() + timedelta(days=11)
    booking = place.approved(reserve_dates=(day.isoformat(),)).booking
    forbid()
    change_service.postpone_to_reserve(
        booking, day, reason="Kuling hela dagen", by=place.manager, expected_version=booking.version
    )


def approve(place: Place, forbid: Forbid) -> None:
    line = place.asked().lines[0]
    forbid()
    approval_service.decide_line(line, LineState.APPROVED, reason="", by=place.manager, expected_version=line.version)


def wait(place: Place, forbid: Forbid) -> None:
    forbid()
    entry = waitlist_service.join(
        [(place.resource, 1)], Waiting(between(8, 12), timedelta(hours=4)), organisation=place.organisation,
        by=place.by, user=place.user,
    )  # fmt: skip
    if entry.state is not EntryState.OFFERED:
        # Nothing is offered that whoever waits could not have; why is told when they ask for it.
        place.asked()


def check_in(place: Place, forbid: Forbid) -> None:
    line = place.approved()
    with clock.fixed(at(8)):
        forbid()
        day_service.check_in(line, people=2, by=place.manager, expected_version=line.version)


PATHS: dict[str, Callable[[Place, Forbid], None]] = {
    "request": request, "draft": send_draft, "API": by_api, "series": series, "series changed": change_series,
    "change": change, "move": move, "postpone": postpone, "approve": approve, "waitlist": wait, "check-in": check_in,
    "form": by_form, "form: change": change_by_form, "form: approve": approve_by_form, "API: change": change_by_api,
    "API: move": move_by_api, "API: approve": approve_by_api, "API: check-in": check_in_by_api,
}  # fmt: skip

OF_OWNER = {"too_short_notice", "too_far_ahead"}
FREE: dict[str, set[str]] = {
    # How soon and how far ahead is for those who ask; the owner decides for themselves.
    "move": OF_OWNER, "postpone": OF_OWNER, "approve": OF_OWNER,
    # How many come, and for which experiment, is said when the offer is taken.
    "waitlist": {"too_many_people", "experiments_only"},
    # What was booked stays booked; who uses it, and how many, is tried on the day.
    "check-in": set(RULES) - OF_USE,
}  # fmt: skip
# The length of what waits is refused in other words when one joins, for every resource at once.
SAME = {"length": {"too_short", "too_long"}, "nothing_bookable": {"not_bookable"}}


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("rule", RULES)
def test_a_rule_bites_on_a_path_or_the_path_is_free_of_it(
    session: Session, client: FlaskClient, rule: str, path: str
) -> None:
    place = Place(client)

    def forbid() -> None:
        RULES[rule](place)
        session.commit()

    codes: set[str] = set()
    try:
        PATHS[path](place, forbid)
    except DomainError as error:
        found = error.codes if isinstance(error, Refused) else [error.code, *(one.code for one in error.problems)]
        codes = set(found) | {rule for one in found for rule in SAME.get(one, ())}

    if rule in FREE.get(path.removeprefix("API: ").removeprefix("form: "), set()):
        assert codes == set()
    else:
        assert rule in codes
