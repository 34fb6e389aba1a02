"""What a challenge must hold: while it is written, and before it is sent in. Pure."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from dateutil.relativedelta import relativedelta

from missions_app.challenges.content import BY_NAME, CLAIMABLE, FieldKind, is_empty, is_well_formed, plain
from missions_app.errors import Problem
from missions_app.i18n import N_
from missions_app.indicators import rules as indicator_rules
from missions_app.indicators.models import IndicatorPlan
from missions_app.workflow.method import Method

FURTHEST_YEARS = 10
EFFECT = "outcome"

REMEDIES: Mapping[str, str] = {
    "title": N_("Give the challenge a name."),
    "problem": N_("Describe what does not work today."),
    "affected": N_("Write who is affected."),
    "place": N_("Say where it is, or what kind of place."),
    "target_statement": N_("Write what shall be true when you are done."),
    "target_date": N_("Say by when the target shall be reached."),
    "theme": N_("Choose a theme."),
    "specialisation": N_("Choose a main specialisation."),
}
OTHER_LEVELS = N_(
    "None of your indicators shows an effect that the mission itself can have. Choose one more, among those "
    "that are enough alone."
)
NO_INDICATOR = N_("Choose at least one indicator of effect, with unit, baseline, target, date, source and owner.")
WRONG_SHAPE = N_("This is not what the field holds.")
DATE_PASSED = N_("The date has passed. Choose a date after today.")
DATE_TOO_FAR = N_("Choose a date within %(years)d years.")


def missing_to_submit(content: Mapping[str, Any], indicators: Iterable[IndicatorPlan], *, today: date) -> list[Problem]:
    """Everything that must be mended before the challenge can be sent in, in the order of the form.

    Args:
        content: the plain fields. indicators: those in use.

    Returns:
        problems at their fields; an indicator's own problems have the field "indicator-<id>-<field>" and the
        indicator's name among their values. [] means ready.
    """
    found = [Problem("missing", remedy, name) for name, remedy in REMEDIES.items() if is_empty(content.get(name))]
    if content.get("target_date"):
        found += _about_date(date.fromisoformat(str(content["target_date"])), today)
    found += _about_indicators(list(indicators))
    return found


def _about_date(day: date, today: date) -> list[Problem]:
    if day <= today:
        return [Problem("date_passed", DATE_PASSED, "target_date")]
    if day > today + relativedelta(years=FURTHEST_YEARS):
        return [Problem("date_too_far", DATE_TOO_FAR, "target_date", {"years": FURTHEST_YEARS})]
    return []


def _about_indicators(indicators: list[IndicatorPlan]) -> list[Problem]:
    effects = [plan for plan in indicators if plan.level == EFFECT]
    if not effects:
        return [Problem("no_indicator", OTHER_LEVELS if indicators else NO_INDICATOR, "indicators")]
    lacking = {plan.id: indicator_rules.missing(plan) for plan in effects}
    if any(not problems for problems in lacking.values()):
        return []
    plan = min(effects, key=lambda one: len(lacking[one.id]))
    return [
        Problem(problem.code, problem.message, f"indicator-{plan.id}-{problem.field}", problem.params)
        for problem in lacking[plan.id]
    ]


def wrong_values(changes: Mapping[str, Any], method: Method, municipalities: Iterable[str]) -> list[Problem]:
    """What is wrong with values about to be saved: too long, or not in the method's list. Missing is never wrong.

    Args:
        municipalities: the keys that may be chosen; empty when the region has not said.
    """
    found = [Problem("wrong_shape", WRONG_SHAPE, name) for name, value in changes.items() if not _fits(name, value)]
    if found:
        return found
    known_places = set(municipalities)
    for name, value in changes.items():
        field = BY_NAME[name]
        if field.longest and len(value or "") > field.longest:
            found.append(Problem("text_too_long", N_("Write at most %(most)d characters. Now there are %(length)d."),
                                 name, {"most": field.longest, "length": len(value)}))  # fmt: skip
        if field.vocabulary:
            allowed = set(method.ids(field.vocabulary))
        elif name == "municipalities" and known_places:
            allowed = known_places
        else:
            continue
        chosen = set(value or []) if field.kind is FieldKind.KEYS else ({value} if value else set())
        if chosen - allowed:
            found.append(Problem("unknown_choice", N_("Choose one of the alternatives in the list."), name))
    return found + _wrong_claims(changes.get("claims") or {}) + _wrong_point(changes) + _wrong_area(changes)


def _fits(name: str, value: Any) -> bool:
    return is_well_formed(name, plain(value))


def _wrong_claims(claims: Mapping[str, Any]) -> list[Problem]:
    return [
        Problem("claim_without_reason", N_("Write why the text should be kept secret."), f"claim_{name}")
        for name, reason in claims.items()
        if name not in CLAIMABLE or not str(reason).strip()
    ]


def _wrong_point(changes: Mapping[str, Any]) -> list[Problem]:
    if not {"latitude", "longitude"} & changes.keys():
        return []
    latitude, longitude = changes.get("latitude"), changes.get("longitude")
    if latitude is None and longitude is None:
        return []
    if latitude is None or longitude is None or not (-90 <= latitude <= 90 and -180 <= longitude <= 180):
        return [Problem("point_incomplete", N_("Give both latitude and longitude, in degrees."), "latitude")]
    return []


def _wrong_area(changes: Mapping[str, Any]) -> list[Problem]:
    radius = changes.get("radius_km")
    if radius is None or (radius > 0 and changes.get("latitude", 0) is not None):
        return []
    return [Problem("area_needs_point", N_("Give a point first, and a distance above zero."), "radius_km")]
