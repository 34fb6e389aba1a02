"""Checks that look at records: whether they are there, how many, how different, and what they cover."""

from collections import defaultdict
from typing import Any

from missions_app.i18n import N_
from missions_app.workflow.check_kinds import (
    CheckResult,
    Facts,
    FieldName,
    Params,
    kind,
    matches,
    name_of,
    records,
    term_of,
)
from missions_app.workflow.method import Method
from missions_app.workflow.predicates import Predicate, holds, is_present


@kind("present")
def present(params: Params, facts: Facts, method: Method) -> CheckResult:
    """All named fields are filled in."""
    missing = [name for name in params["fields"] if not is_present(facts.get(name))]
    if missing:
        return CheckResult(
            False, "fields_missing", N_("Missing: %(fields)s."), {"fields": [FieldName(n) for n in missing]}
        )
    return CheckResult(True, "fields_present", N_("Everything is filled in."))


@kind("min_length")
def min_length(params: Params, facts: Facts, method: Method) -> CheckResult:
    """The texts have at least so many characters."""
    wanted = [{"field": params["field"], "min": params["min"]}, *params.get("also", [])]
    for one in wanted:
        length = len(str(facts.get(one["field"]) or "").strip())
        if length < one["min"]:
            values = {"field": FieldName(one["field"]), "length": length, "least": one["min"]}
            return CheckResult(
                False, "too_short", N_("%(field)s has %(length)d characters; at least %(least)d are needed."), values
            )
    return CheckResult(True, "long_enough", N_("The text is long enough."))


@kind("one_of")
def one_of(params: Params, facts: Facts, method: Method) -> CheckResult:
    """The field's value is in the list, and what the value itself requires holds."""
    value = facts.get(params["field"])
    if value not in params["values"]:
        return CheckResult(False, "not_one_of", N_("Choose one of those the method lists."))
    for rule in params.get("requires", []):
        if value == rule["value"] and not holds(Predicate.model_validate(rule["holds"]), facts):
            return CheckResult(False, "requirement_of_value", N_("The choice “other” needs more, see the remedy."))
    return CheckResult(True, "one_of", N_("The choice is one of the method's."))


@kind("count")
def count(params: Params, facts: Facts, method: Method) -> CheckResult:
    """The number of records lies in the range, and so do the parts named by `including`."""
    found = records(facts, params["of"], params.get("where"))
    least, most, number = params.get("min", 0), params.get("max"), len(found)
    values = {"number": number, "least": least, "most": most}
    if number < least:
        if params.get("or_reason") and is_present(facts.get(params["or_reason"])):
            return CheckResult(True, "reason_given", N_("There are fewer, with a reason."), values)
        return CheckResult(False, "too_few", N_("There are %(number)d; at least %(least)d are needed."), values)
    if most is not None and number > most:
        return CheckResult(False, "too_many", N_("There are %(number)d; at most %(most)d may be."), values)
    for part in params.get("including", []):
        inside = sum(matches(record, part["where"]) for record in found)
        if inside < part["min"]:
            values |= {"inside": inside, "part": part["min"]}
            return CheckResult(
                False,
                "part_missing",
                N_("There are %(number)d, but %(inside)d of the kind of which %(part)d are needed."),
                values,
            )
    return CheckResult(True, "enough", N_("There are %(number)d."), values)


@kind("distinct")
def distinct(params: Params, facts: Facts, method: Method) -> CheckResult:
    """The number of different values. With `independent`, affiliated organisations give one voice: their group's."""
    found = records(facts, params["of"], params.get("where"))
    by = str({"independent_group": "group"}.get(params["by"], params["by"]))
    if params.get("independent") and by != "group":
        # One voice per group: the value of its first member, so that a municipality's company adds no sector.
        first: dict[Any, Any] = {}
        for record in found:
            first.setdefault(record.get("group"), record.get(by))
        present = set(first.values())
    else:
        present = {record.get(by) for record in found}
    present.discard(None)
    names = [_voice(method, by, value, found) for value in sorted(present, key=str)]
    values = {"number": len(present), "least": params["min"], "names": names}
    if len(present) >= params["min"]:
        return CheckResult(True, "enough_kinds", N_("%(number)d: %(names)s."), values)
    if not present:
        return CheckResult(False, "no_kinds", N_("There is none yet; %(least)d are needed."), values)
    return CheckResult(False, "too_few_kinds", N_("%(number)d of %(least)d: %(names)s."), values)


def _voice(method: Method, by: str, value: Any, found: list[Any]) -> Any:
    """A group is called by its first member, everything else by its own word."""
    if by != "group":
        return term_of(method, by, value)
    first = next(record for record in found if record.get("group") == value)
    return first.get("name") or first.get("organisation") or value


@kind("all")
def all_meet(params: Params, facts: Facts, method: Method) -> CheckResult:
    """Every record of the filter meets the requirement; an empty list passes only if the method says so."""
    found = records(facts, params["of"], params.get("where"))
    if not found:
        if params.get("allow_empty"):
            return CheckResult(True, "none_needed", N_("There is nothing that needs it."))
        return CheckResult(False, "nothing_there", N_("Nothing has been entered yet."))
    failing = [record for record in found if not matches(record, params["must"])]
    values = {"number": len(found), "failing": len(failing), "names": [name_of(method, r) for r in failing]}
    if failing:
        return CheckResult(False, "some_fail", N_("%(failing)d of %(number)d do not meet it: %(names)s."), values)
    sentence = N_("All %(number)d meet it.") if len(found) > 1 else N_("The only one there is meets it.")
    return CheckResult(True, "all_meet", sentence, values)


@kind("share_max")
def share_max(params: Params, facts: Facts, method: Method) -> CheckResult:
    """No single group gives more than this share of the value. Nothing valued yet is not met."""
    sums: dict[Any, float] = defaultdict(float)
    key = str({"value_sek": "value_ore"}.get(params["value"], params["value"]))
    by = str({"independent_group": "group"}.get(params["by"], params["by"]))
    for record in records(facts, params["of"]):
        if record.get("state") not in ("withdrawn", "offered"):
            sums[record.get(by)] += record.get(key) or 0
    total = sum(sums.values())
    if not total:
        return CheckResult(False, "nothing_valued", N_("No promise has a value yet."))
    share = max(sums.values()) / total
    values = {"percent": round(share * 100), "limit": round(params["max"] * 100)}
    if share > params["max"]:
        return CheckResult(
            False, "share_too_large", N_("The largest gives %(percent)d per cent; the limit is %(limit)d."), values
        )
    return CheckResult(True, "balanced", N_("The largest gives %(percent)d per cent."), values)


@kind("covers")
def covers(params: Params, facts: Facts, method: Method) -> CheckResult:
    """Every need of the priority is covered, or planned with a date where a plan is accepted. None is not met."""
    needs = [need for need in facts.get(params["needs"]) or [] if need.get("priority") == params["priority"]]
    if not needs:
        return CheckResult(False, "no_needs", N_("No need has been entered yet."))
    open_needs = [
        need for need in needs if not need.get("covered") and not (params.get("or_plan") and need.get("plan_date"))
    ]
    covered = sum(bool(need.get("covered")) for need in needs)
    values = {"number": len(needs), "covered": covered, "planned": len(needs) - covered - len(open_needs)}
    if open_needs:
        return CheckResult(
            False, "needs_open", N_("%(covered)d of %(number)d are covered, %(planned)d are planned."), values
        )
    return CheckResult(
        True, "needs_covered", N_("%(covered)d of %(number)d are covered, %(planned)d are planned."), values
    )
