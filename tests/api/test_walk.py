"""One mission goes the whole way through the API alone, in English, each call by the person whose step it is."""

import io
from datetime import timedelta
from typing import Any

from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from missions_app import clock
from missions_app.accounts.actor import site_scope
from missions_app.assessments import declaration
from missions_app.audit.models import AuditEvent
from missions_app.sites import queries as sites
from missions_app.strategy import queries as strategy
from missions_app.workflow.method_service import method_in_force
from tests.factories.accounts import bearer, grant_role
from tests.journeys import people
from tests.journeys import region as story
from tests.journeys.people import Region

REASONS = "Every requirement stands and the material holds."


class Walk:
    """Calls by people; every answer has to be a success."""

    def __init__(self, client: FlaskClient, region: Region) -> None:
        self.client, self.region = client, region

    def call(self, who: str, method: str, path: str, body: Any = None, version: int | None = None, **more: Any) -> Any:
        """The body of the answer."""
        headers = bearer(self.region.people[who]) | {"Accept-Language": "en"}
        if version is not None:
            headers["If-Match"] = f'"{version}"'
        kept = {"json": body} if body is not None else more
        answer = self.client.open(f"/api/v1{path}", method=method, headers=headers, **kept)
        assert answer.status_code < 300, (who, method, path, answer.text)
        return answer.json if answer.data else None

    def get(self, who: str, path: str) -> Any:
        """Read."""
        return self.call(who, "GET", path)

    def post(self, who: str, path: str, body: Any = None, version: int | None = None, **more: Any) -> Any:
        """Make or do."""
        return self.call(who, "POST", path, body, version, **more)

    def put(self, who: str, path: str, body: Any, version: int | None = None) -> Any:
        """Replace."""
        return self.call(who, "PUT", path, body, version)

    def decide(self, reference: str, gate: str, outcome: str, recommender: str = "recommender",
               decider: str = "decider") -> None:  # fmt: skip
        """One recommends, another decides."""
        asked = {"outcome": outcome, "reasons": REASONS}
        self.post(recommender, f"/cases/{reference}/gates/{gate}/recommendations", asked)
        self.post(decider, f"/cases/{reference}/gates/{gate}/decisions", {**asked, "declared": True})

    def assess(self, reference: str, rubric: str) -> None:
        """Two people declare that nothing ties them, and score apart."""
        criteria = method_in_force().rubric(rubric).criteria
        for who in ("assessor_a", "assessor_b"):
            asked = {"rubric": rubric, "email": self.region.people[who].email}
            assignment = self.post("recommender", f"/cases/{reference}/assessors", asked)["id"]
            clear = {one.id: {"answer": "no"} for one in declaration.QUESTIONS}
            self.post(who, f"/assignments/{assignment}/declaration", {"answers": clear})
            scores = {one.id: {"value": 3, "reason": "Well described in the material."} for one in criteria}
            self.put(who, f"/assignments/{assignment}/scores", {"scores": scores, "summary": "Good.", "submit": True})


def propose(walk: Walk) -> str:
    """The officer drafts, the representative gives the mandate and sends it in."""
    content = {
        "title": "Dry street in cloudburst",
        "problem": "In cloudbursts water stands in Storgatan for four hours.",
        "affected": "Residents, traders and the fire brigade.",
        "place": "Storgatan",
        "target_statement": "By 2029 water stands 30 minutes at most, against 4 hours today.",
        "target_date": "2029-06-30",
        "theme": "climate_adaptation",
        "specialisation": "missions",
        "municipalities": ["1080"],
        "bottlenecks": ["system_limits"],
    }
    town = walk.region.town
    draft = walk.post("officer", "/challenges", {"organisation": town.slug, "language": "en", "content": content})
    reference = draft["reference"]
    walk.post("officer", f"/challenges/{reference}/indicators", {
        "library_key": "ka.peak_flow", "baseline_value": 0.0, "baseline_on": "2026-01-01", "target_value": 30.0,
        "target_on": "2029-06-30", "source": "Level sensor", "owner_id": town.id, "owner_function": "Water engineer",
        "frequency": "per_test",
    })  # fmt: skip
    mandate = walk.post(
        "representative", f"/cases/{reference}/documents", content_type="multipart/form-data",
        data={"kind": "owner_mandate", "title": "Mandate", "file": (io.BytesIO(b"We stand behind it."), "mandate.txt")},
    )  # fmt: skip
    signed = {"organisation": town.slug, "authority": "Delegation", "checksum": mandate["checksum"]}
    walk.post("representative", f"/documents/{mandate['id']}/signatures", signed)
    seen = walk.get("representative", f"/challenges/{reference}")
    walk.post("representative", f"/challenges/{reference}/submit", version=seen["version"])
    return reference


def adopt(walk: Walk, reference: str) -> str:
    """Screening, assessment, the first checkpoint; the reference of the mission."""
    walk.post("recommender", f"/cases/{reference}/moves", {"move": "accept"})
    walk.assess(reference, "challenge")
    assert walk.get("recommender", f"/cases/{reference}/panels/challenge")["passes"] is True
    for key in [one.key for one in strategy.documents()][:2]:
        link = {"document": key, "stance": "supports", "reason": "In line with the target."}
        walk.put("recommender", f"/challenges/{reference}/strategy", link)
    walk.post(
        "assessor_a",
        f"/cases/{reference}/criteria/g1.open/attestations",
        {"text": "No product, brand or technique is named."},
    )
    asked = {"body": "wg_missions", "question": "What does the group say?", "days": 10}
    walk.post("recommender", f"/cases/{reference}/consultations", asked)
    walk.decide(reference, "g1", "approve")
    return str(walk.get("decider", "/missions")["items"][0]["reference"])


def gather(walk: Walk, mission: str) -> None:
    """Everybody joins, promises, signs; the second checkpoint."""
    region, base = walk.region, f"/missions/{mission}"
    seen = walk.get("representative", base)
    lead = {"organisation": region.university.slug, "email": region.people["coordinator"].email}
    walk.put("representative", f"{base}/coordinator", lead, version=seen["version"])
    members = {"representative": region.town, "university_admin": region.university, "company_admin": region.company,
               "village_admin": region.village}  # fmt: skip
    roles = {"university_admin": ["coordinator", "knowledge_partner"], "company_admin": ["solution_provider"],
             "village_admin": ["user_rep"]}  # fmt: skip
    for who, wanted in roles.items():
        asked = {"organisation": members[who].slug, "roles": wanted, "message": "Welcome."}
        partner = walk.post("coordinator", f"{base}/invitations", asked)
        walk.post(who, f"{base}/partners/{partner['id']}/join", {"roles": wanted}, version=partner["version"])
    found = {one["organisation"]: one for one in walk.get("coordinator", f"{base}/partnership")["partners"]}
    owner = found[region.town.slug]
    walk.put("coordinator", f"{base}/partners/{owner['id']}/roles", {"roles": ["problem_owner", "testbed_owner"]},
             version=owner["version"])  # fmt: skip
    need = walk.post("coordinator", f"{base}/needs", {"kind": "equipment", "text": "Level sensors", "priority": "must"})
    for who in ("representative", "university_admin", "company_admin"):
        promise = {
            "kind": "hours",
            "text": "Working hours",
            "quantity": 300,
            "value_ore": 20_000_000,
            "need_id": need["id"],
        }
        walk.post(who, f"{base}/partners/{found[members[who].slug]['id']}/commitments", promise)
    intent = method_in_force().term("agreement", "intent")
    for who, organisation in members.items():
        clauses = dict.fromkeys(intent.must_hold, "As enclosed.")  # type: ignore[attr-defined]
        text = walk.post(who, f"{base}/letters-of-intent", {"organisation": organisation.slug, "clauses": clauses})
        sign(walk, who, base, text, organisation.slug)
    seen = walk.get("coordinator", base)
    terms = {"ip_model": "owner_keeps", "data_terms": "Measurements are open.", "publicity_ack": True}
    walk.put("coordinator", f"{base}/terms", terms, version=seen["version"])
    for title in ("Rain garden", "Storage under the street"):
        walk.post("coordinator", f"{base}/tracks", {"title": title})
    line = {"phase": "test", "source": "Own money", "cost": "Sensors", "amount_ore": 10_000_000, "is_secured": True}
    walk.post("coordinator", f"{base}/funding", line)
    walk.decide(mission, "g2", "approve")


def sign(walk: Walk, who: str, base: str, agreement: Any, slug: str) -> None:
    """Sign exactly what was read."""
    body = {
        "organisation": slug, "authority": "Delegation", "authority_source": "Delegationsordningen",
        "checksum": agreement["checksum"],
    }  # fmt: skip
    walk.post(who, f"{base}/agreements/{agreement['id']}/signatures", body)


def plan_and_book(walk: Walk, mission: str, *, use_day: int) -> tuple[str, str]:
    """The experiment, its booking and permits, agreements, the third checkpoint."""
    region = walk.region
    site = walk.post("decider", "/sites", {
        "name_sv": "Storgatans dagvattengata (exempel)", "answers": story.ANSWERS, "price_model": "free",
        "municipality": "1080", "is_outdoor": True, "owner": region.town.slug, "status": "open",
    })["slug"]  # fmt: skip
    resource = walk.post("decider", f"/sites/{site}/resources", {"name_sv": "Gatan", "cleanup_minutes": 60})["slug"]
    grant_role(region.people["manager"], "site_manager", site_scope(sites.get_site(site).id))
    experiment = walk.post(
        "coordinator",
        f"/missions/{mission}/experiments",
        {
            "title": "Rain garden in Storgatan",
            "question": "Does the water get away in time?",
            "hypothesis": "Yes, in 30 minutes.",
            "method": "Fill and measure.",
            "success_threshold": "30 minutes",
            "stop_rule": "Water at a wall.",
            "data_plan": "Open data.",
            "trl_start": 5,
            "srl_start": 4,
            "organisation": region.university.slug,
            "lead": region.people["researcher"].email,
        },
    )["reference"]
    booking = book(walk, site, resource, experiment, use_day=use_day)
    agree(walk, mission, experiment)
    fits = {"text": "The site suits how ready the solution is.", "part": str(sites.get_site(site).id)}
    walk.post("manager", f"/cases/{experiment}/criteria/g3.fit/attestations", fits)
    walk.post(
        "researcher",
        f"/cases/{experiment}/criteria/g3.notice/attestations",
        {"text": "Every resident has had a letter."},
    )
    walk.decide(experiment, "g3", "approve", recommender="coordinator", decider="manager")
    return experiment, booking["reference"]


def book(walk: Walk, site: str, resource: str, experiment: str, *, use_day: int) -> dict[str, Any]:
    """A day in the street with everything it asks for: risk accepted, time approved, permits granted."""
    day = people.day(use_day).date()
    booking = walk.post(
        "researcher",
        "/bookings",
        {
            "site": site,
            "resource": resource,
            "starts_at": story.at(use_day, 8).isoformat(),
            "units": 1,
            "ends_at": story.at(use_day, 16).isoformat(),
            "organisation": walk.region.university.slug,
            "experiment": experiment,
            "purpose": "Try the rain garden",
            "on_site_responsible": "Research engineer",
            "emergency_contact": "On call",
            "people_on_site": 4,
            "insurance_reference": "K-1",
            "insurance_valid_to": "2027-12-31",
            "personal_data_assessment": "None",
            "camera_assessment": "None",
            "ethics_assessment": "Not relevant",
            "weather_limits": "No frost",
            "reserve_dates": [(day + timedelta(days=7)).isoformat()],
            "answers": {"street": True},
            "details": {
                "traffic_arrangement_plan": "Enclosed",
                "accessibility_diversion": "North pavement",
                "emergency_access": "Free",
                "residents_notice": "Sent",
            },
        },
    )
    where = f"/bookings/{booking['reference']}"
    risk = walk.post("researcher", f"{where}/risks", {"text": "Slipping", "level": "medium", "mitigation": "Sand"})
    walk.post("manager", f"{where}/risks/{risk['id']}/accept", version=risk["version"])
    line = booking["lines"][0]
    walk.post("manager", f"{where}/lines/{line['id']}/decision", {"state": "approved"}, version=line["version"])
    for permit in walk.get("researcher", where)["permits"]:
        granted = {"state": "granted", "valid_from": day.isoformat(), "number": "T-1",
                   "valid_until": (day + timedelta(days=30)).isoformat()}  # fmt: skip
        walk.put("researcher", f"{where}/permits/{permit['permit']}", granted, version=permit["version"])
    return booking


def agree(walk: Walk, mission: str, experiment: str) -> None:
    """The partnership's agreement and the one about the use of the site, signed by everybody."""
    region, base = walk.region, f"/missions/{mission}"
    everyone = {"representative": region.town, "university_admin": region.university, "company_admin": region.company,
                "village_admin": region.village}  # fmt: skip
    users = {"representative": region.town, "university_admin": region.university}
    for kind, parties, owner in (("partnership", everyone, ""), ("site_use", users, experiment)):
        declared = method_in_force().term("agreement", kind)
        agreement = walk.post("coordinator", f"{base}/agreements", {
            "kind": kind, "title": kind, "clauses": dict.fromkeys(declared.must_hold, "As enclosed."),  # type: ignore[attr-defined]
            "parties": [one.slug for one in parties.values()], "experiment": owner,
        })  # fmt: skip
        for who, organisation in parties.items():
            sign(walk, who, base, agreement, organisation.slug)


def run_and_report(walk: Walk, mission: str, experiment: str, booking: str) -> None:
    """Checking in and out, measuring, reporting; the fourth checkpoint."""
    where, base = f"/bookings/{booking}", f"/missions/{mission}"
    line = walk.get("researcher", where)["lines"][0]
    line = walk.post("researcher", f"{where}/lines/{line['id']}/check-in", {"people": 4}, version=line["version"])
    walk.post("researcher", f"{where}/deviations", {"text": "A sensor was silent for ten minutes."})
    with clock.fixed(story.at(90, 15)):
        walk.post("researcher", f"{where}/lines/{line['id']}/check-out", version=line["version"])
    indicator = walk.get("coordinator", base)["indicators"][0]["id"]
    value = {
        "indicator_id": indicator,
        "value": 120.0,
        "measured_on": clock.today().isoformat(),
        "source": "Level sensor",
    }
    measured = walk.post("researcher", f"/experiments/{experiment}/measurements", value)
    approve = f"/experiments/{experiment}/measurements/{measured['id']}/approve"
    walk.post("coordinator", approve, version=measured["version"])
    report = walk.put("researcher", f"/experiments/{experiment}/report", {
        "summary": "The garden took the water, slower than thought.", "what_was_done": "We filled and measured.",
        "results": "120 cubic metres in 50 minutes.", "threshold": "not_met", "outcome": "refuted", "trl_end": 6,
        "trl_evidence": "Measurements", "srl_end": 5, "srl_evidence": "Talks with residents",
    })  # fmt: skip
    walk.post("researcher", f"/experiments/{experiment}/report/submit", version=report["version"])
    barrier = {
        "title": "The upkeep contract does not count rain gardens",
        "kind": "local_rule",
        "experiment": experiment,
    }
    walk.post("researcher", f"{base}/barriers", barrier)
    part = str(sites.get_site(walk.get("researcher", where)["lines"][0]["site"]).id)
    restored = {"text": "The street is as it was.", "part": part}
    walk.post("manager", f"/cases/{experiment}/criteria/g4.restored/attestations", restored)
    walk.post(
        "coordinator", f"/cases/{experiment}/criteria/g4.barriers/attestations", {"text": "One barrier is entered."}
    )
    walk.decide(experiment, "g4", "approve", recommender="researcher", decider="coordinator")


def evaluate_and_close(walk: Walk, mission: str) -> None:
    """Two reviewers, statements, the story; the fifth and the last checkpoint."""
    base = f"/missions/{mission}"
    walk.post("coordinator", f"/cases/{mission}/moves", {"move": "open_evaluation"})
    walk.assess(mission, "evaluation")
    hearing = {"text": "What do you say of the reviews?", "reply_by": (clock.today() + timedelta(days=14)).isoformat()}
    asked = walk.post("recommender", f"/cases/{mission}/panels/evaluation/hearings", hearing)
    answer = {"text": "We recognise ourselves in them."}
    walk.post("representative", f"/questions/{asked['id']}/answer", answer, asked["version"])
    told = {
        "story": "The street dries faster than before and the upkeep has changed. " * 13,
        "rival_explanations": (
            "The winter was dry and the traffic less than usual, which may explain some of the difference against the "
            "years before."
        ),
    }
    walk.put("coordinator", f"{base}/story", told)
    for who, slug, role in (("representative", walk.region.town.slug, "problem_owner"),
                            ("village_admin", walk.region.village.slug, "user_rep")):  # fmt: skip
        said = {"organisation": slug, "partner_role": role, "text": "The street is drier and we want to go on."}
        walk.post(who, f"{base}/statements", said)
    for tag in ("method", "technology", "users"):
        lesson = {"tag": tag, "context": "Storgatan", "learnt": "Begin to measure early.", "so_what": "Measure before."}
        walk.post("coordinator", f"{base}/lessons", lesson)
    walk.decide(mission, "g5", "scale_up")
    walk.post(
        "coordinator",
        f"{base}/closing-report",
        {"text": "What we learnt of Storgatan. " * 10, "authority": "Delegation"},
    )
    seen = walk.get("coordinator", base)
    receiver = {"result_owner": "Exempelkommun, streets", "next_step": "Three more streets.",
                "follow_up_date": (clock.today() + timedelta(days=365)).isoformat()}  # fmt: skip
    walk.put("coordinator", f"{base}/closing", receiver, version=seen["version"])
    for number, document in enumerate(walk.get("registrar", f"/cases/{mission}/documents"), 1):
        entry = {"registry_number": f"RB 2026/{number}", "retention": "decision_and_final_report"}
        walk.put("registrar", f"/documents/{document['id']}/register", entry, version=document["version"])
    walk.decide(mission, "g6", "close")


def walk_through(client: FlaskClient) -> Walk:
    """The whole story, with the days between its acts."""
    with clock.fixed(people.day(0)):
        walk = Walk(client, people.make_region())
        challenge = propose(walk)
    with clock.fixed(people.day(20)):
        mission = adopt(walk, challenge)
    with clock.fixed(people.day(60)):
        gather(walk, mission)
        experiment, booking = plan_and_book(walk, mission, use_day=90)
    with clock.fixed(story.at(90, 8)):
        run_and_report(walk, mission, experiment, booking)
    with clock.fixed(people.day(120)):
        evaluate_and_close(walk, mission)
        assert walk.get("coordinator", f"/cases/{mission}")["state"] == "closed"
    return walk


def test_a_mission_goes_from_draft_to_closed_through_the_api(session: Session, client: FlaskClient) -> None:
    walk_through(client)

    actions = set(session.scalars(select(AuditEvent.action)))
    assert actions >= story.WHOLE_WAY
