"""Whatever is changed in the method: the report of a move names exactly the criteria whose result differs once the case
has moved. Tried on records in the database, over generated changes of any of the requirements."""

import copy
from datetime import timedelta
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from missions_app import clock, db
from missions_app.workflow import (
    gate_queries,
    gate_service,
    method_document,
    method_migration_service,
    method_simulation,
)
from missions_app.workflow.method_file import checksum, parse_method
from missions_app.workflow.method_service import method_of, version_in_force
from missions_app.workflow.models import MethodStatus, MethodVersion
from missions_app.workflow.subjects import Subject
from tests.databases import taken_back
from tests.factories.accounts import make_secretariat
from tests.factories.challenges import make_assessed_now
from tests.factories.experiments import make_mission, make_tested_mission
from tests.journeys import region as story

WHY = "Alla parter har läst vad som ändras."
Row = dict[str, Any]


def stricter(row: Row) -> None:
    """Ask for more than there is."""
    params = row["params"]
    params |= {key: value for key, value in (("min", 40), ("max", 0)) if key in params}


def laxer(row: Row) -> None:
    """Ask for nothing."""
    params = row["params"]
    params |= {key: value for key, value in (("min", 0), ("max", 99)) if key in params}


def other_severity(row: Row) -> None:
    """Let what stopped warn, and what warned stop."""
    row["severity"] = "warn" if row["severity"] == "block" else "block"


def never_asked(row: Row) -> None:
    """Ask only under a condition that never holds."""
    row["when"] = {"fact": row["reads"][0], "op": "equals", "value": "no such value"}


def always_asked(row: Row) -> None:
    """Ask every case."""
    row.pop("when", None)


def reworded(row: Row) -> None:
    """Say it with other words."""
    row["label"] = {"sv": "Sagt på ett annat sätt", "en": "Said in another way"}


CHANGES = (stricter, laxer, other_severity, never_asked, always_asked, reworded)
GATES = ("g1", "g2", "g5")
changes = st.lists(
    st.tuples(st.sampled_from(GATES), st.integers(0, 11), st.sampled_from((*CHANGES, "removed", "added"))), min_size=5,
    max_size=20,
)  # fmt: skip


def changed(document: str, wanted: list[tuple[str, int, Any]]) -> str:
    """The document with requirements changed, taken away and added, as the next version."""
    tables = copy.deepcopy(method_document.load(document))
    gates = {one["id"]: one["criterion"] for one in tables["gate"]}
    for number, (gate, index, change) in enumerate(wanted):
        rows = gates[gate]
        row = rows[index % len(rows)]
        if change == "removed" and len(rows) > 1:
            rows.remove(row)
        elif change == "added":
            rows.append(copy.deepcopy(row) | {"id": f"{gate}.new{number}"})
        elif callable(change):
            change(row)
    tables["meta"] |= {"version": tables["meta"]["version"] + 1}
    return method_document.text_of(tables)


def next_version(wanted: list[tuple[str, int, Any]]) -> MethodVersion:
    """An adopted version with the changes."""
    document = changed(version_in_force().document, wanted)
    method = parse_method(document)
    with db.transaction() as session:
        version = MethodVersion(
            key=method.meta.id, number=method.meta.version, status=MethodStatus.ADOPTED, document=document,
            checksum=checksum(document), created_at=clock.now(), adopted_on=clock.today(),
        )  # fmt: skip
        session.add(version)
    return version


def results(subject: Subject) -> dict[str, tuple[str, bool]]:
    """Criterion -> (standing, whether it stops the case), as the pages of the open and the passed gates show them."""
    journey = subject.journey
    found: dict[str, tuple[str, bool]] = {}
    for gate in method_of(journey.method_version).gates_of(journey.subject_kind):
        if journey.state in gate.from_states or gate_queries.passing_decision(journey, gate.id) is not None:
            for one in gate_queries.standing(subject, gate.id).criteria:
                found[one.criterion.id] = (one.standing.value, one.blocks)
    return found


def cases() -> list[Subject]:
    """A challenge being assessed, a mission with gaps and a waiver, one that is ready, and one that has passed."""
    region, passed = make_tested_mission()
    gaps, ready = make_mission(region), make_mission(region)
    story.gather_partners(region, ready)
    gate_service.waive(
        gaps, "g2.sectors", reason=WHY, expires_on=clock.today() + timedelta(days=30), by=make_secretariat()
    )
    return [make_assessed_now(), gaps, ready, passed]


def test_a_move_reports_exactly_the_criteria_whose_result_differs(session: Session) -> None:
    found, officer, seen = cases(), make_secretariat(), set[str]()
    stood = {case.journey.id: results(case) for case in found}

    @given(changes)
    @settings(max_examples=10, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
    def holds(wanted: list[tuple[str, int, Any]]) -> None:
        with taken_back(session):
            version = next_version(wanted)
            told = {one.subject.journey.id: one for one in method_simulation.simulate(version).affected}
            for case in found:
                before = stood[case.journey.id]
                moved = method_migration_service.move_case(case, version, reason=WHY, by=officer)
                session.expire_all()
                after = results(case)
                differing = {key for key in before | after if before.get(key) != after.get(key)}
                stopped = {key for key in after if after[key][1] and not before.get(key, ("", False))[1]}

                assert set(moved.differing) == differing
                assert (case.journey.id in told) is bool(differing)
                assert set(told[case.journey.id].failing if differing else ()) == stopped
                seen.update(differing)

    holds()
    assert len(seen) > 10  # the changes made a difference, to many requirements
