"""How a case is measured, as it is sent and answered."""

from missions_app.api.shapes import input_of, output_of
from missions_app.indicators.indicator_service import IndicatorValues
from missions_app.indicators.models import IndicatorPlan

IndicatorIn = input_of(IndicatorValues)
IndicatorOut = output_of(
    IndicatorPlan, "id", "library_key", "label_sv", "label_en", "level", "unit", "direction", "frequency", "source",
    "baseline_value", "baseline_on", "target_value", "target_low", "target_on", "milestones", "split_by",
    "owner_function", "version",
    name="IndicatorOut",
)  # fmt: skip
