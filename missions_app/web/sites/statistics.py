"""How the sites are used, as pictures with their figures."""

from dataclasses import dataclass

from flask import render_template, url_for
from flask.typing import ResponseReturnValue

from missions_app import clock
from missions_app.bookings.use_figures import Use, use_of_all, use_of_sites
from missions_app.edge.access import authorise, public
from missions_app.i18n import _
from missions_app.sites import policy, queries
from missions_app.web.filters import number
from missions_app.web.sites.blueprint import bp
from missions_app.web.sites.sites import crumbs_of

LEFT, RIGHT, TOP, BOTTOM = 48, 548, 16, 196


@dataclass(frozen=True, slots=True)
class Bars:
    """Two bars a month in a picture of 560 x 240: (x, y, width, height) of planned and of used, and what is beside."""

    description: str
    planned: list[tuple[float, float, float, float]]
    used: list[tuple[float, float, float, float]]
    ticks: list[tuple[float, str]]
    names: list[tuple[float, str]]


def bars_of(use: Use) -> Bars | None:
    """The picture of some months of use; None when nothing was planned."""
    most = max([*(one.planned_hours for one in use.months), *(one.used_hours for one in use.months)], default=0)
    if most <= 0:
        return None
    step = (RIGHT - LEFT) / len(use.months)
    width = round(step / 3, 1)

    def bar(index: int, hours: float, shift: float) -> tuple[float, float, float, float]:
        height = round((BOTTOM - TOP) * hours / most, 1)
        return (round(LEFT + index * step + shift, 1), round(BOTTOM - height, 1), width, height)

    return Bars(
        description=_(
            "Planned and used hours in each of twelve months: %(planned)s hours planned, %(used)s used.",
            planned=number(use.planned_hours, 0), used=number(use.used_hours, 0),
        ),
        planned=[bar(index, one.planned_hours, step * 0.12) for index, one in enumerate(use.months)],
        used=[bar(index, one.used_hours, step * 0.12 + width) for index, one in enumerate(use.months)],
        ticks=[(round(BOTTOM - (BOTTOM - TOP) * part, 1), number(most * part, 0)) for part in (0, 0.5, 1)],
        names=[
            (round(LEFT + (index + 0.5) * step, 1), f"{one.first:%m}") for index, one in enumerate(use.months)
        ],
    )  # fmt: skip


@bp.get("/sites/<slug>/statistics")
@public
def show_statistics(slug: str) -> ResponseReturnValue:
    """How a site is used."""
    site = queries.get_site(slug)
    authorise(policy.can_read_site, site)
    use = use_of_sites([site], clock.today())[site.id]
    return render_template(
        "sites/show_statistics.html", site=site, use=use, bars=bars_of(use), rows=[], crumbs=crumbs_of(site),
        heading=_("How the site is used"),
    )  # fmt: skip


@bp.get("/sites/statistics")
@public
def show_region() -> ResponseReturnValue:
    """How all the sites are used, together and each."""
    sites = queries.in_catalogue()
    use, each = use_of_all(sites, clock.today()), use_of_sites(sites, clock.today())
    return render_template(
        "sites/show_statistics.html", site=None, use=use, bars=bars_of(use), heading=_("How the sites are used"),
        rows=[(one, each[one.id]) for one in sites], crumbs=[(_("Sites"), url_for("sites.list_sites"))],
    )  # fmt: skip
