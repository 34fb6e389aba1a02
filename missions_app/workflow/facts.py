"""The names of facts: the contract between criteria, which read them, and packages, which provide them. Pure.

Values are JSON-able: dates are ISO text, money is öre. A shape names the keys of one record.
"""

from dataclasses import dataclass

ALL = ("challenge", "mission", "experiment")


@dataclass(frozen=True, slots=True)
class Fact:
    """One fact: for which kinds of case, which form, with which keys if it is a list of records, and its meaning."""

    name: str
    subjects: tuple[str, ...]
    form: str
    meaning: str
    keys: tuple[str, ...] = ()


def _facts(subjects: tuple[str, ...], *rows: tuple[str, ...]) -> list[Fact]:
    return [Fact(row[0], subjects, row[1], row[2], tuple(row[3:])) for row in rows]


_ASSESSMENT_KEYS = ("assessor", "state", "declared", "conflicted", "scores", "weighted", "revision")

CATALOGUE: dict[str, Fact] = {
    fact.name: fact
    for fact in [
        *_facts(
            ALL,
            ("today", "date", "The date in the site's zone."),
            ("escalated", "bool", "Whether the gate's condition for going higher holds."),
            ("proposed_outcome", "text", "The outcome that is recommended or about to be chosen."),
            (
                "attestations",
                "records",
                "What people in the right role vouch for.",
                "criterion",
                "role",
                "part",
                "text",
                "by",
            ),
            ("consultations", "records", "Bodies asked for their view.", "body", "asked_on", "reply_by", "replied"),
            ("decisions", "records", "Decisions at gates.", "gate", "body", "outcome", "date"),
            (
                "documents",
                "records",
                "Registered documents.",
                "type",
                "state",
                "signed_by",
                "registered",
                "retention",
                "official",
                "published",
            ),
            ("parties", "lists", "Who must sign, by the name a criterion uses: keys of organisations or users."),
            ("regional_money_ore", "money", "The region's own money, committed or asked for."),
        ),  # fmt: skip
        *_facts(
            ("challenge",),
            ("title", "text", "Its title."),
            ("problem", "text", "The problem."),
            ("affected", "text", "Who is affected."),
            ("place", "text", "Where."),
            ("target_statement", "text", "The target in a sentence."),
            ("target_date", "date", "By when."),
            ("theme", "text", "Theme of the method."),
            ("specialisation", "text", "Main specialisation."),
            ("secondary_specialisations", "list", "Other specialisations."),
            ("assessments", "records", "Assessments on the challenge rubric.", *_ASSESSMENT_KEYS),
            ("strategy_links", "records", "Strategic documents gone through.", "document", "stance", "reviewed"),
            ("bottlenecks", "list", "The strategy's bottlenecks it touches."),
            ("municipalities", "number", "How many municipalities it concerns."),
            ("clashes", "number", "How many adopted goals it clashes with."),
            ("wg_of_specialisation", "text", "The working group of its main specialisation."),
        ),
        *_facts(
            ("challenge", "mission"),
            (
                "indicators",
                "records",
                "Indicators with their targets.",
                "id",
                "level",
                "unit",
                "direction",
                "baseline",
                "baseline_date",
                "target",
                "target_low",
                "target_date",
                "source",
                "owner",
                "targeted",
                "latest_value",
            ),
            ("consensus_notes", "records", "What assessors agreed on after a gap.", "rubric", "criterion", "dissent"),
        ),  # fmt: skip
        *_facts(
            ("mission",),
            (
                "partners",
                "records",
                "Partners.",
                "organisation",
                "group",
                "sector",
                "roles",
                "status",
                "is_undertaking",
                "receives_benefit",
                "state_aid_assessed",
            ),
            ("partner_roles", "records", "The method's partner roles.", "role", "required", "filled"),
            ("commitments", "records", "Promises.", "organisation", "group", "kind", "value_ore", "state"),
            ("needs", "records", "Needs.", "id", "priority", "covered", "plan_date"),
            ("ip_model", "text", "The chosen model for intellectual property."),
            ("data_terms", "text", "Terms for data and confidentiality."),
            ("publicity_ack", "bool", "Whether the partners know what becomes public."),
            ("solution_tracks", "records", "Solution tracks.", "id", "title"),
            ("single_track_reason", "text", "Why only one track is tried."),
            ("funding_lines", "records", "The funding plan.", "phase", "source_stated", "double_funding", "amount_ore"),
            ("experiments", "records", "Experiments.", "reference", "state"),
            ("evaluations", "records", "Assessments on the evaluation rubric.", *_ASSESSMENT_KEYS),
            ("contribution_story", "text", "The contribution story."),
            ("rival_explanations", "text", "What else may explain what happened."),
            ("statements", "records", "Statements on the outcome.", "from"),
            ("lessons", "records", "Lessons.", "tag_method"),
            ("datasets", "records", "Data sets.", "open", "published"),
            ("result_owner", "text", "Who receives the result."),
            ("next_step", "text", "What the receiver does next."),
            ("follow_up_date", "date", "When the result is followed up."),
            ("adopted_by_run", "bool", "Whether the board adopted the mission's challenge."),
        ),  # fmt: skip
        *_facts(
            ("experiment",),
            ("question", "text", "What is asked."),
            ("hypothesis", "text", "What is expected."),
            ("method", "text", "How it is tried."),
            ("success_threshold", "text", "What counts as success."),
            ("stop_rule", "text", "When it is stopped."),
            ("data_plan", "text", "What happens with the data."),
            ("trl_start", "number", "Technology readiness before."),
            ("srl_start", "number", "Societal readiness before."),
            ("trl_end", "number", "Technology readiness after."),
            ("trl_evidence", "text", "Evidence for it."),
            ("srl_end", "number", "Societal readiness after."),
            ("srl_evidence", "text", "Evidence for it."),
            ("bookings", "records", "Bookings.", "reference", "cancelled", "state", "starts_at", "ends_at"),
            ("permits", "records", "Permits.", "id", "state", "valid_from", "valid_to", "reason"),
            ("risks", "records", "Risks.", "level", "accepted_by_site", "mitigation"),
            ("on_site_responsible", "text", "Who answers on site."),
            ("insurance_reference", "text", "Insurance."),
            ("insurance_valid_to", "date", "Last day of the insurance."),
            ("emergency_contact", "text", "Whom to call."),
            ("people_on_site", "number", "How many people."),
            ("personal_data_assessment", "text", "Personal data assessed, by each booking or for all by the plan."),
            ("camera_assessment", "text", "Cameras assessed."),
            ("ethics_assessment", "text", "Ethics assessed."),
            ("outdoor", "bool", "Whether it is outdoors."),
            ("weather_limits", "text", "Limits of wind, waves, sight or temperature."),
            ("reserve_dates", "list", "Reserve dates."),
            ("residual_risk", "text", "The highest risk level left after mitigation."),
            ("public_cannot_opt_out", "bool", "Whether the public is affected without a choice."),
            ("site_parts", "list", "The sites whose managers each vouch for their own part."),
            ("measurements", "records", "Measurements.", "indicator", "verified"),
            ("barriers", "records", "Barriers found.", "id"),
        ),
    ]
}


def known(name: str, subject: str) -> bool:
    """Whether a kind of case offers the fact."""
    return name in CATALOGUE and subject in CATALOGUE[name].subjects
