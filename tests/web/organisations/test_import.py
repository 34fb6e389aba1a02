"""Organisations from a spreadsheet: the fate of every row first, and only new ones are entered."""

from io import BytesIO

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from missions_app.edge import spreadsheet
from missions_app.edge.spreadsheet import UnreadableTable
from missions_app.errors import NotAllowed
from missions_app.organisations import import_service
from missions_app.organisations.models import Organisation
from tests.factories.accounts import bearer, grant_role, make_actor, make_secretariat, make_user, sign_in
from tests.factories.organisations import make_number, make_organisation, method_in_force

HEAD = ["Namn", "Sektor", "Organisationsnummer", "Kommun"]


def table() -> list[list[str]]:
    return [
        ["Nya Sund AB", "Näringsliv", make_number(), "Karlskrona"],
        ["Gamla Sund Aktiebolag", "business", "", ""],
        ["nya sund (publ)", "Näringsliv", "", ""],
        ["", "Näringsliv", "", ""],
        ["Fel Nummer AB", "Näringsliv", "556000-0000", ""],
        ["Rymden", "rymd", "", ""],
    ]


@pytest.mark.usefixtures("session")
@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_every_row_has_a_fate_and_only_new_ones_are_entered(form: str) -> None:
    make_organisation("Gamla Sund AB")
    officer = make_secretariat()
    content = spreadsheet.to_csv(HEAD, table()) if form == "csv" else spreadsheet.to_xlsx("1", HEAD, table())
    rows = spreadsheet.read_table(content)

    fates = import_service.plan_import(rows, by=officer)
    made = import_service.run_import(rows, by=officer)
    again = import_service.run_import(rows, by=officer)

    assert [(one.number, one.outcome, one.known) for one in fates] == [
        (2, "new", ""), (3, "double", "Gamla Sund AB"), (4, "double", "Nya Sund AB"), (5, "wrong", ""),
        (6, "wrong", ""), (7, "wrong", ""),
    ]  # fmt: skip
    assert [one.field for fate in fates for one in fate.problems] == ["name", "number", "sector"]
    assert [(one.name, one.sector, one.municipality) for one in made] == [("Nya Sund AB", "business", "1080")]
    assert again == []


@pytest.mark.usefixtures("session")
def test_only_those_who_enter_organisations_import() -> None:
    method_in_force()

    with pytest.raises(NotAllowed):
        import_service.plan_import([{"namn": "Sund"}], by=make_actor())


@pytest.mark.parametrize("content", [b"", b"namn;sektor\r\n", b"PK\x03\x04rubbish", b"\xff\xfe\x00", b"x" * 2_000_001])
def test_what_is_no_table_is_refused(content: bytes) -> None:
    with pytest.raises(UnreadableTable):
        spreadsheet.read_table(content)


def test_a_file_is_looked_at_before_anything_is_written(client: FlaskClient, session: Session) -> None:
    method_in_force()
    officer = make_user()
    grant_role(officer, "secretariat_officer")
    sign_in(client, officer)

    def number() -> int:
        return session.scalar(select(func.count()).select_from(Organisation)) or 0

    before = number()
    content = spreadsheet.to_csv(HEAD, [["=Sund AB", "Näringsliv", "", ""], ["", "", "", "Ronneby"]])
    looked = client.post("/organisations/import", data={"file": (BytesIO(content), "a.csv")})
    after_looking = number()
    sent = looked.text.split('name="table" value="')[1].split('"')[0].replace("&#39;", "'")
    client.post("/organisations/import", data={"table": sent})
    wrong = client.post("/organisations/import", data={"file": (BytesIO(b"hej"), "a.csv")})
    other = spreadsheet.to_csv(["Namn", "Sektor", "Nummer"], [["Nytt AB", "Rymden", "556000-0000"]])
    unread = client.post("/organisations/import", data={"file": (BytesIO(other), "a.csv")}).text

    assert "Förs in" in looked.text and "Kan inte föras in" in looked.text
    assert (after_looking - before, number() - before) == (0, 1)
    assert "gick inte att läsa som en tabell" in wrong.text
    assert "Kolumner som inte läses: nummer." in unread and "sektor: Välj ett av alternativen." in unread
    assert sign_in(client, make_user()).get("/organisations/import").status_code == 403


def test_the_same_by_the_api(client: FlaskClient) -> None:
    method_in_force()
    officer = make_user()
    grant_role(officer, "secretariat_officer")
    rows = [{"row": {"Namn": "Sund AB", "Sektor": "Näringsliv"}}, {"row": {"Namn": "", "Sektor": "x"}}]

    answer = client.post(
        "/api/v1/organisation-imports", headers=bearer(officer), json={"rows": rows, "enter": True}
    ).json

    assert [(one["outcome"], one["wrong_fields"]) for one in answer] == [  # type: ignore[union-attr]
        ("new", []), ("wrong", ["name", "sector"]),
    ]  # fmt: skip
    assert client.get("/api/v1/organisations/sund-ab").status_code == 200
