"""PDFs: asked for, waited for, fetched."""

from io import BytesIO

from flask import redirect, render_template, send_file, url_for
from flask.typing import ResponseReturnValue

from missions_app.documents import print_service
from missions_app.edge.access import actor, signed_in
from missions_app.i18n import current_locale
from missions_app.web.documents.blueprint import bp


@bp.post("/printouts/<kind>/<path:key>")
@signed_in
def ask_printout(kind: str, key: str) -> ResponseReturnValue:
    """Ask for a PDF of a thing as it is now, in the reader's language."""
    printout = print_service.ask(kind, key, locale=current_locale(), by=actor())
    return redirect(url_for("documents.show_printout", printout_id=printout.id), 303)


@bp.get("/printouts/<int:printout_id>")
@signed_in
def show_printout(printout_id: int) -> ResponseReturnValue:
    """Whether the PDF is ready, and the way to it."""
    printout = print_service.get_printout(printout_id, by=actor())
    return render_template("documents/show_printout.html", printout=printout)


@bp.get("/printouts/<int:printout_id>/file")
@signed_in
def download_printout(printout_id: int) -> ResponseReturnValue:
    """The PDF itself."""
    printout = print_service.get_printout(printout_id, by=actor())
    name = f"{printout.kind}-{printout.key.replace('/', '-')}-{printout.locale}.pdf"
    content = BytesIO(print_service.read(printout))
    return send_file(content, mimetype="application/pdf", as_attachment=True, download_name=name)
