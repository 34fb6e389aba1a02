"""Papers, reports and dossiers as PDF that a screen reader can follow."""

from datetime import date
from io import BytesIO
from typing import Any

import pytest
from pypdf import PdfReader
from sqlalchemy.orm import Session

from missions_app import clock
from missions_app.documents import print_service
from missions_app.errors import NotAllowed
from missions_app.outbox import jobs
from missions_app.portfolio import dossier_service, report_service
from tests.factories.accounts import actor_of, make_user
from tests.factories.experiments import Planned, make_planned
from tests.journeys import people

DAY = date(2026, 3, 20)


def case_with_everything() -> tuple[Planned, dict[str, str]]:
    """A mission that tests, and the keys of what can be printed of it."""
    with clock.fixed(people.day(0)):
        case = make_planned()
    dossier_service.make_dossier(case.mission, DAY, by=case.region.actor("coordinator"))
    report = report_service.make_report(
        title="Första kvartalet", starts_on=date(2026, 1, 1), ends_on=date(2026, 3, 31), by=case.region.actor("decider")
    )
    reference = case.mission.reference
    return case, {"paper": f"{reference}/g5", "report": report.reference, "dossier": f"{reference}/{DAY}"}


def roles(tree: Any) -> list[str]:
    """The roles of a document's structure, in reading order."""
    found, queue = [], [tree]
    while queue:
        node = queue.pop(0)
        node = node.get_object() if hasattr(node, "get_object") else node
        if isinstance(node, list):
            queue = [*node, *queue]
        elif hasattr(node, "get"):
            if node.get("/S"):
                found.append(str(node["/S"]))
            if node.get("/K") is not None:
                queue.insert(0, node["/K"])
    return found


@pytest.mark.parametrize("kind", ["paper", "report", "dossier"])
def test_the_pdf_has_title_language_headings_and_table_heads(session: Session, kind: str) -> None:
    case, keys = case_with_everything()
    asked = print_service.ask(kind, keys[kind], locale="sv", by=case.region.actor("decider"))
    jobs.work_all()

    reader = PdfReader(BytesIO(print_service.read(asked)))

    root = reader.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"].value
    assert root["/Lang"] == "sv"
    assert reader.metadata is not None
    assert reader.metadata.title
    structure = roles(root["/StructTreeRoot"]["/K"])
    assert structure.count("/H1") == 1
    assert "/H2" in structure
    assert "/TH" in structure


def test_the_same_dossier_gives_the_same_pdf(session: Session) -> None:
    case, keys = case_with_everything()
    by = case.region.actor("decider")
    first = print_service.ask("dossier", keys["dossier"], locale="en", by=by)
    jobs.work_all()

    again = print_service.ask("dossier", keys["dossier"], locale="en", by=by)

    assert again.id == first.id
    assert len(print_service.read(first)) > 1000


@pytest.mark.parametrize("kind", ["paper", "report", "dossier"])
def test_a_stranger_prints_nothing(session: Session, kind: str) -> None:
    _case, keys = case_with_everything()

    with pytest.raises(NotAllowed):
        print_service.ask(kind, keys[kind], locale="sv", by=actor_of(make_user("stranger")))
