"""What has happened to something that can be booked, in words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any

from missions_app.audit.models import AuditEvent
from missions_app.i18n import _, number
from missions_app.moments import span
from missions_app.sites.weather import LIMITS
from missions_app.web.sites import resource_forms as forms
from missions_app.web.sites.differences import Row, listed, prose, whole
from missions_app.web.sites.opening import days_in_words, kept_in_words, span_of_days
from missions_app.web.sites.quota_words import what_of

PROSE = ("description_sv", "description_en")
MONEY = ("price_ore", "market_price_ore")


@dataclass(frozen=True, slots=True)
class Names:
    """What things are called: organisations and resources and qualifications by their names in addresses, quotas by
    their ids."""

    things: Mapping[str, str]
    qualifications: Mapping[str, str] = field(default_factory=dict)
    quotas: Mapping[int, str] = field(default_factory=dict)


def said_of(event: AuditEvent, names: Names) -> str:
    """What was done."""
    words = {
        "resource.added": _("added"), "resource.edited": _("the rules were changed"),
        "resource.retired": _("taken out of use"), "resource.restored": _("taken into use again"),
        "resource.opening_set": _("the opening hours were changed"),
        "resource.exception_set": _("dates that are otherwise were set"),
        "resource.exception_forgotten": _("dates are as other days again"),
        "resource.bookers_chosen": _("organisations that may book were chosen"),
        "resource.qualifications_set": _("qualifications were chosen"), "resource.units_set": _("units were changed"),
        "resource.blacked_out": _("time was blocked"), "resource.blackout_lifted": _("blocked time was given back"),
        "outside_calendar.followed": _("an outside calendar was followed"),
        "outside_calendar.stopped": _("an outside calendar was left"),
    }  # fmt: skip
    name = names.quotas.get(event.subject_id, "")
    match event.action:
        case "quota.added":
            return _("the quota %(name)s was set: %(what)s", name=name, what=what_of(event, names.things))
        case "quota.edited":
            return _("the quota %(name)s was changed: %(what)s", name=name, what=what_of(event, names.things))
        case "quota.ended":
            return _("the quota %(name)s was ended", name=name)
        case action:
            return words.get(action, action)


def rows_of(event: AuditEvent, names: Names) -> list[Row]:
    """What differs after it. Events that were kept before the state before was kept tell only what came."""
    data = event.data
    match event.action:
        case "resource.edited":
            return [row for name, (before, after) in data["changed"].items() for row in _rules(name, before, after)]
        case "resource.opening_set":
            return _opening(data.get("before", {}), data.get("after", {}))
        case "resource.exception_set" | "resource.exception_forgotten":
            first, last = date.fromisoformat(data["first"]), date.fromisoformat(data["last"])
            before = {date.fromisoformat(day): text for day, text in data.get("before", {}).items()}
            after = kept_in_words(data["hours"]) if "hours" in data else ""
            return [whole(span_of_days(first, last), days_in_words(before, first, last), after)]
        case "resource.bookers_chosen":
            return [_named(_("Organisations that may book"), data, "organisations", names.things)]
        case "resource.qualifications_set":
            return [_named(_("Whoever uses it must hold"), data, "qualifications", names.qualifications)]
        case "resource.units_set" if isinstance(data["before"], list):
            return [listed(_("Units it takes"), data["before"], data["after"])]
        case "resource.units_set":
            return [whole(_("How many there are"), str(data["before"]), str(data["after"]))]
        case "resource.blacked_out":
            return [whole(_("Blocked"), "", _blocked(data))]
        case "resource.blackout_lifted" if "reason" in data:
            return [whole(_("Blocked"), _blocked(data), "")]
    return []


def _rules(name: str, before: Any, after: Any) -> list[Row]:
    if name == "limits":
        return [
            whole(f"{_(one.label)}, {one.unit}", _figure(before.get(one.name)), _figure(after.get(one.name)))
            for one in LIMITS
            if before.get(one.name) != after.get(one.name)
        ]
    typed, unit = forms.IN_UNITS.get(name, (name, 100 if name in MONEY else 1))
    label = str(getattr(forms.ResourceForm, typed).args[0])
    if name in PROSE:
        return [prose(label, before, after)]
    return [whole(label, _value(name, before, unit), _value(name, after, unit))]


def _value(name: str, value: Any, unit: int) -> str:
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    words = {"bookers": forms.bookers_words, "approval": forms.approval_words}
    if name in words:
        return words[name]().get(str(value), str(value))
    return _figure(value / unit) if isinstance(value, int) else str(value or "")


def _figure(value: float | None) -> str:
    return "" if value is None else number(value)


def _opening(before: Mapping[str, str], after: Mapping[str, str]) -> list[Row]:
    """The weekdays whose hours differ; without any hours at all it is always open."""
    if not before or not after:
        texts = [_week(one) for one in (before, after)]
        return [whole(_("Opening hours"), *texts)]
    days = enumerate(forms.weekday_words())
    both = [(word, before.get(str(key), ""), after.get(str(key), "")) for key, word in days]
    return [whole(word, kept_in_words(old), kept_in_words(new)) for word, old, new in both if old != new]


def _week(days: Mapping[str, str]) -> str:
    words = forms.weekday_words()
    return "; ".join(f"{words[int(key)]} {kept_in_words(text)}" for key, text in sorted(days.items())) or _(
        "Always open."
    )


def _named(label: str, data: Mapping[str, Any], key: str, called: Mapping[str, str]) -> Row:
    before: Sequence[str] = data.get("before", [])
    return listed(label, [called.get(one, one) for one in before], [called.get(one, one) for one in data[key]])


def _blocked(data: Mapping[str, Any]) -> str:
    start, end = (datetime.fromisoformat(data[name]).astimezone(UTC) for name in ("starts_at", "ends_at"))
    return f"{span(start, end)}: {data['reason']}" if "reason" in data else span(start, end)
