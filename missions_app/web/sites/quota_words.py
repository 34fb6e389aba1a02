"""Quotas and what has happened to them, in words."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from missions_app.audit.models import AuditEvent
from missions_app.i18n import _, ngettext
from missions_app.web.sites.differences import who_did

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
        who, what = who_did(one, names), what_of(one, things)
        match one.action:
            case "quota.added":
                text = _("Set by %(who)s: %(what)s", who=who, what=what)
            case "quota.edited":
                text = _("Changed by %(who)s: %(what)s", who=who, what=what)
            case _:
                text = _("Ended by %(who)s", who=who)
        rows.append((one.at, text, one.action == "quota.ended", ""))
    return rows


def what_of(event: AuditEvent, things: Mapping[str, str]) -> str:
    """What a quota was set to or how it was changed; nothing of its end."""
    if event.action == "quota.added":
        return _said(event.data, things)
    return _changes(event.data["changed"], things) if event.action == "quota.edited" else ""


def _said(data: Mapping[str, Any], things: Mapping[str, str]) -> str:
    period, number = _value("period", data["period"], things), len(data["resources"])
    limit = _("%(hours)s hours each %(period)s", hours=data["hours"], period=period)
    counted = ngettext("%(num)d thing counts", "%(num)d things count", number)
    return "; ".join((limit, _value("organisation", data.get("organisation"), things), counted))


def _changes(changed: Mapping[str, Any], things: Mapping[str, str]) -> str:
    labels = {
        "name": _("the name"),
        "hours": _("the number of hours"),
        "period": _("the period"),
        "organisation": _("for whom"),
    }
    said = [
        _("%(label)s from %(was)s to %(now)s", label=label, was=_value(name, changed[name][0], things),
          now=_value(name, changed[name][1], things))
        for name, label in labels.items()
        if name in changed
    ]  # fmt: skip
    before, after = (set(one) for one in changed.get("resources", ((), ())))
    if after - before:
        said.append(_("counts now: %(what)s", what=_named(after - before, things)))
    if before - after:
        said.append(_("counts no more: %(what)s", what=_named(before - after, things)))
    return "; ".join(said)


def _named(slugs: Iterable[str], things: Mapping[str, str]) -> str:
    return ", ".join(sorted(things.get(one, one) for one in slugs))


def _value(name: str, value: Any, things: Mapping[str, str]) -> str:
    if name == "period":
        return period_words().get(str(value), str(value))
    if name == "organisation":
        return things.get(value, value) if value else _("each organisation by itself")
    return str(value)
