"""The units of promises in words. The method writes each unit once, in Swedish; readers of both languages see how many
of it. A unit that is not known here stands as the method writes it."""

from babel.numbers import format_decimal

from missions_app.i18n import _, current_locale, ngettext


def unit_words(unit: str) -> str:
    """One of it: "dag", "day"."""
    words = {"dag": _("day"), "datamängd": _("dataset"), "tillfälle": _("occasion"), "avsikt": _("intention")}
    return words.get(unit, unit)


def amount_words(quantity: float, unit: str) -> str:
    """So many of it: "5 dagar", "1 day", "250 h"."""
    number, many = format_decimal(round(quantity, 2), locale=current_locale()), 1 if quantity == 1 else 2
    match unit:
        case "dag":
            return ngettext("%(number)s day", "%(number)s days", many, number=number)
        case "datamängd":
            return ngettext("%(number)s dataset", "%(number)s datasets", many, number=number)
        case "tillfälle":
            return ngettext("%(number)s occasion", "%(number)s occasions", many, number=number)
        case "avsikt":
            return ngettext("%(number)s intention", "%(number)s intentions", many, number=number)
        case _unit:
            return f"{number} {unit}"
