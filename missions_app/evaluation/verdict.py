"""The short answer: did it work, as far as the figures tell? Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum


class Verdict(StrEnum):
    """What the figures of all outcome indicators say together."""

    REACHED = "reached"
    PARTLY = "partly"
    ON_THE_WAY = "on_the_way"
    BOTH_WAYS = "both_ways"
    NO_CHANGE = "no_change"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Outcome:
    """One indicator: whether its target is reached and the share of the way there; None is unknown."""

    reached: bool | None
    share: float | None


def verdict(outcomes: Sequence[Outcome]) -> Verdict:
    """One word for all of them. What has no value does not count against the rest; with no value at all nothing is
    known."""
    known = [one for one in outcomes if one.reached is not None]
    if not known:
        return Verdict.UNKNOWN
    if all(one.reached for one in known):
        return Verdict.REACHED if len(known) == len(outcomes) else Verdict.PARTLY
    if any(one.reached for one in known):
        return Verdict.PARTLY
    shares = [one.share for one in known if one.share is not None]
    if any(share > 0 for share in shares):
        return Verdict.BOTH_WAYS if any(share < 0 for share in shares) else Verdict.ON_THE_WAY
    return Verdict.NO_CHANGE
