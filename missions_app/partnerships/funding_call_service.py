"""The calendar of funders' calls, kept by the secretariat, and which of them fit a mission."""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from missions_app import clock, db
from missions_app.accounts.actor import Actor
from missions_app.accounts.policy import is_secretariat, permit
from missions_app.audit import trail
from missions_app.errors import NotFound, Problem
from missions_app.i18n import N_
from missions_app.missions import queries as all_missions
from missions_app.missions.models import Mission
from missions_app.organisations.models import Organisation
from missions_app.partnerships import checking, funding_rules, policy, queries
from missions_app.partnerships.funding_call_models import FundingCall
from missions_app.partnerships.funding_rules import Applicant, Lack, Terms
from missions_app.partnerships.models import FundingLine, Partner, PartnerState
from missions_app.workflow.method import Method
from missions_app.workflow.method_service import method_in_force, method_of


@dataclass(frozen=True, slots=True)
class FundingCallContent:
    """A funder's call as entered; keys are the method's."""

    source: str
    title: str
    opens_on: date
    closes_on: date
    phases: tuple[str, ...] = ()
    themes: tuple[str, ...] = ()
    sectors: tuple[str, ...] = ()
    least_own_percent: int = 0
    website: str = ""


@dataclass(frozen=True, slots=True)
class Fitting:
    """A call and what a mission lacks for it; [] when it fits."""

    call: FundingCall
    lacks: Sequence[Lack]


def enter_call(content: FundingCallContent, *, by: Actor) -> FundingCall:
    """Put a funder's call in the calendar.

    Raises:
        NotAllowed, InvalidInput (every problem).
    """
    permit(policy.can_keep_calls, by, None)
    with db.transaction() as session:
        call = FundingCall(entered_at=clock.now())
        _write(call, content)
        session.add(call)
        trail.record("funding_call.entered", call, by=by, source=call.source)
        return call


def change_call(call: FundingCall, content: FundingCallContent, *, by: Actor, expected_version: int) -> None:
    """Correct a call in the calendar; NotAllowed, StaleVersion, InvalidInput."""
    permit(policy.can_keep_calls, by, None)
    with db.transaction():
        db.expect_version(call, expected_version)
        _write(call, content)
        trail.record("funding_call.changed", call, by=by, source=call.source)


def take_out(call: FundingCall, *, by: Actor, expected_version: int) -> None:
    """Take a call out of the calendar."""
    permit(policy.can_keep_calls, by, None)
    with db.transaction():
        db.expect_version(call, expected_version)
        call.withdrawn_at = clock.now()
        trail.record("funding_call.taken_out", call, by=by, source=call.source)


def calls() -> Sequence[FundingCall]:
    """Calls that have not closed, the one that closes first on top."""
    return db.session.scalars(
        select(FundingCall)
        .where(FundingCall.withdrawn_at.is_(None), FundingCall.closes_on >= clock.today())
        .order_by(FundingCall.closes_on, FundingCall.id)
    ).all()


def get_call(call_id: int) -> FundingCall:
    """A call in the calendar, or NotFound."""
    found = db.session.get(FundingCall, call_id)
    if found is None or found.withdrawn_at is not None:
        raise NotFound()
    return found


def fitting(mission: Mission) -> list[Fitting]:
    """Every call with what the mission lacks for it; those that fit first, then the one that closes first."""
    sectors = {one.organisation.sector for one in queries.partners_of(mission) if one.state is PartnerState.COMMITTED}
    applicant = _applicant(mission, sectors, queries.funding_of(mission))
    method = method_of(mission.journey.method_version)
    rows = [Fitting(one, _lacks(one, applicant, method)) for one in calls()]
    return sorted(rows, key=lambda row: (bool(row.lacks), row.call.closes_on, row.call.id))


def running_missions_of(actor: Actor) -> list[Mission]:
    """The missions that go on and that somebody seeks money for: their own, and for the secretariat all."""
    ids = None if is_secretariat(actor) else {int(key) for key in actor.scopes_of("coordinator", "mission")}
    found = db.session.scalars(all_missions.missions(ids=ids)) if ids is None or ids else ()
    return [one for one in found if not all_missions.has_ended(one)]


def missions_that_fit(found: Sequence[FundingCall], missions: Sequence[Mission]) -> dict[int, list[Mission]]:
    """Call id -> those of some missions that it fits, in the given order: two statements, however many they are."""
    ids = [one.id for one in missions]
    sectors: dict[int, set[str]] = {}
    for key, sector in db.session.execute(
        select(Partner.mission_id, Organisation.sector)
        .join(Organisation, Organisation.id == Partner.organisation_id)
        .where(Partner.mission_id.in_(ids), Partner.state == PartnerState.COMMITTED)
    ):
        sectors.setdefault(key, set()).add(sector)
    lines: dict[int, list[FundingLine]] = {}
    for line in db.session.scalars(
        select(FundingLine).where(FundingLine.mission_id.in_(ids), FundingLine.removed_at.is_(None))
    ):
        lines.setdefault(line.mission_id, []).append(line)
    applicants = [(one, _applicant(one, sectors.get(one.id, set()), lines.get(one.id, []))) for one in missions]
    today = clock.today()
    return {
        call.id: [one for one, asks in applicants if not funding_rules.lacks(terms_of(call), asks, today)]
        for call in found
    }


def _applicant(mission: Mission, sectors: Collection[str], lines: Sequence[FundingLine]) -> Applicant:
    method = method_of(mission.journey.method_version)
    at = _phase_places(method, method.stage_of("mission", mission.journey.state).id)
    # The phase it is in, and the one to come: money is sought before it is needed.
    phases = {one.id for place, one in enumerate(method.funding_phase) if at and min(at) <= place <= max(at) + 1}
    return Applicant(mission.theme, phases, sectors, funding_rules.share(lines, "is_own"))


def _phase_places(method: Method, stage: str) -> list[int]:
    """Where among the funding phases a stage of a mission stands. A stage that no phase names, such as that in which
    experiments go their own way, belongs with the next one that is named."""
    order = [one.id for one in method.stage]
    for key in order[order.index(stage) :]:
        if places := [place for place, one in enumerate(method.funding_phase) if key in one.stages]:
            return places
    return []


def _lacks(call: FundingCall, applicant: Applicant, method: Method) -> list[Lack]:
    """What is lacking, with the method's labels in place of its keys."""
    return [
        Lack(one.sentence, {name: _labels(method, name, value) for name, value in one.values.items()})
        for one in funding_rules.lacks(terms_of(call), applicant, clock.today())
    ]


def _labels(method: Method, vocabulary: str, value: object) -> object:
    if not isinstance(value, list):
        return value
    terms = [(method.find_term(vocabulary, key), key) for key in value]
    return [term.label if term is not None else key for term, key in terms]


def terms_of(call: FundingCall) -> Terms:
    """What a call asks for."""
    return Terms(call.closes_on, call.phases, call.themes, call.sectors, call.least_own_percent / 100)


def _write(call: FundingCall, content: FundingCallContent) -> None:
    method = method_in_force()
    problems = [
        Problem("missing", N_("Fill this in."), name) for name in ("source", "title")
        if not getattr(content, name).strip()
    ]  # fmt: skip
    for field, vocabulary in (("phases", "funding_phase"), ("themes", "theme"), ("sectors", "sector")):
        problems += checking.unknown(method, [(field, vocabulary, value) for value in getattr(content, field)])
    problems += checking.reversed_period(content.opens_on, content.closes_on, "closes_on")
    if not 0 <= content.least_own_percent <= 100:
        problems.append(Problem("out_of_range", N_("Write a share from 0 to 100 per cent."), "least_own_percent"))
    if content.website and not re.fullmatch(r"https?://[^\s/]+\.[^\s]+", content.website):
        text = N_("Write the whole address of the website, beginning with https://.")
        problems.append(Problem("wrong_website", text, "website"))
    problems += checking.too_long(
        {"source": (content.source, 200), "title": (content.title, 300), "website": (content.website, 300)}
    )
    checking.refuse(problems)
    call.source, call.title = content.source.strip(), content.title.strip()
    call.opens_on, call.closes_on = content.opens_on, content.closes_on
    call.phases, call.themes, call.sectors = list(content.phases), list(content.themes), list(content.sectors)
    call.least_own_percent, call.website = content.least_own_percent, content.website.strip()
