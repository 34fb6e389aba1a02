"""Quotas and what has happened to them, in words."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from missions_app.accounts.actor import SYSTEM
from missions_app.audit.models import AuditEvent
from missions_app.i18n import _

Row = tuple[datetime, str, bool, str]


def period_words() -> dict[str, str]:
    """How often a quota begins anew, in words."""
    return {"week": _("week"), "month": _("month"), "year": _("year")}


def thread_of(events: Iterable[AuditEvent], names: Mapping[str, str], things: Mapping[str, str]) -> list[Row]:
    """Rows for the thread macro, newest first.

    Args:
        names: actor id -> name, for those whose name is kept. things: "site/resource" and slugs of organisations ->
            what they are called.
    """
    rows = []
    for one in events:
        unnamed = _("the system") if one.actor_id == SYSTEM.audit_id else _("somebody whose name is no longer kept")
        who = names.get(one.actor_id) or unnamed
        match one.action:
            case "quota.added":
                text = _("Set by %(who)s: %(what)s", who=who, what="; ".join(_said(one.data, things)))
            case "quota.edited":
                text = _("Changed by %(who)s: %(what)s", who=who, what="; ".join(_changes(one.data, things)))
            case _:
                text = _("Ended by %(who)s", who=who)
        rows.append((one.at, text, one.action == "quota.ended", ""))
    return rows


def _labels() -> dict[str, str]:
    return {
        "name": _("What the quota is called"), "hours": _("Hours"), "period": _("In each"), "organisation": _("For"),
        "resources": _("What counts"),
    }  # fmt: skip


def _said(data: Mapping[str, Any], things: Mapping[str, str]) -> list[str]:
    return [f"{label} {_value(name, data[name], things)}" for name, label in _labels().items()
            if name in data and name != "name"]  # fmt: skip


def _changes(data: Mapping[str, Any], things: Mapping[str, str]) -> list[str]:
    changed: Mapping[str, Any] = data.get("changed", {})
    return [
        _("%(label)s from %(was)s to %(now)s", label=label, was=_value(name, changed[name][0], things),
          now=_value(name, changed[name][1], things))
        for name, label in _labels().items()
        if name in changed
    ]  # fmt: skip


def _value(name: str, value: Any, things: Mapping[str, str]) -> str:
    if name == "period":
        return period_words().get(str(value), str(value))
    if name == "organisation":
        return things.get(value, value) if value else _("each organisation by itself")
    if name == "resources":
        return ", ".join(things.get(one, one) for one in value)
    return str(value)
