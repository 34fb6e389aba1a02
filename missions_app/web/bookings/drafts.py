"""A new draft: for times that were found or chosen, or like an earlier booking."""

from collections.abc import Sequence
from datetime import datetime, time, timedelta

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from missions_app import clock
from missions_app.bookings import booking_service, policy, queries, waitlist_queries
from missions_app.bookings.checking import is_bookable
from missions_app.bookings.content import LineWish, wish_problems
from missions_app.bookings.waitlist_models import OfferState, WaitlistOffer
from missions_app.edge.access import actor, authorise, signed_in
from missions_app.errors import DomainError, InvalidInput
from missions_app.i18n import _
from missions_app.organisations import queries as organisations
from missions_app.sites import queries as sites
from missions_app.web.bookings import forms
from missions_app.web.bookings.blueprint import bp
from missions_app.web.bookings.bookings import crumbs_of, readable
from missions_app.web.bookings.lines import resource_choices, wish
from missions_app.web.forms import show_error


@bp.route("/sites/<slug>/resources/<resource>/request", methods=["GET", "POST"])
@signed_in
def request_booking(slug: str, resource: str) -> ResponseReturnValue:
    """Ask for a time: a request that begins with this."""
    found = sites.get_resource(sites.get_site(slug), resource)
    authorise(policy.can_book, found)
    if not is_bookable(found):
        flash(_("This cannot be booked now."))
        return redirect(url_for("sites.show_site", slug=slug), 303)
    asked = [request.args.get(name, "") for name in ("start", "end", "units")]
    return _start([(f"{slug}/{resource}", *asked)], back=url_for("sites.show_site", slug=slug))


@bp.route("/bookings/new", methods=["GET", "POST"])
@signed_in
def start_booking() -> ResponseReturnValue:
    """Begin a request. `line=site/resource&start=…&end=…&units=…`, repeated, says what it is for, when and how many."""
    return _start(_asked_lines(), offer=_waited_for())


def _start(
    asked: Sequence[tuple[str, ...]], *, back: str = "", offer: WaitlistOffer | None = None
) -> ResponseReturnValue:
    purpose = offer.entry.purpose if offer else ""
    rows = [_row(number, one) for number, one in enumerate(asked)]
    form = forms.StartForm(organisation=request.args.get("organisation"))
    form.organisation.choices = [(one.slug, one.name) for one in organisations.organisations_of(actor())]
    valid = [row.validate() for row in rows] if form.is_submitted() else []
    if form.validate_on_submit() and all(valid):
        uses = [row.interval() for row in rows]
        if all(uses):
            wishes = [wish(row, use) for row, use in zip(rows, uses, strict=True) if use is not None]
            try:
                booking = booking_service.draft_booking(
                    lines=wishes, organisation=organisations.get_organisation(form.organisation.data),
                    content=forms.content_asked(request.args.getlist("answers"), purpose), by=actor(),
                )  # fmt: skip
            except DomainError as error:
                _tell(form, list(zip(rows, wishes, strict=True)), error)
            else:
                return redirect(url_for("bookings.edit_booking", reference=booking.reference), 303)
    form.tell_of(rows)
    is_held = offer is not None and offer.state is OfferState.OPEN and offer.expires_at > clock.now()
    return render_template(
        "bookings/start_booking.html", form=form, rows=rows, back=back,
        held_until=offer.expires_at if offer and is_held else None,
    )  # fmt: skip


def _tell(form: forms.StartForm, lines: Sequence[tuple[forms.LineForm, LineWish]], error: DomainError) -> None:
    """Numbers that no line can have are told at the line they stand in."""
    wrong = [(row, problems) for row, asked in lines if (problems := wish_problems(asked))]
    for row, problems in wrong:
        show_error(row, InvalidInput.of(problems))
    if not wrong:
        show_error(form, error)


def _waited_for() -> WaitlistOffer | None:
    """The offer to whoever waited, by which the time is held for them."""
    offer_id = request.args.get("offer", type=int)
    if offer_id is None:
        return None
    offer = waitlist_queries.get_offer(offer_id)
    authorise(policy.can_tend_entry, offer.entry)
    return offer


def _asked_lines() -> list[tuple[str, ...]]:
    given = [request.args.getlist(name) for name in ("line", "start", "end", "units")]
    most = min(max(len(given[0]), 1), booking_service.MOST_LINES)
    return [tuple(_at(texts, number) for texts in given) for number in range(most)]


def _at(texts: Sequence[str], number: int) -> str:
    return texts[number] if number < len(texts) else ""


def _moment(text: str) -> datetime | None:
    """An instant or a local time as local time; None when it is neither."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    return found.astimezone(clock.zone()) if found.tzinfo else found.replace(tzinfo=clock.zone())


def _row(number: int, asked: tuple[str, ...]) -> forms.LineForm:
    key, start, end, units = asked
    first = _moment(start) or datetime.combine(clock.today() + timedelta(days=7), time(8), clock.zone())
    last = _moment(end) or first + timedelta(hours=4)
    form = forms.LineForm(
        prefix=f"line-{number}-", resource=key, **forms.hours_of(first, last),
        units=min(max(int(units), 1), 60) if units.isdecimal() else 1,
    )  # fmt: skip
    form.resource.choices = resource_choices(chosen=key)
    pooled = {f"{one.site.slug}/{one.slug}" for one in queries.resources_to_choose() if one.pool_id is not None}
    form.asks_how_many = form.resource.data in pooled or (form.units.data or 1) > 1
    return form


@bp.route("/bookings/<reference>/copy", methods=["GET", "POST"])
@signed_in
def copy_booking(reference: str) -> ResponseReturnValue:
    """A new draft like this one, on another day."""
    booking = readable(reference)
    authorise(policy.can_copy, booking)
    first = clock.day_of(min(line.starts_at for line in booking.lines))
    form = forms.CopyForm(day=max(first + timedelta(days=7), clock.today() + timedelta(days=7)))
    if form.validate_on_submit():
        try:
            copy = booking_service.copy_booking(booking, first_start_day_shift=(form.day.data - first).days, by=actor())
        except DomainError as error:
            show_error(form, error)
        else:
            return redirect(url_for("bookings.edit_booking", reference=copy.reference), 303)
    intro = _("A new draft with the same lines and answers. The weather decision and reserve dates are filled in anew.")
    return render_template(
        "_form_page.html", form=form, heading=_("Copy the booking"), crumbs=crumbs_of(booking), button=_("Make a copy"),
        intro=intro, read_first=None, has_file=False,
    )  # fmt: skip
