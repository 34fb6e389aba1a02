"""The figures of a follow-up report: counted from the record as it stood at the end of a day, each with its rows.

What nobody has entered is None ("not set"), never zero. A row says what was counted, how much it counts, and where it
is: `kind` and `reference` (and `id` for a measurement) lead to the record.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import func, or_, select
from sqlalchemy.orm import joinedload

from missions_app import clock, db
from missions_app.bookings.models import Booking, Line
from missions_app.evaluation.models import Barrier, Lesson, TestReport
from missions_app.missions.models import Mission
from missions_app.partnerships.follow_up_models import FROM_OUTSIDE, FollowUpFunding
from missions_app.partnerships.models import Commitment, CommitmentState, Delivery, Partner
from missions_app.portfolio.figure import Figure, Row, Span
from missions_app.portfolio.indicator_figures import indicator_figures
from missions_app.portfolio.programme import each_organisation, partners_at, programme_figures
from missions_app.sites.models import Resource
from missions_app.strategy.models import Stance, StrategyLink
from missions_app.workflow.method import Text
from missions_app.workflow.method_service import method_in_force, method_of
from missions_app.workflow.models import GateDecision, Journey, StateEntry, Waiver
from missions_app.workflow.subjects import Subject, subjects_of

REPORT_WITHIN = timedelta(days=30)


def count_figures(starts_on: date, ends_on: date) -> list[Figure]:
    """Every figure of a report, in the report's order."""
    span = Span(starts_on, ends_on)
    counters: Sequence[Callable[[Span], Iterable[Figure]]] = (
        _stages, _decisions, _tests, indicator_figures, _learning, _partners, _money, _sites, _clashes,
        programme_figures,
    )  # fmt: skip
    return [figure for counter in counters for figure in counter(span)]


def _counted(group: str, key: str, rows: Sequence[Row], **more: Any) -> Figure:
    return Figure(group, key, float(len(rows)), rows, **more)


def _of_mission(mission: Mission, value: float | None = 1.0) -> Row:
    return Row(mission.title_sv, mission.title_en or mission.title_sv, value, "mission", mission.reference)


def _stages(span: Span) -> Iterable[Figure]:
    """Missions by the stage they stood in at the end of the last day."""
    last = (
        select(func.max(StateEntry.id).label("id")).where(StateEntry.at < span.ends).group_by(StateEntry.journey_id)
    ).subquery()
    rows = db.session.execute(
        select(Mission, StateEntry.to_state)
        .join(StateEntry, StateEntry.journey_id == Mission.journey_id)
        .join(last, last.c.id == StateEntry.id)
        .options(joinedload(Mission.journey).joinedload(Journey.method_version))
        .order_by(Mission.reference)
    ).all()
    stages: dict[str, tuple[Text, list[Row]]] = {}
    for stage in method_in_force().stage:
        if stage.subject == "mission":
            stages[stage.id] = (stage.label, [])
    for mission, state in rows:
        method = method_of(mission.journey.method_version)
        found = method.state("mission", state)
        if found.kind == "ended":
            stages.setdefault(f"ended.{state}", (found.label, []))[1].append(_of_mission(mission))
        else:
            stage = method.stage_of("mission", state)
            stages.setdefault(stage.id, (stage.label, []))[1].append(_of_mission(mission))
    for key, (label, listed) in stages.items():
        yield _counted("flow", f"stage.{key}", listed, label={"sv": label.sv, "en": label.en})


def _decisions(span: Span) -> Iterable[Figure]:
    """Decisions published by the end, taken in the period, each once whether corrected or not, together and by what
    they came to; and requirements set aside in the period."""
    decided = db.session.scalars(
        select(GateDecision)
        .where(
            GateDecision.decided_on.between(span.starts_on, span.ends_on), GateDecision.recorded_at < span.ends,
            GateDecision.published_at < span.ends, GateDecision.corrects_id.is_(None),
        )
        .options(joinedload(GateDecision.journey).joinedload(Journey.method_version))
        .order_by(GateDecision.decided_on, GateDecision.id)
    ).all()  # fmt: skip
    cases = subjects_of(one.journey for one in decided)
    yield _counted("decisions", "decisions", [_decision(one, cases[one.journey_id]) for one in decided])
    yield from _outcomes(decided, cases)
    waived = db.session.execute(
        select(Waiver, Journey)
        .join(Journey, Journey.id == Waiver.journey_id)
        .where(Waiver.waived_at >= span.begins, Waiver.waived_at < span.ends)
        .options(joinedload(Journey.method_version))
        .order_by(Waiver.id)
    ).all()
    cases = subjects_of(journey for _waiver, journey in waived)
    rows = [_waiver(one, journey, cases[journey.id]) for one, journey in waived]
    yield _counted("decisions", "waivers", rows)


def _outcomes(decided: Sequence[GateDecision], cases: Mapping[int, Subject]) -> Iterable[Figure]:
    """How often each outcome of each checkpoint was decided, in the order of the checkpoints and their outcomes."""
    found: dict[tuple[int, int, str, str], list[GateDecision]] = {}
    for one in decided:
        gates = method_of(one.journey.method_version).gate_
        place = [gate.id for gate in gates].index(one.gate)
        outcomes = [outcome.id for outcome in gates[place].outcomes]
        found.setdefault((place, outcomes.index(one.outcome), one.gate, one.outcome), []).append(one)
    for (place, outcome, *keys), same in sorted(found.items()):
        gate = method_of(same[0].journey.method_version).gate_[place]
        what = gate.outcomes[outcome].label
        rows = [_decision(one, cases[one.journey_id]) for one in same]
        label = {"sv": _once(gate.label.sv, what.sv), "en": _once(gate.label.en, what.en)}
        yield _counted("decisions", ".".join(("decisions", *keys)), rows, label=label)


def _once(gate: str, outcome: str) -> str:
    """A checkpoint and what it came to; some are called by what they come to."""
    return gate if gate == outcome else f"{gate}: {outcome}"


def _decision(one: GateDecision, subject: Subject) -> Row:
    method = method_of(one.journey.method_version)
    gate = method.gate(one.gate)
    outcome = next(found.label for found in gate.outcomes if found.id == one.outcome)
    kind = one.journey.subject_kind
    return Row(f"{subject.title}: {outcome.sv}", f"{subject.title}: {outcome.en}", 1.0, kind, subject.reference)


def _waiver(one: Waiver, journey: Journey, subject: Subject) -> Row:
    method = method_of(journey.method_version)
    label, who = method.criterion(one.criterion).label, method.who(one.waived_as)
    day = clock.day_of(one.waived_at).isoformat()
    return Row(
        f"{subject.title}: {label.sv}. Avsteg {day} av {who.sv}: ”{one.reason}”",
        f"{subject.title}: {label.en}. Waiver {day} by {who.en}: “{one.reason}”",
        1.0, journey.subject_kind, subject.reference,
    )  # fmt: skip


def _tests(span: Span) -> Iterable[Figure]:
    """Test reports handed in during the period, and how many of them within thirty days of the test."""
    reports = db.session.scalars(
        select(TestReport)
        .where(TestReport.submitted_at >= span.begins, TestReport.submitted_at < span.ends)
        .options(joinedload(TestReport.experiment))
        .order_by(TestReport.submitted_at)
    ).all()
    ends = _last_use([one.experiment_id for one in reports])
    rows, in_time = [], []
    for one in reports:
        row = Row(one.experiment.title, one.experiment.title, 1.0, "experiment", one.experiment.reference)
        rows.append(row)
        used = ends.get(one.experiment_id)
        if one.submitted_at is not None and (used is None or one.submitted_at <= used + REPORT_WITHIN):
            in_time.append(row)
    yield _counted("tests", "reports", rows)
    yield _counted("tests", "reports_in_time", in_time)


def _last_use(experiment_ids: Sequence[int]) -> dict[int, datetime]:
    rows = db.session.execute(
        select(Booking.experiment_id, func.max(Line.checked_out_at))
        .join(Line, Line.booking_id == Booking.id)
        .where(Booking.experiment_id.in_(experiment_ids), Line.checked_out_at.is_not(None))
        .group_by(Booking.experiment_id)
    )
    return {key: moment for key, moment in rows if key is not None and moment is not None}


def _learning(span: Span) -> Iterable[Figure]:
    """Barriers found and lessons kept in the period."""
    barriers = db.session.scalars(
        select(Barrier).where(Barrier.found_on.between(span.starts_on, span.ends_on)).order_by(Barrier.id)
    )
    rows = [Row(one.title, one.title, 1.0, "barrier", str(one.id)) for one in barriers]
    yield _counted("learning", "barriers", rows)
    lessons = db.session.scalars(
        select(Lesson)
        .where(Lesson.added_at >= span.begins, Lesson.added_at < span.ends)
        .options(joinedload(Lesson.mission))
        .order_by(Lesson.id)
    )
    kept = [Row(one.learnt, one.learnt, 1.0, "mission", one.mission.reference) for one in lessons]
    yield _counted("learning", "lessons", kept)


def _partners(span: Span) -> Iterable[Figure]:
    """Organisations that take part, each once, and those that came for the first time in the period."""
    partners = partners_at(span)
    yield _counted("partners", "organisations", each_organisation(partners))
    fresh = [one for one in partners if one.is_newcomer and one.since >= span.begins]
    yield _counted("partners", "newcomers", each_organisation(fresh))


def _money(span: Span) -> Iterable[Figure]:
    """The value of promises made by the end and still standing, and of what was delivered in the period, in kronor."""
    promised = db.session.scalars(
        select(Commitment)
        .join(Partner, Partner.id == Commitment.partner_id)
        .where(
            Commitment.made_at < span.ends, Commitment.value_ore > 0,
            Commitment.state.in_((CommitmentState.COMMITTED, CommitmentState.DELIVERED)),
        )
        .options(
            joinedload(Commitment.partner).joinedload(Partner.mission),
            joinedload(Commitment.partner).joinedload(Partner.organisation),
        )
        .order_by(Commitment.id)
    )  # fmt: skip
    rows = [_worth(one.partner, one.value_ore) for one in promised]
    yield Figure("money", "promised", _total(rows), rows, unit="SEK")
    kept = db.session.scalars(
        select(Delivery)
        .where(Delivery.delivered_on.between(span.starts_on, span.ends_on), Delivery.value_ore > 0)
        .options(
            joinedload(Delivery.commitment).joinedload(Commitment.partner).joinedload(Partner.mission),
            joinedload(Delivery.commitment).joinedload(Commitment.partner).joinedload(Partner.organisation),
        )
        .order_by(Delivery.id)
    )
    delivered = [_worth(one.commitment.partner, one.value_ore) for one in kept]
    yield Figure("money", "delivered", _total(delivered), delivered, unit="SEK")
    yield from _follow_up(span)


def _follow_up(span: Span) -> Iterable[Figure]:
    """What funders decided in the period because of missions, and how much of it came from the state or the EU."""
    came = db.session.scalars(
        select(FollowUpFunding)
        .where(
            FollowUpFunding.decided_on.between(span.starts_on, span.ends_on), FollowUpFunding.noted_at < span.ends,
            or_(FollowUpFunding.removed_at.is_(None), FollowUpFunding.removed_at >= span.ends),
        )
        .options(joinedload(FollowUpFunding.mission))
        .order_by(FollowUpFunding.decided_on, FollowUpFunding.id)
    ).all()  # fmt: skip
    rows = [_granted(one) for one in came]
    yield Figure("money", "follow_up", _total(rows), rows, unit="SEK")
    outside = [_granted(one) for one in came if one.level in FROM_OUTSIDE]
    yield Figure("money", "follow_up_outside", _total(outside), outside, unit="SEK")


def _granted(one: FollowUpFunding) -> Row:
    said, mission = f"{one.source}: {one.purpose}", one.mission
    return Row(f"{said}, {mission.title_sv}", f"{said}, {mission.title_en or mission.title_sv}", one.amount_ore / 100,
               "mission", mission.reference)  # fmt: skip


def _worth(partner: Partner, ore: int) -> Row:
    name = partner.organisation.name
    mission = partner.mission
    return Row(f"{name}, {mission.title_sv}", f"{name}, {mission.title_en or mission.title_sv}", ore / 100, "mission",
               mission.reference)  # fmt: skip


def _total(rows: Sequence[Row]) -> float | None:
    return sum(row.value or 0.0 for row in rows) if rows else None


def _sites(span: Span) -> Iterable[Figure]:
    """Uses of sites that began and ended in the period."""
    lines = db.session.scalars(
        select(Line)
        .where(Line.checked_in_at >= span.begins, Line.checked_out_at < span.ends)
        .options(joinedload(Line.booking), joinedload(Line.resource).joinedload(Resource.site))
        .order_by(Line.checked_in_at)
    ).all()
    rows = [
        Row(one.resource.site.name_sv, one.resource.site.name_en or one.resource.site.name_sv, 1.0, "booking",
            one.booking.reference)
        for one in lines
    ]  # fmt: skip
    yield _counted("sites", "uses", rows)


def _clashes(span: Span) -> Iterable[Figure]:
    """Clashes between goals noted by the end."""
    links = db.session.execute(
        select(StrategyLink, Journey)
        .join(Journey, Journey.id == StrategyLink.journey_id)
        .where(StrategyLink.stance == Stance.CLASHES, StrategyLink.reviewed_at < span.ends)
        .options(joinedload(StrategyLink.document))
        .order_by(StrategyLink.id)
    ).all()
    rows, cases = [], subjects_of(journey for _link, journey in links)
    for one, journey in links:
        subject, document = cases[journey.id], one.document
        rows.append(
            Row(f"{subject.title}: {document.title_sv}", f"{subject.title}: {document.title_en or document.title_sv}",
                1.0, journey.subject_kind, subject.reference)
        )  # fmt: skip
    yield _counted("clashes", "clashes", rows)
