"""Needs from a spreadsheet: every row has a fate before anything is written, and only new ones are entered."""

import csv
import io
import zipfile
from datetime import date
from io import BytesIO

import pytest
from flask.testing import FlaskClient

from missions_app.edge import spreadsheet
from missions_app.errors import NotAllowed
from missions_app.partnerships import need_import_service, need_service, queries
from missions_app.partnerships.models import Need
from missions_app.partnerships.need_service import NeedContent
from tests.factories.accounts import bearer, make_secretariat, sign_in
from tests.factories.experiments import make_mission
from tests.factories.partnerships import Partnership, make_partnership
from tests.journeys.people import make_region

HEAD = ["Behov", "Slag", "Prioritet", "Roll", "Från", "Till"]
ROWS = [
    ["Tolv nivågivare", "Utrustning", "must", "solution_provider", "2027-01-01", "2027.06.30"],
    ["  nivågivare ", "equipment", "should", "", "", ""],
    ["TOLV  nivågivare", "equipment", "", "", "", ""],
    ["", "equipment", "must", "", "", ""],
    ["Data om regn", "rymd", "kanske", "", "i vår", ""],
    ["Mätdata", "data", "", "", "2027-06-01", "2027-01-01"],
]
FATES = [
    (2, "new", ""), (3, "double", "Nivågivare"), (4, "double", "Tolv nivågivare"), (5, "wrong", ""), (6, "wrong", ""),
    (7, "wrong", ""),
]  # fmt: skip


def arranged() -> Partnership:
    found = make_partnership()
    need_service.add_need(found.mission, NeedContent("equipment", "Nivågivare", "must"), by=found.lead)
    return found


@pytest.mark.usefixtures("session")
@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_every_row_has_a_fate_and_only_new_ones_are_entered(form: str) -> None:
    found = arranged()
    content = spreadsheet.to_csv(HEAD, ROWS) if form == "csv" else spreadsheet.to_xlsx("1", HEAD, ROWS)
    rows = spreadsheet.read_table(content)

    fates = need_import_service.plan_import(found.mission, rows, by=found.lead)
    made = need_import_service.run_import(found.mission, rows, by=found.lead)
    again = need_import_service.run_import(found.mission, rows, by=found.lead)

    assert [(one.number, one.outcome, one.known) for one in fates] == FATES
    assert [sorted(one.field for one in fate.problems) for fate in fates[3:]] == [
        ["text"], ["kind", "needed_from", "priority"], ["needed_until"],
    ]  # fmt: skip
    assert [(one.text, one.kind, one.priority, one.role, str(one.needed_until)) for one in made] == [
        ("Tolv nivågivare", "equipment", "must", "solution_provider", "2027-06-30")
    ]
    assert again == []


@pytest.mark.usefixtures("session")
def test_only_those_who_coordinate_import() -> None:
    found = arranged()

    with pytest.raises(NotAllowed):
        need_import_service.plan_import(found.mission, [{"behov": "x"}], by=found.region.actor("company_admin"))


def test_the_page_and_the_api_look_first(client: FlaskClient) -> None:
    found = arranged()
    path = f"/missions/{found.mission.reference}/needs/import"
    sign_in(client, found.region.people["coordinator"])

    looked = client.post(path, data={"file": (BytesIO(spreadsheet.to_csv(HEAD, ROWS)), "a.csv")}).text
    before = len(queries.needs_of(found.mission))
    sent = looked.split('name="table" value="')[1].split('"')[0].replace("&#39;", "'")
    client.post(path, data={"table": sent})
    after = len(queries.needs_of(found.mission))
    answer = client.post(
        f"/api/v1/missions/{found.mission.reference}/need-imports",
        headers=bearer(found.region.people["coordinator"]),
        json={"rows": [{"row": {"Behov": "=Regndata", "Slag": "data"}}], "enter": True},
    ).json
    refused = sign_in(client, found.region.people["company_admin"]).get(path)

    assert "1 behov är nytt" in looked and "Nivågivare finns redan" in looked
    assert (before, after, len(queries.needs_of(found.mission))) == (1, 2, 3)
    assert [one["outcome"] for one in answer] == ["new"]  # type: ignore[union-attr]
    assert refused.status_code == 403


@pytest.mark.usefixtures("session")
@pytest.mark.parametrize("form", ["csv", "xlsx"])
@pytest.mark.parametrize("language", ["sv", "en"])
def test_what_is_given_out_comes_back_the_same_and_runs_in_no_spreadsheet(
    client: FlaskClient, form: str, language: str
) -> None:
    found, other = arranged(), make_mission(make_region())
    contents = [
        NeedContent("equipment", '=HYPERLINK("https://ond.example")', "should", quantity="-3 st", text_en="'quoted'"),
        NeedContent("skill", "Någon som kan; räkna\npå vatten", "could", "games", "två veckor", date(2027, 1, 2),
                    date(2027, 3, 4), "Somebody, \"good\"", "solution_provider"),
    ]  # fmt: skip
    for content in contents:
        need_service.add_need(found.mission, content, by=found.lead)
    sign_in(client, found.region.people["coordinator"])
    client.get(f"/language/{language}")

    given = client.get(f"/missions/{found.mission.reference}/needs.{form}")

    assert given.headers["Content-Disposition"].startswith("attachment")
    assert tuple(spreadsheet.read_table(given.data)[0]) == need_import_service.HEADS[language]
    if form == "csv":
        cells = [cell for line in csv.reader(io.StringIO(given.text), delimiter=";") for cell in line]
        assert not [cell for cell in cells if cell.startswith(("=", "-", "+", "@"))]
    else:
        assert b"<f>" not in zipfile.ZipFile(io.BytesIO(given.data)).read("xl/worksheets/sheet1.xml")
    need_import_service.run_import(other, spreadsheet.read_table(given.data), by=make_secretariat())
    assert [written(one) for one in queries.needs_of(other)] == [
        written(one) for one in queries.needs_of(found.mission)
    ]


def written(need: Need) -> list[object]:
    return [getattr(need, name) for name in need_import_service.COLUMNS]
