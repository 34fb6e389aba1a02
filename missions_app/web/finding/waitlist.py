"""Waiting for time: joining, what one waits for, and what is held."""

from collections.abc import Sequence
from datetime import time, timedelta
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from missions_app import clock
from missions_app.accounts import queries as accounts
from missions_app.bookings import checking, policy, waitlist_queries, waitlist_service
from missions_app.bookings.askers import Asker
from missions_app.bookings.intervals import Interval
from missions_app.bookings.occupancy import Wish
from missions_app.bookings.waiting import Hours, Waiting
from missions_app.bookings.waitlist_checks import LONGEST_WAIT, MOST_WISHES
from missions_app.bookings.waitlist_models import EntryState, OfferState, WaitlistEntry
from missions_app.edge.access import actor, authorise, signed_in
from missions_app.edge.words import sentence
from missions_app.errors import DomainError, NotFound
from missions_app.i18n import _
from missions_app.organisations import queries as organisations
from missions_app.sites import policy as site_policy
from missions_app.sites import queries as sites
from missions_app.sites.models import Resource
from missions_app.web.finding import forms, words
from missions_app.web.finding.blueprint import bp
from missions_app.web.forms import choices, local_moment, show_error

DAY = timedelta(days=1)
LIVE = (EntryState.WAITING, EntryState.OFFERED)


def state_words() -> dict[EntryState, str]:
    """How an entry stands, in words."""
    return {
        EntryState.WAITING: _("Waiting"), EntryState.OFFERED: _("Held for you"), EntryState.BOOKED: _("Booked"),
        EntryState.LEFT: _("You left"), EntryState.LAPSED: _("The offer lapsed"),
        EntryState.SKIPPED: _("Skipped"), EntryState.UNSERVED: _("Nothing became free"),
    }  # fmt: skip


@bp.get("/waitlist")
@signed_in
def show_waitlist() -> ResponseReturnValue:
    """What I wait for, and what is held for me."""
    entries = waitlist_queries.entries_of(actor().user_id or 0)
    managed = [int(key) for key in actor().scopes_of("site_manager", "site")]
    return render_template(
        "finding/show_waitlist.html", current=[one for one in entries if one.state in LIVE],
        past=[one for one in entries if one.state not in LIVE], words=state_words(), again_url=_again_url,
        length_words=forms.length_words, weekdays_in_words=words.weekdays_in_words, hours_in_words=words.hours_in_words,
        open_offer=lambda entry: next((one for one in entry.offers if one.state is OfferState.OPEN), None),
        at_my_sites=waitlist_queries.entries_at(managed) if managed else [],
    )  # fmt: skip


def _wanted() -> list[tuple[Resource, int]]:
    """The resources in the address, as "site/resource", and how many units of each: `units`, in the same order."""
    found, units = [], request.args.getlist("units")
    for number, text in enumerate(request.args.getlist("resource")[:MOST_WISHES]):
        site_slug, _slash, slug = text.partition("/")
        site = sites.get_site(site_slug)
        if not site_policy.can_read_site(actor(), site):
            raise NotFound()
        many = units[number] if number < len(units) else ""
        found.append((sites.get_resource(site, slug), min(max(int(many), 1), 60) if many.isdecimal() else 1))
    if not found:
        raise NotFound()
    return found


def _prefilled() -> dict[str, Any]:
    """What the form says before anybody has written: what the address says, or what one waited for before."""
    today, again = clock.today(), request.args.get("again", type=int)
    if again is not None:
        entry = waitlist_queries.get_entry(again)
        authorise(policy.can_tend_entry, entry)
        return {
            "first": max(clock.day_of(entry.first), today), "last": clock.day_of(entry.last_day),
            "length": entry.length_minutes / 60, "weekdays": [str(day) for day in entry.weekdays],
            "shortest": entry.shortest_minutes / 60 if entry.shortest_minutes < entry.length_minutes else None,
            "earliest_start": entry.earliest_start, "latest_end": entry.latest_end, "purpose": entry.purpose,
            "organisation": entry.organisation.slug,
        }  # fmt: skip
    first = forms.day_of(request.args.get("first"), today)
    hours = request.args.get("hours", type=float)
    return {
        "first": max(first, today), "last": max(forms.day_of(request.args.get("last"), first + 30 * DAY), first),
        "length": hours if hours and 0.5 <= hours <= forms.LONGEST_HOURS else 4,
        "earliest_start": forms.time_of(request.args.get("opens")),
        "latest_end": forms.time_of(request.args.get("closes")), "weekdays": request.args.getlist("weekdays"),
        "organisation": request.args.get("organisation"),
    }  # fmt: skip


def _again_url(entry: WaitlistEntry) -> str:
    """Where one joins again who no longer waits for days that are still to come; empty where there is nothing to wait
    for."""
    if entry.state in (*LIVE, EntryState.BOOKED) or entry.last <= clock.now():
        return ""
    return url_for(
        "finding.join_waitlist", again=entry.id, units=[wish.units for wish in entry.wishes],
        resource=[f"{wish.resource.site.slug}/{wish.resource.slug}" for wish in entry.wishes],
    )  # fmt: skip


@bp.route("/waitlist/new", methods=["GET", "POST"])
@signed_in
def join_waitlist() -> ResponseReturnValue:
    """Wait for one resource, or several together."""
    wishes = _wanted()
    authorise(policy.can_book, wishes[0][0])
    form = forms.WaitForm(**_prefilled())
    form.organisation.choices = [(one.slug, one.name) for one in organisations.organisations_of(actor())]
    form.weekdays.choices = choices((str(number), str(name)) for number, name in enumerate(forms.WEEKDAYS))
    if form.validate_on_submit() and (waiting := _waiting(form)) is not None:
        try:
            entry = waitlist_service.join(
                wishes, waiting, by=actor(), user=accounts.get_user(actor().user_id or 0),
                organisation=organisations.get_organisation(form.organisation.data),
            )  # fmt: skip
        except DomainError as error:
            show_error(form, error)
        else:
            offered = entry.state is EntryState.OFFERED
            flash(
                _("There is a free time already. We hold it for you.") if offered
                else _("You are on the waitlist. We write to you when something becomes free.")
            )  # fmt: skip
            return redirect(url_for("finding.show_waitlist"), 303)
    return render_template(
        "finding/join_waitlist.html", form=form, wishes=wishes, lacking=_lacking(wishes),
        crumbs=[(_("Waitlist"), url_for("finding.show_waitlist"))],
    )  # fmt: skip


def _lacking(wishes: Sequence[tuple[Resource, int]]) -> list[str]:
    """The qualifications that whoever waits does not hold today, in sentences: until they do, nothing is offered."""
    now = clock.now()
    asker = Asker(0, actor().user_id, for_experiment=True, is_booking=False)
    today = Interval(now, now + timedelta(minutes=1))
    found = [each for one, units in wishes for each in checking.problems(Wish(one, today, units), asker)]
    return [sentence(one) for one in found if one.code == "not_qualified"]


def _waiting(form: forms.WaitForm) -> Waiting | None:
    """What was written, in values; None after the field at fault has been told."""
    for field in (form.length, form.shortest):
        if field.data and field.data * 2 % 1:
            field.errors = [*field.errors, _("Write whole or half hours.")]
    if form.length.errors or form.shortest.errors:
        return None
    if form.first.data > form.last.data:
        form.last.errors = [*form.last.errors, _("The last day must not come before the first.")]
        return None
    # A day that no calendar can count on from is told as too late by the service, like any other.
    last = min(form.last.data, clock.today() + 2 * LONGEST_WAIT)
    first = min(form.first.data, last)
    start, end = local_moment(first, time(0)), local_moment(last + DAY, time(0))
    length = timedelta(hours=form.length.data)
    shortest = timedelta(hours=form.shortest.data) if form.shortest.data else None
    return Waiting(
        Interval(start, end), length, shortest, tuple(int(one) for one in form.weekdays.data or ()),
        form.purpose.data or "", Hours(form.earliest_start.data, form.latest_end.data),
    )  # fmt: skip


@bp.route("/waitlist/<int:entry_id>/leave", methods=["GET", "POST"])
@signed_in
def leave_waitlist(entry_id: int) -> ResponseReturnValue:
    """Stop waiting."""
    entry = waitlist_queries.get_entry(entry_id)
    authorise(policy.can_tend_entry, entry)
    form = forms.LeaveForm(version=entry.version)
    if form.validate_on_submit():
        try:
            waitlist_service.leave(entry, by=actor(), expected_version=form.expected_version)
        except DomainError as error:
            show_error(form, error)
        else:
            flash(_("You no longer wait. What was held goes to the next."))
            return redirect(url_for("finding.show_waitlist"), 303)
    names = ", ".join(words.name_of(wish.resource) for wish in entry.wishes)
    return render_template(
        "_form_page.html", form=form, heading=_("Leave the waitlist"), button=_("Leave"), read_first=None,
        has_file=False, crumbs=[(_("Waitlist"), url_for("finding.show_waitlist"))],
        intro=_("You give up your place in the queue for %(resources)s.", resources=names),
    )  # fmt: skip


@bp.get("/waitlist/offers/<int:offer_id>")
@signed_in
def show_offer(offer_id: int) -> ResponseReturnValue:
    """What is held for me, and until when."""
    offer = waitlist_queries.get_offer(offer_id)
    authorise(policy.can_tend_entry, offer.entry)
    use = Interval(offer.starts_at, offer.ends_at)
    is_open = offer.state is OfferState.OPEN and offer.expires_at > clock.now()
    return render_template(
        "finding/show_offer.html", offer=offer, use=use, is_open=is_open,
        is_shorter=use.length < timedelta(minutes=offer.entry.length_minutes),
        crumbs=[(_("Waitlist"), url_for("finding.show_waitlist"))],
        declined=offer.state is OfferState.DECLINED, still_waits=offer.entry.state in LIVE,
        again_url=_again_url(offer.entry),
        request_url=words.request_url(
            ((wish.resource, use, wish.units) for wish in offer.entry.wishes), offer.entry.organisation.slug,
            offer=offer.id,
        ),
    )  # fmt: skip


@bp.post("/waitlist/offers/<int:offer_id>/decline")
@signed_in
def decline_offer(offer_id: int) -> ResponseReturnValue:
    """Let it go to the next and keep waiting."""
    offer = waitlist_queries.get_offer(offer_id)
    authorise(policy.can_tend_entry, offer.entry)
    waitlist_service.decline_offer(offer, by=actor())
    flash(
        _("The time goes to the next. Another one is held for you already.")
        if offer.entry.state is EntryState.OFFERED
        else _("The time goes to the next. You keep waiting for another.")
    )
    return redirect(url_for("finding.show_waitlist"), 303)
