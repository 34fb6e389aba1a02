"""Organisations from a spreadsheet: the fate of every row first, then the entering."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from wtforms import FileField, HiddenField

from missions_app.edge import spreadsheet
from missions_app.edge.access import actor, authorise, signed_in
from missions_app.errors import DomainError
from missions_app.i18n import lazy, ngettext
from missions_app.organisations import import_service, policy
from missions_app.organisations.import_service import Fate
from missions_app.web.forms import Form, show_error
from missions_app.web.organisations.blueprint import bp


class ImportForm(Form):
    """A file, or the table of a file that was looked at."""

    file = FileField(
        lazy("Spreadsheet"),
        description=lazy("CSV or XLSX. Row 1 names the columns: name, sector, number, municipality, size, contact."),
    )
    table = HiddenField()


@bp.route("/organisations/import", methods=["GET", "POST"])
@signed_in
def import_organisations() -> ResponseReturnValue:
    """Look at a file first; what was looked at is entered by a second press."""
    authorise(policy.can_add_organisation, None)
    form, fates, table = ImportForm(), list[Fate](), ""
    if form.validate_on_submit():
        try:
            if form.table.data:
                made = import_service.run_import(spreadsheet.read_table(form.table.data.encode()), by=actor())
                flash(ngettext("%(num)d organisation entered.", "%(num)d organisations entered.", len(made)))
                return redirect(url_for("organisations.list_organisations"), 303)
            sent = form.file.data
            rows = spreadsheet.read_table(sent.read() if sent else b"")
            fates, table = import_service.plan_import(rows, by=actor()), _as_table(rows)
        except DomainError as error:
            show_error(form, error)
    return render_template("organisations/import_organisations.html", form=form, fates=fates, table=table,
                           number=sum(1 for one in fates if one.outcome == import_service.NEW))  # fmt: skip


def _as_table(rows: list[dict[str, str]]) -> str:
    """The rows as they were looked at, to be sent again unchanged."""
    head = list(dict.fromkeys(name for row in rows for name in row))
    return spreadsheet.to_csv(head, [[row.get(name, "") for name in head] for row in rows]).decode("utf-8-sig")
