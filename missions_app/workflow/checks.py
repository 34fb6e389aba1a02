"""The kinds of check a criterion may use: small pure functions over facts.

Each takes (params, facts, method) and answers with a `CheckResult`: whether it is met and, in a coded sentence with
values, what is there and what is missing.
"""

from missions_app.errors import Problem
from missions_app.i18n import N_
from missions_app.workflow import evidence_checks, record_checks
from missions_app.workflow.check_kinds import KINDS, CheckResult, Facts, Params
from missions_app.workflow.method import Method
from missions_app.workflow.method_parts import Guard
from missions_app.workflow.predicates import is_present

# Importing these registers their kinds.
__all__ = ["KINDS", "CheckResult", "check", "evidence_checks", "guard_problems", "record_checks"]


def check(kind: str, params: Params, facts: Facts, method: Method) -> CheckResult:
    """Run one check; KeyError for a kind the engine does not know (validation refuses such files)."""
    return KINDS[kind](params, facts, method)


def guard_problems(guard: Guard, facts: Facts, method: Method) -> list[Problem]:
    """What a move's guard misses, as problems that name the field where there is one."""
    problems = []
    for one in guard.checks:
        if one.check == "present":
            problems += [
                Problem("missing", N_("Fill this in before you send."), name)
                for name in one.params["fields"]
                if not is_present(facts.get(name))
            ]
            continue
        result = check(one.check, one.params, facts, method)
        if not result.met:
            problems.append(Problem(result.code, result.sentence, _field_of(one.check, one.params), result.values))
    return problems


def _field_of(kind: str, params: Params) -> str | None:
    return {"indicator_complete": "indicators"}.get(kind) or params.get("field") or params.get("of")
