"""How the sites are used, as pictures with their figures."""

from dataclasses import dataclass

from flask import render_template, url_for
from flask.typing import ResponseReturnValue

from missions_app import clock
from missions_app.accounts.policy import is_secretariat
from missions_app.bookings.use_figures import Use, use_of_all, use_of_sites
from missions_app.edge.access import actor, authorise, public
from missions_app.i18n import _, number
from missions_app.indicators.small_numbers import SMALLEST_SHOWN
from missions_app.scale import even_scale
from missions_app.sites import policy, queries
from missions_app.web.filters import month_short
from missions_app.web.sites.blueprint import bp
from missions_app.web.sites.sites import crumbs_of

LEFT, RIGHT, TOP, BOTTOM = 48, 548, 16, 196


@dataclass(frozen=True, slots=True)
class Bars:
    """Two bars a month in a picture of 560 x 240: (x, y, width, height) of the hollow and of the filled ones, and what
    is beside. What the two are stands in the caption."""

    label: str
    caption: str
    description: str
    hollow: list[tuple[float, float, float, float]]
    filled: list[tuple[float, float, float, float]]
    ticks: list[tuple[float, str]]
    names: list[tuple[float, str]]


def pictures_of(use: Use) -> list[Bars]:
    """The pictures of some months of use: hours, and what did not come about; those that would be empty are left
    out."""
    hours = _bars(
        use, [one.planned_hours for one in use.months], [one.used_hours or 0.0 for one in use.months],
        label=_("Planned and used hours"), caption=_("Hours by month. Hollow: planned. Filled: used."),
        description=_(
            "Planned and used hours in each of twelve months: %(planned)s hours planned, %(used)s used.",
            planned=number(use.planned_hours, 0), used=_told(use.used_hours),
        ),
    )  # fmt: skip
    missed = _bars(
        use, [float(one.unmet) for one in use.months], [float(one.no_shows or 0) for one in use.months],
        label=_("What did not come about"),
        caption=_("Times by month. Hollow: wishes that could not be met. Filled: nobody came."),
        description=_(
            "Wishes that could not be met and bookings to which nobody came in each of twelve months: "
            "%(unmet)s wishes, %(missed)s bookings.",
            unmet=use.unmet, missed=_told(use.no_shows),
        ),
        whole=True,
    )  # fmt: skip
    early = _bars(
        use, [], [one.lead_days or 0.0 for one in use.months], label=_("How early people ask"),
        caption=_("Days before the start by month, as is usual. A month without bookings has no bar."),
        description=_(
            "How many days before the start people usually ask, in each of twelve months: %(days)s days over all.",
            days=number(use.lead_days or 0, 0),
        ),
    )  # fmt: skip
    return [one for one in (hours, missed, early) if one is not None]


def _told(value: float | None) -> str:
    """A figure, or that it is not shown."""
    return _("not shown") if value is None else number(value, 0)


def _bars(use: Use, hollow: list[float], filled: list[float], *, label: str, caption: str,
          description: str, whole: bool = False) -> Bars | None:  # fmt: skip
    most = max([*hollow, *filled], default=0.0)
    if most <= 0:
        return None
    scale = even_scale(0.0, most, whole=whole)
    most = scale[-1]
    step = (RIGHT - LEFT) / len(use.months)
    width = round(step / 3, 1)

    def bar(index: int, hours: float, shift: float) -> tuple[float, float, float, float]:
        height = round((BOTTOM - TOP) * hours / most, 1)
        return (round(LEFT + index * step + shift, 1), round(BOTTOM - height, 1), width, height)

    return Bars(
        label=label, caption=caption, description=description,
        hollow=[bar(index, height, step * 0.12) for index, height in enumerate(hollow)],
        filled=[bar(index, height, step * 0.12 + width) for index, height in enumerate(filled)],
        ticks=[(round(BOTTOM - (BOTTOM - TOP) * value / most, 1), number(value)) for value in scale],
        names=[
            (round(LEFT + (index + 0.5) * step, 1), month_short(one.first)) for index, one in enumerate(use.months)
        ],
    )  # fmt: skip


@bp.get("/sites/<slug>/statistics")
@public
def show_statistics(slug: str) -> ResponseReturnValue:
    """How a site is used."""
    site = queries.get_site(slug)
    authorise(policy.can_read_site, site)
    use = use_of_sites([site], clock.today(), whole=policy.can_edit_site(actor(), site))[site.id]
    return render_template(
        "sites/show_statistics.html", site=site, use=use, pictures=pictures_of(use), rows=[], crumbs=crumbs_of(site),
        least=SMALLEST_SHOWN,
        heading=_("How the site is used"),
    )  # fmt: skip


@bp.get("/sites/statistics")
@public
def show_region() -> ResponseReturnValue:
    """How all the sites are used, together and each."""
    sites = queries.in_catalogue()
    today, whole = clock.today(), is_secretariat(actor())
    use, each = use_of_all(sites, today, whole=whole), use_of_sites(sites, today, whole=whole)
    return render_template(
        "sites/show_statistics.html", site=None, use=use, pictures=pictures_of(use),
        heading=_("How the sites are used"), least=SMALLEST_SHOWN,
        rows=[(one, each[one.id]) for one in sites], crumbs=[(_("Sites"), url_for("sites.list_sites"))],
    )  # fmt: skip
