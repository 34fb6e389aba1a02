"""The basis of an invoice: for one booking, and for a site over a period; on paper and as CSV."""

import csv
import io
from collections.abc import Sequence
from datetime import date, datetime

from flask import Response, render_template, request, url_for
from flask.typing import ResponseReturnValue
from wtforms.validators import Optional

from missions_app import clock
from missions_app.bookings import policy, statements
from missions_app.bookings.local_days import local_days
from missions_app.bookings.statements import StatementRow
from missions_app.edge.access import actor, authorise, signed_in
from missions_app.errors import NotFound
from missions_app.i18n import _, both, lazy
from missions_app.sites import policy as site_policy
from missions_app.sites import queries as sites
from missions_app.web.bookings.blueprint import bp
from missions_app.web.bookings.bookings import crumbs_of, readable
from missions_app.web.forms import Form, LocalDateField
from missions_app.web.sites.sites import crumbs_of as site_crumbs
from missions_app.workflow.method_service import method_in_force

COLUMNS = (
    "reference", "organisation", "organisation_number", "site", "resource", "starts_at", "ends_at", "state", "hours",
    "per_hour_ore", "units", "price_ore", "fee_ore", "to_pay_ore", "market_ore", "benefit_ore",
)  # fmt: skip


class PeriodForm(Form):
    """The first and the last day of a statement, sent in the address; a day left out is the one it begins with."""

    class Meta(Form.Meta):
        """A question changes nothing, so it needs no token."""

        csrf = False

    since = LocalDateField(lazy("From"), validators=[Optional()])
    until = LocalDateField(lazy("Until and including"), validators=[Optional()])

    def days(self, today: date) -> tuple[date, date]:
        """The first and the last day."""
        last = self.until.data or today
        return self.since.data or min(today.replace(day=1), last), last

    def validate(self, extra_validators: object = None) -> bool:
        """Days in order."""
        fine = bool(super().validate(extra_validators))
        first, last = self.days(clock.today())
        if fine and first > last:
            self.until.errors = [*self.until.errors, _("The first day comes after the last. Change one of them.")]
            return False
        return fine


@bp.get("/bookings/<reference>/statement")
@signed_in
def show_statement(reference: str) -> ResponseReturnValue:
    """What this booking costs and why."""
    booking = readable(reference)
    if not policy.can_read_whole(actor(), booking):
        raise NotFound()
    rows = statements.of_booking(booking)
    if request.args.get("format") == "csv":
        return _csv(rows, booking.reference)
    return render_template(
        "bookings/show_statement.html", rows=rows, heading=_("Statement %(reference)s", reference=booking.reference),
        crumbs=crumbs_of(booking), method=method_in_force(), form=None, is_read=True,
        csv_url=url_for("bookings.show_statement", reference=reference, format="csv"),
    )  # fmt: skip


@bp.get("/sites/<slug>/statement")
@signed_in
def show_site_statement(slug: str) -> ResponseReturnValue:
    """What was used at a site during some days, and what it costs."""
    site = sites.get_site(slug)
    authorise(site_policy.manages, site)
    today = clock.today()
    typed = request.args if {"since", "until"} & set(request.args) else None
    form = PeriodForm(typed, since=today.replace(day=1), until=today)
    is_read = typed is None or form.validate()
    first, last = form.days(today) if is_read else (today, today)
    rows = statements.of_site(site.id, local_days(first, last)) if is_read else []
    if is_read and request.args.get("format") == "csv":
        return _csv(rows, f"{slug}-{first}-{last}")
    name = both(site.name_sv, site.name_en)
    return render_template(
        "bookings/show_statement.html", rows=rows, heading=_("Statement for %(name)s", name=name),
        crumbs=site_crumbs(site), method=method_in_force(), form=form, is_read=is_read,
        csv_url=url_for("bookings.show_site_statement", slug=slug, since=first, until=last, format="csv"),
    )  # fmt: skip


def _csv(rows: Sequence[StatementRow], name: str) -> Response:
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";")
    writer.writerow(COLUMNS)
    for row in rows:
        writer.writerow([_cell(getattr(row, column)) for column in COLUMNS])
    response = Response("\ufeff" + text.getvalue(), mimetype="text/csv")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    return response


def _cell(value: object) -> str:
    if isinstance(value, datetime):
        return value.astimezone(clock.zone()).isoformat()
    text = str(value)
    # A text that begins like a formula would be run by a spreadsheet.
    return f"'{text}" if text[:1] in ("=", "+", "-", "@", "\t") else text
