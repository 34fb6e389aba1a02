"""How a mission wants to be found: every mission is public, by its public words."""

from missions_app.missions.models import Mission
from missions_app.search.index import Found


def found(mission: Mission) -> Found:
    """Its entry in the index."""
    names = [mission.problem_owner.name, mission.coordinator.name if mission.coordinator else ""]
    texts = (mission.summary_sv, mission.summary_en, mission.target_sv, mission.target_en, *names)
    return Found(
        endpoint="missions.show_mission", key=mission.reference, title_sv=mission.title_sv,
        title_en=mission.title_en or mission.title_sv, text=" ".join(texts), is_public=True,
    )  # fmt: skip
