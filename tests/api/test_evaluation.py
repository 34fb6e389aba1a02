"""Results through the API: measured, reported, learnt, told."""

from typing import Any

import pytest
from flask.testing import FlaskClient

from missions_app import clock
from missions_app.indicators.queries import indicators_of
from tests.factories.accounts import bearer, make_user
from tests.factories.evaluation import day_of_test
from tests.factories.experiments import Planned, make_mission, make_planned

V1 = "/api/v1"
REPORT: dict[str, Any] = {
    "summary": "Bädden tog hand om vattnet, men långsammare än tänkt.", "what_was_done": "Vi fyllde och mätte.",
    "results": "120 kubikmeter på 50 minuter.", "threshold": "not_met", "outcome": "refuted", "trl_end": 6,
}  # fmt: skip
LESSON = {"tag": "method", "context": "Storgatan", "learnt": "Börja mäta tidigt.", "so_what": "Mät före."}
STORY = {"story": "Gatan torkar fortare än förr.", "rival_explanations": "Vintern var torr."}


def problems(answer: Any) -> set[tuple[str, str | None]]:
    return {(one["code"], one["field"]) for one in answer.json["errors"]}


def experiment_url(planned: Planned) -> str:
    return f"{V1}/experiments/{planned.experiment.reference}"


def mission_url(planned: Planned) -> str:
    return f"{V1}/missions/{planned.mission.reference}"


def value(planned: Planned, number: float = 15.0, **more: Any) -> dict[str, Any]:
    """A value of the mission's indicator, measured today."""
    indicator = indicators_of(planned.mission.journey)[0]
    measured = {"indicator_id": indicator.id, "value": number, "measured_on": clock.today().isoformat()}
    return measured | {"source": "Nivågivare"} | more


def seen(answer: Any) -> dict[str, str]:
    return {"If-Match": answer.headers["ETag"]}


def test_what_stays_within_limits_has_two_also_here(client: FlaskClient) -> None:
    planned = make_planned()
    url, headers = f"{mission_url(planned)}/indicators", planned.bearer("coordinator")
    body = {"label": "Temperatur", "unit": "°C", "direction": "range", "target_value": 24.0, "baseline_value": 28.0,
            "baseline_on": "2026-01-01"}  # fmt: skip

    half = client.post(url, headers=headers, json=body)
    turned = client.post(url, headers=headers, json=body | {"target_low": 30.0})
    made = client.post(url, headers=headers, json=body | {"target_low": 20.0})
    shown = client.get(f"{mission_url(planned)}/evaluation", headers=headers).json["indicators"][-1]
    public = client.get(mission_url(planned)).json["indicators"][-1]

    assert (half.status_code, problems(half)) == (422, {("limit_missing", "target_low")})
    assert (turned.status_code, problems(turned)) == (422, {("limits_reversed", "target_low")})
    assert made.status_code == 201
    for one, high in ((made.json, "target_value"), (shown, "target"), (public, "target_value")):
        assert (one["target_low"], one[high]) == (20.0, 24.0)


def test_a_value_counts_when_somebody_else_has_approved_it(client: FlaskClient) -> None:
    with day_of_test() as planned:
        url = f"{experiment_url(planned)}/measurements"
        coordinator = planned.bearer("coordinator")
        made = client.post(url, headers=planned.bearer("researcher"), json=value(planned))
        before = client.get(f"{mission_url(planned)}/evaluation", headers=coordinator).json["indicators"][0]
        approve = f"{url}/{made.json['id']}/approve"
        own = client.post(approve, headers=planned.bearer("researcher") | seen(made))
        right = client.post(approve, headers=coordinator | seen(made))
        again = client.post(approve, headers=coordinator | seen(right))
        after = client.get(f"{mission_url(planned)}/evaluation", headers=coordinator).json["indicators"][0]

    assert (made.status_code, made.json["state"], own.status_code) == (201, "submitted", 403)
    assert (right.status_code, right.json["state"]) == (200, "approved")
    assert (again.status_code, again.json["code"]) == (409, "already_settled")
    assert (before["latest"], before["progress"], before["target"]) == (None, None, 30.0)
    assert (after["latest"], after["progress"]) == (15.0, 0.5)


def test_nobody_approves_their_own_value(client: FlaskClient) -> None:
    with day_of_test() as planned:
        url, coordinator = f"{experiment_url(planned)}/measurements", planned.bearer("coordinator")
        made = client.post(url, headers=coordinator, json=value(planned))
        own = client.post(f"{url}/{made.json['id']}/approve", headers=coordinator | seen(made))

    assert (own.status_code, own.json["code"]) == (403, "own_measurement")


def test_a_value_is_corrected_with_a_reason_and_the_old_one_stays_readable(client: FlaskClient) -> None:
    with day_of_test() as planned:
        url, lead = f"{experiment_url(planned)}/measurements", planned.bearer("researcher")
        coordinator = planned.bearer("coordinator")
        made = client.post(url, headers=lead, json=value(planned, 15.0))
        old = client.post(f"{url}/{made.json['id']}/approve", headers=coordinator | seen(made))
        right = {name: one for name, one in value(planned, 14.0).items() if name != "indicator_id"}
        correct = f"{url}/{made.json['id']}/corrections"
        unsaid = client.post(correct, headers=lead | seen(old), json=right | {"reason": "Fel"})
        stale = client.post(correct, headers=lead | seen(made), json=right | {"reason": "Givaren var fel inställd."})
        new = client.post(correct, headers=lead | seen(old), json=right | {"reason": "Givaren var fel inställd."})
        client.post(f"{url}/{new.json['id']}/approve", headers=coordinator | seen(new))
        listed = client.get(url, headers=lead).json

    assert (unsaid.status_code, problems(unsaid)) == (422, {("reason_missing", "reason")})
    assert (stale.status_code, stale.json["code"]) == (409, "stale_version")
    assert (new.status_code, new.json["corrects_id"]) == (201, made.json["id"])
    assert {(one["value"], one["state"]) for one in listed} == {(15.0, "corrected"), (14.0, "approved")}


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"measured_on": "2126-01-01"}, ("in_the_future", "measured_on")),
        ({"source": " "}, ("source_missing", "source")),
        ({"value": "much"}, ("wrong_shape", "value")),
    ],
)
def test_a_value_that_cannot_be_is_refused(
    client: FlaskClient, change: dict[str, Any], problem: tuple[str, str]
) -> None:
    with day_of_test() as planned:
        url = f"{experiment_url(planned)}/measurements"
        answer = client.post(url, headers=planned.bearer("researcher"), json=value(planned, **change))

    assert (answer.status_code, problems(answer)) == (422, {problem})


def test_nothing_is_measured_or_reported_before_the_test_or_by_strangers(client: FlaskClient) -> None:
    planned = make_planned()
    url, lead, stranger = experiment_url(planned), planned.bearer("researcher"), bearer(make_user())

    early = client.post(f"{url}/measurements", headers=lead, json=value(planned))
    report = client.put(f"{url}/report", headers=lead, json=REPORT)
    foreign = client.post(f"{url}/measurements", headers=stranger, json=value(planned))
    other = client.post(f"{url}/measurements", headers=lead, json=value(planned, indicator_id=999_999))
    nothing = client.post(f"{V1}/experiments/F-none/measurements", headers=lead, json=value(planned))
    unread = client.get(f"{url}/report", headers=lead)

    assert (early.status_code, early.json["code"]) == (409, "test_not_begun")
    assert (report.status_code, report.json["code"]) == (409, "test_not_begun")
    assert foreign.status_code == 403
    assert (other.status_code, nothing.status_code, unread.status_code) == (404, 404, 404)


def test_a_report_is_written_in_parts_and_handed_in_once(client: FlaskClient) -> None:
    with day_of_test() as planned:
        url, lead = f"{experiment_url(planned)}/report", planned.bearer("researcher")
        first = client.put(url, headers=lead, json={"summary": "Börjat."})
        early = client.post(f"{url}/submit", headers=lead | seen(first))
        unsaid = client.put(url, headers=lead, json=REPORT)
        second = client.put(url, headers=lead | seen(first), json=REPORT)
        stale = client.put(url, headers=lead | seen(first), json=REPORT)
        foreign = client.post(f"{url}/submit", headers=planned.bearer("village_admin") | seen(second))
        sent = client.post(f"{url}/submit", headers=lead | seen(second))
        late = client.put(url, headers=lead | seen(sent), json=REPORT)

    assert (first.status_code, second.status_code) == (200, 200)
    assert problems(early) == {("missing", name) for name in ("what_was_done", "results", "threshold", "outcome")}
    assert (unsaid.status_code, unsaid.json["code"]) == (428, "version_missing")
    assert (stale.status_code, stale.json["code"]) == (409, "stale_version")
    assert foreign.status_code == 403
    assert (sent.status_code, sent.json["submitted_at"] is not None) == (200, True)
    assert sent.json["document_id"] is not None
    assert (late.status_code, late.json["code"]) == (409, "report_submitted")


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"outcome": "splendid"}, ("unknown_choice", "outcome")),
        ({"trl_end": 0}, ("not_a_level", "trl_end")),
        ({"summary": "ord " * 151}, ("too_many_words", "summary")),
    ],
)
def test_a_report_with_wrong_values_is_refused(
    client: FlaskClient, change: dict[str, Any], problem: tuple[str, str]
) -> None:
    with day_of_test() as planned:
        answer = client.put(
            f"{experiment_url(planned)}/report", headers=planned.bearer("researcher"), json=REPORT | change
        )

    assert (answer.status_code, problems(answer)) == (422, {problem})


def test_lessons_and_barriers_of_an_experiment_are_its_leads_and_of_a_mission_its_coordinators(
    client: FlaskClient,
) -> None:
    planned = make_planned()
    url, lead, own = mission_url(planned), planned.bearer("researcher"), {"experiment": planned.experiment.reference}
    barrier = {"title": "Skötselavtalet", "kind": "local_rule"}

    mine = client.post(f"{url}/lessons", headers=lead, json=LESSON | own)
    found = client.post(f"{url}/barriers", headers=lead, json=barrier | own)
    whole = client.post(f"{url}/lessons", headers=lead, json=LESSON)
    right = client.post(f"{url}/lessons", headers=planned.bearer("coordinator"), json=LESSON)
    of_one = client.get(f"{experiment_url(planned)}/lessons", headers=lead).json
    of_all = client.get(f"{url}/lessons", headers=planned.bearer("coordinator")).json
    in_way = client.get(f"{experiment_url(planned)}/barriers", headers=lead).json

    assert (mine.status_code, found.status_code, right.status_code, whole.status_code) == (201, 201, 201, 403)
    assert ([one["id"] for one in of_one], len(of_all)) == ([mine.json["id"]], 2)
    assert [one["title"] for one in in_way] == ["Skötselavtalet"]
    assert client.get(found.headers["Location"]).json["mission"] == planned.mission.reference


def test_nothing_is_entered_in_another_mission_by_way_of_ones_own_experiment(client: FlaskClient) -> None:
    planned = make_planned()
    other, mine = make_mission(planned.region), LESSON | {"experiment": planned.experiment.reference}

    answer = client.post(f"{V1}/missions/{other.reference}/lessons", headers=planned.bearer("researcher"), json=mine)

    assert (answer.status_code, answer.json["code"]) == (404, "not_found")


def test_what_is_missing_in_a_lesson_or_a_barrier_is_named(client: FlaskClient) -> None:
    planned = make_planned()
    url, coordinator = mission_url(planned), planned.bearer("coordinator")

    lesson = client.post(f"{url}/lessons", headers=coordinator, json=LESSON | {"tag": "luck", "learnt": " "})
    barrier = client.post(f"{url}/barriers", headers=coordinator, json={"title": "", "kind": "weather"})

    assert problems(lesson) == {("unknown_choice", "tag"), ("missing", "learnt")}
    assert problems(barrier) == {("missing", "title"), ("unknown_choice", "kind")}


def test_a_barrier_is_in_the_open_register_and_followed_by_the_coordinator(client: FlaskClient) -> None:
    planned = make_planned()
    coordinator = planned.bearer("coordinator")
    made = client.post(
        f"{mission_url(planned)}/barriers", headers=coordinator, json={"title": "Avtalet", "kind": "local_rule"}
    )
    url = made.headers["Location"]
    body = {"state": made.json["state"], "tried": "Samtal med gatuenheten."}

    register = client.get(f"{V1}/barriers").json
    foreign = client.put(url, headers=planned.bearer("village_admin") | seen(made), json=body)
    wrong = client.put(url, headers=coordinator | seen(made), json=body | {"state": "gone"})
    followed = client.put(url, headers=coordinator | seen(made), json=body)
    late = client.put(url, headers=coordinator | seen(made), json=body)
    nothing = client.put(f"{V1}/barriers/999999", headers=coordinator | seen(made), json=body)

    assert [one["title"] for one in register["items"]] == ["Avtalet"]
    assert (foreign.status_code, nothing.status_code) == (403, 404)
    assert problems(wrong) == {("unknown_choice", "state")}
    assert (followed.status_code, followed.json["tried"]) == (200, "Samtal med gatuenheten.")
    assert (late.status_code, late.json["code"]) == (409, "stale_version")


def test_open_data_have_a_licence_and_a_place_before_they_are_published(client: FlaskClient) -> None:
    planned = make_planned()
    other, decider = make_mission(planned.region), planned.bearer("decider")
    url, coordinator = f"{mission_url(planned)}/datasets", planned.bearer("coordinator")
    body = {"title": "Nivåer", "description": "En mätning i minuten."}

    bare = client.post(url, headers=coordinator, json=body | {"is_open": True})
    made = client.post(
        url, headers=coordinator, json=body | {"is_open": True, "licence": "CC0", "location": "https://example.se/d"}
    )
    publish = f"{url}/{made.json['id']}/publish"
    foreign = client.post(publish, headers=planned.bearer("village_admin") | seen(made), json={})
    elsewhere = client.post(
        f"{V1}/missions/{other.reference}/datasets/{made.json['id']}/publish", headers=decider | seen(made), json={}
    )
    public = client.post(publish, headers=coordinator | seen(made), json={"on": "2026-05-04"})
    late = client.post(publish, headers=coordinator | seen(made), json={})

    assert problems(bare) == {("missing", "licence"), ("missing", "location")}
    assert (made.status_code, foreign.status_code, elsewhere.status_code) == (201, 403, 404)
    assert (public.status_code, public.json["published_on"]) == (200, "2026-05-04")
    assert (late.status_code, late.json["code"]) == (409, "stale_version")


def test_the_story_is_the_coordinators_and_nobodys_text_is_overwritten(client: FlaskClient) -> None:
    planned = make_planned()
    url, coordinator = f"{mission_url(planned)}/story", planned.bearer("coordinator")

    unwritten = client.get(url, headers=coordinator)
    foreign = client.put(url, headers=planned.bearer("village_admin"), json=STORY)
    first = client.put(url, headers=coordinator, json=STORY | {"certainty": "medium"})
    unsaid = client.put(url, headers=coordinator, json=STORY)
    second = client.put(url, headers=coordinator | seen(client.get(url, headers=coordinator)), json=STORY)
    stale = client.put(url, headers=coordinator | seen(first), json=STORY)
    wrong = client.put(url, headers=coordinator | seen(second), json=STORY | {"certainty": "total"})

    assert (unwritten.status_code, foreign.status_code) == (404, 403)
    assert (first.status_code, first.json["certainty"], second.json["certainty"]) == (200, "medium", "low")
    assert (unsaid.status_code, stale.status_code, stale.json["code"]) == (428, 409, "stale_version")
    assert problems(wrong) == {("wrong_shape", "certainty")}


def test_a_party_states_its_view_in_a_role_that_it_has(client: FlaskClient) -> None:
    planned = make_planned()
    url, village = f"{mission_url(planned)}/statements", planned.region.village.slug
    own = {
        "organisation": village,
        "partner_role": "user_rep",
        "text": "Vi ser att gatan är torrare och vill fortsätta.",
    }

    right = client.post(url, headers=planned.bearer("village_admin"), json=own)
    short = client.post(url, headers=planned.bearer("village_admin"), json=own | {"text": "Bra."})
    role = client.post(url, headers=planned.bearer("village_admin"), json=own | {"partner_role": "problem_owner"})
    foreign = client.post(url, headers=planned.bearer("company_admin"), json=own)
    stranger = client.post(url, headers=bearer(make_user()), json=own)
    told = client.get(f"{mission_url(planned)}/evaluation", headers=planned.bearer("coordinator")).json["statements"]

    assert (right.status_code, right.json["organisation"]) == (201, village)
    assert (short.status_code, problems(short)) == (422, {("too_short", "text")})
    assert (role.status_code, role.json["code"]) == (403, "not_in_partnership")
    assert (foreign.status_code, stranger.status_code) == (403, 403)
    assert [one["partner_role"] for one in told] == ["user_rep"]


def test_a_change_in_the_system_is_noted_with_what_shows_it(client: FlaskClient) -> None:
    planned = make_planned()
    url, coordinator = f"{mission_url(planned)}/system-changes", planned.bearer("coordinator")
    body = {"kind": "network", "text": "Avtalet nämner växtbäddar.", "evidence": "", "noticed_on": "2026-05-04"}

    bare = client.post(url, headers=coordinator, json=body | {"kind": "mood"})
    foreign = client.post(url, headers=planned.bearer("village_admin"), json=body | {"evidence": "Avtalet"})
    right = client.post(url, headers=coordinator, json=body | {"evidence": "Avtalet"})
    told = client.get(f"{mission_url(planned)}/evaluation", headers=coordinator).json["changes"]

    assert problems(bare) == {("missing", "evidence"), ("unknown_choice", "kind")}
    assert (foreign.status_code, right.status_code) == (403, 201)
    assert told == [right.json]


def test_the_evaluation_is_for_those_with_a_part_in_the_mission(client: FlaskClient) -> None:
    planned = make_planned()
    url = f"{mission_url(planned)}/evaluation"

    part = client.get(url, headers=planned.bearer("coordinator"))
    stranger = client.get(url, headers=bearer(make_user()))
    nothing = client.get(f"{V1}/missions/M-none/evaluation", headers=planned.bearer("coordinator"))

    assert (part.status_code, part.json["story"], len(part.json["indicators"])) == (200, None, 1)
    assert (stranger.status_code, nothing.status_code) == (403, 404)


def test_the_closing_report_belongs_to_the_last_stage(client: FlaskClient) -> None:
    planned = make_planned()
    url, body = f"{mission_url(planned)}/closing-report", {"text": "Vad vi lärde oss. " * 20, "authority": "Delegation"}

    early = client.post(url, headers=planned.bearer("coordinator"), json=body)
    foreign = client.post(url, headers=planned.bearer("village_admin"), json=body)

    assert (early.status_code, early.json["code"]) == (409, "not_evaluating")
    assert foreign.status_code == 403
