"""The arithmetic of a rubric. Pure.

Scores are whole numbers 0 to 4 per criterion, None for an abstention; weights are per cent and sum to 100.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean, median

Scores = Mapping[str, int | None]


@dataclass(frozen=True, slots=True)
class CriterionSummary:
    """One criterion over all assessors: how many scored, how many abstained, median, mean and spread (max - min)."""

    criterion: str
    scored: int
    abstained: int
    median: float | None
    mean: float | None
    spread: int


def weighted(scores: Scores, weights: Mapping[str, int]) -> float | None:
    """One assessor's result on the scale 0 to 4: sum of weight x score over the weights of what was scored.

    An abstention takes its weight out of the sum; None when everything was abstained from.
    """
    used = {criterion: score for criterion, score in scores.items() if score is not None and criterion in weights}
    total = sum(weights[criterion] for criterion in used)
    if not total:
        return None
    return sum(weights[criterion] * score for criterion, score in used.items()) / total


def mean_of(results: Iterable[float | None]) -> float | None:
    """The mean of the assessors' results that exist; None when there are none."""
    present = [result for result in results if result is not None]
    return fmean(present) if present else None


def summaries(all_scores: Sequence[Scores], criteria: Iterable[str]) -> list[CriterionSummary]:
    """One summary per criterion, in the given order."""
    found = []
    for criterion in criteria:
        given = [scores.get(criterion) for scores in all_scores]
        present = [score for score in given if score is not None]
        found.append(
            CriterionSummary(
                criterion, len(present), len(given) - len(present),
                float(median(present)) if present else None, fmean(present) if present else None,
                max(present) - min(present) if present else 0,
            )
        )  # fmt: skip
    return found


def knocked_out(all_scores: Sequence[Scores], least: Mapping[str, int]) -> list[str]:
    """The criteria whose mean lies below their knock-out limit (a limit of 0 never knocks out)."""
    return [
        summary.criterion
        for summary in summaries(all_scores, least)
        if summary.mean is not None and summary.mean < least[summary.criterion]
    ]


def gaps(all_scores: Sequence[Scores], criteria: Iterable[str], max_spread: int) -> list[str]:
    """The criteria on which assessors are further apart than the method accepts."""
    return [summary.criterion for summary in summaries(all_scores, criteria) if summary.spread > max_spread]
