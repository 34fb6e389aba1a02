"""Why a series is refused."""

from collections.abc import Sequence
from typing import Any

from missions_app.errors import Conflict, Problem


class SeriesRefused(Conflict):
    """Some dates of a series cannot be had; each is a problem at its own local start. `checks` are all its dates."""

    code = "series_refused"
    message = "Every date is left out. Keep at least one."

    checks: Sequence[Any] = ()

    @classmethod
    def of_dates(cls, checks: Sequence[Any], problems: Sequence[Problem]) -> "SeriesRefused":
        """The refusal with everything that is wrong, or that nothing is left."""
        error = cls()
        error.checks = checks
        if problems:
            error.problems = tuple(problems)
        return error


class NothingToChange(Conflict):
    """Everything that is asked for has passed or is over; the past is never touched."""

    code = "nothing_to_change"
    message = "These dates have passed or are over already, so nothing was changed."
