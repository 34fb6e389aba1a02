"""When the next value of an indicator is due. Pure."""

from collections.abc import Iterable, Mapping
from datetime import date

from dateutil.relativedelta import relativedelta

MONTHS = {"monthly": 1, "quarterly": 3, "three_per_year": 4, "yearly": 12}


def next_due(frequency: str, last: date | None, milestones: Mapping[str, float], target_on: date | None) -> date | None:
    """The day by which a value is owed: a period after the last one, or the milestone or target day that comes first.

    Args:
        last: the day of the newest value handed in, approved or not, or of the baseline; None when there is neither.
        milestones: values by their days as ISO dates.

    Returns:
        None when nothing says when: then nothing is owed.
    """
    if last is None:
        return None
    marks: Iterable[date | None] = (*(date.fromisoformat(day) for day in milestones), target_on)
    days = [day for day in marks if day is not None and day > last]
    if frequency in MONTHS:
        days.append(last + relativedelta(months=MONTHS[frequency]))
    return min(days, default=None)
