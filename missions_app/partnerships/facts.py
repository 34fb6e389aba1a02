"""What a partnership tells the gates, by the names of workflow/facts.py."""

from typing import Any

from missions_app.documents.document_service import organisation_party
from missions_app.missions.models import Mission
from missions_app.partnerships import queries, rules
from missions_app.partnerships.books import books_of
from missions_app.partnerships.models import Partner, PartnerState
from missions_app.workflow.method_service import method_of


def facts_of(mission: Mission) -> dict[str, Any]:
    """Partners, roles, commitments, needs, funding and who must sign."""
    return {
        "partners": lambda: _partners(mission),
        "partner_roles": lambda: rules.filled_roles(
            method_of(mission.journey.method_version).partner_role, [one.roles for one in _committed(mission)]
        ),
        "commitments": lambda: _commitments(mission),
        "needs": lambda: _needs(mission),
        "funding_lines": lambda: _funding(mission),
        "parties": lambda: {
            "all_partners": [organisation_party(one.organisation_id) for one in _committed(mission)],
            "problem_owner": [organisation_party(mission.problem_owner_id)],
            "coordinator": [organisation_party(mission.coordinator_id)] if mission.coordinator_id else [],
        },
    }


def _committed(mission: Mission) -> list[Partner]:
    return [one for one in books_of(mission).partners if one.state is PartnerState.COMMITTED]


def _partners(mission: Mission) -> list[dict[str, Any]]:
    books = books_of(mission)
    return [
        {
            "organisation": one.organisation.name,
            "group": one.organisation.group,
            "sector": one.organisation.sector,
            "roles": list(one.roles),
            "status": one.state.value,
            "is_undertaking": one.is_undertaking,
            "receives_benefit": one.receives_benefit,
            "state_aid_assessed": one.id in books.assessed,
        }
        for one in books.partners
        if one.state is not PartnerState.LEFT
    ]


def _commitments(mission: Mission) -> list[dict[str, Any]]:
    books = books_of(mission)
    by = {one.id: one.organisation for one in books.partners}
    return [
        {
            "organisation": by[one.partner_id].name,
            "group": by[one.partner_id].group,
            "kind": one.kind,
            "value_ore": one.value_ore,
            "state": one.state.value,
        }
        for one in books.promises
    ]


def _needs(mission: Mission) -> list[dict[str, Any]]:
    books = books_of(mission)
    return [
        {
            "id": one.id,
            "priority": one.priority,
            "covered": one.id in books.covered,
            "plan_date": one.plan_date.isoformat() if one.plan_date else None,
        }
        for one in books.needs
    ]


def _funding(mission: Mission) -> list[dict[str, Any]]:
    lines = queries.all_funding()
    return [
        {
            "phase": one.phase,
            "source_stated": bool(one.source.strip()),
            "double_funding": rules.doubly_funded(
                rules.Line(one.id, one.mission_id, one.source, one.cost, one.amount_ore), lines
            ),
            "amount_ore": one.amount_ore,
        }
        for one in books_of(mission).funding
    ]
