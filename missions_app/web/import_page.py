"""One page for a table from a spreadsheet: the fate of every row first, the entering by a second press."""

from collections.abc import Callable, Mapping, Sequence
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
Names = Mapping[str, tuple[str, ...]]


class ImportForm(Form):
    """A file, or the table of a file that was looked at."""

    file = FileField(lazy("Spreadsheet"))
    table = HiddenField()


def import_page(
    plan: Callable[[Rows], Sequence[Any]], run: Callable[[Rows], Sequence[Any]], *, heading: str, crumbs: Crumbs,
    columns: str, names: Names, new: Callable[[int], str], done: Callable[[int], str], back: str,
) -> ResponseReturnValue:  # fmt: skip
    """Look at a file first; what was looked at is entered by a second press.

    Args:
        plan: the fates of the rows. run: enters those that are new, and gives them.
        columns: which columns there are, in words. names: what the column of each field may be called.
        new, done: how many would be entered, and were, in words. back: where one comes to afterwards.
    """
    form, fates, table, head = ImportForm(), list[Any](), "", list[str]()
    if form.validate_on_submit():
        try:
            if form.table.data:
                made = run(spreadsheet.read_table(form.table.data.encode()))
                flash(done(len(made)))
                return redirect(back, 303)
            sent = form.file.data
            rows = spreadsheet.read_table(sent.read() if sent else b"")
            fates, table, head = list(plan(rows)), _as_table(rows), _head(rows)
        except DomainError as error:
            show_error(form, error)
    number = sum(1 for one in fates if one.outcome == NEW)
    return render_template(
        "_import_page.html", form=form, fates=fates, table=table, number=number, heading=heading, crumbs=list(crumbs),
        columns=columns, new=new(number), back=back, unread=_unread(head, names),
        called=lambda field: next((name for name in head if name in names.get(field, ())), field),
    )  # fmt: skip


def _head(rows: Rows) -> list[str]:
    return list(dict.fromkeys(name for row in rows for name in row))


def _unread(head: Sequence[str], names: Names) -> list[str]:
    """The columns of a file that no field takes: what stands there would be lost without a word."""
    known = {name for called in names.values() for name in called}
    return [name for name in head if name and name not in known]


def _as_table(rows: Rows) -> str:
    """The rows as they were looked at, to be sent again unchanged."""
    head = _head(rows)
    return spreadsheet.to_csv(head, [[row.get(name, "") for name in head] for row in rows]).decode("utf-8-sig")
