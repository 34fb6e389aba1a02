"""A dossier: the whole thread at the end of a day, the same each time, and the same where it is taken in."""

import io
import json
import zipfile
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import delete
from sqlalchemy.orm import Session

from missions_app import clock
from missions_app.bookings import booking_service
from missions_app.bookings.content import LineWish
from missions_app.bookings.models import LineState
from missions_app.documents import document_service
from missions_app.documents.document_service import Claim
from missions_app.documents.models import Visibility
from missions_app.errors import NotAllowed
from missions_app.evaluation.models import Certainty, ContributionStory, Strength, SystemChange
from missions_app.experiments.log_models import LogEntry
from missions_app.i18n import use_locale
from missions_app.partnerships import funding_service
from missions_app.partnerships.funding_service import LineContent
from missions_app.portfolio import dossier_archive, dossier_service
from missions_app.portfolio.dossier_record import record_of
from missions_app.portfolio.dossier_words import cell_text
from missions_app.portfolio.errors import NotADossier, PeriodNotOver
from missions_app.portfolio.models import Dossier
from tests.factories.accounts import actor_of
from tests.factories.bookings import between, make_booking
from tests.factories.experiments import Planned, make_planned
from tests.factories.sites import make_resource
from tests.journeys import people

DAY = date(2026, 3, 20)
SECRET = "Recept på bindemedel"


def case_with_a_secret() -> Planned:
    """A mission that tests, with a document that its giver asks to keep secret and one that is open to partners."""
    with clock.fixed(people.day(0)):
        case = make_planned()
        for title, visibility, claim in (
            (SECRET, Visibility.CLAIMED_SECRET, Claim("Konkurrenter skulle kunna kopiera.")),
            ("Ritning av växtbädd", Visibility.PARTNERS, None),
        ):
            document_service.upload(
                subject=case.mission, kind="working_material", title=title, file_name=f"{title[:6]}.txt",
                content=f"{title}, innehåll".encode(), by=case.region.actor("coordinator"), visibility=visibility,
                claim=claim,
            )  # fmt: skip
    return case


def table(record: dict, key: str) -> list[dict]:  # type: ignore[type-arg]
    found = next(one for one in record["tables"] if one["key"] == key)
    return [dict(zip(found["columns"], row, strict=True)) for row in found["rows"]]


def test_two_exports_of_a_day_are_the_same_bytes_also_when_the_record_has_moved_on(session: Session) -> None:
    case = case_with_a_secret()
    by = case.region.actor("coordinator")
    first = dossier_archive.pack(dossier_service.make_dossier(case.mission, DAY, by=by).content)

    case.mission.title_sv = "Ett nytt namn"
    session.flush()
    again = dossier_archive.pack(dossier_service.make_dossier(case.mission, DAY, by=by).content)

    assert first == again
    assert session.query(Dossier).count() == 1


def test_the_record_is_counted_the_same_way_twice(session: Session) -> None:
    case = case_with_a_secret()
    by = case.region.actor("coordinator")
    one = dossier_service.make_dossier(case.mission, DAY, by=by).content
    session.execute(delete(Dossier))

    assert dossier_service.make_dossier(case.mission, DAY, by=by).content == one


def test_what_came_after_the_day_is_left_out(session: Session) -> None:
    case = case_with_a_secret()
    before = people.START.date() - timedelta(days=1)

    record = json.loads(dossier_service.make_dossier(case.mission, before, by=case.region.actor("coordinator")).content)

    for key in ("decisions", "steps", "partners", "commitments", "documents", "thread"):
        assert table(record, key) == [], key


def test_of_the_bookings_only_what_was_sent_is_there(session: Session) -> None:
    case = case_with_a_secret()
    with clock.fixed(people.day(1)):
        draft, sent, other = make_booking(state=LineState.DRAFT), make_booking(), make_resource()
        wish = LineWish(other, between(8, 12))
        by = actor_of(sent.requested_by)
        booking_service.add_line(sent, wish, by=by, expected_version=sent.version)
        draft.mission = sent.mission = case.mission

    record = json.loads(dossier_service.make_dossier(case.mission, DAY, by=case.region.actor("coordinator")).content)

    assert [(row["reference"], row["resource"]) for row in table(record, "bookings")] == [
        (sent.reference, sent.lines[0].resource.name_sv)
    ]


def test_decisions_partners_and_documents_are_there(session: Session) -> None:
    case = case_with_a_secret()

    record = json.loads(dossier_service.make_dossier(case.mission, DAY, by=case.region.actor("coordinator")).content)

    assert [row["outcome"]["sv"] for row in table(record, "decisions")] == ["Anta utmaningen", "Partnerskapet är klart"]
    assert len(table(record, "partners")) == 4
    assert all(row["checksum"] for row in table(record, "evidence"))


def test_what_was_noted_and_how_sure_anybody_is_are_there_in_both_languages(session: Session) -> None:
    case = case_with_a_secret()
    noted = clock.now() - timedelta(days=300)
    with clock.fixed(noted):
        session.add(LogEntry(experiment=case.experiment, happened_at=noted, text="Pumpen stannade.", is_deviation=True,
                             noted_at=noted))  # fmt: skip
        session.add(ContributionStory(mission=case.mission, story="Gatan torkar.", certainty=Certainty.MEDIUM))
        session.add(SystemChange(mission=case.mission, kind="rule_change", text="Skötselplanen är ändrad.",
                                 evidence="Beslut", strength=Strength.FAIR, noticed_on=noted.date()))  # fmt: skip
        session.flush()

    record = record_of(case.mission, clock.today())
    assert [(row["what"], row["text"]) for row in table(record, "log")] == [("deviation", "Pumpen stannade.")]
    assert table(record, "story")[-1]["text"] == {"sv": "Ganska säkra", "en": "Fairly sure"}
    (change,) = table(record, "changes")
    assert (change["text"], change["strength"]["en"][:4]) == ("Skötselplanen är ändrad.", "Fair")
    assert table(record_of(case.mission, noted.date() - timedelta(days=1)), "log") == []


def plan_money(case: Planned) -> None:
    """A line of its own currency on the first day, one taken out and one entered after the cut-off, and one from before
    days were kept."""
    by = case.region.actor("coordinator")
    with clock.fixed(people.day(1)):
        euro = LineContent("test", "Interreg", "Sonder", currency="EUR", foreign_minor=1_800_050, rate_micro=11_243_500,
                           rate_on=date(2026, 2, 2), is_secured=True)  # fmt: skip
        funding_service.add_funding(case.mission, euro, by=by)
        gone = funding_service.add_funding(case.mission, LineContent("test", "RUN", "Båt", 900_000_00), by=by)
        old = funding_service.add_funding(case.mission, LineContent("test", "", "Timmar", 5_000_00, is_own=True), by=by)
        old.entered_at = None
    with clock.fixed(datetime(2026, 4, 1, 12, tzinfo=UTC)):
        funding_service.remove_funding(gone, by=by, expected_version=gone.version)
        funding_service.add_funding(case.mission, LineContent("scale", "RUN", "Skyltar", 7_000_00), by=by)


def test_the_funding_plan_is_there_as_it_stood(session: Session) -> None:
    case = case_with_a_secret()
    plan_money(case)

    made = dossier_service.make_dossier(case.mission, DAY, by=case.region.actor("coordinator"))
    found = {row["what_for"]: row for row in table(json.loads(made.content), "funding")}

    assert {"Sonder", "Båt", "Timmar"} <= set(found) and "Skyltar" not in found
    assert found["Sonder"]["currency"] == "18000.50 EUR × 11.2435 (2026-02-02)"
    assert [found["Sonder"][name] for name in ("kronor", "state", "own")] == [202388.62, "secured", None]
    assert [found["Timmar"][name] for name in ("state", "own", "entered", "source")] == [
        "not_secured", "own", None, None,
    ]  # fmt: skip


def test_the_archive_is_the_same_whoever_asks_and_says_nothing_in_code(session: Session) -> None:
    case = case_with_a_secret()
    plan_money(case)
    content = dossier_service.make_dossier(case.mission, DAY, by=case.region.actor("coordinator")).content

    with use_locale("en"):
        english = dossier_archive.pack(content)
    with use_locale("sv"):
        assert dossier_archive.pack(content) == english
    with zipfile.ZipFile(io.BytesIO(english)) as archive:
        sheet = archive.read("tables/funding.csv").decode()
        pages = [archive.read(f"index.{locale}.html").decode() for locale in ("sv", "en")]
    for key in ("g2.approve", "not_applicable", "committed", "not_secured", "problem_owner_rep", "+00:00", "202388.62"):
        assert not any(key in page for page in pages), key
    assert "Inte säkrat" in pages[0] and "202\xa0388,62" in pages[0]
    assert ";202388.62;" in sheet and ";secured;" in sheet


@pytest.mark.parametrize(
    ("column", "cell", "text"),
    [
        ("at", "2026-06-27T13:00:00+02:00", "27 juni 2026 13:00"),
        ("at", "2026-06-27T11:00:00+00:00", "27 juni 2026 13:00"),  # from before the region's zone was frozen
        ("day", "2026-06-27", "27 juni 2026"), ("text", "2026-06-27", "2026-06-27"),
        ("until", "tills vidare", "tills vidare"), ("at", "Tyst", "Tyst"),
        ("value", 29.6, "29,6"), ("value", 31.0, "31"),
        ("number", 1234, "1234"), ("value", None, ""), ("state", "met", "Uppfyllt"), ("text", "met", "met"),
    ],
)  # fmt: skip
def test_cells_are_read_as_people_write(session: Session, column: str, cell: object, text: str) -> None:
    assert cell_text(column, cell) == text


def test_what_is_asked_to_be_kept_secret_is_nowhere_in_the_archive(session: Session) -> None:
    case = case_with_a_secret()
    made = dossier_service.make_dossier(case.mission, DAY, by=case.region.actor("coordinator"))

    with zipfile.ZipFile(io.BytesIO(dossier_archive.pack(made.content))) as archive:
        whole = b"".join(archive.read(name) for name in archive.namelist())
        names = archive.namelist()

    assert SECRET.encode() not in whole
    assert "Ritning av växtbädd, innehåll".encode() in whole
    assert [name for name in names if name.startswith("documents/") and "Ritnin" in name] != []


def test_taken_in_elsewhere_it_gives_the_same_dossier(session: Session) -> None:
    case = case_with_a_secret()
    made = dossier_service.make_dossier(case.mission, DAY, by=case.region.actor("coordinator"))
    content, archive = made.content, dossier_archive.pack(made.content)
    session.execute(delete(Dossier))

    with pytest.raises(NotAllowed):
        dossier_service.import_dossier(archive, by=case.region.actor("coordinator"))
    taken_in = dossier_service.import_dossier(archive, by=case.region.actor("decider"))

    assert taken_in.is_imported
    assert taken_in.content == content
    assert dossier_archive.pack(taken_in.content) == archive


def changed(archive: bytes, old: bytes, new: bytes) -> bytes:
    """The archive with other words in its record."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(archive)) as given, zipfile.ZipFile(out, "w") as written:
        for name in given.namelist():
            written.writestr(name, given.read(name).replace(old, new))
    return out.getvalue()


def test_a_dossier_that_was_changed_is_refused(session: Session) -> None:
    case = case_with_a_secret()
    archive = dossier_archive.pack(
        dossier_service.make_dossier(case.mission, DAY, by=case.region.actor("coordinator")).content
    )
    for broken in (b"", b"PK", b"not a zip", changed(archive, b"Anta", b"Avslag")):
        with pytest.raises(NotADossier):
            dossier_service.import_dossier(broken, by=case.region.actor("decider"))


def test_a_day_that_is_not_over_is_refused(session: Session) -> None:
    case = make_planned()

    with pytest.raises(PeriodNotOver):
        dossier_service.make_dossier(case.mission, clock.today(), by=case.region.actor("coordinator"))


@pytest.mark.parametrize(
    ("cell", "written"),
    [("=1+1", "'=1+1"), ("@SUM(A1)", "'@SUM(A1)"), ("-12.5", "-12.5"), ("-x", "'-x"), ("text", "text")],
)  # fmt: skip
def test_a_spreadsheet_runs_nothing(cell: str, written: str) -> None:
    sheet = dossier_archive.sheet_of({"key": "story", "columns": ["text"], "rows": [[cell]]})

    assert sheet == f"\ufefftext\r\n{written}\r\n"
