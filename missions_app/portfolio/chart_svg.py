"""Line charts and bullets as whole SVG pictures for papers that are printed, with the values that the pages draw: ink
on white, dashes beside colours, and no style sheet."""

from typing import Any
from xml.sax.saxutils import escape

from missions_app.i18n import _
from missions_app.portfolio.charts import Bullet, LineChart

# The ink of the light theme: neutral text, accent, land for the target, signal for events.
INK, ACCENT, TARGET, SIGNAL, FAINT = "#2b3236", "#00506b", "#4b6a2c", "#b4490f", "#c9d0d4"
LONGEST_NAME = 18


def line_svg(chart: LineChart) -> str:
    """A line over time as an SVG of 560 x 240; what it says in words is `chart.description`."""
    parts: list[str] = []
    for y, text in chart.ticks:
        parts += [_path(f"M48 {y}H480", FAINT), _text(42, y + 4, text, anchor="end")]
    parts += [_text(x, 232, text, anchor="middle") for x, text in chart.dates]
    if chart.base is not None:
        y, beside, text = chart.base
        parts += [_path(f"M48 {y}H480", INK, dash="2 4"), _text(486, beside, text)]
    for y, beside, text in chart.targets:
        parts += [_path(f"M48 {y}H480", TARGET, dash="8 5", width=2.0), _text(486, beside, text, fill=TARGET)]
    for x, y, text in chart.events:
        parts += [_path(f"M{x} 12V212", SIGNAL), f'<path d="M{x} 8h11l-3 4 3 4h-11z" fill="{SIGNAL}"/>']
        short = text if len(text) <= LONGEST_NAME else f"{text[: LONGEST_NAME - 1]}…"
        parts.append(_text(x + 14, y, short, fill=SIGNAL))
    parts += [f'<path d="M{x} {y - 6}l6 6l-6 6l-6 -6z" fill="{TARGET}"/>' for x, y, _label in chart.milestones]
    parts += [_text(x, 206, "< 5", anchor="middle") for x in chart.smalls]
    parts += [_text(x, 206, _("missing"), anchor="middle") for x in chart.gaps]
    parts += [_path(path, ACCENT, width=2.5) for path in chart.paths]
    parts += [_dot(x, y, 4.5) for x, y in chart.dots]
    if chart.dots:
        x, y = chart.dots[-1]
        parts.append(_text(x + 9, y + 4, chart.last_text, fill=ACCENT))
    return _svg(560, 240, parts)


def bullet_svg(one: Bullet) -> str:
    """The way from baseline to target as an SVG of 320 x 28; `one.text` says the same in words."""
    first, last = one.bar
    parts = [f'<path d="M{first} 8H{last}V20H{first}z" fill="{FAINT}"/>']
    parts += [_path(f"M{x} 5V23", INK) for x in one.marks]
    parts += [_path(f"M{x} 3V25", TARGET, width=3.0) for x in one.targets]
    if one.now is not None:
        parts += [f'<path d="M{one.base} 11H{one.now}V17H{one.base}z" fill="{ACCENT}"/>', _dot(one.now, 14, 5)]
    return _svg(320, 28, parts)


def _svg(width: int, height: int, parts: list[str]) -> str:
    box = f'xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}"'
    return f'<svg {box} font-size="13">{"".join(parts)}</svg>'


def _path(places: str, stroke: str, *, width: float = 1.0, dash: str = "") -> str:
    dashes = f' stroke-dasharray="{dash}"' if dash else ""
    return f'<path d="{places}" fill="none" stroke="{stroke}" stroke-width="{width}"{dashes}/>'


def _dot(x: float, y: float, radius: float) -> str:
    return f'<circle cx="{x}" cy="{y}" r="{radius}" fill="{ACCENT}"/>'


def _text(x: float, y: float, text: Any, *, anchor: str = "start", fill: str = INK) -> str:
    return f'<text x="{x}" y="{y}" text-anchor="{anchor}" fill="{fill}">{escape(str(text))}</text>'
