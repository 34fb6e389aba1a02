"""Finding time: from what is needed to times that can be had, and the earliest realistic date."""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from missions_app import clock
from missions_app.bookings import finding_service, permits, policy
from missions_app.bookings.finding import DAYTIME, Search
from missions_app.bookings.finding_service import Found
from missions_app.bookings.needs import without
from missions_app.bookings.permits import Earliest
from missions_app.bookings.relaxing import Relaxed
from missions_app.bookings.rules import OF_USE
from missions_app.bookings.suggestions import Barred, Suggestion
from missions_app.edge.access import actor, public, signed_in
from missions_app.edge.words import sentence
from missions_app.i18n import _
from missions_app.organisations import queries as organisations
from missions_app.organisations.models import Organisation
from missions_app.web.finding import forms, words
from missions_app.web.finding.blueprint import bp
from missions_app.web.finding.strips import CELLS, strip
from missions_app.workflow.method_service import method_in_force

SHOWN, MORE = 4, 12
OF_PAGE = ("all", "told")
OF_PLACE = ("people", "depth", "power")


@bp.get("/find-time")
@public
def find_time() -> ResponseReturnValue:
    """When can I start at the earliest, what decides, and which times are free?"""
    method = method_in_force()
    form = forms.FindForm(request.args or None, hours="6", days="90", since=clock.today())
    mine = _own_organisations()
    form.prepare(method, mine)
    answers = dict.fromkeys(form.answers.data or [], True)
    found: Found | None = None
    search: Search | None = None
    chosen: Organisation | None = None
    if request.args and form.validate():
        search = form.search()
        most = MORE if request.args.get("all") else SHOWN
        chosen = _chosen(form, mine)
        found = finding_service.find(
            search, answers, method, most=most, reader=actor(), organisation_id=chosen.id if chosen else None,
            is_counted="told" not in request.args,
        )  # fmt: skip
    earliest = found.earliest if found else permits.earliest(answers, method, today=clock.today())
    return render_template(
        "finding/find_time.html", form=form, method=method, search=search, found=found, earliest=earliest,
        ladder=_ladder(earliest),
        slots=[_slot(one, found, chosen, answers) for one in found.suggestions] if found else [],
        unanswered=_unanswered(search, found) if search and found else "",
        barred=[_barred(one, found, chosen, answers) for one in found.barred] if found else [],
        relaxed=[_relaxed(one) for one in found.relaxed[:3]] if found else [],
        wait_url=_wait_url(search, found, chosen), all_url=_url("finding.find_time", [*_asked(), ("all", ["1"])]),
        lack_url=_url("finding.tell_what_lacks", _asked()),
        asked_first=search.first if search else None, conditions=words.conditions(form),
        is_all="all" in request.args, can_read_demand=policy.can_read_demand(actor()),
    )  # fmt: skip


@bp.route("/find-time/missing", methods=["GET", "POST"])
@signed_in
def tell_what_lacks() -> ResponseReturnValue:
    """Say what is missing: it is counted, without a name, and shown to owners and the secretariat."""
    asked = forms.FindForm(request.args or None, hours="6", days="90", since=clock.today())
    asked.prepare(method_in_force(), _own_organisations())
    form = forms.LackForm()
    back = _url("finding.find_time", _asked())
    if form.validate_on_submit():
        search = asked.search() if asked.validate() else forms.FindForm(None).search()
        finding_service.tell_what_lacks(search, form.text.data or "")
        flash(_("Thank you. It is counted when new places are planned."))
        # The search has been counted, and now what is missing: the way back counts no third time.
        return redirect(_url("finding.find_time", [*_asked(), ("told", ["1"])]), 303)
    return render_template(
        "_form_page.html", form=form, heading=_("Tell what is missing"), button=_("Send"), has_file=False,
        crumbs=[(_("Find time"), back)], read_first=None,
        intro=_("What you searched for is sent with it. Your name is not."),
    )  # fmt: skip


def _asked() -> list[tuple[str, list[str]]]:
    """What the address asks for, what is said of the page itself aside."""
    return [(key, values) for key, values in request.args.lists() if key not in OF_PAGE]


def _url(endpoint: str, args: Sequence[tuple[str, list[str]]]) -> str:
    return f"{url_for(endpoint)}?{urlencode(args, doseq=True)}" if args else url_for(endpoint)


def _ladder(earliest: Earliest) -> list[dict[str, Any]]:
    """Each permit with its bar, the quickest first; the one that decides is marked."""
    today = clock.today()
    longest = max((day - today).days for _permit, day in earliest.permits) if earliest.permits else 0
    return [
        {
            "permit": permit, "day": day, "is_held": day <= today, "decides": permit is earliest.decides,
            "bar": max(1, round((day - today).days * CELLS / longest)) if longest and day > today else 0,
        }
        for permit, day in sorted(earliest.permits, key=lambda pair: pair[1])
    ]  # fmt: skip


def _unanswered(search: Search, found: Found) -> str:
    """The need to which nothing answers, as it was written; empty where a condition on the place stands in the way."""
    of_place = any(one.wish in ("municipalities", "kind", "theme", "trl") for one in found.relaxed)
    return next((search.needs[one].text for one in found.unanswered if one > 0 or not of_place), "")


def _own_organisations() -> Sequence[Organisation]:
    """The organisations of whoever searches, where the choice matters."""
    return organisations.organisations_of(actor()) if len(actor().organisations()) > 1 else ()


def _chosen(form: forms.FindForm, mine: Sequence[Organisation]) -> Organisation | None:
    """The organisation to search for; None leaves no choice."""
    return next((one for one in mine if one.slug == form.organisation.data), mine[0]) if mine else None


def _barred(one: Barred, found: Found, chosen: Organisation | None, answers: Iterable[str]) -> dict[str, Any]:
    """A time that is free but not for the reader: why, and where to do something about it."""
    slot = _slot(one.suggestion, found, chosen, answers)
    several = len(one.suggestion.choices) > 1
    return slot | {
        "problems": [
            {
                "text": _("%(resource)s: %(problem)s", resource=words.name_of(resource), problem=sentence(problem))
                if several else sentence(problem),
                "url": url_for("sites.list_quotas") if problem.code == "over_quota"
                else url_for("sites.show_site", slug=resource.site.slug),
                "link": words.remedy(problem.code), "about": words.name_of(resource),
            }
            for resource, problem in one.problems
        ],
        "for_colleague": one.codes <= OF_USE,
    }  # fmt: skip


def _slot(one: Suggestion, found: Found, chosen: Organisation | None, answers: Iterable[str]) -> dict[str, Any]:
    several = len({choice.bookable.resource.site_id for choice in one.choices}) > 1
    return {
        "use": one.use, "several_sites": several,
        "uses": [
            (choice.bookable.resource, choice.need.units, strip(choice, one.use, found.taken)) for choice in one.choices
        ],
        "reasons": sorted(
            ((words.reason_words(reason), reason.is_drawback) for reason in one.reasons), key=lambda pair: pair[1]
        ),
        "url": words.request_url(
            ((choice.bookable.resource, one.use, choice.need.units) for choice in one.choices),
            chosen.slug if chosen else "", answers,
        ),
    }  # fmt: skip


def _relaxed(one: Relaxed) -> dict[str, Any]:
    method = method_in_force()
    return {
        "without": words.wish_words(one, method), "places": one.found, "use": one.first.use,
        "place": one.first.choices[0].bookable.resource.site, "url": _weaker_url(one),
    }  # fmt: skip


def _weaker_url(one: Relaxed) -> str:
    """The same search but for the wish that stands in the way."""
    search = one.search
    args: MultiDict[str, str] = MultiDict(request.args)
    for number in range(1, forms.MOST_NEEDS + 1):
        args.pop(f"need{number}", None)
        if number <= len(search.needs):
            args[f"need{number}"] = _as_typed(search, number - 1, one)
    fields = {
        "municipalities": ("municipality",), "kind": ("kind",), "theme": ("theme",), "trl": ("trl",),
        "weekdays": ("weekdays",), "hours": ("opens", "closes"),
    }  # fmt: skip
    # What was asked of a place that is no longer asked for is not asked of the next.
    unasked = [name for name in OF_PLACE if getattr(search.needs[0], name) is None]
    for name in (*fields.get(one.wish, ()), *unasked):
        args.poplist(name)
    if one.wish == "length":
        args["hours"] = f"{search.length / timedelta(hours=1):g}"
    if one.wish == "days":
        args["days"] = str(search.days)
    return _url("finding.find_time", [(key, values) for key, values in args.lists() if key not in OF_PAGE])


def _as_typed(search: Search, number: int, one: Relaxed) -> str:
    """A need as text again; a number that has been given up is taken out of it."""
    need = search.needs[number]
    if need.exactly:
        return need.exactly
    gone = one.wish in (*OF_PLACE, "units") and getattr(need, one.wish) in (None, 1)
    return without(need.text, one.wish) if gone else need.text


def _wait_url(search: Search | None, found: Found | None, chosen: Organisation | None) -> str:
    """Where one can wait for a time, filled in with what was searched for."""
    if search is None or found is None or not found.waitable:
        return ""
    if actor().is_signed_in and not policy.can_book(actor(), found.waitable[0].bookable.resource):
        return ""
    last = search.first + timedelta(days=search.days)
    if found.suggestions:
        # What is free already is not waited for: only what comes before it.
        last = clock.day_of(min(one.use.start for one in found.suggestions)) - timedelta(days=1)
    if last < search.first:
        return ""
    opens, closes = search.hours if search.hours != DAYTIME else (None, None)
    # Of one thing that meets several needs as many are waited for as all of them take.
    units: Counter[str] = Counter()
    for one in found.waitable:
        units[f"{one.bookable.resource.site.slug}/{one.bookable.resource.slug}"] += one.need.units
    return url_for(
        "finding.join_waitlist", first=search.first.isoformat(), last=last.isoformat(),
        hours=f"{search.length / timedelta(hours=1):g}",
        weekdays=sorted(search.weekdays) if len(search.weekdays) < 7 else None,
        opens=opens.isoformat("minutes") if opens is not None else None,
        closes=closes.isoformat("minutes") if closes is not None else None,
        organisation=chosen.slug if chosen else None,
        resource=list(units), units=list(units.values()) if max(units.values()) > 1 else None,
    )  # fmt: skip
