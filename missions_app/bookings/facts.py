"""What bookings tell the gates, by the names of workflow/facts.py."""

from typing import Any

from missions_app import clock
from missions_app.accounts.actor import Scope, site_scope
from missions_app.bookings import policy, queries, sending, states
from missions_app.bookings.models import Booking, Line
from missions_app.documents.document_service import organisation_party, user_party
from missions_app.experiments.models import Experiment
from missions_app.experiments.rules import ASSESSED
from missions_app.sites import weather
from missions_app.workflow.method_service import method_of

TEXTS = ("on_site_responsible", "insurance_reference", "emergency_contact")


def facts_of(experiment: Experiment) -> dict[str, Any]:
    """An experiment's living bookings with their permits, risks and answers; of several, each must have answered. What
    is not sent is nobody's business yet and fulfils nothing."""
    bookings = [one for one in queries.bookings_of_experiment(experiment.id) if policy.sent_lines(one)]
    live = [one for one in bookings if not states.is_cancelled([line.state for line in policy.sent_lines(one)])]
    risks = [risk for one in live for risk in queries.risks_of(one)]
    levels = [term.id for term in method_of(experiment.journey.method_version).risk_level]
    worst = max((risk.level for risk in risks), key=levels.index, default=None)
    return {
        "parties": {
            "experiment_lead": [user_party(experiment.lead_id)] if experiment.lead_id else [],
            "parties_of_experiment": sorted(
                {organisation_party(experiment.organisation_id)}
                | {organisation_party(line.resource.site.owner_id) for one in live for line in policy.sent_lines(one)}
            ),
        },
        "bookings": [_booking(one) for one in bookings],
        "permits": [
            {
                "id": row.permit,
                "state": row.state.value,
                "reason": row.reason,
                "valid_from": row.valid_from.isoformat() if row.valid_from else None,
                "valid_to": row.valid_until.isoformat() if row.valid_until else None,
            }
            for one in live
            for row in queries.permits_of(one)
        ],
        "risks": [
            {"level": risk.level, "accepted_by_site": risk.accepted_at is not None, "mitigation": risk.mitigation}
            for risk in risks
        ],
        "residual_risk": worst,
        "outdoor": any(one.is_outdoor for one in live),
        "public_cannot_opt_out": any(one.public_cannot_opt_out for one in live),
        "people_on_site": min((one.people_on_site or 0 for one in live), default=None) or None,
        "insurance_valid_to": min(
            (one.insurance_valid_to.isoformat() for one in live if one.insurance_valid_to), default=None
        ),
        "reserve_dates": [day for one in live for day in one.reserve_dates],
        "site_parts": sorted({str(line.resource.site_id) for one in live for line in _kept(one)}),
        **{name: _said_by_all([getattr(one, name) for one in live]) for name in TEXTS},
        **(_assessed(experiment, live) if live else {}),
        "weather_limits": _said_by_all(
            [weather.in_figures(sending.limits_of(one), one.weather_limits) for one in live]
        ),
    }


def _assessed(experiment: Experiment, live: list[Booking]) -> dict[str, str]:
    """What was weighed for each booking: its own words, else those of the experiment."""
    return {
        name: _said_by_all([getattr(one, name).strip() or getattr(experiment, name) for one in live])
        for name in ASSESSED
    }


def scopes_of(experiment: Experiment) -> frozenset[Scope]:
    """The sites that an experiment has asked: their managers have a part in it."""
    live = [line for one in queries.bookings_of_experiment(experiment.id) for line in _kept(one)]
    return frozenset(site_scope(line.resource.site_id) for line in live)


def _kept(booking: Booking) -> list[Line]:
    return [line for line in policy.sent_lines(booking) if line.state not in states.OVER]


def _booking(booking: Booking) -> dict[str, Any]:
    sent = policy.sent_lines(booking)
    lines, live = [line.state for line in sent], _kept(booking) or sent
    state = states.booking_state(lines)
    return {
        "reference": booking.reference,
        "cancelled": states.is_cancelled(lines),
        # Once approved, use and its end do not take the approval back.
        "state": "approved" if state.value in ("approved", "ongoing", "completed", "closed") else state.value,
        "starts_at": min(line.starts_at for line in live).astimezone(clock.zone()).isoformat(),
        "ends_at": max(line.ends_at for line in live).astimezone(clock.zone()).isoformat(),
    }


def _said_by_all(texts: list[str]) -> str:
    said = [(text or "").strip() for text in texts]
    return "; ".join(dict.fromkeys(said)) if said and all(said) else ""
