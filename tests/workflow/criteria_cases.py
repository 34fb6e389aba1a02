"""Facts under which every criterion of the method is met, and for each the smallest change that makes it not met."""

from typing import Any

Facts = dict[str, Any]


def assessment(score: int | None = 3, **changes: Any) -> Facts:
    """One submitted, declared, unconflicted assessment; `scores` is filled in by the test from the method's rubric."""
    return {"assessor": "a", "state": "submitted", "declared": True, "conflicted": False, "scores": score, **changes}


def partner(group: int, sector: str, *roles: str, **changes: Any) -> Facts:
    """One committed partner."""
    return {
        "organisation": f"Organisation {group}",
        "group": group,
        "sector": sector,
        "roles": list(roles),
        "status": "committed",
        "is_undertaking": sector == "business",
        "receives_benefit": False,
        "state_aid_assessed": False,
        **changes,
    }


def document(kind: str, *signers: str, **changes: Any) -> Facts:
    """One valid document."""
    return {
        "type": kind, "state": "valid", "signed_by": list(signers), "registered": True, "retention": "x",
        "retention_set": True, "official": True, "published": False, **changes,
    }  # fmt: skip


def words(criterion: str, role: str, part: str = "") -> Facts:
    """Somebody vouches for a criterion."""
    return {
        "criterion": criterion,
        "role": role,
        "part": part,
        "text": "Jag har sett det själv och står för det.",
        "by": 1,
    }


INDICATOR = {
    "id": "x", "level": "outcome", "unit": "m", "baseline": 1.0, "target": 2.0, "target_date": "2029-01-01",
    "source": "Givare", "owner": "VA", "targeted": True, "latest_value": True,
}  # fmt: skip
PARTNERS = [
    partner(1, "public", "problem_owner"), partner(2, "academia", "knowledge_partner"),
    partner(3, "business", "solution_provider"), partner(4, "civil", "user_rep"),
]  # fmt: skip
SIGNERS = ["organisation:1", "organisation:2"]

MET: dict[str, Facts] = {
    "g1": {
        "title": "T",
        "problem": "P",
        "affected": "A",
        "place": "S",
        "target_statement": "M",
        "target_date": "2029-01-01",
        "theme": "climate_adaptation",
        "specialisation": "missions",
        "secondary_specialisations": [],
        "today": "2026-03-01",
        "attestations": [words("g1.open", "assessor")],
        "indicators": [INDICATOR],
        "documents": [document("owner_mandate", "organisation:1")],
        "parties": {"problem_owner": ["organisation:1"]},
        "assessments": [assessment(), assessment(assessor="b")],
        "consensus_notes": [],
        "strategy_links": [{"document": "a", "reviewed": True}, {"document": "b", "reviewed": True}],
        "bottlenecks": ["funding"],
        "wg_of_specialisation": "wg_missions",
        "consultations": [{"body": "wg_missions", "asked_on": "2026-02-01", "reply_by": "2026-02-11", "replied": True}],
        "escalated": True,
        "decisions": [{"gate": "g1", "body": "run", "outcome": "approve", "date": "2026-03-01"}],
    },
    "g2": {
        "partners": PARTNERS,
        "partner_roles": [{"role": "problem_owner", "required": True, "filled": True}],
        "commitments": [
            {"group": 1, "value_ore": 60, "state": "committed"},
            {"group": 2, "value_ore": 40, "state": "committed"},
        ],
        "needs": [{"id": 1, "priority": "must", "covered": True, "plan_date": None}],
        "documents": [document("intent", SIGNERS[0]), document("intent", SIGNERS[1])],
        "parties": {"all_partners": SIGNERS},
        "ip_model": "open",
        "data_terms": "Öppna",
        "publicity_ack": True,
        "solution_tracks": [{"id": 1}, {"id": 2}],
        "single_track_reason": "",
        "funding_lines": [{"phase": "test", "source_stated": True, "double_funding": False, "amount_ore": 1}],
    },
    "g3": {
        "question": "?",
        "hypothesis": "!",
        "method": "m",
        "success_threshold": "s",
        "stop_rule": "s",
        "trl_start": 5,
        "srl_start": 4,
        "data_plan": "d",
        "attestations": [words("g3.fit", "site_manager", "7"), words("g3.notice", "experiment_lead")],
        "site_parts": ["7"],
        "documents": [document("partnership", *SIGNERS), document("site_use", *SIGNERS)],
        "parties": {"parties_of_experiment": SIGNERS},
        "bookings": [
            {
                "reference": "B-1",
                "cancelled": False,
                "state": "approved",
                "starts_at": "2026-06-01T08:00:00+02:00",
                "ends_at": "2026-06-01T16:00:00+02:00",
            },
        ],
        "permits": [
            {"id": "ufs", "state": "granted", "valid_from": "2026-05-01", "valid_to": "2026-07-01", "reason": ""},
            {"id": "port", "state": "not_needed", "valid_from": None, "valid_to": None, "reason": "Eget vatten"},
        ],
        "risks": [{"level": "high", "accepted_by_site": True, "mitigation": "Vakt"}],
        "on_site_responsible": "R",
        "insurance_reference": "I",
        "insurance_valid_to": "2027-01-01",
        "emergency_contact": "112",
        "people_on_site": 3,
        "personal_data_assessment": "Inga",
        "camera_assessment": "Ingen",
        "ethics_assessment": "Ej",
        "outdoor": True,
        "weather_limits": "10 m/s",
        "reserve_dates": ["2026-06-08"],
    },
    "g4": {
        "documents": [document("test_report", "user:5")],
        "parties": {"experiment_lead": ["user:5"]},
        "measurements": [{"indicator": 1, "verified": True}],
        "trl_end": 6,
        "trl_evidence": "Mätning",
        "srl_end": 5,
        "srl_evidence": "Samtal",
        "site_parts": ["7"],
        "barriers": [{"id": 1}],
        "attestations": [words("g4.restored", "site_manager", "7"), words("g4.barriers", "coordinator")],
    },
    "g5": {
        "experiments": [{"reference": "F-1", "state": "completed"}],
        "evaluations": [assessment(), assessment(assessor="b")],
        "consensus_notes": [],
        "indicators": [INDICATOR],
        "contribution_story": "x" * 600,
        "rival_explanations": "x" * 100,
        "statements": [{"from": "problem_owner"}, {"from": "user_rep"}],
        "lessons": [{"tag_method": True}, {"tag_method": False}, {"tag_method": False}],
        "escalated": True,
        "decisions": [{"gate": "g5", "body": "run", "outcome": "stop", "date": "2026-03-01"}],
    },
    "g6": {
        "documents": [document("closing_report", "organisation:2", published=True)],
        "parties": {"coordinator": ["organisation:2"]},
        "datasets": [{"open": True, "published": True}],
        "result_owner": "Kommunen",
        "next_step": "Fler gator",
        "follow_up_date": "2027-03-01",
    },
}

UNMET: dict[str, Facts] = {
    "g1.statement": {"affected": "  "},
    "g1.theme": {"theme": "other"},
    "g1.open": {"attestations": []},
    "g1.indicators": {"indicators": [{**INDICATOR, "baseline": None}]},
    "g1.timebound": {"target_date": "2037-01-01"},
    "g1.mandate": {"documents": [document("owner_mandate")]},
    "g1.rubric": {"assessments": [assessment(), assessment(1, assessor="b")]},
    "g1.conflict": {"assessments": [assessment(conflicted=True), assessment(assessor="b")]},
    "g1.strategies": {"strategy_links": [{"document": "a", "reviewed": True}, {"document": "b", "reviewed": False}]},
    "g1.bottleneck": {"bottlenecks": []},
    "g1.consult": {
        "consultations": [{"body": "wg_missions", "asked_on": "2026-02-25", "reply_by": "2026-03-07", "replied": False}]
    },
    "g1.run": {"decisions": []},
    "g2.sectors": {"partners": [partner(1, "public"), partner(1, "business"), partner(3, "academia")]},
    "g2.independent": {"partners": [*PARTNERS[:3], partner(3, "civil", "user_rep")]},
    "g2.roles": {"partner_roles": [{"role": "user_rep", "required": True, "filled": False}]},
    "g2.users": {"partners": [*PARTNERS[:3], partner(4, "civil", "user_rep", status="interested")]},
    "g2.balance": {
        "commitments": [
            {"group": 1, "value_ore": 80, "state": "committed"},
            {"group": 2, "value_ore": 20, "state": "committed"},
        ]
    },
    "g2.needs": {"needs": [{"id": 1, "priority": "must", "covered": False, "plan_date": None}]},
    "g2.intent": {"documents": [document("intent", SIGNERS[0])]},
    "g2.ipdata": {"publicity_ack": None},
    "g2.state_aid": {"partners": [partner(3, "business", receives_benefit=True)]},
    "g2.solutions": {"solution_tracks": [{"id": 1}]},
    "g2.funding": {
        "funding_lines": [{"phase": "test", "source_stated": True, "double_funding": True, "amount_ore": 1}]
    },
    "g3.plan": {"stop_rule": ""},
    "g3.fit": {"site_parts": ["7", "8"]},
    "g3.agreement": {"documents": [document("partnership", *SIGNERS), document("site_use", SIGNERS[0])]},
    "g3.booking": {
        "bookings": [
            {
                "reference": "B-1",
                "cancelled": False,
                "state": "submitted",
                "starts_at": "2026-06-01",
                "ends_at": "2026-06-02",
            }
        ]
    },
    "g3.permits": {
        "permits": [
            {"id": "ufs", "state": "granted", "valid_from": "2026-06-02", "valid_to": "2026-07-01", "reason": ""}
        ]
    },
    "g3.risk": {"risks": [{"level": "high", "accepted_by_site": False, "mitigation": "Vakt"}]},
    "g3.person": {"insurance_valid_to": None},
    "g3.privacy": {"camera_assessment": ""},
    "g3.weather": {"reserve_dates": []},
    "g3.notice": {"attestations": [words("g3.fit", "site_manager", "7")]},
    "g4.report": {"documents": [document("test_report", "user:6")]},
    "g4.data": {"measurements": [{"indicator": 1, "verified": False}]},
    "g4.readiness": {"srl_evidence": ""},
    "g4.restored": {"attestations": [words("g4.barriers", "coordinator")]},
    "g4.barriers": {"attestations": [words("g4.restored", "site_manager", "7")]},
    "g5.experiments": {"experiments": [{"reference": "F-1", "state": "test"}]},
    "g5.review": {"evaluations": [assessment()]},
    "g5.conflict": {"evaluations": [assessment(declared=False), assessment(assessor="b")]},
    "g5.outcome": {"indicators": [{**INDICATOR, "latest_value": False}]},
    "g5.story": {"rival_explanations": "x" * 99},
    "g5.voice": {"statements": [{"from": "problem_owner"}, {"from": "problem_owner"}]},
    "g5.lessons": {"lessons": [{"tag_method": False}] * 3},
    "g5.run": {"decisions": [{"gate": "g5", "body": "secretariat", "outcome": "stop", "date": "2026-03-01"}]},
    "g6.report": {"documents": [document("closing_report", "organisation:2")]},
    "g6.data": {"datasets": [{"open": True, "published": False}]},
    "g6.receiver": {"next_step": ""},
    "g6.archive": {"documents": [document("closing_report", "organisation:2", published=True, registered=False)]},
}
