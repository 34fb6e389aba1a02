"""The example's experiments: planned, booked, run, measured and reported."""

from datetime import date, timedelta

from missions_app import clock
from missions_app.bookings import approval_service, booking_service, day_service, safety_service
from missions_app.bookings import queries as bookings
from missions_app.bookings.booking_service import BookingContent
from missions_app.bookings.intervals import Interval
from missions_app.bookings.models import Booking, LineState, PermitState
from missions_app.cli.examples.acts import Case, at, decide
from missions_app.cli.examples.people import Cast
from missions_app.documents.document_service import Authority
from missions_app.evaluation import learning_service, measurement_service, report_service
from missions_app.evaluation.report_service import ReportContent
from missions_app.experiments import experiment_service
from missions_app.experiments.models import Experiment
from missions_app.experiments.rules import Plan
from missions_app.indicators.queries import indicators_of
from missions_app.missions.models import Mission
from missions_app.partnerships import agreement_service
from missions_app.partnerships import queries as partnerships
from missions_app.partnerships.models import PartnerState
from missions_app.workflow import gate_service
from missions_app.workflow.method_service import method_in_force

LEAD = "forskare"
STREET = {
    "traffic_arrangement_plan": "Godkänd av gatuenheten", "accessibility_diversion": "Norra trottoaren är fri",
    "emergency_access": "Tre meter fritt", "residents_notice": "Brev i alla brevlådor",
}  # fmt: skip


def plan(cast: Cast, case: Case, mission: Mission, row: Case) -> Experiment:
    """The coordinator plans an experiment with the university."""
    return experiment_service.plan_experiment(
        mission=mission,
        organisation=cast.organisations["bth"],
        lead=cast.users[LEAD],
        plan=Plan(
            title=row["title"],
            summary=row.get("summary", "Försöket planeras."),
            question="Når vi målet på det här sättet?",
            hypothesis="Ja, under en vanlig säsong.",
            method="Mätning före, under och efter på fasta punkter.",
            success_threshold=f"{case['target']:g} i målets enhet",
            stop_rule="Vid skada på människor, djur eller egendom.",
            data_plan="Mätdata publiceras öppet.",
            risks="Hårt väder: vi väntar till reservdagen. Utrustning i vägen: vi märker ut den och städar efter oss.",
            personal_data_assessment="Inga personuppgifter samlas in.",
            camera_assessment="Inga kameror används.",
            ethics_assessment="Ingen påverkas utan att veta om det. Skyltar berättar om testet.",
            trl_start=5,
            srl_start=4,
        ),
        by=cast.actor(case["coordinator"]),
    )


def book(cast: Cast, case: Case, experiment: Experiment, day: date) -> Booking:
    """The researcher asks for a day, and the site answers."""
    site, researcher = case["site"], cast.actor(LEAD)
    street = site == "dagvattengatan"
    booking = booking_service.request_booking(
        resource=cast.resources[site],
        use=Interval(at(day, 8), at(day, 15)),
        organisation=cast.organisations["bth"],
        content=BookingContent(
            purpose=experiment.title,
            on_site_responsible="Forskningsingenjör, 0455-00 00 00",
            emergency_contact="Vakthavande ingenjör",
            people_on_site=4,
            insurance_reference="Exempel 1",
            insurance_valid_to=day + timedelta(days=365),
            personal_data_assessment="Inga personuppgifter",
            camera_assessment="Ingen kamera",
            ethics_assessment="Inga frågor",
            weather_limits="Högst 10 m/s",
            reserve_dates=((day + timedelta(days=7)).isoformat(),),
            answers={"street": True} if street else {},
            details=STREET if street else {},
        ),
        by=researcher,
        requested_by=cast.users[LEAD],
        experiment=experiment,
    )
    manager = cast.actor(cast.managers[site])
    risk = safety_service.add_risk(
        booking,
        text="Någon halkar eller faller",
        level="medium",
        mitigation="Avspärrat och två på plats",
        by=researcher,
    )
    safety_service.accept_risk(risk, by=manager, expected_version=risk.version)
    line = booking.lines[0]
    approval_service.decide_line(line, LineState.APPROVED, reason="", by=manager, expected_version=line.version)
    for row in bookings.permits_of(booking):
        answer = safety_service.PermitAnswer(
            PermitState.GRANTED, valid_from=day, valid_until=day + timedelta(days=30), number="exempel"
        )
        safety_service.set_permit(row, answer, by=researcher, expected_version=row.version)
    return booking


def open_test(cast: Cast, case: Case, mission: Mission, experiment: Experiment, booking: Booking) -> None:
    """Agreements, what people vouch for, and the third checkpoint."""
    lead, site = cast.actor(case["coordinator"]), booking.lines[0].resource.site
    committed = [one.organisation for one in partnerships.partners_of(mission) if one.state is PartnerState.COMMITTED]
    keys = {one.id: key for key, one in cast.organisations.items()}
    owners = {one.id: one for one in (*committed, site.owner)}
    users = {one.id: one for one in (experiment.organisation, site.owner)}
    signed = {one.kind for one in partnerships.agreements_of(mission)}
    for kind, parties, journey in (("partnership", owners, mission.journey), ("site_use", users, experiment.journey)):
        if kind == "partnership" and kind in signed:
            continue
        declared = method_in_force().term("agreement", kind)
        clauses = dict.fromkeys(declared.must_hold, "Enligt bilaga. Exempel.")  # type: ignore[attr-defined]
        agreement = agreement_service.write_agreement(
            mission,
            kind=kind,
            title=f"{declared.label.sv} {mission.reference}",
            clauses=clauses,
            parties=list(parties.values()),
            by=lead,
            journey=journey,
        )
        for organisation in parties.values():
            agreement_service.sign_agreement(
                agreement,
                organisation=organisation,
                authority=Authority("Delegation, exempel", "Delegationsordningen, exempel"),
                checksum=agreement.document.checksum,
                by=cast.actor(cast.admins[keys[organisation.id]]),
            )
    manager = cast.managers[case["site"]]
    part = str(site.id)
    gate_service.attest(experiment, "g3.fit", text="Platsen passar testets mognad.", by=cast.actor(manager), part=part)
    gate_service.attest(experiment, "g3.notice", text="Alla som berörs har fått veta.", by=cast.actor(LEAD))
    decide(
        cast,
        experiment,
        "g3",
        "approve",
        "Plan, avtal, tillstånd och risker är i ordning.",
        recommender=case["coordinator"],
        decider=manager,
    )


def run(cast: Cast, case: Case, mission: Mission, experiment: Experiment, booking: Booking, row: Case) -> None:
    """The day of use, the measurement and the report; the fourth checkpoint."""
    researcher, lead, manager = (
        cast.actor(LEAD),
        cast.actor(case["coordinator"]),
        cast.actor(cast.managers[case["site"]]),
    )
    line = booking.lines[0]
    with clock.fixed(line.starts_at):
        day_service.check_in(line, people=4, by=researcher, expected_version=line.version)
    with clock.fixed(line.ends_at - timedelta(hours=1)):
        day_service.check_out(line, by=researcher, expected_version=line.version)
        day_service.close(line, by=manager, expected_version=line.version)
    with clock.fixed(line.ends_at + timedelta(days=14)):
        _report(cast, case, mission, experiment, row)
        gate_service.attest(
            experiment, "g4.restored", text="Platsen är återställd.", by=manager, part=str(line.resource.site_id)
        )
        gate_service.attest(experiment, "g4.barriers", text="Det som hittats är infört.", by=lead)
        decide(
            cast,
            experiment,
            "g4",
            "approve",
            "Rapporten är inne och mätningen godkänd.",
            recommender=LEAD,
            decider=case["coordinator"],
        )


def _report(cast: Cast, case: Case, mission: Mission, experiment: Experiment, row: Case) -> None:
    researcher, lead = cast.actor(LEAD), cast.actor(case["coordinator"])
    ends = [(case["baseline"], row["value"])]
    if within := case.get("within"):
        ends.append((within["baseline"], within["value"]))
    for indicator, (before, after) in zip(indicators_of(mission.journey), ends, strict=False):
        for value, days in ((round((before + after) / 2, 1), 7), (after, 0)):
            measurement = measurement_service.submit_measurement(
                experiment=experiment,
                indicator=indicator,
                value=measurement_service.Value(
                    value, clock.today() - timedelta(days=days), "Egen mätning, exempelvärde", "± 10 procent"
                ),
                by=researcher,
            )
            measurement_service.approve_measurement(measurement, by=lead, expected_version=measurement.version)
    report = report_service.save_report(
        experiment,
        ReportContent(
            summary=row["summary"],
            what_was_done="Vi mätte före, under och efter på fasta punkter.",
            results=row["summary"],
            threshold=row["threshold"],
            outcome=row["outcome"],
            trl_end=6,
            trl_evidence="Mätserien",
            srl_end=5,
            srl_evidence="Samtal med dem som berörs",
            users_said="De vill veta vad som händer härnäst.",
        ),
        by=researcher,
        expected_version=None,
    )
    report_service.submit_report(experiment, by=researcher, expected_version=report.version)
    learning_service.add_lesson(
        mission=mission, experiment=experiment, tag="technology", context=experiment.title, learnt=row["lesson"],
        so_what="Räkna med det redan i planen.", by=researcher,
    )  # fmt: skip
    if row["barrier"]:
        learning_service.add_barrier(
            mission=mission, experiment=experiment, title=row["barrier"], kind="local_rule", by=researcher
        )
