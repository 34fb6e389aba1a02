"""Indicators for tests."""

from datetime import date
from typing import Any

from missions_app.indicators.indicator_service import IndicatorValues


def whole_indicator(owner_id: int | None, **values: Any) -> IndicatorValues:
    """An indicator of effect from the library with everything that is needed."""
    whole: dict[str, Any] = {
        "library_key": "ka.peak_flow", "baseline_value": 0.0, "baseline_on": date(2026, 1, 1), "target_value": 30.0,
        "target_on": date(2029, 6, 30), "source": "Nivågivare", "owner_id": owner_id,
        "owner_function": "VA-ingenjör", "frequency": "per_test",
    }  # fmt: skip
    return IndicatorValues(**(whole | values))
