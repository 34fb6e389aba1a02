"""The acts with which nine people take one mission the whole way, by services."""

from datetime import UTC, date, datetime, time, timedelta

from missions_app import clock
from missions_app.accounts.actor import site_scope
from missions_app.bookings import approval_service, booking_service, day_service, safety_service
from missions_app.bookings import queries as booking_queries
from missions_app.bookings.booking_service import BookingContent
from missions_app.bookings.intervals import Interval
from missions_app.bookings.models import Booking, LineState, PermitState
from missions_app.challenges import challenge_service, plan_service
from missions_app.challenges.models import Challenge
from missions_app.documents import document_service
from missions_app.documents import queries as document_queries
from missions_app.documents.document_service import organisation_party
from missions_app.documents.models import Document
from missions_app.evaluation import (
    closing_service,
    learning_service,
    measurement_service,
    report_service,
    story_service,
)
from missions_app.evaluation.report_service import ReportContent
from missions_app.experiments import experiment_service
from missions_app.experiments.models import Experiment
from missions_app.experiments.rules import Plan
from missions_app.indicators.indicator_service import IndicatorValues
from missions_app.indicators.queries import indicators_of
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
from missions_app.sites import catalogue_service
from missions_app.sites.catalogue_service import ResourceEntry, SiteEntry
from missions_app.sites.models import Resource
from missions_app.strategy import link_service
from missions_app.strategy import queries as strategy_queries
from missions_app.strategy.models import Stance
from missions_app.workflow import gate_service, journey_service
from missions_app.workflow.method_service import method_in_force
from missions_app.workflow.subjects import Subject
from tests.factories.accounts import grant_role
from tests.journeys.people import Region, day
from tests.journeys.reviews import assess, hear

ANSWERS = {
    "environment": "everyday", "object": "system", "users": "citizens", "in_ordinary_use": "yes", "cocreation": "no",
    "purpose": "validate", "open_access": "yes", "operator": "yes", "evidence_of_test": "no", "duration": "permanent",
}  # fmt: skip


def write_challenge(region: Region, **more: object) -> Challenge:
    """The officer drafts, the representative gives the mandate and sends it in. more: fields beside the usual."""
    officer, representative = region.actor("officer"), region.actor("representative")
    challenge = challenge_service.start_challenge(
        region.town, by=officer,
        values={
            "title": "Torr gata vid skyfall", "problem": "Vid skyfall står vatten på Storgatan i fyra timmar.",
            "affected": "Boende, handlare och räddningstjänst.", "place": "Storgatan",
            "target_statement": "Senast 2029 står vatten högst 30 minuter, mot 4 timmar i dag.",
            "target_date": date(2029, 6, 30), "theme": "climate_adaptation", "specialisation": "missions",
            "municipalities": ["1080"], "bottlenecks": ["system_limits"],
        } | more,
    )  # fmt: skip
    plan_service.add_indicator(
        challenge,
        IndicatorValues(
            library_key="ka.peak_flow", baseline_value=0.0, baseline_on=date(2026, 1, 1), target_value=30.0,
            target_on=date(2029, 6, 30), source="Nivågivare", owner_id=region.town.id, owner_function="VA-ingenjör",
            frequency="per_test",
        ),
        by=region.actor("officer"),
    )  # fmt: skip
    mandate = document_service.upload(
        subject=challenge, kind="owner_mandate", title="Mandat", file_name="mandat.txt",
        content="Vi står bakom.".encode(), by=representative,
    )  # fmt: skip
    document_service.sign(
        mandate,
        party=organisation_party(region.town.id),
        by=representative,
        authority="Delegation",
        checksum=mandate.checksum,
    )
    challenge_service.submit_challenge(challenge, by=representative)
    return challenge


def decide(region: Region, subject: Subject, gate: str, outcome: str, *, recommender: str = "recommender",
           decider: str = "decider") -> None:  # fmt: skip
    """One recommends, another decides."""
    reasons = "Kraven är uppfyllda och underlaget håller."
    gate_service.recommend(subject, gate, outcome=outcome, reasons=reasons, by=region.actor(recommender))
    if region.decides is not None:
        region.decides(subject, gate, outcome, decider)
        return
    gate_service.decide(subject, gate, outcome=outcome, reasons=reasons, by=region.actor(decider), declared=True)


def adopt(region: Region, challenge: Challenge) -> Mission:
    """Screening, assessment and the first checkpoint."""
    prepare_first_gate(region, challenge)
    decide(region, challenge, "g1", "approve")
    mission = mission_queries.find_mission_of(challenge)
    assert mission is not None
    return mission


def prepare_first_gate(region: Region, challenge: Challenge) -> None:
    """Everything that the first checkpoint asks for."""
    officer = region.actor("recommender")
    journey_service.move(challenge, "accept", by=officer)
    assess(region, challenge, "challenge", 3)
    for document in list(strategy_queries.documents())[:2]:
        link_service.set_link(
            challenge.journey, document, stance=Stance.SUPPORTS, reason="Ligger i linje med målet.", by=officer
        )
    gate_service.attest(
        challenge,
        "g1.open",
        text="Utmaningen nämner varken produkt, märke eller teknik.",
        by=region.actor("assessor_a"),
    )
    gate_service.consult(challenge, "wg_missions", question="Vad säger gruppen om utmaningen?", days=10, by=officer)


def form_partnership(region: Region, mission: Mission) -> None:
    """Everybody joins, promises, signs; the second checkpoint."""
    gather_partners(region, mission)
    decide(region, mission, "g2", "approve")


def gather_partners(region: Region, mission: Mission) -> None:
    """Everybody joins, promises and signs: everything that the second checkpoint asks for."""
    coordinator = region.people["coordinator"]
    mission_service.appoint_coordinator(
        mission, organisation=region.university, user=coordinator, by=region.actor("representative"),
        expected_version=mission.version,
    )  # fmt: skip
    lead = region.actor("coordinator")
    joining = [
        (region.university, "university_admin", ["coordinator", "knowledge_partner"]),
        (region.company, "company_admin", ["solution_provider"]),
        (region.village, "village_admin", ["user_rep"]),
    ]
    for organisation, who, roles in joining:
        partner = partner_service.invite(
            mission=mission, organisation=organisation, roles=roles, message="Välkomna.", by=lead
        )
        partner_service.commit(partner, roles=roles, by=region.actor(who), expected_version=partner.version)
    owner = partnership_queries.find_partner(mission, region.town)
    assert owner is not None
    partner_service.set_roles(
        owner, ["problem_owner", "testbed_owner"], receives_benefit=False, by=lead, expected_version=owner.version
    )
    need = need_service.add_need(mission, NeedContent("equipment", "Nivågivare", "must"), by=lead)
    for organisation, who, value in (
        (region.town, "representative", 300_000_00), (region.university, "university_admin", 200_000_00),
        (region.company, "company_admin", 200_000_00),
    ):  # fmt: skip
        partner = partnership_queries.find_partner(mission, organisation)
        assert partner is not None
        commitment_service.promise(
            partner,
            PromiseContent("hours", "Arbetstid", quantity=300.0, value_ore=value),
            by=region.actor(who),
            need=need,
        )
    declared = method_in_force().term("agreement", "intent")
    for organisation, who in (
        (region.town, "representative"), (region.university, "university_admin"), (region.company, "company_admin"),
        (region.village, "village_admin"),
    ):  # fmt: skip
        clauses = {clause: "Enligt bilaga." for clause in declared.must_hold}  # type: ignore[attr-defined]
        actor = region.actor(who)
        intent = agreement_service.write_intent(mission, organisation, clauses, by=actor)
        agreement_service.sign_agreement(
            intent,
            organisation=organisation,
            authority="Firmateckning",
            checksum=intent.document.checksum,
            by=actor,
        )
    mission_service.set_terms(
        mission, ip_model="owner_keeps", data_terms="Mätdata är öppna.", publicity_ack=True, single_track_reason="",
        by=lead, expected_version=mission.version,
    )  # fmt: skip
    for title in ("Växtbädd", "Magasin under gatan"):
        mission_service.add_track(mission, title=title, description="", by=lead)
    funding_service.add_funding(
        mission, LineContent("test", "Egen insats", "Givare", 100_000_00, is_secured=True), by=lead
    )


def make_street(region: Region) -> Resource:
    """A street segment that can be booked, with its manager."""
    secretariat = region.actor("decider")
    site = catalogue_service.add_site(
        SiteEntry(
            name_sv="Storgatans dagvattengata (exempel)", answers=ANSWERS, price_model="free", municipality="1080",
            is_outdoor=True,
        ),
        owner=region.town, by=secretariat,
    )  # fmt: skip
    resource = catalogue_service.add_resource(site, ResourceEntry(name_sv="Gatan", cleanup_minutes=60), by=secretariat)
    grant_role(region.people["manager"], "site_manager", site_scope(site.id))
    return resource


def at(number: int, hour: int) -> datetime:
    """A local hour, so many days after the story begins, as UTC."""
    local = datetime.combine(day(number).date(), time(hour), clock.zone())
    return local.astimezone(UTC)


def plan_and_book(region: Region, mission: Mission, resource: Resource, *, use_day: int) -> tuple[Experiment, Booking]:
    """The researcher's experiment, its booking and permits; agreements; the third checkpoint."""
    experiment = experiment_service.plan_experiment(
        mission=mission, organisation=region.university, lead=region.people["researcher"],
        plan=Plan(
            title="Växtbädd på Storgatan", question="Hinner vattnet undan?", hypothesis="Ja, på 30 minuter.",
            method="Fyll och mät.", success_threshold="30 minuter", stop_rule="Vid vatten mot fasad.",
            data_plan="Öppna data.", trl_start=5, srl_start=4,
        ),
        by=region.actor("coordinator"),
    )  # fmt: skip
    researcher = region.actor("researcher")
    booking = booking_service.draft_booking(
        resource=resource, use=Interval(at(use_day, 8), at(use_day, 16)), organisation=region.university,
        content=BookingContent(
            purpose="Prova växtbädden", on_site_responsible="Forskningsingenjör", emergency_contact="Vakthavande",
            people_on_site=4, insurance_reference="K-1", insurance_valid_to=date(2027, 12, 31),
            personal_data_assessment="Inga", camera_assessment="Ingen", ethics_assessment="Ej aktuellt",
            weather_limits="Ingen frost", reserve_dates=(day(use_day + 7).date().isoformat(),),
            answers={"street": True},
            details={
                "traffic_arrangement_plan": "Bilaga", "accessibility_diversion": "Norra trottoaren",
                "emergency_access": "Fri", "residents_notice": "Utskickat",
            },
        ),
        by=researcher, requested_by=region.people["researcher"], experiment=experiment,
    )  # fmt: skip
    booking_service.submit_booking(booking, by=researcher, expected_version=booking.version)
    manager = region.actor("manager")
    risk = safety_service.add_risk(booking, text="Halka", level="medium", mitigation="Sand", by=researcher)
    safety_service.accept_risk(risk, by=manager, expected_version=risk.version)
    line = booking.lines[0]
    approval_service.decide_line(line, LineState.APPROVED, reason="", by=manager, expected_version=line.version)
    for row in booking_queries.permits_of(booking):
        answer = safety_service.PermitAnswer(
            PermitState.GRANTED, valid_from=day(use_day).date(), valid_until=day(use_day + 30).date(), number="T-1"
        )
        safety_service.set_permit(row, answer, by=researcher, expected_version=row.version)
    sign_agreements(region, mission, experiment)
    gate_service.attest(
        experiment, "g3.fit", text="Platsen passar testets mognad.", by=manager, part=str(resource.site_id)
    )
    gate_service.attest(experiment, "g3.notice", text="Alla boende har fått brev om testet.", by=researcher)
    decide(region, experiment, "g3", "approve", recommender="coordinator", decider="manager")
    return experiment, booking


def sign_agreements(region: Region, mission: Mission, experiment: Experiment) -> None:
    """The partnership agreement for all, and the site use agreement for the experiment's parties."""
    lead = region.actor("coordinator")
    everyone = {
        "representative": region.town, "university_admin": region.university, "company_admin": region.company,
        "village_admin": region.village,
    }  # fmt: skip
    users = {"representative": region.town, "university_admin": region.university}
    for kind, parties, journey in (("partnership", everyone, mission.journey), ("site_use", users, experiment.journey)):
        declared = method_in_force().term("agreement", kind)
        clauses = {clause: "Enligt bilaga." for clause in declared.must_hold}  # type: ignore[attr-defined]
        agreement = agreement_service.write_agreement(
            mission, kind=kind, title=kind, clauses=clauses, parties=list(parties.values()), by=lead, journey=journey
        )
        for who, organisation in parties.items():
            agreement_service.sign_agreement(
                agreement, organisation=organisation, authority="Delegation",
                checksum=agreement.document.checksum, by=region.actor(who),
            )  # fmt: skip


def test_and_report(region: Region, mission: Mission, experiment: Experiment, booking: Booking) -> None:
    """Checking in and out, measuring, reporting; the fourth checkpoint."""
    researcher, lead, manager = region.actor("researcher"), region.actor("coordinator"), region.actor("manager")
    line = booking.lines[0]
    day_service.check_in(line, people=4, by=researcher, expected_version=line.version)
    day_service.note_deviation(booking, text="En givare slutade sända i tio minuter.", is_incident=False, by=researcher)
    with clock.fixed(line.ends_at - timedelta(hours=1)):
        day_service.check_out(line, by=researcher, expected_version=line.version)
    indicator = indicators_of(mission.journey)[0]
    measurement = measurement_service.submit_measurement(
        experiment=experiment, indicator=indicator, value=measurement_service.Value(120.0, clock.today(), "Nivågivare"),
        by=researcher,
    )  # fmt: skip
    measurement_service.approve_measurement(measurement, by=lead, expected_version=measurement.version)
    report = report_service.save_report(
        experiment,
        ReportContent(
            summary="Bädden tog hand om vattnet, men långsammare än tänkt.", what_was_done="Vi fyllde och mätte.",
            results="120 kubikmeter på 50 minuter.", threshold="not_met", outcome="refuted", trl_end=6,
            trl_evidence="Mätserie", srl_end=5, srl_evidence="Samtal med boende",
        ),
        by=researcher, expected_version=None,
    )  # fmt: skip
    report_service.submit_report(experiment, by=researcher, expected_version=report.version)
    learning_service.add_barrier(
        mission=mission, title="Gatans skötselavtal räknar inte med växtbäddar", kind="local_rule", by=researcher,
        experiment=experiment,
    )  # fmt: skip
    gate_service.attest(
        experiment, "g4.restored", text="Gatan är återställd.", by=manager, part=str(line.resource.site_id)
    )
    gate_service.attest(experiment, "g4.barriers", text="Ett hinder är infört.", by=lead)
    decide(region, experiment, "g4", "approve", recommender="researcher", decider="coordinator")


def evaluate(region: Region, mission: Mission, outcome: str) -> None:
    """Two reviewers, statements, the story; the fifth checkpoint."""
    lead = region.actor("coordinator")
    journey_service.move(mission, "open_evaluation", by=lead)
    assess(region, mission, "evaluation", 3)
    hear(region, mission)
    story = "Gatan torkar fortare än förr och skötseln har ändrats. " * 13
    rival = "Vintern var torr och trafiken mindre än vanligt, vilket kan förklara en del av skillnaden mot åren före."
    story_service.save_story(
        mission, story_service.Story(story=story, rival_explanations=rival), by=lead, expected_version=None
    )
    for organisation, who, role in (
        (region.town, "representative", "problem_owner"), (region.village, "village_admin", "user_rep"),
    ):  # fmt: skip
        story_service.state_outcome(
            mission=mission, organisation=organisation, partner_role=role,
            text="Vi ser att gatan är torrare och vill fortsätta.", by=region.actor(who),
        )  # fmt: skip
    for tag in ("method", "technology", "users"):
        learning_service.add_lesson(
            mission=mission, tag=tag, context="Storgatan", learnt="Börja mäta tidigt.", so_what="Mät före.", by=lead
        )
    decide(region, mission, "g5", outcome)


def close(region: Region, mission: Mission) -> None:
    """The closing report, a receiver, everything registered; the last checkpoint."""
    lead, registrar = region.actor("coordinator"), region.actor("registrar")
    closing_service.publish_closing_report(
        mission, text="Vad vi lärde oss av Storgatan. " * 10, authority="Delegation", by=lead
    )
    mission_service.set_closing(
        mission, result_owner="Exempelkommun, gatuenheten", next_step="Tre gator till.",
        follow_up_date=clock.today() + timedelta(days=365), by=lead, expected_version=mission.version,
    )  # fmt: skip
    for number, document in enumerate(documents_of(mission), 1):
        document_service.register(
            document, registry_number=f"RB 2026/{number}", retention="decision_and_final_report", by=registrar,
            expected_version=document.version, subject=mission,
        )  # fmt: skip
    decide(region, mission, "g6", "close")


def documents_of(mission: Mission) -> list[Document]:
    """The mission's own documents."""
    return list(document_queries.documents_of(mission.journey))


# What the record holds of every mission that has gone the whole way, through whichever door.
WHOLE_WAY = {
    "challenge.submit", "challenge.g1.approve", "mission.created", "mission.g2.approve", "experiment.g3.approve",
    "booking.checked_in", "measurement.approved", "report.submitted", "experiment.g4.approve", "mission.g5.scale_up",
    "mission.closing_report_published", "mission.g6.close",
}  # fmt: skip
