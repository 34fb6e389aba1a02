"""Parties and ties that come when an assessment is in: the person is removed everywhere, the score no longer counts,
and the record says so."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from missions_app import clock, db
from missions_app.accounts.actor import SYSTEM, mission_scope, organisation_scope
from missions_app.accounts.models import User
from missions_app.assessments import facts, profile_service, queries, question_service, recheck_service, results
from missions_app.assessments.models import Assignment, AssignmentState
from missions_app.audit import trail
from missions_app.audit.models import AuditEvent
from missions_app.bookings.models import Booking, Line, LineState
from missions_app.errors import NotFound
from missions_app.missions.models import Mission
from missions_app.organisations.models import Organisation
from missions_app.partnerships import partner_service
from missions_app.partnerships.models import PartnerState
from missions_app.workflow.subjects import Facts
from tests.factories.accounts import actor_of, grant_role, make_user
from tests.factories.assessments import all_scores, clear, submit
from tests.factories.experiments import Planned, make_planned
from tests.factories.organisations import make_member, make_organisation
from tests.factories.outbox import queued_mail, work
from tests.journeys import region as story

RUBRIC = "evaluation"


def joins(case: Planned, organisation: Organisation) -> None:
    """An organisation becomes a partner when the assessments are in."""
    with db.transaction():
        partner_service.join(
            partner_service.enter(case.mission, organisation, ["solution_provider"], PartnerState.INVITED),
            ["solution_provider"],
        )
        trail.record("partner.committed", case.mission, by=SYSTEM, organisation=organisation.slug)


def owns_the_site(case: Planned, organisation: Organisation) -> None:
    """An experiment books a site that the organisation owns."""
    resource = story.make_street(case.region)
    with db.transaction():
        resource.site.owner = organisation
    with db.transaction() as added:
        booking = Booking(
            reference="B-1", mission_id=case.mission.id, experiment=case.experiment, created_at=clock.now(),
            organisation=case.region.university, requested_by=case.region.people["researcher"],
        )  # fmt: skip
        use = {"starts_at": clock.now() + timedelta(days=9), "ends_at": clock.now() + timedelta(days=9, hours=2)}
        booking.lines.append(Line(resource=resource, state=LineState.SUBMITTED, **use))
        added.add(booking)
        added.flush()
        trail.record("booking.submitted", booking, by=SYSTEM)


def reviewed(case: Planned, assessor: User) -> tuple[Assignment, Assignment]:
    case.mission.journey.state = "evaluation"
    one, other = clear(case.mission, assessor, rubric=RUBRIC), clear(case.mission, rubric=RUBRIC)
    for assignment in (one, other):
        submit(assignment, case.mission, all_scores(case.mission, 3, rubric=RUBRIC))
    assert results.may_read(actor_of(assessor), case.mission, one.panel)
    return one, other


def assert_removed(session: Session, mission: Mission, one: Assignment, other: Assignment, code: str) -> None:
    """The four things that have to hold for somebody who turned out to be too close."""
    session.expire_all()
    assessor = actor_of(one.assessor)
    assert (one.state, other.state) == (AssignmentState.CONFLICTED, AssignmentState.SUBMITTED)
    assert ("assessor", mission_scope(mission.id)) not in assessor.grants
    assert not results.may_read(assessor, mission, one.panel)
    assert not question_service.can_read(assessor, mission, one.panel)
    with pytest.raises(NotFound):
        results.result_for(assessor, mission, one.panel)
    assert queries.assignments_of(assessor) == []
    counted = [row for row in Facts(facts.evaluation_facts(mission))["evaluations"] if row["scores"]]
    assert one.assessor.opaque_id not in [row["assessor"] for row in counted]
    assert not queries.is_complete(one.panel)
    noted = session.scalars(select(AuditEvent).where(AuditEvent.action == "assessor.conflicted")).all()
    assert [row.data["found"][0]["code"] for row in noted if row.subject_id == one.id] == [code]
    assert queued_mail("assessor_conflicted")["data"]["reference"] == mission.reference


def test_a_partner_that_joins_after_the_review(session: Session) -> None:
    case, organisation = make_planned(), make_organisation("Granskaren AB")
    one, other = reviewed(case, make_member(organisation))
    joins(case, organisation)
    assert not results.may_read(actor_of(one.assessor), case.mission, one.panel)  # at once, before the worker has come
    assert work(recheck_service.RECHECK) >= 1
    assert_removed(session, case.mission, one, other, "own_organisation")


def test_the_owner_of_a_site_that_the_mission_books(session: Session) -> None:
    case, organisation = make_planned(), make_organisation("Markägaren AB")
    one, other = reviewed(case, make_member(organisation))
    owns_the_site(case, organisation)
    work(recheck_service.RECHECK)
    assert_removed(session, case.mission, one, other, "own_organisation")


def test_a_partner_of_the_same_group_of_owners(session: Session) -> None:
    case, group = make_planned(), make_organisation("Koncernen AB")
    mine, sister = make_organisation("Mitt bolag AB", owner=group), make_organisation("Systerbolaget AB", owner=group)
    one, other = reviewed(case, make_member(mine))
    joins(case, sister)
    work(recheck_service.RECHECK)
    assert_removed(session, case.mission, one, other, "owner_group")


def test_a_past_employer_that_is_told_of_late(session: Session) -> None:
    case, assessor = make_planned(), make_user()
    one, other = reviewed(case, assessor)
    profile_service.add_former_employment(assessor, case.region.university, clock.today(), by=SYSTEM)
    work(recheck_service.RECHECK)
    assert_removed(session, case.mission, one, other, "former_employer")


def test_an_employment_that_begins_after_the_review(session: Session) -> None:
    case, assessor = make_planned(), make_user()
    one, other = reviewed(case, assessor)
    grant_role(assessor, "member", organisation_scope(case.region.university.id))
    recheck_service.sweep({})
    assert_removed(session, case.mission, one, other, "own_organisation")


def test_whoever_is_tied_to_nobody_stays(session: Session) -> None:
    case = make_planned()
    one, other = reviewed(case, make_user())
    joins(case, make_organisation("En ny part AB"))
    work(recheck_service.RECHECK)
    recheck_service.sweep({})
    assert (one.state, other.state) == (AssignmentState.SUBMITTED, AssignmentState.SUBMITTED)
