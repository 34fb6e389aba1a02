"""One mission goes the whole way: each step by the person whose step it is, each checkpoint on real records."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from missions_app import clock
from missions_app.audit.models import AuditEvent
from missions_app.evaluation import queries as evaluation
from missions_app.outbox.mail import MAIL, Mail
from missions_app.outbox.models import Job
from missions_app.outbox.rendering import renderer
from missions_app.partnerships import partner_service
from missions_app.partnerships import queries as partnership_queries
from missions_app.workflow import gate_queries
from missions_app.workflow.engine import Standing
from tests.journeys import people
from tests.journeys import region as story
from tests.journeys.way import walked


def test_a_mission_goes_from_draft_to_closed(session: Session) -> None:
    region, mission = walked("scale_up")
    with clock.fixed(people.day(150)):
        story.close(region, mission)

    assert mission.journey.state == "closed"
    actions = set(session.scalars(select(AuditEvent.action)))
    assert actions >= story.WHOLE_WAY


def test_every_mail_of_the_way_can_be_read_in_both_languages(session: Session) -> None:
    walked("iterate")
    render = renderer("https://missions.example", "Region Blekinge")
    mails = [job.payload for job in session.scalars(select(Job).where(Job.kind == MAIL))]

    written = {}
    for mail in mails:
        for locale in ("sv", "en"):
            subject, text, _attachments = render(Mail(mail["to"], mail["template"], locale, mail["data"]))
            written[mail["template"], locale] = bool(subject.strip() and text.strip())

    templates = {mail["template"] for mail in mails}
    assert {"challenge_submitted", "partner_invited", "agreement_to_sign", "booking_confirmed"} <= templates
    assert all(written[template, locale] for template in templates for locale in ("sv", "en"))


def test_a_test_that_missed_its_target_passes_like_any_other(session: Session) -> None:
    _region, mission = walked("iterate")

    assert mission.journey.state == "testing"
    assert [one.title for one in evaluation.barriers_of(mission.id)] == [
        "Gatans skötselavtal räknar inte med växtbäddar"
    ]


def test_a_passed_checkpoint_turns_stale_when_a_partner_leaves(session: Session) -> None:
    with clock.fixed(people.day(0)):
        region = people.make_region()
        challenge = story.write_challenge(region)
    with clock.fixed(people.day(20)):
        mission = story.adopt(region, challenge)
    with clock.fixed(people.day(60)):
        story.form_partnership(region, mission)
        partner = partnership_queries.find_partner(mission, region.village)
        assert partner is not None
        partner_service.leave(
            partner, reason="Vi hinner inte längre med det här.", by=region.actor("village_admin"),
            expected_version=partner.version,
        )  # fmt: skip
        standing = gate_queries.standing(mission, "g2")

    stale = {one.criterion.id for one in standing.criteria if one.standing is Standing.STALE}
    assert {"g2.users", "g2.roles", "g2.independent"} <= stale
