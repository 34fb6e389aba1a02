"""What waits for those who measure, report and approve."""

from collections.abc import Iterable
from datetime import date, timedelta

from missions_app import clock
from missions_app.accounts.actor import Actor
from missions_app.accounts.policy import is_secretariat
from missions_app.accounts.tasks import Task
from missions_app.bookings import queries as bookings
from missions_app.documents import queries as documents
from missions_app.evaluation import closing_service, queries
from missions_app.evaluation.owed import next_due
from missions_app.evaluation.policy import MEMBER_ROLES, can_approve_measurement
from missions_app.experiments import queries as experiments
from missions_app.i18n import N_
from missions_app.indicators.library import BEFORE_TEST
from missions_app.indicators.models import IndicatorPlan
from missions_app.indicators.queries import indicators_of
from missions_app.missions import queries as missions
from missions_app.missions.models import Mission
from missions_app.workflow.method import Text

# A test report is due this long after the last day of use.
REPORT_WITHIN = timedelta(days=30)
# A value is asked for this long before its day.
AHEAD = timedelta(days=14)


def tasks_for(actor: Actor) -> list[Task]:
    """Measurements to approve and to hand in, reports of tests that have been run, and closing reports."""
    if actor.user_id is None:
        return []
    return [*_to_approve(actor), *_to_measure(actor), *_to_report(actor.user_id), *_to_close(actor)]


def _to_approve(actor: Actor) -> Iterable[Task]:
    coordinated = [int(key) for key in actor.scopes_of("coordinator", "mission")]
    mission_ids = None if is_secretariat(actor) else coordinated
    for one in queries.unapproved_measurements(mission_ids):
        if one.submitted_by_id != actor.user_id and can_approve_measurement(actor, one):
            case = one.experiment or one.mission
            yield Task(
                title=N_("Approve a measurement: %(title)s"), title_params={"title": case.title},
                reason=N_("It counts when somebody else than the one who measured has approved it."),
                endpoint="evaluation.show_measurement",
                values={"reference": one.mission.reference, "measurement_id": one.id}, reference=case.reference,
            )  # fmt: skip


def _to_measure(actor: Actor) -> Iterable[Task]:
    """What those who follow a mission's indicators owe: a baseline before the test, and the next value. The people of
    the organisation that answers for an indicator owe its values too. Whatever has been handed in is not owed, also
    while it waits for approval."""
    followed = {one.id: one for one in missions.measured_by(actor)}
    own = {int(key) for role in MEMBER_ROLES for key in actor.scopes_of(role, "organisation")}
    concerned = {**{one.id: one for one in missions.with_indicators_of(own)}, **followed}
    first_use = bookings.first_use_of(concerned)
    for mission in concerned.values():
        plans = indicators_of(mission.journey)
        if mission.id not in followed:
            plans = [one for one in plans if one.owner_id in own]
        newest = queries.newest_filed(plans)
        for plan in plans:
            if plan.baseline_kind == BEFORE_TEST and plan.baseline_value is None:
                yield _owed(
                    mission, plan, N_("Enter the baseline: %(what)s, %(title)s"),
                    N_("It is measured before the first test."), first_use.get(mission.id), "evaluation.enter_baseline",
                )  # fmt: skip
                continue
            last = max((day for day in (newest.get(plan.id), plan.baseline_on) if day), default=None)
            due = next_due(plan.frequency, last, plan.milestones, plan.target_on)
            if due is not None and due <= clock.today() + AHEAD:
                yield _owed(
                    mission, plan, N_("Hand in a value: %(what)s, %(title)s"),
                    N_("The plan says how often it is measured, and what is to be reached on the way."), due,
                    "evaluation.submit_mission_measurement",
                )  # fmt: skip


def _owed(mission: Mission, plan: IndicatorPlan, title: str, reason: str, due: date | None, endpoint: str) -> Task:
    values: dict[str, object] = {"reference": mission.reference}
    if endpoint == "evaluation.enter_baseline":
        values["indicator_id"] = plan.id
    what = Text(sv=plan.label_sv, en=plan.label_en)
    return Task(
        title=title, title_params={"what": what, "title": mission.titles}, reason=reason, endpoint=endpoint,
        values=values, due=due, reference=mission.reference,
    )  # fmt: skip


def _to_report(user_id: int) -> Iterable[Task]:
    for one in experiments.experiments_led_by(user_id):
        used = _last_use(one.id)
        if used is not None and not queries.is_reported(one):
            yield Task(
                title=N_("Write the test report: %(title)s"), title_params={"title": one.title},
                reason=N_("It is due thirty days after the test. A refuted hypothesis is also a result."),
                endpoint="evaluation.edit_report", values={"reference": one.reference}, due=used + REPORT_WITHIN,
                reference=one.reference,
            )  # fmt: skip


def _to_close(actor: Actor) -> Iterable[Task]:
    for mission in missions.coordinated_by(actor):
        written = documents.documents_of(mission.journey, "closing_report")
        if mission.journey.state == closing_service.STAGE and not written:
            yield Task(
                title=N_("Write the closing report: %(title)s"), title_params={"title": mission.titles},
                reason=N_("It is published for everybody when you have signed it."),
                endpoint="evaluation.publish_closing_report", values={"reference": mission.reference},
                reference=mission.reference,
            )  # fmt: skip


def _last_use(experiment_id: int) -> date | None:
    ends = [line.checked_out_at for booking in bookings.bookings_of_experiment(experiment_id) for line in booking.lines]
    done = [moment for moment in ends if moment is not None]
    return clock.day_of(max(done)) if done else None
