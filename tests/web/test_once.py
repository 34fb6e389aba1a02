"""A form sent twice does its work once."""

import re
from typing import Any

from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from missions_app import clock
from missions_app.evaluation import queries
from missions_app.idempotency import key_service
from missions_app.idempotency.models import IdempotencyKey
from missions_app.indicators.queries import indicators_of
from tests.factories.accounts import sign_in
from tests.factories.experiments import Planned, make_planned


def opened(client: FlaskClient, case: Planned) -> tuple[str, dict[str, Any]]:
    """The form for a barrier, filled in as it is shown."""
    url = f"/experiments/{case.experiment.reference}/barriers/new"
    page = sign_in(client, case.region.people["researcher"]).get(url).text
    mark = re.search(r'name="once" value="([\w-]{20,})"', page)
    assert mark is not None
    return url, {"once": mark.group(1), "title": "Strandskyddet prövas varje gång", "kind": "local_rule"}


def barriers(case: Planned) -> list[str]:
    return [one.title for one in queries.barriers_of(case.mission.id)]


def test_a_form_sent_twice_is_taken_in_once_and_leads_to_the_same_place(client: FlaskClient, session: Session) -> None:
    case = make_planned()
    url, form = opened(client, case)

    first, second = client.post(url, data=form), client.post(url, data=form)

    assert first.status_code == second.status_code == 303
    assert first.headers["Location"] == second.headers["Location"]
    assert barriers(case) == ["Strandskyddet prövas varje gång"]


def test_the_same_page_with_other_content_and_a_page_opened_anew_are_taken_in(
    client: FlaskClient, session: Session
) -> None:
    case = make_planned()
    url, form = opened(client, case)
    client.post(url, data=form)

    client.post(url, data=form | {"title": "Bygglov krävs för en boj"})
    client.post(url, data=opened(client, case)[1])

    assert len(barriers(case)) == 3


def test_what_was_refused_is_mended_and_sent_with_the_same_mark(client: FlaskClient, session: Session) -> None:
    case = make_planned()
    url, form = opened(client, case)

    refused = client.post(url, data=form | {"title": " "})
    assert f'name="once" value="{form["once"]}"' in refused.text
    client.post(url, data=form)

    assert barriers(case) == [form["title"]]


def test_while_the_first_is_worked_on_the_second_does_nothing_and_says_so(
    client: FlaskClient, session: Session
) -> None:
    case = make_planned()
    url, form = opened(client, case)
    client.post(url, data=form)
    waiting = session.query(IdempotencyKey).one()
    waiting.status = None
    session.flush()

    again = client.post(url, data=form, follow_redirects=True)

    assert "Det sparas just nu." in again.text
    assert len(barriers(case)) == 1
    with clock.fixed(clock.now() + key_service.KEPT * 2):
        key_service.forget_old({})
    assert session.query(IdempotencyKey).count() == 0


def test_an_own_indicator_sent_twice_is_followed_once(client: FlaskClient, session: Session) -> None:
    case = make_planned()
    url = f"/missions/{case.mission.reference}/indicators/new"
    page = sign_in(client, case.region.people["coordinator"])
    form = {"once": "x" * 22, "library_key": "", "label": "pH", "unit": "pH", "level": "outcome", "direction": "up",
            "baseline_kind": "before_test", "frequency": "", "split_by": ""}  # fmt: skip

    assert [page.post(url, data=form).status_code for _time in range(2)] == [303, 303]
    assert [one.label_sv for one in indicators_of(case.mission.journey)].count("pH") == 1


def test_words_that_fit_any_field_name_theirs_in_the_summary(client: FlaskClient, session: Session) -> None:
    case = make_planned()
    url, form = opened(client, case)

    shown = client.post(url, data=form | {"title": "x" * 5000, "kind": "no_such"}).text

    rows = re.findall(r'<li><a class="ds-link" href="#(?:title|kind)">([^<]*)</a>', shown)
    assert [row.partition(":")[0] for row in rows] == ["Hindret med några ord", "Slag"]
