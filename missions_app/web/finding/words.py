"""What speaks for a time and what against it, and what stands in the way, in words."""

from collections.abc import Callable, Iterable, Mapping
from datetime import time, timedelta
from typing import Any
from urllib.parse import urlencode

from flask import current_app, url_for

from missions_app.bookings.intervals import Interval
from missions_app.bookings.merits import Reason
from missions_app.bookings.relaxing import Relaxed
from missions_app.bookings.rules import OF_USE
from missions_app.i18n import N_, _, both, current_locale, list_of, money, ngettext, number
from missions_app.moments import local_date, local_datetime
from missions_app.sites.models import Resource
from missions_app.web.finding.forms import WEEKDAYS, FindForm, length_words
from missions_app.workflow.method import Method

PLAIN = {
    "no_reserve_day": N_("No reserve day within two weeks"),
    "one_owner": N_("One owner for everything: %(owner)s"),
    "far": N_("%(resource)s is %(kilometres)s km away: count on time to move it"),
    "unsaid_depth": N_("%(resource)s does not say how deep it is. Ask the owner."),
    "unsaid_people": N_("%(resource)s does not say how many people there is room for. Ask the owner."),
    "mentioned": N_("%(resource)s: only the description of its place speaks of “%(need)s”"),
    "unsaid_power": N_("%(resource)s does not say how much power it has. Ask the owner."),
    "not_held": N_("%(resource)s is not held for you until the owner has said yes"),
    "only_experiments": N_("%(resource)s is booked only for a mission's experiments"),
    "only_chosen": N_("%(resource)s is booked only by those whom its owner has chosen"),
    "only_owner": N_("%(resource)s is booked only by its owner"),
    "on_conditions": N_("The place is open on conditions"),
}


def reason_words(reason: Reason) -> str:
    """A reason as one sentence."""
    values: dict[str, Any] = dict(reason.values)
    if isinstance(values.get("resource"), Resource):
        values["resource"] = name_of(values["resource"])
    match reason.code:
        case "reserve_day":
            return _("Reserve day: the same is free on %(day)s", day=local_date(values["day"]))
        case "price":
            owners = values["owners"]
            return ngettext(
                "%(price)s. %(owners)s answers.", "%(price)s. %(num)d answer: %(owners)s.", len(owners),
                price=_price(values["ore"]), owners=list_of(owners),
            )  # fmt: skip
        case "price_at_once":
            return _("%(price)s. It is yours at once, without an answer.", price=_price(values["ore"]))
        case "held_for_you":
            return _("Held for you until %(moment)s, since you waited for it", moment=local_datetime(values["until"]))
        case "permits_held":
            held = list_of([one.in_(current_locale()) for one in values["permits"]])
            return _("Held already: %(permits)s", permits=held)
        case _:
            return _(PLAIN[reason.code], **values)


def remedy(code: str) -> str:
    """Where somebody goes whom a rule stops, as the words of a link."""
    if code == "over_quota":
        return _("See the quotas")
    return _("How to get it") if code in OF_USE else _("See the place")


def hours_in_words(earliest: time | None, latest: time | None) -> str:
    """Which hours of the day suit somebody; empty when any do. An end at midnight is the end of the day, 24.00."""
    pattern = "%H.%M" if current_locale() == "sv" else "%H:%M"
    start, end = (one.strftime(pattern) if one is not None else "" for one in (earliest, latest))
    if latest == time(0):
        end = end.replace("00", "24", 1)
    if start and end:
        return _("between %(start)s and %(end)s", start=start, end=end)
    if start:
        return _("not before %(start)s", start=start)
    return _("not after %(end)s", end=end) if end else ""


def weekdays_in_words(days: Iterable[int | str]) -> str:
    """Some weekdays as a list inside a sentence, where Swedish writes them small."""
    names = [str(WEEKDAYS[int(day)]) for day in days]
    return list_of([one.lower() for one in names] if current_locale() == "sv" else names)


def rules_in_words(codes: Iterable[str]) -> str:
    """The rules that stopped a search, as a list."""
    known = {
        "over_quota": _("a quota"), "not_qualified": _("a missing qualification"),
        "qualification_ends": _("a qualification that ends"), "not_among_bookers": _("who may book"),
    }  # fmt: skip
    return list_of([known[code] for code in codes if code in known])


def asked_in_words(wish: Mapping[str, Any], method: Method) -> str:
    """The conditions of a search that found nothing, as it is remembered."""
    parts = [_("room for %(people)s people", people=wish["people"])] if "people" in wish else []
    parts += [_("the depth of %(metres)s m", metres=number(wish["depth"]))] if "depth" in wish else []
    parts += [_("the power of %(power)s kW", power=number(wish["power"]))] if "power" in wish else []
    parts += _municipalities(wish.get("municipalities", ()))
    for name, vocabulary in (("kind", "site_type"), ("theme", "theme")):
        if (term := method.find_term(vocabulary, str(wish.get(name, "")))) is not None:
            parts.append(term.label.in_(current_locale()).lower())
    parts += [f"TRL {wish['trl']}"] if "trl" in wish else []
    parts += [weekdays_in_words(wish["weekdays"])] if "weekdays" in wish else []
    return ", ".join(parts)


def _price(ore: int) -> str:
    return money(ore) if ore else _("Free of charge")


def name_of(resource: Resource) -> str:
    """A resource's name in the reader's language."""
    return both(resource.name_sv, resource.name_en)


def wish_words(one: Relaxed, method: Method) -> str:
    """What has to be given up, as the end of "without …"."""
    value: Any = one.value
    sayings: dict[str, Callable[[], str]] = {
        "municipalities": lambda: list_of(_municipalities(value)),
        "kind": lambda: method.term("site_type", value).label.in_(current_locale()).lower(),
        "theme": lambda: method.term("theme", value).label.in_(current_locale()).lower(),
        "trl": lambda: f"TRL {value}",
        "weekdays": lambda: _("the choice of weekdays"),
        "hours": lambda: _("the hours"),
        "people": lambda: _("room for %(people)s people", people=value),
        "depth": lambda: _("the depth of %(metres)s m", metres=number(value[0])),
        "power": lambda: _("the power of %(power)s kW", power=number(value)),
        "units": lambda: _("%(number)s at the same time", number=value),
        "length": lambda: _("the length (%(length)s instead)", length=length_words(value / timedelta(hours=1)).lower()),
        "days": lambda: _("the limit of %(days)s days", days=value),
        "need": lambda: _("“%(need)s”", need=value),
    }
    return sayings[one.wish]()


def conditions(form: FindForm) -> str:
    """What has been chosen besides needs, length and day, for the closed part of the form."""
    weekdays = [day for day in form.weekdays.data or () if day in map(str, range(len(WEEKDAYS)))]
    parts = [weekdays_in_words(weekdays)] if weekdays else []
    parts += [list_of(_municipalities(form.municipality.data))] if form.municipality.data else []
    others = (form.kind, form.theme, form.trl, form.people, form.depth, form.power, form.opens, form.closes)
    number = sum(field.data not in (None, "") for field in others)
    parts += [ngettext("one more condition", "%(num)d more conditions", number)] if number else []
    answers = len(form.answers.data or ())
    parts += [ngettext("one answer about the test", "%(num)d answers about the test", answers)] if answers else []
    text = "; ".join(parts)
    return text[:1].upper() + text[1:]


def _municipalities(codes: Iterable[str]) -> list[str]:
    region = current_app.extensions["region"]
    return [found.name for code in sorted(codes) if (found := region.municipality(code))]


def request_url(
    uses: Iterable[tuple[Resource, Interval, int]], organisation: str = "", answers: Iterable[str] = (), *,
    offer: int | None = None,
) -> str:  # fmt: skip
    """The page where several resources are asked for together, with everything filled in. organisation: its slug;
    answers: the permit questions that were answered with yes; offer: the id of what is held for whoever waited."""
    wanted = list(uses)
    lines: dict[str, list[str]] = {"line": [], "start": [], "end": []}
    for resource, use, _units in wanted:
        lines["line"].append(f"{resource.site.slug}/{resource.slug}")
        lines["start"].append(use.start.isoformat())
        lines["end"].append(use.end.isoformat())
    if any(units > 1 for _resource, _use, units in wanted):
        lines["units"] = [str(units) for _resource, _use, units in wanted]
    if organisation:
        lines["organisation"] = [organisation]
    lines["answers"] = list(answers)
    if offer is not None:
        lines["offer"] = [str(offer)]
    return f"{url_for('bookings.start_booking')}?{urlencode(lines, doseq=True)}"
