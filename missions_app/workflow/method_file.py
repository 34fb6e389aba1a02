"""Reading a method file: parsed and validated whole, every problem found in one run. Pure.

Each problem has a place in the file, a reason and a remedy, as coded sentences that are translated when shown.
"""

import hashlib
import tomllib
from dataclasses import dataclass, field
from typing import Any

from pydantic import ValidationError

from missions_app.errors import InvalidInput, Problem
from missions_app.i18n import N_
from missions_app.workflow.method import Method
from missions_app.workflow.method_document import load
from missions_app.workflow.method_references import reference_problems

REASONS: dict[str, tuple[str, str]] = {
    "extra_forbidden": (N_("The key is unknown."), N_("Remove it, or check its spelling.")),
    "missing": (N_("The key is missing."), N_("Add it.")),
    "string_too_short": (N_("The text is empty."), N_("Write the text in this language.")),
    "string_pattern_mismatch": (
        N_("The value has the wrong form."),
        N_("Use small letters, digits, dots and underscores."),
    ),
    "literal_error": (N_("The value is not one of those allowed."), N_("Use one of: %(expected)s.")),
    "too_short": (N_("There are too few."), N_("Give at least %(min_length)s.")),
    "too_long": (N_("There are too many."), N_("Give at most %(max_length)s.")),
}
OTHER = (N_("The value has the wrong type."), N_("See how the other entries are written."))


@dataclass(frozen=True, slots=True)
class MethodProblem:
    """One thing wrong with a file: where, why and what to do (msgids with their values)."""

    place: str
    code: str
    reason: str
    remedy: str
    values: dict[str, Any] = field(default_factory=dict)


class MethodProblems(InvalidInput):
    """A method file does not hold together; `found` lists everything."""

    code = "method_problems"
    message = "The method file does not hold together."

    def __init__(self, found: list[MethodProblem]) -> None:
        super().__init__()
        self.found = found
        self.problems = tuple(Problem(one.code, one.reason, one.place, one.values) for one in found)


def checksum(document: str) -> str:
    """The SHA-256 of the document's bytes, in hexadecimal."""
    return hashlib.sha256(document.encode("utf-8")).hexdigest()


def parse_method(document: str) -> Method:
    """The method a document describes.

    Raises:
        MethodProblems: lists every problem of form, or else every problem of reference.
    """
    try:
        raw = load(document)
    except tomllib.TOMLDecodeError as error:
        problem = MethodProblem(
            "", "not_toml", N_("The file is not valid TOML: %(why)s."), N_("Mend the line."), {"why": str(error)}
        )
        raise MethodProblems([problem]) from error
    try:
        method = Method.model_validate(raw)
    except ValidationError as error:
        raise MethodProblems([_problem_of(one, raw) for one in error.errors()]) from error
    found = reference_problems(method)
    if found:
        raise MethodProblems([MethodProblem(*one) for one in found])
    return method


def _problem_of(error: Any, raw: dict[str, Any]) -> MethodProblem:
    reason, remedy = REASONS.get(error["type"], OTHER)
    language = error["loc"][-1] if error["loc"] else ""
    if error["type"] == "missing" and language in ("sv", "en"):
        reason, remedy = N_("A language is missing."), N_("Write the text in both languages.")
    return MethodProblem(_place(error["loc"], raw), error["type"], reason, remedy, dict(error.get("ctx") or {}))


def _place(location: tuple[Any, ...], raw: Any) -> str:
    """ "gate[g1].criterion[g1.rubric].params": rows are named by their id, as a reader would look them up."""
    parts: list[str] = []
    here = raw
    for step in location:
        try:
            here = here[step]
        except (KeyError, IndexError, TypeError):
            here = None
        if isinstance(step, int):
            name = (here.get("id") or here.get("subject")) if isinstance(here, dict) else None
            parts[-1] += f"[{name or step + 1}]"
        else:
            parts.append(str(step))
    return ".".join(parts)
