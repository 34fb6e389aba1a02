"""Organisations from a table: first what would become of each row, then the entering of those that are new."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from missions_app import db
from missions_app.accounts.actor import Actor
from missions_app.accounts.policy import permit
from missions_app.audit import trail
from missions_app.errors import Problem
from missions_app.organisations import organisation_service, policy, queries
from missions_app.organisations.models import Organisation
from missions_app.organisations.places import municipality_names
from missions_app.organisations.rules import Profile, is_alike, profile_problems, stored_number
from missions_app.workflow.method import Method
from missions_app.workflow.method_service import method_in_force

# What the columns may be called, in either language.
COLUMNS: Mapping[str, tuple[str, ...]] = {
    "name": ("name", "namn", "organisation"), "sector": ("sector", "sektor"), "subtype": ("subtype", "särskild typ"),
    "size_class": ("size", "size_class", "storlek"), "municipality": ("municipality", "kommun"),
    "number": ("number", "organisation number", "organisationsnummer", "orgnr"), "website": ("website", "webbplats"),
    "contact_function": ("contact", "kontakt", "funktion"), "contact_email": ("email", "e-mail", "e-post", "epost"),
    "description_sv": ("description", "beskrivning"), "description_en": ("description_en", "beskrivning på engelska"),
    "country": ("country", "land"), "provenance": ("source", "källa"),
}  # fmt: skip
NEW, DOUBLE, WRONG = "new", "double", "wrong"


@dataclass(frozen=True, slots=True)
class Fate:
    """What becomes of a row (number in the file, from 2): entered, left out as a double of `known`, or wrong."""

    number: int
    name: str
    outcome: str
    problems: tuple[Problem, ...] = ()
    known: str = ""
    profile: Profile | None = None


def plan_import(rows: Sequence[Mapping[str, str]], *, by: Actor) -> list[Fate]:
    """What would become of every row; nothing is written.

    Raises:
        NotAllowed.
    """
    permit(policy.can_add_organisation, by, None)
    method, known = method_in_force(), list(queries.all_active())
    names = [(one.name, one.number or "") for one in known]
    fates = []
    for number, row in enumerate(rows, 2):
        fate = _fate(number, row, method, names)
        if fate.profile is not None and fate.outcome == NEW:
            names.append((fate.profile.name, stored_number(fate.profile)))
        fates.append(fate)
    return fates


def run_import(rows: Sequence[Mapping[str, str]], *, by: Actor) -> list[Organisation]:
    """Enter the rows that are new, all or none.

    Raises:
        NotAllowed, and what entering an organisation refuses.
    """
    with db.transaction():
        fates = plan_import(rows, by=by)
        made = [
            organisation_service.add_organisation(one.profile, by=by)
            for one in fates
            if one.outcome == NEW and one.profile is not None
        ]
        if made:
            trail.record("organisations.imported", made[0], by=by, number=len(made))
        return made


def _fate(number: int, row: Mapping[str, str], method: Method, names: Sequence[tuple[str, str]]) -> Fate:
    values = values_of(row, COLUMNS)
    values["sector"] = method_key(method, "sector", values["sector"])
    values["size_class"] = method_key(method, "size_class", values["size_class"])
    values["subtype"] = method_key(method, "org_subtype", values["subtype"])
    values["municipality"] = _municipality(values["municipality"])
    values["country"] = (values["country"] or "SE").upper()
    outside = values["country"] != "SE" or not values["municipality"]
    profile = Profile(**values, is_undertaking=values["sector"] == "business", is_outside_region=outside)
    problems = profile_problems(profile, method)
    if problems:
        return Fate(number, profile.name, WRONG, tuple(problems))
    own = stored_number(profile)
    for name, taken in names:
        if (own and own == taken) or is_alike(name, profile.name):
            return Fate(number, profile.name, DOUBLE, known=name)
    return Fate(number, profile.name, NEW, profile=profile)


def values_of(row: Mapping[str, str], columns: Mapping[str, tuple[str, ...]]) -> dict[str, str]:
    """What a row holds for each field, under whichever of its names the column goes; "" where there is nothing."""
    return {
        field: next((row[name].strip() for name in called if row.get(name, "").strip()), "")
        for field, called in columns.items()
    }


def method_key(method: Method, vocabulary: str, text: str) -> str:
    """The method's key for a key or a label in either language; the text itself where there is none."""
    for one in method.ids(vocabulary):
        label = method.term(vocabulary, one).label
        if text.casefold() in (one, label.sv.casefold(), label.en.casefold()):
            return one
    return text


def _municipality(text: str) -> str:
    plain = text.casefold().removesuffix(" kommun")
    return next((code for code, name in municipality_names().items() if plain in (code, name.casefold())), text)
