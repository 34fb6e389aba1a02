"""The further fields of a catalogue entry: what they are called, where they stand, what they hold. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from missions_app.i18n import N_


class FieldKind(StrEnum):
    """TEXT is words in both languages; LINE the same short words in every language; NUMBER a whole number."""

    TEXT = "text"
    LINE = "line"
    NUMBER = "number"


@dataclass(frozen=True, slots=True)
class EntryField:
    """One field by the method's name. `required`: an entry that lacks it is not complete. `private`: said only to
    those who have booked. `most`: the largest number."""

    name: str
    section: str
    label: str
    kind: FieldKind = FieldKind.TEXT
    help: str = ""
    required: bool = False
    private: bool = False
    most: int = 2**31 - 1


SECTIONS = (
    ("fit", N_("What it suits")), ("environment", N_("The environment")), ("equipment", N_("Equipment and data")),
    ("terms", N_("Terms and safety")), ("access", N_("Getting there")),
)  # fmt: skip
FIELDS = (
    EntryField("suits", "fit", N_("Suits"), help=N_("What is tested well here, and what is not.")),
    EntryField("evidence", "fit", N_("Evidence of earlier tests")),
    EntryField("environment_conditions", "environment", N_("Conditions"), required=True),
    EntryField("depth_m", "environment", N_("Depth, metres"), FieldKind.LINE, N_("Such as 2–5.")),
    EntryField("bottom_type", "environment", N_("Bottom")),
    EntryField("salinity", "environment", N_("Salinity"), FieldKind.LINE),
    EntryField("wave_exposure", "environment", N_("Waves")),
    EntryField("ice_risk", "environment", N_("Ice")),
    EntryField("protected_nature", "environment", N_("Protected nature")),
    EntryField("restricted_area", "environment", N_("Restricted or military area")),
    EntryField("capacity", "equipment", N_("Room for"), help=N_("People, tests at a time, load."), required=True),
    EntryField("max_load", "equipment", N_("Greatest load"), FieldKind.LINE),
    EntryField("equipment", "equipment", N_("Equipment")),
    EntryField("power_supply", "equipment", N_("Power"), FieldKind.LINE, N_("Such as 400 V, 63 A or 40 kW.")),
    EntryField("connectivity", "equipment", N_("Network")),
    EntryField("data_interfaces", "equipment", N_("Data"), required=True,
               help=N_("Sensors, interfaces, formats, how fast data comes.")),
    EntryField("staff_support", "equipment", N_("Help from staff")),
    EntryField("languages", "equipment", N_("Languages spoken"), FieldKind.LINE),
    EntryField("access_terms", "terms", N_("Who may use it and on which terms"), required=True),
    EntryField("lead_time_days", "terms", N_("Usual time to prepare, days"), FieldKind.NUMBER, required=True),
    EntryField("no_show_grace_minutes", "terms", N_("How long we wait for those who are late, minutes"),
               FieldKind.NUMBER, N_("Empty: as long as the method says."), most=24 * 60),
    EntryField("safety_rules", "terms", N_("Safety rules and introduction"), required=True),
    EntryField("insurance_minimum_sek", "terms", N_("Least insurance, kronor"), FieldKind.NUMBER),
    EntryField("emergency_plan", "terms", N_("Emergency plan")),
    EntryField("restoration_duty", "terms", N_("Restoring it afterwards")),
    EntryField("carbon_footprint", "terms", N_("Climate footprint of use")),
    EntryField("accessibility", "access", N_("Accessibility"), required=True,
               help=N_("Step-free way, toilet, hearing loop, parking, public transport.")),
    EntryField("nearby_services", "access", N_("Nearby")),
    EntryField("access_instructions", "access", N_("How to get in"), private=True,
               help=N_("Sent to those who have booked, and shown to nobody else.")),
)  # fmt: skip
BY_NAME = {one.name: one for one in FIELDS}


def is_empty(value: Any) -> bool:
    """Whether a field says nothing."""
    if isinstance(value, Mapping):
        return not any(str(one or "").strip() for one in value.values())
    return value is None or value == ""


def missing(details: Mapping[str, Any]) -> list[EntryField]:
    """The required fields that say nothing."""
    return [one for one in FIELDS if one.required and is_empty(details.get(one.name))]


def well_formed(name: str, value: Any) -> bool:
    """Whether a value is of its field's kind; names that are no fields are not."""
    if name not in BY_NAME:
        return False
    if is_empty(value):
        return True
    match BY_NAME[name].kind:
        case FieldKind.NUMBER:
            return isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= BY_NAME[name].most
        case FieldKind.LINE:
            return isinstance(value, str) and len(value) <= 300
        case _:
            words = {"sv": value} if isinstance(value, str) else value
            return (
                isinstance(words, Mapping) and set(words) <= {"sv", "en"}
                and all(isinstance(one, str) and len(one) <= 20_000 for one in words.values())
            )  # fmt: skip


def text_in(value: Any, locale: str) -> str:
    """A field's value in a language; Swedish stands in for what is not translated."""
    if isinstance(value, Mapping):
        return str(value.get(locale) or value.get("sv") or value.get("en") or "")
    return "" if value is None else str(value)
