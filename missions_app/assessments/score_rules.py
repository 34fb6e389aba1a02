"""What a set of scores must hold before it may be sent in. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass

from missions_app.errors import Problem
from missions_app.i18n import N_
from missions_app.workflow.method import Rubric


@dataclass(frozen=True, slots=True)
class GivenScore:
    """One score as written: a step of the scale, or None; abstained says that None is meant; reason in words."""

    value: int | None = None
    abstained: bool = False
    reason: str = ""


def wrong(scores: Mapping[str, GivenScore], rubric: Rubric) -> list[Problem]:
    """Scores that can never be saved: outside the scale, or on a criterion the rubric does not have."""
    known = {one.id for one in rubric.criteria}
    found = [
        Problem("unknown_criterion", N_("The rubric has no such criterion."), key) for key in scores if key not in known
    ]
    found += [
        Problem("outside_scale", N_("Choose one of the steps %(least)d to %(most)d."), key,
                {"least": min(rubric.scale), "most": max(rubric.scale)})
        for key, given in scores.items()
        if key in known and given.value is not None and given.value not in rubric.scale
    ]  # fmt: skip
    return found


def incomplete(scores: Mapping[str, GivenScore], rubric: Rubric) -> list[Problem]:
    """What is missing before the scores may be sent in: a score or an abstention on each criterion, and a reason
    for every abstention and every score at or below the rubric's limit."""
    found = []
    for criterion in rubric.criteria:
        given = scores.get(criterion.id, GivenScore())
        values = {"criterion": criterion.label}
        if given.abstained:
            if not given.reason.strip():
                found.append(Problem("abstention_reason", N_("Write why you abstain on “%(criterion)s”."),
                                     f"{criterion.id}_reason", values))  # fmt: skip
        elif given.value is None:
            found.append(Problem("score_missing", N_("Score “%(criterion)s”, or abstain."), criterion.id, values))
        elif given.value <= rubric.require_comment_at_or_below and not given.reason.strip():
            found.append(
                Problem("reason_missing", N_("Write a reason for “%(criterion)s” that the proposer can act on."),
                        f"{criterion.id}_reason", values)
            )  # fmt: skip
    return found
