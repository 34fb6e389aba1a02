"""The partnership as a picture, sectors down and roles across, as plain values for the SVG macro. Pure layout."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from missions_app.i18n import _, current_locale, list_of
from missions_app.partnerships.models import Partner, PartnerState
from missions_app.workflow.method import Method
from missions_app.workflow.method_parts import PartnerRole, Term

LEFT, COLUMN, TOP, BOX, GAP, LEAST_ROW = 150, 140, 44, 33, 3, 76
# Letters that fit in a box, and above a column.
NAME_FITS, HEAD_FITS = 17, 15
SHOWN = 4


@dataclass(frozen=True, slots=True)
class Box:
    """A partner in a cell: where, what it is called, and whether it has promised or only is interested."""

    x: int
    y: int
    height: int
    name: str
    value: str
    soft: bool


@dataclass(frozen=True, slots=True)
class Picture:
    """Everything the macro draws. heads and rows are (x or y, lines of text); holes are the x of empty columns."""

    width: int
    height: int
    description: str
    heads: list[tuple[int, list[str]]]
    rows: list[tuple[int, int, str]]
    cells: list[tuple[int, int, int]]
    boxes: list[Box]
    holes: list[int]


def picture_of(partners: Sequence[Partner], method: Method, values: Mapping[int, str]) -> Picture:
    """The picture of those in a partnership (left ones excluded by the caller).

    Args:
        values: partner id -> what it brings, in a few words.
    """
    held = {role for one in partners for role in one.roles}
    roles = [one for one in method.partner_role if one.required or one.id in held]
    boxes: list[Box] = []
    rows: list[tuple[int, int, str]] = []
    y = TOP
    for sector in method.sector:
        inside = [one for one in partners if one.organisation.sector == sector.id]
        stacks = {role.id: [one for one in inside if role.id in one.roles] for role in roles}
        tallest = max((min(len(stack), SHOWN) for stack in stacks.values()), default=0)
        height = max(LEAST_ROW, tallest * (BOX + GAP) + 2 * GAP)
        rows.append((y, height, _label(sector)))
        for place, role in enumerate(roles):
            boxes += _stack(LEFT + place * COLUMN + 6, y + 6, height - 12, stacks[role.id], values)
        y += height
    empty = [one for one in roles if one.required and one.id not in held]
    return Picture(
        width=LEFT + COLUMN * len(roles) + 10, height=y + 2, description=_describe(partners, method, empty),
        heads=[(LEFT + place * COLUMN + 8, _lines(_label(role))) for place, role in enumerate(roles)],
        rows=rows, boxes=boxes,
        cells=[(LEFT + place * COLUMN, top, height) for top, height, _name in rows for place in range(len(roles))],
        holes=[LEFT + roles.index(role) * COLUMN for role in empty],
    )  # fmt: skip


def _stack(x: int, y: int, height: int, stack: Sequence[Partner], values: Mapping[int, str]) -> list[Box]:
    if not stack:
        return []
    if len(stack) == 1:
        return [_box(x, y, height, stack[0], values.get(stack[0].id, ""))]
    shown = stack if len(stack) <= SHOWN else stack[: SHOWN - 1]
    boxes = [_box(x, y + place * (BOX + GAP), BOX, one, "") for place, one in enumerate(shown)]
    if len(stack) > len(shown):
        more = _("and %(num)d more", num=len(stack) - len(shown))
        boxes.append(Box(x, y + len(shown) * (BOX + GAP), BOX, more, "", False))
    return boxes


def _box(x: int, y: int, height: int, one: Partner, value: str) -> Box:
    soft = one.state is not PartnerState.COMMITTED
    return Box(x, y, height, _short(one.organisation.name, NAME_FITS), _short(value, NAME_FITS), soft)


def _describe(partners: Sequence[Partner], method: Method, empty: Sequence[PartnerRole]) -> str:
    present = {one.organisation.sector for one in partners if one.state is PartnerState.COMMITTED}
    filled = [_label(one) for one in method.sector if one.id in present]
    missing = [_label(one) for one in method.sector if one.id not in present]
    parts = [_("Sectors against roles.")]
    parts += [_("Sectors that have joined: %(names)s.", names=list_of(filled))] if filled else []
    parts += [_("Sectors without a partner: %(names)s.", names=list_of(missing))] if missing else []
    parts += [_("Roles that nobody holds: %(names)s.", names=list_of(_label(one) for one in empty))] if empty else []
    return " ".join([*parts, _("The table below says the same.")])


def _label(term: Term) -> str:
    return term.label.in_(current_locale())


def _short(text: str, most: int) -> str:
    plain = text.replace(" (exempel)", "")
    return plain if len(plain) <= most else f"{plain[: most - 1].rstrip()}…"


def _lines(text: str) -> list[str]:
    """A heading on at most two lines; the rest is cut."""
    lines = [""]
    for word in text.split():
        if lines[-1] and len(lines[-1]) + 1 + len(word) > HEAD_FITS:
            lines.append(word)
        else:
            lines[-1] = f"{lines[-1]} {word}".strip()
    if len(lines) > 2:
        lines = [lines[0], f"{lines[1]} …"]
    return [_short(line, HEAD_FITS + 4) for line in lines]
