"""Tables that become cards on phones: each cell names its column, and each part says its role, because a part that is
no longer laid out as a table is no longer read as one."""

import re
from collections.abc import Sequence

from markupsafe import Markup

HEAD = re.compile(r"<thead\b.*?</thead>", re.DOTALL)
TITLE = re.compile(r"<th\b[^>]*>(.*?)</th>", re.DOTALL)
TAG = re.compile(r"<[^>]*>")
PART = re.compile(r"<(thead|tbody|tr|th|td)\b([^>]*)>")
SPAN = re.compile(r'\bcolspan="(\d+)"')
ROLES = {"thead": "rowgroup", "tbody": "rowgroup", "tr": "row", "th": "columnheader", "td": "cell"}


class _Namer:
    """Gives each opening tag of a table its role, and each cell the title of the column that it stands in."""

    def __init__(self, titles: Sequence[str]) -> None:
        self.titles = titles
        self.column = 0

    def __call__(self, part: re.Match[str]) -> str:
        name, attributes = part.groups()
        role = "rowheader" if 'scope="row"' in attributes else ROLES[name]
        title = "".join(self.titles[self.column : self.column + 1]) if name == "td" else ""
        label = f' data-label="{title}"' if title else ""
        if name == "tr":
            self.column = 0
        elif name in ("th", "td"):
            span = SPAN.search(attributes)
            self.column += int(span[1]) if span else 1
        return f'<{name} role="{role}"{label}{attributes}>'


def stacked(parts: Markup) -> Markup:
    """The <thead> and <tbody> of a table with roles, and with the title of its column on every cell but row headers."""
    titles = [_words(title) for title in _titles(parts)]
    return Markup(PART.sub(_Namer(titles), parts))  # noqa: S704 -- it was markup before


def columns(parts: Markup) -> int:
    """How many columns the head of a table has."""
    return len(_titles(parts))


def _titles(parts: Markup) -> list[str]:
    head = HEAD.search(parts)
    return TITLE.findall(head[0]) if head else []


def _words(title: str) -> str:
    """What a column's title says, without the marks in it, fit to stand in an attribute."""
    return " ".join(TAG.sub("", title).split()).replace('"', "&#34;")
