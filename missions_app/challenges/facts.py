"""What a challenge tells its gate, by the names of workflow/facts.py."""

from typing import Any

from missions_app.challenges.models import Challenge
from missions_app.documents.document_service import organisation_party
from missions_app.indicators.library import BEFORE_TEST
from missions_app.indicators.models import IndicatorPlan
from missions_app.indicators.queries import indicators_of
from missions_app.workflow.method_service import method_of

TEXTS = ("title", "problem", "affected", "place", "target_statement", "theme", "specialisation")


def facts_of(challenge: Challenge) -> dict[str, Any]:
    """Texts, links, indicators and the owner who must sign the mandate."""
    method = method_of(challenge.journey.method_version)
    group = next((body.id for body in method.bodies if body.specialisation == challenge.specialisation), None)
    return {
        **{name: getattr(challenge, name) for name in TEXTS},
        "target_date": challenge.target_date.isoformat() if challenge.target_date else None,
        "secondary_specialisations": list(challenge.secondary_specialisations),
        "bottlenecks": list(challenge.bottlenecks),
        "municipalities": len(challenge.municipalities),
        "regional_money_ore": challenge.regional_money_ore or 0,
        "wg_of_specialisation": group,
        "parties": {"problem_owner": [organisation_party(challenge.organisation_id)]},
        "indicators": [
            {
                "id": plan.library_key or plan.label_sv,
                "level": plan.level,
                "unit": plan.unit,
                "direction": plan.direction,
                "baseline": _baseline(plan),
                "baseline_date": plan.baseline_on.isoformat() if plan.baseline_on else None,
                "target": plan.target_value,
                "target_low": plan.target_low,
                "target_date": plan.target_on.isoformat() if plan.target_on else None,
                "source": plan.source,
                "owner": plan.owner_function or (plan.owner.name if plan.owner else ""),
                "targeted": plan.target_value is not None,
                "latest_value": False,
            }
            for plan in indicators_of(challenge.journey)
        ],
    }


def _baseline(plan: IndicatorPlan) -> float | str | None:
    # A baseline that is to be measured before the test is settled, though it has no figure yet.
    waits = plan.baseline_value is None and plan.baseline_kind == BEFORE_TEST
    return BEFORE_TEST if waits else plan.baseline_value
