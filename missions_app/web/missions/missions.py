"""Where a mission stands, whose turn it is, and what came out."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue
from wtforms import SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional

from missions_app import clock
from missions_app.accounts import queries as accounts
from missions_app.challenges.models import Challenge
from missions_app.edge.access import actor, authorise, public, signed_in
from missions_app.edge.paging import page_of
from missions_app.evaluation import queries as evaluation
from missions_app.evaluation.models import Lesson
from missions_app.evaluation.offered import lessons_for
from missions_app.evaluation.results import for_public, results_of
from missions_app.experiments import policy as plan_policy
from missions_app.experiments import queries as experiments
from missions_app.experiments.models import Experiment
from missions_app.i18n import _, both, lazy
from missions_app.indicators.queries import indicators_of
from missions_app.indicators.small_numbers import SMALLEST_SHOWN
from missions_app.missions import mission_service, policy, queries
from missions_app.missions.mission_service import MissionTexts
from missions_app.missions.models import Mission
from missions_app.organisations import queries as organisations
from missions_app.partnerships import coordination_service
from missions_app.partnerships import queries as partnerships
from missions_app.partnerships.models import PartnerState
from missions_app.portfolio.charts import line_chart
from missions_app.portfolio.thread import ThreadRow, decisions_in, thread_for
from missions_app.strategy import queries as strategy
from missions_app.strategy.models import StrategyLink
from missions_app.web.filters import short_date
from missions_app.web.form_page import form_page
from missions_app.web.forms import Form, LocalDateField, VersionMixin, choices
from missions_app.web.missions.blueprint import bp
from missions_app.web.places import place_url
from missions_app.web.stages import steps_of
from missions_app.web.subjects import case_url
from missions_app.workflow import gate_queries, journey_queries, recusal
from missions_app.workflow.conditions import state_of
from missions_app.workflow.gate_queries import GateStanding
from missions_app.workflow.journey_records import read_records, records_of
from missions_app.workflow.method_parts import Text
from missions_app.workflow.method_service import method_in_force, method_of
from missions_app.workflow.models import DecisionCondition, Recusal

# The page tells the latest; the whole thread is one link away.
LATEST = 12


@dataclass(frozen=True, slots=True)
class MissionPage:
    """Everything the page of a mission shows."""

    mission: Mission
    method: Any
    steps: list[tuple[str, str, str]]
    gate: GateStanding | None
    moves: list[Any]
    partners: Any
    experiments: Any
    charts: list[Any]
    challenges: Any
    thread: Sequence[ThreadRow]
    told: str
    happened: int
    sectors: Counter[str]
    money: tuple[int, int] | None
    ties: Any
    has_part: bool
    can_plan: bool
    links: list[tuple[str, str]]
    waivers: list[Any]
    recusals: list[tuple[Recusal, Text]]
    conditions: list[tuple[DecisionCondition, str, str]]
    lessons: list[Any]
    learnt: Sequence[Lesson]


class TextsForm(VersionMixin, Form):
    """What the mission says of itself, in both languages."""

    title_sv = StringField(lazy("Title in Swedish"), validators=[InputRequired(), Length(max=200)])
    title_en = StringField(lazy("Title in English"), validators=[Optional(), Length(max=200)])
    summary_sv = TextAreaField(lazy("Summary in Swedish"), validators=[Optional(), Length(max=5000)])
    summary_en = TextAreaField(lazy("Summary in English"), validators=[Optional(), Length(max=5000)])
    target_sv = TextAreaField(lazy("Target in Swedish"), validators=[Optional(), Length(max=5000)])
    target_en = TextAreaField(lazy("Target in English"), validators=[Optional(), Length(max=5000)])


class JoinForm(Form):
    """A challenge that is to become part of the mission."""

    challenge = SelectField(lazy("Challenge"), validators=[InputRequired()])


class CoordinatorForm(VersionMixin, Form):
    """Who coordinates."""

    organisation = SelectField(lazy("Organisation"), validators=[InputRequired()])
    email = StringField(
        lazy("E-mail address of the person"), validators=[InputRequired(), Length(max=254)],
        description=lazy("The person needs an account here."),
    )  # fmt: skip


class ClosingForm(VersionMixin, Form):
    """Who receives the result."""

    result_owner = StringField(lazy("Who receives the result"), validators=[InputRequired(), Length(max=300)])
    next_step = TextAreaField(lazy("What happens next there"), validators=[InputRequired(), Length(max=5000)])
    follow_up_date = LocalDateField(lazy("Follow-up"), validators=[Optional()])


def crumbs_of(mission: Mission) -> list[tuple[str, str]]:
    """The way to a mission's page."""
    title = both(mission.title_sv, mission.title_en)
    return [
        (_("Missions"), url_for("missions.list_missions")),
        (f"{title} {mission.reference}", url_for("missions.show_mission", reference=mission.reference)),
    ]


def _links(mission: Mission) -> list[tuple[str, str]]:
    """(text, address) of the pages of a mission's work that the reader may open, in the order of the method."""
    may_coordinate = policy.can_coordinate(actor(), mission)
    rows = [
        ("partnerships.list_agreements", _("Agreements"), True),
        ("partnerships.show_funding", _("Funding plan"), True),
        ("partnerships.list_tracks", _("Solution tracks"), True),
        ("partnerships.list_state_aid", _("State aid"), True),
        ("evaluation.show_evaluation", _("Evaluation"), True),
        ("partnerships.show_terms", _("Terms"), True),
        (
            "evaluation.publish_closing_report",
            _("Closing report"),
            may_coordinate and mission.journey.state == "scaling",
        ),
        ("missions.edit_closing", _("Who receives the result"), may_coordinate),
        ("missions.edit_texts", _("Change the texts"), may_coordinate),
        ("missions.appoint_coordinator", _("Appoint a coordinator"), policy.can_hand_over(actor(), mission)),
        ("missions.plan_join", _("Let a challenge join"), policy.can_plan_join(actor(), mission)),
    ]
    documents = (_("Documents"), url_for("documents.list_documents", journey_id=mission.journey_id))
    return [documents, *((text, url_for(name, reference=mission.reference)) for name, text, may in rows if may)]


@bp.get("/missions")
@public
def list_missions() -> ResponseReturnValue:
    """All missions."""
    theme = request.args.get("theme", "")
    page = page_of(queries.missions(theme=theme))
    return render_template(
        "missions/list_missions.html", missions=page, method=method_in_force(), theme=theme,
        page_url=lambda number: url_for("missions.list_missions", theme=theme, page=number),
    )  # fmt: skip


@bp.get("/missions/<reference>")
@public
def show_mission(reference: str) -> ResponseReturnValue:
    """The whole mission on one page; visitors see what is public."""
    mission = queries.get_mission(reference)
    return render_template(
        "missions/show_mission.html", one=_page(mission), case_url=case_url, least_shown=SMALLEST_SHOWN,
        place_of=lambda criterion: place_url(criterion.place, mission),
    )  # fmt: skip


def _page(mission: Mission) -> MissionPage:
    method = method_of(mission.journey.method_version)
    part = policy.has_part(actor(), mission)
    tests = experiments.experiments_of(mission.id)
    read_records([mission.journey, *(one.journey for one in tests)])
    gate = next((one for one in method.gates_of("mission") if mission.journey.state in one.from_states), None)
    plans = indicators_of(mission.journey)
    found = results_of(plans)
    shown = found if part else [for_public(one) for one in found]
    challenges = queries.challenges_of(mission)
    partners = partnerships.partners_of(mission)
    thread = thread_for([mission, *challenges, *tests])
    told = request.args.get("thread", "")
    kinds = {"decisions": "is_decision", "measurements": "is_measurement"}
    chosen = [one for one in thread if told not in kinds or getattr(one, kinds[told])]
    return MissionPage(
        mission=mission,
        method=method,
        steps=steps_of(mission),
        gate=gate_queries.standing(mission, gate.id) if gate and part else None,
        moves=journey_queries.possible_moves(mission, actor()),
        partners=partners,
        experiments=tests,
        charts=[(one, line_chart(one, decisions_in(thread), day=short_date)) for one in shown],
        challenges=challenges,
        thread=chosen if told else chosen[:LATEST],
        told=told,
        happened=len(thread),
        sectors=Counter(one.organisation.sector for one in partners if one.state is PartnerState.COMMITTED),
        money=_money(mission) if part else None,
        ties=_ties(mission, challenges),
        has_part=part,
        can_plan=plan_policy.can_plan_experiment(actor(), mission),
        links=_links(mission) if part else [],
        waivers=gate_queries.valid_waivers(mission.journey),
        recusals=[(each, recusal.in_function(each, method)) for each in recusal.made_public(mission.journey)],
        conditions=_asked(mission, tests) if part else [],
        lessons=lessons_for(
            f"{mission.title_sv} {mission.target_sv} {mission.summary_sv}", mission.theme, besides=mission
        )
        if part
        else [],
        learnt=evaluation.open_lessons_of(mission.id),
    )


def _asked(mission: Mission, tests: Sequence[Experiment]) -> list[tuple[DecisionCondition, str, str]]:
    """What the published decisions of a mission and its experiments ask for, how each stands and of which experiment it
    is asked ("" of the mission itself); what is not met first, by day."""
    today, whose = clock.today(), {one.journey_id: one.reference for one in tests}
    records = (records_of(journey) for journey in (mission.journey, *(one.journey for one in tests)))
    asked = [one for each in records for one in each.conditions if one.decision.published_at is not None]
    asked.sort(key=lambda one: (one.done_at is not None, one.due_on or date.max, one.id))
    return [(one, state_of(one, today).value, whose.get(one.decision.journey_id, "")) for one in asked]


def _ties(mission: Mission, challenges: Sequence[Challenge]) -> Sequence[StrategyLink]:
    """What the mission does to documents; what its challenges do while nobody has said."""
    links = strategy.links_of_journeys([mission.journey_id, *(one.journey_id for one in challenges)])
    return [one for one in links if one.journey_id == mission.journey_id] or links


def _money(mission: Mission) -> tuple[int, int]:
    """(öre that are secured, öre in the plan)."""
    lines = partnerships.funding_of(mission)
    return sum(one.amount_ore for one in lines if one.is_secured), sum(one.amount_ore for one in lines)


@bp.route("/missions/<reference>/texts", methods=["GET", "POST"])
@signed_in
def edit_texts(reference: str) -> ResponseReturnValue:
    """Word title, summary and target."""
    mission = queries.get_mission(reference)
    authorise(policy.can_coordinate, mission)
    form = TextsForm(obj=mission)

    def act() -> None:
        texts = MissionTexts(**{name: form[name].data or "" for name in MissionTexts.__slots__})
        mission_service.edit_texts(mission, texts, by=actor(), expected_version=form.expected_version)

    return form_page(
        form, act, heading=_("Change the texts"), crumbs=crumbs_of(mission), button=_("Save"), done=_("Saved.")
    )


@bp.route("/missions/<reference>/challenges/plan", methods=["GET", "POST"])
@signed_in
def plan_join(reference: str) -> ResponseReturnValue:
    """Settle that a challenge becomes part of this mission if it is adopted."""
    mission = queries.get_mission(reference)
    authorise(policy.can_plan_join, mission)
    form = JoinForm()
    waiting = {one.reference: one for one in queries.joinable()}
    form.challenge.choices = choices((key, f"{key} {one.title}") for key, one in waiting.items())
    planned = "\n".join(f"{one.reference} {one.title}" for one in queries.plans_of(mission))

    def act() -> None:
        mission_service.plan_join(mission, waiting[form.challenge.data], by=actor())

    return form_page(
        form, act, heading=_("Let a challenge join this mission"), crumbs=crumbs_of(mission), button=_("Plan it"),
        done=_("Planned. The challenge joins when it is adopted."),
        intro=_("The challenge keeps its own history, and its indicators follow it here."),
        read_first=(_("Planned so far"), planned or _("None yet.")),
    )  # fmt: skip


@bp.route("/missions/<reference>/coordinator", methods=["GET", "POST"])
@signed_in
def appoint_coordinator(reference: str) -> ResponseReturnValue:
    """Say who coordinates."""
    mission = queries.get_mission(reference)
    authorise(policy.can_hand_over, mission)
    form, before = CoordinatorForm(version=mission.version), mission.coordinator
    form.organisation.choices = choices((one.slug, one.name) for one in organisations.all_active())

    def act() -> None:
        user = accounts.get_user_by_email(form.email.data or "")
        coordination_service.appoint_or_offer(
            mission, organisation=organisations.get_organisation(form.organisation.data), user=user, by=actor(),
            expected_version=form.expected_version,
        )  # fmt: skip

    chosen = form.organisation.data if form.is_submitted() else ""
    asks = before is not None and chosen != before.slug
    passes_on = _("Another organisation coordinates only when it has said yes itself. Until then nothing changes.")
    return form_page(
        form, act, heading=_("Appoint a coordinator"), crumbs=crumbs_of(mission), button=_("Appoint"),
        done=_("The offer is sent. Until it is accepted nothing changes.") if asks
        else _("The coordinator is appointed."),
        intro=passes_on if before is not None else "",
    )  # fmt: skip


@bp.route("/missions/<reference>/closing", methods=["GET", "POST"])
@signed_in
def edit_closing(reference: str) -> ResponseReturnValue:
    """Who receives the result."""
    mission = queries.get_mission(reference)
    authorise(policy.can_coordinate, mission)
    form = ClosingForm(obj=mission)

    def act() -> None:
        mission_service.set_closing(
            mission, result_owner=form.result_owner.data or "", next_step=form.next_step.data or "",
            follow_up_date=form.follow_up_date.data, by=actor(), expected_version=form.expected_version,
        )  # fmt: skip

    return form_page(form, act, heading=_("Who receives the result"), crumbs=crumbs_of(mission), button=_("Save"),
                     done=_("Saved."))  # fmt: skip
