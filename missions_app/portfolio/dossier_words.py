"""What the tables and columns of a dossier are called."""

from datetime import date, datetime
from typing import Any

from missions_app import clock
from missions_app.evaluation.models import Certainty, Strength
from missions_app.i18n import N_, _, current_locale, dated, number, use_locale
from missions_app.portfolio.thread import WORDS

TABLES: dict[str, str] = {
    "about": N_("About the mission"),
    "challenges": N_("The challenges it grew from"),
    "steps": N_("Steps"),
    "decisions": N_("Decisions"),
    "conditions": N_("Conditions"),
    "plans": N_("Test plans"),
    "evidence": N_("What the decisions rested on"),
    "waivers": N_("Waivers"),
    "questions": N_("Questions and answers"),
    "partners": N_("Partners"),
    "commitments": N_("Commitments"),
    "agreements": N_("Agreements"),
    "funding": N_("Funding plan"),
    "follow_up": N_("Follow-up funding"),
    "experiments": N_("Experiments"),
    "bookings": N_("Bookings"),
    "permits": N_("Permits"),
    "log": N_("Test log"),
    "reports": N_("Test reports"),
    "indicators": N_("Indicators followed"),
    "measurements": N_("Measurements"),
    "story": N_("Contribution story"),
    "statements": N_("What the parties say"),
    "changes": N_("What has changed in the system"),
    "lessons": N_("Lessons"),
    "barriers": N_("Barriers"),
    "datasets": N_("Data"),
    "documents": N_("Documents"),
    "thread": N_("The thread"),
}
COLUMNS: dict[str, str] = {
    "what": N_("What"), "text": N_("Text"), "reference": N_("Reference"), "organisation": N_("Organisation"),
    "at": N_("Time"), "state": N_("State"), "move": N_("Move"), "role": N_("Role"), "day": N_("Day"),
    "checkpoint": N_("Checkpoint"), "outcome": N_("Outcome"), "decided_by": N_("Decided by"), "reasons": N_("Reasons"),
    "differs": N_("Why it differs from the recommendation"), "number": N_("Number"),
    "recused": N_("Stepped aside because of a conflict of interest"), "who": N_("Who"),
    "due": N_("Due"), "done": N_("Done on"), "how_met": N_("How it was met"),
    "requirement": N_("Requirement"), "checksum": N_("Checksum"),
    "until": N_("Until"), "sector": N_("Sector"), "roles": N_("Roles"), "since": N_("Since"), "left": N_("Left on"),
    "what_for": N_("What the money is for"), "receiver": N_("Who got it"), "phase": N_("Phase"),
    "currency": N_("In its own currency"), "own": N_("Own share"), "entered": N_("Entered on"),
    "kind": N_("Kind"), "quantity": N_("Quantity"), "kronor": N_("Kronor"), "title": N_("Title"),
    "version": N_("Version"), "signatures": N_("Signatures"), "question": N_("Question"),
    "how": N_("Method"), "stops": N_("Stops when"), "data": N_("Data"), "risks": N_("Risks"),
    "personal_data": N_("Personal data"), "cameras": N_("Cameras"), "ethics": N_("Ethics"),
    "hypothesis": N_("Hypothesis"), "threshold": N_("Threshold"), "site": N_("Site"), "resource": N_("Resource"),
    "starts": N_("From"), "ends": N_("Until"), "permit": N_("Permit"), "from": N_("From"), "summary": N_("Summary"),
    "results": N_("Results"), "trl": N_("TRL before and after"), "srl": N_("SRL before and after"),
    "unit": N_("Unit"), "direction": N_("Better is"), "baseline": N_("Baseline"), "target": N_("Target"),
    "low": N_("Lower limit"),
    "source": N_("Source"), "indicator": N_("Indicator number"), "value": N_("Value"),
    "uncertainty": N_("Uncertainty"), "corrects": N_("Corrects number"), "approved": N_("Approved on"),
    "evidence": N_("Evidence"), "context": N_("In which situation"), "so_what": N_("What others should do"),
    "rule": N_("Rule"), "licence": N_("Licence"), "place": N_("Place"), "file": N_("File"),
    "picture": N_("What the picture shows"), "done_how": N_("What was done, where, when and by whom"),
    "deviations": N_("What went otherwise than planned"), "trl_evidence": N_("What shows it"),
    "srl_evidence": N_("What shows it"), "users_said": N_("What users said"),
    "unexpected": N_("What nobody expected, good or bad"), "advice": N_("What you recommend now"),
    "effect": N_("What it leads to"), "tried": N_("What was tried"), "strength": N_("How strong the evidence is"),
    "answer": N_("What was answered"), "milestones": N_("Milestones"), "parts": N_("Divided"),
    "met_on": N_("Date of the meeting"), "votes_for": N_("Votes for"), "votes_against": N_("Votes against"),
    "votes_abstained": N_("Abstained"), "visibility": N_("Who may read it"), "act": N_("What happened"),
}  # fmt: skip
# Values that are keys of ours.
VALUES: dict[str, str] = {
    "owner": N_("Owner of the challenge"), "coordinator": N_("Coordinator"), "theme": N_("Theme"),
    "receiver": N_("Who receives the result"), "method": N_("Version of the method"), "target": N_("Target"),
    "summary": N_("Summary"), "state": N_("State"), "title": N_("Title"), "problem": N_("The problem"),
    "target_statement": N_("The target in a sentence"), "story": N_("Contribution story"),
    "rival_explanations": N_("What else may explain it"), "speaks_against": N_("What speaks against"),
    "surer_by": N_("What would make us surer"), "up": N_("more"), "down": N_("less"), "hold": N_("unchanged"),
    "range": N_("within limits"), "clarification": N_("Question from those who assess"),
    "certainty": N_("How sure we are"), "deviation": N_("Deviation"), "noted": N_("Test log"),
    "start": N_("Begun"), "merge": N_("Brought together"), "user": N_("Signed in"), "system": N_("The system"),
    "met": N_("Met"), "not_met": N_("Not met"), "stale": N_("Out of date"), "waived": N_("Waiver"),
    "not_applicable": N_("Does not apply"), "secured": N_("Secured"), "not_secured": N_("Not secured"),
    "own": N_("the partners' own"), "needed": N_("Not applied for"), "applied": N_("Applied for"),
    "granted": N_("Granted"), "refused": N_("Refused"), "not_needed": N_("Not needed"),
    "public": N_("Everybody"), "partners": N_("Those who take part"), "confidential_claim": N_("Secrecy is asked for"),
    "hearing": N_("Hearing before the recommendation"), "unheard": N_("Why the parties are not heard"),
}  # fmt: skip
# How sure somebody is, and how strong what shows it is: frozen in both languages.
DEGREES = {
    Certainty.LOW: N_("Not very sure"), Certainty.MEDIUM: N_("Fairly sure"), Certainty.HIGH: N_("Sure"),
    Strength.WEAK: N_("Weak: it may as well be chance"), Strength.FAIR: N_("Fair: several signs point the same way"),
    Strength.STRONG: N_("Strong: documented, and others say so too"),
}  # fmt: skip
DECIMALS = 6
KEYED = ("what", "direction", "move", "role", "state", "own", "visibility")
DAYS = ("day", "from", "until", "due", "met_on")
MOMENTS = ("at", "since", "left", "done", "approved", "starts", "ends", "entered", "day", "until")


def degree(of: Certainty | Strength) -> dict[str, str]:
    """How sure, or how strong, in both languages."""
    found = {}
    for locale in ("sv", "en"):
        with use_locale(locale):
            found[locale] = _(DEGREES[of])
    return found


def table_title(table: dict[str, Any]) -> str:
    """A table's name in the reader's language."""
    return _(TABLES[table["key"]]) if table["key"] in TABLES else str(table["key"])


def column_title(column: str) -> str:
    """A column's name in the reader's language."""
    return _(COLUMNS[column]) if column in COLUMNS else column


def cell_text(column: str, cell: Any) -> str:
    """A cell as text in the reader's language; "" where there is nothing."""
    if cell is None:
        return ""
    if isinstance(cell, dict):
        return str(cell.get(current_locale()) or cell.get("sv", ""))
    if column in KEYED and cell in VALUES:
        return _(VALUES[cell])
    if column == "act" and cell in WORDS.values():
        return _(cell)
    if isinstance(cell, float):
        return number(cell, DECIMALS)
    return _time_text(column, cell) if isinstance(cell, str) else str(cell)


def _time_text(column: str, cell: str) -> str:
    """A day or a moment in words, by the clock it was frozen with; what was frozen in UTC is told by the region's."""
    try:
        if column in DAYS and len(cell) == len("2027-03-17"):
            return dated(date.fromisoformat(cell))
        if column in MOMENTS and "T" in cell:
            at = datetime.fromisoformat(cell)
            at = at if at.utcoffset() else at.astimezone(clock.zone())
            return f"{dated(at.date())} {at:%H:%M}"
    except ValueError:
        pass
    return cell


def cell_value(cell: Any) -> str:
    """A cell for machines, the same whoever asks: texts in Swedish, numbers with points, times as ISO."""
    if isinstance(cell, dict):
        return str(cell.get("sv", ""))
    if isinstance(cell, float) and cell == int(cell):
        return str(int(cell))
    return "" if cell is None else str(cell)
