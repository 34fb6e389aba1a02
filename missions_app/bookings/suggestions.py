"""What a search answers with: times at which all of it can be had, and those that a rule keeps from somebody. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from missions_app.bookings.intervals import Interval
from missions_app.bookings.merits import Choice, Reason
from missions_app.errors import Problem
from missions_app.sites.models import Resource

# A place that is suggested again weighs as so many days of waiting.
REPEATED_DAYS = 2


@dataclass(frozen=True, slots=True)
class Suggestion:
    """Resources that can all be had for one time of use, one for each need in order, with the reasons."""

    use: Interval
    choices: tuple[Choice, ...]
    reasons: tuple[Reason, ...]
    price_ore: int
    rank: float

    @property
    def place(self) -> int:
        """The id of the resource that is the place."""
        return self.choices[0].bookable.resource.id

    @property
    def site_id(self) -> int:
        """The id of the site that is the place."""
        return self.choices[0].bookable.resource.site_id


@dataclass(frozen=True, slots=True)
class Barred:
    """A time that is free but not for the reader: what a request for it would be refused for, and of which resource."""

    suggestion: Suggestion
    problems: Sequence[tuple[Resource, Problem]]

    @property
    def codes(self) -> set[str]:
        """The rules that stand in the way, by their codes."""
        return {problem.code for _resource, problem in self.problems}


def varied(ranked: Sequence[Suggestion], most: int) -> list[Suggestion]:
    """The best ones, where each repetition of a place weighs as some days of waiting."""
    left = list(ranked)
    chosen: list[Suggestion] = []
    seen: dict[int, int] = {}
    while left and len(chosen) < most:
        best = min(left, key=lambda one: one.rank + REPEATED_DAYS * seen.get(one.place, 0))
        left.remove(best)
        chosen.append(best)
        seen[best.place] = seen.get(best.place, 0) + 1
    return chosen
