"""Telling each example case as far as its file says."""

from datetime import date, timedelta

from missions_app import clock
from missions_app.cli.examples import acts, experiments
from missions_app.cli.examples.acts import Case, at
from missions_app.cli.examples.people import Cast
from missions_app.documents import document_service
from missions_app.documents import queries as documents
from missions_app.evaluation import (
    closing_service,
    import_service,
    learning_service,
    measurement_service,
    story_service,
)
from missions_app.evaluation import queries as evaluation
from missions_app.evaluation.models import MeasurementState
from missions_app.indicators.queries import indicators_of
from missions_app.missions import mission_service
from missions_app.missions.models import Mission
from missions_app.partnerships import partner_service
from missions_app.partnerships import queries as partnerships
from missions_app.workflow import gate_queries, gate_service, journey_service, pinning

PARTNERSHIP = ("partnership", "refused")
STORY = (
    "Före missionen mättes läget bara ibland. Nu mäter vi på fasta punkter, och de som använder platsen har "
    "själva varit med och valt var. Försöken visade vad som fungerar under en hel säsong och vad som inte gör "
    "det. Vi tror att förbättringen hänger ihop med försöken eftersom den syns där vi prövade och inte på "
    "jämförelseplatsen, och eftersom den kom efter att vi började. Kommunen har ändrat sin skötselplan efter "
    "resultaten, två företag har ändrat sina produkter och högskolan använder mätningarna i undervisningen. Det "
    "viktigaste bidraget är kanske att parterna numera planerar tillsammans redan från början."
)
RIVAL = (
    "Vintern var mildare än vanligt och trafiken mindre, vilket kan förklara en del. Andra åtgärder i samma "
    "område började ungefär samtidigt, och två säsonger är kort tid."
)


def load_case(cast: Cast, case: Case) -> None:
    """Tell one case."""
    begun = clock.today() - timedelta(days=case["days_ago"])
    until = case["until"]
    with clock.fixed(at(begun, 9)):
        challenge = acts.draft(cast, case)
    if until == "draft":
        return
    with clock.fixed(at(begun + timedelta(days=3), 10)):
        if until == "withdrawn":
            journey_service.move(
                challenge,
                "withdraw",
                by=cast.actor(case["representative"]),
                reason="Kommunen löser det i den vanliga driften.",
            )
            return
        acts.submit(cast, case, challenge)
    if until == "submitted":
        return
    with clock.fixed(at(begun + timedelta(days=5), 9)):
        officer = cast.actor(acts.OFFICER)
        if until == "returned":
            journey_service.move(challenge, "return", by=officer, reason="Ange hur bullret mäts och på vilka nätter.")
            return
        if until == "declined":
            journey_service.move(
                challenge,
                "decline",
                by=officer,
                reason="Det är ett vanligt inköp. Utmaningen behöver inte flera sektorer.",
            )
            return
        journey_service.move(challenge, "accept", by=officer)
    with clock.fixed(at(begun + timedelta(days=9), 9)):
        acts.assess(cast, challenge, "challenge", (3, 1) if until == "assessment" else (3, 3))
    if until == "assessment":
        return
    with clock.fixed(at(begun + timedelta(days=18), 13)):
        mission = acts.adopt(cast, challenge)
    _partnership(cast, case, mission, begun_days=case["days_ago"])


def _partnership(cast: Cast, case: Case, mission: Mission, *, begun_days: int) -> None:
    start = clock.today() - timedelta(days=begun_days)
    until = case["until"]
    with clock.fixed(at(start + timedelta(days=45), 9)):
        acts.gather(cast, case, mission, whole=until not in PARTNERSHIP)
        if until == "refused":
            reasons = "Ännu saknas de boende och en part till. Kom tillbaka när de är med."
            gate_service.recommend(mission, "g2", outcome="return", reasons=reasons, by=cast.actor(acts.OFFICER))
            gate_service.decide(
                mission, "g2", outcome="return", reasons=reasons, by=cast.actor(acts.DECIDER), declared=True
            )
    if until in PARTNERSHIP:
        return
    if until == "stale":
        with clock.fixed(at(start + timedelta(days=100), 9)):
            partner = partnerships.find_partner(mission, cast.organisations["byalag"])
            if partner is not None:
                partner_service.leave(
                    partner, reason="Vi orkar inte med fler möten den här säsongen.", by=cast.actor("byalag"),
                    expected_version=partner.version,
                )  # fmt: skip
            pinning.mark_stale(mission)
        return
    _testing(cast, case, mission, start_after=60, days_ago=begun_days)


def _testing(cast: Cast, case: Case, mission: Mission, *, start_after: int, days_ago: int) -> None:
    start = clock.today() - timedelta(days=days_ago)
    after = start_after
    for row in case.get("experiment", []):
        planned = start + timedelta(days=after)
        with clock.fixed(at(planned, 9)):
            experiment = experiments.plan(cast, case, mission, row)
        if row.get("planned"):
            with clock.fixed(at(clock.today() - timedelta(days=2), 9)):
                experiments.book(cast, case, experiment, _workday(after=21 + mission.id))
            return
        use = planned + timedelta(days=30)
        if row.get("running"):
            use = clock.today() - timedelta(days=3)
        with clock.fixed(at(use - timedelta(days=14), 9)):
            booking = experiments.book(cast, case, experiment, use)
            experiments.open_test(cast, case, mission, experiment, booking)
        if row.get("running"):
            return
        experiments.run(cast, case, mission, experiment, booking, row)
        after += 90
    if case["until"] in ("testing", "planning"):
        return
    _evaluation(cast, case, mission, start + timedelta(days=after + 30))


def _workday(*, after: int) -> date:
    day = clock.today() + timedelta(days=after)
    while day.weekday() > 4:
        day += timedelta(days=1)
    return day


def _evaluation(cast: Cast, case: Case, mission: Mission, day: date) -> None:
    lead = case["coordinator"]
    with clock.fixed(at(day, 9)):
        journey_service.move(mission, "open_evaluation", by=cast.actor(lead))
        story_service.save_story(mission, story_service.Story(STORY, RIVAL), by=cast.actor(lead), expected_version=None)
        for key, role, text in (
            (
                case["owner"],
                "problem_owner",
                "Vi har fått ett arbetssätt vi kan fortsätta med, och svar på vad som inte fungerar.",
            ),
            (acts.voice_of(case), "user_rep", "Vi blev lyssnade på från början och ser skillnaden där vi bor."),
        ):
            story_service.state_outcome(
                mission=mission,
                organisation=cast.organisations[key],
                partner_role=role,
                text=text,
                by=cast.actor(cast.admins[key]),
            )
        for tag, learnt in (
            ("method", "Boka plats innan partnerskapet är helt klart."),
            ("collaboration", "En fast kontaktperson hos ägaren avgör takten."),
            ("users", "Fråga dem som är på platsen varje dag."),
        ):
            learning_service.add_lesson(
                mission=mission,
                tag=tag,
                context=mission.title,
                learnt=learnt,
                so_what="Skriv in det i nästa plan.",
                by=cast.actor(lead),
            )
    _follow(cast, case, mission, day)
    if case["until"] == "evaluation":
        return
    with clock.fixed(at(day, 9) + timedelta(days=21)):
        acts.assess(cast, mission, "evaluation")
        acts.hear(cast, case, mission)
        reasons = {
            "scale_up": "Målet är nått med säker mätning och kommunen tar över.",
            "iterate": "Lovande, men mätningen är för kort.",
            "stop": "Vägen ledde inte dit vi ville. Lärdomarna är värda att spara.",
            "pause": "Vi behöver en vår till innan vi vet.",
        }[case["outcome"]]
        acts.decide(cast, mission, "g5", case["outcome"], reasons)
    if case["until"] == "closed":
        with clock.fixed(at(day, 9) + timedelta(days=60)):
            _close(cast, case, mission)
    _fulfil(cast, mission)


def _follow(cast: Cast, case: Case, mission: Mission, since: date) -> None:
    """Values between the tests and the evaluation and on to today, a quarter apart, handed in as one sheet."""
    plans, tests, within = indicators_of(mission.journey), case["experiment"], case.get("within")
    days = [since - timedelta(days=90) + timedelta(days=91 * number) for number in range(9)]
    days = [day for day in days if day < clock.today()]
    way, value = case["target"] - case["baseline"], tests[-1]["value"]
    rows = ["indikator;dag;värde;osäkerhet;källa"]
    for number, day in enumerate(days):
        figure, source = f"{value + way * 0.03 * (number % 4 - 1):.1f}", "Egen mätning, exempelvärde"
        if number == 1:
            figure, source = "", "Givaren stod stilla i tre veckor efter en storm"
        rows.append(f"{plans[0].label_sv};{day.isoformat()};{figure};± 10 procent;{source}")
        if within:
            warm = within["value"] + number % 3 - 1
            rows.append(f"{plans[1].label_sv};{day.isoformat()};{warm:.1f};± 0,5 grader;Givare i skuggan, exempelvärde")
    if not days:
        return
    with clock.fixed(at(days[-1], 15)):
        import_service.import_measurements(mission, "\n".join(rows), by=cast.actor(case["coordinator"]))
        for measurement in evaluation.history_of(plans):
            if measurement.state is MeasurementState.SUBMITTED:
                measurement_service.approve_measurement(
                    measurement, by=cast.actor(acts.OFFICER), expected_version=measurement.version
                )


def _fulfil(cast: Cast, mission: Mission) -> None:
    """What the decisions asked for was done on its day, where that day has come."""
    for decision in gate_queries.decisions_of(mission.journey):
        for condition in gate_queries.conditions_of(decision):
            if condition.due_on is not None and condition.due_on < clock.today():
                with clock.fixed(at(condition.due_on, 9)):
                    gate_service.complete_condition(
                        condition, subject=mission, how="Gjort och avstämt med den som beslutade.",
                        evidence="Se protokollet från avstämningen", by=cast.actor(acts.OFFICER),
                    )  # fmt: skip


def _close(cast: Cast, case: Case, mission: Mission) -> None:
    lead = case["coordinator"]
    closing_service.publish_closing_report(
        mission, text=f"{STORY}\n\n{RIVAL}", authority="Delegation, exempel", by=cast.actor(lead)
    )
    mission_service.set_closing(
        mission,
        result_owner=f"{mission.problem_owner.name}, driftenheten",
        next_step="Samma lösning på två platser till.",
        follow_up_date=clock.today() + timedelta(days=365),
        by=cast.actor(lead),
        expected_version=mission.version,
    )
    for number, document in enumerate(documents.documents_of(mission.journey), 1):
        document_service.register(
            document, registry_number=f"RB exempel {mission.id}-{number}", retention="decision_and_final_report",
            by=cast.actor("registrator"), expected_version=document.version, subject=mission,
        )  # fmt: skip
    acts.decide(cast, mission, "g6", "close", "Rapporten är publicerad och mottagaren utsedd.")
