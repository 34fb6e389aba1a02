"""The legal grounds on which a field may be masked, and what an answer must hold. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass

from missions_app.errors import Problem
from missions_app.i18n import N_

# Chapters and sections of the Public Access to Information and Secrecy Act (offentlighets- och sekretesslagen).
GROUNDS: Mapping[str, str] = {
    "31:16": N_("Chapter 31, section 16: a company's dealings with an authority"),
    "30:23": N_("Chapter 30, section 23: permits, supervision and support to business"),
    "31:12": N_("Chapter 31, section 12: testing on commission"),
    "24:5": N_("Chapter 24, section 5: research in collaboration"),
    "19:1": N_("Chapter 19, section 1: the authority's own business"),
    "18:8": N_("Chapter 18, section 8: security measures"),
    "15:2": N_("Chapter 15, section 2: defence"),
    "21:7": N_("Chapter 21, section 7: personal data"),
}
LEAST_REASON = 20


@dataclass(frozen=True, slots=True)
class Judged:
    """What is decided about one field: given out, or masked on a ground and for a reason."""

    release: bool
    ground: str = ""
    reasons: str = ""


def problems_of(judged: Judged, field: str) -> list[Problem]:
    """Everything wrong with a judgement; a masked field needs a ground of the law and a reason."""
    if judged.release:
        return []
    problems = []
    if judged.ground not in GROUNDS:
        problems.append(Problem("missing", N_("Choose the legal ground."), f"{field}_ground"))
    if len(judged.reasons.strip()) < LEAST_REASON:
        text = N_("Write which harm would come of giving it out, at least %(least)d characters.")
        problems.append(Problem("reason_missing", text, f"{field}_reasons", {"least": LEAST_REASON}))
    return problems
