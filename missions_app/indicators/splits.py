"""By what an indicator's values are divided, and into which parts."""

from collections.abc import Mapping

from missions_app.i18n import N_, _, both
from missions_app.organisations.places import municipality_names
from missions_app.workflow.method import Method

NONE = ""
SPLITS = (NONE, "municipality", "sector", "sex")
SEXES: dict[str, str] = {"women": N_("Women"), "men": N_("Men"), "unknown": N_("Not stated")}


def parts_of(split_by: str, method: Method) -> dict[str, str]:
    """The parts of a division, key -> words in the reader's language; {} when nothing is divided."""
    match split_by:
        case "municipality":
            return municipality_names()
        case "sector":
            return {one.id: both(one.label.sv, one.label.en) for one in method.sector}
        case "sex":
            return {key: _(words) for key, words in SEXES.items()}
    return {}


def find_part(typed: str, parts: Mapping[str, str]) -> str | None:
    """The key of a part that is typed as its key or its name, or None."""
    wanted = typed.strip().casefold()
    return next((key for key, words in parts.items() if wanted in (key.casefold(), words.casefold())), None)
