"""Organisations from a spreadsheet."""

from flask import url_for
from flask.typing import ResponseReturnValue

from missions_app.edge.access import actor, authorise, signed_in
from missions_app.i18n import _, ngettext
from missions_app.organisations import import_service, policy
from missions_app.web.import_page import import_page
from missions_app.web.organisations.blueprint import bp


@bp.route("/organisations/import", methods=["GET", "POST"])
@signed_in
def import_organisations() -> ResponseReturnValue:
    """Look at a file first; what was looked at is entered by a second press."""
    authorise(policy.can_add_organisation, None)
    listed = url_for("organisations.list_organisations")
    return import_page(
        lambda rows: import_service.plan_import(rows, by=actor()),
        lambda rows: import_service.run_import(rows, by=actor()),
        heading=_("Enter organisations from a spreadsheet"), crumbs=[(_("Organisations"), listed)], back=listed,
        names=import_service.COLUMNS,
        columns=_("CSV or XLSX. Row 1 names the columns: name, sector, number, municipality, size, contact."),
        new=lambda number: ngettext("%(num)d organisation is new", "%(num)d organisations are new", number),
        done=lambda number: ngettext("%(num)d organisation entered.", "%(num)d organisations entered.", number),
    )  # fmt: skip
