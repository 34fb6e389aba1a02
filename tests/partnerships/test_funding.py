"""The funding plan in sums, and funders' calls that fit."""

from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

import pytest
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st

from missions_app import clock
from missions_app.errors import InvalidInput, NotAllowed
from missions_app.i18n import use_locale
from missions_app.partnerships import funding_call_service, funding_service, queries
from missions_app.partnerships.funding_call_service import FundingCallContent
from missions_app.partnerships.funding_rules import MICRO, Applicant, Terms, in_ore, lacks, matrix
from missions_app.partnerships.funding_service import LineContent
from missions_app.web.forms import MoneyField
from tests.factories.accounts import bearer, make_secretariat, sign_in
from tests.factories.experiments import make_mission
from tests.factories.partnerships import make_partnership

TODAY = date(2026, 11, 25)


@dataclass(frozen=True)
class Row:
    phase: str
    source: str
    amount_ore: int
    is_own: bool = False
    is_secured: bool = False


def test_the_plan_adds_up_down_and_across_to_the_ore() -> None:
    plan = matrix(
        [
            Row("test", "Vinnova", 100_01), Row("test", " vinnova ", 50), Row("scale", "Vinnova", 7),
            Row("test", "Egen insats", 33_42, is_own=True, is_secured=True), Row("explore", "", 1),
        ],
        ["explore", "mobilise", "test", "scale"],
    )  # fmt: skip

    assert plan.sources == ["Egen insats", "Vinnova", ""]
    assert plan.cells["Vinnova", "test"] == 100_51
    assert plan.by_phase == {"explore": 1, "mobilise": 0, "test": 133_93, "scale": 7}
    assert plan.total == sum(plan.by_source.values()) == 134_01
    assert plan.own_share == plan.secured_share == pytest.approx(3342 / 13401)


def test_an_empty_plan_has_no_shares() -> None:
    assert (matrix([], ["test"]).own_share, matrix([], ["test"]).total) == (None, 0)


@pytest.mark.parametrize(
    ("terms", "number"),
    [
        (Terms(TODAY), 0),
        (Terms(TODAY - timedelta(days=1)), 1),
        (Terms(TODAY, themes=("healthy_seas",)), 0),
        (Terms(TODAY, themes=("climate_adaptation",)), 1),
        (Terms(TODAY, phases=("scale",)), 1),
        (Terms(TODAY, phases=("scale", "test")), 0),
        (Terms(TODAY, sectors=("business",)), 0),
        (Terms(TODAY, sectors=("business", "academia")), 1),
        (Terms(TODAY, least_own_share=0.3), 0),
        (Terms(TODAY, least_own_share=0.5), 1),
        (Terms(TODAY - timedelta(days=1), ("scale",), ("x",), ("civil",), 0.9), 5),
    ],
)
def test_a_call_fits_or_says_what_lacks(terms: Terms, number: int) -> None:
    mission = Applicant("healthy_seas", {"mobilise", "test"}, {"public", "business"}, 0.3)

    assert len(lacks(terms, mission, TODAY)) == number


def content(**more: object) -> FundingCallContent:
    plain = {"source": "Vinnova", "title": "Vatten", "opens_on": clock.today(), "closes_on": clock.today()}
    return FundingCallContent(**{**plain, **more})  # type: ignore[arg-type]


@pytest.mark.usefixtures("session")
def test_the_secretariat_keeps_the_calendar_and_a_mission_sees_what_fits() -> None:
    found = make_partnership()
    officer = make_secretariat()
    funding_service.add_funding(found.mission, LineContent("test", "Vi", "Tid", 30_00, is_own=True), by=found.lead)
    funding_service.add_funding(found.mission, LineContent("test", "Vinnova", "Resa", 70_00), by=found.lead)
    fits = funding_call_service.enter_call(content(phases=("test",), least_own_percent=30), by=officer)
    not_yet = funding_call_service.enter_call(content(sectors=("academia",)), by=officer)
    gone = funding_call_service.enter_call(content(), by=officer)
    funding_call_service.take_out(gone, by=officer, expected_version=gone.version)

    rows = funding_call_service.fitting(found.mission)

    assert [(row.call.id, bool(row.lacks)) for row in rows] == [(fits.id, False), (not_yet.id, True)]
    with pytest.raises(NotAllowed):
        funding_call_service.enter_call(content(), by=found.lead)


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"title": " "}, "title"), ({"phases": ("x",)}, "phases"), ({"themes": ("x",)}, "themes"),
        ({"least_own_percent": 101}, "least_own_percent"), ({"website": "www"}, "website"),
        ({"opens_on": date(2099, 1, 1)}, "closes_on"),
    ],
)  # fmt: skip
@pytest.mark.usefixtures("session")
def test_what_is_wrong_with_a_call_is_named(more: dict[str, object], field: str) -> None:
    make_partnership()

    with pytest.raises(InvalidInput) as refused:
        funding_call_service.enter_call(content(**more), by=make_secretariat())

    assert [one.field for one in refused.value.problems] == [field]


@given(st.integers(1, 10**13), st.integers(1, 10**9))
def test_another_currency_is_right_to_the_nearest_ore(minor: int, rate: int) -> None:
    exact = Fraction(minor * rate, MICRO)

    assert abs(in_ore(minor, rate) - exact) <= Fraction(1, 2)


@pytest.mark.usefixtures("session")
def test_a_line_in_another_currency_keeps_its_amount_rate_and_day_and_sums_are_in_kronor() -> None:
    found = make_partnership()
    euro = LineContent(
        "test", "Interreg", "Resa", currency="EUR", foreign_minor=1_000_33, rate_micro=11_321_500, rate_on=clock.today()
    )
    line = funding_service.add_funding(found.mission, euro, by=found.lead)
    funding_service.add_funding(found.mission, LineContent("test", "Vi", "Tid", 50), by=found.lead)

    assert (line.currency, line.foreign_minor, line.amount_ore) == ("EUR", 1_000_33, 11_325_24)
    assert matrix(queries.funding_of(found.mission), ["test"]).total == 11_325_74
    funding_service.edit_funding(line, LineContent("test", "Interreg", "Resa", 7), by=found.lead,
                                 expected_version=line.version)  # fmt: skip
    assert (line.currency, line.foreign_minor, line.rate_micro, line.rate_on, line.amount_ore) == (
        "SEK", None, None, None, 7,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("money", "fields"),
    [
        ({"currency": "EUR"}, {"amount", "rate", "rate_on"}),
        ({"currency": "EUR", "foreign_minor": 1, "rate_micro": 1, "rate_on": date(2026, 1, 1)}, {"amount"}),
        ({"currency": "EUR", "foreign_minor": 5, "rate_micro": MICRO, "rate_on": date(2100, 1, 1)}, {"rate_on"}),
        ({"currency": "XYZ", "foreign_minor": 5, "rate_micro": MICRO, "rate_on": date(2026, 1, 1)}, {"currency"}),
        ({"amount_ore": -1}, {"amount"}),
    ],
)
@pytest.mark.usefixtures("session")
def test_what_is_wrong_with_money_is_named(money: dict[str, Any], fields: set[str]) -> None:
    found = make_partnership()

    with pytest.raises(InvalidInput) as refused:
        funding_service.add_funding(found.mission, LineContent("test", "EU", "Resa", **money), by=found.lead)

    assert {one.field for one in refused.value.problems} == fields


def test_the_plan_states_the_rate_beside_the_kronor(client: FlaskClient) -> None:
    found = make_partnership()
    path = f"/missions/{found.mission.reference}/funding"
    sign_in(client, found.region.people["coordinator"])
    typed = {"phase": "test", "cost": "Resa", "source": "Interreg", "amount": "1 000,50", "currency": "EUR"}

    wrong = client.post(f"{path}/new", data=typed).text
    client.post(f"{path}/new", data=typed | {"rate": "11,3215", "rate_on": "2026-01-15"})
    page = client.get(path).text.replace("\xa0", " ")
    line = queries.funding_of(found.mission)[0]
    edit = client.get(f"{path}/{line.id}/edit").text
    api = client.put(
        f"/api/v1/missions/{found.mission.reference}/funding/{line.id}",
        headers=bearer(found.region.people["coordinator"]) | {"If-Match": f'"{line.version}"'},
        json={"phase": "test", "source": "Interreg", "cost": "Resa", "currency": "EUR", "foreign_minor": 100,
              "rate_micro": 10_000_000, "rate_on": "2026-01-15"},
    )  # fmt: skip

    assert "Skriv vad en enhet av valutan kostar" in wrong
    assert "11 327,16 kr" in page and "1 000,5 EUR à 11,3215 kr" in page and "Summorna är i kronor" in page
    assert 'value="1000,50"' in edit and 'value="11,3215"' in edit
    assert (api.status_code, api.json["amount_ore"]) == (200, 10_00)


@pytest.mark.usefixtures("session")
@pytest.mark.parametrize(("ore", "typed"), [(50, "0,50"), (100, "1"), (12_345_678_912_05, "12345678912,05")])
def test_money_is_written_as_it_was_typed_to_the_ore(ore: int, typed: str) -> None:
    with use_locale("sv"):
        assert MoneyField.written(MoneyField, ore) == typed  # type: ignore[arg-type]


@pytest.mark.usefixtures("session")
def test_the_plan_names_the_mission_whose_line_takes_the_same_cost_to_the_same_source(client: FlaskClient) -> None:
    found = make_partnership()
    other = make_mission(found.region)
    same = LineContent(phase="test", source="Vinnova", cost="Givare på gatan", amount_ore=100_00)
    funding_service.add_funding(found.mission, same, by=found.lead)
    sign_in(client, found.region.people["coordinator"])
    page = f"/missions/{found.mission.reference}/funding"
    assert other.reference not in client.get(page).text

    funding_service.add_funding(other, same, by=make_secretariat())

    shown = client.get(page).text
    assert "En annan rad tar samma kostnad till samma källa" in shown
    assert other.reference in shown
