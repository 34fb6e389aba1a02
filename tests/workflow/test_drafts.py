"""Drafts, adoption, simulation, migration and proposals."""

from datetime import timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from missions_app import clock, db
from missions_app.accounts.actor import Actor
from missions_app.errors import InvalidInput, NotAllowed, NotFound, StaleVersion
from missions_app.portfolio.method_statistics import statistics_of
from missions_app.workflow import (
    draft_service,
    gate_queries,
    guard,
    journey_service,
    method_document,
    method_migration_service,
    method_queries,
    method_simulation,
    proposal_service,
)
from missions_app.workflow.errors import (
    AlreadyAnswered,
    CannotMove,
    DraftExists,
    DraftHasProblems,
    NumberTaken,
    StillInForce,
)
from missions_app.workflow.method_models import MigrationOutcome, ProposalState
from missions_app.workflow.method_schema import Path
from missions_app.workflow.method_service import method_of, version_in_force
from missions_app.workflow.models import MethodStatus, MethodVersion
from tests.factories.accounts import make_actor, make_secretariat
from tests.factories.experiments import make_tested_mission
from tests.factories.organisations import method_in_force

WHY = "Det här är skälet till ändringen."


@pytest.fixture
def officer(session: Session) -> Actor:
    method_in_force()
    return make_secretariat()


def value_at(draft: MethodVersion, path: Path):  # type: ignore[no-untyped-def]
    return method_document.at(method_document.load(draft.document), path)


def change(draft: MethodVersion, path: Path, by: Actor, **values: object) -> None:
    """Save a row with some keys changed, as its editor would."""
    row = value_at(draft, path)
    draft_service.save_part(draft, path, row | values, seen=method_document.fingerprint(row), by=by)


def criterion_path(draft: MethodVersion, key: str) -> Path:
    gate = key.partition(".")[0]
    return method_document.path_of(method_document.load(draft.document), f"gate[{gate}].criterion[{key}]")


def adopt(draft: MethodVersion, by: Actor, *, days: int = 0) -> MethodVersion:
    return draft_service.adopt_draft(
        draft, decided_on=clock.today(), valid_from=clock.today() + timedelta(days=days), registry_number="RB 1",
        by=by, expected_version=draft.version,
    )  # fmt: skip


def test_a_draft_begins_as_the_version_in_force_and_there_is_one_at_a_time(officer: Actor) -> None:
    draft = draft_service.start_draft(summary="Färre sektorer", by=officer)

    assert (draft.number, draft.status) == (version_in_force().number + 1, MethodStatus.DRAFT)
    assert draft_service.problems_of(draft) == []
    with pytest.raises(DraftExists):
        draft_service.start_draft(summary="Ett till", by=officer)
    with pytest.raises(NotAllowed):
        draft_service.start_draft(summary="Mitt", by=make_actor())


def test_what_is_wrong_is_said_and_keeps_the_draft_from_being_adopted(officer: Actor) -> None:
    draft = draft_service.start_draft(summary="Något", by=officer)
    path = criterion_path(draft, "g2.balance")
    change(draft, path, officer, who=["ghost"], label={"sv": "", "en": "Balance"})

    [problem] = draft_service.problems_of(draft)
    assert problem.place == "gate[g2].criterion[g2.balance].label.sv"
    with pytest.raises(DraftHasProblems):
        adopt(draft, officer)
    change(draft, path, officer, label={"sv": "Balans", "en": "Balance"})
    assert [one.code for one in draft_service.problems_of(draft)] == ["unknown_reference"]


def test_two_editors_of_one_row_collide_and_of_two_rows_do_not(officer: Actor) -> None:
    draft = draft_service.start_draft(summary="Något", by=officer)
    other = make_secretariat()
    first, second = criterion_path(draft, "g2.balance"), criterion_path(draft, "g2.needs")
    mine, theirs = value_at(draft, first), value_at(draft, second)
    change(draft, second, other, severity="warn")

    draft_service.save_part(
        draft, first, mine | {"severity": "block"}, seen=method_document.fingerprint(mine), by=officer
    )
    with pytest.raises(StaleVersion):
        draft_service.save_part(draft, second, theirs, seen=method_document.fingerprint(theirs), by=officer)

    assert (value_at(draft, first)["severity"], value_at(draft, second)["severity"]) == ("block", "warn")


def test_rows_come_and_go(officer: Actor) -> None:
    draft = draft_service.start_draft(summary="Något", by=officer)
    rows = value_at(draft, ("lesson_tag",))
    new: Path = ("lesson_tag", len(rows))
    term = {"id": "wind", "label": {"sv": "Vind", "en": "Wind"}}

    draft_service.save_part(draft, new, term, seen=method_document.fingerprint(None), by=officer)
    draft_service.move_row(draft, new, down=False, seen=method_document.fingerprint(term), by=officer)
    assert value_at(draft, ("lesson_tag", len(rows) - 1)) == term
    draft_service.remove_row(draft, ("lesson_tag", len(rows) - 1), seen=method_document.fingerprint(term), by=officer)

    assert value_at(draft, ("lesson_tag",)) == rows
    with pytest.raises(NotFound):
        draft_service.save_part(draft, ("nothing", 0), {}, seen="", by=officer)


def test_a_file_comes_in_byte_for_byte_and_goes_out_the_same(officer: Actor) -> None:
    base = version_in_force()
    text = base.document.replace("version = 1", "version = 7", 1) + "# En anmärkning.\n"

    with pytest.raises(NumberTaken):
        draft_service.import_draft(base.document, summary="Samma", by=officer)
    with pytest.raises(InvalidInput):
        draft_service.import_draft("det här är = ingen [fil", summary="Trasig", by=officer)
    draft = draft_service.import_draft(text, summary="Från fil", by=officer)

    assert (draft.number, draft.document) == (7, text)


def test_an_adopted_version_begins_on_its_day_and_never_changes_not_by_sql_either(
    officer: Actor, session: Session
) -> None:
    before = version_in_force()
    draft = draft_service.start_draft(summary="Från och med nästa månad", by=officer)
    change(draft, criterion_path(draft, "g2.balance"), officer, params={"of": "commitments", "by": "independent_group",
                                                                       "value": "value_sek", "max": 0.5})  # fmt: skip
    version = adopt(draft, officer, days=20)

    assert version_in_force() == before
    assert method_of(version).meta.status == "adopted"
    with clock.fixed(clock.now() + timedelta(days=20)):
        assert version_in_force() == version
        draft_service.retire_version(before, by=officer, expected_version=before.version)
    with pytest.raises(StillInForce), clock.fixed(clock.now() + timedelta(days=20)):
        draft_service.retire_version(version, by=officer, expected_version=version.version)
    with pytest.raises(NotFound):
        draft_service.save_part(version, ("meta",), {}, seen="", by=officer)
    for statement in (
        "UPDATE method_version SET document = 'x' WHERE number = :number",
        "UPDATE method_version SET checksum = 'x' WHERE number = :number",
        "UPDATE method_version SET status = 'draft' WHERE number = :number",
        "DELETE FROM method_version WHERE number = :number",
    ):
        with pytest.raises(DBAPIError) as refused, session.begin_nested():
            session.execute(sa.text(statement), {"number": version.number})
        assert guard.is_refusal(refused.value)


def test_decisions_and_their_evidence_never_change_by_sql_either(session: Session) -> None:
    make_tested_mission()

    for statement in (
        "UPDATE gate_decision SET reasons = 'x'", "DELETE FROM gate_decision", "UPDATE evidence SET facts = '{}'",
        "UPDATE evidence SET status = 'met2'", "DELETE FROM evidence",
    ):  # fmt: skip
        with pytest.raises(DBAPIError) as refused, session.begin_nested():
            session.execute(sa.text(statement))
        assert guard.is_refusal(refused.value), statement


def test_simulation_and_migration_report_exactly_what_differs(session: Session) -> None:
    region, mission = make_tested_mission()
    officer = region.actor("decider")
    own = mission.journey.method_version
    draft = draft_service.start_draft(summary="Hårdare balans", by=officer)
    change(draft, criterion_path(draft, "g2.balance"), officer, severity="block",
           params={"of": "commitments", "by": "independent_group", "value": "value_sek", "max": 0.01})  # fmt: skip
    changed = criterion_path(draft, "g2.sectors")
    change(draft, changed, officer, label={"sv": "Tre sektorer", "en": "Three sectors"})

    version_before = mission.journey.version
    found = method_simulation.simulate(draft)
    assert found.would_fail == {"g2.balance": 1}
    [affected] = found.affected
    assert (affected.subject, affected.differing, affected.failing) == (mission, ["g2.balance"], ["g2.balance"])
    assert (mission.journey.method_version, mission.journey.version) == (own, version_before)

    version = adopt(draft, officer)
    kept = method_migration_service.keep_case(mission, version, reason=WHY, by=officer)
    moved = method_migration_service.move_case(mission, version, reason=WHY, by=officer)

    assert (kept.outcome, moved.outcome) == (MigrationOutcome.STAYED, MigrationOutcome.MOVED)
    assert mission.journey.method_version == version
    assert (
        moved.differing == ["g2.balance"] == [key for key in moved.after if moved.before.get(key) != moved.after[key]]
    )
    now = {one.criterion.id: one.standing.value for one in gate_queries.standing(mission, "g2").criteria}
    assert {key: moved.after[key] for key in now} == now


def test_a_case_whose_state_the_new_version_lacks_cannot_move(session: Session) -> None:
    region, mission = make_tested_mission()
    officer = region.actor("decider")
    draft = draft_service.start_draft(summary="Utan steget", by=officer)
    version = adopt(draft, officer)
    mission.journey.state = "a_state_of_old"
    session.commit()

    with pytest.raises(CannotMove):
        method_migration_service.move_case(mission, version, reason=WHY, by=officer)


def test_new_cases_begin_under_the_new_version_and_running_ones_stay(session: Session) -> None:
    region, mission = make_tested_mission()
    officer = region.actor("decider")
    own = mission.journey.method_version
    version = adopt(draft_service.start_draft(summary="Nästa", by=officer), officer)

    with db.transaction():
        new = journey_service.start_journey("mission", by=officer)

    assert (new.method_version, mission.journey.method_version) == (version, own)


def test_a_proposal_is_answered_with_reasons_and_done_with_its_version(officer: Actor) -> None:
    evidence = [proposal_service.Evidence("waiver", "M-2026-007", "Avsteg gavs tre gånger.")]
    proposal = proposal_service.propose(
        title="Två sektorer räcker", change="Sänk kravet.", reason=WHY, place="g2.sectors", evidence=evidence,
        by=make_actor(),
    )  # fmt: skip
    with pytest.raises(NotAllowed):
        proposal_service.answer(proposal, accept=True, text=WHY, by=make_actor())

    proposal_service.answer(proposal, accept=True, text=WHY, by=officer)
    draft = draft_service.start_draft(summary="Två sektorer", by=officer)
    assert proposal.method_version == draft
    with pytest.raises(AlreadyAnswered):
        proposal_service.answer(proposal, accept=False, text=WHY, by=officer)
    adopt(draft, officer)

    assert proposal.state is ProposalState.DONE
    assert method_queries.proposals(ProposalState.DONE) == [proposal]


def test_statistics_count_time_waivers_and_spread(session: Session) -> None:
    region, mission = make_tested_mission()

    found = statistics_of(mission.journey.method_version, reader=make_actor())

    assert found.cases == {"challenge": 1, "mission": 1}
    times = {one.stage: one for one in found.stages}
    assert times["partnership"].ended == 1
    assert sum(one.running for one in found.stages) == 1
    assert {one.rubric for one in found.spreads} == {"challenge"}
    assert all((one.panels, one.largest) == (1, 0) for one in found.spreads)
    assert found.reopened == 0
