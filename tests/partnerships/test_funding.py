"""The funding plan in sums, and funders' calls that fit."""

from dataclasses import dataclass
from datetime import date, timedelta

import pytest

from missions_app import clock
from missions_app.errors import InvalidInput, NotAllowed
from missions_app.partnerships import funding_call_service, funding_service
from missions_app.partnerships.funding_call_service import FundingCallContent
from missions_app.partnerships.funding_rules import Applicant, Terms, lacks, matrix
from missions_app.partnerships.funding_service import LineContent
from tests.factories.accounts import make_secretariat
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
