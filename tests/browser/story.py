"""One mission from draft to closed through the pages, in Swedish, each act by the person whose act it is."""

import re
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from missions_app.assessments.declaration import QUESTIONS
from tests.browser.walking import Person, Walker, later

REASONS = "Kraven är uppfyllda och underlaget håller."
OFFICER, OWNER = "va.karlskrona", "chef.karlskrona"
SECRETARIAT, DECIDER, REGISTRAR = "handlaggare", "beslutsfattare", "registrator"
ASSESSORS = ("bedomare.a", "bedomare.b")
LEAD, COMPANY, VOICE, UNIVERSITY = "koordinator", "dagvatten", "handlare", "prefekt"
RESEARCHER, MANAGER = "forskare", "platsansvarig.stad"
SITE = "/sites/storgatans-dagvattengata-exempel"
TERMS: dict[str, str | bool] = {
    "ip_model": "owner_keeps", "data_terms": "Mätdata är öppna.", "publicity_ack": True,
}  # fmt: skip
PARTNERS = {
    OWNER: "karlskrona-kommun", LEAD: "blue-science-park", UNIVERSITY: "blekinge-tekniska-hogskola",
    COMPANY: "exempel-dagvatten-ab", VOICE: "storgatans-handlare-exempel",
}  # fmt: skip


@dataclass
class Case:
    """Where the pages of the story are."""

    title: str
    challenge: str = ""
    mission: str = ""
    experiment: str = ""
    booking: str = ""


def propose(walk: Walker, case: Case, folder: Path, today: date) -> None:
    """The officer drafts, the representative gives the mandate and sends it in."""
    officer = walk.be(OFFICER).act(
        "/challenges/new", title=case.title, problem="Vid skyfall står vatten på gatan i fyra timmar.",
        affected="Boende, handlare och räddningstjänst.", place="Norra gatan",
        target_statement="Senast 2029 står vatten högst 30 minuter, mot 4 timmar i dag.",
    )  # fmt: skip
    case.challenge = re.search(r"/challenges/(U-\d+-\d+)", officer.tab.url)[1]  # type: ignore[index]
    edit = f"/challenges/{case.challenge}/edit"
    officer.open(edit).fill(
        target_date="2029-06-30", theme="climate_adaptation", specialisation="missions", municipalities=["1080"],
        bottlenecks=["system_limits"],
    ).send("^Spara")  # fmt: skip
    officer.act(
        f"/challenges/{case.challenge}/indicators/new", library_key="ka.peak_flow", baseline_value="0",
        baseline_on=later(today, -60), target_value="30", target_on="2029-06-30", source="Nivågivare",
        owner_function="VA-ingenjör", frequency="per_test",
    )  # fmt: skip
    mandate = folder / "mandat.txt"
    mandate.write_text("Vi står bakom utmaningen.", "utf-8")
    owner = walk.be(OWNER).open(f"/challenges/{case.challenge}")
    documents = owner.link(r"/cases/\d+/documents")
    owner.act(f"{documents}/new", kind="owner_mandate", title="Mandat", file=mandate)
    owner.open(documents).open(owner.link(r"/documents/\d+/sign")).fill(authority="Delegationsordning").send()
    owner.open(edit).send("^Skicka in")


def assess(walk: Walker, panel: str, rubric: str) -> None:
    """Two people say that nothing ties them, and score apart."""
    for who in ASSESSORS:
        officer = walk.be(SECRETARIAT).open(f"{panel}/assign?rubric={rubric}")
        choice = officer.tab.locator("main label", has_text=_name_of(who)).first.get_attribute("for")
        officer.tab.locator(f"#{choice}").check()
        officer.send()
    for who in ASSESSORS:
        assessor = walk.be(who).open("/work")
        numbers = [int(link.split("/")[2]) for link in assessor.links(r"^/assignments/\d+")]
        mine = f"/assignments/{max(numbers)}"
        assessor.open(f"{mine}/declaration").fill(**{one.id: "no" for one in QUESTIONS}).send()
        assessor.open(f"{mine}/score")
        for criterion in {one.get_attribute("name") for one in assessor.tab.locator("main input[type=radio]").all()}:
            assessor.fill(**{f"{criterion}": "3", f"{criterion}_reason": "Väl beskrivet i underlaget."})
        assessor.fill(summary="Läst i sin helhet.").send("Lämna|Skicka")


def hear(walk: Walker, questions: str) -> None:
    """The mission is heard on the reviews before anything is recommended, and its owner answers."""
    walk.be(SECRETARIAT).act(f"{questions}/hearing", text="Vad säger ni om bedömningarna?")
    owner = walk.be(OWNER).open(questions)
    owner.act(owner.link(r"/questions/\d+$"), text="Vi känner igen oss i dem.")


def _name_of(who: str) -> str:
    return {"bedomare.a": "Bedömare, Länsstyrelsen", "bedomare.b": "Bedömare, Energikontor"}[who]


def decide(walk: Walker, gate: str, outcome: str, recommender: str = SECRETARIAT, decider: str = DECIDER) -> None:
    """One recommends, another decides."""
    walk.be(recommender).act(f"{gate}/recommend", outcome=outcome, reasons=REASONS)
    walk.be(decider).act(f"{gate}/decide", outcome=outcome, reasons=REASONS, declared="y")


def adopt(walk: Walker, case: Case) -> None:
    """Screening, assessment and the first checkpoint."""
    page = f"/challenges/{case.challenge}"
    officer = walk.be(SECRETARIAT).open(page)
    officer.open(officer.link(r"/journeys/\d+/moves/accept")).send()
    gate = officer.open(page).link(r"/gates/\d+/g1")
    journey = gate.split("/")[2]
    assess(walk, f"/assessments/{journey}", "challenge")
    for number in (1, 2):
        officer.open(f"{page}/documents/new")
        officer.tab.locator("main [name=document]").select_option(index=number)
        officer.fill(stance="supports", reason="Ligger i linje med målet.").send()
    walk.be(ASSESSORS[0]).act(f"{gate}/attest/g1.open", text="Utmaningen nämner varken produkt, märke eller teknik.")
    walk.be(SECRETARIAT).act(
        f"{gate}/consult", body="wg_missions", question="Vad säger gruppen om utmaningen?", days="10"
    )
    decide(walk, gate, "approve")
    case.mission = walk.be(DECIDER).open(page).link(r"/missions/M-\d+-\d+$")


def gather(walk: Walker, case: Case) -> None:
    """Everybody joins, promises, signs; the second checkpoint."""
    base = case.mission
    walk.be(OWNER).act(
        f"{base}/coordinator", organisation=PARTNERS[LEAD], email="koordinator@blue-science-park.example"
    )
    lead = walk.be(LEAD)
    roles = {LEAD: ["coordinator"], UNIVERSITY: ["knowledge_partner"], COMPANY: ["solution_provider"],
             VOICE: ["user_rep"]}  # fmt: skip
    pages = join(walk, base, LEAD, {who: (PARTNERS[who], wanted) for who, wanted in roles.items()})
    pages[OWNER] = _partner_page(lead.open(f"{base}/partnership"), base, "Karlskrona kommun")
    lead.act(f"{pages[OWNER]}/roles", roles=["problem_owner", "testbed_owner"])
    lead.act(f"{base}/needs/new", kind="equipment", text="Nivågivare", priority="must")
    for who in (OWNER, UNIVERSITY, COMPANY):
        person = walk.be(who).open(f"{pages[who]}/promise")
        person.tab.locator("main [name=need]").select_option(index=1)
        person.fill(kind="hours", text="Arbetstid", quantity="300", value="200000").send()
    for who, slug in PARTNERS.items():
        sign_intent(walk.be(who), base, slug)
    lead.act(f"{base}/terms/edit", **TERMS)
    for title in ("Växtbädd", "Magasin under gatan"):
        lead.act(f"{base}/tracks/new", title=title)
    lead.act(f"{base}/funding/new", phase="test", cost=f"Givare {case.title}", source="Egen insats", amount="100000",
             is_secured=True)  # fmt: skip
    decide(walk, lead.open(base).link(r"/gates/\d+/g2"), "approve")


def join(walk: Walker, base: str, lead: str, wanted: dict[str, tuple[str, list[str]]]) -> dict[str, str]:
    """Invite who -> (organisation, roles), and let each join; where each partner's page is."""
    pages = {}
    for who, (slug, roles) in wanted.items():
        walk.be(lead).act(f"{base}/invitations/new", organisation=slug, roles=roles, message="Välkomna.")
        invited = walk.be(who).open("/work")
        path = invited.link(rf"{base}/partners/\d+/join")
        invited.act(path, roles=roles)
        pages[who] = path.removesuffix("/join")
    return pages


def sign_intent(person: Person, base: str, slug: str) -> None:
    """Write the organisation's letter of intent and sign it."""
    clauses(person.open(f"{base}/agreements/intent/{slug}")).send()
    sign(person, newest_agreement(person, base))


def clauses(person: Person) -> Person:
    """Write every clause of the agreement on the page."""
    for one in person.tab.locator("main form textarea").all():
        one.fill("Enligt bilaga.")
    return person


def newest_agreement(person: Person, base: str) -> str:
    """The agreement that was written last."""
    return max(person.open(f"{base}/agreements").links(r"/agreements/\d+$"), key=lambda link: int(link.split("/")[-1]))


def sign(person: Person, agreement: str) -> None:
    """Read the agreement and sign it."""
    person.open(agreement).open(person.link(r"/sign$")).fill(
        authority="Delegation", authority_source="Delegationsordningen, 4 §"
    ).send()


def _partner_page(person: Person, base: str, name: str) -> str:
    links = person.tab.locator(f'main a[href*="{base}/partners/"]').filter(has_text=name)
    return str(links.first.get_attribute("href"))


def plan_and_book(walk: Walker, case: Case, use: date) -> None:
    """The experiment, its booking and permits, agreements, the third checkpoint."""
    base, lead = case.mission, walk.be(LEAD)
    lead.act(
        f"{base}/experiments/new", title=f"Växtbädd, {case.title}", question="Hinner vattnet undan?",
        hypothesis="Ja, på 30 minuter.", method="Fyll och mät.", success_threshold="30 minuter",
        stop_rule="Vid vatten mot fasad.", data_plan="Öppna data.", trl_start="5", srl_start="4",
        organisation=PARTNERS[UNIVERSITY], email="forskare@bth.example",
    )  # fmt: skip
    case.experiment = lead.open(base).link(r"/experiments/F-\d+-\d+$")
    researcher = walk.be(RESEARCHER).open(SITE)
    researcher.open(researcher.link(r"/resources/[^/]+/request"))
    when = {"day": use.isoformat(), "starts": "08:00", "last_day": use.isoformat(), "ends": "15:00"}
    researcher.fill(**{f"line-0-{name}": value for name, value in when.items()}).send("Fortsätt|Gå vidare|Vidare")
    researcher.fill(experiment=case.experiment.split("/")[-1], answers=["street"]).send("Spara och visa")
    researcher.fill(
        purpose="Prova växtbädden", people_on_site="4", on_site_responsible="Forskningsingenjör",
        emergency_contact="Vakthavande", insurance_reference="K-1", insurance_valid_to=later(use, 300),
        personal_data_assessment="Inga", camera_assessment="Ingen", ethics_assessment="Ej aktuellt",
        weather_limits="Ingen frost", reserve_other=later(use, 7), detail_traffic_arrangement_plan="Bilaga",
        detail_accessibility_diversion="Norra trottoaren", detail_emergency_access="Fri",
        detail_residents_notice="Utskickat",
    )  # fmt: skip
    researcher.send("Skicka")
    case.booking = re.search(r"/bookings/B-\d+-\d+", researcher.tab.url)[0]  # type: ignore[index]
    researcher.act(f"{case.booking}/risks/new", text="Halka", level="medium", mitigation="Sand")
    manager = walk.be(MANAGER).open(case.booking).send("Godta|Godkänn")
    manager.open(manager.link(r"/lines/\d+/decide")).fill(to="approved").send()
    for permit in researcher.open(case.booking).links(r"/permits/[^/]+$"):
        researcher.act(permit, state="granted", valid_from=use.isoformat(), valid_until=later(use, 30), number="T-1")
    for kind, parties in (("partnership", list(PARTNERS)), ("site_use", [OWNER, UNIVERSITY])):
        clauses(lead.open(f"{base}/agreements/new/{kind}"))
        experiment = case.experiment.split("/")[-1] if kind == "site_use" else ""
        wanted = [PARTNERS[who] for who in parties]
        lead.fill(title=f"Avtal {case.title}", experiment=experiment, parties=wanted).send()
        agreement = newest_agreement(lead, base)
        for who in parties:
            sign(walk.be(who), agreement)
    gate = researcher.open(case.experiment).link(r"/gates/\d+/g3")
    manager.open(gate).open(manager.link(r"/attest/g3\.fit")).fill(text="Platsen passar testets mognad.").send()
    researcher.act(f"{gate}/attest/g3.notice", text="Alla boende har fått brev om testet.")
    decide(walk, gate, "approve", recommender=LEAD, decider=MANAGER)


def use_the_street(walk: Walker, case: Case) -> None:
    """Checking in, a deviation, checking out."""
    researcher = walk.be(RESEARCHER)
    researcher.open(case.booking).send("Checka in")
    researcher.act(f"{case.booking}/deviations/new", text="En givare var tyst i tio minuter.")
    researcher.open(case.booking).send("Checka ut")


def report(walk: Walker, case: Case) -> None:
    """Measuring and reporting; the fourth checkpoint."""
    researcher, lead, manager = walk.be(RESEARCHER), walk.be(LEAD), walk.be(MANAGER)
    researcher.open(f"{case.experiment}/measurements/new")
    researcher.fill(value="120", measured_on=walk.today.isoformat(), source="Nivågivare").send()
    lead.open(f"{case.experiment}/measurements").send("Godkänn")
    researcher.open(f"{case.experiment}/report").fill(
        summary="Bädden tog vattnet, men långsammare än tänkt.", what_was_done="Vi fyllde och mätte.",
        results="120 kubikmeter på 50 minuter.", threshold="not_met", outcome="refuted", trl_end="6",
        trl_evidence="Mätserien", srl_end="5", srl_evidence="Samtal med boende",
    ).send("Lämna")  # fmt: skip
    researcher.act(f"{case.experiment}/barriers/new", title="Skötselavtalet räknar inte med växtbäddar",
                   kind="local_rule")  # fmt: skip
    gate = lead.open(case.experiment).link(r"/gates/\d+/g4")
    manager.open(gate).open(manager.link(r"/attest/g4\.restored")).fill(text="Gatan är återställd.").send()
    lead.act(f"{gate}/attest/g4.barriers", text="Ett hinder är infört.")
    decide(walk, gate, "approve", recommender=RESEARCHER, decider=LEAD)


def evaluate_and_close(walk: Walker, case: Case, today: date) -> None:
    """Two reviewers, statements, the story; the fifth and the last checkpoint."""
    base, lead = case.mission, walk.be(LEAD)
    lead.open(base).open(lead.link(r"/moves/open_evaluation")).send()
    gate = lead.open(base).link(r"/gates/\d+/g5")
    assess(walk, f"/assessments/{gate.split('/')[2]}", "evaluation")
    conclude(walk, case, gate, today)


def conclude(walk: Walker, case: Case, gate: str, today: date) -> None:
    """The story and statements, lessons, the fifth checkpoint; the report, the receiver and the last one."""
    base, lead = case.mission, walk.be(LEAD)
    lead.act(
        f"{base}/evaluation/story", story="Gatan torkar fortare än förr och skötseln har ändrats. " * 13,
        rival_explanations="Vintern var torr och trafiken mindre än vanligt, vilket kan förklara en del av skillnaden "
        "mot åren dessförinnan.", certainty="medium",
    )  # fmt: skip
    for who, role in ((OWNER, "problem_owner"), (VOICE, "user_rep")):
        walk.be(who).act(f"{base}/evaluation/statements/new", organisation=PARTNERS[who], partner_role=role,
                         text="Gatan är torrare efter regn, och vi vill fortsätta.")  # fmt: skip
    for tag in ("method", "technology", "users"):
        lead.act(f"{base}/evaluation/lessons/new", tag=tag, context="Norra gatan", learnt="Börja mäta tidigt.",
                 so_what="Mät före.")  # fmt: skip
    hear(walk, f"/assessments/{gate.split('/')[2]}/questions")
    decide(walk, gate, "scale_up")
    lead.act(f"{base}/closing-report", text="Vad vi lärde oss av gatan. " * 10, authority="Delegation")
    lead.act(f"{base}/closing", result_owner="Karlskrona kommun, gatuenheten", next_step="Tre gator till.",
             follow_up_date=later(today, 365))  # fmt: skip
    registrar = walk.be(REGISTRAR).open(f"/cases/{gate.split('/')[2]}/documents")
    for number, page in enumerate(registrar.links(r"/documents/\d+/register"), 1):
        registrar.act(page, registry_number=f"RB 2026/{number}", retention="decision_and_final_report")
    decide(walk, lead.open(base).link(r"/gates/\d+/g6"), "close")


def tell(walk: Walker, case: Case, folder: Path, begins: date, use: date) -> None:
    """The whole story, with the days between its acts."""
    with walk.at(begins, 8):
        propose(walk, case, folder, begins)
    with walk.at(begins + timedelta(days=20), 8):
        adopt(walk, case)
    with walk.at(begins + timedelta(days=60), 8):
        gather(walk, case)
        plan_and_book(walk, case, use)
    with walk.at(use, 8):
        use_the_street(walk, case)
        report(walk, case)
    with walk.at(use + timedelta(days=30), 8):
        evaluate_and_close(walk, case, use + timedelta(days=30))
