"""All partnerships in pictures, each with a table that says the same."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import sqrt

from flask import render_template
from flask.typing import ResponseReturnValue

from missions_app.edge.access import public
from missions_app.i18n import _, ngettext
from missions_app.partnerships import follow_up_service, gap_queries, network
from missions_app.partnerships.network import Place, Tie
from missions_app.web.partnerships.blueprint import bp
from missions_app.web.partnerships.funding_words import FUNDING_LEVELS
from missions_app.workflow.method_service import method_in_force

WIDTH, HEIGHT, RADIUS = 1000, 640, 290
# Pictures stay readable: the organisations with most ties; the table has all.
MOST = 24
LONGEST_NAME = 26


@dataclass(frozen=True, slots=True)
class Node:
    """An organisation on the circle: its dot, its name's place and anchor, and how big the dot is."""

    x: float
    y: float
    text_x: float
    anchor: str
    name: str
    size: float
    slug_id: int


@dataclass(frozen=True, slots=True)
class Line:
    """A tie between two dots; the wider, the more missions."""

    x1: float
    y1: float
    x2: float
    y2: float
    width: float


@dataclass(frozen=True, slots=True)
class NetworkPicture:
    """Everything the macro draws."""

    description: str
    nodes: list[Node]
    lines: list[Line]


@bp.get("/partnerships")
@public
def show_pictures() -> ResponseReturnValue:
    """Who works with whom, what is new each year, and what nobody covers."""
    places = gap_queries.places()
    found, names = network.ties(places), {one.organisation_id: one.name for one in places}
    years = network.years(places)
    uncovered, follow_up = gap_queries.uncovered_by_peak(), follow_up_service.by_year()
    return render_template(
        "partnerships/show_pictures.html", picture=network_picture(places, found), ties=found, names=names,
        years=years, uncovered=uncovered, method=method_in_force(),
        most=max((number for _peak, number in uncovered), default=1),
        tallest=max((sum(one.sectors.values()) for one in years), default=1), levels=FUNDING_LEVELS,
        follow_up=follow_up, largest=max((sum(one.values()) for one in follow_up.values()), default=1),
    )  # fmt: skip


def network_picture(places: Sequence[Place], ties: Sequence[Tie]) -> NetworkPicture:
    """The organisations with most ties on a circle, in the order of their names."""
    degree: dict[int, int] = {}
    for tie in ties:
        degree[tie.first] = degree.get(tie.first, 0) + tie.missions
        degree[tie.second] = degree.get(tie.second, 0) + tie.missions
    names = {one.organisation_id: one.name for one in places}
    chosen = set(sorted(names, key=lambda key: (-degree.get(key, 0), key))[:MOST])
    order = [key for key in names if key in chosen]
    nodes = {key: _node(key, names[key], place, len(order), degree) for place, key in enumerate(order)}
    lines = [
        Line(nodes[tie.first].x, nodes[tie.first].y, nodes[tie.second].x, nodes[tie.second].y, min(tie.missions, 6))
        for tie in ties
        if tie.first in nodes and tie.second in nodes
    ]
    return NetworkPicture(_describe(names, ties), list(nodes.values()), lines)


def _node(key: int, name: str, place: int, number: int, degree: Mapping[int, int]) -> Node:
    """The first half stands to the right from top to bottom, the rest to the left from bottom to top; heights are even,
    so that no name stands on another."""
    half = (number + 1) // 2
    right = place < half
    step, count = (place, half) if right else (number - 1 - place, number - half)
    share = (step + 0.5) / count * 2 - 1  # -1 at the top, 1 at the bottom
    x = WIDTH / 2 + (1 if right else -1) * RADIUS * sqrt(1 - share * share)
    y = HEIGHT / 2 + RADIUS * share
    short = name if len(name) <= LONGEST_NAME else f"{name[: LONGEST_NAME - 1]}…"
    size = 5 + min(degree.get(key, 0), 20) / 3
    text_x = x + (size + 7 if right else -size - 7)
    return Node(
        round(x, 1), round(y, 1), round(text_x, 1), "start" if right else "end", short, round(size, 1), key
    )  # fmt: skip


def _describe(names: Mapping[int, str], ties: Sequence[Tie]) -> str:
    text = ngettext("%(num)d organisation has joined.", "%(num)d organisations have joined.", len(names))
    if ties:
        best = ties[0]
        text += " " + _(
            "%(first)s and %(second)s have met most often, in %(number)d missions.", first=names[best.first],
            second=names[best.second], number=best.missions,
        )  # fmt: skip
    return f"{text} {_('The table below says the same.')}"
