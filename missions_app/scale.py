"""The scale of a chart: round values that a reader knows at a glance."""

from itertools import count
from math import ceil, floor, log10

# A picture is divided into at most so many steps, each 1, 2, 2.5 or 5 of some power of ten.
MOST_STEPS = 4
ROUND_STEPS = (1.0, 2.0, 2.5, 5.0)


def even_scale(low: float, high: float, *, whole: bool = False) -> list[float]:
    """Round values at even distances, the first at or below `low`, the last at or above `high`; at least two.

    Args:
        whole: what is counted comes in whole numbers, so there are no values between them.
    """
    if high <= low:
        high = low + max(1.0, abs(low))
    power = floor(log10((high - low) / MOST_STEPS))
    steps = (10.0**place * part for place in count(power) for part in ROUND_STEPS)
    # The bounds are rounded outwards, which may take one step more than the span itself.
    fitting = (one for one in steps if ceil(high / one) - floor(low / one) <= MOST_STEPS)
    step = next(one for one in fitting if not whole or one % 1 == 0)
    return [place * step for place in range(floor(low / step), ceil(high / step) + 1)]
