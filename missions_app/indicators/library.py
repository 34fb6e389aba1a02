"""The method's library of indicators. Pure."""

from missions_app.workflow.method import Method
from missions_app.workflow.method_parts import Indicator

BASELINE_KINDS = ("measured", "documented", "before_test", "example")
BEFORE_TEST = "before_test"
LEVELS = ("outcome", "impact", "output", "process")
DIRECTIONS = ("down", "up", "hold", "range")
RANGE = "range"
FREQUENCIES = ("per_test", "per_event", "monthly", "quarterly", "three_per_year", "yearly")
_everywhere = "cross_cutting"


def indicators_for(method: Method, theme: str) -> list[Indicator]:
    """The theme's indicators, effects first; all of them when no theme is chosen."""
    chosen = [one for one in method.indicator if not theme or one.theme == theme]
    return sorted(chosen, key=lambda one: LEVELS.index(one.level))


def shared_indicators(method: Method) -> list[Indicator]:
    """Indicators followed whatever the theme."""
    return [one for one in method.indicator if one.theme == _everywhere]


def find_indicator(method: Method, key: str) -> Indicator | None:
    """An indicator of the library by its key, or None."""
    return next((one for one in method.indicator if one.id == key), None)
