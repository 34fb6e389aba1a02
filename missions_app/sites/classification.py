"""What kind of site a place is, from the answers to the method's questions. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass

from missions_app.workflow.method import Method
from missions_app.workflow.method_places import SiteQuestion, SiteType
from missions_app.workflow.predicates import holds


@dataclass(frozen=True, slots=True)
class Classification:
    """The type, and the questions whose answers decided it."""

    type: SiteType
    because: tuple[SiteQuestion, ...]


def unanswered(answers: Mapping[str, str], method: Method) -> list[SiteQuestion]:
    """The questions without an answer the method knows."""
    return [one for one in method.site_question if answers.get(one.id) not in {value.id for value in one.values}]


def classify(answers: Mapping[str, str], method: Method) -> Classification | None:
    """The type of the first rule that holds over the answers; None while questions are unanswered or no rule holds."""
    if unanswered(answers, method):
        return None
    for rule in sorted(method.site_rule, key=lambda one: one.order):
        if holds(rule.when, answers):
            asked = rule.when.facts()
            because = tuple(one for one in method.site_question if one.id in asked)
            return Classification(method.term("site_type", rule.type), because)  # type: ignore[arg-type]
    return None
