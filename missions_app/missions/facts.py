"""What a mission itself tells the gates, by the names of workflow/facts.py."""

from typing import Any

from missions_app.missions import queries
from missions_app.missions.models import Mission


def facts_of(mission: Mission) -> dict[str, Any]:
    """Terms, tracks and receiver."""
    return {
        "ip_model": mission.ip_model,
        "data_terms": mission.data_terms,
        "publicity_ack": mission.publicity_ack or None,
        "solution_tracks": lambda: [{"id": one.id, "title": one.title} for one in queries.tracks_of(mission)],
        "single_track_reason": mission.single_track_reason,
        "result_owner": mission.result_owner,
        "next_step": mission.next_step,
        "follow_up_date": mission.follow_up_date.isoformat() if mission.follow_up_date else None,
        "regional_money_ore": mission.regional_money_ore or 0,
        "adopted_by_run": mission.adopted_by_board,
    }
