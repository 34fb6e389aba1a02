"""Finding time, the earliest realistic date, the waitlist, and what was asked for in vain."""

from dataclasses import replace
from datetime import datetime, time, timedelta
from typing import Any

import marshmallow as ma
from marshmallow import fields, validate

from missions_app import clock
from missions_app.accounts import queries as accounts
from missions_app.accounts.policy import is_secretariat
from missions_app.api.base import ApiBlueprint, Filters, Input, Moment, created, existing
from missions_app.api.finding_shapes import EarliestOut, FoundOut
from missions_app.api.schemas import Day, LocalTime
from missions_app.api.shapes import output_of
from missions_app.api.sites import readable_site, units_field
from missions_app.bookings import demand_queries, finding_service, permits, policy, waitlist_queries, waitlist_service
from missions_app.bookings.demand_models import DemandKind, UnmetDemand
from missions_app.bookings.errors import Incomplete
from missions_app.bookings.finding import EVERY_DAY, Search
from missions_app.bookings.intervals import Interval
from missions_app.bookings.needs import Need, need_typed
from missions_app.bookings.waiting import Hours, Waiting
from missions_app.bookings.waitlist_models import WaitlistEntry, WaitlistOffer, WaitlistWish
from missions_app.edge.access import actor, authorise, public, signed_in
from missions_app.errors import InvalidInput, NotAllowed, Problem
from missions_app.i18n import N_
from missions_app.organisations import queries as organisations
from missions_app.organisations.places import municipality_names
from missions_app.sites import queries as sites
from missions_app.workflow.method_service import method_in_force

bp = ApiBlueprint("finding", "Times when everything that is needed can be had, and waiting for them")
ENTRY = "/waitlist/<int:entry_id>"
OFFER = "/waitlist/offers/<int:offer_id>"
MOST_DAYS = 366
OF_BODY = {"length": "minutes", "shortest": "shortest_minutes", "resource": "wishes", "units": "wishes"}


class FindFilters(Filters):
    """What is needed. Repeat `need` for a bundle: words such as "båt för 4 personer", or site/resource for exactly one.
    Conditions on the site are about the first."""

    need = fields.List(fields.String(validate=validate.Length(max=200)), load_default=list)
    minutes = fields.Integer(
        load_default=360, validate=validate.OneOf(range(30, 20161), error=N_("Use minutes from 30 to 20160."))
    )
    since = Day(load_default=None, allow_none=True)
    days = fields.Integer(
        load_default=90,
        validate=validate.OneOf(range(1, MOST_DAYS + 1), error=N_("Use a number of days from 1 to 366.")),
    )
    weekday = fields.List(
        fields.Integer(validate=validate.OneOf(range(7), error=N_("Use weekdays from 0 (Monday) to 6."))),
        load_default=list,
    )
    opens = LocalTime(load_default=time(6))
    closes = LocalTime(load_default=time(20), metadata={"description": "00:00 is the midnight that ends the day"})
    municipality = fields.List(fields.String(), load_default=list)
    kind = fields.String(load_default="")
    theme = fields.String(load_default="")
    trl = fields.Integer(
        load_default=None, allow_none=True, validate=validate.OneOf(range(1, 10), error=N_("Use a number from 1 to 9."))
    )
    answer = fields.List(
        fields.String(), load_default=list, metadata={"description": "Permit questions answered with yes"}
    )
    organisation = fields.String(
        load_default="",
        metadata={"description": "For which of your organisations: its quotas count. Left out, the first by name"},
    )
    most = fields.Integer(load_default=4, validate=validate.OneOf(range(1, 51), error=N_("Use a number from 1 to 50.")))

    @ma.validates_schema
    def in_order(self, data: dict[str, Any], **_options: Any) -> None:
        """Opens before it closes; no day beyond what a calendar holds."""
        if Hours(data["opens"], data["closes"]).are_turned():
            raise ma.ValidationError(N_("The time must end after it begins."), "closes")
        if data["since"] and data["since"] > clock.today() + timedelta(days=3650):
            raise ma.ValidationError(N_("Choose a day within ten years."), "since")


class EarliestFilters(Filters):
    """Which permit questions are answered with yes, and at which site, if one is chosen."""

    answer = fields.List(fields.String(), load_default=list)
    site = fields.String(load_default="")


def _search(asked: dict[str, Any]) -> Search:
    _require_known(asked)
    needs = tuple(need_typed(text) for text in asked["need"][:5]) or (Need(),)
    today = clock.today()
    return Search(
        needs, timedelta(minutes=asked["minutes"]), max(asked["since"] or today, today), asked["days"],
        frozenset(asked["weekday"]) or EVERY_DAY, (asked["opens"], asked["closes"]), frozenset(asked["municipality"]),
        asked["kind"], asked["theme"], asked["trl"],
    )  # fmt: skip


def _require_known(asked: dict[str, Any]) -> None:
    """A misspelt condition would find nothing, and be counted as something that is missing in the region."""
    method = method_in_force()
    known = {
        "kind": {one.id for one in method.site_type}, "theme": {one.id for one in method.theme},
        "municipality": set(municipality_names()),
    }  # fmt: skip
    given = {"kind": {asked["kind"]}, "theme": {asked["theme"]}, "municipality": set(asked["municipality"])}
    problems = [
        Problem("unknown_choice", N_("Choose one of the alternatives."), name)
        for name, values in given.items()
        if values - {""} - known[name]
    ]
    if problems:
        raise InvalidInput.of(problems)


@bp.get("/find-time")
@public
@bp.arguments(FindFilters, location="query")
@bp.response(200, FoundOut)
def find_time(asked: dict[str, Any]) -> Any:
    """Times when everything that is needed can be had together. For a caller who is signed in a suggestion is a time
    that a request of theirs would be granted. A search without hits is counted, without a name."""
    answers = _answers(asked)
    return finding_service.find(
        _search(asked), answers, method_in_force(), most=asked["most"], reader=actor(),
        organisation_id=_organisation_id(asked["organisation"]),
    )  # fmt: skip


def _answers(asked: dict[str, Any]) -> dict[str, bool]:
    """What is true of the test. A question that is not asked would promise a date too early."""
    if {*asked["answer"]} - {one.id for one in method_in_force().permit_question}:
        raise InvalidInput.of([Problem("unknown_choice", N_("Choose one of the alternatives."), "answer")])
    return dict.fromkeys(asked["answer"], True)


def _organisation_id(slug: str) -> int | None:
    """The organisation that the caller searches for: one of their own."""
    if not slug and len(actor().organisations()) < 2:
        return None
    mine = organisations.organisations_of(actor())
    found = next((one for one in mine if slug in ("", one.slug)), None)
    if found is None:
        raise InvalidInput.of([Problem("unknown_choice", N_("Choose one of the alternatives."), "organisation")])
    return found.id


@bp.get("/earliest-date")
@public
@bp.arguments(EarliestFilters, location="query")
@bp.response(200, EarliestOut)
def earliest_date(asked: dict[str, Any]) -> Any:
    """The earliest realistic date by the permits that the answers ask for; those a site holds take no time. `answer`
    names each question that is answered with yes; the questions are listed at `permit-questions`."""
    held = readable_site(asked["site"]).permits_held if asked["site"] else []
    return permits.earliest_at(_answers(asked), method_in_force(), today=clock.today(), permits_held=held)


class WishOut(output_of(WaitlistWish, "units")):
    """A resource that is waited for."""

    site = fields.String(attribute="resource.site.slug")
    resource = fields.String(attribute="resource.slug")


class OfferOut(output_of(WaitlistOffer, "id", "starts_at", "ends_at", "expires_at", "state")):
    """A time of use that is held, or was. It is taken by asking for it as usual."""

    booking = fields.Function(lambda one: one.booking.reference if one.booking else None)


class EntryOut(
    output_of(
        WaitlistEntry, "id", "first", "last", "weekdays", "earliest_start", "latest_end", "length_minutes",
        "shortest_minutes", "purpose", "state", "note", "created_at", "ended_at", "version", name="EntryRow",
    )
):  # fmt: skip
    """A place on the waitlist."""

    organisation = fields.String(attribute="organisation.slug")
    wishes = fields.List(fields.Nested(WishOut))
    offers = fields.List(fields.Nested(OfferOut))


class WishIn(Input):
    """A resource to wait for; how many units of a pool."""

    site = fields.String(required=True)
    resource = fields.String(required=True)
    units = units_field()


class JoinIn(Input):
    """What to wait for: all the resources at the same time, for so long, anywhere between first and last."""

    organisation = fields.String(required=True)
    wishes = fields.List(fields.Nested(WishIn), required=True)
    first = Moment(required=True)
    last = Moment(required=True)
    minutes = fields.Integer(required=True)
    shortest_minutes = fields.Integer(load_default=None, allow_none=True)
    weekdays = fields.List(
        fields.Integer(validate=validate.OneOf(range(7), error=N_("Use weekdays from 0 (Monday) to 6."))),
        load_default=list,
    )
    earliest_start = LocalTime(
        load_default=None, allow_none=True, metadata={"description": "Local time: the use begins no earlier in the day"}
    )
    latest_end = LocalTime(
        load_default=None, allow_none=True, metadata={"description": "Local time: the use ends no later in the day"}
    )
    purpose = fields.String(load_default="")


class DemandFilters(Filters):
    """How it was asked for."""

    kind = fields.String(
        load_default="",
        validate=validate.OneOf(["", *(one.value for one in DemandKind)], error=N_("Choose one of the alternatives.")),
    )


class DemandOut(output_of(UnmetDemand, "on_date", "kind", "wish", "times")):
    """A wish that was not met, counted for a day, without a name."""

    site = fields.Function(lambda one: one.resource.site.slug if one.resource else None)
    resource = fields.Function(lambda one: one.resource.slug if one.resource else None)


def _length(minutes: int | None) -> timedelta | None:
    return timedelta(minutes=max(-1, min(minutes, 60 * 24 * 400))) if minutes is not None else None


def _within(body: dict[str, Any]) -> Interval:
    first: datetime = body["first"]
    last: datetime = body["last"]
    if first >= last:
        raise InvalidInput.of([Problem("out_of_order", N_("The time must end after it begins."), "last")])
    return Interval(first, last)


@bp.get("/waitlist")
@signed_in
@bp.response(200, EntryOut(many=True))
def list_waitlist() -> Any:
    """What the caller waits for and has waited for, the newest first."""
    return waitlist_queries.entries_of(actor().user_id or 0)


@bp.post("/waitlist")
@signed_in
@bp.arguments(JoinIn)
@bp.response(201, EntryOut)
def join_waitlist(body: dict[str, Any]) -> Any:
    """Wait. What is free already is held at once: see `offers`."""
    wishes = []
    for number, one in enumerate(body["wishes"]):
        site = existing(f"wishes.{number}.site", readable_site, one["site"])
        resource = existing(f"wishes.{number}.resource", sites.get_resource, site, one["resource"])
        wishes.append((resource, one["units"]))
    length = _length(body["minutes"]) or timedelta(0)
    waiting = Waiting(
        _within(body), length, _length(body["shortest_minutes"]), tuple(sorted(set(body["weekdays"]))), body["purpose"],
        Hours(body["earliest_start"], body["latest_end"]),
    )  # fmt: skip
    try:
        entry = waitlist_service.join(
            wishes, waiting, by=actor(), user=accounts.get_user(actor().user_id or 0),
            organisation=existing("organisation", organisations.get_organisation, body["organisation"]),
        )  # fmt: skip
    except Incomplete as error:
        # As the fields are called here.
        raise Incomplete.of(
            replace(one, field=OF_BODY.get(one.field or "", one.field)) for one in error.problems
        ) from error
    return created(entry, "finding.show_entry", entry_id=entry.id)


def _own(entry_id: int) -> WaitlistEntry:
    entry = waitlist_queries.get_entry(entry_id)
    authorise(policy.can_tend_entry, entry)
    return entry


@bp.get(ENTRY)
@signed_in
@bp.response(200, EntryOut)
def show_entry(entry_id: int) -> WaitlistEntry:
    """A place on the waitlist."""
    return _own(entry_id)


@bp.post(f"{ENTRY}/leave")
@signed_in
@bp.versioned
@bp.response(200, EntryOut)
def leave_waitlist(entry_id: int, expected_version: int) -> WaitlistEntry:
    """Stop waiting; what is held goes to the next."""
    entry = _own(entry_id)
    waitlist_service.leave(entry, by=actor(), expected_version=expected_version)
    return entry


@bp.post(f"{OFFER}/decline")
@signed_in
@bp.response(200, EntryOut)
def decline_offer(offer_id: int) -> WaitlistEntry:
    """Let a time go to the next and keep waiting. It is taken by asking for it: POST /bookings."""
    offer = waitlist_queries.get_offer(offer_id)
    authorise(policy.can_tend_entry, offer.entry)
    waitlist_service.decline_offer(offer, by=actor())
    return offer.entry


@bp.get("/unmet-demand")
@signed_in
@bp.paged(DemandOut, DemandFilters)
def list_unmet_demand(asked: dict[str, Any]) -> Any:
    """What was asked for in vain: for the secretariat, and for those who manage sites about their own."""
    if not policy.can_read_demand(actor()):
        raise NotAllowed()
    managed = None if is_secretariat(actor()) else [int(key) for key in actor().scopes_of("site_manager", "site")]
    return demand_queries.unmet(managed, kind=asked["kind"])
