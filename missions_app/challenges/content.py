"""What a challenge consists of: its fields, who may see them, and its content as plain values. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from math import isfinite
from typing import Any

from missions_app.i18n import N_

Content = dict[str, Any]


class FieldKind(StrEnum):
    """The shape of a field's value: text; date; money in öre; one key; several keys; a number; {field: text}."""

    LINE = "line"
    TEXT = "text"
    DATE = "date"
    MONEY = "money"
    KEY = "key"
    KEYS = "keys"
    NUMBER = "number"
    TEXTS = "texts"


@dataclass(frozen=True, slots=True)
class Field:
    """One field.

    label: the question, a msgid. is_public: shown to everybody once the case is public. is_claimable: the owner may
    ask for it to be kept secret. is_translated: has a version in the other language. vocabulary: the method's list
    that its keys come from. longest: characters, None for no limit.
    """

    name: str
    kind: FieldKind
    label: str
    section: str
    is_public: bool = True
    is_claimable: bool = False
    is_translated: bool = False
    vocabulary: str = ""
    longest: int | None = None


TEXT_LENGTH = 8000

FIELDS: tuple[Field, ...] = (
    Field("title", FieldKind.LINE, N_("Name of the challenge"), "problem", is_translated=True, longest=200),
    Field("problem", FieldKind.TEXT, N_("What does not work today?"), "problem", is_translated=True,
          longest=TEXT_LENGTH),
    Field("affected", FieldKind.TEXT, N_("Who is affected, and who may lose from a change?"), "affected",
          is_claimable=True, is_translated=True, longest=TEXT_LENGTH),
    Field("target_statement", FieldKind.TEXT, N_("What shall be true when you are done?"), "target",
          is_translated=True, longest=TEXT_LENGTH),
    Field("target_date", FieldKind.DATE, N_("The target is reached by"), "target"),
    Field("place", FieldKind.LINE, N_("Place or kind of place"), "place", is_claimable=True, is_translated=True,
          longest=300),
    Field("municipalities", FieldKind.KEYS, N_("Municipalities concerned"), "place"),
    Field("latitude", FieldKind.NUMBER, N_("Latitude"), "place"),
    Field("longitude", FieldKind.NUMBER, N_("Longitude"), "place"),
    Field("radius_km", FieldKind.NUMBER, N_("The area around the point, in kilometres"), "place"),
    Field("theme", FieldKind.KEY, N_("Theme"), "links", vocabulary="theme"),
    Field("specialisation", FieldKind.KEY, N_("Main specialisation"), "links", vocabulary="specialisation"),
    Field("secondary_specialisations", FieldKind.KEYS, N_("Other specialisations concerned"), "links",
          vocabulary="specialisation"),
    Field("response_type", FieldKind.KEY, N_("How you want to meet the problem"), "links",
          vocabulary="response_type"),
    Field("innovation_types", FieldKind.KEYS, N_("Kinds of innovation you expect"), "links",
          vocabulary="innovation_type"),
    Field("geographic_reach", FieldKind.KEY, N_("How far the result could be used"), "links",
          vocabulary="reach"),
    Field("bottlenecks", FieldKind.KEYS, N_("Bottlenecks the challenge may ease"), "links", vocabulary="bottleneck"),
    Field("mandate_function", FieldKind.LINE, N_("Who on your side stands behind the challenge?"), "mandate",
          is_public=False, longest=200),
    Field("resources", FieldKind.TEXT, N_("Are time and money set aside?"), "mandate", is_public=False,
          is_claimable=True, longest=TEXT_LENGTH),
    Field("regional_money_ore", FieldKind.MONEY, N_("The Region's own money that is needed"), "mandate"),
    Field("claims", FieldKind.TEXTS, N_("Fields you ask to keep secret, and why"), "mandate", is_public=False),
    Field("translation", FieldKind.TEXTS, N_("Texts in the other language"), "translation"),
)  # fmt: skip

BY_NAME: Mapping[str, Field] = {field.name: field for field in FIELDS}
TRANSLATED: tuple[str, ...] = tuple(field.name for field in FIELDS if field.is_translated)
CLAIMABLE: tuple[str, ...] = tuple(field.name for field in FIELDS if field.is_claimable)
PUBLIC: tuple[str, ...] = tuple(field.name for field in FIELDS if field.is_public)
SECTIONS: Mapping[str, str] = {
    "problem": N_("The problem"),
    "affected": N_("Those affected"),
    "target": N_("The target"),
    "place": N_("Where it can be tried"),
    "links": N_("Connections"),
    "mandate": N_("Mandate"),
}


def plain(value: object) -> Any:
    """A field's value as JSON can hold it: dates as ISO text, texts without outer blanks, lists and maps copied."""
    match value:
        case date():
            return value.isoformat()
        case str():
            return value.strip().replace("\r\n", "\n")
        case list() | tuple():
            return [plain(item) for item in value]
        case Mapping():
            return {str(key): plain(item) for key, item in value.items() if plain(item)}
        case _:
            return value


def typed(name: str, value: Any) -> Any:
    """The reverse of `plain` for a named field: what the record holds."""
    field = BY_NAME[name]
    if field.kind is FieldKind.DATE:
        return date.fromisoformat(value) if value else None
    if field.kind in (FieldKind.LINE, FieldKind.TEXT, FieldKind.KEY):
        return value or ""
    if field.kind is FieldKind.KEYS:
        return list(value or [])
    if field.kind is FieldKind.TEXTS:
        return dict(value or {})
    return value


def fields_of(record: Any) -> Content:
    """The fields of a challenge, or of anything with the same attributes, as plain values."""
    return {field.name: plain(getattr(record, field.name)) for field in FIELDS}


def is_empty(value: object) -> bool:
    """Whether a plain value says nothing."""
    return value in (None, "", [], {})


def shown_publicly(content: Mapping[str, Any]) -> Content:
    """The public fields without those that are claimed as secret, in either language."""
    claimed = set(content.get("claims") or {})
    if claimed & {"place"}:
        claimed |= {"latitude", "longitude", "radius_km"}
    public = {name: content.get(name) for name in PUBLIC if name not in claimed}
    translation = public.get("translation") or {}
    public["translation"] = {name: text for name, text in translation.items() if name not in claimed}
    return public


def is_well_formed(name: str, value: object) -> bool:
    """Whether a plain value has the shape of its field, so that it may be handed to `typed`."""
    if name not in BY_NAME:
        return False
    if value is None:
        return True
    match BY_NAME[name].kind:
        case FieldKind.LINE | FieldKind.TEXT | FieldKind.KEY:
            return _is_text(value)
        case FieldKind.DATE:
            return value == "" or _is_day(value)
        case FieldKind.MONEY:
            return isinstance(value, int) and not isinstance(value, bool)
        case FieldKind.NUMBER:
            return isinstance(value, int | float) and not isinstance(value, bool) and isfinite(value)
        case FieldKind.KEYS:
            return isinstance(value, list) and all(_is_text(one) for one in value)
        case FieldKind.TEXTS:
            texts = isinstance(value, dict) and all(_is_text(one) for one in value.values())
            return texts and (name != "translation" or set(value) <= set(TRANSLATED))  # type: ignore[call-overload]


def _is_text(value: object) -> bool:
    return isinstance(value, str) and "\0" not in value  # which not every database can hold


def _is_day(value: object) -> bool:
    try:
        date.fromisoformat(value if isinstance(value, str) else "-")
    except ValueError:
        return False
    return True
