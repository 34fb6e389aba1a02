"""Two challenges of the last days: one that is much the same as another, one declined; and an owner who objects."""

from datetime import timedelta

from sqlalchemy import select

from missions_app import clock, db
from missions_app.challenges import discussion_service, hearing_service, merge_service
from missions_app.challenges.models import Challenge
from missions_app.cli.examples import acts
from missions_app.cli.examples.acts import Case
from missions_app.cli.examples.people import Cast
from missions_app.workflow import journey_service

ALIKE: Case = {
    "owner": "ronneby",
    "officer": "chef.ronneby",
    "representative": "chef.ronneby",
    "theme": "climate_adaptation",
    "indicator": "ka.peak_flow",
    "baseline": 0.0,
    "target": 20.0,
    "municipalities": ["1081"],
    "title": {"sv": "Brunnarna svämmar över vid högt hav", "en": "The wells overflow at high sea"},
    "problem": {
        "sv": "När havet står högt tränger vattnet upp genom brunnarna i hamnen i Ronneby.",
        "en": "When the sea is high the water comes up through the wells in the port of Ronneby.",
    },
    "affected": {"sv": "Båtägare och verksamheter i hamnen.", "en": "Boat owners and businesses in the port."},
    "place": {"sv": "Ronneby hamn", "en": "The port of Ronneby"},
    "target_statement": {
        "sv": "Senast 2029 ska inget vatten komma upp vid en havsnivå på en meter.",
        "en": "By 2029 no water shall come up at a sea level of one metre.",
    },
}
DECLINED: Case = {
    **ALIKE,
    "owner": "solvesborg",
    "officer": "miljostrateg",
    "representative": "chef.solvesborg",
    "municipalities": ["1083"],
    "title": {"sv": "Vägskyltar som syns i dimma", "en": "Road signs that can be seen in fog"},
    "problem": {"sv": "I höstdimman ser förare skyltarna för sent.", "en": "In autumn fog drivers see signs too late."},
    "place": {"sv": "Vägarna mot kusten", "en": "The roads to the coast"},
}  # fmt: skip


def load_proposals(cast: Cast) -> None:
    """Brought together, declined and objected to; and a time in which everybody may comment."""
    officer = cast.actor(acts.OFFICER)
    known = db.session.scalars(select(Challenge).where(Challenge.title == "Vatten på Trossö vid högt hav")).one()
    alike, declined = (_submitted(cast, case) for case in (ALIKE, DECLINED))
    merge_service.merge_challenge(
        alike, known, by=officer, reason="Samma orsak: havsvatten som går bakvägen i brunnar."
    )
    journey_service.move(declined, "decline", by=officer, reason="Trafikverket har ett eget program för skyltarna.")
    lorry = db.session.scalars(select(Challenge).where(Challenge.title == "Köp av ny sopbil")).one()
    hearing_service.object_to_decline(
        lorry, by=cast.actor("chef.olofstrom"), text="Vi vill pröva hämtning med el tillsammans med två grannkommuner."
    )
    today = clock.today()
    discussion_service.open_comments(known, first=today, last=today + timedelta(days=30), by=officer)


def _submitted(cast: Cast, case: Case) -> Challenge:
    challenge = acts.draft(cast, case)
    acts.submit(cast, case, challenge)
    return challenge
