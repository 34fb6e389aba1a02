"""Search over references, titles, texts and organisations."""

from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from missions_app.bookings import policy as bookings_policy
from missions_app.bookings import queries as bookings
from missions_app.edge.access import actor, public
from missions_app.edge.paging import page_of
from missions_app.i18n import _
from missions_app.search import queries
from missions_app.search.models import SearchEntry

bp = Blueprint("search", __name__)
LONGEST = 200


def entry_url(entry: SearchEntry) -> str:
    """The address of what was found."""
    endpoint, _dot, argument = entry.endpoint.partition("#")
    values: dict[str, Any] = {argument or "reference": entry.key}
    return url_for(endpoint, **values)


def _kinds() -> dict[str, str]:
    return {
        "challenge": _("Challenge"), "mission": _("Mission"), "experiment": _("Experiment"), "site": _("Site"),
        "organisation": _("Organisation"),
    }  # fmt: skip


@bp.get("/search")
@public
def search() -> ResponseReturnValue:
    """What the reader may see that holds every word. A whole reference leads straight to its page."""
    text = (request.args.get("q") or "").strip()[:LONGEST]
    booking = bookings.find_booking(text.upper())
    if booking is not None and bookings_policy.can_read(actor(), booking):
        return redirect(url_for("bookings.show_booking", reference=booking.reference), 303)
    page = page_of(queries.entries_matching(text, actor()))
    if page.total == 1 and page.rows[0].key.lower() == text.lower():
        return redirect(entry_url(page.rows[0]), 303)
    return render_template(
        "search/search.html", text=text, results=page, entry_url=entry_url, kinds=_kinds(),
        page_url=lambda number: url_for("search.search", q=text, page=number),
    )  # fmt: skip
