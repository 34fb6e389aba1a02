"""Units of measurement: exact conversions, and whether values of several cases may be added. Pure.

Factors are those of the SI and are exact; a conversion that needs an assumption (a density, an exchange rate) does not
exist here. Units are written as in the method's library.
"""

from fractions import Fraction

# unit -> (what is measured, how many of the smallest unit it is)
_SIZES: dict[str, tuple[str, Fraction]] = {
    "g": ("mass", Fraction(1)),
    "kg": ("mass", Fraction(1_000)),
    "ton": ("mass", Fraction(1_000_000)),
    "kg CO2e/år": ("emissions", Fraction(1)),
    "ton CO2e/år": ("emissions", Fraction(1_000)),
    "kg N/år": ("nitrogen", Fraction(1)),
    "ton N/år": ("nitrogen", Fraction(1_000)),
    "kg P/år": ("phosphorus", Fraction(1)),
    "ton P/år": ("phosphorus", Fraction(1_000)),
    "m²": ("area", Fraction(1)),
    "ha": ("area", Fraction(10_000)),
    "km²": ("area", Fraction(1_000_000)),
    "l": ("volume", Fraction(1)),
    "m³": ("volume", Fraction(1_000)),
    "l/år": ("volume a year", Fraction(1)),
    "m³/år": ("volume a year", Fraction(1_000)),
    "mm": ("length", Fraction(1)),
    "cm": ("length", Fraction(10)),
    "m": ("length", Fraction(1_000)),
    "km": ("length", Fraction(1_000_000)),
    "minuter": ("time", Fraction(1)),
    "h": ("time", Fraction(60)),
    "kWh/år": ("energy a year", Fraction(1)),
    "MWh/år": ("energy a year", Fraction(1_000)),
    "GWh/år": ("energy a year", Fraction(1_000_000)),
    "W": ("power", Fraction(1)),
    "kW": ("power", Fraction(1_000)),
    "MW": ("power", Fraction(1_000_000)),
    "SEK": ("money", Fraction(1)),
    "tkr": ("money", Fraction(1_000)),
    "mkr": ("money", Fraction(1_000_000)),
}
# Amounts: those of two missions together are their sum. Shares, rates, levels and temperatures are not.
ADDITIVE = frozenset(
    {
        "antal", "datamängd", "g", "ha", "kg", "kg CO2e/år", "kg N/år", "kg P/år", "km²", "kWh/år", "l", "l/år",
        "m²", "m³", "m³/år", "mkr", "MWh/år", "GWh/år", "SEK", "SEK/år", "tkr", "tillfälle", "ton", "ton CO2e/år",
        "ton N/år", "ton P/år", "årsarbetskrafter",
    }
)  # fmt: skip


def units_for(unit: str) -> list[str]:
    """Every unit a value of `unit` may be typed in, `unit` itself first."""
    if unit not in _SIZES:
        return [unit]
    kind = _SIZES[unit][0]
    return [unit, *(other for other, (measured, _size) in _SIZES.items() if measured == kind and other != unit)]


def convert(value: float, *, given: str, wanted: str) -> float:
    """The value in the wanted unit, exact but for the last rounding to a float.

    Raises:
        ValueError: one cannot be turned into the other.
    """
    if given == wanted:
        return value
    if given not in units_for(wanted):
        raise ValueError(f"{given} cannot be turned into {wanted}")
    return float(Fraction(str(value)) * _SIZES[given][1] / _SIZES[wanted][1])


def is_additive(unit: str) -> bool:
    """Whether values of several missions may be summed. Shares, rates, levels and temperatures never are."""
    return unit in ADDITIVE
