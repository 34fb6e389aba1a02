"""The start page: what this is, and whether there is something for the reader."""

from flask import Blueprint, render_template, url_for
from flask.typing import ResponseReturnValue

from missions_app import clock
from missions_app.accounts.actor import ANONYMOUS
from missions_app.edge.access import public
from missions_app.i18n import _
from missions_app.portfolio.front import front_of
from missions_app.web.challenges.words import shown_text, title_of
from missions_app.web.start.coast import coast
from missions_app.workflow.method_service import method_in_force

bp = Blueprint("start", __name__)
Way = tuple[str, str, list[tuple[str, str]]]


def _links(*links: tuple[str, str]) -> list[tuple[str, str]]:
    return [(label, url_for(endpoint)) for label, endpoint in links]


def _ways() -> list[Way]:
    return [
        (
            _("Municipality"),
            _("Propose a challenge, and see all the time where it stands."),
            _links(
                (_("Propose a challenge"), "challenges.start_challenge"),
                (_("See what others have proposed"), "challenges.list_challenges"),
            ),
        ),
        (
            _("Company or association"),
            _("Find needs that fit what you can do. You see what becomes public before you write."),
            _links(
                (_("See what is missing"), "partnerships.list_needs"),
                (_("What becomes public"), "about.what_becomes_public"),
            ),
        ),
        (
            _("Researcher"),
            _("Look for sites by depth, data and readiness. Book with permits and lead times in view."),
            _links((_("Find time"), "finding.find_time"), (_("Browse sites"), "sites.list_sites")),
        ),
        (
            _("Residents and others"),
            _("See what is tested near you and what came out of it."),
            _links((_("Missions"), "missions.list_missions"), (_("Read about the method"), "workflow.show_method")),
        ),
    ]


@bp.get("/")
@public
def show_start() -> ResponseReturnValue:
    """Four ways in, the themes, what is open, how it works, and what came out last."""
    method = method_in_force()
    return render_template(
        "start/show_start.html", method=method, coast=coast(), ways=_ways(), front=front_of(method), title_of=title_of,
        in_short=lambda one: shown_text(one, "problem", ANONYMOUS), today=clock.today(),
    )  # fmt: skip
