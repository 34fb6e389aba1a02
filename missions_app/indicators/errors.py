"""Why an indicator is refused."""

from missions_app.errors import Conflict, InvalidInput


class UnknownIndicator(InvalidInput):
    """The library has no such indicator."""

    code = "unknown_indicator"
    message = "Choose an indicator from the list, or describe your own."


class LabelMissing(InvalidInput):
    """An own indicator needs a name."""

    code = "label_missing"
    message = "Write what is measured."


class UnitMissing(InvalidInput):
    """A figure without a unit says nothing."""

    code = "unit_missing"
    message = "Write the unit, for example minutes or per cent."


class SameAsBaseline(InvalidInput):
    """A target that is the baseline asks for nothing."""

    code = "same_as_baseline"
    message = "The target is the same as the baseline. Write what it shall become."


class WrongWay(InvalidInput):
    """The target lies on the wrong side of the baseline for the chosen direction."""

    code = "wrong_way"
    message = "The target lies on the wrong side of the baseline. Check the figures, or which way is better."


class IndicatorRemoved(Conflict):
    """Somebody took the indicator away meanwhile."""

    code = "indicator_removed"
    message = "This indicator has been removed. Add it again if you need it."


class BaselineThere(Conflict):
    """What values are held against is not entered twice."""

    code = "baseline_there"
    message = "The indicator has a baseline already. Whoever plans how the mission is measured can change it."
