"""Checks of what people have shown: indicators, assessments, documents, decisions, permits, their word."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from dateutil.relativedelta import relativedelta

from missions_app.i18n import N_
from missions_app.workflow import scoring
from missions_app.workflow.check_kinds import CheckResult, Facts, FieldName, Params, kind, name_of
from missions_app.workflow.method import Method
from missions_app.workflow.predicates import is_present


@kind("indicator_complete")
def indicator_complete(params: Params, facts: Facts, method: Method) -> CheckResult:
    """So many indicators of the level hold unit, baseline, target, target date, source and owner."""
    keys = ("unit", "baseline", "target", "target_date", "source", "owner")
    of_level = [one for one in facts.get("indicators") or [] if one.get("level") == params["level"]]
    complete = [one for one in of_level if all(is_present(one.get(key)) for key in keys)]
    values: dict[str, Any] = {"number": len(complete), "least": params["min"]}
    if len(complete) >= params["min"]:
        return CheckResult(True, "indicators_complete", N_("%(number)d complete."), values)
    if not of_level:
        return CheckResult(
            False,
            "no_indicator",
            N_("Choose an indicator with unit, baseline, target, date, source and owner."),
            values,
        )
    missing = [FieldName(key) for key in keys if not is_present(of_level[0].get(key))]
    return CheckResult(
        False, "indicator_incomplete", N_("The indicator lacks: %(fields)s."), {**values, "fields": missing}
    )


@kind("rubric")
def rubric(params: Params, facts: Facts, method: Method) -> CheckResult:
    """Enough unconflicted assessors, mean above the threshold, nothing knocked out, and a note wherever they differ."""
    form = method.rubric(params["rubric"])
    records = facts.get("evaluations" if params["rubric"] == "evaluation" else "assessments") or []
    valid = [one for one in records if one.get("state") == "submitted" and not one.get("conflicted")]
    values: dict[str, Any] = {"number": len(valid), "least": params["min_assessors"]}
    if len(valid) < params["min_assessors"]:
        return CheckResult(False, "too_few_assessors", N_("%(number)d of %(least)d assessments are in."), values)
    scores = [one.get("scores") or {} for one in valid]
    weights = {one.id: one.weight for one in form.criteria}
    mean = scoring.mean_of(scoring.weighted(one, weights) for one in scores)
    values |= {"mean": round(mean or 0.0, 2), "threshold": float(params["min_weighted"])}
    labels = {one.id: one.label for one in form.criteria}
    if mean is None or mean < params["min_weighted"]:
        return CheckResult(
            False, "below_threshold", N_("The mean is %(mean)s of 4; at least %(threshold)s is needed."), values
        )
    knocked = scoring.knocked_out(scores, {one.id: one.knockout_min for one in form.criteria})
    if knocked:
        values["criteria"] = [labels[one] for one in knocked]
        return CheckResult(False, "knocked_out", N_("Too low to go on: %(criteria)s."), values)
    noted = {
        note.get("criterion") for note in facts.get("consensus_notes") or [] if note.get("rubric") in (None, form.id)
    }
    apart = [one for one in scoring.gaps(scores, weights, params["max_spread"]) if one not in noted]
    if apart:
        values["criteria"] = [labels[one] for one in apart]
        return CheckResult(
            False, "assessors_apart", N_("The assessors differ on %(criteria)s. Write what you agreed on."), values
        )
    return CheckResult(True, "threshold_reached", N_("%(number)d assessments, mean %(mean)s of 4."), values)


@kind("document")
def document(params: Params, facts: Facts, method: Method) -> CheckResult:
    """A valid document of each type exists, signed by those it must be signed by, published if so asked."""
    needed = set((facts.get("parties") or {}).get(params["signed_by"]) or [])
    for wanted in params["types"]:
        label = method.term("document_type", wanted).label
        found = [d for d in facts.get("documents") or [] if d.get("type") == wanted and d.get("state") != "void"]
        if not found:
            return CheckResult(False, "document_missing", N_("Missing: %(kind)s."), {"kind": label})
        if params.get("published"):
            found = [d for d in found if d.get("published")]
            if not found:
                return CheckResult(False, "not_published", N_("%(kind)s is not published yet."), {"kind": label})
        if not needed:
            return CheckResult(False, "no_signer", N_("It is not settled who signs %(kind)s."), {"kind": label})
        # Letters of intent are one per party, agreements one for all: together the valid ones must hold every name.
        signed = {name for d in found for name in d.get("signed_by") or []}
        if needed - signed:
            values = {"kind": label, "signed": len(needed & signed), "needed": len(needed)}
            return CheckResult(False, "not_signed", N_("%(kind)s: %(signed)d of %(needed)d have signed."), values)
    return CheckResult(True, "signed", N_("In place and signed."))


@kind("decision")
def decision(params: Params, facts: Facts, method: Method) -> CheckResult:
    """The body has decided with one of the outcomes."""
    body = method.body(params["body"]).label
    for one in facts.get("decisions") or []:
        if one.get("body") == params["body"] and one.get("outcome") in params["outcomes"]:
            return CheckResult(True, "decided", N_("%(body)s has decided."), {"body": body})
    return CheckResult(False, "not_decided", N_("%(body)s has not decided yet."), {"body": body})


@kind("consulted")
def consulted(params: Params, facts: Facts, method: Method) -> CheckResult:
    """The body was asked and has answered, or the reply day has passed. A fact may name the body."""
    body = facts.get(params["body"]) or params["body"]
    label = method.body(body).label if body in method.body_ids else None
    asked = [one for one in facts.get("consultations") or [] if one.get("body") == body]
    if not asked:
        return CheckResult(False, "not_asked", N_("The working group has not been asked."), {"body": label})
    if any(one.get("replied") for one in asked):
        return CheckResult(True, "answered", N_("The working group has answered."), {"body": label})
    latest = min(one["reply_by"] for one in asked)
    if str(facts["today"]) > latest:
        return CheckResult(True, "reply_day_passed", N_("The reply day has passed."), {"body": label})
    return CheckResult(
        False, "waiting_for_reply", N_("The answer is due on %(day)s."), {"day": date.fromisoformat(latest)}
    )


@kind("conflict_free")
def conflict_free(params: Params, facts: Facts, method: Method) -> CheckResult:
    """Everyone who scores has declared interests, and no conflicted score counts."""
    records = [one for one in facts.get(params["of"]) or [] if one.get("state") != "declined"]
    submitted = [one for one in records if one.get("state") == "submitted"]
    if not submitted:
        return CheckResult(False, "nobody_assessed", N_("No assessment is in yet."))
    undeclared = [one for one in submitted if not one.get("declared")]
    if undeclared:
        return CheckResult(
            False,
            "undeclared",
            N_("%(number)d assessors have not declared their interests."),
            {"number": len(undeclared)},
        )
    conflicted = [one for one in submitted if one.get("conflicted")]
    if conflicted:
        return CheckResult(
            False,
            "conflicted",
            N_("%(number)d assessments come from somebody with a conflict of interest."),
            {"number": len(conflicted)},
        )
    return CheckResult(True, "conflict_free", N_("All have declared, and nobody has a conflict of interest."))


@kind("date")
def date_check(params: Params, facts: Facts, method: Method) -> CheckResult:
    """A date compares as asked. Bounds are ISO dates, facts, "today", or today with a span (+10y, +6m, +30d)."""
    actual = facts.get(params["field"])
    if not is_present(actual):
        return CheckResult(False, "no_date", N_("There is no date yet."))
    day = date.fromisoformat(str(actual))
    bounds = [_bound(one, facts) for one in _as_list(params["than"])]
    met = {
        "between": lambda: bounds[0] < day <= bounds[-1],
        "after": lambda: day > bounds[0],
        "before": lambda: day < bounds[0],
    }[params["op"]]()
    values = {"day": day, "first": bounds[0], "last": bounds[-1]}
    if met:
        return CheckResult(True, "date_fits", N_("%(day)s."), values)
    return CheckResult(False, "date_outside", N_("%(day)s does not lie between %(first)s and %(last)s."), values)


def _as_list(value: Any) -> Sequence[Any]:
    return value if isinstance(value, list | tuple) else [value]


def _bound(text: str, facts: Facts) -> date:
    name, plus, span = str(text).partition("+")
    start = date.fromisoformat(str(facts.get(name) or name))
    if not plus:
        return start
    number, unit = int(span[:-1]), {"y": "years", "m": "months", "d": "days"}[span[-1]]
    return start + relativedelta(**{unit: number})  # type: ignore[arg-type]


@kind("permits")
def permits(params: Params, facts: Facts, method: Method) -> CheckResult:
    """Each permit is granted for the whole period of the bookings, or judged not needed with a reason."""
    live = [one for one in facts.get("bookings") or [] if not one.get("cancelled")]
    if not live:
        return CheckResult(False, "nothing_booked", N_("Nothing is booked, so the permits cannot be tried yet."))
    first = min(str(one["starts_at"]) for one in live)[:10]
    last = max(str(one["ends_at"]) for one in live)[:10]
    waiting = [one for one in facts.get("permits") or [] if not _permit_holds(one, first, last)]
    values = {"names": [name_of(method, one) for one in waiting]}
    if waiting:
        return CheckResult(False, "permits_missing", N_("Not granted for the whole period: %(names)s."), values)
    return CheckResult(True, "permits_hold", N_("Every permit covers the whole period."), values)


def _permit_holds(permit: Mapping[str, Any], first: str, last: str) -> bool:
    if permit.get("state") == "not_needed":
        return is_present(permit.get("reason"))
    if permit.get("state") != "granted":
        return False
    return str(permit.get("valid_from") or "9999") <= first and str(permit.get("valid_to") or "0000") >= last


@kind("attest")
def attest(params: Params, facts: Facts, method: Method) -> CheckResult:
    """Somebody in the role vouches for it in words; with `each`, somebody for every part."""
    own = [
        one
        for one in facts.get("attestations") or []
        if one.get("criterion") == facts.get("_criterion") and one.get("role") == params["role"]
        and len(str(one.get("text") or "").strip()) >= params["min"]
    ]  # fmt: skip
    role = method.term("platform_role", params["role"]).label
    if not own:
        return CheckResult(False, "not_attested", N_("%(role)s has not vouched for it yet."), {"role": role})
    parts = set(facts.get(params["each"]) or []) if params.get("each") else set()
    missing = parts - {one.get("part") for one in own}
    if missing:
        values = {"role": role, "number": len(missing)}
        return CheckResult(
            False, "parts_missing", N_("Sites that have not vouched for their part yet: %(number)d."), values
        )
    return CheckResult(True, "attested", N_("%(role)s vouches for it."), {"role": role})
