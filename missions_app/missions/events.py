"""What missions announce, inside the transaction."""

from dataclasses import dataclass

from missions_app.accounts.actor import Actor
from missions_app.challenges.models import Challenge
from missions_app.missions.models import Mission


@dataclass(frozen=True, slots=True)
class MissionCreated:
    """An adopted challenge has become a mission."""

    mission: Mission
    challenge: Challenge
    by: Actor


@dataclass(frozen=True, slots=True)
class ChallengeJoined:
    """An adopted challenge has become part of a mission that was there before."""

    mission: Mission
    challenge: Challenge
    by: Actor
