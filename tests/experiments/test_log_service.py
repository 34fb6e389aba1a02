"""The log of a test: written while it runs, with deviations and pictures, never changed."""

from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from missions_app import clock
from missions_app.audit.models import AuditEvent
from missions_app.documents import deletion_service, picture_service
from missions_app.documents.errors import WrongContent
from missions_app.documents.models import StoredFile
from missions_app.errors import InvalidInput, NotAllowed, NotFound
from missions_app.experiments import log_service
from missions_app.experiments.errors import TestNotBegun
from tests.factories.accounts import make_actor, sign_in
from tests.factories.evaluation import day_of_test
from tests.factories.experiments import make_planned
from tests.factories.pictures import make_png


def test_there_is_no_log_of_a_test_that_is_being_planned(session: Session) -> None:
    case = make_planned()
    if case.experiment.journey.state == "planning":
        with pytest.raises(TestNotBegun):
            log_service.note(case.experiment, text="Regn.", by=case.region.actor("researcher"))


def test_notes_deviations_and_pictures(session: Session) -> None:
    with day_of_test() as case:
        lead = case.region.actor("researcher")
        if case.experiment.journey.state == "planning":
            case.experiment.journey.state = "test"
        begun = clock.now()
        wrong = [
            ({"text": " "}, "text"), ({"text": "x", "happened_at": begun + timedelta(hours=1)}, "happened_at"),
            ({"text": "x", "photo": make_png()}, "photo_text"),
        ]  # fmt: skip
        for given, field in wrong:
            with pytest.raises(InvalidInput) as refused:
                log_service.note(case.experiment, by=lead, **given)  # type: ignore[arg-type]
            assert [one.field for one in refused.value.problems] == [field]
        with pytest.raises(WrongContent):
            log_service.note(case.experiment, text="x", photo=b"%PDF-1.7", photo_text="En pdf", by=lead)
        with pytest.raises(NotAllowed):
            log_service.note(case.experiment, text="x", by=make_actor())

        log_service.note(
            case.experiment, text="Pumpen stannade.", is_deviation=True, photo=make_png(), photo_text="Pumpen", by=lead
        )
        log_service.note(case.experiment, text="Vattnet släpptes på.", happened_at=begun - timedelta(hours=1), by=lead)

        log = log_service.log_of(case.experiment)
        assert [(one.text, one.is_deviation) for one in log] == [
            ("Pumpen stannade.", True), ("Vattnet släpptes på.", False),
        ]  # fmt: skip
        assert picture_service.read(log[0].photo) == (make_png(), "image/png")


def test_whoever_put_a_picture_in_the_log_takes_it_away_and_the_file_goes_when_nothing_else_has_it(
    client: FlaskClient, session: Session
) -> None:
    with day_of_test() as case:
        if case.experiment.journey.state == "planning":
            case.experiment.journey.state = "test"
        lead, page = case.region.actor("researcher"), f"/experiments/{case.experiment.reference}"
        first, second = (
            log_service.note(case.experiment, text=text, photo=make_png(), photo_text="Pumpen", by=lead)
            for text in ("Pumpen stannade.", "Pumpen stod still.")
        )
        assert first.photo is not None
        sha256 = first.photo.sha256
        with pytest.raises(NotAllowed):
            log_service.remove_photo(first, by=make_actor())

        sign_in(client, case.region.people["researcher"]).post(f"{page}/log/{first.id}/photo/remove")
        log_service.remove_photo(second, by=lead)
        with pytest.raises(NotFound):
            log_service.remove_photo(second, by=lead)

        shown = client.get(page).text
        assert "Pumpen stannade." in shown and "En bild togs bort" in shown
        assert client.get(f"{page}/log/{first.id}/photo").status_code == 404
        kept = session.scalars(select(AuditEvent.data).where(AuditEvent.action == "experiment.photo_removed")).all()
        assert [one["entry"] for one in kept] == [first.id, second.id]
        deletion_service.forget_file({"sha256": sha256})
        assert session.scalars(select(StoredFile).where(StoredFile.sha256 == sha256)).all() == []


def test_a_day_without_its_time_is_asked_for_and_never_passed_over(client: FlaskClient, session: Session) -> None:
    with day_of_test() as case:
        case.experiment.journey.state = "test"
        page = sign_in(client, case.region.people["researcher"])
        url, yesterday = f"/experiments/{case.experiment.reference}/log/new", clock.today() - timedelta(days=1)

        for given, lacking in (({"day": yesterday.isoformat()}, "at"), ({"at": "08.00"}, "day")):
            shown = page.post(url, data={"text": "Regn.", **given}).text
            assert f'href="#{lacking}">Ange både dag och tid, eller ingetdera.' in shown
        page.post(url, data={"text": "Regn.", "day": yesterday.isoformat(), "at": "08.00"})

        assert [clock.day_of(one.happened_at) for one in log_service.log_of(case.experiment)] == [yesterday]
