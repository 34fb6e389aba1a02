"""What was weighed of personal data, cameras and ethics: once for the experiment, or by a booking that differs."""

from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from missions_app import clock
from missions_app.bookings import booking_service
from missions_app.bookings.content import BookingContent
from missions_app.bookings.intervals import Interval
from missions_app.experiments import experiment_service
from missions_app.experiments.rules import Plan
from missions_app.workflow import gate_queries
from missions_app.workflow.engine import Standing
from tests.factories.bookings import SMALL
from tests.factories.experiments import make_planned
from tests.journeys import people
from tests.journeys import region as story

SENT: dict[str, Any] = SMALL | {
    "weather_limits": "Ingen frost", "insurance_reference": "K-1", "insurance_valid_to": date(2099, 12, 31)
}  # fmt: skip
WEIGHED = {"personal_data_assessment": "Inga", "camera_assessment": "Ingen", "ethics_assessment": "Ingen berörs"}


def test_the_experiments_own_words_stand_until_a_booking_says_otherwise(session: Session) -> None:
    with clock.fixed(people.day(0)):
        planned = make_planned()
        experiment, lead = planned.experiment, planned.region.actor("researcher")

        def standing() -> tuple[Standing, object]:
            found = gate_queries.standing(experiment, "g3")
            (one,) = [status for status in found.criteria if status.criterion.id == "g3.privacy"]
            return one.standing, found.facts["camera_assessment"]

        def book(number: int, **content: str) -> None:
            said = SENT | {"reserve_dates": (story.at(70 + number, 8).date().isoformat(),)} | content
            booking = booking_service.request_booking(
                resource=street, use=Interval(story.at(60 + number, 8), story.at(60 + number, 16)),
                organisation=planned.region.university, content=BookingContent(**said), by=lead,
                requested_by=planned.region.people["researcher"], experiment=experiment,
            )  # fmt: skip
            assert booking.camera_assessment == content.get("camera_assessment", "")

        street = story.make_street(planned.region)
        assert standing() == (Standing.NOT_MET, "")
        experiment_service.edit_plan(
            experiment, Plan(title="Växtbädd", risks="Halka: sand.", **WEIGHED), by=lead,
            expected_version=experiment.version,
        )  # fmt: skip
        assert (experiment.risks, standing()) == ("Halka: sand.", (Standing.MET, "Ingen"))
        book(1)
        book(2)
        assert standing() == (Standing.MET, "Ingen")
        book(3, camera_assessment="En, mot marken")
        assert standing() == (Standing.MET, "Ingen; En, mot marken")
