"""The scale of a chart: round values that a reader knows at a glance."""

from math import ceil, floor, log10

# A picture is divided into at most so many steps, each 1, 2, 2.5 or 5 of some power of ten.
MOST_STEPS = 4
ROUND_STEPS = (1.0, 2.0, 2.5, 5.0, 10.0)


def even_scale(low: float, high: float) -> list[float]:
    """Round values at even distances, the first at or below `low`, the last at or above `high`; at least two."""
    if high <= low:
        high = low + max(1.0, abs(low))
    power = 10.0 ** floor(log10((high - low) / MOST_STEPS))
    # The bounds are rounded outwards, which may take one step more than the span itself: so up to twice the span.
    steps = (power * part for part in (*ROUND_STEPS, 20.0))
    step = next(one for one in steps if ceil(high / one) - floor(low / one) <= MOST_STEPS)
    return [place * step for place in range(floor(low / step), ceil(high / step) + 1)]
