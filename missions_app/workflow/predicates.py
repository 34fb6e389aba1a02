"""Conditions over named facts, as data. Pure.

{fact = "municipalities", op = "more_than", value = 1}, or {all = [...]}, {any = [...]}, {not = {...}}.
"""

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

OPS = ("equals", "in", "at_least", "more_than", "present", "contains_any")


class Predicate(BaseModel):
    """Exactly one of: a comparison of a fact, `all`, `any` or `not`."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)

    fact: str | None = None
    op: Literal["equals", "in", "at_least", "more_than", "present", "contains_any"] | None = None
    value: Any = None
    all_of: Annotated[tuple["Predicate", ...] | None, Field(alias="all")] = None
    any_of: Annotated[tuple["Predicate", ...] | None, Field(alias="any")] = None
    not_: Annotated["Predicate | None", Field(alias="not")] = None

    @model_validator(mode="after")
    def _one_form(self) -> "Predicate":
        forms = [self.fact is not None, self.all_of is not None, self.any_of is not None, self.not_ is not None]
        if sum(forms) != 1:
            raise ValueError("a predicate is one comparison, or one of all, any, not")
        if (self.fact is None) != (self.op is None):
            raise ValueError("a comparison names a fact and an op")
        return self

    def facts(self) -> frozenset[str]:
        """The names of every fact it reads."""
        inner = [*(self.all_of or ()), *(self.any_of or ()), *((self.not_,) if self.not_ else ())]
        own = frozenset({self.fact}) if self.fact else frozenset()
        return own.union(*(part.facts() for part in inner))


def holds(predicate: Predicate, facts: Mapping[str, Any]) -> bool:
    """Whether the condition holds. A missing fact is None: it equals nothing but None and is not present."""
    if predicate.all_of is not None:
        return all(holds(part, facts) for part in predicate.all_of)
    if predicate.any_of is not None:
        return any(holds(part, facts) for part in predicate.any_of)
    if predicate.not_ is not None:
        return not holds(predicate.not_, facts)
    return _compare(predicate.op, facts.get(str(predicate.fact)), predicate.value)


def _compare(op: str | None, actual: Any, expected: Any) -> bool:
    match op:
        case "equals":
            return bool(actual == expected)
        case "in":
            return actual in expected
        case "contains_any":
            return bool(set(actual or ()) & set(expected))
        case "present":
            return is_present(actual)
        case "at_least":
            return actual is not None and actual >= expected
        case "more_than":
            return actual is not None and actual > expected
    raise ValueError(f"unknown op {op!r}")


def is_present(value: Any) -> bool:
    """Whether something was filled in: zero and False count, blank text and empty lists do not."""
    if isinstance(value, str):
        return bool(value.strip())
    return value is not None and value != [] and value != {}
