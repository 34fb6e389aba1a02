"""The closing report: written, signed for the coordinator, and published for everybody."""

from missions_app import clock, db
from missions_app.accounts.actor import Actor
from missions_app.accounts.policy import permit
from missions_app.audit import trail
from missions_app.documents import document_service
from missions_app.documents.document_service import organisation_party
from missions_app.documents.models import Document, Visibility
from missions_app.errors import InvalidInput, Problem
from missions_app.evaluation import policy
from missions_app.evaluation.errors import NotEvaluating
from missions_app.i18n import N_
from missions_app.missions.models import Mission
from missions_app.workflow.method_service import method_of

STAGE = "scaling"
LEAST = 200


def publish_closing_report(mission: Mission, *, text: str, authority: str, by: Actor) -> Document:
    """Write and publish the closing report, signed for the coordinating organisation.

    Raises:
        NotAllowed, NotEvaluating (the mission is not in its last stage), InvalidInput.
    """
    permit(policy.can_evaluate, by, mission)
    with db.transaction() as session:
        if method_of(mission.journey.method_version).stage_of("mission", mission.journey.state).id != STAGE:
            raise NotEvaluating()
        problems = []
        if len(text.strip()) < LEAST:
            problems.append(Problem("too_short", N_("Write at least %(least)d characters."), "text", {"least": LEAST}))
        if mission.coordinator_id is None:
            problems.append(Problem("no_coordinator", N_("Appoint a coordinator first."), None))
        if problems or mission.coordinator_id is None:
            raise InvalidInput.of(problems)
        document = document_service.register_written(
            kind="closing_report", title=mission.title, journey=mission.journey, text=text.strip(), by=by,
            visibility=Visibility.PUBLIC,
        )  # fmt: skip
        document.published_on = clock.today()
        session.flush()
        document_service.sign(
            document, party=organisation_party(mission.coordinator_id), by=by, authority=authority,
            checksum=document.checksum,
        )  # fmt: skip
        trail.record("mission.closing_report_published", mission, by=by, document=document.id)
        return document
