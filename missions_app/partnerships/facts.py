"""What a partnership tells the gates, by the names of workflow/facts.py."""

from typing import Any

from missions_app.documents.document_service import organisation_party
from missions_app.missions.models import Mission
from missions_app.partnerships import queries, rules
from missions_app.partnerships.models import PartnerState
from missions_app.workflow.method_service import method_of


def facts_of(mission: Mission) -> dict[str, Any]:
    """Partners, roles, commitments, needs, funding and who must sign."""
    method = method_of(mission.journey.method_version)
    partners = [one for one in queries.partners_of(mission) if one.state is not PartnerState.LEFT]
    committed = [one for one in partners if one.state is PartnerState.COMMITTED]
    assessed = {one.partner_id for one in queries.state_aid_of(mission)}
    covered = queries.covered_needs(mission)
    lines = queries.all_funding()
    return {
        "partners": [
            {
                "organisation": one.organisation.name,
                "group": one.organisation.group,
                "sector": one.organisation.sector,
                "roles": list(one.roles),
                "status": one.state.value,
                "is_undertaking": one.is_undertaking,
                "receives_benefit": one.receives_benefit,
                "state_aid_assessed": one.id in assessed,
            }
            for one in partners
        ],
        "partner_roles": rules.filled_roles(method.partner_role, [one.roles for one in committed]),
        "commitments": [
            {
                "organisation": one.partner.organisation.name,
                "group": one.partner.organisation.group,
                "kind": one.kind,
                "value_ore": one.value_ore,
                "state": one.state.value,
            }
            for one in queries.commitments_of(mission)
        ],
        "needs": [
            {
                "id": one.id,
                "priority": one.priority,
                "covered": one.id in covered,
                "plan_date": one.plan_date.isoformat() if one.plan_date else None,
            }
            for one in queries.needs_of(mission)
        ],
        "funding_lines": [
            {
                "phase": one.phase,
                "source_stated": bool(one.source.strip()),
                "double_funding": rules.doubly_funded(
                    rules.Line(one.id, one.mission_id, one.source, one.cost, one.amount_ore), lines
                ),
                "amount_ore": one.amount_ore,
            }
            for one in queries.funding_of(mission)
        ],
        "parties": {
            "all_partners": [organisation_party(one.organisation_id) for one in committed],
            "problem_owner": [organisation_party(mission.problem_owner_id)],
            "coordinator": [organisation_party(mission.coordinator_id)] if mission.coordinator_id else [],
        },
    }
