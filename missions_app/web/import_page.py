"""One page for a table from a spreadsheet: the fate of every row first, the entering by a second press."""

from collections.abc import Callable, Sequence
from typing import Any

from flask import flash, redirect, render_template
from flask.typing import ResponseReturnValue
from wtforms import FileField, HiddenField

from missions_app.edge import spreadsheet
from missions_app.errors import DomainError
from missions_app.i18n import lazy
from missions_app.organisations.import_service import NEW
from missions_app.web.form_page import Crumbs
from missions_app.web.forms import Form, show_error

Rows = Sequence[dict[str, str]]


class ImportForm(Form):
    """A file, or the table of a file that was looked at."""

    file = FileField(lazy("Spreadsheet"))
    table = HiddenField()


def import_page(
    plan: Callable[[Rows], Sequence[Any]], run: Callable[[Rows], Sequence[Any]], *, heading: str, crumbs: Crumbs,
    columns: str, new: Callable[[int], str], done: Callable[[int], str], back: str,
) -> ResponseReturnValue:  # fmt: skip
    """Look at a file first; what was looked at is entered by a second press.

    Args:
        plan: the fates of the rows. run: enters those that are new, and gives them. columns: which columns there are.
        new, done: how many would be entered, and were, in words. back: where one comes to afterwards.
    """
    form, fates, table = ImportForm(), list[Any](), ""
    if form.validate_on_submit():
        try:
            if form.table.data:
                made = run(spreadsheet.read_table(form.table.data.encode()))
                flash(done(len(made)))
                return redirect(back, 303)
            sent = form.file.data
            rows = spreadsheet.read_table(sent.read() if sent else b"")
            fates, table = list(plan(rows)), _as_table(rows)
        except DomainError as error:
            show_error(form, error)
    number = sum(1 for one in fates if one.outcome == NEW)
    return render_template(
        "_import_page.html", form=form, fates=fates, table=table, number=number, heading=heading, crumbs=list(crumbs),
        columns=columns, new=new(number), back=back,
    )  # fmt: skip


def _as_table(rows: Rows) -> str:
    """The rows as they were looked at, to be sent again unchanged."""
    head = list(dict.fromkeys(name for row in rows for name in row))
    return spreadsheet.to_csv(head, [[row.get(name, "") for name in head] for row in rows]).decode("utf-8-sig")
