"""A few shapes for the pictures in docs/: boxes, words and arrows, readable on light and dark pages."""

from html import escape

INK, MUTED, LINE, PAPER, PANEL, BOX = "#22313a", "#5a6a73", "#9fb0b8", "#ffffff", "#eef2f4", "#ffffff"
FONT = "Inter, Segoe UI, Helvetica, Arial, sans-serif"


def box(x: float, y: float, width: float, height: float, fill: str = BOX, line: str = LINE) -> str:
    """A rectangle with slightly rounded corners."""
    return f'<rect x="{x:g}" y="{y:g}" width="{width:g}" height="{height:g}" rx="3" fill="{fill}" stroke="{line}"/>'


def words(
    x: float, y: float, text: str, *, size: int = 12, bold: bool = False, muted: bool = False, anchor: str = "start"
) -> str:
    """One line of text; y is its baseline."""
    weight = ' font-weight="600"' if bold else ""
    return (
        f'<text x="{x:g}" y="{y:g}" font-size="{size}" text-anchor="{anchor}"'
        f' fill="{MUTED if muted else INK}"{weight}>{escape(text)}</text>'
    )


def arrow(x1: float, y1: float, x2: float, y2: float) -> str:
    """A line with a head at its end; needs ARROW_HEAD in the picture."""
    return f'<path d="M{x1:g} {y1:g}L{x2:g} {y2:g}" fill="none" stroke="{MUTED}" marker-end="url(#head)"/>'


ARROW_HEAD = (
    '<defs><marker id="head" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto">'
    f'<path d="M0 0L8 4L0 8z" fill="{MUTED}"/></marker></defs>'
)


def picture(width: float, height: float, title: str, description: str, parts: list[str]) -> str:
    """A whole picture with a title and a description for those who cannot see it."""
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:g} {height:g}" width="{width:g}"'
        f' height="{height:g}" role="img" aria-labelledby="title description" font-family="{FONT}">\n'
        f'<title id="title">{escape(title)}</title>\n<desc id="description">{escape(description)}</desc>\n'
        f'{ARROW_HEAD}\n<rect width="100%" height="100%" fill="{PAPER}"/>\n' + "\n".join(parts) + "\n</svg>\n"
    )
