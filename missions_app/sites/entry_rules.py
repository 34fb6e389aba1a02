"""What an entry of the catalogue has to keep to, on every way in: forms, files and the API. Pure."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from missions_app.accounts.rules import email_problems
from missions_app.errors import Problem
from missions_app.i18n import N_
from missions_app.organisations.places import municipality_names
from missions_app.sites import bounds, entry_fields
from missions_app.sites.classification import classify
from missions_app.workflow.method import Method

LEAST_REASON = 10
UNREADABLE = N_("This cannot be read. Look at the field again.")


def entry_problems(entry: Any, method: Method) -> list[Problem]:
    """Everything wrong with what somebody wrote about a site."""
    problems = []
    if not entry.name_sv.strip():
        problems.append(Problem("missing", N_("Write the site's name."), "name_sv"))
    lengths = {**bounds.SHORT, **bounds.DESCRIBED, "kind_reason": bounds.LONGEST_REASON}
    problems += bounds.name_problems(entry) + bounds.text_problems(entry, lengths)
    if entry.contact_email:
        problems += email_problems(entry.contact_email, "contact_email")
    if classify(entry.answers, method) is None:
        problems.append(Problem("unclassified", N_("Answer every question about the site."), "answers"))
    if method.find_term("price_model", entry.price_model) is None:
        problems.append(Problem("unknown_choice", N_("Choose one of the alternatives."), "price_model"))
    if entry.municipality and entry.municipality not in municipality_names():
        problems.append(Problem("unknown_choice", N_("Choose one of the alternatives."), "municipality"))
    if any(method.find_term("theme", str(one)) is None for one in entry.themes):
        problems.append(Problem("unknown_choice", N_("Choose one of the alternatives."), "themes"))
    problems += _kind_problems(entry, method) + _place_problems(entry) + _permit_problems(entry, method)
    return problems + _detail_problems(entry)


def _kind_problems(entry: Any, method: Method) -> list[Problem]:
    problems = []
    if entry.chosen_kind and method.find_term("site_type", entry.chosen_kind) is None:
        problems.append(Problem("unknown_choice", N_("Choose one of the alternatives."), "chosen_kind"))
    given = classify(entry.answers, method)
    is_another = given is None or given.type.id != entry.chosen_kind
    if entry.chosen_kind and is_another and len(entry.kind_reason.strip()) < LEAST_REASON:
        text = N_("Say in a sentence why it is another kind than the answers give.")
        problems.append(Problem("reason_missing", text, "kind_reason"))
    overlays = {one.id: one for one in method.site_overlay}
    if len({str(one.get("id")) for one in entry.overlays}) < len(entry.overlays):
        problems.append(Problem("named_twice", N_("Name each once."), "overlays"))
    for one in entry.overlays:
        found = overlays.get(str(one.get("id")))
        if found is None:
            problems.append(Problem("unknown_choice", N_("Choose one of the alternatives."), "overlays"))
        elif set(one) - {"id", *found.requires} or not all(_is_words(value) for value in one.values()):
            problems.append(Problem("malformed", UNREADABLE, f"overlay_{found.id}"))
        elif any(not str(one.get(name) or "").strip() for name in found.requires):
            text = N_("%(overlay)s needs the authority's decision, its first and last day, and its conditions.")
            problems.append(Problem("overlay_incomplete", text, f"overlay_{found.id}", {"overlay": found.label}))
        elif found.requires:
            problems += _overlay_days(one)
    return problems


def _is_words(value: object) -> bool:
    return isinstance(value, str) and len(value) <= bounds.LONGEST_REASON


def _overlay_days(overlay: Mapping[str, Any]) -> list[Problem]:
    field = f"overlay_{overlay['id']}_"
    days = {name: _day(overlay[name]) for name in ("valid_from", "valid_to") if name in overlay}
    text = N_("Write the date as year-month-day, such as 2027-03-17.")
    problems = [Problem("overlay_dates", text, field + name) for name, day in days.items() if day is None]
    first, last = days.get("valid_from"), days.get("valid_to")
    if first is not None and last is not None and last < first:
        text = N_("The last day comes before the first. Choose a later last day.")
        problems.append(Problem("period_reversed", text, f"{field}valid_to"))
    return problems


def _place_problems(entry: Any) -> list[Problem]:
    problems = []
    if (entry.latitude is None) != (entry.longitude is None):
        problems.append(Problem("place", N_("Give both latitude and longitude, or neither."), "longitude"))
    corners = {"latitude": [(entry.latitude or 0, entry.longitude or 0)],
               "area": [one for one in entry.area if len(one) == 2]}  # fmt: skip
    for name, there in corners.items():
        if any(not -90 <= one[0] <= 90 or not -180 <= one[1] <= 180 for one in there):
            problems.append(Problem("place", N_("Latitude goes from -90 to 90, longitude from -180 to 180."), name))
    if entry.area and (len(entry.area) < 3 or any(len(one) != 2 for one in entry.area)):
        problems.append(Problem("area", N_("An area has at least three corners."), "area"))
    return problems


def _permit_problems(entry: Any, method: Method) -> list[Problem]:
    problems = []
    for number, one in enumerate(entry.permits_held):
        first, last = _day(one.get("valid_from")), _day(one.get("valid_until"))
        if method.find_term("permit", str(one.get("permit"))) is None:
            problems.append(Problem("unknown_choice", N_("Choose one of the alternatives."), f"permit_{number}"))
        if not isinstance(number_of := one.get("number", ""), str) or len(number_of) > bounds.LONGEST_NUMBER:
            problems.append(bounds.too_long(f"permit_{number}_number", bounds.LONGEST_NUMBER))
        if first is None or last is None or last < first:
            text = N_("Say from which day until which day the permit holds.")
            problems.append(Problem("permit_dates", text, f"permit_{number}_until"))
    return problems


def _day(value: object) -> date | None:
    """A day as it is kept: comparing texts has to be comparing days."""
    try:
        found = date.fromisoformat(str(value or ""))
    except ValueError:
        return None
    return found if found.isoformat() == value else None


def _detail_problems(entry: Any) -> list[Problem]:
    return [
        Problem("malformed", UNREADABLE, name)
        for name, value in entry.details.items()
        if not entry_fields.well_formed(name, value)
    ]
