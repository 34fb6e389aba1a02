"""What a request is for: a resource, a time and how many, line by line."""

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from wtforms.fields.choices import SelectChoice

from missions_app.bookings import booking_service, policy, queries, states
from missions_app.bookings.content import LineWish
from missions_app.bookings.intervals import Interval
from missions_app.bookings.models import Booking, Line
from missions_app.edge.access import actor, authorise, signed_in
from missions_app.errors import DomainError
from missions_app.i18n import _, both
from missions_app.sites import queries as sites
from missions_app.sites.models import Resource
from missions_app.web.bookings import forms
from missions_app.web.bookings.blueprint import bp
from missions_app.web.bookings.bookings import crumbs_of, readable
from missions_app.web.forms import choices, show_error


def writable(reference: str) -> Booking:
    """A booking that the reader may change."""
    booking = readable(reference)
    authorise(policy.can_change, booking)
    return booking


def resource_choices(*, chosen: str | None = None) -> list[SelectChoice]:
    """Everything that takes bookings; its own name first, which a narrow page still has room for. chosen: what the form
    begins with; where that takes no bookings, nothing is chosen, and not the first one."""
    found = choices(
        (
            f"{one.site.slug}/{one.slug}",
            f"{both(one.name_sv, one.name_en)}, {both(one.site.name_sv, one.site.name_en)}",
        )
        for one in queries.resources_to_choose()
    )
    is_there = chosen is None or chosen in [one.value for one in found]
    return found if is_there else [*choices([], empty=_("Choose")), *found]


def _resource_named(key: str) -> Resource:
    slug, _slash, name = key.partition("/")
    return sites.get_resource(sites.get_site(slug), name)


def wish(form: forms.LineForm, use: Interval) -> LineWish:
    """What the form says, as a wish."""
    return LineWish(
        _resource_named(form.resource.data), use, 1 if form.units.data is None else form.units.data,
        form.extra_setup_minutes.data or 0, form.extra_cleanup_minutes.data or 0,
    )  # fmt: skip


@bp.route("/bookings/<reference>/lines/new", methods=["GET", "POST"])
@signed_in
def add_line(reference: str) -> ResponseReturnValue:
    """Something more in the same request, or in place of what was refused."""
    booking = writable(reference)
    replaced = next((line for line in states.gaps(booking.lines) if line.id == request.args.get("for", type=int)), None)
    like = replaced or booking.lines[0]
    form = like_line(like)
    if form.validate_on_submit() and (use := form.interval()) is not None:
        try:
            booking_service.add_line(
                booking, wish(form, use), by=actor(), expected_version=form.expected_version, replaces=replaced
            )
        except DomainError as error:
            show_error(form, error)
        else:
            return redirect(url_for("bookings.edit_booking", reference=reference, _anchor="lines"), 303)
    form.version.data = form.version.data or str(booking.version)
    heading = (
        _("Choose in place of %(name)s", name=both(like.resource.name_sv, like.resource.name_en))
        if replaced
        else _("Add something to book")
    )
    return line_page(booking, form, heading, _("Add"))


def like_line(line: Line) -> forms.LineForm:
    """A form that begins with what a line says."""
    form = forms.LineForm(
        **forms.hours_of(line.starts_at, line.ends_at), units=line.units_wanted,
        resource=f"{line.resource.site.slug}/{line.resource.slug}", version=line.booking.version,
        extra_setup_minutes=line.extra_setup_minutes or None,
        extra_cleanup_minutes=line.extra_cleanup_minutes or None,
    )  # fmt: skip
    form.resource.choices = resource_choices()
    return form


def line_page(booking: Booking, form: forms.LineForm, heading: str, button: str, intro: str = "") -> str:
    """The page on which one line is written."""
    return render_template(
        "bookings/edit_line.html", booking=booking, form=form, heading=heading, button=button, intro=intro,
        crumbs=crumbs_of(booking),
    )  # fmt: skip
