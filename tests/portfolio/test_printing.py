"""Papers, reports and dossiers as PDF that a screen reader can follow."""

from datetime import date
from io import BytesIO
from typing import Any
from xml.etree import ElementTree

import pytest
from flask.testing import FlaskClient
from pypdf import PdfReader
from sqlalchemy.orm import Session

from missions_app import clock
from missions_app.documents import print_service
from missions_app.errors import NotAllowed
from missions_app.evaluation.models import ContributionStory
from missions_app.i18n import use_locale
from missions_app.outbox import jobs
from missions_app.portfolio import brief, dossier_service, report_service
from missions_app.portfolio.chart_svg import bullet_svg, line_svg
from missions_app.portfolio.charts import bullet, line_chart
from missions_app.portfolio.dossier_archive import page_of
from missions_app.portfolio.frozen_charts import charts_in, results_in
from missions_app.workflow.models import Recommendation
from tests.factories.accounts import actor_of, bearer, make_user, sign_in
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
    return [str(one["/S"]) for one in elements(tree)]


def elements(tree: Any) -> list[Any]:
    """The elements of a document's structure, in reading order."""
    found, queue = [], [tree]
    while queue:
        node = queue.pop(0)
        node = node.get_object() if hasattr(node, "get_object") else node
        if isinstance(node, list):
            queue = [*node, *queue]
        elif hasattr(node, "get"):
            if node.get("/S"):
                found.append(node)
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


RECORD = {
    "tables": [
        {
            "key": "indicators",
            "columns": ["number", "title", "unit", "direction", "baseline", "from", "target", "until", "milestones",
                        "source"],
            "rows": [[7, {"sv": "Kväve & fosfor", "en": "Nitrogen"}, "kg", "down", 900.0, "2024-01-01", 450.0,
                      "2028-01-01", "2026-06-30: 700", "Givare"]],
        },
        {
            "key": "measurements",
            "columns": ["number", "indicator", "day", "value", "corrects"],
            "rows": [[1, 7, "2025-01-01", 9999.0, None],
                     [2, 7, "2025-01-01", 800.0, 1], [3, 7, "2026-01-01", 650.0, None]],
        },
    ]
}  # fmt: skip


def test_a_frozen_record_is_drawn_from_what_it_holds_and_says_so_in_words(session: Session) -> None:
    (result,) = results_in(RECORD)
    chart, way = line_chart(result, [(date(2025, 6, 1), "Test <1>")]), bullet(result)
    assert chart is not None and way is not None
    line, short = ElementTree.fromstring(line_svg(chart)), ElementTree.fromstring(bullet_svg(way))

    said = [one.text for one in line.iter("{http://www.w3.org/2000/svg}text")]
    assert [one.value for one in result.points] == [800.0, 650.0]
    assert {"Före 900", "Mål 450", "Nu 650", "Test <1>", "1 jan 2024"} <= set(said)
    assert "Kväve & fosfor" in chart.description and "650 kg" in chart.description
    assert short.get("viewBox") == "0 0 320 28"


def test_the_lines_of_a_dossier_are_marked_with_what_was_decided_meanwhile(session: Session) -> None:
    days = ("2024-03-01", "2024-04-01", "2025-06-01", "2026-06-01")
    acts = ("the partnership is ready", "pause", "pause", "scale up")
    decided = [[f"{day}T09:00:00+00:00", f"Decision: {what}", "M-2026-001"]
               for day, what in zip(days, acts, strict=True)]  # fmt: skip
    noted = ["2025-03-05T09:00:00+00:00", "A barrier was found", "M-2026-001"]
    thread = {"key": "thread", "columns": ["at", "act", "reference"], "rows": [*decided, noted]}
    record = {"reference": "M-2026-001", "title": {"sv": "Gata", "en": "Street"}, "cut_off": "2026-02-01",
              "tables": [*RECORD["tables"], thread]}  # fmt: skip

    (chart,) = charts_in(record)
    assert [text for _x, _y, text in chart.events] == ["1–2", "3", "4"]  # more than can be named: the table holds them
    assert chart.happened[-1] == ("1 juni 2026", "Beslut: skala upp (M-2026-001)")
    assert "Beslut: skala upp (M-2026-001)" in chart.description
    assert [text for _x, _y, text in charts_in({"tables": RECORD["tables"]})[0].events] == []
    for locale in ("sv", "en"):
        with use_locale(locale):
            page = page_of(record, locale)
            assert page.count("<svg") == 1 and page.count("<li>") == 4


def test_the_pictures_of_a_paper_have_words(session: Session) -> None:
    case, keys = case_with_everything()
    asked = print_service.ask("paper", keys["paper"], locale="sv", by=case.region.actor("decider"))
    jobs.work_all()

    reader = PdfReader(BytesIO(print_service.read(asked)))
    figures = [one for one in elements(reader.trailer["/Root"]["/StructTreeRoot"]) if one["/S"] == "/Figure"]
    assert figures and all(str(one["/Alt"]).strip() for one in figures)


def test_a_paper_is_two_pages_however_much_is_written(session: Session) -> None:
    case, keys = case_with_everything()
    much = "Vi har sett att vattnet rinner undan fortare än förr, och det märks på hela gatan. " * 100
    session.add(
        ContributionStory(mission=case.mission, story=much, rival_explanations=much, speaks_against=f"Emot. {much}")
    )
    session.add(
        Recommendation(
            journey_id=case.mission.journey_id, gate="g5", outcome="iterate", reasons=much, recommended_at=clock.now(),
            recommended_by_id=case.region.people["recommender"].id,
        )
    )  # fmt: skip
    session.flush()
    asked = print_service.ask("paper", keys["paper"], locale="sv", by=case.region.actor("decider"))
    jobs.work_all()

    pages = PdfReader(BytesIO(print_service.read(asked))).pages
    text = " ".join(" ".join(one.extract_text() for one in pages).split())
    assert len(pages) <= 2
    assert "Emot. Vi har sett" in text and text.count("Hela texten står i akten.") == 3
    assert "Byt spår: partnerskapet öppnas igen, finansiärerna får veta." in text


def test_a_short_text_stays_whole_and_a_long_one_is_cut_after_a_word() -> None:
    assert brief.brief(" Kort. ", "line") == "Kort."
    assert brief.brief("ord " * 200, "line") == "ord " * 31 + "ord …"
    rows = list(range(6))
    assert (brief.first_rows(rows), brief.rest_of(rows), brief.rest_of(rows[:4])) == (
        [0, 1, 2, 3], "2 till står i akten.", "",
    )  # fmt: skip


def test_a_paper_tells_every_way_and_what_it_starts_until_one_is_proposed(
    session: Session, client: FlaskClient
) -> None:
    case, _keys = case_with_everything()
    url = f"/missions/{case.mission.reference}/paper/g5"
    page = sign_in(client, case.region.people["decider"]).get(url).text
    open_ways = client.get(f"/api/v1{url}", headers=bearer(case.region.people["decider"])).json["ways"]
    session.add(
        Recommendation(
            journey_id=case.mission.journey_id, gate="g5", outcome="iterate", reasons="Mer underlag behövs.",
            recommended_at=clock.now(), recommended_by_id=case.region.people["recommender"].id,
        )
    )  # fmt: skip
    session.flush()
    proposed = client.get(url).text

    assert [one["outcome"] for one in open_ways] == ["scale_up", "iterate", "pivot", "stop", "pause"]
    assert open_ways[1]["starts"][1] == {"sv": "Parterna är kvar", "en": "The partners stay"}
    line = "Gör om med ändringar: en ny omgång försök planeras, parterna är kvar."
    assert line in page and "Det beror på vilken väg som väljs." in page
    assert line not in proposed and "Det beror på vilken väg som väljs." not in proposed
    assert "<li>En ny omgång försök planeras</li>" in proposed


def fonts_of(reader: PdfReader) -> set[str]:
    found = set()
    for page in reader.pages:
        for font in page["/Resources"]["/Font"].values():
            found.add(str(font.get_object()["/BaseFont"]).rpartition("+")[2])
    return found


def test_letters_that_no_font_has_are_replaced_and_no_font_of_the_machine_is_used(session: Session) -> None:
    case, keys = case_with_everything()
    case.mission.title_sv = "Ålgräs 🌊🌊 → ≥ 5 好"
    session.flush()

    asked = print_service.ask("paper", keys["paper"], locale="sv", by=case.region.actor("decider"))
    jobs.work_all()

    reader = PdfReader(BytesIO(print_service.read(asked)))
    assert "Ålgräs ▯ → ≥ 5 ▯" in " ".join(reader.pages[0].extract_text().split())
    assert {one.partition("-")[0] for one in fonts_of(reader)} <= {"LibertinusSerif", "DejaVuSansMono", "NewCMMath"}
