"""Files for spreadsheets hold no formulas, whatever people have written."""

import io
import zipfile
from datetime import date
from xml.etree import ElementTree

import pytest

from missions_app.edge import spreadsheet

NASTY = ["=1+1", "+46 455", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", 'a "b"; c', "Åäö", "<b>&\x00"]


@pytest.mark.parametrize("text", NASTY[:7])
def test_no_text_begins_like_a_formula_in_csv(text: str) -> None:
    assert spreadsheet.safe(text) == f"'{text}"
    assert f"'{text[0]}".encode() in spreadsheet.to_csv(["Rubrik"], [[text]])


def test_csv_is_read_by_swedish_spreadsheets() -> None:
    content = spreadsheet.to_csv(["Vad", "Kr"], [["Åäö", 2.5], ["a;b", None], [date(2027, 1, 2), 3]])

    assert content.decode("utf-8-sig").splitlines() == ["Vad;Kr", "Åäö;2.5", '"a;b";', "2027-01-02;3"]
    assert content.startswith(b"\xef\xbb\xbf")


def test_xlsx_is_a_whole_file_with_texts_as_texts_and_numbers_as_numbers() -> None:
    content = spreadsheet.to_xlsx("M-2026-001 [1]", ["Vad", "Kr"], [[text, 2.5] for text in NASTY])

    with zipfile.ZipFile(io.BytesIO(content)) as file:
        sheet = ElementTree.fromstring(file.read("xl/worksheets/sheet1.xml"))  # noqa: S314 -- made here
        book = file.read("xl/workbook.xml").decode()
    space = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
    assert sheet.findall(f".//{space}f") == []
    assert [one.text for one in sheet.findall(f".//{space}t")][2:4] == ["=1+1", "+46 455"]
    assert len(sheet.findall(f".//{space}v")) == len(NASTY)
    assert 'name="M-2026-001 1"' in book


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_a_sheet_is_text_however_it_was_saved(encoding: str) -> None:
    assert spreadsheet.as_text("källa;värde\nå;5,1\n".encode(encoding)) == "källa;värde\nå;5,1\n"


def test_a_sheet_of_a_spreadsheet_is_text_and_what_is_none_is_refused() -> None:
    book = spreadsheet.to_xlsx("Värden", ["källa", "värde"], [["å; ö", 5.1]])

    assert spreadsheet.as_text(book).splitlines() == ["källa;värde", '"å; ö";5.1']
    with pytest.raises(spreadsheet.UnreadableTable):
        spreadsheet.as_text(b"PK\x03\x04 something else")
