"""The acts of an example case: each by the person whose act it is, through the services."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from missions_app import clock
from missions_app.assessments import (
    declaration,
    declaration_service,
    panel_service,
    question_service,
    score_service,
)
from missions_app.assessments import queries as assessments
from missions_app.assessments.score_rules import GivenScore
from missions_app.challenges import challenge_service, plan_service
from missions_app.challenges.models import Challenge
from missions_app.cli.examples.people import Cast
from missions_app.documents import document_service
from missions_app.documents.document_service import Authority, organisation_party
from missions_app.indicators.indicator_service import IndicatorValues
from missions_app.indicators.library import RANGE
from missions_app.missions import mission_service
from missions_app.missions import queries as mission_queries
from missions_app.missions.models import Mission
from missions_app.partnerships import (
    agreement_service,
    commitment_service,
    funding_service,
    need_service,
    partner_service,
)
from missions_app.partnerships import queries as partnership_queries
from missions_app.partnerships.commitment_service import PromiseContent
from missions_app.partnerships.funding_service import LineContent
from missions_app.partnerships.need_service import NeedContent
from missions_app.strategy import link_service
from missions_app.strategy import queries as strategy_queries
from missions_app.strategy.models import Stance
from missions_app.workflow import gate_service
from missions_app.workflow.method_service import method_in_force
from missions_app.workflow.subjects import Subject

Case = dict[str, Any]
OFFICER, DECIDER = "handlaggare", "beslutsfattare"

# How many days a promise of work runs.
LONG = 1100


def at(day: date, hour: int) -> datetime:
    """A local hour of a day, in UTC."""
    return datetime.combine(day, time(hour), clock.zone()).astimezone(UTC)


def draft(cast: Cast, case: Case) -> Challenge:
    """The officer writes the challenge and its indicator."""
    organisation = cast.organisations[case["owner"]]
    target_on = date(clock.today().year + 4, 6, 30)
    challenge = challenge_service.start_challenge(
        organisation,
        by=cast.actor(case["officer"]),
        values={
            **{name: case[name]["sv"] for name in ("title", "problem", "affected", "place", "target_statement")},
            "translation": {
                name: case[name]["en"] for name in ("title", "problem", "affected", "place", "target_statement")
            },
            "target_date": target_on,
            "theme": case["theme"],
            "specialisation": "missions",
            "municipalities": case["municipalities"],
            "bottlenecks": ["system_limits"],
        },
    )
    plan_service.add_indicator(
        challenge,
        IndicatorValues(
            library_key=case["indicator"], baseline_value=case["baseline"], baseline_kind="example",
            baseline_on=clock.today() - timedelta(days=60), target_value=case["target"], target_on=target_on,
            milestones={(target_on - timedelta(days=730)).isoformat(): (case["baseline"] + case["target"]) / 2},
            source="Egen mätning, exempelvärde", owner_id=organisation.id, owner_function="Miljöstrateg",
        ),
        by=cast.actor(case["officer"]),
    )  # fmt: skip
    if within := case.get("within"):
        plan_service.add_indicator(
            challenge,
            IndicatorValues(
                label=within["label"], unit=within["unit"], direction=RANGE, frequency="per_test",
                baseline_value=within["baseline"], baseline_kind="example",
                baseline_on=clock.today() - timedelta(days=60), target_low=within["low"], target_value=within["high"],
                target_on=target_on, source="Givare i skuggan, exempelvärde", owner_id=organisation.id,
                owner_function="Miljöstrateg",
            ),
            by=cast.actor(case["officer"]),
        )  # fmt: skip
    return challenge


def submit(cast: Cast, case: Case, challenge: Challenge) -> None:
    """The representative signs the mandate and sends the challenge in."""
    representative, organisation = cast.actor(case["representative"]), cast.organisations[case["owner"]]
    mandate = document_service.upload(
        subject=challenge,
        kind="owner_mandate",
        title="Mandat för utmaningen",
        file_name="mandat.txt",
        content=f"{organisation.name} står bakom utmaningen och tar emot resultatet. Exempel.".encode(),
        by=representative,
    )
    document_service.sign(
        mandate, party=organisation_party(organisation.id), by=representative, authority="Delegationsordning, exempel",
        checksum=mandate.checksum,
    )  # fmt: skip
    challenge_service.submit_challenge(challenge, by=representative)


def assess(cast: Cast, subject: Subject, rubric: str, scores: tuple[int, int] = (3, 3)) -> None:
    """Two assessors declare their interests and score apart."""
    criteria = method_in_force().rubric(rubric).criteria
    for who, score in zip(("bedomare.a", "bedomare.b"), scores, strict=True):
        assignment = panel_service.assign_assessor(subject, rubric, cast.users[who], by=cast.actor(OFFICER))
        clear = {one.id: declaration.Answer("no") for one in declaration.QUESTIONS}
        declaration_service.declare_interests(assignment, subject, clear, by=cast.actor(who))
        given = {one.id: GivenScore(value=score, reason=f"{one.label.sv}: {one.anchors[score].sv}") for one in criteria}
        score_service.submit_scores(assignment, subject, given, by=cast.actor(who), summary="Läst i sin helhet.")


def hear(cast: Cast, case: Case, mission: Mission) -> None:
    """The mission is heard on the reviews, and its owner answers."""
    panel = assessments.current_panel(mission.journey, "evaluation")
    if panel is None:
        raise RuntimeError("a mission that is evaluated has a panel")
    asked = question_service.hear(
        panel, mission, text="Vad säger ni om bedömningarna? Är något fel eller har något glömts?",
        reply_by=clock.today() + timedelta(days=14), by=cast.actor(OFFICER),
    )  # fmt: skip
    question_service.answer(
        asked, mission, by=cast.actor(case["representative"]), expected_version=asked.version,
        text="Vi känner igen oss. Mätningen var svårare än vi trodde, och det bör vägas in.",
    )  # fmt: skip


def decide(cast: Cast, subject: Subject, gate: str, outcome: str, reasons: str, *, recommender: str = OFFICER,
           decider: str = DECIDER) -> None:  # fmt: skip
    """One recommends, another decides."""
    gate_service.recommend(subject, gate, outcome=outcome, reasons=reasons, by=cast.actor(recommender))
    gate_service.decide(subject, gate, outcome=outcome, reasons=reasons, by=cast.actor(decider), declared=True)


def adopt(cast: Cast, challenge: Challenge) -> Mission:
    """Links, a consulted group, and the first checkpoint."""
    officer = cast.actor(OFFICER)
    for document in list(strategy_queries.documents())[:2]:
        link_service.set_link(
            challenge.journey, document, stance=Stance.SUPPORTS, reason="Målet pekar åt samma håll.", by=officer
        )
    gate_service.attest(
        challenge, "g1.open", text="Utmaningen nämner varken produkt, märke eller teknik.", by=cast.actor("bedomare.a")
    )
    consultation = gate_service.consult(
        challenge, "wg_missions", question="Vad säger gruppen om utmaningen?", days=10, by=officer
    )
    gate_service.reply(
        consultation, subject=challenge, text="Gruppen ställer sig bakom utmaningen.", by=cast.actor("arbetsgrupp")
    )
    decide(cast, challenge, "g1", "approve", "Målet är mätbart och ägaren har mandat. Två bedömare är överens.")
    mission = mission_queries.find_mission_of(challenge)
    if mission is None:
        raise RuntimeError("an adopted challenge has a mission")
    return mission


def gather(cast: Cast, case: Case, mission: Mission, *, whole: bool) -> None:
    """Partners join and promise; with `whole`, everything the second checkpoint asks for is done."""
    place = case["coordinator"]
    home = {"koordinator": "blue-science-park", "koordinator.netport": "netport"}[place]
    mission_service.appoint_coordinator(
        mission, organisation=cast.organisations[home], user=cast.users[place], by=cast.actor(case["representative"]),
        expected_version=mission.version,
    )  # fmt: skip
    lead = cast.actor(place)
    joining = [(home, ["coordinator"]), ("bth", ["knowledge_partner"]), (case["company"], ["solution_provider"])]
    joining += [(voice_of(case), ["user_rep"])] if whole else []
    for key, roles in joining:
        partner = partner_service.invite(
            mission=mission, organisation=cast.organisations[key], roles=roles, message="Vill ni vara med?", by=lead
        )
        partner_service.commit(partner, roles=roles, by=cast.actor(cast.admins[key]), expected_version=partner.version)
    owner = partnership_queries.find_partner(mission, cast.organisations[case["owner"]])
    if owner is not None:
        partner_service.set_roles(
            owner, ["problem_owner", "testbed_owner"], receives_benefit=False, by=lead, expected_version=owner.version
        )
    need = need_service.add_need(
        mission,
        NeedContent("equipment", "Givare och mätning under två år", "must", "marine_technology",
                    text_en="Sensors and measurement over two years"),
        by=lead,
    )  # fmt: skip
    weather = NeedContent(
        "data", "Öppna data om väder och vatten", "should", "big_data", text_en="Open data on weather and water"
    )
    need_service.add_need(mission, weather, by=lead)
    for given in case.get("needs", []):
        starts = clock.today() + timedelta(days=given["in_days"]) if "in_days" in given else None
        wanted = NeedContent(
            given["kind"], given["sv"], given["priority"], peak=given.get("peak", ""), role=given.get("role", ""),
            quantity=given.get("quantity", ""), needed_from=starts, text_en=given["en"],
        )  # fmt: skip
        need_service.add_need(mission, wanted, by=lead)
    for key, value in ((case["owner"], 300_000_00), ("bth", 250_000_00), (case["company"], 180_000_00)):
        promising = partnership_queries.find_partner(mission, cast.organisations[key])
        if promising is not None:
            commitment_service.promise(
                promising,
                PromiseContent(
                    "hours", f"Arbetstid i {mission.reference}", quantity=value / 100_000, rate_ore=1_000_00,
                    period_from=clock.today(), period_until=clock.today() + timedelta(days=LONG),
                ),
                by=lead,
                need=need if whole and key == "bth" else None,
            )  # fmt: skip
    if owner is not None:
        adopting = PromiseContent("adoption", "Vi inför lösningen i hela kommunen om målet nås.")
        commitment_service.promise(owner, adopting, by=lead)
    if whole:
        _settle(cast, case, mission, [case["owner"], home, "bth", case["company"], voice_of(case)])


def voice_of(case: Case) -> str:
    """The association that speaks for those concerned."""
    voice: str = case["voice"]
    return {"strander": "renastrander", "handlare": "storgatan"}.get(voice, voice)


def _settle(cast: Cast, case: Case, mission: Mission, parties: list[str]) -> None:
    lead = cast.actor(case["coordinator"])
    declared = method_in_force().term("agreement", "intent")
    for key in parties:
        organisation, actor = cast.organisations[key], cast.actor(cast.admins[key])
        clauses = dict.fromkeys(declared.must_hold, f"{organisation.name}, enligt bilaga. Exempel.")  # type: ignore[attr-defined]
        intent = agreement_service.write_intent(mission, organisation, clauses, by=actor)
        agreement_service.sign_agreement(
            intent,
            organisation=organisation,
            authority=Authority("Firmateckning, exempel", "Registreringsbevis, exempel"),
            checksum=intent.document.checksum,
            by=actor,
        )
    mission_service.set_terms(
        mission,
        ip_model="owner_keeps",
        data_terms="Mätdata är öppna. Företagens ritningar är deras egna.",
        publicity_ack=True,
        single_track_reason="",
        by=lead,
        expected_version=mission.version,
    )
    for title in ("Tekniskt spår", "Ändrat arbetssätt"):
        mission_service.add_track(mission, title=title, description="", by=lead)
    funding_service.add_funding(
        mission,
        LineContent(
            phase="test", source="Vinnova", cost=f"Givare och båttid, {mission.reference}",
            amount_ore=900_000_00, is_secured=True,
        ),
        by=lead,
    )  # fmt: skip
    own = LineContent(
        phase="test", source="Egen insats", cost=f"Arbetstid, {mission.reference}", amount_ore=400_000_00,
        is_secured=True, is_own=True,
    )  # fmt: skip
    funding_service.add_funding(mission, own, by=lead)
    decide(cast, mission, "g2", "approve", "Fyra sektorer deltar, rollerna är fyllda och testfasen är finansierad.")
