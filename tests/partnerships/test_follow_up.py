"""Money that came afterwards: from whom, how much, following which decision; in the plan, the pictures and reports."""

from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient

from missions_app import clock
from missions_app.errors import InvalidInput, NotAllowed
from missions_app.partnerships import follow_up_service, funding_call_service
from missions_app.partnerships.follow_up_models import FundingLevel
from missions_app.partnerships.follow_up_service import FollowUpContent
from missions_app.partnerships.funding_call_service import FundingCallContent
from missions_app.portfolio.dossier_record import record_of
from missions_app.portfolio.figures import count_figures
from tests.factories.accounts import bearer, make_actor, make_secretariat, make_user, sign_in
from tests.factories.experiments import make_planned

pytestmark = pytest.mark.usefixtures("session")


def content(**more: Any) -> FollowUpContent:
    plain = {
        "level": FundingLevel.NATIONAL, "source": "Naturvårdsverket", "purpose": "Fler växtbäddar",
        "decided_on": clock.today(), "amount_ore": 1_250_000_50,
    }  # fmt: skip
    return FollowUpContent(**{**plain, **more})


def test_what_came_after_is_in_the_plan_the_pictures_the_report_and_the_dossier(client: FlaskClient) -> None:
    case = make_planned()
    mission, lead = case.mission, case.region.actor("coordinator")
    decision = follow_up_service.decisions_followed(mission)[0]
    follow_up_service.note(mission, content(decision_id=decision.id, reference="NV-1"), by=lead)
    foreign = {"amount_ore": 0, "currency": "EUR", "foreign_minor": 100_25, "rate_micro": 11_321_500,
               "rate_on": clock.today()}  # fmt: skip
    euro = follow_up_service.note(mission, content(level=FundingLevel.EU, source="Interreg", **foreign), by=lead)
    own = follow_up_service.note(mission, content(level=FundingLevel.REGIONAL, amount_ore=100), by=lead)
    follow_up_service.take_out(own, by=lead, expected_version=own.version)

    sign_in(client, case.region.people["representative"])
    plan = client.get(f"/missions/{mission.reference}/funding").text
    pictures = client.get("/partnerships").text
    figures = {one.key: one for one in count_figures(clock.today(), clock.today())}
    dossier = {one["key"]: one["rows"] for one in record_of(mission, clock.today())["tables"]}
    api = client.get(
        f"/api/v1/missions/{mission.reference}/follow-up-funding", headers=bearer(case.region.people["coordinator"])
    ).json

    assert euro.amount_ore == 1_134_98
    for words in ("1\u00a0251\u00a0135,48\u00a0kr har kommit efteråt", "NV-1", "100,25 EUR à 11,3215 kr"):
        assert words in plan
    assert f"/gates/{mission.journey_id}/{decision.gate}" in plan
    assert "1\u00a0251\u00a0135,48\u00a0kr" in pictures
    assert figures["follow_up"].value == figures["follow_up_outside"].value == 1_251_135.48
    assert [row.reference for row in figures["follow_up"].rows] == [mission.reference] * 2
    assert [row[0] for row in dossier["follow_up"]] == ["Naturvårdsverket", "Interreg"]
    assert {one["decision_id"] for one in api} == {decision.id, None}  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"source": " "}, "source"),
        ({"purpose": ""}, "purpose"),
        ({"amount_ore": 0}, "amount"),
        ({"amount_ore": 10**18}, "amount"),
        ({"currency": "EUR", "foreign_minor": 100, "rate_micro": 10**20, "rate_on": clock.today()}, "rate"),
        ({"decision_id": 4711}, "decision"),
        ({"purpose": "x" * 301}, "purpose"),
        ({"reference": "x" * 101}, "reference"),
    ],
)
def test_what_is_wrong_with_it_is_named(more: dict[str, Any], field: str) -> None:
    case = make_planned()
    with pytest.raises(InvalidInput) as refused:
        follow_up_service.note(case.mission, content(**more), by=case.region.actor("coordinator"))

    assert [one.field for one in refused.value.problems] == [field]


def test_money_follows_a_decision_only_after_it_and_only_those_who_coordinate_note_it() -> None:
    case = make_planned()
    decision = follow_up_service.decisions_followed(case.mission)[0]
    early = content(decision_id=decision.id, decided_on=decision.decided_on - timedelta(days=1))

    with pytest.raises(InvalidInput) as refused:
        follow_up_service.note(case.mission, early, by=case.region.actor("coordinator"))
    with pytest.raises(NotAllowed):
        follow_up_service.note(case.mission, content(), by=make_actor())
    with pytest.raises(NotAllowed):
        follow_up_service.note(case.mission, content(), by=case.region.actor("representative"))

    assert [one.code for one in refused.value.problems] == ["before_decision"]


def test_the_form_notes_corrects_and_takes_out(client: FlaskClient) -> None:
    case = make_planned()
    base = f"/missions/{case.mission.reference}/follow-up-funding"
    sign_in(client, case.region.people["coordinator"])
    data = {
        "source": "Interreg", "level": "eu", "purpose": "Spridning", "amount": "12 000,50", "currency": "SEK",
        "decided_on": clock.today().isoformat(), "decision": "",
    }  # fmt: skip

    wrong = client.post(f"{base}/new", data={**data, "amount": "nan"})
    client.post(f"{base}/new", data=data)
    made = follow_up_service.follow_up_of(case.mission)[0]
    changed = client.post(f"{base}/{made.id}/edit", data={**data, "source": "Vinnova", "version": made.version})
    stale = client.post(f"{base}/{made.id}/edit", data={**data, "version": made.version - 1})
    kept = (made.source, made.amount_ore)
    client.post(f"{base}/{made.id}/remove", data={"version": made.version})

    assert "Skriv ett tal" in wrong.text and 'value="nan"' in wrong.text
    assert changed.location.endswith("/funding#follow-up")
    assert "ds-error-summary" in stale.text
    assert kept == ("Vinnova", 12_000_50)
    assert follow_up_service.follow_up_of(case.mission) == []


def test_the_calendar_names_the_missions_that_a_call_fits_to_those_who_coordinate_them(client: FlaskClient) -> None:
    case = make_planned()
    day = clock.today()
    for theme in (case.mission.theme, "healthy_seas"):
        call = FundingCallContent("Vinnova", f"Utlysning {theme}", day, day, themes=(theme,))
        funding_call_service.enter_call(call, by=make_secretariat())

    def rows(user: Any) -> list[bool]:
        parts = sign_in(client, user).get("/funding-calls").text.split("<h2>")[1:3]
        return [f"/missions/{case.mission.reference}/funding" in part for part in parts]

    assert rows(case.region.people["coordinator"]) == [True, case.mission.theme == "healthy_seas"]
    assert rows(make_user()) == [False, False]
    assert [len(row.lacks) for row in funding_call_service.fitting(case.mission)] == [0, 1]


def test_a_mission_whose_experiments_run_seeks_money_for_the_test_and_for_what_comes_after() -> None:
    case = make_planned()
    for phase in ("explore", "mobilise", "test", "scale"):
        call = FundingCallContent("Vinnova", phase, clock.today(), clock.today(), phases=(phase,))
        funding_call_service.enter_call(call, by=make_secretariat())

    fits = {row.call.title: not row.lacks for row in funding_call_service.fitting(case.mission)}

    assert case.mission.journey.state == "testing"
    assert fits == {"explore": False, "mobilise": False, "test": True, "scale": True}
