"""Challenges for tests: drafts, complete ones, and those that have come further."""

from datetime import date
from typing import Any

from missions_app.accounts.actor import SYSTEM, Actor
from missions_app.challenges import challenge_service, plan_service
from missions_app.challenges.models import Challenge
from missions_app.organisations.models import Organisation
from missions_app.workflow import journey_service
from tests.factories.accounts import make_secretariat
from tests.factories.indicators import whole_indicator
from tests.factories.organisations import make_organisation, member_actor

WHOLE: dict[str, Any] = {
    "title": "Torr gata vid skyfall",
    "problem": "Vid skyfall står vatten på Storgatan i fyra timmar.",
    "affected": "Boende, handlare och räddningstjänst.",
    "place": "Storgatan",
    "municipalities": ["1080"],
    "target_statement": "Senast 2029 ska vatten stå högst 30 minuter på Storgatan, mot 4 timmar i dag.",
    "target_date": date(2029, 6, 30),
    "theme": "climate_adaptation",
    "specialisation": "missions",
}


def make_town(name: str = "Exempelkommun") -> Organisation:
    """A municipality."""
    return make_organisation(name, sector="public", municipality="1080")


def make_draft(town: Organisation | None = None, *, by: Actor | None = None, **values: Any) -> Challenge:
    """A draft of a municipality, with nothing filled in but what is given."""
    owner = town or make_town()
    return challenge_service.start_challenge(owner, by=by or member_actor(owner), values=values)


def make_whole(town: Organisation | None = None, *, by: Actor | None = None, **values: Any) -> Challenge:
    """A draft that can be submitted: every needed field, and an indicator of effect."""
    challenge = make_draft(town, by=by, **(WHOLE | values))
    plan_service.add_indicator(challenge, whole_indicator(challenge.organisation_id), by=SYSTEM)
    return challenge


def make_submitted(town: Organisation | None = None, **values: Any) -> Challenge:
    """A challenge that has been sent in by a representative of its owner."""
    challenge = make_whole(town, **values)
    challenge_service.submit_challenge(challenge, by=make_representative(challenge))
    return challenge


def make_assessed_now(town: Organisation | None = None, **values: Any) -> Challenge:
    """A challenge that the secretariat has accepted for assessment."""
    challenge = make_submitted(town, **values)
    journey_service.move(challenge, "accept", by=make_secretariat())
    return challenge


def make_representative(challenge: Challenge) -> Actor:
    """A new representative of the challenge's owner."""
    return member_actor(challenge.organisation, "problem_owner_rep")
