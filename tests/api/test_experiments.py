"""Experiments through the API."""

from typing import Any

import pytest
from flask.testing import FlaskClient

from tests.factories.accounts import bearer, make_user
from tests.factories.evaluation import day_of_test
from tests.factories.experiments import make_planned, make_tested_mission
from tests.factories.organisations import make_organisation
from tests.journeys.people import Region

URL = "/api/v1/experiments"


def plan(region: Region, **more: Any) -> dict[str, Any]:
    """A plan of the university's, led by the researcher."""
    lead = {"organisation": region.university.slug, "lead": region.people["researcher"].email}
    return {"title": "Växtbädd", "summary": "Vi provar.", "hypothesis": "På 30 minuter.", "trl_start": 5} | lead | more


def problems(answer: Any) -> set[tuple[str, str | None]]:
    return {(one["code"], one["field"]) for one in answer.json["errors"]}


def test_the_coordinator_plans_and_whoever_leads_it_writes_the_plan(client: FlaskClient) -> None:
    region, mission = make_tested_mission()
    coordinator, url = bearer(region.people["coordinator"]), f"/api/v1/missions/{mission.reference}/experiments"

    made = client.post(url, headers=coordinator, json=plan(region))
    page = client.get(made.headers["Location"])
    lead = bearer(region.people["researcher"]) | {"If-Match": made.headers["ETag"]}
    saved = client.put(f"{made.headers['Location']}/plan", headers=lead, json={"title": "Bädd", "stop_rule": "Frost"})
    listed = client.get(url).json

    assert (made.status_code, made.json["state"], made.json["lead"]) == (201, "planning", "researcher")
    assert (page.json["title"], page.json["mission"], "hypothesis" in page.json) == (
        "Växtbädd", mission.reference, False,
    )  # fmt: skip
    assert (saved.status_code, saved.json["stop_rule"], saved.json["hypothesis"]) == (200, "Frost", "")
    assert [one["title"] for one in listed] == ["Bädd"]
    assert client.get(URL).json["total"] == 1


def test_an_experiment_tries_a_track_of_its_mission_and_takes_up_an_earlier_one(client: FlaskClient) -> None:
    planned = make_planned()
    region, reference = planned.region, planned.mission.reference
    coordinator, url = planned.bearer("coordinator"), f"/api/v1/missions/{reference}"
    track = client.get(f"{url}/tracks", headers=coordinator).json[0]["id"]

    again = client.post(
        f"{url}/experiments", headers=coordinator,
        json=plan(region, track_id=track, repeats=planned.experiment.reference),
    )  # fmt: skip
    no_track = client.post(f"{url}/experiments", headers=coordinator, json=plan(region, track_id=999_999))
    no_such = client.post(f"{url}/experiments", headers=coordinator, json=plan(region, repeats="F-none"))

    assert (again.status_code, again.json["round"], again.json["track_id"]) == (201, 2, track)
    assert (no_track.status_code, no_such.status_code) == (404, 404)


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"title": " "}, ("title_missing", "title")),
        ({"trl_start": 10}, ("not_a_level", "trl_start")),
        ({"planned_from": "2027-05-02", "planned_until": "2027-05-01"}, ("period_reversed", "planned_until")),
        ({"lead": "nobody@example.test"}, ("unknown_address", "email")),
        ({"planned_from": "in May"}, ("wrong_shape", "planned_from")),
    ],
)
def test_a_plan_that_cannot_be_is_refused(
    client: FlaskClient, change: dict[str, Any], problem: tuple[str, str]
) -> None:
    region, mission = make_tested_mission()

    answer = client.post(
        f"/api/v1/missions/{mission.reference}/experiments", headers=bearer(region.people["coordinator"]),
        json=plan(region, **change),
    )  # fmt: skip

    assert problems(answer) == {problem}


def test_only_a_partner_runs_an_experiment_and_only_the_coordinator_plans_it(client: FlaskClient) -> None:
    region, mission = make_tested_mission()
    url = f"/api/v1/missions/{mission.reference}/experiments"
    outsider = make_organisation()

    foreign = client.post(
        url, headers=bearer(region.people["coordinator"]), json=plan(region, organisation=outsider.slug)
    )
    stranger = client.post(url, headers=bearer(make_user()), json=plan(region))
    nowhere = client.post("/api/v1/missions/M-none/experiments", headers=bearer(make_user()), json=plan(region))

    assert (foreign.status_code, problems(foreign)) == (422, {("not_a_partner", "organisation")})
    assert (stranger.status_code, stranger.json["code"]) == (403, "not_allowed")
    assert (nowhere.status_code, nowhere.json["code"]) == (404, "not_found")


def test_the_plan_is_for_those_with_a_part_in_it(client: FlaskClient) -> None:
    planned = make_planned()
    url = f"{URL}/{planned.experiment.reference}/plan"

    part = client.get(url, headers=planned.bearer("researcher"))
    stranger = client.get(url, headers=bearer(make_user()))

    assert (part.status_code, part.json["question"]) == (200, "Hinner vattnet undan?")
    assert (stranger.status_code, stranger.json["code"]) == (403, "not_allowed")


def test_an_old_version_of_the_plan_is_refused(client: FlaskClient) -> None:
    planned = make_planned()
    url, lead = f"{URL}/{planned.experiment.reference}/plan", planned.bearer("researcher")

    etag = client.get(url, headers=lead).headers["ETag"]
    unsaid = client.put(url, headers=lead, json={"title": "Ett"})
    first = client.put(url, headers=lead | {"If-Match": etag}, json={"title": "Ett"})
    late = client.put(url, headers=lead | {"If-Match": etag}, json={"title": "Två"})

    assert (unsaid.status_code, unsaid.json["code"]) == (428, "version_missing")
    assert (first.status_code, late.status_code, late.json["code"]) == (200, 409, "stale_version")


def test_a_begun_test_fixes_its_plan_and_its_thread_tells_how_it_came_there(client: FlaskClient) -> None:
    with day_of_test() as planned:
        url, lead = f"{URL}/{planned.experiment.reference}", planned.bearer("researcher")
        etag = client.get(f"{url}/plan", headers=lead).headers["ETag"]

        fixed = client.put(f"{url}/plan", headers=lead | {"If-Match": etag}, json={"title": "Ny"})
        thread = client.get(f"{url}/thread", headers={"Accept-Language": "en"}).json

    assert (fixed.status_code, fixed.json["code"]) == (409, "plan_locked")
    assert [one["text"] for one in thread][-1] == "An experiment was planned"
    assert "Decision: ready for test" in [one["text"] for one in thread if one["is_decision"]]
