"""The page of a large mission as a whole, for a visitor and for its coordinator: how many statements, how long."""

import time
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from importlib import import_module
from typing import Any

import sqlalchemy as sa

from config.settings import Settings
from missions_app import clock, db
from missions_app.accounts import grant_service, sign_in_service
from missions_app.accounts.actor import SYSTEM, mission_scope
from missions_app.accounts.models import User
from missions_app.audit.models import AuditEvent
from missions_app.bookings.models import Booking, Line
from missions_app.cli.benchmarks.bookings import counted
from missions_app.cli.benchmarks.figures import Figure
from missions_app.cli.benchmarks.world import World, first_start
from missions_app.evaluation.models import Measurement
from missions_app.experiments.models import Experiment
from missions_app.indicators.models import IndicatorPlan
from missions_app.missions.models import Mission
from missions_app.organisations import organisation_service
from missions_app.organisations.models import Organisation
from missions_app.organisations.rules import Profile
from missions_app.partnerships.models import Partner
from missions_app.workflow import journey_service
from missions_app.workflow.method_service import method_in_force

BOOKINGS, PARTNERS, EVENTS = 200, 30, 500
EXPERIMENTS, VALUES = 8, 40
ASKED = 40
MOST_STATEMENTS = 18
LONGEST_SECONDS = 0.12
REFERENCE = "M-2026-901"


def measure(settings: Settings, engine: sa.Engine, made: World) -> list[Figure]:
    """The mission's page with everything on it."""
    token = _fill(made)
    own = replace(settings, database_url=engine.url.render_as_string(hide_password=False), rate_limits=False)
    app = import_module("missions_app.app").create_app(replace(own, mode="test"))
    coordinator = app.test_client()
    with coordinator.session_transaction() as cookie:
        cookie["_user_id"], cookie["_fresh"] = token, True
    found: list[Figure] = []
    for who, client in (("a visitor", app.test_client()), ("its coordinator", coordinator)):
        found += _figures(engine, who, client)
    return found


def _figures(engine: sa.Engine, who: str, client: Any) -> list[Figure]:
    def ask() -> None:
        answer = client.get(f"/missions/{REFERENCE}")
        if answer.status_code != 200 or b"m-thread" not in answer.data:
            raise RuntimeError(f"the page was answered with {answer.status_code}")

    ask()
    slowest = _p95(ask)
    with counted(engine) as sent:
        ask()
    name = engine.dialect.name
    what = f"mission page for {who}, {BOOKINGS} bookings, {PARTNERS} partners, {EVENTS} events"
    return [
        Figure(f"SQL statements of the {what}", name, BOOKINGS, len(sent), "statements", None,
               f"at most {MOST_STATEMENTS}", len(sent) <= MOST_STATEMENTS),
        Figure(f"{what}, p95", name, BOOKINGS, round(slowest, 4), "s", None, f"at most {LONGEST_SECONDS} s",
               slowest <= LONGEST_SECONDS),
    ]  # fmt: skip


def _p95(act: Callable[[], None]) -> float:
    taken = []
    for _number in range(ASKED):
        began = time.perf_counter()
        act()
        taken.append(time.perf_counter() - began)
    return sorted(taken)[int(ASKED * 0.95) - 1]


def _fill(made: World) -> str:
    """The mission with everything it has; the token of a session of its coordinator."""
    with db.transaction() as session:
        method, now = method_in_force(), clock.now()
        owner = session.get_one(Organisation, made.organisation_id)
        journey = journey_service.start_journey("mission", by=SYSTEM)
        journey.state = "evaluation"
        mission = Mission(
            reference=REFERENCE, journey=journey, title_sv="Stor mission", title_en="Large mission",
            target_sv="Hälften till 2030.", theme=method.theme[0].id, specialisation=method.specialisation[0].id,
            problem_owner=owner, coordinator=owner, created_at=now,
        )  # fmt: skip
        session.add(mission)
        session.flush()
        session.add_all(_partner(mission, number) for number in range(PARTNERS))
        plan = IndicatorPlan(
            journey_id=journey.id, label_sv="Kväve", label_en="Nitrogen", level="outcome", unit="kg N/år",
            direction="down", source="Givare", baseline_value=900.0, baseline_on=clock.today() - timedelta(days=900),
            target_value=450.0, target_on=clock.today() + timedelta(days=900),
        )  # fmt: skip
        session.add(plan)
        tests = [_experiment(mission, owner, number) for number in range(EXPERIMENTS)]
        session.add_all(tests)
        session.flush()
        session.add_all(_value(plan, mission, made.user_id, number) for number in range(VALUES))
        session.add_all(_event(mission, number) for number in range(EVENTS))
        _bookings(session, made, tests)
        user = session.get_one(User, made.user_id)
        grant_service.grant(user, "coordinator", mission_scope(mission.id), by=SYSTEM)
        return sign_in_service.open_session(user, agent="bench")


def _partner(mission: Mission, number: int) -> Partner:
    sector = method_in_force().sector
    organisation = organisation_service.add_organisation(
        Profile(name=f"Part {number} AB", sector=sector[number % len(sector)].id), by=SYSTEM, is_example=True
    )
    return Partner(mission=mission, organisation=organisation, roles=[], state="committed", since=clock.now())


def _experiment(mission: Mission, owner: Organisation, number: int) -> Experiment:
    return Experiment(
        reference=f"F-2026-9{number:02}", mission=mission, organisation=owner, title=f"Försök {number}",
        journey=journey_service.start_journey("experiment", by=SYSTEM),
    )  # fmt: skip


def _value(plan: IndicatorPlan, mission: Mission, user_id: int, number: int) -> Measurement:
    now = clock.now()
    return Measurement(
        indicator=plan, mission_id=mission.id, measured_on=clock.today() - timedelta(days=20 * number),
        value=600.0 + 7 * number, source="Givare", state="approved", submitted_at=now, approved_at=now,
        approved_by_id=user_id,
    )  # fmt: skip


def _event(mission: Mission, number: int) -> AuditEvent:
    return AuditEvent(
        at=clock.now() - timedelta(hours=5 * number), actor_id="x", actor_role="coordinator", action="commitment.made",
        subject_kind="mission", subject_id=mission.id, subject_label=mission.reference, data={},
    )  # fmt: skip


def _bookings(session: Any, made: World, tests: list[Experiment]) -> None:
    first = first_start() - timedelta(days=400)
    for number in range(BOOKINGS):
        booking = Booking(
            reference=f"B-2026-9{number:03}", organisation_id=made.organisation_id, requested_by_id=made.user_id,
            experiment_id=tests[number % len(tests)].id, created_at=clock.now(),
        )  # fmt: skip
        begins = first + timedelta(days=number)
        booking.lines.append(
            Line(resource_id=made.resource_ids[number], state="closed", starts_at=begins,
                 ends_at=begins + timedelta(hours=2))
        )  # fmt: skip
        session.add(booking)
