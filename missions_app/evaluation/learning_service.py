"""Lessons, barriers, data sets and changes in the system: what a mission leaves behind besides figures."""

from datetime import date

from missions_app import clock, db
from missions_app.accounts.actor import Actor
from missions_app.accounts.policy import permit
from missions_app.audit import trail
from missions_app.errors import InvalidInput, NotFound, Problem
from missions_app.evaluation import policy
from missions_app.evaluation.models import Barrier, Dataset, Lesson, Strength, SystemChange
from missions_app.experiments import policy as experiments
from missions_app.experiments.models import Experiment
from missions_app.i18n import N_
from missions_app.missions.models import Mission
from missions_app.workflow.method import Method
from missions_app.workflow.method_service import method_of

Field = tuple[str, str]


def add_lesson(*, mission: Mission, tag: str, context: str, learnt: str, so_what: str, by: Actor,
               experiment: Experiment | None = None) -> Lesson:  # fmt: skip
    """Keep something learnt: in which context, what, and what follows from it."""
    _may_add(mission, experiment, by)
    method = method_of(mission.journey.method_version)
    with db.transaction() as session:
        _require([("context", context), ("learnt", learnt), ("so_what", so_what)], [("tag", "lesson_tag", tag)], method)
        lesson = Lesson(
            mission=mission, experiment=experiment, tag=tag, context=context.strip(), learnt=learnt.strip(),
            so_what=so_what.strip(), added_at=clock.now(), added_by_id=by.user_id,
        )  # fmt: skip
        session.add(lesson)
        trail.record("lesson.added", mission, by=by, tag=tag)
        return lesson


def add_barrier(
    *,
    mission: Mission,
    title: str,
    kind: str,
    by: Actor,
    experiment: Experiment | None = None,
    rule: str = "",
    owner: str = "",
    evidence: str = "",
    effect: str = "",
    bottleneck: str = "",
) -> Barrier:
    """Enter a barrier in the register, as found. A barrier found is a result."""
    _may_add(mission, experiment, by)
    method = method_of(mission.journey.method_version)
    with db.transaction() as session:
        choices = [("kind", "barrier_type", kind)] + ([("bottleneck", "bottleneck", bottleneck)] if bottleneck else [])
        _require([("title", title)], choices, method)
        barrier = Barrier(
            mission=mission,
            experiment=experiment,
            title=title.strip(),
            kind=kind,
            rule=rule.strip(),
            owner=owner.strip(),
            evidence=evidence.strip(),
            effect=effect.strip(),
            bottleneck=bottleneck,
            state=method.ids("barrier_state")[0],
            found_on=clock.today(),
        )
        session.add(barrier)
        trail.record("barrier.found", mission, by=by, title=barrier.title)
        return barrier


def follow_barrier(barrier: Barrier, *, state: str, tried: str, by: Actor, expected_version: int) -> None:
    """Note where a barrier stands now and what was tried."""
    permit(policy.can_evaluate, by, barrier.mission)
    with db.transaction():
        db.expect_version(barrier, expected_version)
        _require([], [("state", "barrier_state", state)], method_of(barrier.mission.journey.method_version))
        before, barrier.state, barrier.tried = barrier.state, state, tried.strip()
        trail.record("barrier.followed", barrier.mission, by=by, title=barrier.title, from_state=before, to_state=state)


def add_dataset(
    *,
    mission: Mission,
    title: str,
    description: str,
    licence: str,
    location: str,
    is_open: bool,
    by: Actor,
    experiment: Experiment | None = None,
) -> Dataset:
    """Describe data that the mission leaves behind."""
    _may_add(mission, experiment, by)
    with db.transaction() as session:
        needed = [("title", title), ("description", description)]
        _require([*needed, ("licence", licence), ("location", location)] if is_open else needed, [], None)
        dataset = Dataset(
            mission=mission, experiment_id=experiment.id if experiment else None, title=title.strip(),
            description=description.strip(), licence=licence.strip(), location=location.strip(), is_open=is_open,
        )  # fmt: skip
        session.add(dataset)
        trail.record("dataset.described", mission, by=by, title=dataset.title)
        return dataset


def publish_dataset(dataset: Dataset, *, by: Actor, expected_version: int, on: date | None = None) -> None:
    """Note that an open data set can be fetched by everybody."""
    permit(policy.can_evaluate, by, dataset.mission)
    with db.transaction():
        db.expect_version(dataset, expected_version)
        _require([("licence", dataset.licence), ("location", dataset.location)], [], None)
        dataset.published_on = on or clock.today()
        trail.record("dataset.published", dataset.mission, by=by, title=dataset.title)


def add_change(*, mission: Mission, kind: str, text: str, evidence: str, noticed_on: date, by: Actor,
               strength: Strength = Strength.WEAK) -> SystemChange:  # fmt: skip
    """Note a change in the system that the mission took part in."""
    permit(policy.can_evaluate, by, mission)
    with db.transaction() as session:
        method = method_of(mission.journey.method_version)
        _require([("text", text), ("evidence", evidence)], [("kind", "change_type", kind)], method)
        change = SystemChange(
            mission=mission, kind=kind, text=text.strip(), evidence=evidence.strip(), noticed_on=noticed_on,
            strength=strength,
            added_by_id=by.user_id,
        )  # fmt: skip
        session.add(change)
        trail.record("change.noticed", mission, by=by, kind=kind)
        return change


def _may_add(mission: Mission, experiment: Experiment | None, by: Actor) -> None:
    if experiment is not None and experiment.mission_id != mission.id:
        raise NotFound()
    if experiment is not None:
        permit(experiments.can_report, by, experiment)
    else:
        permit(policy.can_evaluate, by, mission)


def _require(texts: list[Field], choices: list[tuple[str, str, str]], method: Method | None) -> None:
    problems = [Problem("missing", N_("Fill this in."), name) for name, text in texts if not text.strip()]
    for name, vocabulary, value in choices:
        if method is not None and method.find_term(vocabulary, value) is None:
            problems.append(Problem("unknown_choice", N_("Choose one of the alternatives."), name))
    if problems:
        raise InvalidInput.of(problems)
